"""Today, now and working days, from the table that a site may edit."""

import time
from datetime import date

from apps.core.clock import now, today
from apps.core.models.calendar import CalendarYear, WorkingDay
from apps.core.working_calendar import WorkingCalendar

__all__ = [
    "WorkingCalendar",
    "add_working_days",
    "current",
    "forget",
    "has_year",
    "is_working_day",
    "now",
    "shift",
    "today",
    "working_days_between",
]

# Seconds. Another process may change a day; a page must not ask the table each time.
MAX_AGE = 60

_loaded: tuple[float, WorkingCalendar] | None = None


def current() -> WorkingCalendar:
    """The calendar of this installation: two queries a process and minute."""
    global _loaded
    loaded = _loaded  # another thread may forget it in between
    if loaded is None or time.monotonic() - loaded[0] > MAX_AGE:
        days = WorkingDay.objects.values_list("day", "is_working")
        years = CalendarYear.objects.values_list("year", flat=True)
        loaded = _loaded = (time.monotonic(), WorkingCalendar(days, years))
    return loaded[1]


def forget() -> None:
    """Read the table anew at the next call; for verbs that change it, and for tests."""
    global _loaded
    _loaded = None


def has_year(year: int, *, calendar: WorkingCalendar | None = None) -> bool:
    """True when the holidays of `year` are announced; otherwise dates are provisional."""
    return (calendar or current()).has_year(year)


def is_working_day(day: date, *, calendar: WorkingCalendar | None = None) -> bool:
    """True when `day` is worked."""
    return (calendar or current()).is_working_day(day)


def add_working_days(day: date, n: int, *, calendar: WorkingCalendar | None = None) -> date:
    """The n-th working day after `day` (before it when n < 0); `day` itself for 0."""
    return (calendar or current()).add_working_days(day, n)


def working_days_between(
    start: date, end: date, *, calendar: WorkingCalendar | None = None
) -> int:
    """Working days after `start` up to and including `end`; negative when end < start."""
    return (calendar or current()).working_days_between(start, end)


def shift(day: date, direction: str, *, calendar: WorkingCalendar | None = None) -> date:
    """`day` when it is worked, else the nearest working day "earlier" or "later"."""
    return (calendar or current()).shift(day, direction)
