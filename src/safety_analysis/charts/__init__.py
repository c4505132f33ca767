"""Results in, Vega-Lite out: every chart function is pure, computes no statistics and returns a `Chart`.

`Chart.spec` is a complete Vega-Lite 6 dict with its data inline (draw it with vl-convert, font "Source Sans Pro");
`Chart.alt` is its text alternative: title, what is drawn, the highest and the highlighted values.

Every function takes `title` (the finding, one sentence; wrapped) and `subtitle` (measure, unit, period) as keywords.
Rows are mappings; a key in [brackets] may be left out. Months are ints YYYYMM. All charts are 640 px wide.

- `series.monthly_series(rows, *, title, subtitle, highlight=(), context=(), annotations=(), unit="")`
  rows {"month", "name", "value", ["low", "high"]} (a band); highlight: names in colour with a label at their end (at most
  six; none given: every name not in context); context: names in grey; annotations {"month", "text", ["until"]}.
- `bars.ranked_bars(rows, *, title, subtitle, highlight=(), unit="")` rows {"name", "value", ["low", "high"]}, sorted here.
- `bars.share_bars(rows, *, title, subtitle, highlight=(), unit="%")` the same, in the order given, values labelled.
- `intervals.change_intervals(rows, *, title, subtitle, highlight=())`
  rows {"name", "percent", "low", "high", ["low_chance", "high_chance"]}, all percentages; thick line chance, thin line
  as months vary. Rows with percent None are listed as "from none".
- `intervals.rank_intervals(rows, *, title, subtitle, highlight=(), of)` rows {"name", "rank", "low", "high"}.
- `maps.choropleth(features, *, title, subtitle, classes, places=(), outlines=(), note="")`
  features {"name", "geometry", "class", ["value"]}, geometry a GeoJSON mapping or shapely geometry in British National
  Grid metres; classes: at most three names, strongest first; any other class is grey. places {"name", "x", "y"}.
- `maps.grid_map(cells, outlines, *, title, subtitle, classes, places=(), note="")`
  cells {"x", "y", "size", "class"} (x, y the south-west corner); outlines: geometries.
- `times.hour_grid(values, *, title, subtitle)` values 7 × 24 (Monday first) or 168.
- `curves.lorenz(places, events, *, title, subtitle, baseline=None, marks=())` two arrays of cumulative shares 0–1
  beginning at 0, most affected places first; baseline: the same for chance alone; marks {"places", "events"}.
"""

from safety_analysis.charts.theme import Chart

__all__ = ["Chart"]
