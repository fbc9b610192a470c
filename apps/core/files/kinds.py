"""What a file is, read from its bytes; the extension must agree.

No library is right about this (a small .xlsx is called .docx, HTML and old .doc are
missed), so signatures are checked here and structure in `zips`, `compound` and `pictures`.
"""

from dataclasses import dataclass
from pathlib import Path

from apps.core.errors import Invalid
from apps.core.files import compound, pictures, sentences, zips
from apps.core.files.limits import Limits
from apps.core.files.names import extension_of, refuse_secret


@dataclass(frozen=True)
class Kind:
    """One kind of file that is taken: what its bytes show and how it is sent back."""

    extension: str
    found: str
    content_type: str
    label: str

    @property
    def is_picture(self) -> bool:
        """True for what is re-encoded before it is kept."""
        return self.found in ("jpg", "png")


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "pdf", "application/pdf", "PDF"),
        Kind("ofd", "ofd", "application/ofd", "OFD"),
        Kind("doc", "ole-word", "application/msword", "旧版Word"),
        Kind("docx", "docx", f"{_OPEN_XML}.wordprocessingml.document", "Word"),
        Kind("xls", "ole-excel", "application/vnd.ms-excel", "旧版Excel"),
        Kind("xlsx", "xlsx", f"{_OPEN_XML}.spreadsheetml.sheet", "Excel"),
        Kind("ppt", "ole-slides", "application/vnd.ms-powerpoint", "旧版PPT"),
        Kind("pptx", "pptx", f"{_OPEN_XML}.presentationml.presentation", "PPT"),
        # WPS writes the binary formats of Word and Excel under its own extensions.
        Kind("wps", "ole-word", "application/wps-office.wps", "WPS文字"),
        Kind("et", "ole-excel", "application/wps-office.et", "WPS表格"),
        Kind("jpg", "jpg", "image/jpeg", "JPG图片"),
        Kind("jpeg", "jpg", "image/jpeg", "JPG图片"),
        Kind("png", "png", "image/png", "PNG图片"),
    )
}
# For the `accept` attribute of a file field.
ACCEPT = ",".join(f".{extension}" for extension in KINDS)

_WITH_MACROS = {
    "docm": "docx", "dotm": "docx", "xlsm": "xlsx", "xltm": "xlsx", "xlsb": "xlsx",
    "pptm": "pptx", "potm": "pptx", "ppsm": "pptx",
}
_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "zip"),
    (compound.SIGNATURE, "ole"),
)
# Readers look for the end mark in the last kilobyte; scanners and signers append more.
_PDF_TAIL = 64 * 1024


def by_name(name: str) -> Kind:
    """The kind that the extension claims. Raises Invalid with the sentence to show."""
    extension = extension_of(name)
    if extension in _WITH_MACROS:
        raise Invalid(sentences.MACROS.format(right=_WITH_MACROS[extension]))
    if extension in ("heic", "heif"):
        raise Invalid(sentences.HEIC)
    if extension not in KINDS:
        raise Invalid(sentences.ONLY_THESE)
    return KINDS[extension]


def check(path: Path, claimed: Kind, limits: Limits) -> None:
    """Raises Invalid unless the bytes at `path` are what the extension claims, and harmless."""
    if path.stat().st_size == 0:
        raise Invalid(sentences.EMPTY)
    found = _sniff(path, limits)
    if found == claimed.found:
        return
    actual = next((kind for kind in KINDS.values() if kind.found == found), None)
    if actual is None:
        raise Invalid(sentences.NO_MATCH.format(extension=claimed.extension))
    raise Invalid(
        sentences.OTHER_KIND.format(
            extension=claimed.extension, label=actual.label, right=actual.extension
        )
    )


def _sniff(path: Path, limits: Limits) -> str:
    """What the bytes are, in the words of `Kind.found`; empty when they are nothing known."""
    with path.open("rb") as file:
        head = file.read(16)
        found = next((name for mark, name in _SIGNATURES if head.startswith(mark)), "")
        file.seek(0)
        match found:
            case "jpg" | "png":
                pictures.refuse_too_many_pixels(file, found, limits)
            case "pdf":
                file.seek(-min(path.stat().st_size, _PDF_TAIL), 2)
                found = "pdf" if b"%%EOF" in file.read() else ""
            case "zip":
                contents = zips.inspect(file, limits)
                refuse_secret(contents.opening, where="文件开头")
                found = contents.found
            case "ole":
                found = compound.inspect(file, limits)
    return found
