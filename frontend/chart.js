// Replaces a drawn chart by one that answers to the pointer. Without this script the drawn one and its table stay.
// The strict content security policy forbids `eval`: expressions are interpreted, and no styles are injected.
import { View, parse } from "vega";
import { expressionInterpreter } from "vega-interpreter";

const VEGA_LITE = /vega-lite/;

async function compiled(spec, room, font, told) {
  if (!VEGA_LITE.test(spec.$schema ?? "")) return spec;
  const { compile } = await import("vega-lite");
  return compile(fitted(spec, room, font, told)).spec;
}

// The page says the title, in its caption or (told) in the heading above; then what is measured stays with the chart. The page's
// own font is used, and a chart is never wider than its place.
function fitted(spec, room, font, told) {
  const { title: said, ...rest } = spec;
  const config = { ...rest.config, font };
  if (told && said?.subtitle) rest.title = { ...said, text: "", offset: 8 };
  if (typeof rest.width !== "number" || rest.width <= room) return { ...rest, config };
  return { ...rest, config, width: room, autosize: { type: "fit-x", contains: "padding" } };
}

async function showChart(figure) {
  const picture = figure.querySelector(".app-figure__picture");
  const words = figure.dataset.words;
  const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const stage = document.createElement("div");
  const view = new View(parse(await compiled(spec, picture.clientWidth, getComputedStyle(figure.querySelector("figcaption span")).fontFamily, "told" in figure.dataset), null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: stage,
    hover: true,
    logLevel: 1,
    tooltip: (_handler, event, item, value) => tell(stage, event, value),
  });
  await view.runAsync();
  stage.setAttribute("role", "img"); // after Vega has set its own
  stage.setAttribute("aria-label", words);
  picture.replaceChildren(stage);
  wide.observe(picture);
  figure.dataset.chartReady = "true";
  if (!("told" in figure.dataset)) figure.querySelector(".app-figure__caption")?.classList.remove("govuk-visually-hidden");
}

// A chart that has become wider than its place (a narrowed window) can be scrolled with the keyboard too.
const wide = new ResizeObserver((places) => {
  for (const { target } of places) target.toggleAttribute("tabindex", false);
  for (const { target } of places) if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
});

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
