"""What a load says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[str, float], None]  # what is being done, and the share done from 0 to 1


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a file held and what became of it. `read` = `loaded` + refused (shapes of one area joined count once each).

    `repaired` and `refused` are sentences; `messages` say what else a person should know.
    """

    level: str
    vintage: str
    read: int
    loaded: int
    repaired: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    source: str = ""
    messages: list[str] = field(default_factory=list)


def silent(_doing: str, _share: float) -> None:
    """Progress for nobody."""
