"""Relative rates: how often a group is stopped and searched for its number of residents, over the rate of white people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from safety_analysis.methods import disproportionality
from wardlight.incidents import queries as incidents
from wardlight.partners.actors import Actor
from wardlight.partners.models import Partnership
from wardlight.places import operations as places
from wardlight.places import queries as place_queries
from wardlight.places.models import Area

from .models import Measure, Reading

REFERENCE = "White"
GROUPS = ("Black", "Asian", "Other")
MONTHS_A_YEAR = 12
Counts = Mapping[tuple[str, str], int]  # (area, group) -> stops


def relative_rates(*, partnership: Partnership, source: str, measure: Measure, by: Actor) -> list[Reading]:
    """Readings by ethnic group as the officer saw it, for boroughs and each whole year back from the newest month."""
    stops = incidents.stops(partnership=partnership, sources=[source], areas=("borough",))
    counted = (
        stops.filter(pl.col("area_borough").is_not_null() & pl.col("officer_defined_ethnicity").is_not_null())
        .group_by("area_borough", "month", "officer_defined_ethnicity")
        .len()
        .collect()
    )
    names = counted["area_borough"].unique().sort().to_list()
    if not names:
        return []
    met = {
        name: places.Met(name="" if name[1:].isdigit() else name, code=name if name[1:].isdigit() else "")
        for name in names
    }
    areas = places.ensure_areas(level="borough", met=met.values(), by=by)
    found = {name: areas[one] for name, one in met.items()}
    return [
        reading for year in _years(counted) for reading in _year_readings(year, found, partnership, source, measure)
    ]


def _years(counted: pl.DataFrame) -> Iterator[tuple[int, int, Counts]]:
    months = sorted(counted["month"].unique().to_list())
    last = len(months)
    while last >= MONTHS_A_YEAR:
        first_month, last_month = months[last - MONTHS_A_YEAR], months[last - 1]
        year = counted.filter(pl.col("month").is_between(first_month, last_month))
        summed = year.group_by("area_borough", "officer_defined_ethnicity").agg(pl.col("len").sum())
        yield first_month, last_month, {(area, group): count for area, group, count in summed.iter_rows()}
        last -= MONTHS_A_YEAR


def _year_readings(
    year: tuple[int, int, Counts], areas: Mapping[str, Area], partnership: Partnership, source: str, measure: Measure
) -> Iterator[Reading]:
    first_month, last_month, counts = year
    people = {
        group: place_queries.denominators(areas=areas.values(), year=first_month // 100, ethnicity=group)
        for group in (REFERENCE, *GROUPS)
    }
    for name, area in areas.items():
        for group in GROUPS:
            own, other = people[group].get(area.pk), people[REFERENCE].get(area.pk)
            count, reference = counts.get((name, group), 0), counts.get((name, REFERENCE), 0)
            if own is None or other is None or not 0 < reference <= other.value or count > own.value:
                continue
            ratio = disproportionality.relative_rate_index(count, own.value, reference, other.value)
            yield Reading(
                partnership=partnership,
                measure=measure,
                area=area,
                source=source,
                group=group,
                first_month=first_month,
                last_month=last_month,
                numerator=count,
                denominator=own.value,
                value=ratio.value,
                low=ratio.low,
                high=ratio.high,
                method="relative rate",
                note=f"Residents of {own.year}; white people: {reference:,} stops of {other.value:,}.",
            )
