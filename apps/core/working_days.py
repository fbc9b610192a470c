"""The table of working days: filled from the State Council's notices, or by hand.

Source: the package chinesecalendar, which holds the yearly notice
《国务院办公厅关于…部分节假日安排的通知》
from 2004 to the last one announced before its release.

The verbs keep the table in order. Whether a person may use them is asked above: core knows
no permission.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from apps.core import calendar
from apps.core.act import act, record
from apps.core.dates import day_label, weekday_label
from apps.core.errors import Conflict, Invalid
from apps.core.models import CalendarYear, WorkingDay
from apps.core.working_calendar import is_weekday

NAME_LENGTH: int = WorkingDay._meta.get_field("name").max_length or 0


@dataclass(frozen=True)
class Seeded:
    """What a seeding did: years held, rows added, years not announced yet."""

    years: tuple[int, ...]
    added: int
    unknown: tuple[int, ...]


def known_days(year: int) -> Iterator[tuple[date, bool, str]]:
    """The days of `year` that differ from Monday to Friday: day, is worked, name.

    Raises NotImplementedError for a year that the package does not know.
    """
    day = date(year, 1, 1)
    while day.year == year:
        is_working = chinese_calendar.is_workday(day)
        if is_working != is_weekday(day):
            holiday = chinese_calendar.Holiday(chinese_calendar.get_holiday_detail(day)[1])
            yield day, is_working, f"{holiday.chinese}调休" if is_working else holiday.chinese
        day += timedelta(days=1)


def is_known(year: int) -> bool:
    """True when the package knows the holidays of `year`."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def seed_working_days(*, years: Iterable[int], by, settles: bool = True) -> Seeded:
    """Add the missing days of `years`; days that somebody has set by hand stay as they are.

    The years then count as entered completely, unless `settles` is False and a person still
    wants to look at them.
    """
    wanted = sorted(set(years))
    known = tuple(year for year in wanted if is_known(year))
    rows = [
        WorkingDay(day=day, is_working=is_working, name=name)
        for year in known
        for day, is_working, name in known_days(year)
    ]
    with act(by=by):
        before = WorkingDay.objects.count()
        WorkingDay.objects.bulk_create(rows, ignore_conflicts=True)
        if settles:
            CalendarYear.objects.bulk_create(
                [CalendarYear(year=year) for year in known], ignore_conflicts=True)
        added = WorkingDay.objects.count() - before
        if added:
            record("core.calendar.seed", None, years="、".join(f"{year}年" for year in known))
    calendar.forget()
    return Seeded(known, added, tuple(year for year in wanted if year not in known))


def set_day(*, day: date, is_working: bool, name: str, by) -> WorkingDay:
    """Say, against the week, that `day` is worked or off.

    Raises Invalid for what the weekday says anyway and for a name that is missing or too
    long. A day that stands so already stays, without an event.
    """
    name = name.strip()
    if is_working == is_weekday(day):
        raise Invalid(fields={"day": says_anyway(day)})
    if not name:
        raise Invalid(fields={"name": "请写是哪个节，如春节。"})
    if len(name) > NAME_LENGTH:
        raise Invalid(fields={"name": f"名称太长了，请写在{NAME_LENGTH}字以内。"})
    with act(by=by):
        standing = WorkingDay.objects.select_for_update().filter(day=day).first()
        row = standing or WorkingDay(day=day)
        old = said_of(day, standing)
        row.is_working, row.name = is_working, name
        new = said_of(day, row)
        if old != new:
            row.save()
            record("core.calendar.set", row, day=_full(day), old=old, new=new)
    calendar.forget()
    return row


def clear_day(*, day: date, by) -> None:
    """Let `day` be again what the weekday says. Raises Invalid when it is that already."""
    with act(by=by):
        row = WorkingDay.objects.select_for_update().filter(day=day).first()
        if row is None:
            raise Invalid(fields={"day": f"{day_label(day)}没有调整过，{says_anyway(day)}"})
        record("core.calendar.clear", row, day=_full(day), old=said_of(day, row),
               new=said_of(day, None))
        row.delete()
    calendar.forget()


def settle_year(*, year: int, by) -> CalendarYear:
    """Say that the days of `year` are entered completely, so that its dates become final.

    Raises Conflict when somebody has said so already, Invalid for a year without a single day.
    """
    with act(by=by):
        if not WorkingDay.objects.filter(day__year=year).exists():
            raise Invalid(f"{year}年还没有录入放假和调休的日子。")
        row, is_new = CalendarYear.objects.get_or_create(year=year)
        if not is_new:
            raise Conflict(f"{year}年的工作日已经录完了。", target=row)
        record("core.calendar.settle", row, days=WorkingDay.objects.filter(day__year=year).count())
    calendar.forget()
    return row


def unsettle_year(*, year: int, by) -> None:
    """Take that back: new dates of `year` are provisional again. The caller knows that no date
    was settled from it. Raises Conflict when the year does not count as entered."""
    with act(by=by):
        row = CalendarYear.objects.select_for_update().filter(year=year).first()
        if row is None:
            raise Conflict(f"{year}年的工作日本来就没有录完。")
        record("core.calendar.unsettle", row)
        row.delete()
    calendar.forget()


def said_of(day: date, row: WorkingDay | None) -> str:
    """What the table says of a day: 上班, 周末, 放假（春节）, 调休上班（春节）."""
    if row is None:
        return "上班" if is_weekday(day) else "周末"
    return f"{'调休上班' if row.is_working else '放假'}{f'（{row.name}）' if row.name else ''}"


def says_anyway(day: date) -> str:
    """Why an entry is idle: 11月23日是周一，本来就上班。"""
    usual = "上班" if is_weekday(day) else "放假"
    return f"{day_label(day)}是{weekday_label(day)}，本来就{usual}。"


def _full(day: date) -> str:
    return f"{day:%Y-%m-%d} {weekday_label(day)}"
