"""Which doors stand open beside a task, and how far a date may move. They write nothing."""

from datetime import date, timedelta

from django.conf import settings

from apps.checklists.lights import OWED, Light, light
from apps.checklists.models import Occurrence, Petition
from apps.checklists.services.years import closes_on
from apps.core.calendar import add_working_days, today
from apps.core.dates import day_label, full_label
from apps.core.errors import Conflict, Invalid
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.duties.models import Duty

Kind = Petition.Kind
# Asked of a task, in the order in which they are offered.
OF_A_TASK = (Kind.EXTENSION, Kind.EXCUSE, Kind.EXPLANATION, Kind.APPEAL)
CLOSED_YEAR = "这一年的清单已经封账，申请不再办理。"


def is_owed(task: Occurrence) -> bool:
    """Still to be reported: open or returned."""
    return task.state in OWED


def is_red(task: Occurrence) -> bool:
    """Past its date today."""
    day = today()
    return light(task.state, task.due_on, task.correct_by, day, day) == Light.RED


def is_marked(task: Occurrence) -> bool:
    """Bears a mark that can be explained or appealed: red today, or first filed late."""
    return is_red(task) or task.is_filed_late


def why_closed(task: Occurrence, kind: str) -> str:
    """The sentence that says why `kind` cannot be asked of `task` now; empty when it can."""
    if not task.is_year_open:
        return CLOSED_YEAR
    if kind in Petition.BEFORE_FILING and not is_owed(task):
        return f"{task}现在不用报，不必申请{Kind(kind).label}。"
    if kind in Petition.ABOUT_MARKS and not is_marked(task):
        return f"{task}没有逾期或者迟报的标记，不用{Kind(kind).label}。"
    first, last = days_to_choose(task)
    if kind == Kind.EXTENSION and first > last:
        return f"延期最晚到{day_label(last)}，这一项没有可以延的日子了。"
    return ""


def ensure_open(task: Occurrence, kind: str) -> None:
    """Raise Conflict where `kind` cannot be asked of `task`, or granted, now."""
    if problem := why_closed(task, kind):
        raise Conflict(problem, target=task)


def why_applicable(item) -> str:
    """Why "not applicable" cannot be asked for `item`; empty when it can."""
    if item.duty.origin == Duty.Origin.OWN:
        return "自定事项由本单位自己增减，不用申请。"
    if item.duty.origin == Duty.Origin.AD_HOC:
        return "临时任务请在那一次任务上申请本期免报。"
    if item.archived_on is not None:
        return "这一项已经从清单上撤下，不用申请。"
    if item.not_applicable_since is not None:
        return "这一项已经不适用。"
    return ""


def days_to_choose(task: Occurrence) -> tuple[date, date]:
    """From when to when an extension may reach: after the date that counts, not before today,
    at most EXTENSION_MAX_DAYS on, and not beyond the closing of the list's year. A year that
    was opened again after its closing day has no such end."""
    first = max(today(), task.deadline_on + timedelta(days=1))
    last = max(today(), task.deadline_on) + timedelta(days=settings.EXTENSION_MAX_DAYS)
    closing = closes_on(task.item.checklist.year)
    return first, min(last, closing) if today() <= closing else last


def check_day(task: Occurrence, day: date | None, *, field: str) -> date:
    """`day` as the date to which `task` may be put off. Raises Invalid at `field`."""
    first, last = days_to_choose(task)
    if day is None:
        raise Invalid(fields={field: "请填延到哪一天。"}, target=task)
    if day < today():
        raise Invalid(fields={field: f"{day_label(day)}已经过了，请填今天或者以后的日期。"},
                      target=task)
    if day < first:
        raise Invalid(fields={field: f"现在最迟是{day_label(task.deadline_on)}，请填更晚的日期。"},
                      target=task)
    if day > last:
        raise Invalid(fields={field: f"最晚可以到{full_label(last)}。"}, target=task)
    return day


def new_start(task: Occurrence) -> date:
    """Until when to report after a wrong mark was lifted, unless the decider names a day: as
    long as for a correction. What is filed needs no more than the day of its filing."""
    if not is_owed(task) and task.first_filed_on:
        return task.first_filed_on
    day = add_working_days(today(), settings.CORRECTION_WORKING_DAYS)
    return min(day, days_to_choose(task)[1])


def check_words(text: str, *, field: str) -> None:
    """Raise Invalid at `field` for words that must not stand here."""
    if has_secret_mark(text):
        raise Invalid(fields={field: CLASSIFIED})
