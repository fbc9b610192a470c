"""Take a list on (审定): deliberated, signed, approved, opened again.

Who does what for which list stands in `checklists.adoptions`. A list that has no adoption
row yet gets it with its first step.
"""

from datetime import date

from apps.checklists import adoptions
from apps.checklists.models import Adoption, ListYear
from apps.checklists.models.years import CLOSED
from apps.core.act import act
from apps.core.calendar import today
from apps.core.dates import day_label, full_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.core.workflow import advance, obstacle

LONGEST_NUMBER = 100


def deliberate(*, checklist, held_on: date, minutes_number: str, by,
               seen: int | None = None) -> Adoption:
    """A body's meeting has taken the list on: its date and the number of its minutes.

    Raises NotAllowed, Conflict while items lack measures or owner, Invalid naming a field.
    """

    def prepare(row):
        _check(checklist=checklist, held_on=held_on, minutes_number=minutes_number)
        row.deliberated_on, row.minutes_number = held_on, minutes_number.strip()
        return ["deliberated_on", "minutes_number"]

    return _take(checklist, "deliberate", by=by, seen=seen, prepare=prepare,
                 held_on=full_label(held_on), minutes_number=minutes_number)


def sign(*, checklist, by, seen: int | None = None) -> Adoption:
    """The body's secretary signs, after the meeting; a branch's without one. The list is then
    adopted. Raises NotAllowed or Conflict."""
    return _take(checklist, "sign", by=by, seen=seen, prepare=lambda row: _adopted(row, by))


def sign_own(*, checklist, by, seen: int | None = None) -> Adoption:
    """A secretary signs his own list, which is then adopted. Raises NotAllowed or Conflict."""
    return _take(checklist, "sign_own", by=by, seen=seen, prepare=lambda row: _adopted(row, by))


def sign_as_member(*, checklist, by, seen: int | None = None) -> Adoption:
    """A member signs his own list; his secretary approves it. Raises NotAllowed or Conflict."""
    return _take(checklist, "sign_as_member", by=by, seen=seen,
                 prepare=lambda row: _signed(row, by))


def approve(*, checklist, by, seen: int | None = None) -> Adoption:
    """The secretary approves (审定) the list that a member has signed."""

    def prepare(row):
        row.approved_by, row.adopted_on = by, today()
        return ["approved_by", "adopted_on"]

    return _take(checklist, "approve", by=by, seen=seen, prepare=prepare)


def reopen(*, checklist, by, reason: str, seen: int | None = None) -> Adoption:
    """Open the list for changes again, with a reason; it goes its whole way once more. What
    was adopted before stands in its history. Raises NotAllowed, Conflict or Invalid."""

    def prepare(row):
        if not adoptions.may_reopen(row.checklist, by):
            raise NotAllowed(f"这份清单由{row.checklist.bearer}调整，您可以查看。", target=row)
        if has_secret_mark(reason):
            raise Invalid(fields={"reason": CLASSIFIED}, target=row)
        row.deliberated_on = row.signed_by = row.signed_on = None
        row.approved_by = row.adopted_on = None
        row.minutes_number = ""
        return ["deliberated_on", "minutes_number", "signed_by", "signed_on", "approved_by",
                "adopted_on"]

    return _take(checklist, "reopen", by=by, seen=seen, prepare=prepare, note=reason)


def _take(checklist, step: str, *, by, prepare, **kwargs) -> Adoption:
    def in_open_year(row):
        if not ListYear.objects.is_open(checklist.year):
            raise Conflict(CLOSED, target=row)
        return prepare(row)

    with act(by=by):
        row = Adoption.unscoped.filter(checklist=checklist).first()
        if row is None:
            # Nothing is written for somebody who may not.
            problem = obstacle(Adoption(checklist=checklist), step, by)
            if problem:
                raise problem
            row, _is_new = Adoption.unscoped.get_or_create(checklist=checklist)
        return advance(row, step, by=by, prepare=in_open_year, **kwargs)


def _check(*, checklist, held_on: date, minutes_number: str) -> None:
    if lacking := adoptions.unfilled(checklist).count():
        raise Conflict(f"还有{lacking}项没有填好措施或责任人，填好再登记审议。", target=checklist)
    problems, number = {}, minutes_number.strip()
    if held_on > today():
        problems["held_on"] = f"{day_label(held_on)}还没到。请填实际开会的日期。"
    elif held_on.year < checklist.year - 1:
        problems["held_on"] = f"{full_label(held_on)}比{checklist.year}年早得太多，请核对年份。"
    if not number:
        problems["minutes_number"] = "请填会议纪要编号。"
    elif len(number) > LONGEST_NUMBER:
        problems["minutes_number"] = f"会议纪要编号太长了，请写在{LONGEST_NUMBER}字以内。"
    elif has_secret_mark(number):
        problems["minutes_number"] = CLASSIFIED
    if problems:
        raise Invalid(fields=problems, target=checklist)


def _signed(row, by) -> list[str]:
    row.signed_by, row.signed_on = by, today()
    return ["signed_by", "signed_on"]


def _adopted(row, by) -> list[str]:
    row.adopted_on = today()
    return [*_signed(row, by), "adopted_on"]
