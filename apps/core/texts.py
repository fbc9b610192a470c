"""Text on its way into files that other programs open."""

import re

# What XML 1.0 cannot hold: control characters but tab and line break, halves of surrogates,
# and the two that are no characters.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """`text` with one kind of line break and without what XML cannot hold."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
