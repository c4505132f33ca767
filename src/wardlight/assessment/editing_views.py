"""The pages where an analyst edits words, leaves findings out, proposes priorities, runs again and publishes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wardlight.partners.access import role_required
from wardlight.partners.actors import Actor
from wardlight.partners.refusal import Refusal

from . import operations, pages, policies, queries
from .forms import ChapterForm, FindingForm, PriorityForm, PublishForm
from .models import Assessment
from .views import crumbs, the_assessment


def _editable(request: HttpRequest, pk: int) -> Assessment:
    found = the_assessment(request, pk)
    policies.check_edit(request.user, found)
    return found


def _form_page(request: HttpRequest, assessment: Assessment, form: BaseForm, **words: Any) -> HttpResponse:
    context = {"crumbs": crumbs(assessment), "form": form, **words}
    context.setdefault("back", reverse("assessment-edit", args=[assessment.pk]))
    context.setdefault("button", "Save")
    context.setdefault("paragraphs", [])
    context.setdefault("inset", "")
    return render(request, "assessment/form.html", context, status=422 if form.is_bound else 200)


@require_safe
@role_required()
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that can be edited, as lists of links."""
    found = _editable(request, pk)
    return render(
        request,
        "assessment/assessment_edit.html",
        {
            "crumbs": crumbs(found),
            "assessment": found,
            "priorities": pages.priority_links(found.priorities.all()),
            "tables": pages.editing_tables(queries.chapters_with_findings(found)),
            "rerun_url": reverse("assessment-rerun", args=[found.pk]),
            "read_url": reverse("assessment", args=[found.pk]),
        },
    )


@require_http_methods(["GET", "POST"])
@role_required()
def edit_finding(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """One finding's words, and whether and where it appears."""
    found = _editable(request, pk)
    item = get_object_or_404(found.findings.select_related("chapter", "assessment__partnership"), pk=finding)
    keys = list(item.chapter.findings.order_by("order", "pk").values_list("key", flat=True))
    now = {
        "words": item.analyst_words,
        "place": keys.index(item.key) + 1,
        "headline": item.headline,
        "hidden": item.hidden,
    }
    form = FindingForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_finding(finding=item, by=Actor.of(request.user), **form.cleaned_data)
            return _saved(request, found, "The finding has been changed.")
        except Refusal as refusal:
            form.add_error("headline", str(refusal))
    return _form_page(request, found, form, heading=item.title, inset=item.statement)


@require_http_methods(["GET", "POST"])
@role_required()
def edit_chapter(request: HttpRequest, pk: int, chapter: int) -> HttpResponse:
    """The words at the head of a chapter."""
    found = _editable(request, pk)
    item = get_object_or_404(found.chapters.select_related("assessment__partnership"), pk=chapter)
    form = ChapterForm(request.POST or None, initial={"words": item.words})
    if request.method == "POST" and form.is_valid():
        operations.edit_chapter(chapter=item, by=Actor.of(request.user), words=form.cleaned_data["words"])
        return _saved(request, found, "The chapter has been changed.")
    return _form_page(request, found, form, heading=item.title)


@require_http_methods(["GET", "POST"])
@role_required()
def edit_priority(request: HttpRequest, pk: int, priority: int) -> HttpResponse:
    """Propose a theme, or leave it out with a reason."""
    found = _editable(request, pk)
    item = get_object_or_404(found.priorities.select_related("assessment__partnership"), pk=priority)
    concern = item.matrix.get("concern", {})
    scored = concern.get("score") is not None
    now = {
        "status": item.status,
        "reason": item.reason,
        "concern": concern.get("score") if scored else "",
        "concern_says": concern.get("says", "") if scored else "",
    }
    form = PriorityForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_priority(priority=item, by=Actor.of(request.user), **form.cleaned_data)
            return _saved(request, found, "The proposal has been changed.")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _form_page(request, found, form, heading=item.title, paragraphs=pages.matrix_sentences(item))


def _saved(request: HttpRequest, assessment: Assessment, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("assessment-edit", assessment.pk)


@require_http_methods(["GET", "POST"])
@role_required()
def rerun(request: HttpRequest, pk: int) -> HttpResponse:
    """Work it out again with the data of today; the words are carried over and the old run stays."""
    found = _editable(request, pk)
    if request.method == "POST":
        try:
            started = operations.rerun(assessment=found, by=Actor.of(request.user))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("assessment-edit", found.pk)
        return redirect("assessment", started.pk)
    return render(request, "assessment/assessment_rerun.html", {"crumbs": crumbs(found), "assessment": found})


@require_http_methods(["GET", "POST"])
@role_required()
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a version that never changes."""
    found = the_assessment(request, pk)
    policies.check_publish(request.user, found)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = operations.publish(
                assessment=found, public=form.cleaned_data["public"] == "yes", by=Actor.of(request.user)
            )
            messages.success(request, f"Version {version.number} has been published.")
            return redirect("assessment", found.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _form_page(
        request,
        found,
        form,
        heading="Publish this assessment?",
        paragraphs=["A published version never changes. To correct it, change the draft and publish the next version."],
        button="Publish",
        back=reverse("assessment", args=[found.pk]),
    )
