"""The directory of organisations as a list and as a tree."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse

from apps.core.calendar import today
from apps.core.dates import full_label
from apps.organizations import directory
from apps.organizations.directory import Wanted
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.vacancies import SECRETARY_OF

VIEW = Permission.ORGANIZATION_VIEW
Kind = Organization.Kind
PAGE = 100
CLOSED = ((directory.STANDING, "现有的"), (directory.CLOSED, "已撤销的"), (directory.ALL, "全部"))


def page(user, wanted: Wanted, number) -> dict:
    """One page of finds with the filters and the ways on."""
    found = directory.find(user, wanted).select_related("successor")
    shown = Paginator(found, PAGE).get_page(number)
    places = list(shown.object_list)
    return {
        "q": wanted.text, "is_window": wanted.is_window,
        "kinds": options(Kind.choices, wanted.kind), "closed": options(CLOSED, wanted.closed),
        "rows": rows(user, places), "lead": lead(shown, wanted), "pager": pager(shown, wanted),
        "clear_url": reverse("dashboard:directory") if wanted.query else "",
        "tree_url": reverse("dashboard:directory_tree"),
    }


def options(choices, chosen: str) -> list[dict]:
    """What a box offers."""
    return [{"value": value, "label": label, "is_chosen": value == chosen}
            for value, label in choices]


def lead(shown, wanted: Wanted) -> str:
    """How many, in a sentence."""
    count = shown.paginator.count
    return f"找到{count}个。" if wanted.query else f"您的范围里共{count}个单位和组织。"


def pager(shown, wanted: Wanted) -> dict:
    """Links to the pages around."""
    numbers = shown.paginator.get_elided_page_range(shown.number, on_each_side=2, on_ends=1)
    return {
        "label": f"第{shown.start_index()}至{shown.end_index()}个，共{shown.paginator.count}个",
        "has_others": shown.has_other_pages(),
        "pages": [{"label": each, "is_current": each == shown.number,
                   "url": f"?{urlencode(wanted.query | {'page': each})}"
                   if isinstance(each, int) else ""} for each in numbers],
    }


def rows(user, places: list[Organization]) -> list[dict]:
    """The cells of a page: two statements more, however many rows."""
    heads, above = secretaries(user, places), units_above(user, places)
    return [{
        "name": each.name, "url": reverse("dashboard:organization", args=[each.pk]),
        "kind": each.get_kind_display(), "note": "窗口单位" if each.is_window else "",
        "code": each.code, "unit": above.get(each.pk, ""),
        "head": heads.get(each.pk, "") or ("空缺" if each.kind in SECRETARY_OF
                                           and each.closed_on is None else ""),
        "closed": closing(each),
    } for each in places]


def closing(place: Organization) -> str:
    """When it was closed, and into which unit it was merged; empty while it stands."""
    if place.closed_on is None:
        return ""
    into = f"，并入{place.successor.name}" if place.successor_id else ""
    return f"{full_label(place.closed_on)}撤销{into}"


def secretaries(user, places: list[Organization]) -> dict[int, str]:
    """The secretary of each organisation today."""
    held = Appointment.objects.visible_to(user, for_=VIEW).on(today()).filter(
        organization__in=places, role__in=set(SECRETARY_OF.values()), acting_for=None)
    kinds = {each.pk: each.kind for each in places}
    return {place: name for place, role, name in held.order_by("-pk").values_list(
        "organization", "role", "user__name") if SECRETARY_OF.get(kinds[place]) == role}


def units_above(user, places: list[Organization]) -> dict[int, str]:
    """The short name of the unit in which each organisation lies, as far as it is in view."""
    paths = {path for each in places for path in each.parent_paths()}
    units = dict(Organization.objects.visible_to(user, for_=VIEW).units().filter(
        path__in=paths).values_list("path", "short_name"))
    found = {}
    for each in places:
        found[each.pk] = next((units[path] for path in each.parent_paths() if path in units), "")
    return found


def tree(user) -> list[dict]:
    """Every standing organisation in view in order of the tree. A row says whether a list
    below it begins and how many end after it, so that the page needs no recursion."""
    found, above = [], []
    places = Organization.objects.visible_to(user, for_=VIEW).active().order_by("path")
    for place in places:
        left = 0
        while above and not place.path.startswith(above[-1]["path"]):
            above.pop()
            left += 1
        if found:
            found[-1] |= {"begins": not left, "ends": range(left - 1)}
        for each in above:
            each["count"] += 1
        found.append(_node(place, is_open=not above))
        above.append(found[-1])
    if found:
        found[-1]["ends"] = range(len(above) - 1)
    return found


def _node(place: Organization, *, is_open: bool) -> dict:
    return {"name": place.name, "path": place.path, "kind": place.get_kind_display(),
            "begins": False, "ends": range(0), "count": 0, "is_open": is_open,
            "url": reverse("dashboard:organization", args=[place.pk])}
