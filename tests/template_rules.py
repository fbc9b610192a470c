"""Rules of the house about templates and static files, each from text to findings."""

import re

FOREIGN = re.compile(r"""https?://(?!www\.w3\.org/)[^\s"'<>)]+""")
INLINE = {
    "script without a source": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "script with a body": re.compile(r"<script\b[^>]*>\s*[^\s<]", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "javascript: address": re.compile(r"javascript\s*:", re.I),
    "data: image": re.compile(r"""(?:src|href)\s*=\s*["']?data:""", re.I),
}
UNESCAPED = {
    "safe filter": re.compile(r"\|\s*safe(?:seq)?\b"),
    "autoescape off": re.compile(r"{%\s*autoescape\s+off"),
    "safe block": re.compile(r"{%\s*filter\b[^%]*\bsafe\b"),
}
# Templates of libraries under names that the library chose.
# The last one is allauth's answer to too many requests.
LIBRARY = ("bootstrap5/", "mfa/", "account/", "admin/", "429.html")


def lines(text: str, rules: dict[str, re.Pattern]) -> list[str]:
    """Findings of each rule with their line; tags that span lines are seen whole."""
    found = []
    for what, pattern in rules.items():
        for match in pattern.finditer(text):
            found.append(f"{text.count(chr(10), 0, match.start()) + 1}: {what}")
    return found


def inline(text: str) -> list[str]:
    """Scripts and styles that the CSP would refuse."""
    return lines(text, INLINE)


def unescaped(text: str) -> list[str]:
    """Places where a person's words would become markup."""
    return lines(text, UNESCAPED)


def foreign(text: str) -> list[str]:
    """Addresses of other hosts."""
    return lines(text, {"address of another host": FOREIGN})


def included(text: str) -> list[str]:
    """Names of included templates that do not look like partials."""
    names = re.findall(r"""{%\s*include\s+["']([^"']+)["']""", text)
    return [name for name in names
            if not name.startswith(LIBRARY) and not name.rpartition("/")[2].startswith("_")]


def extended(text: str) -> list[str]:
    """Names of extended templates that look like partials."""
    names = re.findall(r"""{%\s*extends\s+["']([^"']+)["']""", text)
    return [name for name in names if name.rpartition("/")[2].startswith("_")]
