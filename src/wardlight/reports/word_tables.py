"""Tables of the Word file, filled cell by cell once: asking python-docx for the cells of each row costs minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from wardlight.reports import word_parts
from wardlight.reports.word_styles import CELL_STYLE, SMALL_CELL_STYLE, TABLE_STYLE

SHORT_TABLE = 14
HEAD_AND_FIRST_ROWS = 3


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Column widths (EMU), whether each column is right-aligned, and whether each row (the head first) is bold."""

    widths: list[int]
    rights: list[bool]
    bold: list[bool]
    whole: bool = True  # keep a short table on one page; False where its rows are tall
    small: bool = False  # smaller type, for many columns


def fill_table(word: Any, texts: Sequence[Sequence[str]], caption: str, layout: TableLayout) -> None:
    """Add a table whose first row of `texts` is its head, repeated on each page. A short table is kept whole."""
    made = word.add_table(rows=len(texts), cols=len(layout.widths), style=TABLE_STYLE)
    made.autofit = False
    word_parts.describe_table(made, caption)
    for column, width in zip(made.columns, layout.widths, strict=True):
        column.width = width
    rows = list(made.rows)
    word_parts.repeat_head(rows[0])
    for row in rows:
        word_parts.keep_whole(row)
    kept = len(texts) - 1 if layout.whole and len(texts) - 1 <= SHORT_TABLE else HEAD_AND_FIRST_ROWS
    style = word.styles[SMALL_CELL_STYLE if layout.small else CELL_STYLE].style_id
    cells = iter(made._cells)
    for index, row_texts in enumerate(texts):
        for text, width, right in zip(row_texts, layout.widths, layout.rights, strict=True):
            cell = next(cells)
            cell.width = width
            line = cell.paragraphs[0]
            line._p.style = style
            line.add_run(text).bold = True if layout.bold[index] else None
            line.paragraph_format.keep_with_next = True if index < kept else None
            if right:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
