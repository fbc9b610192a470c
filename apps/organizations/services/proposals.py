"""Committee and technical posts: one 工委管理员 proposes, another one confirms."""

from datetime import date

from apps.core.act import act, record
from apps.core.calendar import now, today
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import advance
from apps.organizations import appointing
from apps.organizations.models import Appointment, AppointmentProposal, Organization
from apps.organizations.roles import RoleCode
from apps.organizations.services import posts

Kind = AppointmentProposal.Kind


def propose_appointment(*, user, role: str, organization, starts_on: date, by,
                        ends_on: date | None = None) -> AppointmentProposal:
    """Propose that `user` takes a committee or technical post.

    Raises NotAllowed for who proposes none, Invalid for himself or where the post is none for
    that person, Conflict when the same waits already.
    """
    with act(by=by):
        place = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if problem := appointing.may_propose(by, role, place):
            raise NotAllowed(problem, target=place)
        posts.ensure_can_hold(user, role, place, starts_on, ends_on, by=by)
        return _propose(Kind.APPOINT, by, user=user, role=role, organization=place,
                        starts_on=starts_on, ends_on=ends_on)


def propose_end(*, appointment, by, last_day: date | None = None) -> AppointmentProposal:
    """Propose that a committee or technical post ends, on `last_day` or when it is confirmed.

    Raises NotAllowed, Conflict for the last 工委管理员, a post that has ended or that waits.
    """
    with act(by=by):
        row = posts.lock(appointment)
        if problem := appointing.may_propose(by, row.role, row.organization):
            raise NotAllowed(problem, target=row)
        _ensure_can_end(row, last_day)
        return _propose(Kind.END, by, user=row.user, role=row.role,
                        organization=row.organization, appointment=row,
                        starts_on=row.starts_on, ends_on=last_day)


def confirm(*, proposal, by, seen: int) -> AppointmentProposal:
    """Let it take effect, not before today. Raises NotAllowed for the proposer and the person
    concerned, Conflict or Invalid when it can no longer be done."""

    def prepare(row):
        if row.kind == Kind.APPOINT:
            row.appointment = _take_up(row, by)
        else:
            held = posts.lock(row.appointment)
            _ensure_can_end(held, row.ends_on)
            yesterday = today() - posts.DAY
            posts.finish(held, max(row.ends_on or yesterday, yesterday, held.starts_on))
        return ["appointment"]

    return advance(proposal, "confirm", by=by, seen=seen, prepare=prepare)


def refuse(*, proposal, by, seen: int, reason: str) -> AppointmentProposal:
    """Answer no, with a sentence. Raises NotAllowed, Conflict, Invalid without a reason."""
    return advance(proposal, "refuse", by=by, seen=seen, note=reason)


def withdraw(*, proposal, by, seen: int) -> AppointmentProposal:
    """Take it back while nobody has decided. Raises NotAllowed for anybody but the proposer."""
    return advance(proposal, "withdraw", by=by, seen=seen)


def _take_up(row: AppointmentProposal, by) -> Appointment:
    starts_on = max(row.starts_on, today())
    if row.ends_on is not None and row.ends_on < starts_on:
        raise Conflict("提请的任期已经过了，请撤回后重新提出。", target=row)
    try:
        posts.ensure_can_hold(row.user, row.role, row.organization, starts_on, row.ends_on, by=by)
    except Invalid as refusal:
        raise Conflict(f"现在不能确认：{refusal.message}", target=row) from refusal
    return posts.register(user=row.user, role=row.role, organization=row.organization,
                          starts_on=starts_on, ends_on=row.ends_on)


def _ensure_can_end(row: Appointment, last_day: date | None) -> None:
    if row.ends_on is not None and row.ends_on < today():
        raise Conflict(f"{row.user.name}已经不任{row}。", target=row)
    if last_day is not None and last_day < row.starts_on:
        raise Invalid(fields={"last_day": "最后一天早于任职开始的日期。"})
    posts.ensure_not_longer(row, last_day)
    if row.role == RoleCode.COMMITTEE_ADMIN:
        posts.ensure_not_the_last(row)


def _propose(kind: str, by, **values) -> AppointmentProposal:
    same = AppointmentProposal.unscoped.waiting().filter(
        kind=kind, user=values["user"], role=values["role"],
        organization=values["organization"])
    if waiting := same.for_page().first():
        raise Conflict(f"{waiting}已经由{waiting.proposed_by.name}提出，等另一位确认。",
                       target=waiting)
    row = AppointmentProposal.unscoped.create(
        kind=kind, proposed_by=by, proposed_at=now(), **values)
    record("organizations.appointmentproposal.propose", row)
    return row
