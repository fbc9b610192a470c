"""The page of one duty: what, why, how much is enough, who has it, how many have done it."""

from collections import Counter

from django.db.models import Count
from django.urls import reverse

from apps.checklists import pages
from apps.checklists.lights import DONE, Light
from apps.checklists.lights_sql import light_expression
from apps.checklists.models import Item, Occurrence, Slot
from apps.checklists.schedule import period_label
from apps.checklists.states import Day
from apps.core.badges import Badge
from apps.core.calendar import today
from apps.core.dates import day_label, weekday_label
from apps.core.errors import NotVisible
from apps.duties import wording
from apps.duties.models import CatalogueVersion, Duty
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

# How many dates to come, and how many lists by name, the page holds.
DATES = 4
NAMED = 30
MARKS = (
    ("done", "已办结", "is-done", "m-done"), ("waiting", "待审核", "is-sent", "m-sent"),
    ("open", "还没报", "is-open", "m-open"), ("late", "逾期", "is-late", "m-late"),
)


def visible_duty(user, pk: int) -> Duty:
    """A duty that the person may read: of the catalogue, or on a list in his view.

    A draft is read by those who edit the catalogue. Raises NotVisible.
    """
    rows = Duty.every.select_related("chapter", "version").prefetch_related("sources", "clauses")
    duty = rows.filter(pk=pk).first()
    if duty is None or not _may_read(user, duty):
        raise NotVisible("没有找到，或者不在您的范围内。")
    return duty


def page(duty: Duty, user) -> dict:
    """Everything that the page shows to `user`."""
    lists, kinds = _lists(duty, user)
    return {
        "duty": _head(duty), "reasons": pages.reasons(duty), "facts": _facts(duty),
        "dates": _dates(duty), "lists": lists[:NAMED], "kinds": kinds,
        "more": f"还有{len(lists) - NAMED}份清单没有列出" if len(lists) > NAMED else "",
        "state": _state(duty, user), "period": _period(duty),
        **_face(user),
    }


def _face(user) -> dict:
    """A desk for those who look after others, a phone for those who report."""
    is_wide = user.is_staff or user.holds(Permission.REPORT_REVIEW)
    return {"base_template": "base_desk.html" if is_wide else "base.html", "is_wide": is_wide,
            "back_url": reverse("checklists:checklist_list")}


def _may_read(user, duty: Duty) -> bool:
    if duty.version is None:
        return _items(user, duty).exists()
    is_published = duty.version.state == CatalogueVersion.State.PUBLISHED
    return is_published or user.holds(Permission.CATALOGUE_EDIT)


def _head(duty: Duty) -> dict:
    version = f"责任目录{duty.version.code}" if duty.version else duty.get_origin_display()
    return {
        "title": duty.title, "code": duty.code if duty.version else "", "version": version,
        "chapter": f"{pages.CHAPTER_NUMBERS[duty.chapter.number]}、{duty.chapter.name}",
        "subject": duty.get_subject_display(), "text": duty.text,
        "rhythm": wording.rhythm_label(duty),
    }


def _facts(duty: Duty) -> list[dict]:
    """What else the catalogue says, one line each; empty ones are left out."""
    codes = duty.also_fulfils
    along = [str(each) for each in Duty.objects.filter(version=duty.version_id, code__in=codes)
             ] if codes else []
    lines = (
        ("佐证", f"{pages.ASKS[duty.evidence]}。{duty.evidence_why}"),
        ("审核", duty.get_review_mode_display()),
        ("用时", f"填报一次约{duty.minutes}分钟"),
        ("只给", wording.shown("applies_to", duty.applies_to) if duty.applies_to else ""),
        ("一并履行", "、".join(along)),
        ("来源", "；".join(f"{source}，{source.document}" for source in duty.sources.all())),
    )
    return [{"label": label, "text": text} for label, text in lines if text]


def _dates(duty: Duty) -> list[str]:
    """The next due dates; nothing for what has no fixed date."""
    slots = Slot.objects.filter(duty=duty, due_on__gte=today()).order_by("due_on", "pk")[:DATES]
    return [f"{period_label(slot.period)}：{day_label(slot.due_on)} {weekday_label(slot.due_on)}"
            f"{'（暂定）' if slot.is_provisional else ''}" for slot in slots]


def _items(user, duty: Duty):
    """This year's items of the duty in this person's view; a later version of the same duty
    stands on the same lists."""
    rows = Item.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    if duty.origin != Duty.Origin.CATALOGUE:
        return rows.filter(duty=duty)
    return rows.filter(duty__code=duty.code, duty__origin=Duty.Origin.CATALOGUE,
                       checklist__year=today().year)


def _lists(duty: Duty, user) -> tuple[list[dict], list[dict]]:
    """The lists that hold it, and how many of them each kind of organisation has."""
    rows = _items(user, duty).in_force().select_related(
        "checklist__organization", "checklist__holder").order_by(
        "checklist__organization__path", "checklist__subject", "pk")
    items = list(rows)
    counts = Counter(item.checklist.organization.kind for item in items)
    lists = [{"name": item.checklist.bearer,
              "url": reverse("checklists:checklist_detail", args=[item.checklist_id])}
             for item in items]
    kinds = [{"name": Organization.Kind(kind).label, "count": count}
             for kind, count in counts.items()]
    return lists, kinds


def _period(duty: Duty) -> str:
    """What “this period” is called."""
    if duty.cadence == Duty.Cadence.ON_EVENT:
        return "今年发生的"
    slot = Slot.objects.filter(
        duty=duty, starts_on__lte=today(), ends_on__gte=today()).order_by("pk").first()
    return period_label(slot.period) or "本期" if slot else ""


def _state(duty: Duty, user) -> list[dict]:
    """How many have done it this period, wait for review, have it open, are late; numbers are
    links for those who review or nudge."""
    day = Day.now()
    tasks = Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    tasks = tasks.filter(item__in=_items(user, duty), starts_on__lte=day.today)
    if duty.cadence == Duty.Cadence.ON_EVENT:
        tasks = tasks.filter(starts_on__year=day.today.year)
    else:
        tasks = tasks.filter(ends_on__gte=day.today)
    rows = tasks.annotate(light=light_expression(day.today, day.soon_until)).values(
        "state", "light").annotate(count=Count("pk")).order_by()
    counts = Counter()
    for row in rows:
        counts[_group(row["state"], row["light"])] += row["count"]
    may_see_rows = user.holds(Permission.TASK_NUDGE) or user.holds(Permission.REPORT_REVIEW)
    url = f"{reverse('checklists:outstanding')}?duty={duty.code}" if may_see_rows else ""
    return [{"label": label, "count": counts[name], "badge": Badge(cls, mark, label),
             "url": url if counts[name] and name in ("open", "late") else ""}
            for name, label, cls, mark in MARKS] if counts else []


def _group(state: str, light: str) -> str:
    if state in DONE:
        return "done"
    if state == Occurrence.State.SUBMITTED:
        return "waiting"
    return "late" if light == Light.RED else "open"
