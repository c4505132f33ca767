"""What to compare with when nobody says: the same months a year before, where they are held."""

from __future__ import annotations

from wardlight.incidents.models import Batch
from wardlight.measures.queries import definition
from wardlight.partners.models import Partnership
from wardlight.places.models import Area

from ..context import ALL_CRIME
from ..periods import MONTHS_A_YEAR, Period
from .candidates import choose
from .figures import about, forces_of, load_cubes, series_of


def earlier_period(partnership: Partnership, area: Area, period: Period) -> Period | None:
    """The same months of the year before (or as many years back as the period is long), if a source holds them; else None."""
    years = -(-len(period) // MONTHS_A_YEAR)
    earlier = period.shifted(-MONTHS_A_YEAR * years)
    if not Batch.objects.filter(partnership=partnership, status=Batch.Status.LANDED).exists():
        return None
    measure = definition(ALL_CRIME)
    cubes = load_cubes(partnership, area.level)
    facts = about(measure, area.name, period)
    chosen = choose(series_of(measure, cubes, forces_of(cubes, area.name), facts, area.name), period, earlier)
    return earlier if chosen is not None and chosen.covers(earlier) else None
