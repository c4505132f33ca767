"""The areas that are ranked, drawn on a map by rate (or by count where residents are not known)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from safety_analysis.charts import maps
from safety_analysis.methods import rates

from .. import numerals as n
from ..context import ALL_CRIME, Context
from ..document import Cell, Table
from ..drafts import FindingDraft, columns, table
from ..figures import Figures, plural
from . import measured

THIRDS = ("Highest third", "Middle third", "Lowest third")
MOSTLY_DRAWN = 2 / 3
FEWEST = 5


def findings(ranked: list[Figures], context: Context) -> Iterator[FindingDraft]:
    """One map for all recorded crime, where most of the ranked areas have a boundary and all have residents."""
    item = next((each for each in ranked if each.about.slug == ALL_CRIME), None)
    if item is None or len(item.ranking) < FEWEST:
        return
    drawn = [row.name for row in item.ranking if row.name in context.outlines_of_others]
    place = measured.rate_place(item, context)
    if place is None or context.area.name not in drawn or len(drawn) < MOSTLY_DRAWN * len(item.ranking):
        return
    yield _map(item, place, context)


def _map(item: Figures, place: measured.RatePlace, context: Context) -> FindingDraft:
    areas = plural(item.series.level)
    own = rates.rate(item.after, context.residents_of_others[context.area.name], per=1000)
    title = f"{item.about.title} by rate: {n.ordinal(place.rank)} of {place.of} {areas}"
    chart = maps.choropleth(
        _features(item, context),
        title=title,
        subtitle=f"{item.about.title} for 1,000 residents, {context.period.title}",
        classes=THIRDS,
        places=[_label(context)],
        outlines=[context.outlines_of_others[context.area.name]],
    )
    return FindingDraft(
        key=f"{item.about.slug}:rate:{areas}-{place.of}",
        title=title,
        statement=_statement(item, place, context),
        how_sure=f"By chance alone the rate could as well have been {n.decimal(own.low)} to {n.decimal(own.high)}.",
        method="rates.rate",
        measure=item.about.slug,
        comparator=f"{areas}-{place.of}",
        value=own.value,
        low=own.low,
        high=own.high,
        n=float(item.after),
        unit="for 1,000 residents",
        result={
            "rank_by_rate": place.rank,
            "of": place.of,
            "residents": context.residents_of_others[context.area.name],
        },
        parameters={"per": 1000, "level": 0.95},
        notes=("Where many more people pass through than live, a rate by residents says little about anybody's risk.",),
        table=_table(item, context),
        chart=chart.spec,
        chart_alt=chart.alt,
        weight=0.1,
        theme=item.about.slug,
    )


def _statement(item: Figures, place: measured.RatePlace, context: Context) -> str:
    where = "highest" if place.rank == 1 else f"{n.ordinal(place.rank)} highest"
    rows = sorted(_rates(item, context).items(), key=lambda pair: -pair[1])
    return (
        f"{context.area.name} had {n.decimal(place.rate)} recorded crimes for every 1,000 residents, {where} of {place.of} "
        f"{plural(item.series.level)}; the highest was {rows[0][0]} with {n.decimal(rows[0][1])}."
    )


def _rates(item: Figures, context: Context) -> dict[str, float]:
    return {row.name: 1000 * row.count / context.residents_of_others[row.name] for row in item.ranking}


def _features(item: Figures, context: Context) -> list[dict[str, Any]]:
    """The drawn areas with the third of all ranked areas that their rate is in."""
    held = _rates(item, context)
    low, high = np.quantile(list(held.values()), [1 / 3, 2 / 3])
    return [
        {
            "name": name,
            "geometry": context.outlines_of_others[name],
            "class": THIRDS[0] if rate > high else THIRDS[1] if rate > low else THIRDS[2],
            "value": round(rate, 1),
        }
        for name, rate in held.items()
        if name in context.outlines_of_others
    ]


def _label(context: Context) -> dict[str, Any]:
    point = context.outlines_of_others[context.area.name].representative_point()
    return {"name": context.area.name, "x": point.x, "y": point.y}


def _table(item: Figures, context: Context) -> Table:
    heads = columns(
        ("area", item.series.level.capitalize(), "text"),
        ("count", "Count", "count"),
        ("residents", "Residents", "count"),
        ("rate", "Rate", "number"),
        ("interval", "95% interval", "interval"),
    )
    ordered = sorted(item.ranking, key=lambda row: -row.count / context.residents_of_others[row.name])
    return table(
        f"{item.about.title} for 1,000 residents, highest first",
        heads,
        [_row(row.name, row.count, context) for row in ordered],
    )


def _row(name: str, count: float, context: Context) -> list[Cell]:
    residents = context.residents_of_others[name]
    if count < n.SMALL_COUNT:
        return [name, int(count), int(residents), None, None]
    found = rates.rate(count, residents, per=1000)
    return [
        name,
        int(count),
        int(residents),
        round(found.value, 1),
        f"{n.decimal(found.low)} to {n.decimal(found.high)}",
    ]
