"""Accept and return: what the reviewing organisation does with a report."""

from apps.checklists import reviewers
from apps.checklists.models import Occurrence, Review
from apps.core.calendar import now
from apps.core.workflow import advance, amend

CANNED_REASONS = {
    "what": "请补一句做了什么、定了什么。",
    "date": "日期与佐证对不上，请核对。",
    "evidence": "佐证打不开或看不清，请重传。",
    "unit": "没写结合本单位的内容，请补上。",
}


def accept(*, occurrence, by, seen: int) -> Occurrence:
    """Accept the version that the reviewer looked at. Raises NotAllowed or Conflict."""
    return _decide(occurrence, "accept", by=by, seen=seen, reason="")


def return_(*, occurrence, by, seen: int, reason: str) -> Occurrence:
    """Return it with a sentence. Raises Invalid without one, NotAllowed or Conflict."""
    return _decide(occurrence, "return", by=by, seen=seen, reason=reason)


def reroute(*, by) -> int:
    """Give waiting reports whose reviewers have all left to who reviews now; returns how many."""
    moved, desks = 0, reviewers.Desks()
    waiting = Occurrence.unscoped.waiting().filter(is_confirmed=True)
    for row in waiting.for_page():
        if set(desks.holders[row.reviewed_by_id]) - row.own:
            continue
        place = desks.reviewer(row.organization.path, row.item.duty.subject, own=row.own)
        if place is None or place.pk == row.reviewed_by_id:
            continue
        values = {"reviewed_by": place}
        moved += amend(row, "reroute", by=by, values=values, place=place.name) is not None
    return moved


def _decide(occurrence, step: str, *, by, seen: int, reason: str) -> Occurrence:
    def prepare(row):
        Review.unscoped.create(report=row.report, decision=step, reason=reason, by=by,
                               organization=row.reviewed_by, at=now())
        return []

    number = occurrence.report.number if occurrence.report else 0
    return advance(occurrence, step, by=by, seen=seen, note=reason, number=number,
                   prepare=prepare)
