"""New Office and OFD files: ZIP archives, read to the last byte within limits."""

import errno
import html
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from apps.core.errors import Invalid
from apps.core.files import sentences
from apps.core.files.compound import PROGRAM_STUBS
from apps.core.files.limits import Limits

SIGNATURE = b"PK\x03\x04"

CHUNK = 256 * 1024
# A line of the archive's own list is 46 bytes and a name; honest names are short.
LIST_LINE = 1024
# Content types and relations of a large report take some hundred kilobytes.
LONGEST_TEXT = 4 * 1024 * 1024
# A mark of secrecy is printed at the head; further down it may be the subject of a lesson.
OPENING_CHARACTERS = 500

_HARMFUL = re.compile(
    r"\.(exe|dll|com|scr|pif|cpl|msi|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|lnk|jar|sh|"
    r"apk|reg|chm|zip|rar|7z|iso|cab|gz)$",
    re.IGNORECASE,
)
_MACRO_NAMES = re.compile(r"(vba\w*\.bin|\.(doc|dot|xls|xlt|ppt|pot|pps)m)$", re.IGNORECASE)
_MACRO_TYPES = re.compile(r"macroEnabled|vbaProject", re.IGNORECASE)
# The part may carry any name; the project inside it always has this directory entry.
_MACRO_PROJECT = "_VBA_PROJECT".encode("utf-16-le")
_TEMPLATE = re.compile(r"<[^>]*attachedTemplate[^>]*>", re.IGNORECASE)
# A template on the reader's own disk is what Word writes by itself.
_REMOTE_TARGET = re.compile(
    r"Target\s*=\s*[\"']\s*(https?:|ftp:|\\\\|//|file:/*\\\\)", re.IGNORECASE
)
_PARAGRAPH_END = re.compile(r"</(?:w:p|a:p|si)>")
_TAG = re.compile(r"<[^>]*>")
# The first page of a Word document may have a head of its own; Excel prints its head from the
# sheet; a title is what search engines and readers show first.
_OPENINGS = {"word/header1.xml", "word/header2.xml", "word/header3.xml", "word/document.xml",
             "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "ppt/slides/slide1.xml",
             "Doc_0/Pages/Page_0/Content.xml", "docProps/core.xml"}
# Where Excel keeps what it prints above and below: after all rows, so it is looked for.
_SHEET_HEAD = re.compile(r"<headerFooter.*?</headerFooter>", re.DOTALL)
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError,
           RuntimeError, OverflowError)


@dataclass
class Contents:
    """What an archive holds, and how much may still be read of it and of what it nests."""

    limits: Limits
    members_left: int
    bytes_left: int
    found: str = ""
    openings: list[str] = field(default_factory=list)

    @property
    def opening(self) -> str:
        """The first words of the document, one paragraph a line."""
        return "\n".join(self.openings)


def inspect(file: IO[bytes], limits: Limits) -> Contents:
    """Read all of the archive. Raises Invalid for bombs, macros, programs, odd paths,
    encryption and broken structure."""
    contents = Contents(limits, limits.members, limits.unpacked_bytes)
    contents.found = _read(file, contents, depth=1)
    return contents


def _read(file: IO[bytes], contents: Contents, *, depth: int) -> str:
    if depth > contents.limits.nesting:
        raise Invalid(sentences.TOO_MUCH_INSIDE)
    try:
        # The library builds an object for each line of the list before it can be counted.
        if _list_size(file) > contents.limits.members * LIST_LINE:
            raise Invalid(sentences.TOO_MUCH_INSIDE)
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_list(members, contents)
            for member in members:
                _check_member(archive, member, contents, depth=depth)
    except _BROKEN as broken:
        raise Invalid(sentences.DAMAGED) from broken
    except OSError as broken:
        # The library seeks where the archive says; a full disk is another matter.
        if broken.errno != errno.EINVAL:
            raise
        raise Invalid(sentences.DAMAGED) from broken
    return _found({member.filename for member in members})


def _found(names: set[str]) -> str:
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        for folder, found in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
            if any(name.startswith(folder) for name in names):
                return found
    return ""


def _list_size(file: IO[bytes]) -> int:
    """Bytes of the archive's list of members, found where the library finds it."""
    size = file.seek(0, 2)
    file.seek(max(size - 65_557, 0))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise zipfile.BadZipFile
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\x06\x07":
        return struct.unpack_from("<Q", tail, end - 36)[0]
    return struct.unpack_from("<I", tail, end + 12)[0]


def _check_list(members: list[zipfile.ZipInfo], contents: Contents) -> None:
    contents.members_left -= len(members)
    declared = sum(member.file_size for member in members)
    if contents.members_left < 0 or declared > contents.bytes_left:
        raise Invalid(sentences.TOO_MUCH_INSIDE)
    if not members or min(member.header_offset for member in members) > 0:
        raise zipfile.BadZipFile  # something else stands before the archive
    for member in members:
        name = member.orig_filename
        if _is_odd_path(name) or stat.S_ISLNK(member.external_attr >> 16):
            raise Invalid(sentences.ODD_PATHS)
        if member.flag_bits & 0x1:
            raise Invalid(sentences.LOCKED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile
        if _MACRO_NAMES.search(name):
            raise Invalid(sentences.MACROS.format(right="文件"))
        if _HARMFUL.search(name):
            raise Invalid(sentences.PROGRAM)


def _is_linkage(name: str) -> bool:
    """True for the members that say what the others are and what they point to."""
    return name == "[Content_Types].xml" or name.endswith(".rels")


def _is_odd_path(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    is_absolute = parts[0] == "" or re.match(r"[A-Za-z]:", name)
    return bool(is_absolute or ".." in parts or "\0" in name)


def _check_member(archive, member, contents: Contents, *, depth: int) -> None:
    """Read one member whole: the library compares its length and checksum on the way."""
    name = member.filename
    is_read = _is_linkage(name) or name in _OPENINGS
    with tempfile.SpooledTemporaryFile(max_size=2 * 1024 * 1024) as copy:
        head = b""
        for chunk in _chunks(archive, member, contents):
            if not head:
                head = chunk
                _refuse_program(head)
            if head.startswith(SIGNATURE) or (is_read and copy.tell() < LONGEST_TEXT):
                copy.write(chunk)
        if head.startswith(SIGNATURE):
            _read(copy, contents, depth=depth + 1)
        elif is_read:
            copy.seek(0)
            _check_text(name, copy.read(), contents)


def _chunks(archive, member, contents: Contents) -> Iterator[bytes]:
    """The unpacked bytes in pieces, each searched together with the edge of the last."""
    edge = b""
    # Words about programs are no programs.
    is_text = member.filename.endswith((".xml", ".rels"))
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            contents.bytes_left -= len(chunk)
            if contents.bytes_left < 0:
                raise Invalid(sentences.TOO_MUCH_INSIDE)
            searched = b"" if is_text else edge + chunk
            if any(stub in searched for stub in PROGRAM_STUBS):
                raise Invalid(sentences.PROGRAM)
            if _MACRO_PROJECT in searched:
                raise Invalid(sentences.MACROS.format(right="文件"))
            edge = chunk[-64:]
            yield chunk


def _refuse_program(head: bytes) -> None:
    is_windows = False
    if head[:2] == b"MZ" and len(head) >= 64:
        place = struct.unpack_from("<I", head, 60)[0]
        is_windows = head[place : place + 4] == b"PE\0\0"
    if is_windows or head.startswith(b"\x7fELF"):
        raise Invalid(sentences.PROGRAM)


def _check_text(name: str, raw: bytes, contents: Contents) -> None:
    is_wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = html.unescape(raw.decode("utf-16" if is_wide else "utf-8", "replace"))
    if _is_linkage(name):
        if len(raw) >= LONGEST_TEXT:
            raise Invalid(sentences.TOO_MUCH_INSIDE)
        if _MACRO_TYPES.search(text):
            raise Invalid(sentences.MACROS.format(right="文件"))
        if any(_REMOTE_TARGET.search(tag) for tag in _TEMPLATE.findall(text)):
            raise Invalid(sentences.REMOTE_TEMPLATE)
    if name in _OPENINGS:
        words = _TAG.sub("", _PARAGRAPH_END.sub("\n", text)).strip()
        contents.openings.append(words[:OPENING_CHARACTERS])
        contents.openings += [_TAG.sub("", head) for head in _SHEET_HEAD.findall(text)]
