"""The places pages: what is known, one place, and loading files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wardlight.partners.access import role_required
from wardlight.partners.actors import Actor
from wardlight.partners.policies import may_role
from wardlight.partners.queries import current_partnership
from wardlight.partners.refusal import Refusal
from wardlight.partners.roles import ADMINISTRATOR, ANALYST

from . import operations, presenters, queries
from .forms import BoundaryForm, PopulationForm, PremisesForm
from .models import Area

LOADERS = (ADMINISTRATOR, ANALYST)
AREAS_A_PAGE = 50
NUMBERS_A_PAGE = 30
SHOWN_REFUSALS = 20


@require_safe
@role_required()
def places(request: HttpRequest) -> HttpResponse:
    """Which areas are known, what they lack, and a search."""
    words = request.GET.get("q", "").strip()
    found = queries.named_like(words)
    layers = queries.layers()
    context = {
        "words": words,
        "found": presenters.areas_table(found, "Places found") if found else None,
        "layers": presenters.layers_table(layers) if layers else None,
        "missing": presenters.missing(layers),
        "files": presenters.files_table(queries.loaded_files()),
        "may_load": may_role(request.user, current_partnership(request), *LOADERS),
    }
    return render(request, "places/places.html", context)


@require_safe
@role_required()
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One area: where it lies, what lies in it, how many people there are."""
    area = get_object_or_404(Area.objects.select_related("parent", "boundary"), pk=pk)
    inside = list(queries.children(area))
    asked = (request.GET.get("level", ""), request.GET.get("vintage", ""))
    sets = presenters.sets_of(inside)
    chosen = asked if asked in sets else next(iter(sets), ("", ""))
    drawn = [one for one in inside if (one.level, one.vintage) == chosen]
    numbers = Paginator(queries.population_years(area), NUMBERS_A_PAGE).get_page(request.GET.get("numbers"))
    children = Paginator(drawn, AREAS_A_PAGE).get_page(request.GET.get("page"))
    total = queries.denominator(area=area, year=presenters.this_year())
    context = {
        "area": area,
        "answer": presenters.answer(area, drawn, total),
        "crumbs": [("Places", reverse("places"))],
        "summary": presenters.summary(area),
        "figure": presenters.outline_figure(area, queries.outlines([area, *drawn]), drawn),
        "children": presenters.areas_table(list(children), f"Areas in {area.name}") if inside else None,
        "other_sets": presenters.set_links(inside, chosen),
        "page": children,
        "populations": presenters.populations_table(list(numbers)) if len(numbers) else None,
        "numbers": numbers,
        "measures_url": presenters.address("measures", f"?area={area.pk}"),
        "map_url": presenters.address("map"),
    }
    return render(request, "places/place.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*LOADERS)
def load_boundaries(request: HttpRequest) -> HttpResponse:
    """Take in a boundary file."""

    def load(path: Path, form: BoundaryForm) -> operations.LoadReport:
        return operations.load_boundaries(
            path=path,
            level=form.cleaned_data["level"] or None,
            vintage=form.cleaned_data["vintage"] or None,
            by=Actor.of(request.user),
        )

    return _load_page(request, "Load boundaries", BoundaryForm, load)


@require_http_methods(["GET", "POST"])
@role_required(*LOADERS)
def load_populations(request: HttpRequest) -> HttpResponse:
    """Take in a population file."""

    def load(path: Path, form: PopulationForm) -> operations.LoadReport:
        return operations.load_populations(
            path=path,
            by=Actor.of(request.user),
            kind=form.cleaned_data["counts"],
            year=form.cleaned_data["year"],
            level=form.cleaned_data["level"] or None,
        )

    return _load_page(request, "Load populations", PopulationForm, load)


@require_http_methods(["GET", "POST"])
@role_required(*LOADERS)
def load_premises(request: HttpRequest) -> HttpResponse:
    """Take in a list of premises."""

    def load(path: Path, form: PremisesForm) -> operations.LoadReport:
        partnership = current_partnership(request)
        return operations.load_premises(partnership=partnership, path=path, by=Actor.of(request.user))

    return _load_page(request, "Load premises", PremisesForm, load)


def _load_page(request: HttpRequest, title: str, form_class: Any, load: Callable[..., Any]) -> HttpResponse:
    form = form_class(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            report = _with_upload(form.cleaned_data["file"], lambda path: load(path, form))
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, presenters.loaded_words(report))
            if not report.refused:
                return redirect("places")
            refused = report.refused[:SHOWN_REFUSALS]
            more = len(report.refused) - len(refused)
            return render(request, "places/left_out.html", {"report": report, "refused": refused, "more": more})
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "places/load.html", {"form": form, "title": title}, status=status)


def _with_upload(file: UploadedFile, load: Callable[[Path], Any]) -> Any:
    """Run `load` on the file, kept under its own name in a folder of the home for as long as that takes."""
    home = Path(settings.HOME) / "uploads"
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home) as folder:
        path = Path(folder) / Path(file.name or "upload").name
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        return load(path)
