"""What a scope may say about records and counts, as a frozen value read from a scope's JSON definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """A filter. Empty fields do not restrict. `categories` includes every category below the ones named.

    Only `categories` and `sources` can be answered from counts; a filter that asks more of a count source gives
    nothing (see `needs_records`), unless the count source publishes that very scope as a category.
    """

    categories: tuple[str, ...] = ()
    not_categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    flags_all: tuple[str, ...] = ()
    flags_any: tuple[str, ...] = ()
    flags_none: tuple[str, ...] = ()
    victim_age_from: int | None = None
    victim_age_to: int | None = None
    victim_sex: str | None = None
    outcomes: tuple[str, ...] = ()

    @classmethod
    def from_definition(cls, definition: Mapping[str, Any]) -> RecordFilter:
        """Read a scope's definition. Raises ValueError that names an unknown key."""
        known = {field.name for field in fields(cls)}
        unknown = set(definition) - known
        if unknown:
            raise ValueError(f"A scope cannot have “{sorted(unknown)[0]}”: it may have {', '.join(sorted(known))}.")
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in definition.items()
        }
        return cls(**values)

    @property
    def needs_records(self) -> bool:
        """Whether the filter asks something that only record-level data can answer."""
        return bool(
            self.flags_all
            or self.flags_any
            or self.flags_none
            or self.victim_age_from is not None
            or self.victim_age_to is not None
            or self.victim_sex
            or self.outcomes
        )
