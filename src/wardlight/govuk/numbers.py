"""How numbers are written in text and tables: 1,553, 41%, −26.4%, an en dash for nothing."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

MINUS = "−"
NOTHING = "–"


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def thousands(value: float | int | None, decimals: int | None = None) -> str:
    """`1553` → `1,553`; `-4.5` → `−4.5`; None → `–`. Whole numbers show no decimals unless asked."""
    if value is None:
        return NOTHING
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return _signed(f"{round(value, decimals) or 0:,.{decimals}f}")


def percent(value: float | None, decimals: int | None = None) -> str:
    """`41.0` → `41%`; the value is already in hundredths."""
    return NOTHING if value is None else f"{thousands(value, decimals)}%"


def signed_percent(value: float | None, decimals: int = 1) -> str:
    """`-26.4` → `−26.4%`, `3.0` → `+3.0%`, what rounds to nothing → `0.0%`."""
    if value is None:
        return NOTHING
    rounded = round(value, decimals)
    sign = "+" if rounded > 0 else ""
    return f"{sign}{thousands(rounded if rounded else 0.0, decimals)}%"


def long_date(value: date | datetime | None) -> str:
    """`1 April 2020`, in local time; None → `–`."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day} {value:%B %Y}"


def long_time(value: datetime | None) -> str:
    """`1 April 2020 at 3:07pm`, in local time; None → `–`."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    half = "am" if local.hour < 12 else "pm"
    return f"{long_date(local)} at {local.hour % 12 or 12}:{local:%M}{half}"


MONTHS = [
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
]  # fmt: skip


def month_name(month: int | None) -> str:
    """`202004` → `April 2020`; None → `–`."""
    if month is None:
        return NOTHING
    return f"{MONTHS[month % 100 - 1]} {month // 100}"
