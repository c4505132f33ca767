"""The assessment as a workbook: every table as numbers, every chart that can be one as a chart to edit."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from wardlight.assessment.document import Document, Table
from wardlight.reports.colour import readable_accent
from wardlight.reports.formatting import PrintedTable
from wardlight.reports.moment import made_at
from wardlight.reports.outline import (
    ASKED,
    DRAFT,
    SYNTHETIC,
    FindingBlock,
    Outline,
    Section,
    left_out_words,
    outline,
)
from wardlight.reports.sheets import (
    WORDS_ACROSS,
    Formats,
    fit_row,
    put_table,
    put_text,
    put_words,
    sheet_name,
    widths,
)
from wardlight.reports.workbook_charts import CHART_DATA, WorkbookCharts

SUMMARY_WIDTHS = (10.0, 70.0, 70.0)


def render(document: Document, accent: str) -> bytes:
    """The document as .xlsx."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    _Workbook(book, outline(document), readable_accent(accent)).fill()
    book.set_properties(
        {
            "title": f"{document.partnership}: {document.title}",
            "subject": f"{document.area}, {document.period}",
            "author": document.partnership,
            "comments": SYNTHETIC if document.synthetic else "",
            "created": made_at(document).replace(tzinfo=None),
        }
    )
    book.close()
    return stream.getvalue()


class _Workbook:
    def __init__(self, book: Any, printed: Outline, accent: str) -> None:
        self.book, self.printed, self.accent = book, printed, accent
        self.formats = Formats(book, accent)
        self.taken: set[str] = {"history"}
        self.charts = WorkbookCharts(book, self.formats, list(printed.findings))

    def fill(self) -> None:
        """Every sheet, the contents first."""
        contents, summary = self.sheet("Contents"), self.sheet("Summary")
        parts = [
            (part, self.sheet(part.title if part.annex else f"{part.number} {part.title}"))
            for part in self.printed.sections
        ]
        names = [("Summary", "Summary"), *((f"{part.number}  {part.title}", sheet.get_name()) for part, sheet in parts)]
        if self.charts.needs_data:
            self.charts.data = self.sheet(CHART_DATA)
            names.append((CHART_DATA, self.charts.data.get_name()))
        self.contents(contents, names)
        self.summary(summary)
        for part, sheet in parts:
            self.section(part, sheet)

    def sheet(self, words: str) -> Any:
        sheet = self.book.add_worksheet(sheet_name(words, self.taken))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        line = f"{self.printed.title} · {self.printed.version} · Data cut {self.printed.data_cut}"
        sheet.set_footer(f"&L&8{_plain(line)}&R&8Page &P of &N")
        sheet.set_header(f"&L&8{_plain(self.printed.partnership)}&R&8{_plain(self.labels())}")
        return sheet

    def labels(self) -> str:
        said = ((SYNTHETIC, self.printed.synthetic), (DRAFT, self.printed.draft))
        return " · ".join(words for words, wanted in said if wanted)

    def head(self, sheet: Any, words: str) -> int:
        """The title and the labels; the next free row."""
        put_text(sheet, 0, 0, words, self.formats.title)
        sheet.set_row(0, 26)
        line = f"{self.printed.version} · Data cut {self.printed.data_cut}"
        put_text(sheet, 1, 0, " · ".join(part for part in (line, self.labels()) if part), self.formats.caption)
        return 3

    def contents(self, sheet: Any, names: list[tuple[str, str]]) -> None:
        self.head(sheet, self.printed.title)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 60)
        put_text(sheet, 2, 0, self.printed.partnership, self.formats.caption)
        row = 4
        for name, words in self.printed.facts:
            put_text(sheet, row, 0, name, self.formats.quiet)
            put_text(sheet, row, 1, words, self.formats.words)
            row += 1
        put_text(sheet, row + 1, 0, "Contents", self.formats.heading)
        for offset, (words, name) in enumerate(names, start=row + 2):
            sheet.write_url(offset, 0, f"internal:'{name}'!A1", self.formats.link, string=words)
        sheet.activate()

    def summary(self, sheet: Any) -> None:
        row = self.head(sheet, "Summary")
        for index, width in enumerate(SUMMARY_WIDTHS):
            sheet.set_column(index, index, width)
        for index, words in enumerate(("Part", "What we found", "How sure")):
            put_text(sheet, row, index, words, self.formats.head("left"))
        for line in self.printed.summary:
            row += 1
            put_text(sheet, row, 0, line.where, self.formats.words)
            put_text(sheet, row, 1, line.statement, self.formats.words)
            put_text(sheet, row, 2, line.how_sure, self.formats.words)
            fit_row(sheet, row, [line.where, line.statement, line.how_sure], SUMMARY_WIDTHS)
        sheet.freeze_panes(4, 0)
        self._asked(sheet, row + 2)

    def _asked(self, sheet: Any, row: int) -> None:
        if self.printed.asked:
            put_text(sheet, row, 1, ASKED, self.formats.strong)
            put_text(sheet, row + 1, 1, self.printed.asked_words, self.formats.words)
            fit_row(sheet, row + 1, ["", self.printed.asked_words], SUMMARY_WIDTHS)
            row += 2
        for one in self.printed.asked:
            put_text(sheet, row, 1, one.title, self.formats.strong)
            put_text(sheet, row, 2, one.reason, self.formats.words)
            fit_row(sheet, row, ["", one.title, one.reason], SUMMARY_WIDTHS)
            row += 1
        if self.printed.left_out:
            put_text(sheet, row, 1, left_out_words(self.printed), self.formats.words)

    def section(self, section: Section, sheet: Any) -> None:
        row = self.head(sheet, f"{section.number}  {section.title}")
        tables = [finding.table for finding in section.findings if finding.table]
        wide = widths([*tables, *([section.table] if section.table else [])])
        if section.matrix:
            wide[:6] = [34.0, *[22.0] * 5]
        for index, width in enumerate(wide):
            sheet.set_column(index, index, width)
        self._body(sheet, section, row, wide)

    def _body(self, sheet: Any, section: Section, row: int, wide: list[float]) -> None:
        width = sum(wide[:WORDS_ACROSS])
        for words in [*section.words, section.missing, *section.items]:
            row = put_words(sheet, row, words, self.formats.words, width) if words else row
        for method in section.methods:
            row = put_words(sheet, row, method["name"], self.formats.strong, width)
            row = put_words(sheet, row, method["says"], self.formats.words, width)
            row = put_words(sheet, row, method["source"], self.formats.quiet, width) + 1
        if section.matrix:
            row = self._matrix(sheet, section, row + 1)
        if section.table and section.raw:
            top = row
            row = self._table(sheet, row, section.raw, section.table, wide)
            sheet.freeze_panes(top + 2, 1)
            sheet.autofilter(top + 1, 0, top + 1 + len(section.raw.rows), len(section.raw.columns) - 1)
        elif section.findings:
            sheet.freeze_panes(2, 0)
        for finding in section.findings:
            row = self._finding(sheet, row + 1, finding, wide)

    def _table(self, sheet: Any, row: int, table: Table, printed: PrintedTable, wide: list[float]) -> int:
        put_text(sheet, row, 0, f"Table {printed.number}. {printed.caption}", self.formats.caption)
        row = put_table(sheet, row + 1, table, printed, self.formats, wide)
        if table.note:
            put_text(sheet, row, 0, table.note, self.formats.note)
        return row + 1

    def _matrix(self, sheet: Any, section: Section, row: int) -> int:
        titles = ["Theme", *(mark.criterion for mark in section.matrix[0].marks), "Status", "Reason"]
        for index, words in enumerate(titles):
            put_text(sheet, row, index, words, self.formats.head("left"))
        wide = [34.0, *[22.0] * 5, 14.0, 60.0]
        for index in (6, 7):
            sheet.set_column(index, index, wide[index])
        for offset, line in enumerate(section.matrix, start=row + 1):
            cells = [line.title, *(mark.text for mark in line.marks), line.status_text, line.reason]
            for index, words in enumerate(cells):
                put_text(sheet, offset, index, words, self.formats.cell("text", 0, "left", own=index == 0))
            fit_row(sheet, offset, cells, wide)
        sheet.freeze_panes(row + 1, 1)
        return row + 2 + len(section.matrix)

    def _finding(self, sheet: Any, row: int, finding: FindingBlock, wide: list[float]) -> int:
        width = sum(wide[:WORDS_ACROSS])
        put_text(sheet, row, 0, f"{finding.number}  {finding.title}", self.formats.heading)
        row = put_words(sheet, row + 1, finding.statement, self.formats.strong, width)
        if finding.how_sure:
            row = put_words(sheet, row, f"How sure. {finding.sure_in_full}", self.formats.words, width)
        for note in [*finding.definitions, *finding.notes]:
            row = put_words(sheet, row, note, self.formats.quiet, width)
        top = row = row + 1
        if finding.table and finding.raw:
            row = self._table(sheet, row, finding.raw, finding.table, wide)
        if finding.figure:
            row = max(row, top + 1 + self.charts.place(sheet, finding, top))
        return row


def _plain(words: str) -> str:
    """Words for a page header, where & begins a code and 255 characters are the most."""
    return words.replace("&", "&&")[:110]
