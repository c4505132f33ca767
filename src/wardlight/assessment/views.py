"""The pages that read, start and compare assessments. Editing and publishing are in `editing_views`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from wardlight.partners.access import role_required
from wardlight.partners.actors import Actor
from wardlight.partners.queries import current_partnership
from wardlight.partners.refusal import Refusal

from . import operations, pages, policies, queries
from .forms import AssessmentForm
from .models import Assessment

ROWS_A_PAGE = 25
FORMATS = [("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"), ("html", "Web page"), ("json", "Findings as JSON")]
UNFINISHED = (Assessment.Status.QUEUED, Assessment.Status.RUNNING)


def the_assessment(request: HttpRequest, pk: int) -> Assessment:
    """One assessment of the person's partnership; 404 for any other."""
    found = queries.assessments(partnership=current_partnership(request)).select_related("partnership").filter(pk=pk)
    assessment = found.annotate(published_count=Count("versions")).first()
    if assessment is None:
        raise Http404("There is no such assessment.")
    return assessment


def crumbs(assessment: Assessment | None = None) -> list[tuple[str, str]]:
    trail = [("Assessments", reverse("assessments"))]
    if assessment is not None:
        trail.append((assessment.title, reverse("assessment", args=[assessment.pk])))
    return trail


@require_safe
@role_required()
def assessments(request: HttpRequest) -> HttpResponse:
    """Every assessment, newest first."""
    partnership = current_partnership(request)
    found = queries.assessments(partnership=partnership).annotate(published_count=Count("versions"))
    page = Paginator(found.order_by("-created_at", "-pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "assessment/assessments.html",
        {
            "table": pages.assessments_table(page.object_list),
            "page": page,
            "may_make": policies.may_assess(request.user, partnership),
            "new_url": reverse("assessment-new"),
        },
    )


@require_http_methods(["GET", "POST"])
@role_required()
def new(request: HttpRequest) -> HttpResponse:
    """Start an assessment in the background."""
    partnership = current_partnership(request)
    policies.check_assess(request.user, partnership)
    choices = queries.choices(partnership=partnership)
    form = AssessmentForm(request.POST or None, areas=choices.areas, initial=choices.suggestion)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            started = operations.request(
                partnership=partnership,
                area=form.cleaned_data["area"],
                period=form.cleaned_data["period"],
                against=form.cleaned_data["against"],
                annotations=form.cleaned_data["events"],
                by=Actor.of(request.user),
            )
            return redirect("assessment", started.pk)
        except Refusal as refusal:
            form.add_error("period", str(refusal))
    if form.is_bound:
        status = 422
    context = {
        "crumbs": crumbs(),
        "form": form,
        "has_areas": choices.areas.exists(),
        "available": choices.available,
        "imports_url": reverse("imports"),
    }
    return render(request, "assessment/assessment_new.html", context, status=status)


@require_safe
@role_required()
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one: the draft as it stands, with where its working-out stands."""
    found = the_assessment(request, pk)
    context: dict[str, Any] = {
        "crumbs": crumbs(),
        "assessment": found,
        "status": pages.status_tag(found),
        "running": found.status in UNFINISHED,
        "document": None,
    }
    if found.status == Assessment.Status.READY:
        context |= _reading(request, found)
    return render(request, "assessment/assessment.html", context)


def _reading(request: HttpRequest, found: Assessment) -> dict[str, Any]:
    document = queries.document(found)
    return {
        "document": document,
        "cover": pages.cover_rows(document, newest=getattr(found, "published_count", 0)),
        "chapters": pages.chapter_blocks(document, interactive=True),
        "priorities": pages.priorities_table(document.priorities),
        "versions": pages.versions_table(queries.versions(assessment=found).select_related("partnership")),
        "may_edit": policies.may_edit(request.user, found),
        "edit_url": reverse("assessment-edit", args=[found.pk]),
        "publish_url": reverse("assessment-publish", args=[found.pk]),
        "compare_url": reverse("assessment-compare", args=[found.pk]) if queries.earlier(found).exists() else "",
        "downloads": _downloads(found),
    }


def _downloads(found: Assessment) -> list[pages.Link]:
    """The reports are in a layer above: they may not be installed."""
    try:
        return [pages.Link(text, reverse("assessment-download", args=[found.pk, ending])) for ending, text in FORMATS]
    except NoReverseMatch:
        return []


class CompareForm(forms.Form):
    """Which earlier assessment to compare with."""

    older = forms.ModelChoiceField(label="Compared with", queryset=Assessment.objects.none(), empty_label=None)

    def __init__(self, *args: Any, earlier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["older"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = earlier


@require_safe
@role_required()
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since an earlier assessment of the same area: a re-run, or last year's."""
    found = the_assessment(request, pk)
    earlier = queries.earlier(found)
    first = found.replaces or earlier.first()
    form = CompareForm(request.GET if "older" in request.GET else None, earlier=earlier, initial={"older": first})
    older = form.cleaned_data["older"] if form.is_bound and form.is_valid() else first
    changes = queries.compare(found, older) if older is not None else []
    return render(
        request,
        "assessment/assessment_compare.html",
        {
            "crumbs": crumbs(found),
            "form": form,
            "answer": pages.compare_answer(older, changes),
            "table": pages.changes_table(changes),
        },
    )
