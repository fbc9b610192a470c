"""Fill the table of working days from the State Council's notices.

Source: the package chinesecalendar, which holds the yearly notice
《国务院办公厅关于…部分节假日安排的通知》
from 2004 to the last one announced before its release.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from apps.core import calendar
from apps.core.act import act, record
from apps.core.models import WorkingDay
from apps.core.working_calendar import SATURDAY


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
        if is_working != (day.weekday() < SATURDAY):
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


def seed_working_days(*, years: Iterable[int], by) -> Seeded:
    """Add the missing days of `years`; days that somebody has set by hand stay as they are."""
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
        added = WorkingDay.objects.count() - before
        if added:
            record("core.calendar.seed", None, years="、".join(f"{year}年" for year in known))
    calendar.forget()
    return Seeded(known, added, tuple(year for year in wanted if year not in known))
