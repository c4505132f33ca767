"""Numbers as people read them: “1,553”, “41%”, “6th”, “two fifths”, with U+2212 for minus."""

from __future__ import annotations

import math

MINUS = "\u2212"
NONE = "\u2013"
SMALL_BASE = 20  # below this no percentage is written
SMALL_COUNT = 10  # below this no rate is written
FRACTIONS = (
    (10.0, "a tenth"), (12.5, "an eighth"), (20.0, "a fifth"), (25.0, "a quarter"), (33.333, "a third"),
    (40.0, "two fifths"), (50.0, "half"), (60.0, "three fifths"), (66.667, "two thirds"), (75.0, "three quarters"),
    (80.0, "four fifths"),
)  # fmt: skip
NEAR_ENOUGH = 1.5  # percentage points from a fraction within which its name is used


def count(value: float) -> str:
    """1553 → “1,553”; −3 → “−3”."""
    whole = round_half_up(value)
    return f"{MINUS if whole < 0 else ''}{abs(whole):,}"


def round_half_up(value: float) -> int:
    """0.5 away from zero, as people round; Python's own `round` goes to the even number."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def decimal(value: float, places: int = 1) -> str:
    """−7.63 → “−7.6”."""
    factor = 10**places
    rounded = round_half_up(value * factor) / factor
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,.{places}f}"


def percent(value: float, places: int = 0) -> str:
    """40.6 → “41%”; −7.63 to one place → “−7.6%”."""
    return f"{decimal(value, places)}%"


def end_percent(value: float, places: int = 0) -> str:
    """The end of an interval: as `percent`, with as many decimals more (at most two) as it takes not to read 0%."""
    for more in range(3):
        text = percent(value, places + more)
        if text.strip(f"{MINUS}0.%"):
            return text
    return percent(value, places) if not value else "less than 0.01%"


def signed_percent(value: float, places: int = 0) -> str:
    """14.8 → “+15%”; −40.6 → “−41%”; nothing left after rounding → “0%”."""
    text = end_percent(value, places)
    return text if text.startswith(MINUS) or not text.strip("0.%") else f"+{text}"


def ordinal(number: int) -> str:
    """6 → “6th”, 1 → “1st”, 12 → “12th”."""
    if 10 <= number % 100 <= 20:
        return f"{number:,}th"
    return f"{number:,}" + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def fraction(value: float) -> str | None:
    """The plain name of a percentage that lies near a simple fraction: 40.6 → “two fifths”; 26.4 → “a quarter”."""
    near = min(FRACTIONS, key=lambda item: abs(item[0] - value))
    return near[1] if abs(near[0] - value) <= NEAR_ENOUGH else None


def p_value(value: float) -> str:
    """0.0004 → “p < 0.001”; 0.0421 → “p = 0.042”."""
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def how_often(probability: float) -> str:
    """How often chance alone gives as much, in words: 0.5 → “about one time in two”."""
    if probability >= 0.9:
        return "nearly every time"
    if probability >= 0.6:
        return "about two times in three"
    if probability < 0.01:
        return "less than one time in a hundred"
    return f"about one time in {_small_number(round_half_up(1 / probability))}"


def _small_number(number: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else str(number)


def in_words(number: int) -> str:
    """3 → “three”, 14 → “14”."""
    return _small_number(number)


def listing(items: list[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" and {items[-1]}" if items else ""
