"""Ask, answer, withdraw: the doors beside every demand (申请).

Who may fill the task or the list asks; the organisation that reviews it answers. Nobody
answers his own: where the only holder of the right is the asker or the leader concerned,
the next organisation upward does.
"""

from datetime import date

from apps.checklists import reviewers
from apps.checklists.models import Item, Occurrence, Petition
from apps.checklists.services import petition_effects as effects
from apps.checklists.services import petition_rules as rules
from apps.checklists.services import reporting
from apps.core.act import SYSTEM, act, only_the_system, record
from apps.core.calendar import now
from apps.core.dates import moment_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import advance, amend, locked
from apps.organizations.permissions import Permission

Kind = Petition.Kind
# What granting and refusing are called in a sentence; "同意" and "不同意" for the rest.
CONSENT: dict[str, tuple[str, str]] = {Kind.EXPLANATION: ("采纳", "不采纳")}


def consent(kind: str) -> tuple[str, str]:
    """The words for granting and for refusing a petition of this kind."""
    return CONSENT.get(kind, ("同意", "不同意"))


def ask(*, occurrence: Occurrence, kind: str, by, reason: str,
        proposed_on: date | None = None) -> Petition:
    """Ask something of one task. Raises NotAllowed, Conflict where this door is closed or
    open already, Invalid for a day or words that cannot be taken."""
    with act(by=by):
        task = locked(occurrence)
        reporting.ensure_may_fill(task, by)
        rules.ensure_open(task, kind)
        _check_reason(reason)
        if kind == Kind.EXTENSION:
            rules.check_day(task, proposed_on, field="proposed_on")
        return _file(kind=kind, item=task.item, occurrence=task, by=by, reason=reason,
                     proposed_on=proposed_on if kind == Kind.EXTENSION else None)


def ask_not_applicable(*, item: Item, by, reason: str) -> Petition:
    """Ask that an item of the list does not apply here. Raises as `ask`."""
    with act(by=by):
        row = locked(item)
        if not reporting.may_fill_list(row.checklist, by):
            raise NotAllowed(f"这一项由{row.checklist.bearer}填报，您可以查看。", target=row)
        if problem := why_not_applicable_is_closed(row):
            raise Conflict(problem, target=row)
        _check_reason(reason)
        return _file(kind=Kind.NOT_APPLICABLE, item=row, occurrence=None, by=by, reason=reason,
                     proposed_on=None)


def why_not_applicable_is_closed(item: Item) -> str:
    """Why nobody can ask that `item` does not apply; empty when one can."""
    if not Petition(item=item).is_year_open:
        return rules.CLOSED_YEAR
    return rules.why_applicable(item)


def grant(*, petition: Petition, by, seen: int, answer: str = "",
          until: date | None = None) -> Petition:
    """Consent, and do what was asked for; `until` is another day than the one proposed.

    Raises NotAllowed for the asker and whoever does not decide here, Conflict when the
    petition, its task or its year has moved on, Invalid for a day that cannot be given.
    """

    def prepare(row):
        rules.check_words(answer, field="answer")
        return [*effects.apply(row, by=by, until=until), *_answer(row, by, answer)]

    said = f"：“{answer}”" if answer else ""
    return advance(petition, "grant", by=by, seen=seen, note=answer, prepare=prepare,
                   verb=consent(petition.kind)[0], said=said)


def refuse(*, petition: Petition, by, seen: int, answer: str) -> Petition:
    """Say no, with a sentence. Raises as `grant`, and Invalid without one."""
    return advance(petition, "refuse", by=by, seen=seen, note=answer,
                   prepare=lambda row: _answered_with(row, by, answer),
                   verb=consent(petition.kind)[1])


def withdraw(*, petition: Petition, by, seen: int) -> Petition:
    """The asker takes back what nobody has answered yet."""
    return advance(petition, "withdraw", by=by, seen=seen)


def revoke(*, petition: Petition, by, seen: int, answer: str) -> Petition:
    """"Not applicable" no longer holds (改为适用): its tasks to come are owed again."""

    def prepare(row):
        changed = _answered_with(row, by, answer)
        return [*effects.bring_back(row, by=by), *changed]

    return advance(petition, "revoke", by=by, seen=seen, note=answer, prepare=prepare)


def lapse(*, by) -> int:
    """Petitions with nothing left to decide wait for nobody any more; returns how many."""
    only_the_system(by)
    gone = list(Petition.unscoped.idle().for_page())
    for row in gone:
        advance(row, "lapse", by=SYSTEM, note=_why_idle(row))
    return len(gone)


def reroute(*, by) -> int:
    """Give open petitions whose deciders have all left to who decides now; how many."""
    moved, desks = 0, reviewers.Desks(Permission.PETITION_DECIDE)
    for row in Petition.unscoped.waiting().for_page():
        if set(desks.holders[row.addressed_to_id]) - row.own:
            continue
        place = desks.reviewer(row.organization.path, row.item.duty.subject, own=row.own)
        if place is None or place.pk == row.addressed_to_id:
            continue
        values = {"addressed_to": place}
        moved += amend(row, "reroute", by=by, values=values, place=place.name) is not None
    return moved


def addressee(item: Item, *, own: set[int]):
    """The organisation that answers: the one that reviews the item, past those concerned."""
    return reviewers.reviewer(item.checklist, item.duty, own=own,
                              permission=Permission.PETITION_DECIDE)


def _file(*, kind, item, occurrence, by, reason, proposed_on) -> Petition:
    """The new row; the task or item is locked, so nobody else asks at the same time."""
    before = Petition.unscoped.asked().filter(
        item=item, occurrence=occurrence, kind=kind).select_related("asked_by").first()
    if before:
        raise Conflict(
            f"{before.asked_by.name}{moment_label(before.asked_at)}已经提出{before}，"
            f"等{before.addressed_to.name}答复。",
            target=before, who=before.asked_by.name, when=before.asked_at)
    row = Petition(kind=kind, item=item, occurrence=occurrence, reason=reason, asked_by=by,
                   asked_at=now(), proposed_on=proposed_on)
    place = addressee(item, own=row.own)
    if place is None:
        raise Conflict("现在没有可以答复的组织，请联系工委。", target=item)
    row.addressed_to = place
    row.save()
    record("checklists.petition.ask", row, note=reason)
    return row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(fields={"reason": "请写一句理由。"})
    rules.check_words(reason, field="reason")


def _answered_with(row: Petition, by, answer: str) -> list[str]:
    rules.check_words(answer, field="answer")
    return _answer(row, by, answer)


def _answer(row: Petition, by, answer: str) -> list[str]:
    row.decided_by, row.decided_at, row.answer = by, now(), answer
    return ["decided_by", "decided_at", "answer"]


def _why_idle(row: Petition) -> str:
    """What became of the matter."""
    if not row.is_year_open:
        return "这一年的清单已经封账"
    if row.item.archived_on is not None:
        return "这一项已经从清单上撤下"
    if row.kind in Petition.ABOUT_MARKS:
        return "标记已经没有了"
    return "这一次现在不用报了"
