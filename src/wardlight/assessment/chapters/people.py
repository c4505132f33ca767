"""Who is harmed: sex and age by kind of crime, where the records say."""

from __future__ import annotations

import math
from collections.abc import Iterator

import polars as pl

from safety_analysis.charts import bars
from safety_analysis.methods import rates

from .. import numerals as n
from ..context import Context, RelativeRate
from ..document import Cell, Table
from ..drafts import FindingDraft, Missing, columns, table
from .pictures import NARROW

KEY = "people"
TITLE = "Who is harmed"
BANDS = ((0, 9), (10, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 200))
SHOWN = 12
NO_STOPS = Missing(
    "Disproportionality in stop and search is not shown: import the stop and search files and populations by ethnic group."
)
NO_VICTIMS = Missing(
    "Who is harmed is not shown: the data carry neither the sex nor the age of victims. "
    "Ask the force for an extract with both, and import it as a record extract."
)


def findings(context: Context) -> Iterator[FindingDraft | Missing]:
    """Victims by sex and age, each with what is not recorded."""
    yield _stops(context) if context.relative_rates else NO_STOPS
    records = context.records
    now = records.within(context.period) if records else None
    if now is None or (now["victim_sex"].is_null().all() and now["victim_age"].is_null().all()):
        yield NO_VICTIMS
        return
    if not now["victim_sex"].is_null().all():
        yield _by_sex(now, context)
    if not now["victim_age"].is_null().all():
        yield _by_age(now, context)


def _stops(context: Context) -> FindingDraft:
    """Each group's rate of stop and search over the rate of the reference group, with its interval."""
    items = sorted(context.relative_rates, key=lambda one: (-one.value, one.group))
    apart = [one for one in items if one.low > 1 or one.high < 1]
    largest = max(items, key=lambda one: abs(math.log(one.value)) if one.value > 0 else 0.0)
    title = (
        f"{largest.group} people were stopped and searched at {n.decimal(largest.value)} times the rate of white people"
        if largest in apart
        else "No group's rate of stop and search is clearly apart from that of white people"
    )
    return FindingDraft(
        key="people:stops",
        title=title,
        statement=f"{title} ({n.decimal(largest.low)} to {n.decimal(largest.high)}).{_no_difference(items)}"
        if largest in apart
        else f"{title}.",
        how_sure=f"{largest.note} Residents are not all who are stopped here, and the ratio does not say why.",
        method="disproportionality.relative_rate_index",
        measure="stop-and-search-relative-rate",
        comparator="white-residents",
        value=largest.value,
        low=largest.low,
        high=largest.high,
        n=float(largest.count),
        unit="times the rate",
        result={"group": largest.group, "groups": {one.group: one.value for one in items}},
        notes=("Equal rates are the aim.",),
        table=_stops_table(items),
        weight=1.6 if largest in apart else 0.6,
        theme="disproportionality",
    )


def _no_difference(items: list[RelativeRate]) -> str:
    """The groups whose rate is not clearly apart, so that nobody reads a number for one group as being about all."""
    level = [one.group for one in items if one.low <= 1 <= one.high]
    return f" For {n.listing(level)} people there is no clear difference." if level else ""


def _stops_table(items: list[RelativeRate]) -> Table:
    heads = columns(
        ("group", "Group", "text"), ("stops", "Stops", "count"), ("people", "Residents", "count"),
        ("ratio", "Times the rate of white people", "number"), ("interval", "95% interval", "interval"), ("so", "So", "text"),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [one.group, one.count, one.population, round(one.value, 2), f"{n.decimal(one.low, 2)} to {n.decimal(one.high, 2)}",
         "higher" if one.low > 1 else "lower" if one.high < 1 else "no clear difference"]
        for one in items
    ]  # fmt: skip
    return table("Stop and search by ethnic group", heads, rows)


def _by_sex(now: pl.DataFrame, context: Context) -> FindingDraft:
    known = now.filter(pl.col("victim_sex").is_in(["female", "male"]))
    women = int((known["victim_sex"] == "female").sum())
    rows = _sex_rows(known, context)
    clear = [row for row in rows if row[-1] in ("more often women", "more often men")]
    estimate = rates.proportion(women, len(known)) if len(known) >= n.SMALL_BASE else None
    share = (
        f"{n.percent(100 * estimate.value)} ({n.percent(100 * estimate.low)} to {n.percent(100 * estimate.high)})"
        if estimate
        else n.count(women)
    )
    heads = columns(
        ("offence", "Offence", "text"), ("women", "Women and girls", "count"), ("men", "Men and boys", "count"),
        ("share", "% women", "percent"), ("interval", "95% interval", "interval"), ("so", "So", "text"),
    )  # fmt: skip
    return FindingDraft(
        key="people:sex",
        title=f"Women and girls are {n.percent(100 * estimate.value)} of the victims whose sex is recorded"
        if estimate
        else "Victims by sex",
        statement=f"Of {n.count(len(known))} victims whose sex is recorded, {share} are women and girls; "
        f"in {n.in_words(len(clear))} kinds of crime one sex is clearly harmed more.",
        how_sure=f"Wilson intervals; the sex of the victim is not recorded (or there is none) in "
        f"{n.count(len(now) - len(known))} records.",
        method="rates.proportion",
        value=100 * estimate.value if estimate else None,
        low=100 * estimate.low if estimate else None,
        high=100 * estimate.high if estimate else None,
        n=float(len(known)),
        unit="percent women and girls",
        result={"women": women, "men": len(known) - women},
        table=table("Victims by sex and kind of crime", heads, rows),
        weight=0.8,
        theme="people",
    )


def _sex_rows(known: pl.DataFrame, context: Context) -> list[list[Cell]]:
    found = known.group_by("category").agg(
        (pl.col("victim_sex") == "female").sum().alias("women"), pl.len().alias("all")
    )
    rows: list[list[Cell]] = []
    for category, women, every in found.sort("all", "category", descending=[True, False]).head(SHOWN).rows():
        title = context.category_titles.get(category, category)
        if every < n.SMALL_BASE:
            rows.append([title, women, every - women, None, None, "too few to say"])
            continue
        share = rates.proportion(women, every)
        so = "more often women" if share.low > 0.5 else "more often men" if share.high < 0.5 else "no clear difference"
        interval = f"{n.percent(100 * share.low)} to {n.percent(100 * share.high)}"
        rows.append([title, women, every - women, 100 * share.value, interval, so])
    return rows


def _by_age(now: pl.DataFrame, context: Context) -> FindingDraft:
    known = now.filter(pl.col("victim_age").is_not_null())["victim_age"]
    counts = [
        (f"{low} to {high}" if high < 200 else f"{low} and over", int(known.is_between(low, high).sum()))
        for low, high in BANDS
    ]
    young = int((known < 25).sum())
    top = max(counts, key=lambda item: item[1])
    heads = columns(("age", "Age", "text"), ("count", "Victims", "count"), ("share", "Share", "percent"))
    rows: list[list[Cell]] = [
        [name, count, 100 * count / len(known) if len(known) >= n.SMALL_BASE else None] for name, count in counts
    ]
    share = f" ({n.percent(100 * young / len(known))})" if len(known) >= n.SMALL_BASE else ""
    title = f"{n.count(young)} of {n.count(len(known))} victims{share} were under 25"
    chart = bars.share_bars(
        [{"name": name, "value": 100 * count / len(known)} for name, count in counts], title=title,
        subtitle=f"Victims by age, percent of those whose age is recorded, {context.period.title}", width=NARROW,
    )  # fmt: skip
    return FindingDraft(
        key="people:age",
        title=title,
        statement=f"{title}; the band with most is {top[0]}, with {n.count(top[1])}.",
        how_sure=f"The victim's age is not recorded (or there is none) in {n.count(len(now) - len(known))} records.",
        method="rates.proportion",
        value=100 * young / len(known) if len(known) >= n.SMALL_BASE else None,
        n=float(len(known)),
        unit="percent under 25",
        result={"under_25": young, "bands": dict(counts)},
        table=table("Victims by age", heads, rows),
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=0.7,
        theme="people",
    )
