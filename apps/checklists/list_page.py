"""The page of one list: chapters, items, and the task of each item that counts now."""

from collections import Counter, defaultdict

from django.urls import reverse

from apps.checklists import adoptions, list_items, pages, todo
from apps.checklists.edit_page import ACTS
from apps.checklists.lights import Light
from apps.checklists.models import (
    Checklist,
    Item,
    Occurrence,
    with_doors,
    with_item_doors,
)
from apps.checklists.services import events, reporting
from apps.checklists.services import petition_rules as rules
from apps.checklists.states import NOT_APPLICABLE, Day, badge, door_badges
from apps.core.badges import Badge
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
# What "to be done" is called in a year that is open, and in one that is closed.
OWED = ("{count}项要办", "没有要办的"), ("{count}项未履行", "都履行了")
NOT_ADOPTED = Badge("is-off", "m-off", "没有审定")


def own_lists(user) -> list[Checklist]:
    """Lists that the person fills in: this year's, then those of other years; at one place the
    body's before its leaders', as the catalogue orders the subjects."""
    rows = todo.own_lists(user).for_page().order_by("-year", "organization__path", "pk")
    subjects = Duty.Subject.values
    return sorted(rows, key=lambda each: (
        each.year != today().year, -each.year, each.organization.path,
        subjects.index(each.subject)))


def list_rows(lists) -> list[dict]:
    """Lists as rows of a page."""
    return [
        {"url": reverse("checklists:checklist_detail", args=[each.pk]), "title": each.bearer,
         "subject": each.get_subject_display(), "year": each.year,
         "badge": adoptions.badge(each)}
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
        with_item_doors(Item.unscoped.filter(checklist=checklist))
        .select_related("duty__chapter", "checklist__organization", "checklist__holder",
                        "upper__duty", "upper__checklist__organization")
        .order_by("duty__chapter__number", "duty__position", "pk")
    )
    tasks = _tasks(items)
    rows = [_row(item, tasks, user, day) | _own(item, user) for item in items
            if item.is_in_force]
    rest = [_row(item, tasks, user, day) | {"note": list_items.out_of_force(item)}
            for item in items if not item.is_in_force]
    lines = [line for item in items for line in _lines(item, tasks, day)]
    shown = [line for line in lines if line["group"] == chosen] if chosen else rows
    is_closed = checklist.year in day.closed_years
    return {
        "checklist": _head(checklist, day),
        "adoption": _adoption(checklist, is_closed), "acts": _acts(checklist, user, is_closed),
        "rest": [] if chosen else rest,
        "filters": _filters(rows, lines, chosen, checklist, is_closed),
        "chapters": _chapters(shown, OWED[is_closed],
                              is_open=bool(chosen) or len(rows) <= SHORT),
    }


def year_line(year: int, day: Day) -> str:
    """What is to be said of the year of a list: closed, or yet to come."""
    if year in day.closed_years:
        return "这一年已封账，没有报的记为未履行。"
    return f"{year}年1月1日起计，现在不用报。" if year > day.today.year else ""


def _head(checklist: Checklist, day: Day) -> dict:
    return {
        "title": "责任清单", "organization": checklist.bearer_then,
        "subject": checklist.get_subject_display(), "year": checklist.year,
        "year_line": year_line(checklist.year, day),
        "lead": f"{checklist.bearer_then}的责任，按六个“人”分章，"
                f"{day_label(checklist.published_on)}下发。",
        "history_url": reverse("checklists:checklist_history", args=[checklist.pk]),
        "organization_url": reverse("dashboard:organization", args=[checklist.organization_id]),
    }


def _adoption(checklist: Checklist, is_closed: bool) -> dict:
    """How the list was taken on, as one line, and the flag while it is not."""
    facts, flag = adoptions.facts(checklist), adoptions.badge(checklist)
    return {"badge": NOT_ADOPTED if flag and is_closed else flag,
            "facts": f"{facts}。" if facts else ""}


def _acts(checklist: Checklist, user, is_closed: bool) -> dict:
    """What this person can do about the list as a whole, papers alone once its year is
    closed; those are for every reader."""
    names = {"excel": "checklist_excel", "word": "checklist_word", "print": "checklist_print"}
    found = {key: reverse(f"checklists:{name}", args=[checklist.pk])
             for key, name in names.items()}
    if is_closed:
        return found
    found["edit"] = reverse("checklists:checklist_edit", args=[checklist.pk]) if (
        reporting.may_fill_list(checklist, user)) else ""
    step = next((name for name in adoptions.steps(checklist, user) if name in ACTS), None)
    if step and step != "deliberate":
        name, label = ACTS[step]
        found["act"] = {"url": reverse(name, args=[checklist.pk]), "label": label}
    return found


def _own(item: Item, user) -> dict:
    """What the list itself has set of an item, and what it carries further down."""
    owner = f"责任人：{item.owner}" if item.owner else ""
    early = f"提前{item.days_earlier}天" if item.days_earlier else ""
    carried = list_items.carried_label(item)
    first = " · ".join(filter(None, (owner, early, carried)))
    found = {"lines": list(filter(None, (first, item.measures))), "upper": None,
             "own": list_items.OWN if item.duty.origin == Duty.Origin.OWN else None}
    if item.upper_id:
        above = item.upper.checklist
        may_read = user.may(Permission.CHECKLIST_VIEW, at=above.organization.path)
        url = reverse("checklists:checklist_detail", args=[above.pk]) if may_read else ""
        found["upper"] = {"label": item.upper.duty.title, "url": url}
    return found


def _tasks(items) -> dict[int, list[Occurrence]]:
    """Tasks by item; items that are fulfilled along show the tasks of the bearing item."""
    wanted = {item.fulfilled_by_id or item.pk for item in items}
    found = defaultdict(list)
    # Downwards from a list that is visible; a bearing item stands in the same unit.
    rows = with_doors(Occurrence.unscoped.filter(item__in=wanted).for_page())
    for task in rows.order_by("due_on", "pk"):
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
           "others": [], "doors": door_badges(item), "door_url": _door(item, user, day)}
    if item.not_applicable_since:
        past = [_task_cells(each, day) for each in own if each.starts_on <= day.today]
        return row | {"badge": NOT_APPLICABLE, "when": "上级同意", "others": past}
    if item.duty.cadence == Duty.Cadence.STANDING:
        return row | {"note": "常态履行"}
    is_closed = item.checklist.year in day.closed_years
    if not is_closed and events.may_open(item, user):
        row |= {"open_event_url": reverse("checklists:event_open", args=[item.pk]),
                "open_event_label": f"发生一次：{item.duty.event_label}"}
    if task is None:
        is_event = item.duty.cadence == Duty.Cadence.ON_EVENT
        return row | {"note": "发生一次报一次，今年还没有登记" if is_event else "今年不用报"}
    if item.fulfilled_by_id:
        along = _task_cells(task, day) | {"title": item.duty.title, "url": "",
                                          "doors": row["doors"]}
        return row | along | {"note": f"随「{task.item.duty.title}」一并履行"}
    others = [each for each in own if each != task and each.starts_on <= day.today]
    # The page of the task has the doors.
    return row | _task_cells(task, day) | {
        "door_url": "", "others": [_task_cells(each, day) for each in others]}


def _door(item: Item, user, day: Day) -> str:
    """Where to ask that an item without a page of its own does not apply here."""
    is_closed = item.asked_kind or item.checklist.year in day.closed_years
    if is_closed or rules.why_applicable(item):
        return ""
    if not reporting.may_fill_list(item.checklist, user):
        return ""
    return reverse("checklists:item_petition_ask", args=[item.pk])


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
    return {"title": str(task), "badge": badge(task, day), "doors": door_badges(task),
            "url": reverse("checklists:task", args=[task.pk]),
            "when": f"{cadence} · {pages.when(task)}",
            "group": groups.get(task.state, "todo" if is_due else "open")}


def _filters(rows, lines, chosen: str, checklist: Checklist, is_closed: bool) -> list[dict]:
    url = reverse("checklists:checklist_detail", args=[checklist.pk])
    counts = {"": len(rows)} | Counter(line["group"] for line in lines)
    return [
        {"label": "未履行" if is_closed and key == "todo" else label,
         "count": counts.get(key, 0), "is_current": key == chosen,
         "url": f"{url}?state={key}" if key else url}
        for key, label in FILTERS
    ]


def _chapters(shown, owed: tuple[str, str], *, is_open: bool) -> list[dict]:
    """The chapters that have a line, each with how much of it is `owed`, in these words."""
    chapters = {row["chapter"].number: row["chapter"] for row in shown}
    found = []
    for number in sorted(chapters):
        inside = [row for row in shown if row["chapter"].number == number]
        due = sum(1 for row in inside if row["group"] == "todo")
        found.append({
            "number_label": pages.CHAPTER_NUMBERS[number], "name": chapters[number].name,
            "subtitle": chapters[number].subtitle, "count_label": f"{len(inside)}项",
            "state_label": owed[0].format(count=due) if due else owed[1],
            "is_open": bool(due) or is_open, "rows": inside,
        })
    return found
