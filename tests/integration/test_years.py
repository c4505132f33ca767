"""Tables of years and quarters alone: imported, shown as readings, assessed, printed – in every layout, with the same numbers."""

from __future__ import annotations

import csv
import io

import pytest
import xlsxwriter
from django.urls import reverse

from tests import factories
from wardlight.assessment import operations as assessing
from wardlight.assessment import queries as assessments
from wardlight.assessment.figures import About, Series
from wardlight.assessment.periods import Period
from wardlight.incidents.operations import import_files
from wardlight.incidents.quality import warnings
from wardlight.incidents.queries import coverage
from wardlight.measures import operations as measures
from wardlight.measures.models import Reading
from wardlight.partners.actors import SYSTEM
from wardlight.partners.refusal import Refusal
from wardlight.places.models import Area

pytestmark = pytest.mark.django_db
YEARS = (2019, 2020, 2021, 2022, 2023)
AREAS = ("Larkmoor", "Fernhall", "Ostmere", "Quillby", "Tarnwick")
NOW, BEFORE = Period(202304, 202403), Period(202204, 202303)
OFFENCES = {"Personal robbery": 40, "Burglary": 90, "Shoplifting": 60}
Rows = list[list[str]]


def year_name(year: int) -> str:
    return f"{year}/{(year + 1) % 100}"


def number(area: str, offence: str, year: int, quarter: int) -> int:
    """A quarter's count. Larkmoor's robbery halves in the last year; nothing else changes."""
    base = OFFENCES[offence] + 7 * AREAS.index(area) + quarter
    return base // 2 if (area, offence, year) == ("Larkmoor", "Personal robbery", 2023) else base


def of_year(area: str, offence: str, year: int) -> int:
    return sum(number(area, offence, year, quarter) for quarter in (1, 2, 3, 4))


def long_years() -> Rows:
    rows = [["Borough", "Offence", "Financial year", "Number"]]
    return rows + [[a, o, year_name(y), str(of_year(a, o, y))] for a in AREAS for o in OFFENCES for y in YEARS]


def wide_years() -> Rows:
    """With a title, a column and a row of totals, and areas named once, as merged cells come."""
    rows = [["Recorded crime by financial year"], [], ["Borough", "Offence", *map(year_name, YEARS), "Total"]]
    for area in AREAS:
        for offence in OFFENCES:
            counts = [of_year(area, offence, year) for year in YEARS]
            name = area if offence == "Personal robbery" else ""
            rows.append([name, offence, *map(str, counts), str(sum(counts))])
    totals = [sum(of_year(a, o, y) for a in AREAS for o in OFFENCES) for y in YEARS]
    return [*rows, ["Total", "", *map(str, totals), str(sum(totals))]]


def wide_categories() -> Rows:
    rows = [["Borough", "Year", *OFFENCES]]
    return rows + [[a, year_name(y), *(str(of_year(a, o, y)) for o in OFFENCES)] for a in AREAS for y in YEARS]


def long_quarters() -> Rows:
    rows = [["Borough", "Offence", "Quarter", "Count"]]
    return rows + [
        [a, o, f"Q{q} {year_name(y)}", str(number(a, o, y, q))]
        for a in AREAS
        for o in OFFENCES
        for y in YEARS
        for q in (1, 2, 3, 4)
    ]


def two_rows_of_headings() -> Rows:
    above = ["Borough", *(word for year in YEARS for word in (year_name(year), *[""] * (len(OFFENCES) - 1)))]
    rows = [above, ["", *(offence for _ in YEARS for offence in OFFENCES)]]
    return rows + [[a, *(str(of_year(a, o, y)) for y in YEARS for o in OFFENCES)] for a in AREAS]


def as_text(rows: Rows, mark: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode()


def as_workbook(rows: Rows, path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Table 1")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, [int(cell) if cell.isdigit() else cell for cell in row])


@pytest.fixture
def land(partnership, tmp_path, django_capture_on_commit_callbacks):
    measures.sync_definitions()

    def bring_in(rows: Rows, form: str = "csv", name: str = "table"):
        path = tmp_path / f"{name}.{form}"
        if form == "xlsx":
            as_workbook(rows, path)
        else:
            path.write_bytes(as_text(rows, "\t" if form == "txt" else ","))
        with django_capture_on_commit_callbacks(execute=True):
            return import_files(partnership=partnership, paths=[path], source="count-table", by=SYSTEM)

    return bring_in


def assess(partnership, period: Period = NOW, against: Period | None = BEFORE):
    area = Area.objects.get(level="borough", name="Larkmoor")
    return assessing.assess(partnership=partnership, area=area, period=period, against=against, by=SYSTEM)


@pytest.mark.parametrize(
    ("layout", "form"),
    [
        (long_years, "csv"),
        (wide_years, "xlsx"),
        (wide_years, "txt"),
        (wide_categories, "csv"),
        (two_rows_of_headings, "xlsx"),
        (long_quarters, "csv"),
    ],
)
def test_every_layout_gives_the_same_assessment(land, partnership, layout, form):
    report = land(layout(), form)
    assert report.rows_refused == 0
    found = {
        (one["measure"], one["method"], one["comparator"]): one
        for one in assessments.findings_json(assess(partnership))
    }
    change = found["robbery-personal", "change.compare_counts", "previous-period"]
    before, after = of_year("Larkmoor", "Personal robbery", 2022), of_year("Larkmoor", "Personal robbery", 2023)
    assert change["value"] == pytest.approx(100 * (after / before - 1))
    assert "assuming ordinary chance only" in change["statement"]
    assert change["low"] <= change["value"] <= change["high"] < 0
    rank = found["robbery-personal", "comparison.rank", "boroughs-5"]
    assert (rank["rank"], rank["of"]) == (5, 5)
    assert (rank["rank_low"], rank["rank_high"]) == (rank["rank_low_chance"], rank["rank_high_chance"])
    assert found["burglary", "change.compare_counts", "previous-period"]["value"] == 0


def test_the_document_says_what_years_cannot_show_and_prints(land, partnership, tmp_path):
    from wardlight.reports.operations import write

    land(wide_years())
    document = assessments.document(assess(partnership))
    missing = {chapter.key: chapter.missing for chapter in document.chapters}
    assert "show no season either" in missing["time"]
    words = str(document)
    assert "Counted by years, so how much months ordinarily vary is not known" in words
    assert "As months vary" not in words
    assert "there is no record at all" not in words
    for ending in ("pdf", "xlsx"):
        path = tmp_path / f"assessment.{ending}"
        write(document, path)
        assert path.stat().st_size > 10_000


def test_readings_are_of_whole_years_and_the_pages_show_them(land, partnership, client):
    land(long_years())
    readings = Reading.objects.filter(measure__slug="robbery-personal", area__name="Larkmoor")
    assert list(readings.values_list("first_month", "last_month", "numerator"))[-1] == (
        202304, 202403, of_year("Larkmoor", "Personal robbery", 2023),
    )  # fmt: skip
    user = factories.UserFactory()
    factories.MembershipFactory(user=user, agency=factories.AgencyFactory(partnership=partnership), roles=["analyst"])
    client.force_login(user)
    area = Area.objects.get(name="Larkmoor").pk
    page = client.get(reverse("measure", args=["robbery-personal"]), {"area": area}).content.decode()
    assert "April 2023 to March 2024" in page
    assert "by year" in page
    rows = client.get(reverse("measures"), {"area": area}).context["table"].rows
    (robbery,) = [row for row in rows if row[0].text == "Personal robbery"]
    assert robbery[1:3] == [
        of_year("Larkmoor", "Personal robbery", 2023),
        of_year("Larkmoor", "Personal robbery", 2022),
    ]
    assert "Personal robbery" in client.get(reverse("measures"), {"area": area}).content.decode()


def test_quarters_add_up_to_the_last_twelve_months(land, partnership, client):
    from wardlight.measures.summaries import overview

    land(long_quarters())
    rows = {row.measure.slug: row for row in overview(partnership, Area.objects.get(name="Larkmoor"))}
    assert rows["robbery-personal"].latest == of_year("Larkmoor", "Personal robbery", 2023)
    assert rows["robbery-personal"].previous == of_year("Larkmoor", "Personal robbery", 2022)


def test_a_period_that_cuts_through_years_is_refused_with_those_there_are(land, partnership):
    land(long_years())
    with pytest.raises(Refusal, match=r"2023-04\.\.2024-03"):
        assess(partnership, Period(202301, 202312), None)


def test_months_within_a_year_are_not_called_missing(land, partnership):
    report = land(long_years())
    assert (report.batch.first_month, report.batch.last_month) == (201904, 202403)
    assert warnings(coverage(partnership=partnership)) == []


def test_a_withheld_year_is_neither_nought_nor_ranked(land, partnership):
    rows = wide_categories()
    robbery = rows[0].index("Personal robbery")
    withheld = next(row for row in rows if row[:2] == ["Fernhall", "2023/24"])
    withheld[robbery] = "<5"
    land(rows)
    kept = Reading.objects.filter(measure__slug="robbery-personal", area__name="Fernhall")
    assert sorted(kept.values_list("first_month", flat=True)) == [202104, 202204]  # of the newest three years
    ranks = {one["measure"]: one for one in assessments.findings_json(assess(partnership)) if one.get("rank")}
    assert ranks["robbery-personal"]["of"] == 4
    assert ranks["burglary"]["of"] == 5


def test_a_word_that_a_person_explains_is_withheld_like_any_other(land, partnership, tmp_path):
    path = tmp_path / "muggings.csv"
    path.write_text("Borough,Offence,2019/20,2020/21\nLarkmoor,Muggings,<5,40\nFernhall,Muggings,30,31\n")
    report = import_files(
        partnership=partnership, paths=[path], source="count-table", by=SYSTEM,
        mapping={"categories": {"Muggings": "robbery-personal"}},
    )  # fmt: skip
    assert report.batch.quality["suppressed"] == {"borough|Larkmoor|robbery-personal|201904|12": 1}


def test_counts_of_years_cover_whole_years_only():
    import numpy as np

    series = Series(
        About("robbery", "Robbery"), "count-table", "borough",
        months=tuple(Period(201904, 202103).months), own=np.array([30, 20]), step=12, starts=(201904, 202004),
    )  # fmt: skip
    assert series.covers(Period(202004, 202103))
    assert series.covers(Period(201904, 202103))
    assert series.total(Period(201904, 202103)) == 50
    assert not series.covers(Period(202001, 202012))
    assert not series.covers(Period(202004, 202009))
    assert series.history(Period(202004, 202103), 36) is None
    assert series.steps == "years"


def test_what_a_table_counts_beside_its_parts_is_neither_lost_nor_counted_twice():
    from wardlight.assessment.gathering.counted import _apart

    held = {"crime": 100, "robbery": 30, "robbery-personal": 25, "burglary": 40}
    assert _apart(held) == {"robbery": 5, "robbery-personal": 25, "burglary": 40}
    assert _apart({"robbery": 30}) == {"robbery": 30}
