"""Old Office and WPS files: OLE2 compound files, read only as far as their directory.

Layout after [MS-CFB]; the macro flag of presentations after [MS-PPT] 2.4.10 and 2.4.11.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from apps.core.errors import Invalid
from apps.core.files import sentences
from apps.core.files.limits import Limits

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# The stub that every Windows program carries, in its two usual wordings.
PROGRAM_STUBS = (b"This program cannot be run in DOS mode", b"This program must be run under Win32")

_MACRO_STORAGES = {"vba", "_vba_project", "_vba_project_cur", "macros"}
_MAIN_STREAMS = {
    "worddocument": "ole-word",
    "workbook": "ole-excel",
    "book": "ole-excel",
    "powerpoint document": "ole-slides",
}
_LAST_SECTOR = 0xFFFFFFFA
_NOBODY = 0xFFFFFFFF
_SLIDES_MACROS = (
    b"\x1f\x00\xff\x03\x14\x00\x00\x00" b"\x02\x00\x00\x04\x0c\x00\x00\x00"
)


@dataclass(frozen=True)
class Entry:
    """One line of the directory: a storage or a stream."""

    name: str
    left: int
    right: int
    child: int


def inspect(file: BinaryIO, limits: Limits) -> str:
    """What the compound file holds: ole-word, ole-excel, ole-slides, or empty.

    Raises Invalid for macros, programs, encryption and broken structure.
    """
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            entries = list(_directory(data, limits))
            top = set(_top_level(entries))
        except (struct.error, IndexError) as broken:
            raise Invalid(sentences.DAMAGED) from broken
        _refuse_harm(data, {entry.name for entry in entries})
    if "encryptedpackage" in top:
        raise Invalid(sentences.LOCKED)
    return next((found for name, found in _MAIN_STREAMS.items() if name in top), "")


def _refuse_harm(data: mmap.mmap, names: set[str]) -> None:
    flag = data.find(_SLIDES_MACROS)
    if names & _MACRO_STORAGES or (flag >= 0 and data[flag + 20 : flag + 24] != bytes(4)):
        raise Invalid(sentences.OLD_MACROS)
    if any(data.find(stub) >= 0 for stub in PROGRAM_STUBS):
        raise Invalid(sentences.PROGRAM)


def _directory(data: mmap.mmap, limits: Limits) -> Iterator[Entry]:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise IndexError(shift)
    size = 1 << shift
    table = _sector_table(data, size)
    sector, seen = struct.unpack_from("<I", data, 48)[0], 0
    while sector < _LAST_SECTOR:
        start = (sector + 1) * size
        for offset in range(start, start + size, 128):
            seen += 1
            # A chain may run in a circle; an honest directory is short.
            if seen > limits.members:
                raise IndexError(seen)
            yield _entry(data, offset)
        sector = table[sector]


def _entry(data: mmap.mmap, offset: int) -> Entry:
    length = min(struct.unpack_from("<H", data, offset + 64)[0], 64)
    name = data[offset : offset + max(length - 2, 0)].decode("utf-16-le", "replace")
    left, right, child = struct.unpack_from("<III", data, offset + 68)
    return Entry(name.lower(), left, right, child)


def _sector_table(data: mmap.mmap, size: int) -> list[int]:
    """The allocation table: for each sector, the next one of its chain."""
    per_sector = size // 4
    places = list(struct.unpack_from("<109I", data, 76))
    more, left = struct.unpack_from("<I", data, 68)[0], len(data) // size
    while more < _LAST_SECTOR and left > 0:
        block = struct.unpack_from(f"<{per_sector}I", data, (more + 1) * size)
        places += block[:-1]
        more, left = block[-1], left - per_sector
    table: list[int] = []
    for place in places:
        # No file has more table than sectors; the rest of the list is padding or a trap.
        if place >= _LAST_SECTOR or len(table) * size > len(data):
            break
        table += struct.unpack_from(f"<{per_sector}I", data, (place + 1) * size)
    return table


def _top_level(entries: list[Entry]) -> Iterator[str]:
    """Names directly under the root: an embedded sheet does not make a document a sheet."""
    waiting, seen = [entries[0].child], set()
    while waiting:
        number = waiting.pop()
        if number == _NOBODY or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        yield entry.name
        waiting += (entry.left, entry.right)
