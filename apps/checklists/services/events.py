"""Open a task of a duty that is owed only when something happens (发生一次)."""

from datetime import date

from apps.checklists.models import Occurrence
from apps.checklists.services import due_dates
from apps.checklists.services.reporting import CLASSIFIED, may_fill_list
from apps.core.act import act, record
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files import has_secret_mark
from apps.duties.models import Duty


def may_open(item, user) -> bool:
    """Whoever fills in the list opens its events, as long as the duty is one on event."""
    return item.duty.cadence == Duty.Cadence.ON_EVENT and may_fill_list(item.checklist, user)


def open_event(*, item, event: str, happened_on: date, by) -> Occurrence:
    """Open a task for `event`. Raises Invalid for a day to come or outside the list's year,
    Conflict when the same event of the same day was opened before."""
    with act(by=by):
        if not may_open(item, by):
            raise NotAllowed(f"这一项由{item.checklist.bearer}填报，您可以查看。", target=item)
        check(item=item, event=event, happened_on=happened_on)
        locked = type(item).unscoped.select_for_update(of=("self",)).get(pk=item.pk)
        if locked.occurrences.filter(event=event, starts_on=happened_on).exists():
            raise Conflict(f"“{event}”已经登记过了，在待办里可以找到。", target=item)
        due = due_dates.after_event(duty=item.duty, happened_on=happened_on)
        row = Occurrence.unscoped.create(
            item=locked, organization=item.checklist.organization, event=event,
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
