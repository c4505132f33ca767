"""Every page, asked in ways that no honest browser asks: never a fault, and never another partnership's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import factories, small_borough
from wardlight.assessment.operations import assess
from wardlight.assessment.periods import Period
from wardlight.incidents.forms import ImportForm
from wardlight.incidents.operations import import_files
from wardlight.partners.actors import SYSTEM
from wardlight.partners.models import AuditEvent
from wardlight.partners.roles import ADMINISTRATOR, ANALYST, BOARD_MEMBER, INFORMATION_GOVERNANCE, STRATEGY_LEAD
from wardlight.places.models import Area

pytestmark = pytest.mark.django_db
ROLES = [ANALYST, STRATEGY_LEAD, BOARD_MEMBER, INFORMATION_GOVERNANCE, ADMINISTRATOR]
SCRIPT = "<script>alert(1)</script>"
NASTY = [
    "",
    SCRIPT,
    "=1+1",
    "-1",
    "9" * 30,
    "\0",
    "2022-13",
    "x" * 100_000,
    "é\u202e",
    "0",
    "1e400",
    "NaN",
    "../../etc",
]
TURNS = (0, 4, 9)
WORDS = (
    "period", "against", "area", "level", "month", "months", "page", "q", "measure", "scope", "category", "source",
    "date", "from", "to", "role", "verb", "by", "next", "version", "sort", "first", "last", "show", "year",
)  # fmt: skip


def named(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Every address with a name that is ours."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            if "allauth" not in str(each.urlconf_name):
                yield from named(each.url_patterns)
        elif each.name:
            yield each


@pytest.fixture
def filled(partnership, home, tmp_path, django_capture_on_commit_callbacks) -> dict[str, list[object]]:
    """Ids that exist: of an import, an assessment, a finding…"""
    sheet = tmp_path / "counts.csv"
    sheet.write_text(small_borough.sheet(), encoding="utf-8")
    with django_capture_on_commit_callbacks(execute=True):
        report = import_files(partnership=partnership, paths=[sheet], source="count-table", by=SYSTEM)
    area = Area.objects.get(name="Larkmoor")
    periods = {"period": Period(202401, 202412), "against": Period(202301, 202312)}
    assessment = assess(partnership=partnership, area=area, by=SYSTEM, **periods)
    finding, chapter = assessment.findings.first(), assessment.chapters.first()
    priority = assessment.priorities.first()
    return {
        "pk": [assessment.pk, report.batch.pk, area.pk],
        "assessment": [assessment.pk],
        **{name: [one.pk] for name, one in (("finding", finding), ("chapter", chapter), ("priority", priority)) if one},
    }


def addresses(ids: dict[str, list[object]]) -> list[str]:
    """Every address of ours: with ids that exist, and with some that cannot."""
    found = []
    for pattern in named():
        kinds = {name: _values(one, ids.get(name, [])) for name, one in pattern.pattern.converters.items()}
        for at in range(max(map(len, kinds.values()), default=1)):
            found.append(
                reverse(pattern.name, kwargs={name: values[at % len(values)] for name, values in kinds.items()})
            )
    return sorted(set(found))


def _values(converter: object, ids: list[object]) -> list[object]:
    whole = type(converter).__name__.startswith("Int")
    return [*ids, *([0, 2**70] if whole else ["x", "pdf", "robbery-personal"])]


def nasty(fields: Iterable[str]) -> Iterator[dict[str, str]]:
    """Each field with one nasty value after another, all fields at once."""
    for turn in TURNS:
        yield {field: NASTY[(at + turn) % len(NASTY)] for at, field in enumerate(sorted(fields))}


@pytest.fixture
def everyone(partnership, client):
    """A client signed in with every role, that shows faults as pages."""
    user = factories.UserFactory()
    factories.MembershipFactory(user=user, agency=factories.AgencyFactory(partnership=partnership), roles=list(ROLES))
    client.force_login(user)
    client.raise_request_exception = False
    return client


def calm(response) -> None:
    """No fault, no traceback, no script of somebody's."""
    assert response.status_code < 500, response.request
    body = b"".join(response) if response.streaming else response.content
    assert b"Traceback" not in body
    assert SCRIPT.encode() not in body


def test_every_address_answers_whatever_is_asked(everyone, filled) -> None:
    asked = addresses(filled)
    assert len(asked) > 60
    for address in asked:
        calm(everyone.get(address))
        for question in nasty(WORDS):
            calm(everyone.get(address, question))


def test_every_form_answers_whatever_is_posted(everyone, filled) -> None:
    file = SimpleUploadedFile("x.csv", b"\0\xff" * 50)
    for address in addresses(filled):
        found = everyone.get(address)
        contexts = found.context or [] if found.status_code == 200 else []
        fields = {name for one in contexts for form in _forms(one) for name in form.fields} | set(WORDS)
        calm(everyone.post(address))
        for answer in nasty(fields):
            calm(everyone.post(address, answer))
        calm(everyone.post(address, {**dict.fromkeys(fields, "1"), "uploads": file, "file": file, "mapping": file}))


def test_nothing_of_another_partnership_is_shown_or_changed(everyone, filled) -> None:
    other = factories.UserFactory()
    factories.MembershipFactory(user=other, agency=factories.AgencyFactory(), roles=list(ROLES))
    shared = ("/places/", "/published/")  # areas are everybody's
    private = {one for one in addresses(filled) if not one.startswith(shared)} - set(addresses({}))
    assert len(private) > 10
    everyone.force_login(other)
    before = AuditEvent.objects.count()
    for address in private:
        assert everyone.get(address).status_code in (403, 404, 405), address
        assert everyone.post(address, {"reason": "x", "words": "x", "public": "yes"}).status_code in (403, 404, 405)
    assert AuditEvent.objects.count() == before


def _forms(context: object) -> list[forms.BaseForm]:
    values = context.values() if isinstance(context, dict) else []
    return [value for value in values if isinstance(value, forms.BaseForm)]


def test_uploads_beyond_the_limit_are_refused_on_the_page(everyone, monkeypatch) -> None:
    monkeypatch.setattr("wardlight.incidents.forms.LARGEST_UPLOAD", 10)
    file = SimpleUploadedFile("counts.csv", b"x" * 11)
    response = everyone.post(reverse("import-new"), {"source": "count-table", "uploads": file})
    assert response.status_code == 422
    assert "smaller than 2 GB together" in response.content.decode()
    assert "uploads" in ImportForm({"source": "count-table"}, {"uploads": [file]}).errors


@pytest.mark.parametrize("do", ["check", "import"])
def test_two_uploads_of_one_name_are_not_taken_for_one(everyone, do: str) -> None:
    files = [SimpleUploadedFile("counts.csv", f"Borough,Offence,2022-0{n}\nA,Robbery,1\n".encode()) for n in (1, 2)]
    response = everyone.post(reverse("import-new"), {"source": "count-table", "uploads": files, "do": do})
    assert response.status_code == 422
    assert "Two of the files are called counts.csv: rename one of them" in response.content.decode()


def test_a_refusal_on_the_web_is_the_sentence_of_the_command_line(everyone) -> None:
    file = SimpleUploadedFile("x.csv", b"%PDF-1.7")
    response = everyone.post(reverse("import-new"), {"source": "count-table", "uploads": file, "do": "check"})
    assert response.status_code == 422
    assert "x.csv is a PDF document: export the table as CSV or Excel." in response.content.decode()
