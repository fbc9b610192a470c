"""How a task's state and light look: word, colour and shape in one place."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from apps.checklists.lights import Light, light
from apps.checklists.models import ListYear, Occurrence, Petition
from apps.core.badges import Badge
from apps.core.calendar import add_working_days, today, working_days_between

State = Occurrence.State
# What stands beside a task's badge while a door is open.
DOORS = {
    Petition.Kind.EXTENSION: "延期申请中",
    Petition.Kind.EXCUSE: "免报待批",
    Petition.Kind.EXPLANATION: "说明待答复",
    Petition.Kind.APPEAL: "申诉待答复",
    Petition.Kind.NOT_APPLICABLE: "不适用待批",
}
NOT_APPLICABLE = Badge("is-off", "m-off", "不适用")


@dataclass(frozen=True)
class Day:
    """Today, the last day that counts as soon, and the closed years, reckoned once a page."""

    today: date
    soon_until: date
    closed_years: frozenset[int] = frozenset()

    @classmethod
    def now(cls) -> "Day":
        """The day of this request."""
        start = today()
        closed = ListYear.objects.closed().values_list("year", flat=True)
        return cls(start, add_working_days(start, settings.SOON_WORKING_DAYS), frozenset(closed))

    def light(self, task: Occurrence) -> Light:
        """The light of a task today."""
        return light(task.state, task.due_on, task.correct_by, self.today, self.soon_until)


def badge(task: Occurrence, day: Day) -> Badge:
    """The one badge of a task: what it is, how late, by whom it waits."""
    if task.state == State.ACCEPTED:
        return late_badge(task) or Badge("is-done", "m-done", "审核通过")
    if task.state == State.EXCUSED:
        return Badge("is-done", "m-off", "本期免报")
    if task.state == State.SUBMITTED:
        if task.is_confirmed:
            return Badge("is-sent", "m-sent", "待审核")
        return Badge("is-sent", "m-wait", "待本人确认")
    return _to_do(task, day)


def late_badge(task: Occurrence) -> Badge | None:
    """The mark of a late filing; None when it was in time."""
    if not task.is_filed_late:
        return None
    late = working_days_between(task.due_on, task.first_filed_on)
    return Badge("is-done", "m-donelate", f"迟报{late}个工作日" if late else "迟报")


def door_badges(row) -> list[Badge]:
    """What was asked about a task or an item: an open petition, an explanation that was
    accepted. `row` comes from `with_doors` or `with_item_doors`; from elsewhere it has none."""
    asked = getattr(row, "asked_kind", None)
    found = [Badge("is-open", "m-wait", DOORS[asked])] if asked else []
    if getattr(row, "is_explained", False):
        found.append(Badge("is-off", "m-info", "已说明"))
    return found


def period_hint(task: Occurrence) -> Badge | None:
    """A hint for the reviewer, no verdict: the work was not done within the period."""
    if task.report is None or task.starts_on <= task.report.activity_on <= task.ends_on:
        return None
    return Badge("is-soon", "m-flag", "日期不在本期")


def _to_do(task: Occurrence, day: Day) -> Badge:
    if task.item.checklist.year in day.closed_years:
        return Badge("is-late", "m-late", "未履行")
    colour = day.light(task)
    if colour == Light.RED:
        late = working_days_between(task.deadline_on, day.today)
        return Badge("is-late", "m-late", f"逾期{late}个工作日" if late else "逾期")
    if task.state == State.RETURNED:
        return Badge("is-back", "m-back", "退回修改")
    left = working_days_between(day.today, task.deadline_on)
    word = f"剩{left}个工作日" if left else "今天到期"
    if colour == Light.YELLOW:
        return Badge("is-soon", "m-soon", word)
    return Badge("is-open", "m-open", word)
