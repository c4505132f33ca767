// Replaces a drawn chart by one that answers to the pointer. Without this script the drawn one and its table stay.
// The strict content security policy forbids `eval`: expressions are interpreted, and no styles are injected.
import { View, parse } from "vega";
import { expressionInterpreter } from "vega-interpreter";

const VEGA_LITE = /vega-lite/;

async function compiled(spec) {
  if (!VEGA_LITE.test(spec.$schema ?? "")) return spec;
  const { compile } = await import("vega-lite");
  return compile(spec).spec;
}

async function showChart(figure) {
  const picture = figure.querySelector(".app-figure__picture");
  const words = figure.querySelector("img")?.alt ?? "";
  const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const stage = document.createElement("div");
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", words);
  const view = new View(parse(await compiled(spec), null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: stage,
    hover: true,
    logLevel: 1,
    tooltip: (_handler, event, item, value) => tell(stage, event, value),
  });
  await view.runAsync();
  picture.replaceChildren(stage);
  figure.dataset.chartReady = "true";
}

// The browser's own tooltip: an SVG <title> on the mark under the pointer.
function tell(stage, event, value) {
  stage.querySelectorAll("title.app-tip").forEach((old) => old.remove());
  const mark = event.target;
  if (value === null || value === undefined || value === "" || !(mark instanceof SVGElement)) return;
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.setAttribute("class", "app-tip");
  title.textContent = typeof value === "object" ? Object.entries(value).map(([key, text]) => `${key}: ${text}`).join("\n") : String(value);
  mark.appendChild(title);
}

export function showCharts(root) {
  for (const figure of root.querySelectorAll("[data-chart]")) {
    showChart(figure).catch((problem) => console.error("The drawn chart stays:", problem));
  }
}
