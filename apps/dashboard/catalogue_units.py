"""What a version changes for the units, as rows of the preview and of one unit's page."""

from django.urls import reverse

from apps.checklists.services.version_plans import Changes
from apps.checklists.services.versions import Numbers, UnitPreview, preview
from apps.core.dates import day_label
from apps.duties.models import CatalogueVersion, Duty
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

# Numbers of a row, in the order of the columns.
COLUMNS = (
    ("added", "新增"), ("changed", "修改"), ("withdrawn", "撤下"), ("returned", "恢复"),
    ("own_edits", "保留本单位内容"), ("tasks", "新增任务"), ("moved", "改期"),
    ("excused", "免报"), ("resumed", "恢复任务"),
)


def visible_units(user):
    """The places whose lists this person reads: the committee and the units."""
    kinds = (Organization.Kind.COMMITTEE, Organization.Kind.UNIT)
    return Organization.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW).filter(
        kind__in=kinds)


def unit_table(version: CatalogueVersion, year: int, user) -> dict:
    """Units × what changes, for the units in this person's view; untouched ones are counted."""
    seen = set(visible_units(user).values_list("pk", flat=True))
    found = [each for each in preview(version=version, year=year) if each.place.pk in seen]
    touched = [each for each in found if each.total]
    total = sum((each.total for each in touched), Numbers())
    return {
        "columns": [label for _name, label in COLUMNS],
        "rows": [_unit_row(each, version, year) for each in touched],
        "total": _cells(total), "untouched": len(found) - len(touched),
        "count": len(touched),
    }


def _unit_row(each: UnitPreview, version: CatalogueVersion, year: int) -> dict:
    url = reverse("admin:catalogue_difference_unit", args=[version.pk, each.place.pk])
    return {"name": each.place.short_name, "url": f"{url}?year={year}",
            "cells": _cells(each.total)}


def _cells(numbers: Numbers) -> list[str]:
    return [str(getattr(numbers, name) or "—") for name, _label in COLUMNS]


def unit_page(version: CatalogueVersion, year: int, place: Organization) -> dict:
    """One unit: the same numbers by subject, and every item and task that changes."""
    (found,) = preview(version=version, year=year, place=place)
    subjects = [{"name": Duty.Subject(subject).label, "cells": _cells(numbers)}
                for subject, numbers in found.subjects.items()]
    return {
        "columns": [label for _name, label in COLUMNS], "subjects": subjects,
        "total": _cells(found.total), "lists": _lists(found.changes),
    }


def _lists(todo: Changes) -> list[dict]:
    """Each list that changes with its lines, in the order of the tree."""
    duties = Duty.objects.in_bulk({item.duty_id for item in todo.items.values()})
    lines: dict[tuple, list[dict]] = {}

    def say(key: tuple, kind: str, text: str) -> None:
        lines.setdefault(key, []).append({"kind": kind, "text": text})

    def key_of(item) -> tuple:
        return todo.keys[item.checklist_id]

    for key, duty, since in todo.added:
        say(key, "新增", f"{duty}，{day_label(since)}起算")
    for item, duty in todo.changed:
        say(key_of(item), "修改", f"{duty}{_kept(item)}")
    for item in todo.withdrawn:
        say(key_of(item), "撤下", f"{duties[item.duty_id]}，已报的保留{_kept(item)}")
    for item, duty in todo.returned:
        say(key_of(item), "恢复", f"{duty}{_kept(item)}")
    for task, plan in todo.redated:
        item = todo.items[task.item_id]
        say(key_of(item), "改期", f"{duties[item.duty_id]}（{task.period}）："
                                f"{day_label(task.due_on)} → {day_label(plan.due_on)}")
    for kind, tasks in (("免报", todo.excused), ("恢复", todo.resumed)):
        for task in tasks:
            item = todo.items[task.item_id]
            say(key_of(item), kind, f"{duties[item.duty_id]}（{task.period}）")
    for key, count in todo.fresh.items():
        if count:
            say(key, "新增任务", f"{count}次")
    names = _names(todo)
    return [{"name": names[key], "lines": lines[key]} for key in names if key in lines]


def _kept(item) -> str:
    named = [label for label, value in (
        ("措施", item.measures), ("责任人", item.owner), ("提前天数", item.days_earlier),
        ("上级事项", item.upper_id)) if value]
    return f"；保留本单位的{'、'.join(named)}" if named else ""


def _names(todo: Changes) -> dict[tuple, str]:
    """What each list is called; new ones too."""
    found = {}
    for checklist in todo.lists:
        found[todo.keys[checklist.pk]] = (
            f"{checklist.bearer}（{checklist.get_subject_display()}）")
    places = Organization.objects.in_bulk({key[0] for key in todo.new_lists})
    for key in todo.new_lists:
        found[key] = f"{places[key[0]].name}（{Duty.Subject(key[1]).label}，新清单）"
    return found
