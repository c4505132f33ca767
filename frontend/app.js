// GOV.UK components on every page; the chart reader only where there is a chart.
import { initAll } from "govuk-frontend";
import { renew } from "./renew.js";

initAll();
renew(document.querySelector("[data-renew]"));

if (document.querySelector("[data-chart]")) {
  import("./chart.js").then(({ showCharts }) => showCharts(document));
}
