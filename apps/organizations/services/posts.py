"""Posts: given, ended, handed over, held by a deputy for some days.

The rules are in `appointing`; here they are asked on locked rows. Committee and technical
posts come through `proposals`.
"""

from datetime import date, timedelta

from django.conf import settings

from apps.core.act import SYSTEM, act, record
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import locked
from apps.organizations import appointing
from apps.organizations.models import Appointment, Organization, Portfolio, User
from apps.organizations.roles import RoleCode
from apps.organizations.tree import unit_of

DAY = timedelta(days=1)
CLERKS = (RoleCode.PARTY_GROUP_CLERK, RoleCode.ORGAN_CLERK)


def appoint(*, user, role: str, organization, starts_on: date, by, ends_on: date | None = None,
            acting_for=None, drafter=None) -> Appointment:
    """Register that `user` holds `role` at `organization`.

    Raises NotAllowed for who does not give this post, Invalid for himself, for a post that
    does not exist there or is held, and where a technical post would meet a business post.
    """
    with act(by=by):
        place = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if problem := appointing.lacks(by, role, place):
            raise NotAllowed(problem, target=place)
        ensure_can_hold(user, role, place, starts_on, ends_on, by=by)
        return register(user=user, role=role, organization=place, starts_on=starts_on,
                        ends_on=ends_on, acting_for=acting_for, drafter=drafter)


def end(*, appointment, by, last_day: date | None = None) -> Appointment:
    """End a post; without a day it ended yesterday, so that the next request has no right.

    A committee or technical post is laid down by its holder alone; else see `proposals`.
    Raises NotAllowed, Conflict when it has ended, Invalid for a day before its first or after
    the end that it has.
    """
    with act(by=by):
        row = lock(appointment)
        _ensure_may_end(by, row)
        if row.ends_on is not None and row.ends_on < today():
            raise Conflict(f"{row.user.name}已经不任{row}。", target=row)
        if last_day is not None and last_day < row.starts_on:
            raise Invalid(fields={"last_day": f"任职从{day_label(row.starts_on)}开始，"
                                              "不能更早结束。"})
        ensure_not_longer(row, last_day)
        return finish(row, last_day or max(today() - DAY, row.starts_on))


def hand_over(*, appointment, to: User, on: date, by) -> Appointment:
    """End a post on the day before `on` and give it to `to`, with its drafter and portfolios;
    a clerk who holds no other post in the unit also leaves his successor whom he types for.

    Raises NotAllowed, Invalid when the successor is the present holder, holds it already or
    is `by` himself, Conflict when the post has ended before.
    """
    with act(by=by):
        row = lock(appointment)
        if problem := appointing.lacks(by, row.role, row.organization):
            raise NotAllowed(problem, target=row)
        _ensure_can_follow(row, to, on, by)
        portfolios = list(Portfolio.unscoped.filter(appointment=row).on(on))
        typed_for = list(drafted_by_leaver(row, on))
        finish(row, on - DAY)
        ensure_can_hold(to, row.role, row.organization, on, None, by=by, field="to")
        drafter = row.drafter if row.drafter_id != to.pk else None
        post = register(user=to, role=row.role, organization=row.organization, starts_on=on,
                        drafter=drafter)
        for portfolio in portfolios:
            portfolio.ends_on = max(on - DAY, portfolio.starts_on)
            portfolio.save(update_fields=["ends_on"])
            _entrust(post, portfolio.organization, on)
        for leader in typed_for:
            _name_drafter(leader, to if leader.user_id != to.pk else None)
        return post


def deputize(*, appointment, to: User, starts_on: date, ends_on: date, by) -> Appointment:
    """Let `to` act for the holder of a post (代行) on some days; it ends by itself.

    The holder may name him himself, for LEAVE_DAYS at most and from his own unit; otherwise
    whoever gives the post. Raises NotAllowed, Invalid, or Conflict when the post has ended.
    """
    with act(by=by):
        row = lock(appointment)
        if problem := may_deputize(by, row):
            raise NotAllowed(problem, target=row)
        if not row.starts_on <= today() <= (row.ends_on or today()) or row.acting_for_id:
            raise Conflict(f"{row.user.name}现在不任{row}，不能请人代行。", target=row)
        _ensure_days(row, starts_on, ends_on, is_own=by.pk == row.user_id)
        if by.pk == row.user_id and not stand_ins(row).filter(pk=to.pk).exists():
            raise Invalid(fields={"to": "代行的人要在本单位有任职。"})
        ensure_can_hold(to, row.role, row.organization, starts_on, ends_on, by=by, field="to",
                        is_deputy=True)
        return register(user=to, role=row.role, organization=row.organization,
                        starts_on=starts_on, ends_on=ends_on, acting_for=row)


def entrust(*, appointment, organization, starts_on: date, by) -> Portfolio:
    """Put `organization` into the care of a post (分管, 联系). Raises NotAllowed."""
    with act(by=by):
        row = lock(appointment)
        if not _proposes(by, row) and (problem := appointing.lacks(by, row.role,
                                                                   row.organization)):
            raise NotAllowed(problem, target=row)
        if problem := appointing.own(by, row.user):
            raise NotAllowed(problem, target=row)
        return _entrust(row, organization, starts_on)


def name_drafter(*, appointment, drafter: User | None, by) -> Appointment:
    """Say who types for the holder of a post (代填人); None: he types himself.

    Raises NotAllowed, or Invalid when it is the holder.
    """
    with act(by=by):
        row = lock(appointment)
        if problem := appointing.lacks(by, row.role, row.organization):
            raise NotAllowed(problem, target=row)
        if drafter is not None and drafter.pk == row.user_id:
            raise Invalid(fields={"drafter": "代填人不能是本人。"})
        return _name_drafter(row, drafter)


# --- what pages and other verbs ask -------------------------------------------------------


def may_end(by, post: Appointment) -> str | None:
    """Why `by` cannot end this post; None when he can."""
    if by is SYSTEM or (post.acting_for is not None and post.acting_for.user_id == by.pk):
        return None
    is_own = post.user_id == by.pk
    if is_own and post.role in appointing.CONFIRMED:
        return None
    return appointing.lacks(by, post.role, post.organization) or appointing.own(by, post.user)


def may_deputize(by, post: Appointment) -> str | None:
    """Why `by` cannot name a deputy for this post; None when he can."""
    if post.role not in appointing.CONFIRMED and by.pk is not None and post.user_id == by.pk:
        return None
    return appointing.lacks(by, post.role, post.organization)


def stand_ins(post: Appointment):
    """Who may act for the holder when he names the deputy himself: people of his unit."""
    home = unit_of(post.organization)
    posts = Appointment.unscoped.on(today()).filter(
        organization__in=Organization.objects.under(home.path))
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).exclude(
        pk=post.user_id)


def drafted_by_leaver(post: Appointment, on: date):
    """The leaders of the unit for whom the holder types, when he leaves its last post."""
    if post.role not in CLERKS:
        return Appointment.unscoped.none()
    inside = Organization.objects.under(unit_of(post.organization).path)
    kept = Appointment.unscoped.on(on).filter(user=post.user_id, organization__in=inside)
    if kept.exclude(pk=post.pk).exists():
        return Appointment.unscoped.none()
    return Appointment.unscoped.on(on).filter(
        drafter=post.user_id, organization__in=inside).select_related("user", "organization")


def ensure_can_hold(user, role: str, organization, starts_on: date, ends_on: date | None, *,
                    by, field: str = "user", is_deputy: bool = False) -> None:
    """Raise Invalid where the post is no post for this person there and then."""
    locked(user)
    if problem := appointing.misfit(by, role, organization):
        raise Invalid(fields={"role": problem})
    if problem := appointing.own(by, user):
        raise Invalid(fields={field: problem})
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(fields={"ends_on": "结束的日期早于开始的日期。"})
    if problem := appointing.meeting_lanes(role, user, starts_on, ends_on):
        raise Invalid(fields={field: problem})
    if by is SYSTEM:
        return
    if not user.is_active:
        raise Invalid(fields={field: f"{user.name}的账号停用着，先恢复登录。"})
    if problem := appointing.held(role, organization, user, starts_on, ends_on):
        raise Invalid(fields={field: problem})
    problem = None if is_deputy else appointing.occupied(role, organization, starts_on, ends_on)
    if problem:
        raise Invalid(fields={"role": problem})


def register(*, user, role: str, organization, starts_on: date, ends_on: date | None = None,
             acting_for=None, drafter=None) -> Appointment:
    """Write the row of a post whose rights and rules were checked."""
    post = Appointment.unscoped.create(
        user=user, role=role, organization=organization, starts_on=starts_on,
        ends_on=ends_on, acting_for=acting_for, drafter=drafter)
    if acting_for is None:
        record("organizations.appointment.appoint", post, person=user.name)
    else:
        record("organizations.appointment.deputize", post, person=user.name,
               holder=acting_for.user.name, until=day_label(ends_on) if ends_on else "")
    return post


def finish(row: Appointment, last_day: date) -> Appointment:
    """End a locked row on its last day; who acts for its holder goes with him."""
    row.ends_on = last_day
    row.save(update_fields=["ends_on"])
    record("organizations.appointment.end", row, person=row.user.name)
    for deputy in Appointment.unscoped.filter(acting_for=row, ends_on__gt=last_day):
        if deputy.starts_on > last_day:
            deputy.delete()  # it never began
        else:
            finish(deputy, last_day)
    return row


def lock(appointment) -> Appointment:
    """The row of a post. Those of all 工委管理员 are locked together and in one order: of two
    who leave at once the second one sees that the first is gone."""
    if appointment.role == RoleCode.COMMITTEE_ADMIN:
        list(Appointment.unscoped.select_for_update().filter(
            role=RoleCode.COMMITTEE_ADMIN).order_by("pk"))
    return Appointment.unscoped.select_for_update(of=("self",)).select_related(
        "organization", "user", "drafter", "acting_for").get(pk=appointment.pk)


def _ensure_may_end(by, row: Appointment) -> None:
    if problem := may_end(by, row):
        raise NotAllowed(problem, target=row)
    if by is not SYSTEM and row.role == RoleCode.COMMITTEE_ADMIN:
        ensure_not_the_last(row)


def ensure_not_the_last(row: Appointment) -> None:
    """Raise Conflict for the last 工委管理员: nobody would be left to appoint anybody."""
    others = Appointment.unscoped.filter(
        role=RoleCode.COMMITTEE_ADMIN, acting_for=None, ends_on=None, starts_on__lte=today(),
        user__is_active=True)
    if not others.exclude(user=row.user_id).exists():
        raise Conflict(f"{row.user.name}是最后一位工委管理员，先任新的，再免去这一位。", target=row)


def ensure_not_longer(row: Appointment, last_day: date | None) -> None:
    """Raise Invalid for a day after the end that stands: ending a post never makes it longer."""
    if last_day is not None and row.ends_on is not None and last_day > row.ends_on:
        raise Invalid(fields={"last_day": f"任期到{day_label(row.ends_on)}为止，不能更晚。"})


def _ensure_can_follow(post: Appointment, to: User, on: date, by) -> None:
    if post.ends_on is not None and post.ends_on < on:
        raise Conflict(f"{post.user.name}已经不任{post}，不能再移交。", target=post)
    if post.acting_for_id:
        raise Conflict(f"{post.user.name}只是代行，不能移交{post}。", target=post)
    if on <= post.starts_on:
        raise Invalid(fields={"on": "移交日期要晚于任职开始的日期。"})
    if by is not SYSTEM and on > today():
        raise Invalid(fields={"on": "还没到这一天。请在移交当天或者之后登记，"
                                    "草稿和任务当时就跟过去。"})
    held = Appointment.unscoped.filter(user=to, role=post.role, organization=post.organization)
    if to.pk == post.user_id or held.filter(acting_for=None).on(on).exists():
        raise Invalid(fields={"to": f"{to.name}已经任{post}。"})


def _ensure_days(post: Appointment, starts_on: date, ends_on: date, *, is_own: bool) -> None:
    if starts_on < today():
        raise Invalid(fields={"starts_on": "代行从今天或者以后开始。"})
    if ends_on < starts_on:
        raise Invalid(fields={"ends_on": "结束的日期早于开始的日期。"})
    if post.ends_on is not None and ends_on > post.ends_on:
        raise Invalid(fields={"ends_on": f"这个职务到{day_label(post.ends_on)}为止。"})
    if is_own and (ends_on - starts_on).days >= settings.LEAVE_DAYS:
        raise Invalid(fields={"ends_on": f"自己请人代行最多{settings.LEAVE_DAYS}天，"
                                         "更长的由登记任职的人办。"})
    others = Appointment.unscoped.filter(acting_for=post).overlapping(starts_on, ends_on)
    if other := others.select_related("user").first():
        raise Invalid(fields={"starts_on": f"这几天已经由{other.user.name}代行。"})


def _proposes(by, row: Appointment) -> bool:
    return row.role in appointing.CONFIRMED and appointing.may_propose(
        by, row.role, row.organization) is None


def _entrust(row: Appointment, organization, starts_on: date) -> Portfolio:
    portfolio = Portfolio.unscoped.create(
        appointment=row, organization=organization, starts_on=starts_on)
    record("organizations.portfolio.entrust", portfolio)
    return portfolio


def _name_drafter(row: Appointment, drafter: User | None) -> Appointment:
    row.drafter = drafter
    row.save(update_fields=["drafter"])
    record("organizations.appointment.name_drafter", row,
           person=drafter.name if drafter else "本人")
    return row
