"""What is at the top of every page: whose service it is, who is signed in, where they can go and where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from wardlight.partners import policies, queries, roles
from wardlight.partners.models import Partnership

READERS = tuple(roles.ROLES)
DATA = (roles.ANALYST, roles.INFORMATION_GOVERNANCE)
# (words, named address, who sees it)
PAGES = [
    ("Home", "home", READERS),
    ("Assessments", "assessments", READERS),
    ("Measures", "measures", READERS),
    ("Places", "places", READERS),
    ("Map", "map", READERS),
    ("Imports", "imports", DATA),
    ("Data quality", "data-quality", DATA),
    ("People", "people", (roles.ADMINISTRATOR,)),
    ("Audit", "audit", (roles.INFORMATION_GOVERNANCE,)),
]


@dataclass(frozen=True, slots=True)
class Destination:
    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Service:
    """`name` is the partnership's, which comes first; `person` is empty when nobody is signed in; `mail`: can we send
    e-mail?"""

    name: str = "Wardlight"
    home: str = "/"
    person: str = ""
    synthetic: bool = False
    mail: bool = False
    several: bool = False
    destinations: list[Destination] = field(default_factory=list)


def service(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `service`, worked out only when a template asks for it."""
    return {"service": SimpleLazyObject(lambda: describe(request))}


def describe(request: HttpRequest) -> Service:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        partnership = queries.only_partnership()
        return Service(
            name=partnership.name if partnership else "Wardlight",
            home=reverse("public-home"),
            synthetic=bool(partnership and partnership.synthetic),
            mail=bool(settings.EMAIL_HOST),
        )
    theirs = list(queries.partnerships_of(user))
    if not theirs:
        return Service(person=user.name, home=reverse("home"))
    partnership = queries.current_partnership(request)
    return Service(
        name=partnership.name,
        home=reverse("home"),
        person=user.name,
        synthetic=partnership.synthetic,
        several=len(theirs) > 1,
        destinations=list(_destinations(request, partnership)),
    )


def _destinations(request: HttpRequest, partnership: Partnership) -> Iterator[Destination]:
    held = policies.roles_of(request.user, partnership)
    shown = [(text, reverse(name)) for text, name, who in PAGES if held & set(who)]
    here = max((href for _, href in shown if request.path.startswith(href)), key=len, default="")
    for text, href in shown:
        yield Destination(text, href, href == here)
