"""Which list carries which further down: lists above and below, suggestions, coverage.

The list above is the nearest one upward in the tree: a branch's is that of its 机关党委 or
总支, else of the party group; a committee's is that of the party group. Leaders' lists and
the work committee's own have none above and none below.

Who fills in a list reads the titles of the items above it, whether or not he reads that list.
"""

from collections import defaultdict

from apps.checklists.models import Checklist, Item
from apps.core.fields import subtree_end
from apps.duties.models import Duty

Subject = Duty.Subject
WITHOUT_UPPER = (Subject.PARTY_GROUP, Subject.COMMITTEE)


def list_above(checklist) -> Checklist | None:
    """The list whose items this one carries further down; None at the top."""
    if checklist.holder_id or checklist.subject in WITHOUT_UPPER:
        return None
    rows = _bodies(checklist.year).filter(
        organization__path__in=checklist.organization.parent_paths())
    return rows.order_by("-organization__path").first()


def lists_below(checklist) -> list[Checklist]:
    """The lists whose list above is this one, in tree order."""
    if checklist.holder_id or checklist.subject == Subject.COMMITTEE:
        return []
    own = checklist.organization.path
    rows = _bodies(checklist.year).filter(
        organization__path__gt=own, organization__path__lt=subtree_end(own))
    rows = list(rows.order_by("organization__path", "pk"))
    paths = {row.organization.path for row in rows}
    return [row for row in rows if not any(
        path in paths for path in row.organization.parent_paths() if len(path) > len(own))]


def _bodies(year: int):
    rows = Checklist.unscoped.filter(year=year, holder=None).exclude(subject=Subject.COMMITTEE)
    return rows.select_related("organization", "holder")


def candidates(checklist) -> list[Item]:
    """Items of the list above that this list can carry further down."""
    above = list_above(checklist)
    if above is None:
        return []
    rows = Item.unscoped.in_force().filter(checklist=above).select_related("duty__chapter")
    return list(rows.prefetch_related("duty__clauses").order_by(
        "duty__chapter__number", "duty__position", "pk"))


def suggestion(item, above: list[Item]) -> Item | None:
    """The item above that shares most with `item`: clauses first, then how many of its clauses
    stand in the same sections of the source. None when they share neither."""
    own = _clauses(item.duty)
    best, most = None, (0, 0)
    for upper in above:
        other = _clauses(upper.duty)
        sections = {_section(code) for code in other}
        score = (len(own & other), sum(_section(code) in sections for code in own))
        if score > most:
            best, most = upper, score
    return best


def _clauses(duty) -> set[str]:
    return {clause.code for clause in duty.clauses.all()}


def _section(code: str) -> str:
    return code.rpartition(".")[0]


def carriers(checklist, below: list[Checklist]) -> dict[int, list[Checklist]]:
    """The lists below that carry each item of `checklist`, by the item's id."""
    links = Item.unscoped.in_force().filter(
        checklist__in=below, upper__checklist=checklist).values_list("upper", "checklist")
    standing = {each.pk: each for each in below}
    found: dict[int, list[Checklist]] = defaultdict(list)
    for upper, own in dict.fromkeys(links):
        found[upper].append(standing[own])
    return found
