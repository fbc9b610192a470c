"""File names as data: cleaned for showing, never used as a path; marks of secrecy refused."""

import re
import unicodedata

from apps.core.errors import Invalid
from apps.core.files import sentences

LONGEST = 200
# Said at a text field; a file has its own sentence.
CLASSIFIED = "这里不能出现密级标志。涉密内容请按保密规定办理，不要填在本平台。"
NAMELESS = "未命名"

# Control, format (bidi and zero-width), surrogate; line and paragraph separators. Private
# use stays: personnel files carry rare characters there.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# GB/T 9704 parts level and term by a star: 机密★10年. Spaces inside are tolerated, line
# breaks are not: a list may set a star before its next line.
_SECRET_MARK = re.compile(r"([绝絕]密|[机機]密|秘密)[^\S\n]*[★☆⭐🌟✩✪✭✮✯✰]")
_SPACE_INSIDE = re.compile(r"(?<=[绝絕机機秘])[^\S\n]+(?=密)")


def clean_name(raw: str) -> str:
    """What a person may see of the uploader's file name; at most 200 characters.

    Path parts and unseen characters go, the rest is NFC; the extension survives the cut.
    """
    last = re.split(r"[/\\]", raw)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _UNSEEN)
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", seen)).strip().rstrip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name[:LONGEST] or NAMELESS
    extension = extension[:20].rstrip()
    return f"{stem.strip(' .')[: LONGEST - 1 - len(extension)] or NAMELESS}.{extension}"


def extension_of(name: str) -> str:
    """What stands after the last dot, in lower case; empty without a dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def secret_mark(text: str) -> str:
    """The first mark of secrecy in `text`, such as 机密★; empty when there is none."""
    plain = "".join(
        c
        for c in unicodedata.normalize("NFKC", text)
        if c == "\n" or unicodedata.category(c) not in _UNSEEN
    )
    found = _SECRET_MARK.search(_SPACE_INSIDE.sub("", plain))
    return f"{found[1]}★" if found else ""


def has_secret_mark(text: str) -> bool:
    """True when `text` carries a mark of secrecy: 绝密★, 机密★ or 秘密★."""
    return bool(secret_mark(text))


def refuse_secret(text: str, *, where: str) -> None:
    """Raises Invalid when `text` carries a mark of secrecy; `where` names the place."""
    if mark := secret_mark(text):
        raise Invalid(sentences.CLASSIFIED.format(where=where, mark=mark))
