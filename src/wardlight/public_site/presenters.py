"""The words of the public site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardlight.assessment.models import PublishedVersion
from wardlight.assessment.pages import public_address
from wardlight.assessment.periods import Period
from wardlight.govuk.numbers import long_date

SMALL_NUMBERS = (
    "To protect people, tables here leave out counts below 10 and round the others to the nearest 5. "
    "Maps and tables of small places, premises and people are not published."
)


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    href: str
    period: str
    published: str


def item(version: PublishedVersion) -> Item:
    """A published assessment in the list."""
    assessment = version.assessment
    return Item(
        title=assessment.title,
        href=public_address(version),
        period=Period(assessment.first_month, assessment.last_month).title,
        published=f"Version {version.number}, published {long_date(version.published_at)}",
    )


def home_heading(versions: Sequence[PublishedVersion]) -> str:
    names = {version.partnership.name for version in versions}
    return f"How safe is our area? {names.pop()}" if len(names) == 1 else "How safe is our area?"
