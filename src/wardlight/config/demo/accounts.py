"""The demo partnership, its agencies and one person for each role, each with a password made up on this machine."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from wardlight.config.home import home, write_private
from wardlight.partners import operations, roles
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import Agency, Partnership, User

from .town import BOROUGH

NAME = "Larkmoor Community Safety Partnership (demonstration)"
SLUG = "larkmoor"
AGENCIES = {
    "Larkmoor Council": "council",
    "Moorland Police": "police",
    "Moorland Fire and Rescue": "fire",
    "Larkmoor Integrated Care Board": "health",
    "Moorland Probation": "probation",
    "Larkmoor Voluntary Action": "voluntary",
}
PEOPLE = (
    ("analyst", "Robin Vale", "Larkmoor Council", (roles.ANALYST,)),
    ("strategy", "Sam Heath", "Larkmoor Council", (roles.STRATEGY_LEAD,)),
    ("board", "Alex Fell", "Moorland Police", (roles.BOARD_MEMBER,)),
    ("governance", "Jo Tarn", "Larkmoor Council", (roles.INFORMATION_GOVERNANCE,)),
    ("administrator", "Kit Beck", "Larkmoor Council", (roles.ADMINISTRATOR,)),
)
DOMAIN = "larkmoor.example"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one person signs in to the demo."""

    role: str
    email: str
    password: str


def sign_ins_path() -> Path:
    """The file with the demo's passwords, readable by its owner only."""
    return home() / "demo-sign-ins.txt"


def the_demo_partnership() -> Partnership:
    """The demo partnership, which has to be there."""
    return Partnership.objects.get(slug=SLUG)


def make_partnership() -> None:
    """Make whatever is not there yet of the partnership, its agencies and its people."""
    partnership = Partnership.objects.filter(slug=SLUG).first() or operations.create_partnership(
        name=NAME, slug=SLUG, by=COMMAND_LINE, home_area_level="borough", home_area_name=BOROUGH, synthetic=True
    )
    agencies = {agency.name: agency for agency in Agency.objects.filter(partnership=partnership)}
    for name, kind in AGENCIES.items():
        if name not in agencies:
            agencies[name] = operations.add_agency(partnership=partnership, name=name, kind=kind, by=COMMAND_LINE)
    _make_people(agencies)


def sign_ins() -> list[SignIn]:
    """What the passwords file says."""
    lines = sign_ins_path().read_text(encoding="utf-8").splitlines()
    return [SignIn(*line.split("\t")) for line in lines if line.count("\t") == 2]


def _make_people(agencies: dict[str, Agency]) -> None:
    """Passwords are kept before they are used, so that an interrupted start never leaves one that nobody knows."""
    if not sign_ins_path().exists():
        made = [
            f"{roles.ROLES[held[0]].title}\t{who}@{DOMAIN}\t{secrets.token_urlsafe(12)}" for who, _, _, held in PEOPLE
        ]
        write_private(sign_ins_path(), "\n".join(made) + "\n")
    passwords = {one.email: one.password for one in sign_ins()}
    for who, name, agency, held in PEOPLE:
        email = f"{who}@{DOMAIN}"
        if not User.objects.filter(email=email).exists():
            operations.add_member(
                agency=agencies[agency], email=email, name=name, roles=held, by=COMMAND_LINE, password=passwords[email]
            )
