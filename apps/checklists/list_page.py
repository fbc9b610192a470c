"""The page of one list: chapters, items, and the task of each item that counts now."""

from collections import Counter, defaultdict

from django.urls import reverse

from apps.checklists import pages, todo
from apps.checklists.lights import Light
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
    lines = [line for item in items for line in _lines(item, tasks, day)]
    shown = [line for line in lines if line["group"] == chosen] if chosen else rows
    return {
        "checklist": _head(checklist),
        "filters": _filters(rows, lines, chosen, checklist),
        "chapters": _chapters(shown, is_open=bool(chosen) or len(rows) <= SHORT),
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
    waiting, else the last begun, else the first to come."""
    begun = [t for t in tasks if t.starts_on <= day.today]
    for states in ((State.RETURNED, State.OPEN), (State.SUBMITTED,)):
        for task in begun:
            if task.state in states:
                return task
    if begun:
        return begun[-1]
    return tasks[0] if tasks else None


def _row(item: Item, tasks, user, day: Day) -> dict:
    """The line of an item: its task that counts now, the others of the year folded below."""
    own = tasks[item.fulfilled_by_id or item.pk]
    task = current(own, day)
    row = {"title": item.duty.title, "chapter": item.duty.chapter, "badge": None, "when": "",
           "note": "", "url": "", "group": "", "open_event_url": "", "open_event_label": "",
           "others": []}
    if item.duty.cadence == Duty.Cadence.STANDING:
        return row | {"note": "常态履行"}
    if item.duty.cadence == Duty.Cadence.ON_EVENT and events.may_open(item, user):
        row |= {"open_event_url": reverse("checklists:event_open", args=[item.pk]),
                "open_event_label": f"发生一次：{item.duty.event_label}"}
    if task is None:
        is_event = item.duty.cadence == Duty.Cadence.ON_EVENT
        return row | {"note": "发生一次报一次，今年还没有登记" if is_event else "今年不用报"}
    if item.fulfilled_by_id:
        along = _task_cells(task, day) | {"title": item.duty.title, "url": ""}
        return row | along | {"note": f"随「{task.item.duty.title}」一并履行"}
    others = [each for each in own if each != task and each.starts_on <= day.today]
    return row | _task_cells(task, day) | {"others": [_task_cells(each, day) for each in others]}


def _lines(item: Item, tasks, day: Day) -> list[dict]:
    """Every begun task of an item, for the filtered page; what is fulfilled along is not
    counted twice."""
    if item.fulfilled_by_id:
        return []
    return [{"chapter": item.duty.chapter, **_task_cells(task, day)}
            for task in tasks[item.pk] if task.starts_on <= day.today]


def _task_cells(task: Occurrence, day: Day) -> dict:
    cadence = task.item.duty.get_cadence_display()
    groups = {State.SUBMITTED: "sent", State.ACCEPTED: "done", State.EXCUSED: "done"}
    is_due = task.state == State.RETURNED or day.light(task) in (Light.RED, Light.YELLOW)
    return {"title": str(task), "badge": badge(task, day),
            "url": reverse("checklists:task", args=[task.pk]),
            "when": f"{cadence} · {pages.when(task)}",
            "group": groups.get(task.state, "todo" if is_due else "open")}


def _filters(rows, lines, chosen: str, checklist: Checklist) -> list[dict]:
    url = reverse("checklists:checklist_detail", args=[checklist.pk])
    counts = {"": len(rows)} | Counter(line["group"] for line in lines)
    return [
        {"label": label, "count": counts.get(key, 0), "is_current": key == chosen,
         "url": f"{url}?state={key}" if key else url}
        for key, label in FILTERS
    ]


def _chapters(shown, *, is_open: bool) -> list[dict]:
    """The chapters that have a line, each with how much of it is to be done."""
    chapters = {row["chapter"].number: row["chapter"] for row in shown}
    found = []
    for number in sorted(chapters):
        inside = [row for row in shown if row["chapter"].number == number]
        due = sum(1 for row in inside if row["group"] == "todo")
        found.append({
            "number_label": pages.CHAPTER_NUMBERS[number], "name": chapters[number].name,
            "subtitle": chapters[number].subtitle, "count_label": f"{len(inside)}项",
            "state_label": f"{due}项要办" if due else "没有要办的",
            "is_open": bool(due) or is_open, "rows": inside,
        })
    return found
