"""The one home of due dates: nothing else writes `due_on`."""

from datetime import date

from apps.checklists import schedule
from apps.checklists.models import Occurrence, Slot
from apps.core.act import act, only_the_system, record
from apps.core.calendar import add_working_days, current
from apps.duties.models import Duty


def write_slots(*, version, year: int) -> int:
    """Write the due dates of `version` for `year`; existing ones stay. Returns how many are new."""
    calendar = current()
    before = Slot.objects.filter(version=version, year=year).count()
    Slot.objects.bulk_create(
        [
            Slot(version=version, duty=duty, year=year, period=plan.period,
                 starts_on=plan.starts_on, ends_on=plan.ends_on, due_on=plan.due_on,
                 is_provisional=plan.is_provisional)
            for duty in Duty.objects.filter(version=version)
            for plan in schedule.slots(duty, year, calendar)
        ],
        ignore_conflicts=True,
    )
    return Slot.objects.filter(version=version, year=year).count() - before


def after_event(*, duty, happened_on: date) -> date:
    """When a duty on event is due: the catalogue's working days after the event."""
    return add_working_days(happened_on, duty.days_after_event)


def settle(*, year: int, by) -> int:
    """Move provisional dates of `year` once its working days are entered; returns how many."""
    calendar = current()
    moved = 0
    for slot in Slot.objects.filter(year=year, is_provisional=True).select_related("duty"):
        plans = {plan.period: plan for plan in schedule.slots(slot.duty, year, calendar)}
        plan = plans.get(slot.period)
        if plan is None or plan.is_provisional:
            continue
        with act(by=by):
            slot.due_on, slot.is_provisional = plan.due_on, False
            slot.save(update_fields=["due_on", "is_provisional"])
            unsettled = Occurrence.unscoped.undecided().filter(slot=slot)
            for row in unsettled.exclude(due_on=plan.due_on):
                move(occurrence=row, due_on=plan.due_on, by=by, reason="工作日安排已定")
                moved += 1
    return moved


def move(*, occurrence, due_on: date, by, reason: str) -> Occurrence:
    """Give one task another due date, with the reason for it."""
    with act(by=by):
        only_the_system(by)
        row = Occurrence.unscoped.select_for_update(of=("self",)).get(pk=occurrence.pk)
        old, row.due_on = row.due_on, due_on
        row.version += 1
        row.save(update_fields=["due_on", "version"])
        record("checklists.occurrence.move", row, old=f"{old:%Y-%m-%d}",
               new=f"{due_on:%Y-%m-%d}", reason=reason)
        return row
