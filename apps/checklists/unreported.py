"""What is not yet reported in a person's scope: filters, groups, whom to call, names to copy.

Everything but the rows of one page is made from one light statement over the whole scope.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Substr

from apps.checklists import schedule
from apps.checklists.lights import Light, light
from apps.checklists.lights_sql import light_expression
from apps.checklists.models import Occurrence
from apps.checklists.states import Day
from apps.core.calendar import add_working_days, today
from apps.duties.models import Duty
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode

PAGE = 100
Subject = Duty.Subject
# What presses, which is what the page opens with; and everything that has begun.
PRESSING, ALL = "pressing", "all"
# value, label in the filter, the lights it lets through
LIGHTS = (
    (PRESSING, "逾期和临期", (Light.RED.value, Light.YELLOW.value)),
    (Light.RED.value, Light.RED.word, (Light.RED.value,)),
    (Light.YELLOW.value, Light.YELLOW.word, (Light.YELLOW.value,)),
    (ALL, "全部", tuple(Light)),
)
# What those who owe a duty are called, and how they are counted.
NOUNS = {Subject.BRANCH: ("支部", "个"), Subject.SECRETARY: ("书记", "位"),
         Subject.MEMBER: ("班子成员", "位")}
# Whom to call at an organisation: who types there, else who answers for it.
CALLED = (
    RoleCode.PARTY_GROUP_CLERK, RoleCode.ORGAN_CLERK, RoleCode.DISCIPLINE_SECRETARY,
    RoleCode.BRANCH_SECRETARY, RoleCode.BRANCH_CLERK, RoleCode.ORGAN_SECRETARY,
    RoleCode.PARTY_GROUP_SECRETARY, RoleCode.COMMITTEE_OFFICER, RoleCode.COMMITTEE_ADMIN,
)
FIELDS = (
    "pk", "item__duty_id", "item__duty__code", "item__duty__title", "item__duty__subject",
    "period", "event", "opened_by", "organization__path", "organization__kind",
    "organization__name", "organization__short_name", "unit_name",
    "item__checklist__holder__name", "state", "due_on", "correct_by",
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One task that still waits for its unit."""

    pk: int
    duty_id: int
    code: str
    title: str
    subject: str
    period: str
    event: str
    opened_by: str
    path: str
    kind: str
    place: str
    short: str
    unit: str
    holder: str | None
    state: str
    due_on: date
    correct_by: date | None

    @property
    def group(self) -> tuple:
        """What is asked of many at once: the duty, in one period or for one event."""
        return self.duty_id, self.period, self.event

    @property
    def unit_path(self) -> str:
        return self.path[:Organization.steplen * 2]

    @property
    def asked(self) -> str:
        """As the task itself is called."""
        label = self.event or schedule.period_label(self.period)
        if self.event:
            return f"{self.title}：{label}"
        return f"{self.title}（{label}）" if label else self.title

    @property
    def name(self) -> str:
        """Who has not reported, as one writes it into a message."""
        if self.holder:
            return f"{self.unit}{self.holder}"
        return self.short if self.kind == Organization.Kind.UNIT else self.place


@dataclass(frozen=True)
class Chosen:
    """The filters as they came; an unknown value finds nothing."""

    duty: str = ""
    period: str = ""
    subject: str = ""
    unit: str = ""
    task: str = ""
    light: str = ALL

    @classmethod
    def of(cls, values) -> "Chosen":
        """From the address of the page: without any filter, what presses; with one but no
        light, everything that it leaves."""
        found = {name: values.get(name, "").strip() for name in cls.__dataclass_fields__}
        if not found["light"]:
            found["light"] = ALL if any(found.values()) else PRESSING
        return cls(**found)

    def holds(self, row: Owed) -> bool:
        """Whether a row passes every filter but the light."""
        return all(not wanted or wanted == value for wanted, value in (
            (self.duty, row.code), (self.period, row.period), (self.subject, row.subject),
            (self.unit, row.unit_path), (self.task, row.opened_by)))


def owed_by(user) -> list[Owed]:
    """Every begun task that still waits for its unit, in the person's scope, in the order of
    duties and of the tree."""
    unit = Organization.objects.filter(
        path=Substr(OuterRef("organization__path"), 1, Organization.steplen * 2))
    rows = waiting(user).annotate(unit_name=Subquery(unit.values("short_name")[:1]))
    rows = rows.order_by("item__duty__chapter__number", "item__duty__position", "item__duty",
                         "period", "event", "organization__path", "pk")
    return [Owed(*row) for row in rows.values_list(*FIELDS)]


def waiting(user):
    """The tasks of `owed_by`, as a queryset."""
    rows = Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    return rows.to_do().in_open_years().filter(starts_on__lte=today())


def pressing(user) -> tuple[int, int]:
    """How many of these are late, and how many fall due within the days of SOON_WORKING_DAYS:
    what has only begun presses nobody."""
    start = today()
    soon_until = add_working_days(start, settings.SOON_WORKING_DAYS)
    counts = waiting(user).annotate(light=light_expression(start, soon_until)).aggregate(
        late=Count("pk", filter=Q(light=Light.RED.value)),
        soon=Count("pk", filter=Q(light=Light.YELLOW.value)))
    return counts["late"], counts["soon"]


def pressing_label(late: int, soon: int) -> str:
    """The two figures in words; empty when nothing presses."""
    return "、".join(f"{count}项{word}" for count, word in (
        (late, Light.RED.word), (soon, Light.YELLOW.word)) if count)


@dataclass
class Table:
    """The table of one request: what is chosen, what is left, one page of it."""

    user: object
    chosen: Chosen
    day: Day = field(default_factory=Day.now)

    @cached_property
    def everything(self) -> list[Owed]:
        return owed_by(self.user)

    @cached_property
    def of_any_light(self) -> list[Owed]:
        return [row for row in self.everything if self.chosen.holds(row)]

    @cached_property
    def rows(self) -> list[Owed]:
        """What the filters leave."""
        lights = next((lights for value, _label, lights in LIGHTS if value == self.chosen.light),
                      ())
        return [row for row in self.of_any_light if self.light(row) in lights]

    def light(self, row: Owed) -> str:
        """The light of a row today."""
        return light(row.state, row.due_on, row.correct_by, self.day.today,
                     self.day.soon_until).value

    def lights(self) -> list[dict]:
        """The choices of the light with their counts."""
        counts = Counter(self.light(row) for row in self.of_any_light)
        return [{"label": label, "value": value, "count": sum(counts[each] for each in lights),
                 "is_current": value == self.chosen.light} for value, label, lights in LIGHTS]

    def options(self) -> list[dict]:
        """The select boxes, each with what occurs in the scope."""
        subjects = dict(Subject.choices)
        found: dict[str, dict] = defaultdict(dict)
        for row in self.everything:
            found["duty"][row.code] = f"{row.title}（{row.code}）"
            found["subject"][row.subject] = subjects[row.subject]
            found["unit"][row.unit_path] = row.unit
            if schedule.period_label(row.period):
                found["period"][row.period] = period_option(row.period)
            if row.opened_by.startswith("ad_hoc:"):
                found["task"][row.opened_by] = row.event or row.title
        boxes = (("duty", "责任"), ("period", "期"), ("subject", "责任主体"), ("unit", "单位"),
                 ("task", "临时任务"))
        return [self._box(name, label, found[name]) for name, label in boxes
                if found[name] or getattr(self.chosen, name)]

    def _box(self, name: str, label: str, values: dict) -> dict:
        chosen = getattr(self.chosen, name)
        if chosen and chosen not in values:
            values[chosen] = "已选的，现在没有未报的"
        order = sorted(values) if name in ("unit", "period") else values
        return {"name": name, "label": label, "options": [
            {"value": value, "label": values[value], "is_chosen": value == chosen}
            for value in order]}

    def names(self, rows: list[Owed]) -> list[str]:
        """For each thing asked that occurs in `rows`: all who have not reported it, in one
        line that can be pasted into a message."""
        wanted = {row.group for row in rows}
        inside = (row for row in self.rows if row.group in wanted)
        return [line(list(group)) for _key, group in groupby(inside, key=lambda row: row.group)]


def line(group: list[Owed]) -> str:
    """还没有报《三会一课（10月）》的支部（2个）：市教育局机关第一党支部、…"""
    noun, measure = NOUNS.get(group[0].subject, ("单位", "个"))
    people = "、".join(row.name for row in group)
    return f"还没有报《{group[0].asked}》的{noun}（{len(group)}{measure}）：{people}"


def period_option(period: str) -> str:
    """A period with its year: 2026年11月, 2026年四季度, 2026年."""
    label = schedule.period_label(period)
    year = f"{period[:4]}年"
    return label if label == year else f"{year}{label}"


def callers(user, tasks) -> dict[int, str]:
    """For each task the person to call: the leader himself and who types for him, else who
    types or answers at the organisation. One statement for all of them."""
    places = {task.organization_id for task in tasks}
    posts = Appointment.objects.visible_to(user, for_=Permission.ORGANIZATION_VIEW).on(today())
    posts = posts.filter(organization__in=places).select_related("user", "drafter")
    by_place: dict[int, list] = defaultdict(list)
    for post in posts.order_by("pk"):
        by_place[post.organization_id].append(post)
    return {task.pk: _caller(task, by_place[task.organization_id]) for task in tasks}


def _caller(task, posts: list) -> str:
    checklist = task.item.checklist
    if checklist.holder_id:
        drafter = next((post.drafter for post in posts
                        if post.user_id == checklist.holder_id and post.drafter), None)
        typed = f"（{drafter.name}代填）" if drafter else ""
        return f"{checklist.holder.name}{typed}"
    named = [post for post in posts if post.role in CALLED]
    if not named:
        return "没有登记人员"
    post = min(named, key=lambda each: CALLED.index(each.role))
    return f"{post.user.name}（{post.get_role_display()}）"
