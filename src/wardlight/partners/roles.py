"""The roles a person can hold in an agency. They live in code, so that what each may do is read and tested in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """`describes` is what an administrator reads when giving the role."""

    slug: str
    title: str
    describes: str


ANALYST = "analyst"
STRATEGY_LEAD = "strategy_lead"
BOARD_MEMBER = "board_member"
INFORMATION_GOVERNANCE = "information_governance"
ADMINISTRATOR = "administrator"

ROLES: dict[str, Role] = {
    role.slug: role
    for role in (
        Role(
            ANALYST,
            "Analyst",
            "Imports data, works out assessments, edits their words and publishes them.",
        ),
        Role(
            STRATEGY_LEAD,
            "Strategy lead",
            "Reads everything the analyst makes, edits words, proposes priorities and publishes.",
        ),
        Role(
            BOARD_MEMBER,
            "Board member",
            "Reads assessments, measures and maps. Changes nothing.",
        ),
        Role(
            INFORMATION_GOVERNANCE,
            "Information governance lead",
            "Reads who did what and when, where data came from, and what was refused or undone.",
        ),
        Role(
            ADMINISTRATOR,
            "Administrator",
            "Adds agencies and people, gives and takes away roles. Does not see records by that alone.",
        ),
    )
}


def titles(slugs: Iterable[str]) -> list[str]:
    """The titles of some roles, in the order they are listed here; unknown ones are left out."""
    wanted = set(slugs)
    return [role.title for slug, role in ROLES.items() if slug in wanted]
