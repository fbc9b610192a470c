"""A text table: UTF-8, UTF-16 with its mark, or GB18030; comma, semicolon or tab."""

import codecs
import csv
import io

from apps.core.tables.child_codes import ENCODING, LONGEST_TEXT, TOO_MANY_COLUMNS, Budget, Stop


def read(source: str, budget: Budget) -> dict:
    """The rows that hold something, as one sheet without a name."""
    with open(source, "rb") as file:
        text = decoded(file.read())
    first = next((line for line in text.splitlines() if line.strip()), "")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    csv.field_size_limit(LONGEST_TEXT * 50)
    rows = []
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        budget.row()
        while not cells[-1].strip():
            cells.pop()
        if len(cells) > budget.columns:
            raise Stop(TOO_MANY_COLUMNS)
        # A cell may hold line breaks: the number is that of the row's last line.
        rows.append([lines.line_num, False,
                     [budget.text(cell) if cell.strip() else None for cell in cells]])
    return {"is_1904": False, "sheets": [{"name": "", "is_hidden": False, "rows": rows}]}


def decoded(data: bytes) -> str:
    """The text of a file that says nowhere how it was written."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
                       (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return plain(data, name)
    try:
        return plain(data, "utf-8")
    except Stop:
        return plain(data, "gb18030")


def plain(data: bytes, name: str) -> str:
    """Decoded strictly. A zero byte means another kind of file, or UTF-16 without its mark."""
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        raise Stop(ENCODING) from None
    if "\0" in text:
        raise Stop(ENCODING)
    return text
