// The interactive map: our own outlines only, a month slider, and the list beside it in step. Loaded on request; until
// then, and without scripts, the drawn map and its list say the same.
const LAND = "#f3f2f1";
const LISTED = 40;
const number = new Intl.NumberFormat("en-GB");

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function colourOf(count, edges, colours) {
  if (!count) return LAND;
  const shades = { 1: [2], 2: [0, 2], 3: [0, 1, 2] }[edges.length];
  const found = edges.findIndex((edge) => count <= edge);
  return colours[shades[found < 0 ? edges.length - 1 : found]];
}

// All months together have classes of their own: a year's total is not comparable with one month's.
function edgesOf(values) {
  const positive = values.filter((value) => value > 0).sort((a, b) => a - b);
  if (!positive.length) return [];
  const cuts = positive.length > 2 ? [1 / 3, 2 / 3].map((share) => positive[Math.round(positive.length * share) - 1]) : [];
  return [...new Set([...cuts, positive.at(-1)])].sort((a, b) => a - b);
}

class Explorer {
  constructor(data, stage, list, key) {
    Object.assign(this, { data, stage, list, key });
    this.month = 0; // 0 is every month together, then one a month
    this.chosen = null;
    this.totals = data.areas.map((area) => area.counts.reduce((sum, count) => sum + count, 0));
    this.totalEdges = edgesOf(this.totals);
  }

  count(index) {
    return this.month === 0 ? this.totals[index] : this.data.areas[index].counts[this.month - 1];
  }

  get edges() {
    return this.month === 0 ? this.totalEdges : this.data.edges;
  }

  get period() {
    const { months } = this.data;
    if (this.month > 0) return months[this.month - 1];
    return months.length > 1 ? `${months[0]} to ${months.at(-1)}` : months[0];
  }

  async open() {
    this.buildControls();
    const lib = await import(this.data.lib);
    lib.setWorkerUrl(this.data.worker); // without it the unhashed worker would be fetched
    this.map = new lib.Map({
      container: this.box,
      style: { version: 8, sources: {}, layers: [{ id: "page", type: "background", paint: { "background-color": "#ffffff" } }] },
      bounds: this.data.bounds,
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      cooperativeGestures: false,
      fadeDuration: 0,
    });
    this.map.addControl(new lib.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new lib.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
    const canvas = this.map.getCanvas();
    canvas.setAttribute("aria-label", "Map of the areas. Arrow keys move it, plus and minus zoom. The list has the same numbers.");
    await new Promise((resolve) => this.map.once("load", resolve));
    this.addAreas();
    if (this.data.labels) this.addNames(lib);
    this.show(0);
    this.map.once("idle", () => (this.stage.dataset.ready = "true"));
  }

  addAreas() {
    const { map } = this;
    map.addSource("areas", { type: "geojson", data: this.data.outlines });
    const fill = ["coalesce", ["feature-state", "colour"], LAND];
    map.addLayer({ id: "fill", type: "fill", source: "areas", paint: { "fill-color": fill, "fill-opacity": 0.92 } });
    map.addLayer({ id: "edge", type: "line", source: "areas", paint: { "line-color": "#ffffff", "line-width": 1 } });
    const chosen = ["case", ["boolean", ["feature-state", "chosen"], false], 4, 0];
    map.addLayer({ id: "chosen", type: "line", source: "areas", paint: { "line-color": "#0b0c0c", "line-width": chosen } });
    map.on("click", "fill", (event) => this.choose(event.features[0].id, false));
    map.on("mousemove", "fill", (event) => this.tell(event.features[0].id));
    map.on("mouseleave", "fill", () => this.tell(this.chosen));
  }

  // Names are page text over the map (our own font, read by nobody twice: the list has them).
  addNames(lib) {
    const largest = this.data.areas.filter((area) => area.at).slice(0, 40);
    const markers = largest.map((area) => {
      const name = element("span", { className: "app-map__name", textContent: area.name, ariaHidden: "true" });
      return new lib.Marker({ element: name, opacityWhenCovered: "1" }).setLngLat(area.at).addTo(this.map);
    });
    const hideOverlaps = () => {
      const kept = [];
      for (const marker of markers) {
        const name = marker.getElement();
        name.hidden = false;
        const box = name.getBoundingClientRect();
        const covered = kept.some((one) => one.left < box.right && box.left < one.right && one.top < box.bottom && box.top < one.bottom);
        name.hidden = covered;
        if (!covered) kept.push(box);
      }
    };
    this.map.on("moveend", hideOverlaps);
    hideOverlaps();
  }

  buildControls() {
    const { months } = this.data;
    this.box = element("div", { className: "app-map__stage" });
    this.status = element("p", { className: "govuk-body app-map__status", role: "status" });
    this.slider = element("input", { type: "range", id: "map-month", className: "app-map__slider", min: 0, max: months.length, step: 1, value: 0 });
    this.label = element("label", { className: "govuk-label", htmlFor: "map-month" });
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    const step = (by, words) => {
      const button = element("button", { type: "button", className: "govuk-button govuk-button--secondary", textContent: words });
      button.addEventListener("click", () => this.show(Math.min(months.length, Math.max(0, this.month + by))));
      return button;
    };
    const slide = element("div", { className: "app-map__slide" }, step(-1, "Earlier"), this.slider, step(1, "Later"));
    const controls = element("div", { className: "app-map__controls" }, this.label, slide);
    this.stage.replaceChildren(controls, this.box, this.status);
  }

  show(month) {
    this.month = month;
    this.slider.value = month;
    const words = month === 0 ? `All months, ${this.period}` : this.period;
    this.label.textContent = `Month: ${words}`;
    this.slider.setAttribute("aria-valuetext", words);
    this.paint();
    this.writeKey();
    this.writeList();
    this.tell(this.chosen);
  }

  paint() {
    this.data.areas.forEach((area, index) => {
      if (!area.at) return;
      const state = { colour: colourOf(this.count(index), this.edges, this.data.colours), chosen: area.id === this.chosen };
      this.map.setFeatureState({ source: "areas", id: area.id }, state);
    });
  }

  writeKey() {
    let low = 0;
    const rows = this.edges.map((edge) => {
      const words = low + 1 >= edge ? number.format(edge) : `${number.format(low + 1)} to ${number.format(edge)}`;
      const shade = this.data.colours.indexOf(colourOf(edge, this.edges, this.data.colours)) + 1;
      low = edge;
      return element("li", {}, element("span", { className: `app-map__swatch app-map__swatch--${shade}` }), words);
    });
    const none = element("li", {}, element("span", { className: "app-map__swatch app-map__swatch--0" }), "None recorded");
    this.key.replaceChildren(none, ...rows);
  }

  writeList() {
    const order = this.data.areas.map((_, index) => index).sort((a, b) => this.count(b) - this.count(a));
    const rows = order.slice(0, LISTED).map((index) => this.row(this.data.areas[index], this.count(index)));
    const head = element("tr", { className: "govuk-table__row" },
      element("th", { scope: "col", className: "govuk-table__header", textContent: "Place" }),
      element("th", { scope: "col", className: "govuk-table__header govuk-table__header--numeric", textContent: "Recorded" }));
    const table = element("table", { className: "govuk-table" },
      element("caption", { className: "govuk-table__caption govuk-table__caption--m", textContent: this.period }),
      element("thead", { className: "govuk-table__head" }, head),
      element("tbody", { className: "govuk-table__body" }, ...rows));
    const focused = document.activeElement?.dataset?.area;
    this.list.replaceChildren(table);
    if (focused) this.list.querySelector(`[data-area="${focused}"]`)?.focus();
  }

  row(area, count) {
    const button = element("button", { type: "button", className: "app-map__pick", textContent: area.name, ariaPressed: String(area.id === this.chosen) });
    button.dataset.area = area.id;
    button.disabled = !area.at;
    button.addEventListener("click", () => this.choose(area.id, true));
    return element("tr", { className: "govuk-table__row" },
      element("th", { scope: "row", className: "govuk-table__header" }, button),
      element("td", { className: "govuk-table__cell govuk-table__cell--numeric", textContent: number.format(count) }));
  }

  choose(id, move) {
    this.chosen = this.chosen === id ? null : id;
    this.paint();
    for (const button of this.list.querySelectorAll("[data-area]")) button.ariaPressed = String(Number(button.dataset.area) === this.chosen);
    const area = this.data.areas.find((one) => one.id === this.chosen);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (move && area?.at) this.map.easeTo({ center: area.at, duration: still ? 0 : 400 });
    this.tell(this.chosen);
  }

  tell(id) {
    const index = this.data.areas.findIndex((area) => area.id === id);
    const total = this.data.areas.reduce((sum, _, each) => sum + this.count(each), 0);
    const words = index < 0 ? `${this.period}: ${number.format(total)} recorded.` : `${this.data.areas[index].name}, ${this.period}: ${number.format(this.count(index))} recorded.`;
    if (this.status.textContent !== words) this.status.textContent = words;
  }
}

function start() {
  const source = document.getElementById("map-data");
  const opener = document.getElementById("map-open");
  if (!source || !opener) return;
  opener.hidden = false;
  const drawn = document.getElementById("map-picture");
  const list = document.querySelector("#map-list .app-table, #map-list table")?.parentElement;
  opener.querySelector("button").addEventListener("click", async () => {
    const stage = element("div", { className: "app-map__interactive", role: "region", ariaLabel: "Interactive map" });
    drawn.after(stage);
    const place = element("div", {});
    const before = document.querySelector("#map-list table");
    before.before(place);
    const explorer = new Explorer(JSON.parse(source.textContent), stage, place, document.getElementById("map-key"));
    try {
      await explorer.open();
      before.hidden = drawn.hidden = opener.hidden = true;
      explorer.map.resize();
      explorer.slider.focus();
    } catch (problem) {
      stage.remove();
      place.remove();
      opener.replaceChildren("The interactive map cannot be shown by this browser. The map above and the list say the same.");
      console.error("The drawn map stays:", problem);
    }
  });
}

start();
