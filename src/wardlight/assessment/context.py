"""Everything the chapters may look at: figures already worked out, the area's own records, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from .figures import Figures
from .periods import Period

ALL_CRIME = "all-recorded-crime"


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """The area assessed. `residents` is the denominator nearest the period, with the year and source it is of."""

    name: str
    level: str
    code: str = ""
    residents: float | None = None
    residents_note: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A known event, drawn on the time axis; `until` is its last month where it lasted."""

    month: int
    title: str
    until: int | None = None

    @property
    def months(self) -> tuple[int, ...]:
        return Period(self.month, self.until or self.month).months


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A landed import, for the annex."""

    number: int
    source: str
    title: str
    kind: str
    files: tuple[str, ...]
    first_month: int | None
    last_month: int | None
    rows_read: int
    rows_kept: int
    rows_duplicate: int
    rows_refused: int
    quality: dict[str, Any]
    landed: str


@dataclass(frozen=True, slots=True)
class SmallArea:
    """An area inside the one assessed, with its residents and outline in grid metres (WKB-free: rings of x, y)."""

    code: str
    name: str
    residents: float | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """The areas of one level inside the area assessed, and how many of the records each holds."""

    level: str
    vintage: str
    areas: tuple[SmallArea, ...]


@dataclass(frozen=True, slots=True)
class RelativeRate:
    """How many times the rate of the reference group a group's rate is, with its interval."""

    group: str
    count: int
    population: int
    value: float
    low: float
    high: float
    note: str


@dataclass(frozen=True, slots=True)
class AreaCount:
    """A count of all recorded crime in an area inside the one assessed, from a source of counts."""

    name: str
    after: int
    before: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A measure that no source can answer, and why."""

    title: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Weights:
    """A published table of harm weights or unit costs, by category (inherited from the category above)."""

    slug: str
    title: str
    source: str
    unit: str
    price_year: str
    checked: bool
    by_category: dict[str, float]

    @property
    def money(self) -> bool:
        return self.unit.startswith("pounds")

    @property
    def noun(self) -> str:
        return "cost" if self.money else "harm"


@dataclass(frozen=True, slots=True)
class Records:
    """The area's own records of both periods. `frame` has RECORD_SCHEMA, `source` and `area_<level>` columns.

    `elsewhere` counts records of the area's own force that lie in another area; `not_placed` those that lie in none.
    Both are in `frame` only where the area is the force itself.
    """

    frame: pl.DataFrame
    sources: tuple[str, ...]
    is_force: bool
    not_placed: int
    elsewhere: int
    snapped: bool  # police.uk moves every point to the nearest map point

    def within(self, period: Period | None) -> pl.DataFrame:
        if period is None:
            return self.frame.clear()
        return self.frame.filter(pl.col("month").is_between(period.first_month, period.last_month))


@dataclass(frozen=True, slots=True)
class Context:
    """What an assessment is made from. Chapters read it and change nothing."""

    partnership: str
    synthetic: bool
    area: AreaFacts
    period: Period
    against: Period | None
    seed: int
    annotations: tuple[Annotation, ...]
    figures: tuple[Figures, ...]
    unanswered: tuple[Unanswered, ...]
    records: Records | None
    batches: tuple[BatchFacts, ...]
    layers: tuple[Layer, ...] = ()
    outlines: dict[str, Any] = field(default_factory=dict)  # area code → shapely geometry, BNG
    category_titles: dict[str, str] = field(default_factory=dict)
    crime_categories: frozenset[str] = frozenset()
    category_counts: dict[str, int] = field(default_factory=dict)  # of the period, finest categories, nothing twice
    mix: dict[str, int] = field(default_factory=dict)  # the same under the broad kinds that one speaks of
    weights: tuple[Weights, ...] = ()
    harm_each: dict[str, float] = field(default_factory=dict)  # measure → mean harm days an offence
    ward_counts: tuple[AreaCount, ...] = ()  # where there are counts by ward and no records
    relative_rates: tuple[RelativeRate, ...] = ()  # of stop and search, for the period
    premises: dict[str, str] = field(default_factory=dict)  # key → name
    outlines_of_others: dict[str, Any] = field(default_factory=dict)  # name of a ranked area → shapely geometry, BNG
    residents_of_others: dict[str, float] = field(default_factory=dict)  # area's name → residents, for ranks by rate
    not_compared: str = ""  # why there is no comparison, when there is none

    @property
    def by_month(self) -> bool:
        """Whether any measure is counted by month: else there is no season and no telling how much months vary."""
        return self.records is not None or any(item.series.step == 1 for item in self.figures)

    @property
    def steps(self) -> str:
        """“months”, “quarters” or “years”: the finest that any measure is counted by."""
        return min(self.figures, key=lambda item: item.series.step).series.steps if self.figures else "months"

    def source_title(self, slug: str) -> str:
        """A source as people call it; its slug where nothing of it has landed."""
        return next((one.title for one in self.batches if one.source == slug), slug)

    def of(self, slug: str) -> Figures | None:
        """The figures of one measure, if any source could answer it."""
        return next((item for item in self.figures if item.about.slug == slug), None)

    def of_kind(self, *kinds: str) -> list[Figures]:
        return [item for item in self.figures if item.about.kind in kinds]
