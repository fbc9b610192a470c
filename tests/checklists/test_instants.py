"""T11 of reliability.md: 26 instants × 9 rules against a table that stands in a file.

`instants.txt` holds for each instant the day in Shanghai, the last day that counts as soon,
the years that the timer has closed, and for each rule the due date of the period before and
of the running one, with its light and whether a report filed now would be late. It was
reckoned by `slow_schedule.py`, which still has to agree, and a sample was checked by hand.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from apps.checklists import schedule
from apps.checklists.lights import light
from apps.checklists.lights_sql import light_expression
from apps.checklists.models import Checklist, ListYear, Occurrence
from apps.checklists.services import due_dates, years
from apps.checklists.states import Day
from apps.core import audit, calendar
from apps.core.act import SYSTEM
from apps.core.models import WorkingDay
from apps.core.working_days import seed_working_days
from tests.checklists import slow_schedule as slow

TABLE = Path(__file__).with_name("instants.txt")

# What each instant is there for; written in UTC, as a server keeps it.
INSTANTS = {
    "2023-12-31T16:00:00Z": "the first second of 2024, a holiday",
    "2024-02-10T04:00:00Z": "春节 2024",
    "2024-02-29T04:00:00Z": "leap day 2024",
    "2025-12-31T15:59:59Z": "the last second of a year, a half year, a quarter and a month",
    "2025-12-31T16:00:00Z": "the next second: another year here, the old one on a UTC server",
    "2025-12-31T23:59:59Z": "08:00 less a second: a UTC server is still a day behind",
    "2026-01-31T15:59:59Z": "the last second before 封账, and month's end from 31 January",
    "2026-01-31T16:00:00Z": "the first second after it",
    "2026-02-14T04:00:00Z": "a Saturday that is worked for 春节",
    "2026-02-17T04:00:00Z": "春节 2026",
    "2026-02-23T16:00:00Z": "the first working day after it",
    "2026-02-28T15:59:59Z": "month's end on a Saturday that is worked",
    "2026-03-31T15:59:59Z": "a quarter's last second",
    "2026-03-31T16:00:00Z": "and the next",
    "2026-06-30T15:59:59Z": "a half year's last second",
    "2026-06-30T16:00:00Z": "and the next",
    "2026-10-01T04:00:00Z": "国庆节",
    "2026-10-10T04:00:00Z": "a Saturday that is worked for it",
    "2026-11-22T15:30:00Z": "the clock went back an hour over midnight",
    "2026-11-23T16:30:00Z": "the clock went forward a day",
    "2026-12-31T16:00:00Z": "into a year whose holidays nobody knows",
    "2027-01-03T04:00:00Z": "Sunday of ISO week 53",
    "2028-02-28T16:00:00Z": "leap day 2028, its first second",
    "2029-02-28T04:00:00Z": "one year after 29 February",
    "2100-02-28T15:59:59Z": "2100 is no leap year: February's last second",
    "2100-02-28T16:00:00Z": "and the first of March",
}
RULES = {
    "month_end": ("monthly", {"anchor": "period_end", "days": 0, "shift": "earlier"}),
    "month_after": ("monthly", {"anchor": "period_end", "days": 3, "shift": "later"}),
    "tenth": ("monthly", {"anchor": "period_start", "days": 9, "shift": "earlier"}),
    "day_31": ("monthly", {"anchor": "period_start", "days": 30, "shift": "later"}),
    "quarter_end": ("quarterly", {"anchor": "period_end", "days": 0, "shift": "earlier"}),
    "half_after": ("half_yearly", {"anchor": "period_end", "days": 10, "shift": "later"}),
    "leap_day": ("yearly", {"month": 2, "day": 29, "shift": "later"}),
    "july_eve": ("once", {"month": 6, "day": 30, "shift": "earlier"}),
    "year_after": ("yearly", {"anchor": "period_end", "days": 15, "shift": "later"}),
}


@dataclass(frozen=True)
class Cell:
    """One period of one rule at one instant."""

    due: date
    light: str
    is_late: bool


@dataclass(frozen=True)
class Row:
    """One instant as the table has it."""

    today: date
    soon_until: date
    closed: tuple[int, ...]
    cells: dict[str, tuple[Cell, Cell]]


def cell(due: str, colour: str, late: str) -> Cell:
    return Cell(date.fromisoformat(due), colour, late == "late")


def read(text: str) -> dict[str, Row]:
    """The table by instant."""
    found = {}
    for block in text.strip().split("\n\n"):
        (instant, today, soon, *closed), *lines = (line.split() for line in block.splitlines())
        cells = {name: (cell(*parts[:3]), cell(*parts[4:])) for name, *parts in lines}
        found[instant] = Row(date.fromisoformat(today), date.fromisoformat(soon),
                             tuple(map(int, closed)), cells)
    return found


EXPECTED = read(TABLE.read_text("utf-8"))


def periods_around(cadence: str, today: date) -> list:
    """The period before and the running one."""
    found = [*schedule.periods(cadence, today.year - 1), *schedule.periods(cadence, today.year)]
    running = next(n for n, each in enumerate(found) if each.starts_on <= today <= each.ends_on)
    return found[running - 1:running + 1] if cadence != "once" else found


@pytest.fixture(params=INSTANTS)
def instant(request, monday):
    """The clock at one instant; its line of the table."""
    with time_machine.travel(request.param, tick=False):
        yield EXPECTED[request.param]


@pytest.fixture
def announced(city):
    """The table of working days as on a site that has entered each year."""
    seed_working_days(years=slow.ANNOUNCED, by=SYSTEM)
    calendar.forget()


# --- the table itself ----------------------------------------


def test_the_table_has_26_instants_and_9_rules():
    assert list(EXPECTED) == list(INSTANTS) and len(INSTANTS) == 26
    assert {tuple(row.cells) for row in EXPECTED.values()} == {tuple(RULES)} and len(RULES) == 9


def test_the_table_shows_every_light_and_both_kinds_of_filing():
    cells = [cell for row in EXPECTED.values() for pair in row.cells.values() for cell in pair]
    assert {cell.light for cell in cells} == {"red", "yellow", "blue"}
    assert {cell.is_late for cell in cells} == {True, False}
    assert {len(row.closed) for row in EXPECTED.values()} == {1, 2}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("moment", INSTANTS)
def test_the_slow_twin_reckons_the_table(moment, name):
    row, (cadence, rule) = EXPECTED[moment], RULES[name]
    today = (datetime.fromisoformat(moment) + timedelta(hours=8)).date()
    assert (row.today, row.soon_until) == (today, slow.soon_until(today))
    parts = [*slow.periods(cadence, today.year - 1).values(),
             *slow.periods(cadence, today.year).values()]
    here = next(n for n, days in enumerate(parts) if today in days)
    for expected, days in zip(row.cells[name], parts[here - 1:here + 1], strict=True):
        due = slow.due(days, rule)
        colour = "red" if due < today else "yellow" if due <= row.soon_until else "blue"
        assert expected == Cell(due, colour, due < today)


# --- what the app says ------------------------------------------


def test_today_and_soon_are_those_of_shanghai(announced, instant):
    day = Day.now()
    assert (calendar.today(), day.today, day.soon_until) == (
        instant.today, instant.today, instant.soon_until)


def test_due_dates_lights_and_late_filing(announced, instant):
    rows = list(Occurrence.unscoped.filter(state="open").order_by("pk")[:2 * len(RULES)])
    tasks = iter(rows)
    expected = []
    for name, (cadence, rule) in RULES.items():
        for period, wanted in zip(periods_around(cadence, instant.today),
                                  instant.cells[name], strict=True):
            task = next(tasks)
            task.due_on = schedule.due_on(period, rule, calendar.current())
            expected.append((name, wanted))
            assert task.due_on == wanted.due, (name, period.key)
    Occurrence.unscoped.bulk_update(rows, ["due_on"])
    day = Day.now()
    found = {row.pk: row.light for row in Occurrence.unscoped.filter(pk__in=[r.pk for r in rows])
             .annotate(light=light_expression(day.today, day.soon_until))}
    for task, (name, wanted) in zip(rows, expected, strict=True):
        assert (day.light(task), found[task.pk]) == (wanted.light, wanted.light), name
        task.on_advanced("open", "submitted")
        assert (task.first_filed_on, task.is_filed_late) == (instant.today, wanted.is_late), name


def test_the_timer_closes_the_years_of_the_table(city, instant):
    lists = list(Checklist.unscoped.order_by("pk"))
    last = instant.today.year - 1
    Checklist.unscoped.update(year=last)
    Checklist.unscoped.filter(pk=lists[0].pk).update(year=last - 1)
    Checklist.unscoped.filter(pk=lists[1].pk).update(year=last + 1)
    assert tuple(years.close_due()) == instant.closed
    assert tuple(ListYear.objects.closed().order_by("year").values_list("year", flat=True)) == (
        instant.closed)
    assert ListYear.objects.is_open(last) == (last not in instant.closed)


def test_a_server_that_took_the_utc_day_would_be_caught():
    wrong = [
        (moment, name) for moment, row in EXPECTED.items() for name, cells in row.cells.items()
        for wanted in cells
        if light("open", wanted.due, None, datetime.fromisoformat(moment).astimezone(UTC).date(),
                 row.soon_until) != wanted.light]
    moments = {moment for moment, _name in wrong}
    assert "2025-12-31T16:00:00Z" in moments and len(moments) >= 4


def test_a_calendar_without_the_moved_days_would_be_caught(city, monday):
    WorkingDay.objects.all().delete()
    calendar.forget()
    wrong = 0
    for moment, row in EXPECTED.items():
        with time_machine.travel(moment, tick=False):
            wrong += Day.now().soon_until != row.soon_until
    assert wrong >= 5


# --- dates without a period ----------------------------------------


@pytest.mark.parametrize("happened, due", [
    (date(2026, 2, 13), date(2026, 3, 2)),  # over 春节: worked are 14, 24 … 28 February
    (date(2026, 9, 30), date(2026, 10, 15)),  # over 国庆节: 8, 9, 10 and 12 are worked
    (date(2025, 12, 31), date(2026, 1, 12)),  # 1 to 3 January are off, Sunday 4 is worked
    (date(2028, 2, 28), date(2028, 3, 8)),  # over a leap day
    (date(2100, 2, 26), date(2100, 3, 9)),  # and over none
])
def test_working_days_after_an_event_skip_what_is_off(announced, happened, due):
    class Duty:
        days_after_event = 7

    assert due_dates.after_event(duty=Duty, happened_on=happened) == due


# --- the clock itself jumps ------------------------------------------


def test_a_clock_that_goes_back_leaves_the_order_of_the_audit(city, monday):
    row = city.task("jyj_zb1", "ZB-01", "2026-12")
    monday.move_to("2026-11-22T16:30:00Z")
    due_dates.move(occurrence=row, due_on=date(2027, 1, 20), by=SYSTEM, reason="先")
    monday.move_to("2026-11-22T15:30:00Z")
    due_dates.move(occurrence=row, due_on=date(2027, 1, 21), by=SYSTEM, reason="后")
    last = audit.last_event(row)
    assert last.details["reason"] == "后" and last.at < calendar.now() + timedelta(seconds=5)
    assert audit.broken_at() is None


def test_a_clock_that_went_forward_and_back_leaves_no_trace(city, monday):
    row = city.task("jyj_zb1", "ZB-01", "2026-10")
    Occurrence.unscoped.filter(pk=row.pk).update(due_on=date(2026, 11, 23))
    lights = []
    for moment in ("2026-11-23T02:00:00Z", "2026-11-24T02:00:00Z", "2026-11-23T03:00:00Z"):
        monday.move_to(moment)
        lights.append(Day.now().light(city.task("jyj_zb1", "ZB-01", "2026-10")).value)
    assert lights == ["yellow", "red", "yellow"]
