"""The measure pages: the overview, and one measure with definition, chart, table and download."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from wardlight.govuk.downloads import csv_response
from wardlight.partners.access import role_required
from wardlight.partners.queries import current_partnership

from . import presenters, queries, summaries
from .models import Measure

MONTHS_A_PAGE = 36
DOWNLOAD_HEADINGS = [
    "measure", "area", "first_month", "last_month", "count", "denominator", "value", "low", "high", "method", "source",
]  # fmt: skip


@require_safe
@role_required()
def measures(request: HttpRequest) -> HttpResponse:
    """Every measure, with the last two years for one area."""
    partnership = current_partnership(request)
    areas = list(summaries.areas_with_readings(partnership))
    area = summaries.chosen_area(partnership, areas, request.GET.get("area", ""))
    rows = summaries.overview(partnership, area) if area else []
    return render(
        request,
        "measures/measures.html",
        {
            "areas": areas,
            "area": area,
            "table": presenters.overview_table(rows, area) if area and rows else None,
            "definitions": presenters.definitions_table(list(queries.definitions())),
        },
    )


@require_safe
@role_required()
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """One measure for one area."""
    found = _measure(slug)
    partnership = current_partnership(request)
    areas = list(summaries.areas_with_readings(partnership).filter(readings__measure=found).distinct())
    area = summaries.chosen_area(partnership, areas, request.GET.get("area", ""))
    readings = summaries.series(partnership, found, area) if area else []
    table = presenters.readings_table(found, readings)
    page = Paginator(table.rows, MONTHS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "measures/measure.html",
        {
            "crumbs": [("Measures", reverse("measures"))],
            "measure": found,
            "areas": areas,
            "area": area,
            "answer": presenters.answer(found, area, readings) if area else "",
            "figure": presenters.chart(found, area, readings) if area else None,
            "table": presenters.Table(table.caption, table.columns, list(page.object_list), table.note),
            "page": page,
            "definition": presenters.definition_rows(found),
            "download_url": f"{reverse('measure-download', args=[slug])}?area={area.pk}" if area else "",
            "map_url": _map_address(slug),
        },
    )


@require_safe
@role_required()
def download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The readings of one measure for one area, as CSV."""
    found = _measure(slug)
    partnership = current_partnership(request)
    areas = list(summaries.areas_with_readings(partnership).filter(readings__measure=found).distinct())
    area = summaries.chosen_area(partnership, areas, request.GET.get("area", ""))
    if area is None:
        raise Http404("There are no readings of this measure.")
    rows = (
        [
            slug, area.name, reading.first_month, reading.last_month, reading.numerator, reading.denominator,
            reading.value, reading.low, reading.high, reading.method, reading.source,
        ]
        for reading in summaries.series(partnership, found, area)
    )  # fmt: skip
    return csv_response(slug, DOWNLOAD_HEADINGS, rows)


def _measure(slug: str) -> Measure:
    found = next((one for one in queries.definitions() if one.slug == slug), None)
    if found is None:
        raise Http404("There is no such measure.")
    return found


def _map_address(slug: str) -> str:
    """The map explorer is in a layer above: it may not be installed."""
    try:
        return f"{reverse('map')}?measure={slug}"
    except NoReverseMatch:
        return ""
