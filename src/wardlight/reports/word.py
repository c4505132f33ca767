"""The assessment as a Word document that a person can go on editing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document as new_word
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm

from wardlight.assessment.document import Document
from wardlight.reports import charts, word_parts
from wardlight.reports.colour import readable_accent
from wardlight.reports.formatting import PrintedTable
from wardlight.reports.moment import made_at
from wardlight.reports.outline import (
    ASKED,
    DRAFT_SHORT,
    SYNTHETIC,
    SYNTHETIC_SHORT,
    Figure,
    FindingBlock,
    MatrixRow,
    Outline,
    Section,
    contents_depth,
    left_out_words,
    outline,
)
from wardlight.reports.sizes import width_in_millimetres
from wardlight.reports.word_fonts import embed
from wardlight.reports.word_styles import TEXT_WIDTH, prepare
from wardlight.reports.word_tables import TableLayout, fill_table

WIDE = 104
_CHARACTER = Mm(1.9)


def render(document: Document, accent: str) -> bytes:
    """The document as .docx."""
    printed = outline(document)
    writer = _Writer(printed, readable_accent(accent))
    writer.cover(document.engine_version)
    writer.contents()
    writer.summary()
    for section in printed.sections:
        writer.section(section)
    _properties(writer.word, document)
    stream = BytesIO()
    writer.word.save(stream)
    return stream.getvalue()


def _properties(word: Any, document: Document) -> None:
    about = word.core_properties
    about.title = f"{document.partnership}: {document.title}"
    about.author = about.last_modified_by = document.partnership
    about.subject, about.language, about.comments = f"{document.area}, {document.period}", "en-GB", ""
    about.created = about.modified = made_at(document).replace(tzinfo=None)


class _Writer:
    """Adds the outline to a Word document, part by part."""

    def __init__(self, printed: Outline, accent: str) -> None:
        self.printed = printed
        self.word: Any = new_word()
        self.bookmarks = 0
        self.styles: dict[str, str] = {}
        prepare(self.word, accent)
        embed(self.word)
        self._page()

    def _page(self) -> None:
        page = self.word.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(22)
        page.top_margin, page.bottom_margin = Mm(26), Mm(23)
        page.different_first_page_header_footer = True
        for number, (header, footer) in enumerate(
            ((page.header, page.footer), (page.first_page_header, page.first_page_footer))
        ):
            self._header(header, number)
            self._footer(footer)

    def _header(self, header: Any, number: int) -> None:
        line = self._small(header.paragraphs[0])
        said = ((SYNTHETIC_SHORT, self.printed.synthetic), (DRAFT_SHORT, self.printed.draft))
        labels = [words for words, wanted in said if wanted]
        line.add_run(self.printed.partnership).bold = True
        line.add_run("\t" + " · ".join(labels))
        if self.printed.draft:
            word_parts.watermark(header, number)

    def _footer(self, footer: Any) -> None:
        line = self._small(footer.paragraphs[0])
        line.add_run(f"{self.printed.title} · {self.printed.version} · Data cut {self.printed.data_cut}\tPage ")
        word_parts.field(line, "PAGE")
        line.add_run(" of ")
        word_parts.field(line, "NUMPAGES")

    def _small(self, line: Any) -> Any:
        line.style = self.word.styles["Note"]
        line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        return line

    def paragraph(self, style: str) -> Any:
        """An empty paragraph; its style is looked up once, since python-docx searches all of them every time."""
        line = self.word.add_paragraph()
        if style not in self.styles:
            self.styles[style] = self.word.styles[style].style_id
        line._p.style = self.styles[style]
        return line

    def say(self, words: str, style: str = "Normal", lead: str = "") -> Any:
        """Add a paragraph; `lead` stands before the words in bold."""
        line = self.paragraph(style)
        if lead:
            line.add_run(lead + " ").bold = True
        line.add_run(words)
        return line

    def heading(self, words: str, level: int, number: str = "", *, new_page: bool = False) -> None:
        line = self.word.add_heading(f"{number}  {words}" if number else words, level)
        line.paragraph_format.page_break_before = new_page
        if number or level == 1:
            self.bookmarks += 1
            word_parts.bookmark(line, self.bookmarks, _bookmark_name(number or words))

    def cover(self, engine: str) -> None:
        self.say(self.printed.partnership, "Cover partnership")
        self.say(self.printed.title, "Title")
        self.say(self.printed.area, "Subtitle")
        self.say(self.printed.period, "Subtitle").paragraph_format.space_after = Mm(40)
        for name, words in self.printed.facts:
            self.say("", "Cover fact").add_run(f"{name}\t{words}")
        if self.printed.synthetic:
            self.say(SYNTHETIC + ".", "Definition differs")
        self.say(f"Made with Wardlight {engine}", "Note").paragraph_format.space_before = Mm(30)

    def contents(self) -> None:
        title = self.say("Contents", "Normal")
        title.paragraph_format.page_break_before = True
        title.runs[0].font.size, title.runs[0].bold = self.word.styles["Heading 1"].font.size, True
        lines = [("Summary", "", 1)]
        for section in self.printed.sections:
            lines.append((section.title, section.number, 1))
            deep = section.findings if contents_depth(self.printed) > 1 else []
            lines += [(finding.title, finding.number, 2) for finding in deep]
        for index, (words, number, level) in enumerate(lines):
            entry = self.paragraph(f"TOC {level}")
            if index == 0:
                word_parts.open_field(entry, f'TOC \\o "1-{contents_depth(self.printed)}" \\h \\z')
            entry.add_run(f"{number}  {words}\t" if number else f"{words}\t")
            word_parts.field(entry, f"PAGEREF {_bookmark_name(number or words)} \\h", "")
        word_parts.close_field(self.word.add_paragraph())

    def summary(self) -> None:
        self.heading("Summary", 1, new_page=True)
        for line in self.printed.summary:
            self.say(line.statement, lead=line.where).paragraph_format.keep_with_next = True
            if line.how_sure:
                self.say(line.how_sure, "How sure", lead="How sure.")
        if self.printed.asked:
            self.say("", lead=ASKED).paragraph_format.keep_with_next = True
            self.say(self.printed.asked_words)
            for row in self.printed.asked:
                self.say(row.reason, "List Bullet", lead=f"{row.title}." if row.reason else row.title)
        if self.printed.left_out:
            self.say(left_out_words(self.printed))

    def section(self, section: Section) -> None:
        self.heading(section.title, 1, section.number, new_page=bool(section.matrix))
        for words in section.words:
            self.say(words)
        if section.missing:
            self.say(section.missing, "Not in this assessment", lead="Not in this assessment.")
        if section.matrix:
            self.matrix(section.matrix)
        if section.table:
            self.table(section.table)
        for finding in section.findings:
            self.finding(finding)
        for item in section.items:
            self.say(item, "List Bullet")
        for method in section.methods:
            self.heading(method["name"], 2)
            self.say(method["says"])
            if method["source"]:
                self.say(f"Source: {method['source']}", "Note")

    def finding(self, finding: FindingBlock) -> None:
        self.heading(finding.title, 2, finding.number)
        self.say(finding.statement).paragraph_format.keep_with_next = finding.figure is not None
        if finding.figure:
            self.picture(finding.figure)
        if finding.how_sure:
            self.say(finding.sure_in_full, "How sure", lead="How sure.")
        if finding.table:
            self.table(finding.table)
        for note in finding.definitions:
            self.say(note, "Definition differs")
        for note in finding.notes:
            self.say(note, "Note")

    def picture(self, figure: Figure) -> None:
        drawing = charts.svg(figure.source)
        line = self.word.add_paragraph()
        line.paragraph_format.keep_with_next = True
        shape = line.add_run().add_picture(BytesIO(charts.png(figure.source)), width=Mm(width_in_millimetres(drawing)))
        word_parts.describe_picture(shape, figure.alt, figure.number)
        self.caption("Figure", figure.number, figure.caption).paragraph_format.keep_with_next = False

    def caption(self, kind: str, number: int, words: str) -> Any:
        line = self.paragraph("Caption")
        line.add_run(f"{kind} ").bold = True
        word_parts.field(line, f"SEQ {kind} \\* ARABIC", str(number))
        line.add_run(f". {words}")
        return line

    def table(self, table: PrintedTable) -> None:
        self.caption("Table", table.number, table.caption)
        width = min(int(TEXT_WIDTH), int(table.characters * _CHARACTER))
        texts = [[column.title for column in table.columns], *table.rows]
        layout = TableLayout(
            widths=[round(width * column.share) for column in table.columns],
            rights=[column.align == "right" for column in table.columns],
            bold=[True, *table.own],
            small=table.characters > WIDE,
        )
        fill_table(self.word, texts, table.caption, layout)
        self.say(table.note, "Note")

    def matrix(self, rows: list[MatrixRow]) -> None:
        titles = ["Theme", *(mark.criterion for mark in rows[0].marks)]
        texts = [[f"{row.title} ({row.status_text.lower()})", *(mark.text for mark in row.marks)] for row in rows]
        layout = TableLayout(
            widths=[int(TEXT_WIDTH * share) for share in (0.25, *[0.15] * len(rows[0].marks))],
            rights=[False] * len(titles),
            bold=[True, *[False] * len(rows)],
            whole=False,
        )
        fill_table(self.word, [titles, *texts], "Proposed priorities", layout)
        self.say("")
        for row in rows:
            if row.reason:
                self.say(row.reason, lead=f"{row.title} ({row.status_text.lower()}).")


def _bookmark_name(words: str) -> str:
    return "s_" + "".join(letter if letter.isalnum() else "_" for letter in words)
