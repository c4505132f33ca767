"""The map explorer: a drawn map with its list, the same on request as an interactive one with a month slider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from wardlight.govuk.components import Figure
from wardlight.govuk.downloads import csv_response
from wardlight.measures.models import Measure
from wardlight.partners.access import role_required
from wardlight.partners.queries import current_partnership

from . import map_presenters as presenters
from .map_forms import MapForm, chosen_measure
from .map_queries import LEVELS, MapData, home_area, map_data

LISTED = 40


@dataclass(frozen=True, slots=True)
class _Asked:
    measure: Measure | None
    level: str
    show: str
    home: str
    data: MapData | None


def _asked(request: HttpRequest) -> _Asked:
    """What the address asks for. Anything it gets wrong falls back to the default."""
    partnership = current_partnership(request)
    measure = chosen_measure(request.GET.get("measure", ""))
    home = home_area(partnership)
    within = None if request.GET.get("within") == "all" else home
    show = presenters.RATE if request.GET.get("show") == presenters.RATE else presenters.COUNT
    asked = request.GET.get("level", "")
    months = [_month(request.GET.get(name, "")) for name in ("first", "last")]
    data = None
    level = asked if asked in LEVELS else LEVELS[0]
    for level in [asked] if asked in LEVELS else LEVELS:
        if measure is not None and data is None:
            data = map_data(
                partnership=partnership,
                measure=measure,
                level=level,
                first_month=months[0],
                last_month=months[1],
                within=within,
            )
        if data is not None:
            break
    return _Asked(measure, level if data else asked or LEVELS[0], show, home.name if home else "", data)


def _month(text: str) -> int | None:
    return int(text) if len(text) == 6 and text.isdecimal() and 1 <= int(text[4:]) <= 12 else None


@require_safe
@role_required()
def explorer(request: HttpRequest) -> HttpResponse:
    """The map and its list."""
    asked = _asked(request)
    return render(request, "assessment/map.html", {"form": _form(request, asked), **_shown(request, asked)})


def _form(request: HttpRequest, asked: _Asked) -> MapForm:
    months = asked.data.every_month if asked.data else []
    shown = asked.data.months if asked.data else []
    initial = {
        "measure": asked.measure.slug if asked.measure else "",
        "level": asked.level,
        "first": shown[0] if shown else None,
        "last": shown[-1] if shown else None,
        "within": "all" if request.GET.get("within") == "all" or not asked.home else "home",
        "show": asked.show,
    }
    return MapForm(initial=initial, months=months, home=asked.home)


def _shown(request: HttpRequest, asked: _Asked) -> dict[str, Any]:
    data, measure = asked.data, asked.measure
    if data is None or measure is None:
        return {"measure": measure, "data": None, "figure": None, "interactive": None, "level": asked.level}
    svg = presenters.picture(data, asked.show)
    edges = presenters.breaks([presenters.value(area, asked.show) or 0 for area in data.areas])
    return {
        "measure": measure,
        "data": data,
        "level": asked.level,
        "answer": presenters.answer(measure, data),
        "figure": _figure(measure, data, svg) if svg else None,
        "key": presenters.key(edges, asked.show),
        "table": presenters.table(data, limit=LISTED),
        "download_url": f"{reverse('map-download')}?{request.GET.urlencode()}",
        "measure_url": reverse("measure", args=[measure.slug]),
        "interactive": _interactive(request, data) if svg else None,
    }


def _figure(measure: Measure, data: MapData, svg: str) -> Figure:
    population = f" Residents: {data.population_source}." if data.population_source else ""
    snapped = " Police points are snapped to the nearest map point." if data.source.startswith("police-uk") else ""
    return Figure(
        key="map-picture",
        title=f"{measure.title}, {presenters.period_words(data.months).removeprefix('in ')}",
        alt=presenters.alt(measure, data),
        svg=svg,
        note=f"Source: {data.source}.{population}{snapped}",
    )


def _interactive(request: HttpRequest, data: MapData) -> dict[str, Any]:
    digest = presenters.store_outlines(current_partnership(request), data)
    addresses = {
        "lib": static("built/maplibre-gl.mjs"),
        "worker": static("built/maplibre-gl-worker.mjs"),
        "outlines": reverse("map-outlines", args=[digest]),
    }
    return presenters.interactive(data, addresses)


@require_safe
@role_required()
@cache_control(private=True, max_age=31_536_000, immutable=True)
def outlines(request: HttpRequest, digest: str) -> HttpResponse:
    """The outlines of a map that was shown. Their address is their content, so they never change."""
    path = presenters.outlines_path(current_partnership(request), digest)
    if not path.is_file():
        raise Http404("There are no such outlines.")
    return HttpResponse(path.read_bytes(), content_type="application/geo+json")


@require_safe
@role_required()
def download(request: HttpRequest) -> StreamingHttpResponse:
    """The whole list as CSV."""
    asked = _asked(request)
    if asked.data is None or asked.measure is None:
        raise Http404("There is nothing to download for this choice.")
    headings, *rows = presenters.csv_rows(asked.data)
    return csv_response(f"map-{asked.measure.slug}-{asked.level}", [str(heading) for heading in headings], rows)
