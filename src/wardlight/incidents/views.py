"""The pages of imports and of data quality."""

from __future__ import annotations

import tomllib
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wardlight.govuk.downloads import csv_response
from wardlight.partners.access import role_required
from wardlight.partners.actors import Actor
from wardlight.partners.policies import may_role
from wardlight.partners.queries import current_partnership
from wardlight.partners.refusal import Refusal
from wardlight.partners.roles import ANALYST, INFORMATION_GOVERNANCE

from . import operations, presenters, quality, queries
from .forms import ImportForm, UndoForm
from .models import Batch
from .sources import SOURCES
from .sources.base import RefusedRow
from .sources.count_table import COUNT_TABLE

ROWS_A_PAGE = 25
REFUSALS_A_PAGE = 50
PASTED_NAME = "pasted table.txt"
UNFINISHED = (Batch.Status.QUEUED, Batch.Status.RUNNING)


@require_safe
@role_required(ANALYST, INFORMATION_GOVERNANCE)
def imports(request: HttpRequest) -> HttpResponse:
    """Every import, newest first."""
    partnership = current_partnership(request)
    page = Paginator(queries.batches(partnership=partnership), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "incidents/imports.html",
        {
            "table": presenters.batches_table(page.object_list),
            "page": page,
            "may_import": may_role(request.user, partnership, ANALYST),
            "new_url": reverse("import-new"),
        },
    )


@require_http_methods(["GET", "POST"])
@role_required(ANALYST)
def new(request: HttpRequest) -> HttpResponse:
    """Choose a source and its files; check them, or have the worker import them."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "check":
                return _check(request, form)
            proposed = _can_be_proposed(form)
            batch = (operations.propose_import if proposed else operations.queue_import)(
                partnership=current_partnership(request),
                source=form.cleaned_data["source"],
                uploads=_uploads(form),
                mapping=_mapping(form),
                by=Actor.of(request.user),
            )
            return redirect("import-reading" if proposed else "import-batch", batch.pk)
        except Refusal as refusal:
            form.add_error("pasted" if form.cleaned_data["pasted"] else "uploads", str(refusal))
    context = {"crumbs": _crumbs(), "form": form, "sources": SOURCES.values()}
    return render(request, "incidents/import_new.html", context, status=422 if form.is_bound else 200)


def _can_be_proposed(form: ImportForm) -> bool:
    """Tables of counts are shown as they are read before they land; those inside archives are read as they come."""
    names = [file.name.lower() for file in form.cleaned_data["uploads"] or []]
    return form.cleaned_data["source"] == COUNT_TABLE.slug and all(name.endswith(COUNT_TABLE.endings) for name in names)


def _check(request: HttpRequest, form: ImportForm) -> HttpResponse:
    """Read everything and keep nothing."""
    report = operations.check_uploads(
        partnership=current_partnership(request),
        source=form.cleaned_data["source"],
        uploads=_uploads(form),
        mapping=_mapping(form),
        by=Actor.of(request.user),
    )
    context = {"crumbs": _crumbs(("Import data", "import-new")), "new_url": reverse("import-new")}
    return render(request, "incidents/import_check.html", context | presenters.check_context(report))


def _uploads(form: ImportForm) -> list[operations.Upload]:
    uploads = [operations.Upload(file.name or "file", file.chunks()) for file in form.cleaned_data["uploads"] or []]
    if form.cleaned_data["pasted"]:
        uploads.append(operations.Upload(PASTED_NAME, [form.cleaned_data["pasted"].encode("utf-8")]))
    return uploads


def _mapping(form: ImportForm) -> dict[str, Any] | None:
    file = form.cleaned_data["mapping"]
    if file is None:
        return None
    try:
        return tomllib.loads(file.read().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"The mapping file {file.name} is not readable TOML: {error}.") from error


@require_safe
@role_required(ANALYST, INFORMATION_GOVERNANCE)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how far it is, what came of it, where it came from, what was refused."""
    found = _batch(request, pk)
    refused = Paginator(range(found.rows_refused), REFUSALS_A_PAGE).get_page(request.GET.get("page"))
    rows = queries.refusals(found, page=refused.number, per_page=REFUSALS_A_PAGE).rows
    may_undo = found.status == Batch.Status.LANDED and may_role(request.user, found.partnership, ANALYST)
    return render(
        request,
        "incidents/import_batch.html",
        {
            "crumbs": _crumbs(),
            "batch": found,
            "title": presenters.source_title(found.source),
            "status": presenters.status_tag(found),
            "running": found.status in UNFINISHED,
            "finished": found.status in (Batch.Status.LANDED, Batch.Status.UNDONE),
            "sum": presenters.sum_sentence(found),
            "totals": presenters.totals_rows(found),
            "provenance": presenters.provenance_rows(found),
            "files": presenters.files_table(found),
            "quality": presenters.quality_rows(found),
            "refusals": presenters.refusals_table(found.files, rows),
            "refusals_url": reverse("import-refusals", args=[found.pk]),
            "page": refused,
            "reading_url": reverse("import-reading", args=[found.pk]) if found.status == Batch.Status.PROPOSED else "",
            "may_undo": may_undo,
            "undo_url": reverse("import-undo", args=[found.pk]),
        },
    )


@require_safe
@role_required(ANALYST, INFORMATION_GOVERNANCE)
def refusals(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every refused row of an import, as CSV."""
    found = _batch(request, pk)
    rows = [RefusedRow(**row) for row in queries.all_refusals(found).iter_rows(named=True)]
    table = presenters.refusals_table(found.files, rows)
    return csv_response(f"refused-rows-{found.pk}", [column.title for column in table.columns], table.rows)


@require_http_methods(["GET", "POST"])
@role_required(ANALYST)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back, with a reason."""
    found = _batch(request, pk)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.undo_batch(batch=found, by=Actor.of(request.user), reason=form.cleaned_data["reason"])
            messages.success(request, f"Import {found.pk} has been undone.")
            return redirect("import-batch", found.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    address = reverse("import-batch", args=[found.pk])
    context = {
        "crumbs": [*_crumbs(), (f"Import {found.pk}", address)],
        "batch": found,
        "form": form,
        "back": address,
        "consequence": presenters.undo_consequence(found),
    }
    return render(request, "incidents/import_undo.html", context, status=422 if form.is_bound else 200)


@require_safe
@role_required(ANALYST, INFORMATION_GOVERNANCE)
def data_quality(request: HttpRequest) -> HttpResponse:
    """The coverage ledger, source by source, and what a reader must know."""
    coverage = queries.coverage(partnership=current_partnership(request))
    warnings = quality.warnings(coverage)
    return render(
        request,
        "incidents/data_quality.html",
        {
            "summary": presenters.coverage_summary(coverage),
            "tables": presenters.coverage_tables(coverage),
            "warnings": warnings,
            "answer": presenters.quality_answer(warnings),
        },
    )


def _batch(request: HttpRequest, pk: int) -> Batch:
    found = queries.batches(partnership=current_partnership(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such import.")
    return found


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Imports", reverse("imports")), *((text, reverse(name)) for text, name in more)]
