"""Where: wards, small areas, the cells that stand out, how concentrated it is, and premises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from safety_analysis.charts import curves
from safety_analysis.methods import change as changes
from safety_analysis.methods import concentration, rates

from .. import numerals as n
from ..context import Context, Layer, Records
from ..document import Cell
from ..drafts import FindingDraft, Missing, columns, table, without_empty
from ..figures import plural
from . import hotspots

KEY = "place"
TITLE = "Where it happened"
NO_BOUNDARIES = Missing(
    "Wards and small areas are not shown, because no boundaries are loaded: "
    "run “wardlight places load” with the boundary files and work the assessment out again."
)
NO_RECORDS = Missing(
    "Places inside the area are not shown on a map: the data are counts for whole areas. "
    "Import records with coordinates, or counts by ward, and load the boundaries."
)
SHOWN = 15
LEAST_PLACES = 30  # fewer places make no curve to speak of
PASSING_THROUGH = 500.0  # records for 1,000 residents above which residents are plainly not who is there
LEVEL_WORDS = {"lsoa": "small area (LSOA)", "msoa": "neighbourhood (MSOA)", "ward": "ward"}


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """Each level inside the area, then hotspots, concentration and premises."""
    records = context.records
    if records is None:
        if context.ward_counts:
            yield _ward_counts(context)
        yield NO_RECORDS
        return
    now = records.within(context.period)
    if records.is_force:
        yield _placing(now, records, context)
    shown = [layer for layer in context.layers if f"area_{layer.level}" in now.columns and len(layer.areas) > 1]
    for at, layer in enumerate(shown):
        draft = _by_area(records, layer, context)
        yield draft if at else replace(draft, notes=_what_is_counted(now, context))
    if not context.layers:
        yield NO_BOUNDARIES
    yield from hotspots.findings(records, context)
    yield from _concentration(now, context)
    yield from _premises(now, context)


def _what_is_counted(now: pl.DataFrame, context: Context) -> tuple[str, ...]:
    """Why the total of this chapter is larger than all recorded crime."""
    disorder = int((~now["category"].is_in(sorted(context.crime_categories))).sum())
    if not disorder:
        return ()
    return (
        f"This chapter and those on time and people count {n.count(len(now))} records, {n.count(len(now) - disorder)} of "
        f"crime and {n.count(disorder)} of anti-social behaviour; “all recorded crime” leaves the second out.",
    )


def _ward_counts(context: Context) -> FindingDraft:
    """Wards from a source of counts: how many, the change, and how much wards ordinarily move against each other."""
    wards = context.ward_counts
    rows = [
        _area_row(one.name, one.after, one.before or 0, None, context, compare=one.before is not None) for one in wards
    ]
    total = sum(one.after for one in wards)
    share = f", {n.percent(100 * wards[0].after / total)} of all" if total >= n.SMALL_BASE else ""
    churn = _churn([(one.before or 0, one.after) for one in wards])
    return FindingDraft(
        key="place:ward-counts",
        title=f"{wards[0].name} had the most recorded crime of {n.count(len(wards))} wards",
        statement=f"{wards[0].name} had the most recorded crime of any ward: {n.count(wards[0].after)}{share}.",
        how_sure=_churn_words(churn, "ward"),
        method="rates.rate",
        value=float(wards[0].after),
        n=float(total),
        unit="count",
        result={"churn": churn, "areas": len(wards)},
        parameters={"level": "ward", "source": wards[0].source},
        table=without_empty(table("Recorded crime by ward", _area_heads(context), rows)),
        weight=0.8,
        theme="place",
    )


def _placing(now: pl.DataFrame, records: Records, context: Context) -> FindingDraft:
    elsewhere, none = records.elsewhere, records.not_placed
    inside = len(now) - elsewhere - none
    rows: list[list[Cell]] = [
        [f"Placed in {context.area.name}", inside, _share(inside, len(now))],
        ["Placed elsewhere", elsewhere, _share(elsewhere, len(now))],
        ["Not placed", none, _share(none, len(now))],
        ["All records of the force", len(now), 100.0 if len(now) >= n.SMALL_BASE else None],
    ]
    heads = columns(("where", "Where", "text"), ("count", "Records", "count"), ("share", "Share", "percent"))
    return FindingDraft(
        key="place:placing",
        title="Every record of the force is counted, wherever it lies",
        statement=f"The totals count all {n.count(len(now))} records of the force: {n.count(inside)} lie in {context.area.name}, "
        f"{n.count(elsewhere)} elsewhere and {n.count(none)} have no usable place.",
        method="coverage.placing",
        value=float(inside),
        n=float(len(now)),
        unit="count",
        result={"inside": inside, "elsewhere": elsewhere, "not_placed": none},
        table=table("Where the force's records lie", heads, rows),
    )


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole >= n.SMALL_BASE else None


def counts_by(frame: pl.DataFrame, column: str) -> dict[str | None, int]:
    """How many rows have each value, in order of the value; None for rows without one."""
    found = frame.group_by(column).len().sort(column, nulls_last=True)
    return dict(zip(found[column].to_list(), found["len"].to_list(), strict=True))


def _by_area(records: Records, layer: Layer, context: Context) -> FindingDraft:
    column = f"area_{layer.level}"
    after = counts_by(records.within(context.period), column)
    before = counts_by(records.within(context.against), column)
    names = {area.code: area for area in layer.areas}
    inside = sorted((code for code in names if after.get(code)), key=lambda code: -after[code])
    rows = [
        _area_row(names[code].name, after[code], before.get(code, 0), names[code].residents, context)
        for code in inside[:SHOWN]
    ]
    if len(inside) > SHOWN:
        rest = inside[SHOWN:]
        total, earlier = sum(after[code] for code in rest), sum(before.get(code, 0) for code in rest)
        rows.append(_area_row(f"{n.count(len(rest))} others", total, earlier, None, context))
    outside = sum(count for code, count in after.items() if code is not None and code not in names)
    if outside:
        rows.append(_area_row("Elsewhere", outside, 0, None, context, compare=False))
    if after.get(None):
        rows.append(_area_row("Not placed", after[None], before.get(None, 0), None, context))
    word = LEVEL_WORDS.get(layer.level, layer.level)
    total = sum(after.values())
    first = names[inside[0]].name if inside else ""
    share = f", {n.percent(100 * after[inside[0]] / total)} of all" if inside and total >= n.SMALL_BASE else ""
    churn = _churn([(before.get(code, 0), after.get(code, 0)) for code in names])
    return FindingDraft(
        key=f"place:{layer.level}",
        title=f"{first} had the most of {n.count(len(layer.areas))} "
            f"{plural(layer.level) if layer.level != 'lsoa' else 'small areas'}"
        if inside else f"No record lies in a {word}",
        statement=f"{first} had the most records of any {word}: "
            f"{n.count(after[inside[0]])}{share}." if inside else f"No record lies in a {word}.",
        how_sure=_churn_words(churn, word),
        method="rates.rate",
        value=float(after[inside[0]]) if inside else None,
        n=float(total),
        unit="count",
        result={"churn": churn, "areas": len(layer.areas), "not_placed": after.get(None, 0), "elsewhere": outside},
        parameters={"level": layer.level, "vintage": layer.vintage},
        table=without_empty(table(f"Records by {word}", _area_heads(context), rows, _rate_note(rows))),
        weight=0.8,
        theme="place",
    )  # fmt: skip


def _rate_note(rows: list[list[Cell]]) -> str:
    rated = [row[4] for row in rows if isinstance(row[4], float)]
    if not rated:
        return "Rates are not shown: residents are not known at this level, or there are fewer than ten records."
    note = "Rates are per 1,000 residents, from ten records up."
    if max(rated) > PASSING_THROUGH:
        note += " Where many more people pass through than live, a rate by residents says little about anybody's risk."
    return note


def _area_heads(context: Context) -> list:
    return columns(
        ("area", "Area", "text"),
        ("after", context.period.short_title, "count"),
        ("before", context.against.short_title if context.against else "Before", "count"),
        ("percent", "Change", "percent"),
        ("rate", "Rate", "number"),
        ("interval", "95% interval", "interval"),
    )


def _area_row(
    name: str, after: int, before: int, residents: float | None, context: Context, *, compare: bool = True
) -> list[Cell]:
    percent = changes.percent_change(before, after) if compare and context.against and before >= n.SMALL_BASE else None
    rate: Cell = None
    interval: Cell = None
    if residents and after >= n.SMALL_COUNT:
        estimate = rates.rate(after, residents, per=1000)
        rate, interval = round(estimate.value, 1), f"{n.decimal(estimate.low)} to {n.decimal(estimate.high)}"
    return [name, after, before if compare and context.against else None, percent, rate, interval]


def _churn(pairs: list[tuple[int, int]]) -> float | None:
    """How much more the areas' changes differ from each other than chance alone gives: χ²/df of a two-column table."""
    used = [(before, after) for before, after in pairs if before + after > 0]
    earlier, later = sum(before for before, _ in used), sum(after for _, after in used)
    if len(used) < 3 or not earlier or not later:
        return None
    share = later / (earlier + later)
    parts = [
        (after - (before + after) * share) ** 2 / ((before + after) * share * (1 - share)) for before, after in used
    ]
    return sum(parts) / (len(used) - 1)


def _churn_words(churn: float | None, word: str) -> str:
    if churn is None:
        return "There is no earlier period to say how much places ordinarily change against each other."
    return (
        f"From one period to the next, each {word} moved against the rest {n.decimal(churn)} times as much as chance "
        f"alone gives: "
        "read a change in one place with that in mind."
    )


def _concentration(now: pl.DataFrame, context: Context) -> Iterator[FindingDraft]:
    layer = next((item for item in context.layers if item.level == "lsoa"), None)
    layer = layer or next((item for item in context.layers if item.level == "ward"), None)
    if layer is None or f"area_{layer.level}" not in now.columns:
        return
    held = counts_by(now, f"area_{layer.level}")
    counts = [held.get(area.code, 0) for area in layer.areas]
    if sum(counts) < n.SMALL_BASE or len(counts) < LEAST_PLACES:
        return
    result = concentration.concentration(counts)
    half = result.share_of_places_with(0.5)
    chance = result.baseline.share_of_places_with(0.5)
    word = "small areas" if layer.level == "lsoa" else plural(layer.level)
    title = f"Half of the records lie in {n.percent(100 * half)} of the {word}"
    chart = curves.lorenz(
        result.lorenz.places, result.lorenz.events, title=title,
        subtitle=f"Share of records against share of {word}, most affected first; grey: chance alone",
        baseline=(result.baseline.places, result.baseline.events), marks=[{"places": half, "events": 0.5}],
    )  # fmt: skip
    yield FindingDraft(
        key=f"place:concentration:{layer.level}",
        title=title,
        statement=f"{title}; if every one were as likely as every other, it would be {n.percent(100 * chance)}.",
        how_sure=f"From {n.count(result.events)} records in {n.count(result.places)} {word}; "
        f"Gini {n.decimal(result.gini, 2)}, {n.decimal(result.poisson_baseline, 2)} by chance alone.",
        method="concentration.concentration",
        value=100 * half,
        n=float(result.events),
        unit="percent of places with half of the records",
        result={
            "gini": result.gini, "generalised_gini": result.generalised_gini,
            "gini_by_chance": result.poisson_baseline, "percent_by_chance": 100 * chance,
        },
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=0.7,
        theme="place",
    )  # fmt: skip


def _premises(now: pl.DataFrame, context: Context) -> Iterator[FindingDraft | Missing]:
    held = now.filter(pl.col("premises_key").is_not_null())
    if held.is_empty():
        yield Missing("Premises are not shown, because the records carry no premises key.")
        return
    ranked = sorted(counts_by(held, "premises_key").items(), key=lambda item: -item[1])
    top = ranked[:10]
    rows: list[list[Cell]] = [
        [context.premises.get(str(key), f"Premises {key}"), count, _share(count, len(held))] for key, count in top
    ]
    known = max(len(context.premises), len(ranked))
    three = sum(count for _, count in ranked[:3])
    heads = columns(("premises", "Premises", "text"), ("count", "Records", "count"), ("share", "Share", "percent"))
    title = (
        f"Three premises of {n.count(known)} account for {n.count(three)} of {n.count(len(held))} records at premises"
    )
    share = f" ({n.percent(100 * three / len(held))})" if len(held) >= n.SMALL_BASE else ""
    yield FindingDraft(
        key="place:premises",
        title=title,
        statement=f"{title}{share}; across all of them there was one record for every {n.decimal(known / len(held), 2)} premises."
        if len(held) < known
        else f"{title}{share}; the average was {n.decimal(len(held) / known)} each.",
        how_sure="A count says where, not who is at fault: busy premises that call the police also have more records.",
        method="concentration.top",
        value=float(three),
        n=float(len(held)),
        unit="count",
        result={"premises": known, "rate_per_premises": len(held) / known},
        table=table("The ten premises with most records", heads, rows),
        weight=0.8,
        theme="premises",
    )
