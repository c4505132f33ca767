"""Counts by finest category, so that harm and cost can be weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from wardlight.incidents import queries as incidents
from wardlight.incidents import taxonomy
from wardlight.measures.count_series import CountCube
from wardlight.measures.models import Reading
from wardlight.measures.queries import definition, definitions
from wardlight.measures.series import monthly_counts
from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area

from ..context import ALL_CRIME, AreaCount, Records, RelativeRate, Weights
from ..figures import Figures
from ..periods import Period, missing_months, shift
from .figures import load_cubes
from .records import crime_and_disorder

WARD = "ward"
MOST_NAMED = 6
EVERY_CRIME = "crime"
STOPS = "stop-and-search-relative-rate"


def by_category(partnership: Partnership, area: Area, period: Period, records: Records | None) -> dict[str, int]:
    """Crimes of the period by category, as finely as the data tell them apart, none counted twice."""
    if records is not None:
        crime = sorted(crime_and_disorder()[0])
        found = records.within(period).filter(pl.col("category").is_in(crime)).group_by("category").len()
        return dict(zip(found["category"].to_list(), found["len"].to_list(), strict=True))
    for cube in load_cubes(partnership, area.level):
        if isinstance(cube, CountCube):
            held = _from_counts(cube, area.name, period)
            if held:
                return held
    return {}


def _from_counts(cube: CountCube, area: str, period: Period) -> dict[str, int]:
    crime = crime_and_disorder()[0]
    rows = cube.of_area(area).filter(pl.col("category").is_in(sorted(crime)) & (pl.col("count") > 0))
    wanted = _whole_counts(rows, period)
    found: dict[str, int] = {}
    by_month = wanted.group_by("month", "category").agg(pl.col("count").sum())
    for _, rows in by_month.sort("month", "category").group_by("month", maintain_order=True):
        held = dict(zip(rows["category"].to_list(), rows["count"].to_list(), strict=True))
        for slug, count in sorted(_apart(held).items()):
            found[slug] = found.get(slug, 0) + count
    return found


def _whole_counts(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The counts inside the period by the month, else by the shortest whole quarters or years: never the same crime twice."""
    ends = [shift(first, months - 1) for first, months in rows.select("month", "months").iter_rows()]
    inside = rows.filter(
        (pl.col("month") >= period.first_month) & (pl.Series(ends, dtype=pl.UInt32) <= period.last_month)
    )
    return inside.filter(pl.col("months") == pl.col("months").min())


def _apart(held: Mapping[str, int]) -> dict[str, int]:
    """Each category less its parts that are counted beside it, so that nothing is counted twice or lost.

    What no part of “all crime” tells apart is left out: it is of no kind.
    """
    leaves = {slug: taxonomy.load().leaves(slug) for slug in held}
    found = {}
    for slug, count in held.items():
        inside = [other for other in held if leaves[other] < leaves[slug]]
        widest = [one for one in inside if not any(leaves[one] < leaves[other] for other in inside)]
        rest = count - sum(held[one] for one in widest)
        if not inside or (rest > 0 and slug != EVERY_CRIME):
            found[slug] = rest
    return found


def harm_each(figures: Sequence[Figures], counts: Mapping[str, int], weights: Sequence[Weights]) -> dict[str, float]:
    """Mean harm days an offence of each measure, over the categories of its scope that have a weight."""
    days = next((table for table in weights if not table.money), None)
    if days is None:
        return {}
    tree = taxonomy.load()
    scopes = {one.slug: one.scope.definition for one in definitions()}
    found = {}
    for item in figures:
        if item.about.slug == ALL_CRIME:
            continue
        definition = scopes[item.about.slug]
        leaves = tree.scope_leaves(definition.get("categories", []), definition.get("not_categories", []))
        held = {
            slug: counts[slug]
            for slug in counts
            if counts[slug] and slug in days.by_category and tree.leaves(slug) <= leaves
        }
        if held:
            found[item.about.slug] = sum(days.by_category[slug] * count for slug, count in held.items()) / sum(
                held.values()
            )
    return found


def broad_kinds(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts added up under the categories straight below “crime”; violence and sexual offences apart where the data allow."""
    tree = taxonomy.load()
    found: dict[str, int] = {}
    for slug, count in counts.items():
        chain = [slug, *tree.above(slug)]
        broad = [one for one in chain if one not in ("crime", "violence-and-sexual-offences")]
        name = broad[-1] if broad else chain[0]
        found[name] = found.get(name, 0) + count
    return found


def relative_rates(partnership: Partnership, area: Area, period: Period) -> tuple[RelativeRate, ...]:
    """The readings of stop and search by ethnic group for exactly this period, if the measure has been computed for it."""
    found = Reading.objects.filter(
        partnership=partnership,
        area=area,
        measure__slug=STOPS,
        first_month=period.first_month,
        last_month=period.last_month,
        value__isnull=False,
        low__isnull=False,
        high__isnull=False,
    ).order_by("group")
    return tuple(
        RelativeRate(
            row.group,
            int(row.numerator),
            int(row.denominator or 0),
            row.value or 0.0,
            row.low or 0.0,
            row.high or 0.0,
            row.note,
        )
        for row in found
    )


def ward_counts(partnership: Partnership, area: Area, period: Period, against: Period | None) -> tuple[AreaCount, ...]:
    """All recorded crime by ward of the area, from the first source of counts that covers the period; largest first."""
    for source in _count_sources(partnership):
        found = monthly_counts(partnership=partnership, scope=definition(ALL_CRIME).scope, level=WARD, source=source)
        for series in found:
            inside = series.frame.filter(pl.col("parent_name") == area.name)
            if inside.is_empty() or missing_months(period, series.months):
                continue
            then = against if against and not missing_months(against, series.months) else None
            return _by_ward(inside, period, then, source)
    return ()


def _count_sources(partnership: Partnership) -> list[str]:
    """The sources whose counts include wards."""
    counts = incidents.counts(partnership=partnership, level=WARD).filter(pl.col("level") == WARD)
    return counts.select(pl.col("source").unique().sort()).collect()["source"].to_list()


def _by_ward(frame: pl.DataFrame, period: Period, against: Period | None, source: str) -> tuple[AreaCount, ...]:
    now = pl.col("month").is_between(period.first_month, period.last_month)
    then = pl.lit(False) if against is None else pl.col("month").is_between(against.first_month, against.last_month)
    sums = frame.group_by("area_name").agg(
        after=pl.col("count").filter(now).sum(), before=pl.col("count").filter(then).sum()
    )
    rows = sums.sort("after", "area_name", descending=[True, False]).select("area_name", "after", "before").iter_rows()
    return tuple(AreaCount(name, after, before if against else None, source) for name, after, before in rows)


def why_no_months(partnership: Partnership, area: Area) -> str:
    """Why no month of an area can be assessed, and what to do: nothing, unknown words, or no crime."""
    held = incidents.counts(partnership=partnership).filter(pl.col("area_name") == area.name)
    found = held.select("months", "category", "source_category").unique().collect()
    if found.is_empty():
        return (
            f"There are no counts or records for {area.name}: import some with “wardlight import” first, "
            "or choose another area."
        )
    if found["category"].null_count() == len(found):
        words = sorted(found["source_category"].drop_nulls().unique())[:3]
        return (
            f"What is held for {area.name} is of categories that Wardlight does not know (such as “{'”, “'.join(words)}”): "
            "import it again with the police's own words for them."
        )
    return f"What is held for {area.name} answers none of the measures: import counts of recorded crime by offence."


def check_whole(partnership: Partnership, area: Area, period: Period) -> None:
    """Raise a Refusal that names the periods held, where counts of whole quarters or years do not make up the period."""
    held = incidents.counts(partnership=partnership).filter((pl.col("area_name") == area.name) & (pl.col("months") > 1))
    longer = held.select("month", "months").unique().sort("month", "months").collect().rows()
    if longer:
        titles = [Period(first, shift(first, months - 1)).key for first, months in longer]
        raise Refusal(
            f"The period {period.key} is not made up of whole counts: what is held for {area.name} is counted as "
            f"{', '.join(titles[-MOST_NAMED:])}. Choose one of these, or several that follow one another."
        )
