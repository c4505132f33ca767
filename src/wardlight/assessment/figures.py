"""One measure's monthly counts for the area and those it is compared with, and what the methods make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safety_analysis.methods import change as changes
from safety_analysis.methods import comparison
from safety_analysis.methods.change import CountChange, Dispersion, KeepingPace
from safety_analysis.methods.comparison import RankRow

from .periods import Period, missing_months, name_months, shift
from .wording import Change, Place

Counts = npt.NDArray[np.int64]
HISTORY_MONTHS = 36  # how far back the dispersion looks, at most
LEAST_HISTORY = 24
YEAR = 12
STEPS = {1: "months", 3: "quarters", 12: "years"}
PACE_MONTHS = 24  # the base of keeping pace: one year's share drifts
LEAST_FOR_PACE = 20


@dataclass(frozen=True, slots=True)
class About:
    """The definition of a measure, as the sentences need it."""

    slug: str
    title: str
    direction: str = "down"  # up | down | parity | band | monitor
    caveat: str = ""
    scope: str = ""
    kind: str = "crime-type"  # all | crime-type | scope | health | other
    description: str = ""
    notes: tuple[str, ...] = ()  # “definition differs” and the like, as data
    family: str = ""  # the broad kind it belongs to, so that the summary does not say one thing twice
    overlaps: tuple[str, ...] = ()  # the broad kinds that a theme is made of, where it is nothing but several of them
    pair: str = ""  # the measure it is to be read beside

    @property
    def found_by_police(self) -> bool:
        """Whether the police find it rather than people report it: drugs, weapons."""
        return self.caveat.startswith("Found mainly by police activity")


@dataclass(frozen=True, slots=True)
class Series:
    """Monthly counts from one source. `own` has one number a month; `others` one row an area.

    `not_placed` are rows of the source that lie in no area; they are in the force total only, or, where the source is the
    area's own force, already in `own`.
    """

    about: About
    source: str
    level: str
    months: tuple[int, ...]
    own: Counts
    other_names: tuple[str, ...] = ()
    others: Counts | None = None  # areas × months
    not_placed: Counts | None = None
    own_is_force: bool = False
    choice: str = ""  # why this source, when several could answer
    step: int = 1  # months in each count: 3 for quarters, 12 for years; `months` are then all the months within
    starts: tuple[int, ...] = ()  # the first month of each such count
    events: tuple[int, ...] = ()  # months of known events, which say nothing about how much months ordinarily vary

    def covers(self, period: Period | None) -> bool:
        """Whether the counts, whole ones only, make up the period."""
        return period is not None and int(self.where(period).sum()) * self.step == len(period)

    def where(self, period: Period) -> npt.NDArray[np.bool_]:
        """Which counts lie wholly in the period."""
        last_start = shift(period.last_month, 1 - self.step)
        starts = np.asarray(self.starts or self.months)
        return (starts >= period.first_month) & (starts <= last_start)

    def total(self, period: Period) -> int:
        return int(self.own[self.where(period)].sum())

    @property
    def steps(self) -> str:
        """“months”, “quarters” or “years”: what the source counts by."""
        return STEPS.get(self.step, f"periods of {self.step} months")

    @property
    def rest(self) -> Counts | None:
        """The other areas together, by month."""
        return None if self.others is None or not len(self.others) else self.others.sum(axis=0)

    @property
    def everyone(self) -> int:
        """How many areas there are, this one included."""
        return 1 + len(self.other_names)

    def history(self, period: Period, months: int) -> Period | None:
        """The longest unbroken run of at most `months` months straight before the period that the source covers by month."""
        if self.step > 1:
            return None
        have, last, length = set(self.months), shift(period.first_month, -1), 0
        while length < months and shift(last, -length) in have:
            length += 1
        return Period(shift(last, 1 - length), last) if length else None


@dataclass(frozen=True, slots=True)
class Comparator:
    """What the same measure did elsewhere. `who` reads after “than” and “across”."""

    slug: str
    who: str
    before: int
    after: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything worked out for one measure. `change` is None where the comparison cannot be made; `not_compared` says why."""

    series: Series
    period: Period
    against: Period | None
    after: int
    before: int | None
    dispersion: Dispersion | None
    change: CountChange | None
    not_compared: str
    comparators: tuple[Comparator, ...]
    pace: KeepingPace | None
    pace_base: Period | None
    ranking: tuple[RankRow, ...]
    ranking_seed: int

    @property
    def about(self) -> About:
        return self.series.about

    def comparator(self, slug: str) -> Comparator | None:
        return next((item for item in self.comparators if item.slug == slug), None)

    @property
    def known_dispersion(self) -> float | None:
        return self.dispersion.value if self.dispersion and self.dispersion.known else None

    def wording(self) -> Change:
        """The change as the sentences take it."""
        result = self.change
        assert result is not None
        return Change(
            before=result.before,
            after=result.after,
            percent=result.percent,
            low=finite(result.percent_low),
            high=finite(result.percent_high),
            low_chance=finite(100 * (result.low_chance - 1)),
            high_chance=finite(100 * (result.high_chance - 1)),
            p_value=result.p_value,
            p_chance=result.p_chance,
            p_e_test=result.p_e_test,
            dispersion=self.known_dispersion,
            steps=self.series.steps,
            history_months=self.dispersion.n if self.dispersion and self.dispersion.known else 0,
            left_out=name_months(events_before(self.series, self.period)) if self.known_dispersion else "",
        )

    def own_rank(self, name: str) -> tuple[RankRow, Place] | None:
        """The area's row of the ranking and what its sentence needs."""
        at = next((place for place, row in enumerate(self.ranking) if row.name == name), None)
        if at is None:
            return None
        row = self.ranking[at]
        following = next((item for item in self.ranking[at:] if item.rank > row.rank), None)
        ties = sum(item.rank == row.rank for item in self.ranking) - 1
        return row, Place(
            name=name,
            rank=row.rank,
            of=len(self.ranking),
            low=row.rank_low,
            high=row.rank_high,
            value=row.count,
            ties=ties,
            next_value=following.count if following else None,
            separable_from_next=bool(row.separable_from_next) if ties == 0 else False,
            dispersion_known=row.dispersion > 1 or self.known_dispersion is not None,
        )


def finite(value: float | None) -> float | None:
    """The value, or None where there is none or it is infinite (JSON knows no infinity)."""
    return None if value is None or not np.isfinite(value) else float(value)


def work_out(series: Series, *, area: str, period: Period, against: Period | None, seed: int) -> Figures:
    """Apply the methods to one measure. Pure: the same input gives the same figures."""
    after = series.total(period)
    why_not = _why_not_compared(series, against)
    spread = own_dispersion(series, period) if series.covers(period) else None
    before: int | None = None
    compared: CountChange | None = None
    elsewhere: tuple[Comparator, ...] = ()
    if against is not None and not why_not:
        before = series.total(against)
        compared = changes.compare_counts(before, after, dispersion=spread.value if spread else 1.0)
        elsewhere = comparators(series, period, against)
    pace, base = keeping_pace(series, period, spread) if not why_not else (None, None)
    return Figures(
        series=series,
        period=period,
        against=against,
        after=after,
        before=before,
        dispersion=spread,
        change=compared,
        not_compared=why_not,
        comparators=elsewhere,
        pace=pace,
        pace_base=base,
        ranking=rank_areas(series, area=area, period=period, seed=seed),
        ranking_seed=seed,
    )


def _why_not_compared(series: Series, against: Period | None) -> str:
    if against is None:
        return "There is no earlier period to compare with."
    gaps = missing_months(against, series.months)
    if not gaps and not series.covers(against):
        return f"Not compared: the source counts by {series.steps}, and none of them make up {against.title}."
    return f"Not compared: the source has nothing for {name_months(gaps)}." if gaps else ""


def own_dispersion(series: Series, period: Period) -> Dispersion:
    """How much the area's months vary, round the season of the others together (its own where there are no others)."""
    return _dispersion(series.own, series.rest, series, period)


def _dispersion(own: Counts, rest: Counts | None, series: Series, period: Period) -> Dispersion:
    window = series.history(period, HISTORY_MONTHS)
    if window is None:
        return changes.dispersion(np.zeros(1))
    where = series.where(window)
    left_out = np.isin(np.asarray(series.months)[where], series.events)
    return changes.dispersion(
        own[where], expected=None if rest is None else rest[where], left_out=left_out if left_out.any() else None
    )


def events_before(series: Series, period: Period) -> list[int]:
    """The months of known events among those that the dispersion would look at."""
    window = series.history(period, HISTORY_MONTHS)
    if window is None:
        return []
    whole_years = window.months[-(len(window) // YEAR * YEAR) :] if len(window) >= YEAR else ()
    return [month for month in whole_years if month in series.events]


def comparators(series: Series, period: Period, against: Period) -> tuple[Comparator, ...]:
    """The whole force and the areas together, both named; one of them where they do not differ."""
    rest = series.rest
    if rest is None:
        return ()
    together = rest + series.own
    found = [
        _comparator(f"{plural(series.level)}-{series.everyone}", areas_title(series), together, series, period, against)
    ]
    if series.not_placed is not None and series.not_placed.any():
        who = f"the whole force (rows not placed in a {series.level} included)"
        found.insert(0, _comparator("force-total", who, together + series.not_placed, series, period, against))
    return tuple(found)


def _comparator(slug: str, who: str, counts: Counts, series: Series, period: Period, against: Period) -> Comparator:
    before, after = int(counts[series.where(against)].sum()), int(counts[series.where(period)].sum())
    return Comparator(slug, who, before, after, changes.percent_change(before, after))


def plural(level: str) -> str:
    """“borough” → “boroughs”; “community” → “communities”."""
    return f"{level[:-1]}ies" if level.endswith("y") else f"{level}s"


def areas_title(series: Series) -> str:
    return f"the {series.everyone} {plural(series.level)} together"


def keeping_pace(series: Series, period: Period, spread: Dispersion | None) -> tuple[KeepingPace | None, Period | None]:
    """What keeping its share of the others' counts would have given, from the share of the 24 months before."""
    base, rest = series.history(period, PACE_MONTHS), series.rest
    if base is None or rest is None or len(base) < PACE_MONTHS:
        return None, None
    then, now = series.where(base), series.where(period)
    if min(series.own[then].sum(), rest[then].sum(), rest[now].sum()) < LEAST_FOR_PACE:
        return None, None
    result = changes.keeping_pace(
        series.own[then], series.own[now], rest[then], rest[now], dispersion=spread.value if spread else 1.0
    )
    return result, base


def rank_areas(series: Series, *, area: str, period: Period, seed: int) -> tuple[RankRow, ...]:
    """Rank the areas by count, each with its own dispersion round the season of the rest."""
    if series.others is None or not len(series.others) or not series.covers(period):
        return ()
    names = [area, *series.other_names]
    order = sorted(range(len(names)), key=lambda at: names[at])
    table = np.vstack([series.own, series.others])[order]
    total, where = table.sum(axis=0), series.where(period)
    spreads = [_dispersion(row, total - row, series, period).value for row in table]
    ranking = comparison.rank(
        table[:, where].sum(axis=1), names=[names[at] for at in order], dispersion=spreads, seed=seed
    )
    return ranking.rows
