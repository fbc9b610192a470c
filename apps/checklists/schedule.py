"""When a duty is due: periods of a year and the date of each. Pure arithmetic.

anchor + interval + clamp + working-day shift. The same function serves publishing a
year, catching up each day and the preview of a catalogue.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

MONTHS_PER_PERIOD = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
QUARTERS = ("一季度", "二季度", "三季度", "四季度")
HALVES = ("上半年", "下半年")


class Calendar(Protocol):
    """What the schedule asks of `core.working_calendar.WorkingCalendar`."""

    def has_year(self, year: int) -> bool: ...

    def shift(self, day: date, direction: str) -> date: ...


class DutyLike(Protocol):
    """What the schedule asks of a duty."""

    cadence: str
    due: Mapping[str, Any]
    runs_from: date | None
    runs_to: date | None


@dataclass(frozen=True)
class Period:
    """A stretch of days for which one report is owed; both ends belong to it."""

    key: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class SlotPlan:
    """One period of one duty with its due date. `is_provisional` until the working days
    of every year that the date was computed from are announced."""

    period: str
    starts_on: date
    ends_on: date
    due_on: date
    is_provisional: bool


def periods(cadence: str, year: int) -> list[Period]:
    """The periods of `year` in order; none for `on_event` and `standing`.

    Keys: "2026-11", "2026-Q4", "2026-H2", "2026", "once" (the whole year).
    Raises ValueError for an unknown cadence.
    """
    if cadence in ("on_event", "standing"):
        return []
    if cadence == "once":
        return [Period("once", date(year, 1, 1), date(year, 12, 31))]
    months = MONTHS_PER_PERIOD.get(cadence)
    if months is None:
        raise ValueError(f"unknown cadence: {cadence}")
    return [
        Period(
            _key(months, year, first // months + 1),
            date(year, first + 1, 1),
            _month_end(year, first + months),
        )
        for first in range(0, 12, months)
    ]


def due_on(period: Period, due_rule: Mapping[str, Any], calendar: Calendar) -> date:
    """The working day on which `period` is due, never before the period begins.

    Rule {"anchor", "days", "shift"}: calendar days from the first or the last day of the
    period; counted from the first day it stays inside the period (31 days into February
    are its last day). Rule {"month", "day", "shift"}: that day of the period's year, the
    month's last day where it has fewer. A shift "earlier" that would leave the period
    goes to its first working day instead.
    """
    day = _raw_due(period, due_rule)
    shifted = calendar.shift(day, due_rule["shift"])
    return shifted if shifted >= period.starts_on else calendar.shift(period.starts_on, "later")


def slots(duty: DutyLike, year: int, calendar: Calendar) -> list[SlotPlan]:
    """One plan a period of `year` that the duty runs in; its periods are cut to the run."""
    plans = []
    for whole in periods(duty.cadence, year):
        period = _cut(whole, duty.runs_from, duty.runs_to)
        if period is None:
            continue
        day = due_on(period, duty.due, calendar)
        years = {day.year, _raw_due(period, duty.due).year}
        plans.append(
            SlotPlan(
                period.key, period.starts_on, period.ends_on, day,
                is_provisional=not all(calendar.has_year(each) for each in years),
            )
        )
    return plans


def period_label(key: str) -> str:
    """What follows a title: "11月", "四季度", "下半年", "2026年"; nothing for "once"."""
    year, _, part = key.partition("-")
    if part.startswith("Q"):
        return QUARTERS[int(part[1:]) - 1]
    if part.startswith("H"):
        return HALVES[int(part[1:]) - 1]
    if part:
        return f"{int(part)}月"
    return f"{year}年" if year.isdecimal() else ""


def _key(months: int, year: int, number: int) -> str:
    return {
        1: f"{year}-{number:02}",
        3: f"{year}-Q{number}",
        6: f"{year}-H{number}",
        12: f"{year}",
    }[months]


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _raw_due(period: Period, rule: Mapping[str, Any]) -> date:
    if "month" in rule:
        last = _month_end(period.starts_on.year, rule["month"])
        return last.replace(day=min(rule["day"], last.day))
    days = timedelta(days=rule["days"])
    if rule["anchor"] == "period_start":
        return min(period.starts_on + days, period.ends_on)
    return max(period.ends_on + days, period.starts_on)


def _cut(period: Period, first: date | None, last: date | None) -> Period | None:
    """`period` within a run from `first` to `last`; None when it lies outside."""
    starts_on = max(period.starts_on, first or period.starts_on)
    ends_on = min(period.ends_on, last or period.ends_on)
    return Period(period.key, starts_on, ends_on) if starts_on <= ends_on else None
