"""Open a task of a duty that is owed only when something happens (发生一次): by the unit
itself, by an appointment in the app, or by an officer's 临时任务."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef

from apps.checklists.models import Item, ListYear, Occurrence
from apps.checklists.models.years import CLOSED
from apps.checklists.services import due_dates
from apps.checklists.services.reporting import may_fill_list
from apps.core.act import act, only_the_system, record
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.core.workflow import locked
from apps.duties.models import Duty
from apps.organizations.models import Appointment
from apps.organizations.roles import RoleCode


def may_open(item, user) -> bool:
    """Whoever fills in the list opens its events, as long as the duty is one on event."""
    is_asked = item.duty.cadence == Duty.Cadence.ON_EVENT and item.is_in_force
    return is_asked and may_fill_list(item.checklist, user)


def open_event(*, item, event: str, happened_on: date, by) -> Occurrence:
    """Open a task for `event`. Raises Invalid for a day to come or outside the list's year,
    Conflict when that year is closed or the same event of the same day was opened before."""
    with act(by=by):
        asked = locked(item)
        if not may_open(asked, by):
            raise NotAllowed(f"这一项由{asked.checklist.bearer}填报，您可以查看。", target=asked)
        if not ListYear.objects.is_open(asked.checklist.year):
            raise Conflict(CLOSED, target=asked)
        check(item=asked, event=event, happened_on=happened_on)
        if asked.occurrences.filter(event=event, starts_on=happened_on).exists():
            raise Conflict(f"“{event}”已经登记过了，在待办里可以找到。", target=asked)
        due = due_dates.after_event(duty=asked.duty, happened_on=happened_on)
        row = Occurrence.unscoped.create(
            item=asked, organization=asked.checklist.organization, event=event,
            starts_on=happened_on, ends_on=due, due_on=due)
        record("checklists.occurrence.open_event", row)
        return row


def check(*, item, event: str, happened_on: date) -> None:
    """Raise Invalid naming the field that cannot be taken."""
    problems = {}
    if not event:
        problems["event"] = "请写一句是什么事。"
    elif has_secret_mark(event):
        problems["event"] = CLASSIFIED
    if happened_on > today():
        problems["happened_on"] = f"{day_label(happened_on)}还没到，发生以后再登记。"
    elif happened_on.year != item.checklist.year:
        problems["happened_on"] = f"这是{item.checklist.year}年的清单，请填这一年的日期。"
    if problems:
        raise Invalid(fields=problems)


def open_all(
    *, items: Iterable[Item], opened_by: str, event: str, starts_on: date, due: date
) -> None:
    """Open one task of each item in one statement, for a verb that has checked the right and
    records it; what the same `opened_by` has opened before stays as it is."""
    Occurrence.unscoped.bulk_create(
        [Occurrence(item=item, organization_id=item.checklist.organization_id, event=event,
                    opened_by=opened_by, starts_on=starts_on, ends_on=due, due_on=due)
         for item in items],
        ignore_conflicts=True,
    )


def pull(*, by, day: date) -> int:
    """Open the duties that wait for a new branch secretary (`opened_by` appointment) on the
    list of the body above his branch; returns how many. Safe to repeat.

    Left out are: a deputy; who held the same post before; the first secretary of a branch
    that was just founded (whoever founded it has spoken with him); who was appointed on or
    before the day from which the list counts; and a branch that bears the duty itself, since
    nobody speaks with himself. Registered late, the working days run from today.
    """
    with act(by=by):
        only_the_system(by)
        items = list(_waiting_for_appointments(day))
        done = set(Occurrence.unscoped.filter(opened_by__startswith="appointment:")
                   .values_list("item__duty__code", "opened_by"))
        return sum(
            _open_for(post, item, day)
            for post in (_new_secretaries(day) if items else ())
            for item in _above(post, items)
            if (item.duty.code, _key(post)) not in done
        )


def _waiting_for_appointments(day: date):
    """Items that an appointment opens, on lists of years that are not closed."""
    closed = ListYear.objects.closed().values("year")
    return (
        Item.unscoped.in_force()
        .filter(duty__opened_by=Duty.OpenedBy.APPOINTMENT, duty__cadence=Duty.Cadence.ON_EVENT,
                checklist__year__in=(day.year - 1, day.year))
        .exclude(checklist__year__in=closed)
        .select_related("duty", "checklist__organization")
    )


def _new_secretaries(day: date):
    """Posts of branch secretaries, held today, that began a term of somebody new."""
    before = Appointment.unscoped.filter(
        user=OuterRef("user"), organization=OuterRef("organization"), role=OuterRef("role"),
        starts_on__lt=OuterRef("starts_on"))
    return (
        Appointment.unscoped.on(day)
        .filter(role=RoleCode.BRANCH_SECRETARY, acting_for=None,
                starts_on__year__gte=day.year - 1)
        .exclude(starts_on__lte=F("organization__founded_on"))
        .exclude(Exists(before))
        .select_related("organization", "user")
        .order_by("pk")
    )


def _above(post: Appointment, items: list[Item]) -> list[Item]:
    """Of each duty the item nearest above the branch, on the list of the year of the post."""
    places = post.organization.parent_paths()
    nearest: dict[str, Item] = {}
    for item in items:
        path = item.checklist.organization.path
        if item.checklist.year != post.starts_on.year or path not in places:
            continue
        found = nearest.get(item.duty.code)
        if found is None or len(path) > len(found.checklist.organization.path):
            nearest[item.duty.code] = item
    return [item for item in nearest.values() if item.checklist.counts_from < post.starts_on]


def _open_for(post: Appointment, item: Item, day: date) -> bool:
    """Open the talk with a new secretary; False when another run was quicker."""
    due = due_dates.after_event(duty=item.duty, happened_on=post.starts_on)
    if due < day:
        due = due_dates.after_event(duty=item.duty, happened_on=day)
    row, is_new = Occurrence.unscoped.get_or_create(
        item=item, opened_by=_key(post), defaults={
            "organization": item.checklist.organization, "starts_on": post.starts_on,
            "ends_on": due, "due_on": due,
            "event": f"{post.organization.short_name}新任书记{post.user.name}"[:100]})
    if is_new:
        record("checklists.occurrence.open_event", row)
    return is_new


def _key(post: Appointment) -> str:
    return f"appointment:{post.pk}"
