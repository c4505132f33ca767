"""The pages of imports, measures and assessments, and the public site, through the test client."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories, small_borough
from wardlight.assessment import operations as assessing
from wardlight.assessment.models import Assessment, PublishedVersion
from wardlight.incidents import operations as importing
from wardlight.incidents.models import Batch
from wardlight.partners import operations as partners
from wardlight.partners.actors import COMMAND_LINE, SYSTEM
from wardlight.partners.models import AuditEvent
from wardlight.partners.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(partnership, client):
    agency = factories.AgencyFactory(partnership=partnership)

    def enter(*roles: str):
        user = factories.UserFactory()
        factories.MembershipFactory(user=user, agency=agency, roles=list(roles))
        client.force_login(user)
        return user

    return enter


def upload(client, text: str, **more):
    file = SimpleUploadedFile("counts.csv", text.encode(), content_type="text/csv")
    return client.post(reverse("import-new"), {"source": "count-table", "uploads": [file], **more})


def accept(client, batch: Batch):
    """Import a table as it is read, as somebody does who changes nothing on the page."""
    address = reverse("import-reading", args=[batch.pk])
    return client.post(address, factories.unchanged(client.get(address).context["form"]) | {"do": "import"})


def test_from_a_sheet_of_counts_to_a_public_page(client, sign_in, partnership, django_capture_on_commit_callbacks):
    sign_in("analyst")
    partners.set_home_area(partnership=partnership, level="borough", name="Larkmoor", by=SYSTEM)
    assert "Nothing has been imported yet" in client.get(reverse("imports")).content.decode()

    response = upload(client, small_borough.sheet(), do="import")
    batch = Batch.objects.get()
    assert response.url == reverse("import-reading", args=[batch.pk])
    response = accept(client, batch)
    assert response.url == reverse("import-batch", args=[batch.pk])
    assert "Waiting" in client.get(response.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        importing.run_batch(batch.pk)
    shown = client.get(response.url).content.decode()
    assert "2,100 read = 2,100 kept + 0 duplicate + 0 refused." in shown

    assert "Personal robbery" in client.get(reverse("measures")).content.decode()
    measure = client.get(reverse("measure", args=["robbery-personal"]))
    assert measure.status_code == 200
    download = client.get(reverse("measure-download", args=["robbery-personal"]))
    assert b"".join(download).decode("utf-8-sig").count("robbery-personal,") == 60

    form = client.get(reverse("assessment-new")).content.decode()
    assert "There are data from January 2020 to December 2024." in form
    larkmoor = batch.partnership.readings.filter(area__name="Larkmoor").first().area
    asked = {"area": larkmoor.pk, "period": "2024-01..2024-12", "against": "2023-01..2023-12"}
    client.post(reverse("assessment-new"), asked)
    assessment = Assessment.objects.get()
    assessing.work_out(assessment=assessment, by=SYSTEM)
    page = client.get(reverse("assessment", args=[assessment.pk])).content.decode()
    assert "Personal robbery fell by" in page

    finding = assessment.findings.get(key__startswith="robbery-personal", method="change.compare_counts", tabled=False)
    edit = reverse("assessment-finding", args=[assessment.pk, finding.pk])
    words = "Robbery halved after the lights were mended."
    client.post(edit, {"words": words, "place": 1, "headline": "on"})
    assert words in client.get(reverse("assessment", args=[assessment.pk])).content.decode()

    theme = assessment.priorities.first()
    address = reverse("assessment-priority", args=[assessment.pk, theme.pk])
    refused = client.post(address, {"status": "dropped", "reason": "", "concern": ""})
    assert refused.status_code == 422
    client.post(
        address, {"status": "proposed", "reason": "Most harm", "concern": "2", "concern_says": "Survey, May 2024"}
    )
    theme.refresh_from_db()
    assert (theme.status, theme.matrix["concern"]["score"]) == ("proposed", 2)

    client.post(reverse("assessment-publish", args=[assessment.pk]), {"public": "yes"})
    version = PublishedVersion.objects.get()
    client.logout()
    public = client.get(reverse("public-assessment", args=[partnership.slug, assessment.pk, version.number]))
    assert words in public.content.decode()
    assert assessment.title in client.get(reverse("public-home")).content.decode()
    assert set(AuditEvent.objects.values_list("verb", flat=True)) >= {
        "queue import",
        "assessment.published",
        "priority.set",
    }


def test_a_check_keeps_nothing(client, sign_in):
    sign_in("analyst")
    response = upload(client, small_borough.sheet(), do="check")
    assert "2,100 read = 2,100 kept" in response.content.decode()
    assert not Batch.objects.exists()


def test_a_check_of_two_files_of_one_name_is_refused_and_leaves_no_file(partnership, home):
    twins = [importing.Upload(name, [b"Area,Category,Month,Count\n"]) for name in ("one/counts.csv", "two/counts.csv")]
    with pytest.raises(Refusal, match=r"Two of the files are called counts\.csv"):
        importing.check_uploads(partnership=partnership, source="count-table", uploads=twins, by=COMMAND_LINE)
    assert not list((home / "uploads").iterdir())


def test_a_wrong_file_is_refused_in_one_sentence_and_keeps_nothing(client, sign_in):
    sign_in("analyst")
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 not a table", content_type="application/pdf")
    response = client.post(reverse("import-new"), {"source": "police-uk", "uploads": [file], "do": "check"})
    assert response.status_code == 422
    assert "letter.pdf" in response.content.decode()
    assert not Batch.objects.exists()


def test_an_import_is_undone_with_a_reason(client, sign_in, partnership, django_capture_on_commit_callbacks):
    sign_in("analyst")
    upload(client, small_borough.sheet(), do="import")
    batch = Batch.objects.get()
    accept(client, batch)
    with django_capture_on_commit_callbacks(execute=True):
        importing.run_batch(batch.pk)
    address = reverse("import-undo", args=[batch.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"reason": "The wrong year"}).status_code == 302
    batch.refresh_from_db()
    assert batch.status == Batch.Status.UNDONE
    assert not partnership.readings.exists()


PRIVATE = ["imports", "import-new", "data-quality", "measures", "assessments", "assessment-new", "places", "map"]


@pytest.mark.parametrize("name", PRIVATE)
def test_nobody_reads_without_signing_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("name", ["imports", "import-new", "data-quality", "assessment-new"])
def test_a_board_member_does_not_import_or_assess(client, sign_in, name):
    sign_in("board_member")
    assert client.get(reverse(name)).status_code == 403


def test_another_partnerships_rows_do_not_exist(client, sign_in):
    sign_in("analyst")
    other = factories.BatchFactory(status=Batch.Status.LANDED)
    strange = Assessment.objects.create(
        partnership=other.partnership, area=factories.AreaFactory(), title="Theirs", first_month=202401, last_month=202412,
        status=Assessment.Status.READY,
    )  # fmt: skip
    for name, pk in [("import-batch", other.pk), ("import-undo", other.pk), ("import-refusals", other.pk)]:
        assert client.get(reverse(name, args=[pk])).status_code == 404
    for name in ("assessment", "assessment-edit", "assessment-publish", "assessment-compare", "assessment-rerun"):
        assert client.get(reverse(name, args=[strange.pk])).status_code == 404
    assert client.get(reverse("assessment-download", args=[strange.pk, "pdf"])).status_code == 404


def test_a_version_for_members_is_not_on_the_public_site(client, partnership):
    assessment = Assessment.objects.create(
        partnership=partnership,
        area=factories.AreaFactory(),
        title="Not for all",
        first_month=202401,
        last_month=202412,
    )
    PublishedVersion.objects.create(
        assessment=assessment, partnership=partnership, number=1, snapshot={}, digest="0" * 64, public=False
    )
    assert client.get(reverse("public-assessment", args=[partnership.slug, assessment.pk, 1])).status_code == 404
    assert "Not for all" not in client.get(reverse("public-home")).content.decode()


def test_no_page_asks_the_database_more_as_imports_grow(client, sign_in, partnership, django_assert_max_num_queries):
    sign_in("analyst", "information_governance")
    for number in range(30):
        factories.BatchFactory(partnership=partnership, status=Batch.Status.LANDED, rows_read=number)
    with django_assert_max_num_queries(12):
        client.get(reverse("imports"))
