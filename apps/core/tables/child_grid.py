"""One sheet of a workbook, event by event: values, hidden rows, merged cells, days."""

import re
from datetime import date, timedelta

from apps.core.tables.child_codes import TOO_MANY_COLUMNS, Budget, Stop

MOST_MERGES = 20_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Part:
    """Base of the readers of a workbook's parts: they take what they know, leave the rest."""

    def start(self, tag: str, found: dict) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text inside."""


class Grid(Part):
    """One sheet."""

    def __init__(self, budget: Budget, strings: list[str], days: set[str], is_1904: bool):
        self.budget, self.strings, self.days, self.is_1904 = budget, strings, days, is_1904
        self.rows: list[list] = []
        self.merges: list[str] = []
        self.number = self.column = 0
        self.is_row_hidden = self.is_value = self.has_formula = self.is_reading = False
        self.cells: dict[int, object] = {}
        self.kind, self.style = "n", ""
        self.parts: list[str] = []

    def start(self, tag, found):
        if tag == "row":
            self.number = int(found.get("r", self.number + 1))
            self.is_row_hidden = found.get("hidden", "0") in ("1", "true")
            self.cells, self.column = {}, -1
        elif tag == "c":
            place = _PLACE.fullmatch(found.get("r", ""))
            self.column = column(place[1]) if place else self.column + 1
            self.kind, self.style = found.get("t", "n"), found.get("s", "0")
            self.parts, self.has_formula = [], False
        elif tag == "f":
            self.has_formula = True
        elif tag == "rPh":
            self.is_reading = True
        elif tag == "mergeCell" and len(self.merges) < MOST_MERGES:
            self.merges.append(found.get("ref", ""))
        self.is_value = tag in ("v", "t") and not self.is_reading

    def end(self, tag):
        self.is_value = False
        if tag == "rPh":
            self.is_reading = False
        elif tag == "c":
            self.take()
        elif tag == "row" and self.cells:
            self.budget.row()
            width = max(self.cells) + 1
            self.rows.append([self.number, self.is_row_hidden,
                              [self.cells.get(place) for place in range(width)]])

    def data(self, text):
        if self.is_value:
            self.parts.append(text)

    def take(self) -> None:
        """The finished cell, when there is something in it."""
        raw = "".join(self.parts)
        value = self.value(raw) if raw else ["f", ""] if self.has_formula else None
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        if self.column >= self.budget.columns:
            raise Stop(TOO_MANY_COLUMNS)
        self.cells[self.column] = value

    def value(self, raw: str):
        """What the cell says, by its type and style."""
        if self.kind == "s":
            return self.budget.text(self.strings[int(raw)])
        if self.kind in ("str", "inlineStr"):
            return self.budget.text(raw)
        if self.kind == "d":
            return ["d", raw[:10]]
        if self.kind in ("b", "e"):
            return [self.kind, raw[:20]]
        if self.style in self.days:
            return day_of(raw, self.is_1904)
        return ["n", raw[:40]]

    def merged(self) -> list:
        """The rows, with merged cells filled downwards in rows that have something else."""
        by_number = {row[0]: row[2] for row in self.rows}
        numbers = sorted(by_number)
        for ref in self.merges:
            fill(ref, by_number, numbers)
        return self.rows


def fill(ref: str, rows: dict[int, list], numbers: list[int]) -> None:
    """Copy the value of a merged range into the rows below its first."""
    first, _colon, last = ref.partition(":")
    start, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
    if not start or not end:
        return
    place, top, bottom = column(start[1]), int(start[2]), int(end[2])
    cells = rows.get(top, [])
    if place >= len(cells) or cells[place] is None:
        return
    for number in numbers:
        if top < number <= bottom:
            below = rows[number]
            below += [None] * (place + 1 - len(below))
            below[place] = cells[place]


def column(letters: str) -> int:
    """A -> 0, Z -> 25, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def day_of(raw: str, is_1904: bool) -> list[str]:
    """A serial number as a day. Excel's 1900 had a 29 February, which never was."""
    whole = int(float(raw))
    serial = whole + 1462 if is_1904 else whole
    if serial == 60 or not 1 <= serial <= 2_958_465:
        return ["x", raw[:40]]
    start = date(1899, 12, 31) if serial < 60 else date(1899, 12, 30)
    return ["d", (start + timedelta(days=serial)).isoformat()]
