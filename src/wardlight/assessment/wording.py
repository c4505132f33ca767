"""The sentences of an assessment, as pure functions of numbers: how much, compared with what, how sure.

“Fell” and “rose” are written only when the interval says so; counts on a small base are written as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import numerals as n

Verdict = Literal["rose", "fell", "unclear", "same"]
AS_MONTHS_VARY = "as months ordinarily vary"
CHANCE_ONLY = "assuming ordinary chance only"
CLEAR_P = 0.05
REPORTING = ("up", "monitor")  # directions in which a count follows willingness to report


@dataclass(frozen=True, slots=True)
class Change:
    """What the sentences about a change need. Percentages as 41.0 for 41%, signed; `None` where there is none."""

    before: int
    after: int
    percent: float | None
    low: float | None  # as months ordinarily vary, or by chance when no history was long enough
    high: float | None
    low_chance: float | None
    high_chance: float | None
    p_value: float
    p_chance: float
    p_e_test: float
    dispersion: float | None  # None: no history
    history_months: int = 0
    steps: str = "months"  # what the source counts by; “years” know of no months
    left_out: str = ""  # months of a known event that the dispersion leaves out, in words

    @property
    def small(self) -> bool:
        """Whether the base is too small for a percentage."""
        return self.before < n.SMALL_BASE

    @property
    def verdict(self) -> Verdict:
        if self.before == self.after:
            return "same"
        if self.p_value < CLEAR_P and self._interval_excludes_no_change:
            return "rose" if self.after > self.before else "fell"
        return "unclear"

    @property
    def _interval_excludes_no_change(self) -> bool:
        above = self.low is not None and self.low > 0
        below = self.high is not None and self.high < 0
        return above or below


def lower_first(title: str) -> str:
    """“Personal robbery” → “personal robbery”; “ASB reports” and “NFIB fraud” stay."""
    first = title.split(" ", 1)[0]
    return (
        title
        if len(first) > 1 and first[1:].upper() == first[1:] and first[1:].isalpha()
        else title[:1].lower() + title[1:]
    )


def with_basis(change: Change) -> str:
    return AS_MONTHS_VARY if change.dispersion is not None else CHANCE_ONLY


def span(low: float, high: float, places: int = 0) -> str:
    """“30% to 50%” for −50…−30 or 30…50; which way is said at each end when the ends differ in sign."""
    if low < 0 < high:
        return _ends(low, high)
    small, large = sorted((abs(low), abs(high)))
    return f"{n.end_percent(small, places)} to {n.percent(large, places)}"


def spoken_title(title: str, direction: str) -> str:
    """“Recorded hate crime”, where what is counted is how much is reported as much as how much there is."""
    if direction not in REPORTING or "record" in title.lower() or "report" in title.lower():
        return title
    return f"Recorded {lower_first(title)}"


def reporting_caveat(direction: str, verdict: Verdict, *, found_by_police: bool = False) -> str:
    """What a clear change in reports may mean; nothing where fewer is simply better, or nothing clearly changed."""
    if direction not in REPORTING or verdict not in ("rose", "fell"):
        return ""
    if found_by_police:
        more = "more" if verdict == "rose" else "fewer"
        return f"It follows police activity: {more} searches and operations find {more} offences."
    if verdict == "rose":
        return "More reports can be good news: more people may be coming forward."
    return "Fewer reports need not be less harm: fewer people may be coming forward."


def change_statement(title: str, change: Change, *, comparison: str = "") -> str:
    """One sentence on a change, for any size of count. `comparison` is a further sentence, added as it is."""
    sentence = _change_sentence(title, change)
    return f"{sentence} {comparison}".strip()


def _change_sentence(title: str, change: Change) -> str:
    if change.before == change.after:
        return _no_difference(title, change.after)
    if change.small:
        return _small_change(title, change)
    if change.verdict == "unclear":
        return _unclear_change(title, change)
    return _clear_change(title, change)


def _no_difference(title: str, number: int) -> str:
    if number == 0:
        return f"{title}: none in either period."
    return f"{title}: {n.count(number)} in each period, no change."


def _small_change(title: str, change: Change) -> str:
    before, after = n.count(change.before), n.count(change.after)
    if change.verdict != "unclear":
        return f"{title} {change.verdict} from {before} to {after}: more than {_beyond(change)}."
    if change.p_e_test < CLEAR_P:
        return f"{title}: cannot tell. {before} before and {after} after is within how months ordinarily vary."
    often = n.how_often(change.p_e_test)
    return f"{title}: cannot tell. {before} before and {after} after is what chance alone gives {often}."


def _beyond(change: Change) -> str:
    return "chance alone gives" if change.dispersion is None else "months ordinarily vary"


def _unclear_change(title: str, change: Change) -> str:
    assert change.percent is not None
    assert change.low is not None
    assert change.high is not None
    more = "more" if change.percent >= 0 else "fewer"
    return (
        f"No clear change in {lower_first(title)}: {n.count(change.before)} before and {n.count(change.after)} after "
        f"({n.end_percent(abs(change.percent))} {more}; anywhere from {_ends(change.low, change.high)} "
        f"{with_basis(change)})."
    )


def _ends(low: float, high: float) -> str:
    """“11% fewer to 2% more”; “2% to 11% fewer” where both lie on one side, the nearer first."""
    if low * high > 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{n.end_percent(near)} to {n.end_percent(far)} {'fewer' if high < 0 else 'more'}"

    def end(value: float) -> str:
        shown = n.end_percent(abs(value))
        return "no change" if not value else f"{shown} {'fewer' if value < 0 else 'more'}"

    return f"{end(low)} to {end(high)}"


def _clear_change(title: str, change: Change) -> str:
    assert change.percent is not None
    assert change.low is not None
    assert change.high is not None
    size = abs(change.percent)
    name = n.fraction(size)
    numbers = f"from {n.count(change.before)} to {n.count(change.after)}"
    interval = f"{span(change.low, change.high)} {with_basis(change)}"
    kind = "fall" if change.verdict == "fell" else "rise"
    if change.percent > 100:
        by, brackets = f"{n.decimal(change.after / change.before)} times over", f"{n.percent(size)} more; {interval}"
        return f"{title} rose, {numbers}, {by} ({brackets}): a clear rise."
    if name:
        return f"{title} {change.verdict} by {name}, {numbers} ({n.percent(size)}; {interval}): a clear {kind}."
    return f"{title} {change.verdict} by {n.percent(size)}, {numbers} ({interval}): a clear {kind}."


def change_how_sure(change: Change) -> str:
    """Both intervals, the dispersion and the p values, in plain words."""
    tests = f"by chance alone {n.p_value(change.p_chance)} (exact), {n.p_value(change.p_e_test)} (E-test)"
    chance = _interval_by_chance(change)
    if change.dispersion is None:
        words = f"{chance} {_why_chance_only(change.steps)}"
        return f"{words} Tests of no change: {tests}.".strip()
    vary = (
        f"Months vary {n.decimal(change.dispersion)} times as much as chance would make them "
        f"(from {change.history_months} earlier months{_left_out(change)})."
        if n.decimal(change.dispersion) != "1.0"
        else f"Months vary no more than chance would make them (from {change.history_months} earlier "
        f"months{_left_out(change)})."
    )
    tests = f"Tests of no change: as months vary {n.p_value(change.p_value)}; {tests}."
    if change.small or change.low is None or change.high is None:
        return f"{vary} {tests}"
    return f"As months ordinarily vary: {_ends(change.low, change.high)}. {chance} {vary} {tests}"


def _why_chance_only(steps: str) -> str:
    if steps == "months":
        return "There is too little history to say how much months ordinarily vary."
    return (
        f"Counted by {steps}, so how much months ordinarily vary is not known: this assumes ordinary chance only, and may be "
        "too narrow."
    )


def _left_out(change: Change) -> str:
    return f", leaving out {change.left_out}" if change.left_out else ""


def _interval_by_chance(change: Change) -> str:
    if change.small or change.low_chance is None or change.high_chance is None:
        return ""
    return f"By chance alone: {_ends(change.low_chance, change.high_chance)}."


def comparator_statement(title: str, who: str, before: int, after: int, percent: float | None) -> str:
    """What the same offence did elsewhere: “Across the whole force, sexual offences fell by 7.6%, from … to …”."""
    start = f"Across {who}, {lower_first(title)}"
    numbers = f"from {n.count(before)} to {n.count(after)}"
    if percent is None or before < n.SMALL_BASE:
        return f"{start} went {numbers}."
    if n.decimal(abs(percent)) == "0.0":
        return f"{start} stayed level, {numbers}."
    return f"{start} {'fell' if percent < 0 else 'rose'} by {n.percent(abs(percent), 1)}, {numbers}."


def keeping_pace_statement(who: str, observed: int, expected: float, low: float, high: float) -> str:
    """What the area would have had if it had kept its earlier share of the comparator."""
    start = f"Keeping pace with {who} would have given {n.count(expected)}"
    if low <= observed <= high:
        return f"{start}; no clear difference."
    more = "more" if observed > expected else "fewer"
    return f"{start}; there were {n.count(abs(observed - n.round_half_up(expected)))} {more}, a clear difference."


def pace_how_sure(expected: float, low: float, high: float) -> str:
    """The interval of the count that keeping pace would have given."""
    return f"Keeping pace: {n.count(expected)} ({n.count(low)} to {n.count(high)})."


@dataclass(frozen=True, slots=True)
class Place:
    """An area's place in a ranking, and its neighbours in the list."""

    name: str
    rank: int
    of: int
    low: int
    high: int
    value: float
    ties: int = 0  # how many others share the place
    next_value: float | None = None
    separable_from_next: bool = False
    dispersion_known: bool = True


def rank_statement(title: str, place: Place, *, areas: str, best: str = "") -> str:
    """“Islington was 6th highest of 32 boroughs …”, with the places that fit, and whether 6th is apart from 7th."""
    shared = " (shared)" if place.ties else ""
    top = "highest" if place.rank == 1 else f"{n.ordinal(place.rank)} highest"
    first = (
        f"{place.name} was {top}{shared} of {place.of} {areas} for {lower_first(title)}, with {n.count(place.value)}."
    )
    return " ".join(part for part in (first, _places_that_fit(place), best) if part)


def _places_that_fit(place: Place) -> str:
    if place.low == place.high:
        return "The data fit no other place."
    about = "about " if place.dispersion_known else ""
    fit = f"The data fit anywhere from {n.ordinal(place.low)} to {about}{n.ordinal(place.high)}"
    if place.next_value is not None and not place.separable_from_next:
        following = n.ordinal(place.rank + 1 + place.ties)
        return f"{fit}, and it cannot be told apart from {following} ({n.count(place.next_value)})."
    return f"{fit}."


def level_statement(title: str, years: list[tuple[str, int]]) -> str:
    """The level over the years: the highest and the lowest, and where the latest stands among them."""
    latest_name, latest = years[-1]
    values = [value for _, value in years]
    if len(years) < 2:
        return f"{title}: {n.count(latest)} in {latest_name}."
    average = sum(values[:-1]) / (len(values) - 1)
    earlier = n.in_words(len(values) - 1)
    years_word = "year before" if len(values) == 2 else f"{earlier} years before"
    if latest == min(values) and latest < min(values[:-1]):
        stand = f"the lowest of {n.in_words(len(values))} years"
    elif latest == max(values) and latest > max(values[:-1]):
        stand = f"the highest of {n.in_words(len(values))} years"
    else:
        stand = (
            f"between the lowest ({n.count(min(values))}) and the highest ({n.count(max(values))}) of "
            f"{n.in_words(len(values))} years"
        )
    return f"{title}: {n.count(latest)} in {latest_name}, {stand}; the {years_word} averaged {n.count(average)}."


def rank_how_sure(low: int, high: int, low_chance: int, high_chance: int, *, steps: str = "months") -> str:
    """Both ranges of places; one where the source counts by quarters or years."""
    by_chance = (
        f"{n.ordinal(low_chance)} to {n.ordinal(high_chance)}" if low_chance != high_chance else n.ordinal(low_chance)
    )
    if steps != "months":
        return f"The data fit {by_chance}. {_why_chance_only(steps)}"
    vary = f"{n.ordinal(low)} to {n.ordinal(high)}" if low != high else n.ordinal(low)
    return f"By chance alone the data fit {by_chance}; as months ordinarily vary, {vary}."
