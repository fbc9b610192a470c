"""What happens when a petition is granted, or a consent is taken back.

Run inside the decider's act on the locked petition; the tasks and dates themselves are
changed by the system, with a reason that names the petition.
"""

from datetime import date

from apps.checklists.models import Item, Occurrence, Petition
from apps.checklists.services import due_dates, publishing, resuming
from apps.checklists.services import petition_rules as rules
from apps.core.act import SYSTEM, record
from apps.core.calendar import today
from apps.core.errors import Conflict
from apps.core.workflow import advance, locked

Kind, State = Petition.Kind, Occurrence.State


def apply(row: Petition, *, by, until: date | None) -> list[str]:
    """Carry out what `row` asks for; returns the names of its fields that changed.

    Raises Conflict where the task has moved on, Invalid for a day that cannot be given.
    """
    if row.is_not_applicable:
        return set_aside(row, by=by)
    task = locked(row.occurrence)
    rules.ensure_open(task, row.kind)
    if row.kind == Kind.EXTENSION:
        return extend(row, task, by=by, until=until)
    if row.kind == Kind.APPEAL:
        return lift_mark(row, task, by=by, until=until)
    if row.kind == Kind.EXCUSE:
        advance(task, "excuse", by=SYSTEM, note=why(row, by))
    return []  # an explanation is shown beside the mark, which stays


def extend(row: Petition, task: Occurrence, *, by, until: date | None) -> list[str]:
    """Put the date off to the day asked for, or to another that the decider names."""
    day = rules.check_day(task, until or row.proposed_on, field="until")
    row.due_before, row.due_after = task.deadline_on, day
    due_dates.put_off(occurrence=task, day=day, by=SYSTEM, reason=why(row, by))
    return ["due_before", "due_after"]


def lift_mark(row: Petition, task: Occurrence, *, by, until: date | None) -> list[str]:
    """The mark was wrong: the date moves so far that red and 迟报 are no longer so. It never
    lies before today while the task is owed, nor before the first filing after that."""
    day = rules.new_start(task)
    if until is not None and rules.is_owed(task):
        day = rules.check_day(task, until, field="until")
    row.due_before = task.deadline_on if rules.is_red(task) else task.due_on
    row.due_after = day
    due_dates.start_anew(occurrence=task, day=day, by=SYSTEM, reason=why(row, by))
    return ["due_before", "due_after"]


def why(row: Petition, by) -> str:
    """Names the petition in the events of what follows from it."""
    return f"{by.name}同意了{row.asked_by.name}的{row.get_kind_display()}申请"


def set_aside(row: Petition, *, by) -> list[str]:
    """The item no longer applies: what is still to come is excused, what is past stays owed.
    Items that were fulfilled along with it stand on their own feet from now on."""
    item = locked(row.item)
    if problem := rules.why_applicable(item):
        raise Conflict(problem, target=item)
    item.not_applicable_since = today()
    item.save(update_fields=["not_applicable_since"])
    tasks = resuming.due_from(item.occurrences.to_do(), today())
    for task in tasks:
        advance(task, "excuse", by=SYSTEM, note=why(row, by))
    record("checklists.item.set_aside", item, tasks=len(tasks))
    for along in Item.unscoped.filter(fulfilled_by=item).select_related(
            "checklist__organization", "duty"):
        along.fulfilled_by, along.counts_from = None, today()
        along.save(update_fields=["fulfilled_by", "counts_from"])
        record("checklists.item.stand_alone", along, tasks=fill(along))
    return []


def bring_back(row: Petition, *, by) -> list[str]:
    """The item applies again: what was excused for this alone and is still to come is to be
    reported again, and what is missing is added."""
    item = locked(row.item)
    if item.archived_on is not None or item.not_applicable_since is None:
        raise Conflict("这一项已经不在“不适用”之列。", target=item)
    item.not_applicable_since, item.counts_from = None, today()
    item.save(update_fields=["not_applicable_since", "counts_from"])
    resumed = resuming.resume([item], since=today(), note=f"{by.name}把这一项改为适用")
    record("checklists.item.bring_back", item, tasks=resumed + fill(item))
    return []


def fill(item: Item) -> int:
    """Add the tasks that the item's list lacks, with the dates that the list has set; how
    many. What was due before `counts_from` is not owed."""
    path, year = item.organization.path, item.checklist.year
    own_end = f"{path} "  # a blank sorts before every step of a path
    added = publishing.insert_tasks(path=path, end=own_end, year=year)
    due_dates.keep_earlier(path=path, end=own_end, year=year)
    return added
