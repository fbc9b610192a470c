"""An .xlsx file: its sheets, shared texts and styles, read from its XML event by event.

Libraries build the whole book before anybody can count its rows, know no hidden rows, and
stumble over the styles that other programs write.
"""

import re
import struct
import zipfile
import zlib
from functools import lru_cache
from xml.parsers import expat

from apps.core.tables.child_codes import (
    BINARY,
    LOCKED,
    LONGEST_TEXT,
    MACROS,
    NO_TABLE,
    OTHER_OFFICE,
    TOO_MUCH,
    UNREADABLE,
    Budget,
    Stop,
)
from apps.core.tables.child_grid import Grid, Part

CHUNK = 64 * 1024
# Day formats that Excel does not spell out; 27 and above are those of its Chinese edition.
DAY_FORMATS = {14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
# Bytes of the archive's list of members; an honest line has about a hundred.
LONGEST_LIST = 2_000_000
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Workbook:
    """The archive, opened and looked over."""

    def __init__(self, source: str, budget: Budget):
        self.archive, self.budget = opened(source), budget
        self.names = check(self.archive, budget)

    def read(self) -> dict:
        """All sheets as rows of cells."""
        book, links = Book(), Links()
        self.parse("xl/workbook.xml", book)
        self.parse("xl/_rels/workbook.xml.rels", links)
        styles, strings = Styles(), Strings(self.budget)
        for name, reader in (("xl/styles.xml", styles), ("xl/sharedStrings.xml", strings)):
            if name in self.names:
                self.parse(name, reader)
        sheets = []
        for name, is_hidden, key in book.sheets:
            path = member(links.targets.get(key, ""))
            if path not in self.names:
                continue  # a chart or a macro sheet
            grid = Grid(self.budget, strings.found, styles.days(), book.is_1904)
            self.parse(path, grid)
            sheets.append({"name": name[:100], "is_hidden": is_hidden, "rows": grid.merged()})
        return {"is_1904": book.is_1904, "sheets": sheets}

    def parse(self, name: str, reader) -> None:
        """Feed one part to its reader, counting what really comes out of the archive."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = lambda tag, found: reader.start(
            local(tag), {local(key): found[key] for key in found})
        parser.EndElementHandler = lambda tag: reader.end(local(tag))
        parser.CharacterDataHandler = reader.data
        with self.archive.open(name) as part:
            while chunk := part.read(CHUNK):
                self.budget.bytes(len(chunk))
                parser.Parse(chunk)
        parser.Parse(b"", True)


def refuse(*_declaration) -> None:
    """No workbook declares entities; who does wants to blow them up."""
    raise Stop(UNREADABLE)


@lru_cache(maxsize=1000)
def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


def opened(source: str) -> zipfile.ZipFile:
    """The archive, once its list is known to be short: the library makes an object a line."""
    with open(source, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 65_557, 0))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise Stop(UNREADABLE)
    if struct.unpack_from("<I", tail, end + 12)[0] > LONGEST_LIST:
        raise Stop(TOO_MUCH)
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError):
        raise Stop(UNREADABLE) from None


def check(archive: zipfile.ZipFile, budget: Budget) -> set[str]:
    """The names of the members; Stop for what is no workbook, or too much of one."""
    members = archive.infolist()
    if len(members) > budget.members or sum(m.file_size for m in members) > budget.unpacked:
        raise Stop(TOO_MUCH)
    if any(m.flag_bits & 0x1 for m in members):
        raise Stop(LOCKED)
    names = {m.filename for m in members}
    if any(re.search(r"vba\w*\.bin$", name, re.IGNORECASE) for name in names):
        raise Stop(MACROS)
    if "xl/workbook.xml" not in names:
        raise Stop(BINARY if "xl/workbook.bin" in names else
                   OTHER_OFFICE if "[Content_Types].xml" in names or "OFD.xml" in names
                   else NO_TABLE)
    return names


def member(target: str) -> str:
    """A relation's target as a name in the archive."""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


class Book(Part):
    """Names of the sheets in their order, and from which day days are counted."""

    def __init__(self):
        self.sheets, self.is_1904 = [], False

    def start(self, tag, found):
        if tag == "sheet":
            is_hidden = found.get("state", "visible") != "visible"
            self.sheets.append((found.get("name", ""), is_hidden, found.get("id", "")))
        elif tag == "workbookPr":
            self.is_1904 = found.get("date1904", "0") in ("1", "true")


class Links(Part):
    """Where the parts lie."""

    def __init__(self):
        self.targets = {}

    def start(self, tag, found):
        if tag == "Relationship":
            self.targets[found.get("Id", "")] = found.get("Target", "")


class Styles(Part):
    """Which cell styles show a day."""

    def __init__(self):
        self.codes, self.formats, self.is_cell_style = {}, [], False

    def start(self, tag, found):
        if tag == "numFmt":
            self.codes[found.get("numFmtId", "")] = found.get("formatCode", "")[:LONGEST_TEXT]
        elif tag == "cellXfs":
            self.is_cell_style = True
        elif tag == "xf" and self.is_cell_style:
            self.formats.append(found.get("numFmtId", "0"))

    def end(self, tag):
        if tag == "cellXfs":
            self.is_cell_style = False

    def days(self) -> set[str]:
        """Numbers of the styles, as cells name them."""
        return {str(place) for place, key in enumerate(self.formats) if self.shows_day(key)}

    def shows_day(self, key: str) -> bool:
        """By the code where there is one, else by the list of Excel's own."""
        if key in self.codes:
            bare = _QUOTED.sub("", self.codes[key]).lower()
            return "y" in bare or "d" in bare
        return key.isdigit() and int(key) in DAY_FORMATS


class Strings(Part):
    """Texts that cells share; readings above characters are left out."""

    def __init__(self, budget: Budget):
        self.budget = budget
        self.found: list[str] = []
        self.parts: list[str] = []
        self.is_text = self.is_reading = False

    def start(self, tag, found):
        if tag == "si":
            self.parts = []
        self.is_text = tag == "t" and not self.is_reading
        self.is_reading = self.is_reading or tag == "rPh"

    def end(self, tag):
        if tag == "si":
            self.found.append(self.budget.text("".join(self.parts)))
        elif tag == "rPh":
            self.is_reading = False
        self.is_text = False

    def data(self, text):
        if self.is_text:
            self.parts.append(text)
