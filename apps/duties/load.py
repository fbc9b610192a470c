"""What a catalogue asks of those who type: occurrences, entries and minutes a year. Pure.

An *entry* is one thing typed: within a period, occurrences that one activity (same kind,
same theme) can answer are one entry, every other occurrence is one, and a duty that is
fulfilled along with another is none. Source of the budget: architecture, section 3.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

PERIODS_A_YEAR = {"monthly": 12, "quarterly": 4, "half_yearly": 2, "yearly": 1, "once": 1}
# The reference unit: one secretary, four members, 机关党委 and 机关纪委; its facts are all.
REFERENCE_FACTS = (
    "party_group", "has_organ_committee", "has_discipline_committee", "several_branches",
    "window_unit",
)
UNIT_LABEL = "一个单位支部以上各级"
BRANCH_LABEL = "一个党支部"
MEMBERS = 4
ABOVE_BRANCHES = {
    "party_group": 1, "secretary": 1, "member": MEMBERS, "organ_committee": 1,
    "discipline_committee": 1,
}


class DutyLike(Protocol):
    """What the load asks of a duty; a row and an entry of a file both have it."""

    code: str
    subject: str
    cadence: str
    minutes: int
    theme: str
    activity_kinds: list
    also_fulfils: list
    applies_to: list
    events_a_year: int | None


@dataclass(frozen=True)
class Load:
    """Figures for a year. `minutes` are those of the catalogue, one activity counted once."""

    duties: int = 0
    occurrences: int = 0
    entries: int = 0
    minutes: int = 0


@dataclass(frozen=True)
class Budget:
    """The most that may be asked a year."""

    occurrences: int
    entries: int

    def holds(self, load: Load) -> bool:
        """Whether `load` stays within it."""
        return load.occurrences <= self.occurrences and load.entries <= self.entries


@dataclass(frozen=True)
class Budgets:
    """What a version may ask of the two kinds of people who type."""

    unit: Budget
    branch: Budget

    def overrun(self, duties: Sequence[DutyLike]) -> list[str]:
        """A sentence for each of the two that the duties ask too much of."""
        return [
            f"{name}一年{load.occurrences}次任务、{load.entries}次填报，"
            f"超过了{budget.occurrences}次、{budget.entries}次的上限"
            for name, load, budget in (
                (UNIT_LABEL, of_unit(duties), self.unit),
                (BRANCH_LABEL, of_branch(duties), self.branch),
            )
            if not budget.holds(load)
        ]


def of_duties(duties: Sequence[DutyLike]) -> Load:
    """Exactly these duties, as on a list that stands."""
    return _load(duties)


def of_list(duties: Iterable[DutyLike], subject: str) -> Load:
    """One list of `subject` in the reference unit."""
    return _load(_borne(duties, {subject: 1}))


def of_unit(duties: Iterable[DutyLike]) -> Load:
    """All lists of the reference unit above its branches."""
    return _load(_borne(duties, ABOVE_BRANCHES))


def of_branch(duties: Iterable[DutyLike]) -> Load:
    """A branch of the reference unit; its groups' meetings are a duty of its own."""
    return of_list(duties, "branch")


def times_a_year(duty: DutyLike) -> int:
    """How many occurrences a duty makes in a year; the catalogue's guess for events."""
    if duty.cadence == "on_event":
        return duty.events_a_year or 1
    return PERIODS_A_YEAR.get(duty.cadence, 0)


def _borne(duties: Iterable[DutyLike], lists: dict[str, int]) -> list[DutyLike]:
    """The duties of these lists, each as often as there are lists of its subject."""
    return [
        duty for duty in duties if set(duty.applies_to) <= set(REFERENCE_FACTS)
        for _ in range(lists.get(duty.subject, 0))
    ]


def _load(duties: Sequence[DutyLike]) -> Load:
    there = {duty.code for duty in duties}
    carried = {code for duty in duties for code in duty.also_fulfils} & there
    own = [duty for duty in duties if duty.code not in carried]
    entries = minutes = 0
    for group in _answered_together(own):
        times = times_a_year(group[0])
        entries += times
        minutes += max(times, 1) * max(duty.minutes for duty in group)
    return Load(len(duties), sum(map(times_a_year, own)), entries, minutes)


def _answered_together(duties: list[DutyLike]) -> list[list[DutyLike]]:
    """Groups of duties that one activity answers: same rhythm, same theme, a kind in common.
    The kind that answers most is taken first."""
    groups = [[duty] for duty in duties if not _is_shared(duty)]
    by_theme = defaultdict(list)
    for duty in filter(_is_shared, duties):
        by_theme[duty.cadence, duty.theme].append(duty)
    for rest in by_theme.values():
        while rest:
            kinds = Counter(kind for duty in rest for kind in duty.activity_kinds)
            kind = min(kinds, key=lambda each: (-kinds[each], each))
            group = [duty for duty in rest if kind in duty.activity_kinds]
            groups.append(group)
            rest = [duty for duty in rest if kind not in duty.activity_kinds]
    return groups


def _is_shared(duty: DutyLike) -> bool:
    return bool(duty.theme and duty.activity_kinds) and duty.cadence in PERIODS_A_YEAR
