// GOV.UK components on every page; the chart reader only where there is a chart.
import { initAll } from "govuk-frontend";

initAll();

if (document.querySelector("[data-chart]")) {
  import("./chart.js").then(({ showCharts }) => showCharts(document));
}
