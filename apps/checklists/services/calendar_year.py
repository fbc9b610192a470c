"""Enter the working days of a year, as the committee: who may, which years, what stays.

Core keeps the table; here stands what it cannot know: the right, and which dates of lists
rest on a year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.checklists.models import ListYear
from apps.checklists.services import due_dates
from apps.core import working_days
from apps.core.act import act
from apps.core.calendar import forget, today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import CalendarYear, WorkingDay
from apps.core.working_calendar import is_weekday
from apps.duties.models import committee
from apps.organizations.permissions import Permission

# The notice comes in the autumn before; nobody needs to look further ahead.
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Entered:
    """What an entry did: days that now differ from the week or no longer do, days that the
    week gives anyway."""

    changed: int
    idle: int


def years() -> range:
    """The years whose days can be entered: last year's to those of YEARS_AHEAD."""
    return range(today().year - 1, today().year + YEARS_AHEAD + 1)


def objection(day: date, *, is_working: bool | None = None) -> str:
    """Why `day` cannot be entered so (None: be what the week says); "" when nothing is against it.

    A holiday may hold a weekend, which is simply left out; work on an ordinary weekday is
    a mistake.
    """
    if day.year not in years():
        return f"这里只录{years()[0]}年至{years()[-1]}年的工作日。"
    if not ListYear.objects.is_open(day.year):
        return f"{day.year}年的清单已经封账，工作日不再改。"
    if is_working and is_weekday(day):
        return working_days.says_anyway(day)
    return ""


def enter(*, days: Iterable[tuple[date, bool, str]], by) -> Entered:
    """Enter days as (day, is worked, name), all or none.

    Raises NotAllowed without the right, Invalid for the first day that cannot be entered.
    """
    changed = idle = 0
    with act(by=by):
        _ensure_may_edit(by)
        for day, is_working, name in days:
            _refuse(objection(day, is_working=is_working))
            if is_working != is_weekday(day):
                working_days.set_day(day=day, is_working=is_working, name=name, by=by)
                changed += 1
            elif WorkingDay.objects.filter(day=day).exists():
                working_days.clear_day(day=day, by=by)
                changed += 1
            else:
                idle += 1
        if not changed:
            raise Invalid("这几天本来就是这样，不用录。")
    forget()
    return Entered(changed, idle)


def clear(*, days: Iterable[date], by) -> Entered:
    """Let days be again what the week says, all or none. Raises NotAllowed or Invalid."""
    days = list(days)
    with act(by=by):
        _ensure_may_edit(by)
        for day in days:
            _refuse(objection(day))
        set_by_hand = set(WorkingDay.objects.filter(day__in=days).values_list("day", flat=True))
        if not set_by_hand:
            raise Invalid(f"{day_label(days[0])}起的这几天没有调整过。")
        for day in sorted(set_by_hand):
            working_days.clear_day(day=day, by=by)
    forget()
    return Entered(len(set_by_hand), len(days) - len(set_by_hand))


def load(*, year: int, by) -> working_days.Seeded:
    """Add what the State Council's notice says of `year`; the year stays open until somebody
    has looked. Raises NotAllowed, or Invalid for a year whose notice is not known."""
    with act(by=by):
        _ensure_may_edit(by)
        _refuse(objection(date(year, 1, 1)))
        if not working_days.is_known(year):
            raise Invalid(f"本平台还没有收录{year}年的放假通知，请手工录入。")
        seeded = working_days.seed_working_days(years=[year], by=by, settles=False)
    forget()
    return seeded


def settle(*, year: int, by) -> None:
    """Say that `year` is entered completely; a year that is stays so, without a word.

    Raises NotAllowed, or Invalid for a year without a single day.
    """
    with act(by=by):
        _ensure_may_edit(by)
        _refuse(objection(date(year, 1, 1)))
        if not CalendarYear.objects.filter(year=year).exists():
            working_days.settle_year(year=year, by=by)
    forget()


def unsettle(*, year: int, by) -> None:
    """Take it back that `year` is entered. Raises NotAllowed, or Conflict once a date was
    settled from it."""
    with act(by=by):
        _ensure_may_edit(by)
        settled = due_dates.settled_from(year=year)
        if settled:
            raise Conflict(f"已有{settled}个期限按{year}年的工作日定下，不能再改回没有录完。")
        working_days.unsettle_year(year=year, by=by)
    forget()


def _refuse(sentence: str) -> None:
    """Raise Invalid where there is a sentence."""
    if sentence:
        raise Invalid(sentence)


def _ensure_may_edit(by) -> None:
    root = committee()
    if root is None or not by.may(Permission.CALENDAR_EDIT, at=root.path):
        raise NotAllowed("工作日由工委管理员录入。")
