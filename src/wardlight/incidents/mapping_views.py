"""The page between choosing a table of counts and importing it: how it is read, and how else it may be."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wardlight.partners.access import role_required
from wardlight.partners.actors import Actor
from wardlight.partners.queries import current_partnership
from wardlight.partners.refusal import Refusal
from wardlight.partners.roles import ANALYST

from . import mapping_presenters, operations, queries
from .mapping_forms import ReadingForm
from .models import Batch
from .sources.count_table import Proposal
from .sources.count_table_mapping import AS_LAST_TIME


@require_http_methods(["GET", "POST"])
@role_required(ANALYST)
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """See how a table is read; change it; import it or leave it."""
    batch = queries.batches(partnership=current_partnership(request)).filter(pk=pk).first()
    if batch is None:
        raise Http404("There is no such import.")
    if batch.status != Batch.Status.PROPOSED:
        return redirect("import-batch", pk)
    if request.method == "POST" and request.POST.get("do") == "decline":
        operations.decline_proposal(batch=batch, by=Actor.of(request.user))
        messages.success(request, "The table was not imported.")
        return redirect("imports")
    proposal = queries.proposal(batch)
    form = ReadingForm(proposal, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _act(request, batch, form)
        except Refusal as refusal:
            form.add_error(proposal.missing if proposal.missing in form.fields else None, str(refusal))
    return _page(request, batch, proposal, form)


def _act(request: HttpRequest, batch: Batch, form: ReadingForm) -> HttpResponse:
    """Import, or show the table again as it is now read."""
    by, mapping = Actor.of(request.user), form.mapping()
    newly_missing = queries.proposal(batch, mapping).missing not in ("", *form.fields)
    if request.POST.get("do") == "look" or form.looks_elsewhere or newly_missing:
        operations.change_proposal(batch=batch, mapping=mapping, by=by)
        messages.success(request, "This is how the table is read with your choices.")
        return redirect("import-reading", batch.pk)
    operations.accept_proposal(batch=batch, mapping=mapping, by=by)
    return redirect("import-batch", batch.pk)


def _page(request: HttpRequest, batch: Batch, proposal: Proposal, form: ReadingForm) -> HttpResponse:
    context = {
        "crumbs": [("Imports", reverse("imports")), ("Import data", reverse("import-new"))],
        "batch": batch,
        "file": batch.files[0]["name"],
        "others": mapping_presenters.other_files(batch),
        "form": form,
        "remembered": AS_LAST_TIME if proposal.remembered else "",
        "reasons": proposal.reasons,
        "problem": proposal.problem,
        "outcome": mapping_presenters.outcome(proposal),
        "first": mapping_presenters.first_counts(proposal),
        "sheet": mapping_presenters.sheet_preview(proposal),
    }
    return render(request, "incidents/import_reading.html", context, status=422 if form.is_bound else 200)
