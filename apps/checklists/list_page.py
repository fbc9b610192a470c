"""The page of one list: chapters, items, and the task of each item that counts now."""

from collections import defaultdict

from django.urls import reverse

from apps.checklists import pages, todo
from apps.checklists.models import Checklist, Item, Occurrence
from apps.checklists.services import events
from apps.checklists.states import Day, badge
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.duties.models import Duty
from apps.organizations.permissions import Permission

State = Occurrence.State
# A list of so few items is shown unfolded.
SHORT = 12
FILTERS = (
    ("", "全部"), ("todo", "要办"), ("sent", "待审核"), ("open", "未到期"), ("done", "已完成"),
)


def own_lists(user) -> list[Checklist]:
    """Lists that the person fills in: this year's, then those of other years."""
    rows = todo.own_lists(user).for_page().order_by("-year", "organization__path", "subject", "pk")
    return sorted(rows, key=lambda each: each.year != today().year)


def list_rows(lists) -> list[dict]:
    """Lists as rows of a page."""
    return [
        {"url": reverse("checklists:checklist_detail", args=[each.pk]), "title": each.bearer,
         "subject": each.get_subject_display(), "year": each.year}
        for each in lists
    ]


def lists_below(user, own) -> list[dict]:
    """Lists of this year that the person reads but does not fill in."""
    rows = Checklist.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    rows = rows.filter(year=today().year).exclude(pk__in=[each.pk for each in own])
    return list_rows(rows.for_page().order_by("organization__path", "subject", "pk")[:200])


def page(checklist: Checklist, user, *, chosen: str) -> dict:
    """Everything that the page of `checklist` shows to `user`."""
    day = Day.now()
    items = list(
        Item.unscoped.filter(checklist=checklist)
        .select_related("duty__chapter", "checklist__organization", "checklist__holder")
        .order_by("duty__chapter__number", "duty__position", "pk")
    )
    tasks = _tasks(items)
    rows = [_row(item, tasks, user, day) for item in items]
    rows += [extra for item in items for extra in _other_events(item, tasks, day)]
    shown = [each for each in rows if not chosen or each["group"] == chosen]
    return {
        "checklist": _head(checklist),
        "filters": _filters(rows, chosen, checklist),
        "chapters": _chapters(shown, rows, is_filtered=bool(chosen)),
    }


def _head(checklist: Checklist) -> dict:
    return {
        "title": "责任清单", "organization": checklist.bearer,
        "subject": checklist.get_subject_display(), "year": checklist.year,
        "lead": f"{checklist.bearer}的责任，按六个“人”分章，"
                f"{day_label(checklist.published_on)}下发。",
        "history_url": reverse("checklists:checklist_history", args=[checklist.pk]),
    }


def _tasks(items) -> dict[int, list[Occurrence]]:
    """Tasks by item; items that are fulfilled along show the tasks of the bearing item."""
    wanted = {item.fulfilled_by_id or item.pk for item in items}
    found = defaultdict(list)
    # Downwards from a list that is visible; a bearing item stands in the same unit.
    for task in Occurrence.unscoped.filter(item__in=wanted).for_page().order_by("due_on", "pk"):
        found[task.item_id].append(task)
    return found


def current(tasks: list[Occurrence], day: Day) -> Occurrence | None:
    """The task of an item that counts now: the oldest begun one still owed, else the one
    waiting, else the next to come, else the last done."""
    begun = [t for t in tasks if t.starts_on <= day.today]
    for states in ((State.RETURNED, State.OPEN), (State.SUBMITTED,)):
        for task in begun:
            if task.state in states:
                return task
    if begun:
        return begun[-1]
    return tasks[0] if tasks else None


def _row(item: Item, tasks, user, day: Day) -> dict:
    own = tasks[item.fulfilled_by_id or item.pk]
    task = current(own, day)
    base = {"title": item.duty.title, "chapter": item.duty.chapter, "badge": None, "when": "",
            "note": "", "url": "", "group": "open", "open_event_url": "", "open_event_label": ""}
    if item.duty.cadence == Duty.Cadence.STANDING:
        return base | {"note": "常态履行", "group": "done"}
    if item.duty.cadence == Duty.Cadence.ON_EVENT and events.may_open(item, user):
        base |= {"open_event_url": reverse("checklists:event_open", args=[item.pk]),
                 "open_event_label": f"发生一次：{item.duty.event_label}"}
    if task is None:
        return base | {"note": "发生一次报一次，今年还没有登记", "group": "done"}
    base |= _task_cells(task, day)
    if item.fulfilled_by_id:
        base["note"] = f"随「{task.item.duty.title}」一并履行"
    else:
        base["url"] = reverse("checklists:task", args=[task.pk])
    return base


def _other_events(item: Item, tasks, day: Day) -> list[dict]:
    """Further events of the same duty, each with a line of its own."""
    if item.duty.cadence != Duty.Cadence.ON_EVENT:
        return []
    own = tasks[item.pk]
    return [
        {"title": str(task), "chapter": item.duty.chapter, "note": "", "open_event_url": "",
         "url": reverse("checklists:task", args=[task.pk]), **_task_cells(task, day)}
        for task in own if task != current(own, day)
    ]


def _task_cells(task: Occurrence, day: Day) -> dict:
    cadence = task.item.duty.get_cadence_display()
    groups = {State.SUBMITTED: "sent", State.ACCEPTED: "done", State.EXCUSED: "done"}
    to_do = task.starts_on <= day.today and task.deadline_on <= day.soon_until
    group = groups.get(task.state, "todo" if to_do or task.state == State.RETURNED else "open")
    return {"title": str(task), "badge": badge(task, day),
            "when": f"{cadence} · {pages.when(task)}", "group": group}


def _filters(rows, chosen: str, checklist: Checklist) -> list[dict]:
    url = reverse("checklists:checklist_detail", args=[checklist.pk])
    return [
        {"label": label, "count": sum(1 for r in rows if not key or r["group"] == key),
         "url": f"{url}?state={key}" if key else url, "is_current": key == chosen}
        for key, label in FILTERS
    ]


def _chapters(shown, rows, *, is_filtered: bool) -> list[dict]:
    chapters = {row["chapter"].number: row["chapter"] for row in rows}
    found = []
    for number in sorted(chapters):
        inside = [row for row in shown if row["chapter"].number == number]
        due = sum(1 for row in inside if row["group"] == "todo")
        if is_filtered and not inside:
            continue
        found.append({
            "number_label": pages.CHAPTER_NUMBERS[number], "name": chapters[number].name,
            "subtitle": chapters[number].subtitle, "count_label": f"{len(inside)}项",
            "state_label": f"{due}项要办" if due else "没有要办的",
            "is_open": bool(due) or is_filtered or len(rows) <= SHORT, "rows": inside,
        })
    return found
