"""What a person must do now: the rows of 待办, merged over all posts."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from apps.checklists import adoptions, pages
from apps.checklists.lights import Light
from apps.checklists.models import Checklist, Occurrence, Petition, Review, with_doors
from apps.checklists.services import nudging
from apps.checklists.states import Day
from apps.checklists.unreported import pressing, pressing_label
from apps.core.badges import Badge
from apps.organizations.permissions import Permission

State = Occurrence.State
SECTIONS = (
    ("late", "已逾期", "m-late", "is-late", ""),
    ("back", "被退回", "m-back", "is-back", ""),
    ("soon", "临期", "m-soon", "is-soon", "{days}个工作日以内"),
    ("later", "以后", "m-open", "is-open", ""),
)


@dataclass
class Todo:
    """Everything the to-do page shows of checklists."""

    sections: dict[str, list[dict]] = field(default_factory=dict)
    done: int = 0
    sent: int = 0
    left: int = 0
    confirm: int = 0
    review: int = 0
    petitions: int = 0
    unreported: str = ""
    adoptions: list[dict] = field(default_factory=list)
    has_lists: bool = False
    next: str = ""

    @property
    def total(self) -> int:
        """Tasks due this month, with what is late or returned from before."""
        return self.done + self.sent + self.left


def month_of(day: date) -> tuple[date, date]:
    """First day of the month and first day of the next."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day.replace(day=1), following


def rows(user) -> Todo:
    """The person's tasks of begun periods and of this month, sorted into sections."""
    day = Day.now()
    found = Todo(review=to_review(user).count(), petitions=count_to_decide(user),
                 unreported=unreported(user), adoptions=lists_to_adopt(user))
    first, following = month_of(day.today)
    for task in _tasks(user, day, first, following):
        found.has_lists = True
        post = task.item.checklist.bearer if len(user.posts) > 1 or user.drafts_for_ids else ""
        if task.state == State.SUBMITTED and not task.is_confirmed:
            found.confirm += task.item.checklist.holder_id == user.pk
        owed = task.state in (State.OPEN, State.RETURNED)
        is_pressing = owed and (task.state == State.RETURNED or task.deadline_on < first)
        if first <= task.due_on < following or is_pressing:
            _count(found, task)
        if task.state in (State.OPEN, State.RETURNED):
            if task.starts_on <= day.today:
                shown = pages.row(task, day, post=post, url_name="checklists:report_submit")
                found.sections.setdefault(_section(task, day), []).append(shown)
            elif not found.next:
                found.next = f"{task}，{pages.when(task)}"
    found.has_lists = found.has_lists or own_lists(user).exists()
    return found


def lists_to_adopt(user) -> list[dict]:
    """Lists that wait for this person to be deliberated, signed or approved."""
    names = {"待审议": "checklist_edit", "待签认": "checklist_sign", "待审定": "checklist_approve"}
    rows = adoptions.to_adopt(user).for_page().order_by("-year", "organization__path", "pk")
    words = [(each, adoptions.waits_for(each)) for each in rows]
    return [{"title": each.bearer, "badge": Badge("is-soon", "m-flag", word),
             "when": f"{each.year}年度清单",
             "url": reverse(f"checklists:{names[word]}", args=[each.pk])}
            for each, word in words]


def own_lists(user):
    """Lists that this person fills in."""
    return Checklist.objects.visible_to(user, for_=Permission.REPORT_FILL).of_person(user)


def to_review(user):
    """Reports that wait for this person's decision."""
    return Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW).to_review(user)


def to_decide(user):
    """Petitions that wait for this person's answer."""
    return Petition.objects.visible_to(user, for_=Permission.PETITION_DECIDE).to_decide(user)


def count_to_decide(user) -> int:
    """How many petitions wait for this person; asked only of who answers any."""
    return to_decide(user).count() if user.holds(Permission.PETITION_DECIDE) else 0


def unreported(user) -> str:
    """What is late or about to be, in words; asked only of who chases others (催办)."""
    return pressing_label(*pressing(user)) if user.holds(Permission.TASK_NUDGE) else ""


def _tasks(user, day: Day, first: date, following: date):
    refused = Review.unscoped.filter(report=OuterRef("report")).exclude(
        decision=Review.Decision.ACCEPT)
    to_do = Q(state__in=[State.OPEN, State.RETURNED])
    month = Q(due_on__gte=first, due_on__lt=following)
    tasks = (
        Occurrence.objects.visible_to(user, for_=Permission.REPORT_FILL)
        .of_person(user)
        .filter(to_do | month | Q(state=State.SUBMITTED))
        .in_open_years()
        .for_page()
    )
    return (
        with_doors(tasks)
        .annotate(return_reason=Subquery(refused.values("reason")[:1]),
                  returned_by=Subquery(refused.values("by__name")[:1]), **nudging.latest())
        .order_by("due_on", "pk")
    )


def _count(found: Todo, task: Occurrence) -> None:
    if task.state in (State.ACCEPTED, State.EXCUSED):
        found.done += 1
    elif task.state == State.SUBMITTED:
        found.sent += 1
    else:
        found.left += 1


def _section(task: Occurrence, day: Day) -> str:
    colour = day.light(task)
    if colour == Light.RED:
        return "late"
    if task.state == State.RETURNED:
        return "back"
    return "soon" if colour == Light.YELLOW else "later"
