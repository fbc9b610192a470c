"""The schedule a second time, slowly and from nothing of ours: day by day, with lists.

Shares no code with `checklists/schedule.py`, only the reading of its rules (architecture,
section 3): it finds slips of arithmetic, not a rule that was understood wrongly.
"""

from datetime import date, timedelta
from functools import cache

import chinese_calendar

# Announced when this was written; a newer chinesecalendar must not change the expectation.
ANNOUNCED = range(2023, 2027)
ONE = timedelta(days=1)
NAMES = {
    "monthly": lambda day: f"{day.year}-{day.month:02}",
    "quarterly": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "half_yearly": lambda day: f"{day.year}-H{1 if day.month < 7 else 2}",
    "yearly": lambda day: f"{day.year}",
    "once": lambda day: "once",
}


@cache
def announced(day: date) -> bool:
    """Whether `day` is worked by the State Council's notices, else Monday to Friday."""
    if day.year in ANNOUNCED:
        return chinese_calendar.is_workday(day)
    return day.isoweekday() <= 5


@cache
def days_of(year: int) -> list[date]:
    """Every day of a year."""
    found, day = [], date(year, 1, 1)
    while day.year == year:
        found.append(day)
        day += ONE
    return found


@cache
def periods(cadence: str, year: int) -> dict[str, list[date]]:
    """All days of each period."""
    found: dict[str, list[date]] = {}
    for day in days_of(year):
        found.setdefault(NAMES[cadence](day), []).append(day)
    return found


def raw(days: list[date], rule: dict) -> date:
    """The date of the rule before it is moved to a working day."""
    if "month" in rule:
        month = [day for day in days_of(days[0].year) if day.month == rule["month"]]
        return month[min(rule["day"], len(month)) - 1]
    from_start = rule["anchor"] == "period_start"
    day = days[0] if from_start else days[-1]
    for _ in range(abs(rule["days"])):
        day += ONE if rule["days"] > 0 else -ONE
    if from_start and day > days[-1]:
        return days[-1]
    if not from_start and day < days[0]:
        return days[0]
    return day


def due(days: list[date], rule: dict, is_worked=announced) -> date:
    """When the period is due."""
    day = raw(days, rule)
    while not is_worked(day):
        day += ONE if rule["shift"] == "later" else -ONE
    if day < days[0]:
        day = days[0]
        while not is_worked(day):
            day += ONE
    return day


def soon_until(day: date, working_days: int = 5) -> date:
    """The last day that counts as soon, seen from `day`."""
    while working_days:
        day += ONE
        working_days -= announced(day)
    return day
