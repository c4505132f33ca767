"""Puts a Context together: figures, records, small areas, populations, weights and where it all came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db.models import Q

from wardlight.incidents import taxonomy
from wardlight.partners.models import Partnership
from wardlight.partners.refusal import Refusal
from wardlight.places import queries as places
from wardlight.places.models import Area, Premises

from ..context import Annotation, AreaFacts, Context, Layer, SmallArea, Weights
from ..figures import Figures
from ..periods import Period, check_covered, missing_months, name_months
from . import counted, imports
from .figures import work_out_all
from .records import crime_and_disorder, gather_records

INSIDE = ("ward", "lsoa")
OVERVIEW_DETAIL = 100.0  # metres


def gather(
    *,
    partnership: Partnership,
    area: Area,
    period: Period,
    against: Period | None,
    seed: int,
    annotations: Sequence[Annotation] = (),
    progress: Callable[[float, str], None] | None = None,
) -> Context:
    """Everything the chapters need. Raises Refusal when no source covers the period for this area."""

    figures, unanswered, months = work_out_all(
        partnership, area.name, area.level, period, against, seed, lambda doing: progress and progress(0.1, doing),
        events=tuple(month for event in annotations for month in event.months),
    )  # fmt: skip
    check_held(partnership, area, period, figures, months)
    layers = layers_inside(area, period)
    levels = (area.level, *(layer.level for layer in layers))
    tree = taxonomy.load()
    context = Context(
        partnership=partnership.name,
        synthetic=partnership.synthetic,
        area=area_facts(area, period),
        period=period,
        against=against,
        seed=seed,
        annotations=tuple(annotations),
        figures=tuple(figures),
        unanswered=tuple(unanswered),
        records=gather_records(partnership, area, levels, period, against),
        batches=imports.batches(partnership),
        layers=layers,
        outlines=outline_of(area),
        category_titles={slug: one.title for slug, one in tree.categories.items()},
        crime_categories=crime_and_disorder()[0],
        ward_counts=counted.ward_counts(partnership, area, period, against),
        relative_rates=counted.relative_rates(partnership, area, period),
        premises=dict(Premises.objects.filter(partnership=partnership).values_list("key", "name")),
        outlines_of_others=outlines_by_name(area, figures),
        residents_of_others=residents_by_name(area, figures, period),
        not_compared=why_not_compared(against, figures),
    )
    return with_harm(context, counted.by_category(partnership, area, period, context.records))


def with_harm(context: Context, counts: dict[str, int]) -> Context:
    """The context with its crimes by category, by broad kind, and what each measure weighs in harm."""
    weights = weight_tables()
    return replace(
        context,
        category_counts=counts,
        mix=counted.broad_kinds(counts),
        weights=weights,
        harm_each=counted.harm_each(context.figures, counts, weights),
    )


def area_facts(area: Area, period: Period) -> AreaFacts:
    """The area with the residents of the year in which the period ends, or the nearest."""
    residents = places.denominator(area=area, year=period.last_month // 100)
    if residents is None:
        return AreaFacts(area.name, area.level, area.code)
    return AreaFacts(area.name, area.level, area.code, residents.value, f"{residents.source}, {residents.year}")


def ranked_areas(area: Area, figures: Sequence[Figures]) -> list[Area]:
    """The area and every one it is ranked with, older vintages first."""
    names = {name for item in figures for name in item.series.other_names} | {area.name}
    return list(Area.objects.filter(level=area.level, name__in=names).order_by("vintage"))


def outlines_by_name(area: Area, figures: Sequence[Figures]) -> dict[str, object]:
    """Outlines of every area that is ranked, by name, of the newest vintage, simple enough for a map of half a page."""
    areas = ranked_areas(area, figures)
    shapes = places.outlines(areas, simplify_metres=OVERVIEW_DETAIL)
    return {one.name: shapes[one.pk] for one in areas if one.pk in shapes}


def residents_by_name(area: Area, figures: Sequence[Figures], period: Period) -> dict[str, float]:
    """Residents of every area that is ranked, by name, in the year in which the period ends or the nearest."""
    areas = ranked_areas(area, figures)
    people = places.denominators(areas=areas, year=period.last_month // 100)
    return {one.name: people[one.pk].value for one in areas if one.pk in people and people[one.pk].value > 0}


def check_held(
    partnership: Partnership, area: Area, period: Period, figures: Sequence[Figures], months: Sequence[int]
) -> None:
    """Refuse a period that no source covers, naming the months there are."""
    if figures:
        return
    if not months:
        raise Refusal(counted.why_no_months(partnership, area))
    check_covered(period, months, what=f"what is held for {area.name}")
    counted.check_whole(partnership, area, period)
    raise Refusal(
        f"No single source covers the whole of {period.key} for {area.name}: choose a period that one source covers."
    )


def why_not_compared(against: Period | None, figures: Sequence[Figures]) -> str:
    """A sentence when nothing is compared with an earlier period."""
    if against is None:
        return "Change is not shown, because no earlier period of the same length is held."
    if any(item.change is not None for item in figures):
        return ""
    gaps = missing_months(against, figures[0].series.months) if figures else []
    if figures and not gaps:
        return f"Change is not shown. {figures[0].not_compared}"
    return f"Change is not shown, because the data have nothing for {name_months(gaps)}."


def layers_inside(area: Area, period: Period) -> tuple[Layer, ...]:
    """The newest wards and LSOAs inside the area that have boundaries, with their residents."""
    found = []
    inside = Q(parent__code=area.code) | Q(parent__parent__code=area.code)
    for level in INSIDE:
        mine = list(Area.objects.filter(inside, level=level, boundary__isnull=False))
        newest = max((one.vintage for one in mine), default=None)
        mine = [one for one in mine if one.vintage == newest]
        if not mine:
            continue
        people = places.denominators(areas=mine, year=period.last_month // 100)
        small = tuple(
            SmallArea(one.code, one.name, people[one.pk].value if one.pk in people else None)
            for one in sorted(mine, key=lambda one: one.name)
        )
        found.append(Layer(level, newest or "", small))
    return tuple(found)


def outline_of(area: Area) -> dict[str, object]:
    shape = places.outlines([area]).get(area.pk)
    return {} if shape is None else {area.code: shape}


def weight_tables() -> tuple[Weights, ...]:
    """Every table of weights, spread over the categories it weighs directly or from above."""
    tree = taxonomy.load()
    found = []
    for table in taxonomy.load_weights().values():
        spread = {slug: table.weight(slug, tree) for slug in tree.categories}
        held = {slug: weight for slug, weight in spread.items() if weight is not None}
        found.append(Weights(table.slug, table.title, table.source, table.unit, table.price_year, table.checked, held))
    return tuple(found)
