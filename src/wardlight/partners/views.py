"""Pages for people, agencies, the audit trail and one's own account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardlight.govuk.downloads import csv_response

from . import operations, policies, presenters, queries
from .access import role_required
from .actors import Actor
from .forms import AgencyForm, AuditFilterForm, EndForm, MemberForm, PartnershipForm, RolesForm
from .invitations import invitation_link
from .models import Membership
from .refusal import Refusal
from .roles import ADMINISTRATOR, INFORMATION_GOVERNANCE, titles

PEOPLE_A_PAGE = 50
EVENTS_A_PAGE = 50


@require_safe
@role_required(ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    partnership = queries.current_partnership(request)
    page = Paginator(queries.memberships(partnership=partnership), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    agencies = queries.agencies(partnership=partnership)
    context = {
        "page": page,
        "people": presenters.people_table(page.object_list),
        "agencies": presenters.agencies_table(agencies),
        "any_agencies": bool(agencies),
    }
    return render(request, "partners/people.html", context)


@require_http_methods(["GET", "POST"])
@role_required(ADMINISTRATOR)
def add_agency(request: HttpRequest) -> HttpResponse:
    form = AgencyForm(request.POST or None)
    if form.is_valid():
        try:
            operations.add_agency(
                partnership=queries.current_partnership(request), by=Actor.of(request.user), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{form.cleaned_data['name']} was added.")
            return redirect("people")
    return _form_page(request, "partners/add_agency.html", form)


def _form_page(request: HttpRequest, template: str, form, **context) -> HttpResponse:
    status = 400 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(ADMINISTRATOR)
def add_person(request: HttpRequest) -> HttpResponse:
    partnership = queries.current_partnership(request)
    form = MemberForm(request.POST or None, partnership=partnership)
    if form.is_valid():
        try:
            membership = operations.add_member(by=Actor.of(request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            link = invitation_link(request, membership.user) if policies.may_be_invited(membership) else ""
            return render(request, "partners/person_added.html", {"membership": membership, "link": link})
    return _form_page(request, "partners/add_person.html", form)


def _membership(request: HttpRequest, pk: int) -> Membership:
    return get_object_or_404(queries.memberships(partnership=queries.current_partnership(request)), pk=pk)


@require_http_methods(["GET", "POST"])
@role_required(ADMINISTRATOR)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    form = RolesForm(request.POST or None, initial={"roles": membership.roles})
    if form.is_valid():
        try:
            operations.change_roles(membership=membership, by=Actor.of(request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("roles", str(refusal))
        else:
            messages.success(request, f"{membership.user.name} is now: {', '.join(titles(membership.roles)).lower()}.")
            return redirect("people")
    rows = presenters.person_rows(_membership(request, pk))
    return _form_page(request, "partners/person.html", form, membership=membership, rows=rows)


@require_http_methods(["GET", "POST"])
@role_required(ADMINISTRATOR)
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            operations.end_membership(membership=membership, by=Actor.of(request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{membership.user.name} has left {membership.agency.name}.")
            return redirect("people")
    return _form_page(request, "partners/end_membership.html", form, membership=membership)


@never_cache
@require_POST
@role_required(ADMINISTRATOR)
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who has forgotten their password where no e-mail is sent."""
    membership = _membership(request, pk)
    operations.record_password_link(membership=membership, by=Actor.of(request.user))
    link = invitation_link(request, membership.user)
    return render(request, "partners/password_link.html", {"membership": membership, "link": link})


@require_safe
@role_required(INFORMATION_GOVERNANCE)
def audit(request: HttpRequest) -> HttpResponse:
    partnership = queries.current_partnership(request)
    form = AuditFilterForm(request.GET or None, partnership=partnership)
    events = queries.audit_events(partnership=partnership, **form.wanted())
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    table = presenters.audit_table(page.object_list)
    return _form_page(request, "partners/audit.html", form, page=page, events=table)


@require_safe
@role_required(INFORMATION_GOVERNANCE)
def audit_export(request: HttpRequest) -> HttpResponseBase:
    partnership = queries.current_partnership(request)
    form = AuditFilterForm(request.GET or None, partnership=partnership)
    events = queries.audit_events(partnership=partnership, **form.wanted())
    operations.record_disclosure(
        partnership=partnership, by=Actor.of(request.user), what="audit trail", rows=events.count()
    )
    rows = presenters.audit_rows(events.iterator(chunk_size=2000))
    return csv_response("audit-trail", presenters.AUDIT_HEADINGS, rows)


@require_safe
@login_required
def my_account(request: HttpRequest) -> HttpResponse:
    theirs = queries.own_memberships(request.user)
    memberships = [
        (f"{one.agency}, {one.agency.partnership}", ", ".join(titles(one.roles)) or "No role") for one in theirs
    ]
    protected = Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
    return render(request, "partners/my_account.html", {"memberships": memberships, "protected": protected})


@require_http_methods(["GET", "POST"])
@login_required
def choose_partnership(request: HttpRequest) -> HttpResponse:
    form = PartnershipForm(request.POST or None)
    form.fields["partnership"].queryset = queries.partnerships_of(request.user)  # type: ignore[attr-defined]
    if form.is_valid():
        request.session[queries.SESSION_KEY] = form.cleaned_data["partnership"].pk
        return redirect("home")
    return _form_page(request, "partners/choose_partnership.html", form)
