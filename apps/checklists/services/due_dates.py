"""The one home of due dates: nothing else writes `due_on`."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F

from apps.checklists import schedule
from apps.checklists.models import Occurrence, Petition, Slot
from apps.checklists.schedule import SlotPlan
from apps.core.act import SYSTEM, act, only_the_system, record
from apps.core.calendar import (
    WorkingCalendar,
    add_working_days,
    current,
    forget,
    shift,
    today,
)
from apps.duties.models import Duty

# Tasks that move in one transaction.
AT_ONCE = 100


def write_slots(*, version, year: int) -> int:
    """Write the due dates of `version` for `year`; existing ones stay. Returns how many are new."""
    return write_slots_of(Duty.objects.filter(version=version), year=year)


def write_slots_of(duties: Iterable[Duty], *, year: int, since: date = date.min) -> int:
    """Write the due dates of these duties for `year`, from the day `since` on; see
    `write_slots`."""
    calendar, duties = current(), list(duties)
    standing = Slot.objects.filter(duty__in=duties, year=year)
    before = standing.count()
    Slot.objects.bulk_create(
        [
            Slot(version_id=duty.version_id, duty=duty, year=year, period=plan.period,
                 starts_on=plan.starts_on, ends_on=plan.ends_on, due_on=plan.due_on,
                 is_provisional=plan.is_provisional)
            for duty in duties
            for plan in schedule.slots(duty, year, calendar) if plan.due_on >= since
        ],
        ignore_conflicts=True,
    )
    return standing.count() - before


def after_event(*, duty, happened_on: date) -> date:
    """When a duty on event is due: the catalogue's working days after the event."""
    return add_working_days(happened_on, duty.days_after_event)


def own_date(*, item, starts_on: date, due_on: date) -> date:
    """When the list itself wants done what the catalogue wants by `due_on`: the item's calendar
    days earlier, on a working day; never before the period begins, nor before today."""
    if not item.days_earlier:
        return due_on
    floor = max(starts_on, today())
    day = shift(due_on - timedelta(days=item.days_earlier), "earlier")
    return day if day >= floor else min(due_on, shift(floor, "later"))


def bring_forward(*, item, reason: str) -> int:
    """Give the tasks of `item` that are open and not past their own dates, after its days were
    changed; returns how many moved. What somebody has agreed to stands."""
    moved = 0
    for row in _not_past(Occurrence.unscoped.filter(item=item)):
        due = own_date(item=item, starts_on=row.starts_on, due_on=row.slot.due_on)
        if due != row.due_on:
            move(occurrence=row, due_on=due, by=SYSTEM, reason=reason)
            moved += 1
    return moved


def redate(*, occurrence, item, plan: schedule.SlotPlan, reason: str) -> bool:
    """Give an open task the date of a changed due rule, as its list wants it; whether it
    moved."""
    due = own_date(item=item, starts_on=plan.starts_on, due_on=plan.due_on)
    if due == occurrence.due_on:
        return False
    move(occurrence=occurrence, due_on=due, by=SYSTEM, reason=reason)
    return True


def keep_earlier(*, path: str, end: str, year: int) -> int:
    """Give tasks between two paths that were inserted with the catalogue's date the date of
    their own list; returns how many. For publishing, right after its INSERT: no event each."""
    rows = Occurrence.unscoped.filter(
        item__checklist__year=year, organization__path__gte=path, organization__path__lt=end,
        item__days_earlier__gt=0, due_on=F("slot__due_on"), version=0)
    changed = []
    for row in _not_past(rows):
        row.due_on = own_date(item=row.item, starts_on=row.starts_on, due_on=row.due_on)
        changed.append(row)
    Occurrence.unscoped.bulk_update(changed, ["due_on"])
    return len(changed)


def open_own(*, item, since: date) -> int:
    """Slots and tasks of an item whose duty stands in no edition, for the periods of its
    list's year that are due from `since` on; returns how many tasks."""
    year = item.checklist.year
    write_slots_of([item.duty], year=year, since=since)
    slots = Slot.objects.filter(duty=item.duty, year=year, due_on__gte=since)
    rows = Occurrence.unscoped.bulk_create(
        Occurrence(item=item, organization=item.checklist.organization, slot=slot,
                   period=slot.period, starts_on=slot.starts_on, ends_on=slot.ends_on,
                   due_on=own_date(item=item, starts_on=slot.starts_on, due_on=slot.due_on))
        for slot in slots)
    return len(rows)


def _not_past(rows):
    """Those of `rows` that are open, not yet due and dated by the catalogue alone."""
    return (rows.filter(state=Occurrence.State.OPEN, due_on__gte=today(), correct_by=None,
                        slot__isnull=False)
            .exclude(petitions__in=Petition.unscoped.that_moved())
            .select_related("item", "slot").order_by("pk"))


def ready(*, year: int, calendar: WorkingCalendar | None = None) -> list[tuple[Slot, SlotPlan]]:
    """The provisional dates of `year` whose working days are known by now (or would be by
    `calendar`), each with its final plan."""
    rows = Slot.objects.filter(year=year, is_provisional=True).select_related("duty")
    return [(slot, plan) for slot, plan in _planned(rows, year, calendar or current())
            if not plan.is_provisional]


def settled_from(*, year: int) -> int:
    """How many final dates rest on the working days of `year`."""
    before = current().as_if(year, is_entered=False)
    return sum(
        1 for each in (year - 1, year)  # the last dates of a year lie in the January of the next
        for _slot, plan in _planned(
            Slot.objects.filter(year=each, is_provisional=False).select_related("duty"),
            each, before)
        if plan.is_provisional)


def _planned(rows, year: int, calendar: WorkingCalendar) -> list[tuple[Slot, SlotPlan]]:
    """Slots with what the schedule says of them; those of a duty that asks no longer, without."""
    slots = list(rows.order_by("pk"))
    duties = {slot.duty_id: slot.duty for slot in slots}
    plans = {(pk, plan.period): plan for pk, duty in duties.items()
             for plan in schedule.slots(duty, year, calendar)}
    keys = [(slot.duty_id, slot.period) for slot in slots]
    return [(slot, plans[key]) for slot, key in zip(slots, keys, strict=True) if key in plans]


def settle(*, year: int, by, progress=None) -> int:
    """Move provisional dates of `year` once its working days are entered; returns how many
    tasks got another date. `progress(done)` is called after each date.

    A date moves this once and never again, whatever is entered later. May be broken off and
    repeated: a date counts as final only after all its tasks.
    """
    forget()  # another process may have entered the year a moment ago
    moved = 0
    for done, (slot, plan) in enumerate(ready(year=year), start=1):
        moved += _settle_slot(slot, plan, by=by)
        if progress:
            progress(done)
    return moved


def _settle_slot(slot: Slot, plan: SlotPlan, *, by) -> int:
    # What somebody has agreed to stands.
    rows = (Occurrence.unscoped.undecided().filter(slot=slot)
            .exclude(petitions__in=Petition.unscoped.that_moved())
            .select_related("item").order_by("pk"))
    moved, last = 0, 0
    while True:
        with act(by=by):  # in steps, so that nobody waits long for the end of the chain
            batch = list(rows.filter(pk__gt=last)[:AT_ONCE])
            moved += sum(_follow(row, slot, plan, by=by) for row in batch)
            if len(batch) < AT_ONCE:
                slot.due_on, slot.is_provisional = plan.due_on, False
                slot.save(update_fields=["due_on", "is_provisional"])
                return moved
            last = batch[-1].pk


def _follow(row: Occurrence, slot: Slot, plan: SlotPlan, *, by) -> bool:
    """Let a task follow its slot; False where it stays: it was given a date of its own, or
    that of its list has passed."""
    due = plan.due_on
    if row.item.days_earlier:
        if row.due_on > slot.due_on or row.due_on < today():
            return False
        due = own_date(item=row.item, starts_on=row.starts_on, due_on=due)
    elif row.due_on != slot.due_on:
        return False
    if due == row.due_on:
        return False
    # A day of correction is never before the due date.
    correct_by = due if row.correct_by and due > row.correct_by else None
    move(occurrence=row, due_on=due, by=by, reason="工作日安排已定", correct_by=correct_by)
    return True


def move(
    *, occurrence, due_on: date, by, reason: str, correct_by: date | None = None
) -> Occurrence:
    """Give one task another due date, with the reason for it; and another date of correction
    where it was returned and `correct_by` is given, which is then the date that counts."""
    with act(by=by):
        only_the_system(by)
        row = Occurrence.unscoped.select_for_update(of=("self",)).get(pk=occurrence.pk)
        old, new = row.due_on, due_on
        if correct_by is not None:
            old, new = row.deadline_on, correct_by
            row.correct_by = correct_by
        row.due_on = due_on
        row.version += 1
        row.save(update_fields=["due_on", "correct_by", "version"])
        record("checklists.occurrence.move", row, old=f"{old:%Y-%m-%d}",
               new=f"{new:%Y-%m-%d}", reason=reason)
        return row


def put_off(*, occurrence, day: date, by, reason: str) -> Occurrence:
    """More time: the date that counts becomes `day`. Once returned, that is the date of
    correction; what was first filed late stays so."""
    due_on = max(occurrence.due_on, day)
    if occurrence.correct_by is None:
        return move(occurrence=occurrence, due_on=due_on, by=by, reason=reason)
    kept = occurrence.due_on if occurrence.is_filed_late else due_on
    return move(occurrence=occurrence, due_on=kept, correct_by=day, by=by, reason=reason)


def start_anew(*, occurrence, day: date, by, reason: str) -> Occurrence:
    """A date that was wrong from the first: nothing filed by `day`, or owed until then, is
    late any more. A later day of correction stays."""
    is_owed = occurrence.state in (Occurrence.State.OPEN, Occurrence.State.RETURNED)
    correct_by = None
    if is_owed and occurrence.correct_by is not None:
        correct_by = max(occurrence.correct_by, day)
    return move(occurrence=occurrence, due_on=day, correct_by=correct_by, by=by, reason=reason)
