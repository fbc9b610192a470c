"""From the cells of workbooks to the rows of a roster: which sheet, which head, which column."""

import unicodedata

from apps.core.errors import Invalid
from apps.core.files import has_secret_mark
from apps.core.files.names import refuse_secret
from apps.core.tables import values
from apps.core.tables.limits import Limits
from apps.core.tables.read import Book, Row, Sheet, read
from apps.core.tables.values import Unreadable
from apps.organizations.roster import columns
from apps.organizations.roster.columns import BY_KEY, LAYOUTS, Column, Layout, folded

# The head stands somewhere below titles and notes.
HEAD_WITHIN = 20
EXPLANATION = "填写说明"
SECRET = "带有密级标志，涉密内容不能传到这里"


def take(uploads, limits: Limits = Limits()) -> dict:  # noqa: B008  a frozen value
    """The rows of all files by sheet, and notes about what was left out; fit for JSON.

    Raises Invalid with a sentence when a file cannot be read, holds no sheet of a roster, lacks
    a column, or has too many rows.
    """
    found = {layout.key: [] for layout in LAYOUTS} | {"notes": []}
    seen: dict[str, str] = {}
    for book in (read(upload, limits) for upload in uploads):
        for sheet in book.sheets:
            _take_sheet(book, sheet, found, seen)
    if not seen:
        raise Invalid("没有找到“组织”“人员”“任职”的表头。请用模板里的表头，或者看填写说明。")
    count = sum(len(found[layout.key]) for layout in LAYOUTS)
    if count > limits.rows:
        raise Invalid(f"数据有{count}行，一次最多{limits.rows}行。请按单位分成几份。")
    if not count:
        raise Invalid("表里还没有数据。")
    return found


def _take_sheet(book: Book, sheet: Sheet, found: dict, seen: dict[str, str]) -> None:
    label = f"{book.name}的“{sheet.name}”" if sheet.name else book.name
    if not sheet.rows or sheet.name.strip() == EXPLANATION:
        return
    refuse_secret(sheet.name, where="工作表的名称")
    if sheet.is_hidden:
        _refuse_marked_top(sheet.rows[:HEAD_WITHIN], label)
        found["notes"].append(f"{label}是隐藏的工作表，没有读。")
        return
    layout, place = _recognised(sheet)
    _refuse_marked_top(sheet.rows[:HEAD_WITHIN if layout is None else place + 1], label)
    if layout is None:
        found["notes"].append(f"{label}不是名册的表，没有读。")
        return
    if layout.key in seen:
        raise Invalid(f"“{layout.title}”有两份：{seen[layout.key]}和{label}。请合成一份。")
    seen[layout.key] = label
    head, notes = _head(layout, sheet.rows[place], label)
    found["notes"] += notes
    rows = sheet.rows[place + 1:]
    if hidden := [row.number for row in rows if row.is_hidden]:
        found["notes"].append(f"{label}有隐藏的行，也读了：第{_listed(hidden)}行。")
    found[layout.key] = [
        taken for row in rows if (taken := _row(layout, head, row, book))]


def _refuse_marked_top(rows: list[Row], label: str) -> None:
    """A mark above the head, or on a cover, is the whole file's."""
    for row in rows:
        for cell in row.cells:
            if isinstance(cell, str):
                refuse_secret(cell, where=label)


def _recognised(sheet: Sheet) -> tuple[Layout | None, int]:
    """Which sheet it is by its name or its head, and where the head stands."""
    name = folded(sheet.name)
    named = [each for each in LAYOUTS if name in each.names]
    best, best_at, most = None, 0, 0 if named else 1
    for layout in named or LAYOUTS:
        known = columns.titles(layout)
        for place, row in enumerate(sheet.rows[:HEAD_WITHIN]):
            found = {known.get(folded(_shown(cell))) for cell in row.cells} - {None}
            fits = all(column.key in found for column in layout.required)
            score = len(found) + (100 if fits else 0)
            if score > most:
                best, best_at, most = layout, place, score
    if best is None and named:
        raise Invalid(f"“{named[0].title}”没有找到表头。请用模板里的表头。")
    return best, best_at


def _head(layout: Layout, row: Row, label: str) -> tuple[dict[int, Column], list[str]]:
    """Which column stands where. Raises Invalid when one is missing or stands there twice."""
    known = columns.titles(layout)
    head: dict[int, Column] = {}
    unknown, by_key = [], {column.key: column for column in layout.columns}
    for place, cell in enumerate(row.cells):
        title = _shown(cell)
        key = known.get(folded(title))
        if key is None:
            unknown += [title] if title else []
        elif by_key[key] in head.values():
            raise Invalid(f"{label}里“{by_key[key].title}”有两列，请只留一列。")
        else:
            head[place] = by_key[key]
    missing = [column.title for column in layout.required if column not in head.values()]
    if missing:
        raise Invalid(f"{label}第{row.number}行的表头缺少：{'、'.join(missing)}。")
    notes = [f"{label}里不认识的列没有读：{'、'.join(unknown)}。"] if unknown else []
    return head, notes


def _row(layout: Layout, head: dict[int, Column], row: Row, book: Book) -> dict | None:
    """One row as values by key, with what is wrong about its cells; None for an empty one."""
    found, problems = {}, []
    for place, column in head.items():
        cell = row.cells[place] if place < len(row.cells) else None
        try:
            found[column.key] = _value(column, cell, book)
        except Unreadable as wrong:
            found[column.key] = ""
            problems.append(f"{_letter(place)}{row.number}“{column.title}”{wrong}")
    if not problems and not any(found.values()):
        return None
    if any(isinstance(cell, str) and "密" in unicodedata.normalize("NFKC", cell)
           and has_secret_mark(cell) for cell in row.cells):
        # Nothing of such a row is kept, not even in the answer.
        return {"row": row.number, "values": dict.fromkeys(found, ""), "problems": [SECRET]}
    problems += [f"“{column.title}”没有填" for column in layout.required
                 if not found[column.key] and column.key != "parent"
                 and not any(f"“{column.title}”" in each for each in problems)]
    return {"row": row.number, "values": found, "problems": problems}


def _value(column: Column, cell, book: Book) -> str:
    """The cell as it is kept: text, a code of a choice, a day in ISO. Raises Unreadable."""
    if column.kind == columns.DAY:
        if _shown(cell) == columns.NOTHING:
            return columns.NOTHING
        day = values.day(cell, is_1904=book.is_1904)
        return day.isoformat() if day else ""
    if column.kind == columns.WORDS:
        return _short(values.text(cell), column)
    if column.kind == columns.NAME:
        return _short(values.name(cell), column)
    found = _short(values.plain(cell), column)
    if not found:
        return ""
    known = columns.CHOICES.get(column.kind)
    if known is None:
        return found
    bare = found.replace(" ", "").lower()
    if bare not in known:
        raise Unreadable(f"没有“{found[:20]}”这一种，请从下拉里选")
    return known[bare]


def _short(found: str, column: Column) -> str:
    if len(found) > column.longest:
        raise Unreadable(f"超过{column.longest}个字")
    return found


def _shown(cell) -> str:
    """A cell of the head."""
    try:
        return values.text(cell)
    except Unreadable:
        return ""


def _letter(place: int) -> str:
    """0 -> A, 26 -> AA."""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _listed(numbers: list[int]) -> str:
    """The first few row numbers."""
    shown = "、".join(map(str, numbers[:10]))
    return f"{shown}等{len(numbers)}" if len(numbers) > 10 else shown


def title_of(key: str) -> str:
    """The name of a sheet on pages."""
    return BY_KEY[key].title
