"""Pages around the table of a list: own items with the load, links upward, coverage."""

from django.urls import reverse

from apps.checklists import list_items, uppers
from apps.checklists.edit_page import NOT_CARRIED, Sheet, carried, chapters
from apps.checklists.models import Item
from apps.duties import load
from apps.duties.models import Duty
from apps.organizations.permissions import Permission


def page(checklist, form) -> dict:
    """The form of an own item, beside what the list asks of a year already."""
    return {
        "form": form, "title": list_items.head(checklist), "bearer": checklist.bearer,
        "load": load_label(checklist), "item": "",
        "back_url": reverse("checklists:checklist_edit", args=[checklist.pk]),
    }


def load_label(checklist) -> str:
    """What the list asks of a year, in one sentence."""
    duties = Duty.every.filter(pk__in=checklist.items.in_force().values("duty"))
    found = load.of_duties(list(duties))
    return (f"这份清单现有{found.duties}项，一年要报{found.occurrences}次，"
            f"要填约{found.entries}条，一共约{hours(found.minutes)}。")


def hours(minutes: int) -> str:
    """Minutes as hours, once there are enough of them."""
    return f"{minutes}分钟" if minutes < 60 else f"{round(minutes / 60, 1):g}小时"


def added(item: Item) -> str:
    """What was added and what it costs in a year."""
    times = load.times_a_year(item.duty)
    cost = f"一年多报{times}次，约{hours(times * item.duty.minutes)}" if times else "不用报"
    return f"已添加“{item}”，{cost}。"


def linkable(checklist) -> tuple[list[Item], list[Item]]:
    """The items of a list that can carry one of the list above, and those above."""
    items = checklist.items.in_force().filter(fulfilled_by=None).exclude(
        duty__origin=Duty.Origin.AD_HOC).select_related("duty__chapter")
    items = items.prefetch_related("duty__clauses").order_by(
        "duty__chapter__number", "duty__position", "pk")
    return list(items), uppers.candidates(checklist)


def chosen_uppers(items: list[Item], above: list[Item]) -> tuple[dict[int, int], set[int]]:
    """The item above that each item carries, or is suggested to; and which were suggested."""
    chosen, suggested = {}, set()
    for item in items:
        if item.upper_id:
            chosen[item.pk] = item.upper_id
        elif upper := uppers.suggestion(item, above):
            chosen[item.pk] = upper.pk
            suggested.add(item.pk)
    return chosen, suggested


def coverage(sheet: Sheet, user, above) -> dict:
    """Each item with the lists below that carry it; first what nobody carries."""
    items = [item for item in sheet.items if item.is_in_force and not item.fulfilled_by_id]
    rows = [{
        "number": number, "title": item.duty.title, "chapter": item.duty.chapter,
        "owner": item.owner or "—", "carried": carried(sheet, item),
        "lists": [list_link(each, user) for each in sheet.carriers.get(item.pk, ())],
    } for number, item in enumerate(items, start=1)]
    alone = [row for row in rows if not row["lists"]]
    flagged = sum(row["carried"]["badge"] is NOT_CARRIED for row in alone)
    return {
        "title": list_items.head(sheet.checklist), "bearer": sheet.checklist.bearer,
        "below": len(sheet.below), "carried": len(rows) - len(alone), "total": len(rows),
        "alone": chapters(alone), "chapters": chapters([r for r in rows if r["lists"]]),
        "flagged": flagged, "flagged_label": f"{flagged}项无人承接",
        "above": list_link(above, user) if above else None,
        "back_url": reverse("checklists:checklist_detail", args=[sheet.checklist.pk]),
    }


def list_link(checklist, user) -> dict:
    """A list by its bearer; a link for who may read it."""
    may_read = user.may(Permission.CHECKLIST_VIEW, at=checklist.organization.path)
    url = reverse("checklists:checklist_detail", args=[checklist.pk]) if may_read else ""
    return {"label": checklist.organization.short_name, "url": url}
