"""What an officer asks in a 临时任务, before it is sent: something new, or a duty on event of
the catalogue that is opened for what happened to all chosen units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.checklists.models import AdHocTask, Checklist, Item
from apps.checklists.services import due_dates
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Invalid
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.duties.models import Chapter, Duty

TITLE_LENGTH: int = Duty._meta.get_field("title").max_length or 0
EVENT_LENGTH: int = AdHocTask._meta.get_field("title").max_length or 0
# More than a working day is a project and not a report.
MOST_MINUTES = 480


@dataclass(frozen=True)
class Ask:
    """Something asked anew: it becomes a duty of its own."""

    title: str
    basis: str
    subject: str
    chapter: Chapter
    text: str
    evidence: str
    evidence_why: str
    minutes: int
    due_on: date
    standard: str = ""
    event: str = ""

    @property
    def starts_on(self) -> date:
        return today()

    def check(self) -> None:
        """Raise Invalid naming each field that cannot be taken."""
        problems = _problems(self, title=TITLE_LENGTH, basis=200, text=2000, evidence_why=120)
        if len(self.standard) > 2000 or has_secret_mark(self.standard):
            problems["standard"] = CLASSIFIED if has_secret_mark(self.standard) else "太长了。"
        if self.due_on <= today():
            problems["due_on"] = "最早填明天：今天下发，单位要有时间办。"
        elif self.due_on.year != today().year:
            problems["due_on"] = f"请填{today().year}年内的日期，明年的事明年下发。"
        if not 1 <= self.minutes <= MOST_MINUTES:
            problems["minutes"] = f"请填1至{MOST_MINUTES}分钟。"
        if self.subject == Duty.Subject.COMMITTEE:
            problems["subject"] = "临时任务下发给单位，工委自己的事不在这里下发。"
        if problems:
            raise Invalid(fields=problems)

    def items(self, lists: Iterable[Checklist]) -> dict[int, Item]:
        """Unsaved items, by list: nobody has this duty yet."""
        return {each.pk: Item(checklist=each) for each in lists}


@dataclass(frozen=True)
class Opening:
    """A duty on event of the catalogue, opened for what happened to all chosen units."""

    title: str
    basis: str
    duty: Duty
    happened_on: date

    @property
    def event(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return self.duty.subject

    @property
    def minutes(self) -> int:
        return self.duty.minutes

    @property
    def starts_on(self) -> date:
        return self.happened_on

    @property
    def due_on(self) -> date:
        return due_dates.after_event(duty=self.duty, happened_on=self.happened_on)

    def check(self) -> None:
        """Raise Invalid naming each field that cannot be taken."""
        problems = _problems(self, title=EVENT_LENGTH, basis=200)
        if self.duty.cadence != Duty.Cadence.ON_EVENT:
            problems["duty"] = "请选一项发生一次报一次的责任。"
        elif self.happened_on > today():
            problems["happened_on"] = f"{day_label(self.happened_on)}还没到，发生以后再登记。"
        elif self.happened_on.year != today().year:
            problems["happened_on"] = f"请填{today().year}年内的日期。"
        elif self.due_on <= today():
            problems["happened_on"] = (f"这样算最迟是{day_label(self.due_on)}，单位来不及。"
                                       "请填近一些的日期，或者作为新任务下发。")
        if problems:
            raise Invalid(fields=problems)

    def items(self, lists: Iterable[Checklist]) -> dict[int, Item]:
        """The items of this duty that stand on the lists, by list."""
        rows = Item.unscoped.in_force().filter(
            checklist__in=[each.pk for each in lists], duty__origin=Duty.Origin.CATALOGUE,
            duty__code=self.duty.code)
        return {item.checklist_id: item for item in rows.select_related("checklist", "duty")}


def _problems(ask, **lengths: int) -> dict[str, str]:
    """A sentence for each text that is missing, too long, or carries a secret mark."""
    problems = {}
    for name, length in lengths.items():
        text = getattr(ask, name).strip()
        if not text:
            problems[name] = "这里不能空着。"
        elif len(text) > length:
            problems[name] = f"请写在{length}字以内。"
        elif has_secret_mark(text):
            problems[name] = CLASSIFIED
    return problems
