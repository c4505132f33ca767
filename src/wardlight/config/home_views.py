"""The first page after signing in: what is waiting, and what this person can do here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wardlight.partners.access import role_required
from wardlight.partners.policies import roles_of
from wardlight.partners.queries import current_partnership

from .home_cards import cards, greeting


@require_safe
@role_required()
def home(request: HttpRequest) -> HttpResponse:
    partnership = current_partnership(request)
    held = roles_of(request.user, partnership)
    return render(request, "home/home.html", {"greeting": greeting(held), "cards": cards(partnership, held)})
