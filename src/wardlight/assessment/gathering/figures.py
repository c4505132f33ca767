"""Every counted measure, worked out from the source that the rule picks; and those that none can answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wardlight.incidents import taxonomy
from wardlight.measures import queries as measures
from wardlight.measures.count_series import CountCube
from wardlight.measures.models import Measure
from wardlight.measures.record_series import RecordCube
from wardlight.measures.series import as_filter, load, sources_with_data
from wardlight.partners.models import Partnership

from ..context import ALL_CRIME, Unanswered
from ..figures import About, Figures, Series, work_out
from ..periods import Period
from . import candidates

LOCAL_OWNERS = (" Corporation", " Council", " Partnership")
BOTH = "violence-and-sexual-offences"  # one label for two very different harms
HEALTH = ("ambulance", "emergency-department")


def load_cubes(partnership: Partnership, level: str) -> list[CountCube | RecordCube]:
    """The cube of every source with data, once."""
    found = [load(partnership, source, kind, level) for source, kind in sources_with_data(partnership)]
    return [cube for cube in found if cube is not None]


def series_of(
    measure: Measure, cubes: list[CountCube | RecordCube], forces: dict[str, str], about: About, area: str
) -> list[Series]:
    """One candidate for each cube that can answer."""
    wanted, slug = as_filter(measure.scope)
    found = []
    for cube in cubes:
        if wanted.sources and cube.source not in wanted.sources:
            continue
        if isinstance(cube, RecordCube) and cube.source in forces:
            found.append(candidates.from_force(cube, wanted, forces[cube.source], about))
        else:
            found.append(candidates.from_areas(cube, wanted, slug or "", area, about))
        if isinstance(cube, CountCube):
            found += candidates.from_longer(cube, wanted, slug or "", area, about)
    return [item for item in found if item is not None]


def forces_of(cubes: list[CountCube | RecordCube], area: str) -> dict[str, str]:
    """The area's own force in each source of records, where the force's area is this area."""
    named = {cube.source: candidates.force_of(area, cube.records) for cube in cubes if isinstance(cube, RecordCube)}
    return {source: force for source, force in named.items() if force is not None}


def about(measure: Measure, area: str, period: Period) -> About:
    """What the sentences need of a definition, with its “definition differs” notes."""
    notes = tuple(
        f"{'Printed elsewhere' if one.agrees else 'Definition differs'}: {one.sentence}"
        for one in measures.definition_differences(area=area, measure=measure.slug, period=period.key)
    )
    return About(
        slug=measure.slug, title=measure.title, direction=measure.direction, caveat=measure.caveat, scope=measure.scope.slug,
        kind=kind_of(measure), description=measure.description, notes=notes,
        family=family_of(measure), overlaps=overlaps_of(measure), pair=measure.paired_with,
    )  # fmt: skip


def is_ours(measure: Measure, area: str) -> bool:
    """Whether a definition is national or this area's own: another place's strategy says nothing here."""
    owner = measure.scope.owner
    own_strategy = owner.endswith(LOCAL_OWNERS)
    return not own_strategy or owner.casefold().startswith(area.casefold())


def family_of(measure: Measure) -> str:
    """The broad kind (the category just below “crime”, or below violence and sexual offences) that a measure belongs to."""
    flags = measure.scope.definition.get("flags_any", [])
    if flags:
        return f"flag-{flags[0]}"  # knife crime and knife crime with injury say one thing twice
    found = _broad_kinds(measure) - {"all"}
    return found.pop() if len(found) == 1 else "violence" if "violence" in found else measure.slug


def overlaps_of(measure: Measure) -> tuple[str, ...]:
    """The broad kinds of a theme that is nothing but several categories together, such as acquisitive crime; else none."""
    found = _broad_kinds(measure)
    if measure.scope.definition.get("categories") == [BOTH]:
        return ("sexual-offences", "violence")
    return tuple(sorted(found)) if set(measure.scope.definition) == {"categories"} and len(found) > 1 else ()


def _broad_kinds(measure: Measure) -> set[str]:
    tree = taxonomy.load()
    found = set()
    for slug in measure.scope.definition.get("categories", []):
        chain = [slug, *tree.above(slug)]
        broad = [one for one in chain if one not in ("crime", BOTH)]
        found.add(broad[-1] if broad else "violence" if chain[0] != "crime" else "all")
    return found


def kind_of(measure: Measure) -> str:
    """all, crime-type (one category of crime or disorder), health, or scope (anything a partnership defines)."""
    if measure.slug == ALL_CRIME:
        return "all"
    tree = taxonomy.load()
    definition = measure.scope.definition
    held = definition.get("categories", [])
    roots = {(tree.above(slug) or (slug,))[-1] for slug in held}
    if roots and roots <= set(HEALTH):
        return "health"
    plain = set(definition) == {"categories"} and len(held) == 1
    one = tree.categories.get(held[0]) if plain else None
    return (
        "crime-type"
        if one is not None and not one.overlaps and roots <= {"crime", "anti-social-behaviour"}
        else "scope"
    )


def work_out_all(
    partnership: Partnership,
    area: str,
    level: str,
    period: Period,
    against: Period | None,
    seed: int,
    say: Callable[[str], object],
    events: tuple[int, ...] = (),
) -> tuple[list[Figures], list[Unanswered], list[int]]:
    """Figures of every counted measure, the measures nobody can answer, and the months any source holds."""
    cubes = load_cubes(partnership, level)
    forces = forces_of(cubes, area)
    figures: list[Figures] = []
    unanswered: list[Unanswered] = []
    months: set[int] = set()
    for measure in measures.definitions().filter(statistic="count"):
        if not is_ours(measure, area):
            continue
        say(measure.title)
        facts = about(measure, area, period)
        found = series_of(measure, cubes, forces, facts, area)
        months |= {month for item in found for month in item.months}
        chosen = candidates.choose(found, period, against)
        if chosen is None:
            why = "no source covers the whole period" if found else "no source tells it apart"
            unanswered.append(Unanswered(measure.title, facts.kind, why))
        elif chosen.own.any() or facts.kind != "crime-type":
            figures.append(
                work_out(replace(chosen, events=events), area=area, period=period, against=against, seed=seed)
            )
    return figures, unanswered, sorted(months)
