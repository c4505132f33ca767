"""The same words and numbers in PDF, Word, Excel and HTML; nothing lost, nothing run, nothing without its words."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest
from docx import Document as open_word

from tests.reports_sample import finding, sample
from wardlight.assessment.document import Column, Document, Table
from wardlight.partners.refusal import Refusal
from wardlight.reports.formatting import PrintedTable
from wardlight.reports.operations import FORMATS, render, write
from wardlight.reports.outline import outline

PUBLISHED = {"status": "published", "synthetic": False}


@cache
def document(published: bool = False) -> Document:
    return sample(many=4, **PUBLISHED) if published else sample(many=4)


@cache
def made(fmt: str, published: bool = False) -> bytes:
    return render(document(published), fmt)


def squeezed(text: str) -> str:
    """Without white space: a printed line may end anywhere."""
    return re.sub(r"\s+", "", text)


@cache
def pages(published: bool = False) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(made("pdf", published))).pages]


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.text: list[str] = []
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self.in_cell = tag in {"td", "th"} or (self.in_cell and tag not in {"tr", "tbody"})
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.in_cell = self.in_cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.in_cell:
            self.rows[-1][-1] += data


def page_rows() -> _Rows:
    reader = _Rows()
    reader.feed(made("html").decode())
    return reader


@cache
def workbook_rows() -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(BytesIO(made("xlsx")))
    return [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


def all_text(fmt: str) -> str:
    if fmt == "pdf":
        return " ".join(pages())
    if fmt == "html":
        return " ".join(page_rows().text)
    if fmt == "docx":
        return " ".join(paragraph.text for paragraph in open_word(BytesIO(made("docx"))).paragraphs)
    return " ".join(str(cell) for row in workbook_rows() for cell in row if cell is not None)


def tables() -> list[tuple[PrintedTable, Table]]:
    found = [(part, part.raw) for section in outline(document()).sections for part in [section, *section.findings]]
    return [(part.table, raw) for part, raw in found if part.table is not None and raw is not None]


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_statement_and_how_sure_is_in_each_format(fmt: str) -> None:
    text = squeezed(all_text(fmt))
    for block in outline(document()).findings:
        for words in [block.statement, block.how_sure, *block.notes, *block.definitions]:
            assert squeezed(words) in text
    for words in [*document().not_seen, *(chapter.missing for chapter in document().chapters)]:
        assert squeezed(words) in text


def test_every_row_is_in_the_pdf() -> None:
    text = squeezed(" ".join(pages()))
    for table, _ in tables():
        for row in table.rows:
            assert squeezed("".join(row)) in text


def test_every_row_is_in_word_and_html() -> None:
    word = [
        [[cell.text for cell in row.cells] for row in table.rows] for table in open_word(BytesIO(made("docx"))).tables
    ]
    html = page_rows().rows
    for table, _ in tables():
        assert [[column.title for column in table.columns], *table.rows] in word
        for row in table.rows:
            assert row in html


def test_every_row_is_in_the_workbook_as_numbers() -> None:
    rows = {tuple(cell for cell in row if cell is not None) for row in workbook_rows()}
    for table, raw in tables():
        for cells, texts in zip(raw.rows, table.rows, strict=True):
            expected = tuple(
                _stored(cell, text, column.kind) for cell, text, column in zip(cells, texts, raw.columns, strict=True)
            )
            assert expected in rows


def _stored(cell: object, text: str, kind: str) -> object:
    if kind in {"count", "number", "percent"} and isinstance(cell, int | float):
        return round(cell / 100, 12) if kind == "percent" else cell
    return text


def test_the_priorities_are_in_each_format() -> None:
    for fmt in FORMATS:
        text = squeezed(all_text(fmt))
        for priority in document().priorities:
            assert squeezed(priority.title) in text
            assert squeezed(priority.reason) in text


def test_each_pdf_page_carries_version_cut_number_and_synthetic_label() -> None:
    for number, text in enumerate(pages(), start=1):
        assert f"Page {number} of {len(pages())}" in text
        assert "Data cut 22 November 2026" in text
        assert "Synthetic data" in text
        assert "Draft" in text
        assert number == 1 or "DRAFT" in squeezed(text)


def test_a_published_document_has_no_watermark_or_synthetic_label() -> None:
    text = " ".join(pages(published=True))
    assert "DRAFT" not in squeezed(text)
    assert "Synthetic" not in text
    assert "Version 2" in text
    for fmt in ("html", "docx", "xlsx"):
        content = made(fmt, published=True)
        package = None if fmt == "html" else zipfile.ZipFile(BytesIO(content))
        parts = [package.read(name) for name in package.namelist() if name.endswith(".xml")] if package else [content]
        assert not any(b"Synthetic" in part or b'string="DRAFT"' in part for part in parts)


def test_the_pdf_is_tagged_titled_and_of_one_face() -> None:
    reader = pypdf.PdfReader(BytesIO(made("pdf")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert "Safer Larkmoor" in reader.metadata.title
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert all("SourceSansPro" in font for font in fonts)


def test_the_summary_takes_one_page_and_the_contents_point_right() -> None:
    starts = [index for index, text in enumerate(pages()) if "What could" in text or "WHAT WE FOUND" in text]
    assert len(starts) == 1
    summary = pages()[starts[0]]
    assert all(squeezed(line.statement) in squeezed(summary) for line in document().summary)
    assert "The board is asked to decide" in summary


def test_a_long_table_repeats_its_head_on_each_page() -> None:
    rows = [[f"Place {index}", index] for index in range(250)]
    places = Table("Places", [Column("a", "Neighbourhood"), Column("n", "Recorded", "count")], rows)
    tall = finding("tall", "Many places", "There are many.", table=places)
    given = document()
    longer = replace(given, chapters=[replace(given.chapters[0], findings=[tall])], summary=[])
    reader = pypdf.PdfReader(BytesIO(render(longer, "pdf")))
    texts = [page.extract_text() for page in reader.pages if "Place 1" in page.extract_text()]
    assert len(texts) >= 3
    assert all("Neighbourhood" in text for text in texts)


def test_identical_documents_give_identical_pdfs_even_in_another_process(home: Path) -> None:
    code = (
        "import django, hashlib; django.setup()\n"
        "from tests.reports_sample import sample\n"
        "from wardlight.reports.operations import render\n"
        "print(hashlib.sha256(render(sample(many=4), 'pdf')).hexdigest())"
    )
    import hashlib
    import os

    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "WARDLIGHT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "wardlight.config.settings",
                   "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}  # fmt: skip
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert other.stdout.strip() == hashlib.sha256(made("pdf")).hexdigest(), other.stderr


def test_pictures_and_charts_have_alternative_text() -> None:
    alts = [figure.alt for figure in outline(document()).figures]
    word = zipfile.ZipFile(BytesIO(made("docx"))).read("word/document.xml").decode()
    assert re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', word) == alts
    book = zipfile.ZipFile(BytesIO(made("xlsx")))
    drawings = "".join(book.read(name).decode() for name in sorted(book.namelist()) if "drawings/drawing" in name)
    assert sorted(re.findall(r'descr="([^"]*)"', drawings)) == sorted(alts)
    html = made("html").decode()
    assert all(f'role="img" aria-label="{alt}"' in html for alt in alts)


def test_a_chart_without_alternative_text_is_refused() -> None:
    first = document().chapters[0].findings[0]
    chapter = replace(document().chapters[0], findings=[replace(first, chart_alt=" ")])
    for fmt in FORMATS:
        with pytest.raises(Refusal, match="no alternative text"):
            render(replace(document(), chapters=[chapter]), fmt)


def test_the_workbook_has_native_charts_and_runs_nothing() -> None:
    book = zipfile.ZipFile(BytesIO(made("xlsx")))
    charts = [name for name in book.namelist() if "charts/chart" in name]
    assert len(charts) == len(list(outline(document()).figures))
    sheets = "".join(book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name)
    assert "<f>" not in sheets
    cells = [cell for row in workbook_rows() for cell in row]
    assert '=HYPERLINK("http://example.org")' in cells


def test_the_word_file_has_styles_fields_and_repeated_heads() -> None:
    word = open_word(BytesIO(made("docx")))
    styles = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Caption", "How sure", "TOC 1"} <= styles
    xml = zipfile.ZipFile(BytesIO(made("docx"))).read("word/document.xml").decode()
    assert xml.count("<w:tblHeader") == len(word.tables)
    assert 'TOC \\o "1-2"' in xml
    assert len(re.findall(r"SEQ Figure", xml)) == len(list(outline(document()).figures))
    footer = zipfile.ZipFile(BytesIO(made("docx"))).read("word/footer1.xml").decode()
    assert " PAGE " in footer
    assert " NUMPAGES " in footer


def test_the_page_needs_nothing_from_elsewhere() -> None:
    html = made("html").decode()
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', re.sub(r'xmlns(:\w+)?="[^"]*"', "", html))
    assert "@import" not in html
    assert "url(http" not in html
    assert "<script" not in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_hostile_words_stay_words() -> None:
    words = '<script>alert(1)</script> #panic("x") $x$ \\begin {{ x }} =1+1 🙂 \x07'
    hostile = replace(document(), title=words, chapters=[replace(document().chapters[0], findings=[finding("h", words, words)])],
                      summary=[], not_seen=[words])  # fmt: skip
    pdf = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(render(hostile, "pdf"))).pages)
    assert squeezed(
        '<script>alert(1)</script> #panic("x") $x$ \\begin {{ x }} =1+1 [slightly smiling face]'
    ) in squeezed(pdf)
    assert b"<script>alert" not in render(hostile, "html")
    for fmt in ("docx", "xlsx"):
        assert render(hostile, fmt)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "out"
    path.mkdir()
    return path


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_is_written_whole(folder: Path, fmt: str) -> None:
    path = folder / f"assessment.{fmt.upper()}"
    write(document(), path)
    assert path.stat().st_size > 10_000
    assert [item.name for item in folder.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["assessment.odt", "assessment", "assessment.pdf.exe"])
def test_another_ending_is_refused_with_the_four(folder: Path, name: str) -> None:
    with pytest.raises(Refusal, match=r"\.pdf, \.docx, \.xlsx or \.html"):
        write(document(), folder / name)
    assert not list(folder.iterdir())


def test_a_missing_folder_is_refused(folder: Path) -> None:
    with pytest.raises(Refusal, match="There is no folder"):
        write(document(), folder / "absent" / "assessment.html")


def test_a_failed_write_leaves_the_old_file(folder: Path) -> None:
    path = folder / "assessment.pdf"
    path.mkdir()
    with pytest.raises(Refusal, match="could not be written"):
        write(document(), path)
    assert [item.name for item in folder.iterdir()] == ["assessment.pdf"]


def test_a_bare_document_prints_in_every_format() -> None:
    bare = sample(many=2, summary=[], house_table=None, chapters=[], priorities=[], coverage=None, refusals=None,
                  methods=[], not_seen=[], against="")  # fmt: skip
    for fmt in FORMATS:
        assert render(bare, fmt, accent="#ffcc00")
