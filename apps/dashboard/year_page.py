"""The years of lists: how each stands, when it closes, what the next takes over."""

from collections import Counter

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from apps.checklists.lights import DONE, OWED, WAITING
from apps.checklists.models import Checklist, ListYear, Occurrence
from apps.checklists.services import year_change, years
from apps.core.badges import Badge
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.workflow import obstacle
from apps.organizations.permissions import Permission

COMING = Badge("is-off", "m-draft", "未开始")
RUNNING = Badge("is-open", "m-open", "进行中")
LATE = Badge("is-soon", "m-wait", "可以补报")
# From this month on the next year is what comes next on the page.
BEGINS_IN = 11
CLOSED = Badge("is-done", "m-done", "已封账")


def rows(user) -> list[dict]:
    """Every year that has lists, the newest first."""
    lists = Checklist.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    counts = dict(lists.values_list("year").annotate(n=Count("pk")).order_by("-year"))
    tasks = counts_of_tasks(user)
    held = {row.year: row for row in ListYear.objects.filter(year__in=counts)}
    return [row(held.get(year) or ListYear(year=year), count, tasks.get(year, Counter()), user)
            for year, count in counts.items()]


def counts_of_tasks(user) -> dict[int, dict]:
    """By year: all tasks, those done (accepted or excused), waiting, still to be reported, and
    of these the ones past their date."""
    tasks = Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    is_owed = Q(state__in=OWED)
    found = tasks.alias(deadline=Coalesce("correct_by", "due_on")).values(
        year=F("item__checklist__year")).annotate(
        tasks=Count("pk"), done=Count("pk", filter=Q(state__in=DONE)),
        waiting=Count("pk", filter=Q(state__in=WAITING)), owed=Count("pk", filter=is_owed),
        late=Count("pk", filter=is_owed & Q(deadline__lt=today())))
    return {counts.pop("year"): counts for counts in found}


def row(held: ListYear, lists: int, counts, user) -> dict:
    """One year with its figures and the acts that it allows now. In a closed year everything
    that was not reported is not done, whatever its date."""
    is_closed = held.state == ListYear.State.CLOSED
    late = counts["owed"] if is_closed else counts["late"]
    may_close = obstacle(held, "close", user) is None
    may_reopen = is_closed and obstacle(held, "reopen", user) is None
    figures = {name: counts[name] for name in ("tasks", "done", "waiting", "owed")}
    return {
        "year": held.year, "badge": badge(held), "closing": closing(held), "lists": lists,
        **figures, "late": late, "ahead": counts["owed"] - late,
        "close_url": reverse("admin:year_close", args=[held.year]) if may_close else "",
        "reopen_url": reverse("admin:year_reopen", args=[held.year]) if may_reopen else "",
    }


def badge(held: ListYear) -> Badge:
    """How a year stands today."""
    if held.state == ListYear.State.CLOSED:
        return CLOSED
    if held.year > today().year:
        return COMING
    return LATE if held.is_over else RUNNING


def closing(held: ListYear) -> str:
    """When it was closed, or will be."""
    if held.closed_on:
        return f"{day_label(held.closed_on)}封账"
    if held.year > today().year:
        return "1月1日起计"
    if held.is_reopened:
        return "重新打开过，办完由您封账"
    return f"补报到{day_label(years.closes_on(held.year))}，过后自动封账"


def coming(user) -> dict:
    """The year to be begun: this one while it has no lists but the last has, else the next;
    its lists to be published, or what they have taken over."""
    lists = Checklist.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    year, standing = today().year, set(lists.values_list("year", flat=True).distinct())
    is_overdue = year not in standing and year - 1 in standing
    year += not is_overdue
    is_published = year in standing
    count = year_change.taken_over if is_published else year_change.to_carry
    return {"year": year, "last": year - 1, "is_published": is_published,
            "is_overdue": is_overdue, "is_due": is_overdue or today().month >= BEGINS_IN,
            "carried": carried_label(count(year=year)),
            "url": f"{reverse('admin:publish_year')}?year={year}"}


def carried_label(carried: year_change.Carried) -> str:
    """What a year takes over, in words; "" for nothing."""
    parts = ((carried.words, "填了责任人、措施或提前天数的事项{}项"),
             (carried.own, "自定事项{}项"), (carried.links, "与上级事项的对应{}条"))
    return "，".join(words.format(count) for count, words in parts if count)
