"""Whether two duties of one version ask the same thing twice. Pure.

A warning for whoever edits a draft, no verdict: two duties of one meeting may well stand
side by side, but then one of them should be fulfilled along with the other.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from apps.duties.catalogue_entries import DutyEntry

# Pairs of neighbouring characters: Chinese words are mostly two characters long.
SHINGLE = 2
# Share of common pairs from which two texts count as the same. In the catalogue 2026.2 no
# two of the 3,600 pairs of duties share more than 0.36 (two kinds of first talks); a text
# that was copied and had one clause changed keeps 0.6 and more.
NEARLY_EQUAL = 0.5
# Written by nobody: what stands between words.
NO_LETTER = re.compile(r"\W")


@dataclass(frozen=True)
class Likeness:
    """Two duties and why they look alike, as a sentence for the page."""

    first: DutyEntry
    second: DutyEntry
    reason: str


def alike(duties: Iterable[DutyEntry], codes: Iterable[str] | None = None) -> list[Likeness]:
    """Pairs that may ask the same; with `codes` only those that contain one of them."""
    wanted = None if codes is None else set(codes)
    found = []
    for first, second in combinations(duties, 2):
        if wanted is not None and not wanted & {first.code, second.code}:
            continue
        reason = _reason(first, second)
        if reason:
            found.append(Likeness(first, second, reason))
    return found


def likeness(one: str, other: str) -> float:
    """Share of the character pairs of two texts that both have (Jaccard), 0 to 1."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def _reason(first: DutyEntry, second: DutyEntry) -> str:
    if second.code in first.also_fulfils or first.code in second.also_fulfils:
        return ""
    if likeness(first.text, second.text) >= NEARLY_EQUAL:
        return "“做什么”几乎一样"
    if (first.subject, first.cadence) != (second.subject, second.cadence):
        return ""
    clauses = _common(first.clauses, second.clauses)
    if clauses:
        return f"同一主体、同一频次，都管条文{'、'.join(clauses)}"
    if first.theme and first.theme == second.theme and _common(
            first.activity_kinds, second.activity_kinds):
        return "同一主体、同一频次、同一主题，一次活动就能履行"
    return ""


def _common(first: Sequence[str], second: Sequence[str]) -> list[str]:
    return [each for each in first if each in set(second)]


def _pairs(text: str) -> set[str]:
    plain = NO_LETTER.sub("", text)
    return {plain[at:at + SHINGLE] for at in range(len(plain) - SHINGLE + 1)}
