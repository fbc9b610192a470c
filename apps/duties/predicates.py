"""Facts of a unit that a duty may ask for, and whether it then applies.

Pure: `organizations` says which facts hold, the catalogue names those it needs.
"""

from collections.abc import Iterable

PREDICATES = {
    "party_group": "设党组",
    "party_committee": "设党委",
    "has_organ_committee": "设机关党委",
    "has_discipline_committee": "设机关纪委",
    "several_branches": "有两个以上支部",
    "window_unit": "窗口单位",
}


def applies(needed: Iterable[str], facts: Iterable[str]) -> bool:
    """Whether every needed fact holds; nothing needed means it applies everywhere."""
    return set(needed) <= set(facts)
