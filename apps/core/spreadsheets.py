"""Excel out: one table with its head, in constant memory. Knows no domain word.

Every cell is text or a number. A word that begins with = + - or @ stays a word: whoever
typed it must not make another person's Excel compute or call anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from tempfile import TemporaryFile
from typing import IO
from unicodedata import east_asian_width

import xlsxwriter

from apps.core.texts import plain

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Most characters that Excel takes in a cell.
LONGEST_CELL = 32767
A4 = 9
# Points a line of 10-point text takes, and the most lines that a row of Excel can hold.
LINE, MOST_LINES = 15, 27
SHEET_NAME = 31
OPTIONS = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False,
           "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Column:
    """One column: its head and its width in characters (Chinese ones count double)."""

    title: str
    width: int


@dataclass(frozen=True)
class Form:
    """One sheet to be filled in and sent back: heads in the first row, cells of text alone.

    `choices` are drop-downs by column, `notes` what appears when a cell of a column is chosen.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]] = ()
    choices: dict[int, list[str]] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)


# How far drop-downs reach, for rows that are still empty.
CHOOSE_DOWN_TO = 5001
# What Excel shows beside a cell, and how long a list of choices may be.
LONGEST_NOTE, LONGEST_CHOICES = 255, 255


def forms(*sheets: Form) -> BytesIO:
    """A workbook of sheets to be filled in; what looks like a number stays text."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    text = book.add_format({"num_format": "@", "font_size": 10, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#F3F5F7", "border": 1, "font_size": 10})
    for each in sheets:
        sheet = book.add_worksheet(_sheet_name(each.title))
        for number, column in enumerate(each.columns):
            sheet.set_column(number, number, column.width, text)
            _write(sheet, 0, number, column.title, head)
            _offer(sheet, number, each.choices.get(number), each.notes.get(number, ""))
        for line, row in enumerate(each.rows, start=1):
            for number, value in enumerate(row):
                if value:
                    _write(sheet, line, number, value, text)
        sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return file


def _offer(sheet, number: int, choices: list[str] | None, note: str) -> None:
    """A drop-down, or a note alone, for the cells below the head."""
    rule: dict = {"validate": "any"}
    if choices and len(",".join(choices)) <= LONGEST_CHOICES:
        rule = {"validate": "list", "source": choices,
                "error_title": "不在列表里", "error_message": "请从下拉里选。"}
    if note:
        rule["input_message"] = note[:LONGEST_NOTE]
    if choices or note:
        sheet.data_validation(1, number, CHOOSE_DOWN_TO, number, rule)


def table(*, title: str, facts: Sequence[str], columns: Sequence[Column],
          rows: Iterable[Sequence[str | int]], is_long: bool = False) -> IO[bytes]:
    """A workbook with one sheet: title, facts, head, rows; ready to print on A4 landscape.

    A row of one cell is a heading that stands between the rows. One that `is_long` is made on
    the disk and never stands in memory as a whole.
    """
    file = TemporaryFile() if is_long else BytesIO()  # noqa: SIM115  the caller reads it
    book = xlsxwriter.Workbook(file, OPTIONS | {"in_memory": not is_long})
    book.set_properties({"title": plain(title)})
    sheet = book.add_worksheet(_sheet_name(title))
    formats = _formats(book)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
    _write(sheet, 0, 0, title, formats["title"])
    for number, fact in enumerate(facts, start=1):
        _write(sheet, number, 0, fact, formats["fact"])
    head = len(facts) + 1
    for number, column in enumerate(columns):
        _write(sheet, head, number, column.title, formats["head"])
    for line, row in enumerate(rows, start=head + 1):
        style = formats["group"] if len(row) == 1 else formats["cell"]
        if not is_long:  # the library remembers the height of every row to the end
            sheet.set_row(line, LINE * _lines(row, columns))
        for number, value in enumerate(row):
            _write(sheet, line, number, value, style)
    sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    _for_paper(sheet)
    book.close()
    file.seek(0)
    return file


def _lines(row: Sequence[str | int], columns: Sequence[Column]) -> int:
    """How many lines the fullest cell takes: not every program finds the height by itself."""
    if len(row) == 1:
        return 1
    return min(MOST_LINES, max(
        sum(max(1, ceil(_width(part) / column.width)) for part in plain(str(value)).split("\n"))
        for value, column in zip(row, columns, strict=True)))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _write(sheet, line: int, number: int, value: str | int, style) -> None:
    if isinstance(value, int):
        sheet.write_number(line, number, value, style)
    else:
        sheet.write_string(line, number, plain(value)[:LONGEST_CELL], style)


def _formats(book) -> dict:
    cell = {"font_size": 10, "border": 1, "valign": "top", "text_wrap": True}
    return {
        "title": book.add_format({"font_size": 16, "bold": True}),
        "fact": book.add_format({"font_size": 10, "font_color": "#4A5560"}),
        "head": book.add_format(cell | {"bold": True, "bg_color": "#F3F5F7", "valign": "vcenter"}),
        "group": book.add_format({"font_size": 11, "bold": True}),
        "cell": book.add_format(cell),
    }


def _for_paper(sheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第&P页，共&N页")


def _sheet_name(title: str) -> str:
    """A name that Excel takes: short, and without its special characters."""
    name = "".join(c for c in plain(title) if c not in "[]:*?/\\'\n\t")
    return name[:SHEET_NAME].strip() or "Sheet1"
