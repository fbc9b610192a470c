"""Reads a table in a process that may crash, hang or be killed without harm."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from apps.core.errors import Invalid
from apps.core.files.names import clean_name, refuse_secret
from apps.core.tables import child_codes as codes
from apps.core.tables import sentences
from apps.core.tables.limits import MIB, Limits

CHUNK = 256 * 1024
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ("import sys; sys.path.insert(0, sys.argv.pop(1)); "
           "from apps.core.tables.child_main import main; sys.exit(main(sys.argv[1:]))")
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
# What is neither a workbook nor text, by its first bytes.
OTHERS = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"MZ", b"{\\rtf")
_REFUSALS = {
    codes.TOO_MUCH: sentences.TOO_MUCH_INSIDE, codes.TOO_MANY_ROWS: sentences.TOO_MANY_ROWS,
    codes.TOO_MANY_COLUMNS: sentences.TOO_MANY_COLUMNS, codes.LOCKED: sentences.OLD,
    codes.MACROS: sentences.MACROS, codes.OTHER_OFFICE: sentences.OTHER_OFFICE,
    codes.BINARY: sentences.BINARY, codes.ENCODING: sentences.ENCODING,
    codes.NO_TABLE: sentences.NO_TABLE, codes.UNREADABLE: sentences.DAMAGED,
}


@dataclass(frozen=True)
class Row:
    """One row with something in it, as the reader counts it from 1."""

    number: int
    is_hidden: bool
    cells: list


@dataclass(frozen=True)
class Sheet:
    """One sheet; a CSV has one without a name."""

    name: str
    is_hidden: bool
    rows: list[Row]


@dataclass(frozen=True)
class Book:
    """What was read of one file."""

    name: str
    is_1904: bool
    sheets: list[Sheet]


def read(upload, limits: Limits = Limits()) -> Book:  # noqa: B008  a frozen value
    """The cells of `upload` (a Django UploadedFile). Raises Invalid with the sentence to show."""
    name = clean_name(upload.name or "")
    refuse_secret(name, where="文件名")
    with tempfile.TemporaryDirectory(prefix="fangzhen-table-") as folder:
        source, target = Path(folder) / "received", Path(folder) / "read"
        _refuse_by_head(_receive(upload, source, name, limits), name)
        code = _run(source, target, limits)
        if code != codes.DONE:
            raise Invalid(_REFUSALS.get(code, sentences.TOO_SLOW).format(
                name=name, mb=limits.unpacked_bytes // MIB, rows=limits.rows,
                columns=limits.columns, seconds=limits.wall_seconds))
        found = json.loads(target.read_text("utf-8"))
    return Book(name, found["is_1904"], [
        Sheet(each["name"], each["is_hidden"], [Row(*row) for row in each["rows"]])
        for each in found["sheets"]])


def _receive(upload, path: Path, name: str, limits: Limits) -> bytes:
    """A private copy: what is checked is what is read. Returns its first bytes."""
    size, head = 0, b""
    with path.open("wb") as copy:
        for chunk in upload.chunks(CHUNK):
            head = head or chunk[:16]
            size += len(chunk)
            if size > limits.file_bytes:
                raise Invalid(sentences.TOO_LARGE.format(name=name, mb=limits.file_bytes // MIB))
            copy.write(chunk)
    if not head:
        raise Invalid(sentences.EMPTY.format(name=name))
    return head


def _refuse_by_head(head: bytes, name: str) -> None:
    if head.startswith(OLE):
        raise Invalid(sentences.OLD.format(name=name))
    is_text_by_name = name.lower().endswith((".csv", ".txt", ".tsv"))
    if head.startswith(OTHERS) or not (head.startswith(ZIP) or is_text_by_name):
        raise Invalid(sentences.NO_TABLE.format(name=name))


def _run(source: Path, target: Path, limits: Limits) -> int:
    """The exit code; negative when a limit or the clock ended the child."""
    figures = (limits.unpacked_bytes, limits.members, limits.rows + limits.spare_rows,
               limits.columns, limits.cpu_seconds, limits.memory_bytes, limits.output_bytes)
    command = [sys.executable, "-I", "-c", PROGRAM, str(ROOT), str(source), str(target),
               *map(str, figures)]
    try:
        done = subprocess.run(  # noqa: S603  our own program with our own paths
            command,
            timeout=limits.wall_seconds,
            # The secrets of the app stay out of a process that a file may take over.
            env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1
    return done.returncode
