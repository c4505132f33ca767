"""The PDF of a published version: for anyone, made once, without what the public may not see."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from django.urls import reverse

from tests import factories
from tests.reports_sample import sample
from wardlight.assessment.models import Assessment, PublishedVersion
from wardlight.assessment.operations.publishing import digest_of
from wardlight.public_site import publications

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(partnership) -> PublishedVersion:
    assessment = Assessment.objects.create(
        partnership=partnership, area=factories.AreaFactory(), title="For all", first_month=202401, last_month=202412
    )
    snapshot = asdict(replace(sample(), status="published", version="1"))
    return PublishedVersion.objects.create(
        assessment=assessment, partnership=partnership, number=1, snapshot=snapshot, digest=digest_of(snapshot),
        public=True,
    )  # fmt: skip


def address(version: PublishedVersion) -> str:
    return reverse("public-assessment-pdf", args=[version.partnership.slug, version.assessment_id, version.number])


def test_anyone_may_have_it_and_it_is_made_once(client, version, monkeypatch) -> None:
    rendered = []

    def render(document, fmt, **style):
        rendered.append((document.refusals, fmt))
        return b"%PDF-1.7 small"

    monkeypatch.setattr(publications, "render", render)
    for _ in range(2):
        response = client.get(address(version))
        assert response["Content-Type"] == "application/pdf"
        assert b"".join(response) == b"%PDF-1.7 small"
    assert rendered == [(None, "pdf")]  # the public document, without the refusals, and once only


def test_a_version_for_members_has_none(client, version) -> None:
    private = PublishedVersion.objects.create(
        assessment=version.assessment, partnership=version.partnership, number=2, snapshot=version.snapshot,
        digest=version.digest, public=False,
    )  # fmt: skip
    assert client.get(address(private)).status_code == 404


def test_a_crash_while_it_is_made_leaves_nothing_half_written(client, version, monkeypatch) -> None:
    def render(document, fmt, **style):
        raise RuntimeError("no paper")

    monkeypatch.setattr(publications, "render", render)
    with pytest.raises(RuntimeError):
        client.get(address(version))
    assert not publications.pdf_path(version).exists()
