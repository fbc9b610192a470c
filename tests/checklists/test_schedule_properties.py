"""Every cadence × rule × year from 2024 to 2033, against plain loops and a slow twin."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.checklists import schedule
from apps.checklists.schedule import due_on, periods, slots
from apps.core.working_calendar import WorkingCalendar, is_weekday
from apps.core.working_days import known_days
from tests.checklists import slow_schedule as slow

YEARS = range(2024, 2034)
CADENCES = tuple(slow.NAMES)
SHIFTS = ("earlier", "later")
# Backward and forward, around the lengths of months, quarters, halves and years.
DAYS = (-400, -31, -3, 0, 1, 9, 28, 30, 31, 59, 91, 364)
RULES = [
    {"anchor": anchor, "days": days, "shift": shift}
    for anchor, days, shift in product(("period_start", "period_end"), DAYS, SHIFTS)
] + [
    {"month": month, "day": day, "shift": shift}
    for month, day, shift in product((1, 2, 4, 6, 10, 12), (1, 15, 28, 29, 30, 31), SHIFTS)
]
LEAP = (2024, 2028, 2032)


@dataclass
class AnyDuty:
    cadence: str
    due: dict
    runs_from: date | None = None
    runs_to: date | None = None


@cache
def exceptions() -> dict[date, bool]:
    """What the announced years hold, as a site has it."""
    return {day: is_working for year in slow.ANNOUNCED for day, is_working, _ in known_days(year)}


@cache
def calendar() -> WorkingCalendar:
    return WorkingCalendar(exceptions(), slow.ANNOUNCED)


def every_period(year: int):
    """(cadence, days by the twin, period by ours) of a year."""
    for cadence in CADENCES:
        ours = periods(cadence, year)
        for (key, days), period in zip(slow.periods(cadence, year).items(), ours, strict=True):
            assert key == period.key
            yield cadence, days, period


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_lies_in_exactly_one_period(year):
    for cadence in CADENCES:
        found = periods(cadence, year)
        for day in slow.days_of(year):
            assert sum(each.starts_on <= day <= each.ends_on for each in found) == 1
        assert {day.year for each in found for day in (each.starts_on, each.ends_on)} == {year}


@pytest.mark.parametrize("year", YEARS)
def test_the_slow_twin_finds_the_same_dates(year):
    for _cadence, days, period in every_period(year):
        assert (days[0], days[-1]) == (period.starts_on, period.ends_on)
        for rule in RULES:
            assert due_on(period, rule, calendar()) == slow.due(days, rule), (period.key, rule)


@pytest.mark.parametrize("year", YEARS)
def test_a_due_date_is_worked_and_not_before_its_period(year):
    for _cadence, days, period in every_period(year):
        for rule in RULES:
            day = due_on(period, rule, calendar())
            assert slow.announced(day), (period.key, rule, day)
            assert day >= days[0], (period.key, rule, day)


@pytest.mark.parametrize("year", YEARS)
def test_earlier_is_never_later_and_later_never_earlier_than_the_rule_says(year):
    """"Earlier" gives way only where the period holds no working day up to the date."""
    for _cadence, days, period in every_period(year):
        for rule in RULES:
            day, raw = due_on(period, rule, calendar()), slow.raw(days, rule)
            if rule["shift"] == "later":
                assert day >= max(raw, days[0]), (period.key, rule)
            elif day > raw:
                between = [each for each in days if each <= raw]
                assert not any(map(slow.announced, between)), (period.key, rule)


@pytest.mark.parametrize("year", YEARS)
def test_no_working_day_lies_between_the_rule_and_the_date(year):
    for _cadence, days, period in every_period(year):
        for rule in RULES:
            first, last = sorted((due_on(period, rule, calendar()), slow.raw(days, rule)))
            inside = [first + timedelta(days=n) for n in range(1, (last - first).days)]
            worked = [day for day in inside if slow.announced(day) and day >= days[0]]
            assert worked == [], (period.key, rule)


# --- clamps and leap years --------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_counted_from_the_start_a_date_ends_with_the_last_working_day_of_its_period(year):
    for _cadence, days, period in every_period(year):
        far = {"anchor": "period_start", "days": 400, "shift": "earlier"}
        assert due_on(period, far, calendar()) == max(filter(slow.announced, days))


@pytest.mark.parametrize("year", YEARS)
def test_counted_back_from_the_end_a_date_begins_with_its_first_working_day(year):
    for _cadence, days, period in every_period(year):
        far = {"anchor": "period_end", "days": -400, "shift": "later"}
        assert due_on(period, far, calendar()) == min(filter(slow.announced, days))


@pytest.mark.parametrize("year", YEARS)
def test_the_last_of_february_is_the_29th_in_leap_years_only(year):
    february = periods("monthly", year)[1]
    assert february.ends_on.day == (29 if year in LEAP else 28)
    worked_always = WorkingCalendar(dict.fromkeys(slow.days_of(year), True))
    for rule in ({"month": 2, "day": 31, "shift": "earlier"},
                 {"anchor": "period_start", "days": 30, "shift": "later"},
                 {"anchor": "period_end", "days": 0, "shift": "earlier"}):
        assert due_on(february, rule, worked_always) == february.ends_on


@pytest.mark.parametrize("year", YEARS)
def test_every_month_counts_its_own_days(year):
    days = [*slow.days_of(year), *slow.days_of(year + 1)]
    always = WorkingCalendar(dict.fromkeys(days, True))
    rule = {"anchor": "period_end", "days": 10, "shift": "later"}
    for period in periods("monthly", year):
        assert (due_on(period, rule, always) - period.ends_on).days == 10


# --- runs -------------------------------------------------------------------------------


@given(year=st.sampled_from(YEARS), cadence=st.sampled_from(CADENCES),
       rule=st.sampled_from(RULES), first=st.integers(-400, 400), length=st.integers(0, 800))
def test_a_run_leaves_the_days_that_it_shares_with_the_year(year, cadence, rule, first, length):
    begins = date(year, 1, 1) + timedelta(days=first)
    ends = begins + timedelta(days=length)
    found = slots(AnyDuty(cadence, rule, begins, ends), year, calendar())
    shared = {day for day in slow.days_of(year) if begins <= day <= ends}
    inside = [day for slot in found for day in slow.days_of(year)
              if slot.starts_on <= day <= slot.ends_on]
    assert len(inside) == len(shared) and set(inside) == shared
    for slot in found:
        days = [day for day in inside if slot.starts_on <= day <= slot.ends_on]
        assert slot.due_on == slow.due(days, rule)


@pytest.mark.parametrize("year", YEARS)
def test_a_run_open_at_one_end_reaches_to_the_end_of_the_year(year):
    rule = {"anchor": "period_end", "days": 0, "shift": "earlier"}
    since = slots(AnyDuty("monthly", rule, runs_from=date(year, 5, 10)), year, calendar())
    until = slots(AnyDuty("monthly", rule, runs_to=date(year, 5, 10)), year, calendar())
    assert [len(since), len(until)] == [8, 5]
    assert (since[0].starts_on, until[-1].ends_on) == (date(year, 5, 10), date(year, 5, 10))


# --- provisional, deterministic, any calendar --------------------------------------------


@pytest.mark.parametrize("year", [2022, *YEARS])
def test_a_date_is_final_only_when_all_its_years_are_announced(year):
    for cadence, rule in product(CADENCES, RULES):
        for slot in slots(AnyDuty(cadence, rule), year, calendar()):
            days = slow.periods(cadence, year)[slot.period]
            years = {slot.due_on.year, slow.raw(days, rule).year}
            assert slot.is_provisional == bool(years - set(slow.ANNOUNCED)), (slot, rule)


def test_the_same_question_has_the_same_answer_in_whatever_order_the_days_stand():
    shuffled = list(exceptions().items())
    random.Random(3).shuffle(shuffled)
    other = WorkingCalendar(shuffled, reversed(slow.ANNOUNCED))
    for cadence, rule in product(CADENCES, RULES):
        first = slots(AnyDuty(cadence, rule), 2026, calendar())
        assert first == slots(AnyDuty(cadence, rule), 2026, calendar())
        assert first == slots(AnyDuty(cadence, dict(reversed(rule.items()))), 2026, other)


@given(year=st.sampled_from(YEARS), cadence=st.sampled_from(CADENCES),
       rule=st.sampled_from(RULES), seed=st.integers(0, 10_000), share=st.floats(0, 0.6))
@settings(deadline=None)
def test_the_twin_agrees_on_any_calendar(year, cadence, rule, seed, share):
    draw = random.Random(seed)
    days = [day for each in (year - 1, year, year + 1, year + 2) for day in slow.days_of(each)]
    changed = {day: not is_weekday(day) for day in days if draw.random() < share}
    found = slots(AnyDuty(cadence, rule), year, WorkingCalendar(changed))
    expected = [slow.due(days, rule, lambda day: changed.get(day, is_weekday(day)))
                for days in slow.periods(cadence, year).values()]
    assert [slot.due_on for slot in found] == expected


# --- the twin sees what it is there for ---------------------------------------------------


def differences(calendar) -> int:
    """How many dates of the announced years differ from the twin's."""
    return sum(due_on(period, rule, calendar) != slow.due(days, rule)
               for year in (2024, 2025, 2026)
               for _cadence, days, period in every_period(year) for rule in RULES)


def test_a_calendar_without_the_moved_holidays_would_be_caught():
    assert differences(calendar()) == 0
    assert differences(WorkingCalendar()) > 100


def test_a_schedule_that_let_a_date_slip_before_its_period_would_be_caught(monkeypatch):
    def careless(period, rule, calendar):
        return calendar.shift(schedule._raw_due(period, rule), rule["shift"])

    monkeypatch.setitem(globals(), "due_on", careless)
    assert differences(calendar()) > 0
