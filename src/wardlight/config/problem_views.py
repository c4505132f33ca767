"""The pages for what went wrong, in plain words. No traceback ever reaches a person."""

from __future__ import annotations

import logging
import sys

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from wardlight.partners import faults
from wardlight.partners.refusal import Refusal

logger = logging.getLogger(__name__)
LARGEST_ID = 2**31 - 1  # as far as every database counts


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "problems/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "problems/forbidden.html", {"words": words}, status=403)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: a form was sent from a page too old to trust."""
    logger.warning("a form was refused: %s", reason)
    return render(request, "problems/expired.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Needs no database, no session and no context: any of them may be what broke."""
    error = sys.exc_info()[1]
    words = faults.explain(error) if error is not None else None
    return HttpResponse(
        get_template("problems/broken.html").render({"words": words or ""}), status=503 if words else 500
    )


class RefusalMiddleware:
    """Shows the sentence of a `Refusal` that a view let through, with status 400.

    An address with a number too large for any row is one of nothing: databases would stumble over it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]) -> None:
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise Http404("There is nothing with such a number.")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "problems/refused.html", {"words": str(exception)}, status=400)
