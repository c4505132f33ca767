"""The page that shows how a table of counts is read, before it lands."""

from __future__ import annotations

import re

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from wardlight.incidents import operations, queries
from wardlight.incidents.models import Batch
from wardlight.incidents.store import uploads_folder
from wardlight.partners.actors import SYSTEM
from wardlight.partners.models import AuditEvent
from wardlight.partners.refusal import Refusal

pytestmark = pytest.mark.django_db
SHEET = "Borough,Offence,Apr-20,May-20\nLarkmoor,Muggings,4,5\nLarkmoor,Burglary,7,8\nFernhall,Burglary,1,2\n"


@pytest.fixture
def analyst(partnership, client):
    user = factories.UserFactory()
    factories.MembershipFactory(user=user, agency=factories.AgencyFactory(partnership=partnership), roles=["analyst"])
    client.force_login(user)
    return user


@pytest.fixture
def propose(client, analyst):
    """Upload a sheet: the batch that waits, and the address of its page."""

    def upload(content: str | bytes, name: str = "counts.csv", **more) -> tuple[Batch, str]:
        data = content.encode() if isinstance(content, str) else content
        response = client.post(
            reverse("import-new"), {"source": "count-table", "uploads": [SimpleUploadedFile(name, data)], **more}
        )
        batch = Batch.objects.latest("pk")
        assert response.url == reverse("import-reading", args=[batch.pk])
        return batch, response.url

    return upload


def send(client, address: str, do: str, **changes):
    form = client.get(address).context["form"]
    return client.post(address, factories.unchanged(form) | changes | {"do": do})


def shown(client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_table_is_shown_as_read_and_lands_only_when_somebody_agrees(client, propose, partnership):
    batch, address = propose(SHEET)
    page = shown(client, address)
    assert "6 counts can be imported" in page
    assert "Column 1, “Borough”, is read as the area." in page
    assert "What is “Muggings”?" in page
    assert operations.run_batch(batch.pk) is None  # the worker leaves it alone
    response = send(client, address, "import", **{"category-0": "robbery-personal"})
    assert response.url == reverse("import-batch", args=[batch.pk])
    report = operations.run_batch(batch.pk)
    assert report.rows_kept == 6
    counts = queries.counts(partnership=partnership).collect()
    assert dict(counts.filter(area_name="Larkmoor", month=202004).select("category", "count").rows()) == {
        "robbery-personal": 4,
        "burglary": 7,
    }
    assert set(AuditEvent.objects.values_list("verb", flat=True)) >= {"propose import", "queue import", "import"}


def test_the_next_table_with_the_same_headings_is_read_as_last_time(client, propose):
    batch, address = propose(SHEET)
    assert "Read as last time" not in shown(client, address)
    send(client, address, "import", level="ward", **{"category-0": "robbery-personal"})
    operations.run_batch(batch.pk)
    _, again = propose(SHEET.replace("Muggings,4", "Muggings,9"))
    form = client.get(again).context["form"]
    assert "Read as last time" in shown(client, again)
    assert form.fields["level"].initial == "ward"
    assert form.fields["category-0"].initial == "robbery-personal"


def test_other_choices_are_shown_before_they_count(client, propose):
    batch, address = propose("Place,What,Apr-20,May-20\nLarkmoor,Burglary,7,8\nFernhall,Burglary,1,2\n")
    response = send(client, address, "look", counts=["2"], level="ward")
    assert response.url == address
    assert "2 counts can be imported" in shown(client, address)
    batch.refresh_from_db()
    assert batch.status == Batch.Status.PROPOSED
    assert batch.mapping["level"] == "ward"


def test_what_the_sheet_does_not_say_is_asked_for(client, propose):
    batch, address = propose("Borough,Apr-20,May-20\nLarkmoor,7,8\nFernhall,1,2\n")
    assert "The sheet does not say what was counted" in shown(client, address)
    refused = send(client, address, "import")
    assert refused.status_code == 422
    assert "There is a problem" in refused.content.decode()
    assert 'href="#id_category"' in refused.content.decode()
    assert send(client, address, "import", category="Burglary").status_code == 302
    assert operations.run_batch(batch.pk).rows_kept == 4


def test_leaving_out_what_is_needed_asks_for_it_instead(client, propose):
    _, address = propose(SHEET)
    assert send(client, address, "import", **{"column-0": ""}).url == address
    assert "does not say which area" in shown(client, address)
    assert "area" in client.get(address).context["form"].fields


def test_one_column_cannot_be_two_things_nor_two_columns_one(client, propose):
    _, address = propose(SHEET)
    refused = send(client, address, "import", **{"column-1": "area"})
    assert refused.status_code == 422
    assert "for one column only" in refused.content.decode()


@pytest.mark.parametrize("rows", ["none", "0", "9 to 4", "99"])
def test_rows_of_headings_that_cannot_be_are_refused(client, propose, rows):
    _, address = propose(SHEET)
    refused = send(client, address, "import", heading_rows=rows)
    assert refused.status_code == 422
    assert "headings" in refused.content.decode()


def test_another_sheet_or_row_of_headings_is_read_and_shown_first(client, propose, tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for title, offence in (("Robbery", "Personal robbery"), ("Burglary", "Burglary")):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, ["Made for the board", "in May"])
            sheet.write_row(1, 0, ["Borough", "Offence", "2019/20", "2020/21"])
            sheet.write_row(2, 0, ["Larkmoor", offence, 12, 13])
            sheet.write_row(3, 0, ["Fernhall", offence, 2, 3])
    batch, address = propose(path.read_bytes(), "book.xlsx")
    before = client.get(address).context["form"]
    other = next(name for name in ("Robbery", "Burglary") if name != before.fields["sheet"].initial)
    assert send(client, address, "import", sheet=other).url == address
    batch.refresh_from_db()
    assert batch.status == Batch.Status.PROPOSED
    assert client.get(address).context["form"].fields["sheet"].initial == other
    assert send(client, address, "import", heading_rows="2").status_code == 302
    report = operations.run_batch(batch.pk)
    assert report.rows_kept == 4
    batch.refresh_from_db()
    assert batch.mapping["sheet"] == other


def test_a_table_that_is_declined_leaves_no_files(client, propose, django_capture_on_commit_callbacks):
    batch, address = propose(SHEET)
    assert uploads_folder(batch.pk).is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"do": "decline"})
    batch.refresh_from_db()
    assert batch.status == Batch.Status.CLOSED
    assert not uploads_folder(batch.pk).exists()
    assert client.get(address).url == reverse("import-batch", args=[batch.pk])


def test_what_nobody_looks_at_is_forgotten_in_time(client, propose, django_capture_on_commit_callbacks):
    batch, _ = propose(SHEET)
    operations.mark_interrupted_batches()
    batch.refresh_from_db()
    assert batch.status == Batch.Status.PROPOSED
    Batch.objects.update(created_at=batch.created_at - operations.PROPOSALS_KEPT * 2)
    with django_capture_on_commit_callbacks(execute=True):
        operations.mark_interrupted_batches()
    batch.refresh_from_db()
    assert "nobody looked" in batch.message
    assert not uploads_folder(batch.pk).exists()


def test_a_pasted_block_is_shown_too_and_what_is_no_table_is_refused_at_once(client, analyst):
    pasted = {"source": "count-table", "pasted": SHEET.replace(",", "\t"), "do": "import"}
    assert client.post(reverse("import-new"), pasted).url.endswith("/reading/")
    refused = client.post(reverse("import-new"), pasted | {"pasted": "hello there"})
    assert refused.status_code == 422
    assert "No table of counts" in refused.content.decode()
    assert Batch.objects.count() == 1


def test_nobody_else_sees_or_changes_it(client, propose):
    batch, address = propose(SHEET)
    stranger = factories.UserFactory()
    factories.MembershipFactory(user=stranger, agency=factories.AgencyFactory(), roles=["analyst"])
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    board = factories.UserFactory()
    factories.MembershipFactory(
        user=board, agency=factories.AgencyFactory(partnership=batch.partnership), roles=["board_member"]
    )
    client.force_login(board)
    assert client.post(address, {"do": "decline"}).status_code in (403, 404)
    batch.refresh_from_db()
    assert batch.status == Batch.Status.PROPOSED


def test_an_accepted_table_cannot_be_changed_any_more(propose, client):
    batch, address = propose(SHEET)
    send(client, address, "import")
    with pytest.raises(Exception, match="not waiting to be looked at"):
        operations.change_proposal(batch=batch, mapping={}, by=SYSTEM)


def test_the_page_does_not_take_a_path_from_the_client(client, propose):
    batch, address = propose(SHEET)
    send(client, address, "look", sheet="../../secret", file="/etc/passwd", path="/etc/passwd")
    batch.refresh_from_db()
    assert batch.files == [{"name": "counts.csv"}]
    assert batch.mapping["sheet"] == ""


def test_the_command_line_shows_the_same_and_takes_it_back_changed(partnership, tmp_path, capsys):
    from wardlight.config.commands.imports import import_command

    path, mapping = tmp_path / "counts.csv", tmp_path / "mapping.toml"
    path.write_text(SHEET, encoding="utf-8")
    import_command("count-table", [path], None, True, partnership.slug)
    said = capsys.readouterr().out
    assert "Column 1, “Borough”, is read as the area." in said
    assert "Larkmoor | Muggings | Not known | April 2020 | 4" in said
    toml = said[said.index("heading_lines") :].replace('""  # which category is it?', '"robbery-personal"')
    mapping.write_text(toml.replace('level = "borough"', 'level = "ward"'), encoding="utf-8")
    import_command("count-table", [path], mapping, False, partnership.slug)
    counts = queries.counts(partnership=partnership).collect()
    assert set(counts["level"]) == {"ward"}
    assert counts.filter(category="robbery-personal")["count"].sum() == 9


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('levl = "ward"', "“levl”, which Wardlight does not know"),
        ('[columns]\narea = "Place"', "“Place”, which the sheet does not have: its headings are “Borough”"),
        ('[columns]\nplace = "Borough"', "columns are"),
        ('[categories]\nMuggings = "robbing"', "which is no category"),
        ("heading_lines = [70]", "the sheet has 4 rows"),
        ('counts = ["Jun-20"]', "“Jun-20”, which the sheet does not have"),
    ],
)
def test_a_slip_in_a_mapping_file_is_named(partnership, tmp_path, toml, words):
    from wardlight.config.commands.imports import import_command

    path, mapping = tmp_path / "counts.csv", tmp_path / "mapping.toml"
    path.write_text(SHEET, encoding="utf-8")
    mapping.write_text(toml, encoding="utf-8")
    with pytest.raises(Refusal, match=re.escape(words)):
        import_command("count-table", [path], mapping, False, partnership.slug)
    assert not Batch.objects.filter(status=Batch.Status.LANDED).exists()


def test_columns_of_counts_may_be_named(partnership, tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(SHEET, encoding="utf-8")
    report = operations.import_files(
        partnership=partnership, paths=[path], source="count-table", by=SYSTEM, mapping={"counts": ["May-20"]}
    )
    assert report.rows_kept == 3
    assert (report.batch.first_month, report.batch.last_month) == (202005, 202005)
