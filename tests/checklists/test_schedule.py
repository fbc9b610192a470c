"""Periods tile the year; every due date is a working day of its period or after it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.checklists.schedule import Period, due_on, period_label, periods, slots
from apps.core.working_calendar import WorkingCalendar
from apps.core.working_days import is_known, known_days
from apps.duties.catalogue_file import read_folder
from apps.duties.services.loading import WORDS
from tests.city import CATALOGUE

YEARS = st.integers(2024, 2033)
DATED = ("monthly", "quarterly", "half_yearly", "yearly", "once")
NUMBER = {"monthly": 12, "quarterly": 4, "half_yearly": 2, "yearly": 1, "once": 1}
SHIFTS = st.sampled_from(["earlier", "later"])
ANCHORED = st.fixed_dictionaries(
    {
        "anchor": st.sampled_from(["period_start", "period_end"]),
        "days": st.integers(-40, 120),
        "shift": SHIFTS,
    }
)
DAY_OF_YEAR = st.fixed_dictionaries(
    {"month": st.integers(1, 12), "day": st.integers(1, 31), "shift": SHIFTS}
)


@cache
def calendar() -> WorkingCalendar:
    """The announced years from 2024 on, as a site has them."""
    days = [
        (day, is_working)
        for year in range(2023, 2034) if is_known(year)
        for day, is_working, _ in known_days(year)
    ]
    return WorkingCalendar(days)


@dataclass
class AnyDuty:
    cadence: str = "monthly"
    due: dict = field(
        default_factory=lambda: {"anchor": "period_end", "days": 0, "shift": "earlier"}
    )
    runs_from: date | None = None
    runs_to: date | None = None


def rule(anchor="period_end", days=0, shift="earlier") -> dict:
    return {"anchor": anchor, "days": days, "shift": shift}


@given(st.sampled_from(DATED), YEARS)
def test_periods_tile_the_year_and_their_keys_are_unique(cadence, year):
    found = periods(cadence, year)
    assert len(found) == NUMBER[cadence]
    assert len({period.key for period in found}) == len(found)
    assert found[0].starts_on == date(year, 1, 1)
    assert found[-1].ends_on == date(year, 12, 31)
    for one, following in zip(found, found[1:], strict=False):
        assert following.starts_on == one.ends_on + timedelta(days=1)


@given(st.sampled_from(DATED), YEARS, ANCHORED | DAY_OF_YEAR)
def test_every_due_date_is_a_working_day_and_not_before_its_period(cadence, year, due):
    for slot in slots(AnyDuty(cadence, due), year, calendar()):
        assert calendar().is_working_day(slot.due_on)
        assert slot.due_on >= slot.starts_on


@given(st.sampled_from(DATED), YEARS, st.integers(0, 366), SHIFTS)
def test_a_date_counted_from_the_start_stays_in_or_right_after_the_period(
    cadence, year, days, shift
):
    for period in periods(cadence, year):
        day = due_on(period, rule("period_start", days, shift), calendar())
        assert period.starts_on <= day <= calendar().shift(period.ends_on, "later")


@given(st.sampled_from(DATED), YEARS, st.dates(date(2023, 6, 1), date(2034, 6, 1)),
       st.integers(0, 500))
def test_slots_of_a_run_lie_inside_it_and_tile_it(cadence, year, first, length):
    last = first + timedelta(days=length)
    found = slots(AnyDuty(cadence, rule(), first, last), year, calendar())
    days = sum((slot.ends_on - slot.starts_on).days + 1 for slot in found)
    common = (min(last, date(year, 12, 31)) - max(first, date(year, 1, 1))).days + 1
    assert days == max(common, 0)


def test_the_shipped_duties_get_their_slots_in_every_year():
    [version] = read_folder(CATALOGUE, WORDS).versions
    for duty in version.duties:
        for year in range(2024, 2034):
            found = slots(duty, year, calendar())
            assert len(found) == NUMBER.get(duty.cadence, 0), duty.code
            assert all(calendar().is_working_day(slot.due_on) for slot in found)


def test_keys_name_year_and_part():
    assert periods("monthly", 2026)[10].key == "2026-11"
    assert periods("monthly", 2026)[0].key == "2026-01"
    assert periods("quarterly", 2026)[3].key == "2026-Q4"
    assert periods("half_yearly", 2026)[1].key == "2026-H2"
    assert periods("yearly", 2026)[0].key == "2026"
    assert periods("once", 2026)[0].key == "once"


@pytest.mark.parametrize("cadence", ["on_event", "standing"])
def test_what_has_no_date_has_no_slots(cadence):
    assert periods(cadence, 2026) == []
    assert slots(AnyDuty(cadence, {}), 2026, calendar()) == []


def test_an_unknown_cadence_is_an_error():
    with pytest.raises(ValueError, match="weekly"):
        periods("weekly", 2026)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("2026-11", "11月"), ("2026-01", "1月"), ("2026-Q1", "一季度"), ("2026-Q4", "四季度"),
        ("2026-H1", "上半年"), ("2026-H2", "下半年"), ("2026", "2026年"), ("once", ""), ("", ""),
    ],
)
def test_a_period_is_told_in_words(key, label):
    assert period_label(key) == label


@pytest.mark.parametrize(
    ("due", "day"),
    [
        (rule(), date(2026, 10, 30)),  # 31 October is a Saturday
        (rule(shift="later"), date(2026, 11, 2)),
        (rule(days=3, shift="later"), date(2026, 11, 3)),
        (rule("period_start", 0, "later"), date(2026, 10, 8)),  # National Day
        (rule("period_start", 0, "earlier"), date(2026, 10, 8)),  # September is not October
        (rule("period_start", 9, "earlier"), date(2026, 10, 10)),  # a Saturday that is worked
        (rule("period_start", 60, "earlier"), date(2026, 10, 30)),
        (rule("period_end", -60, "earlier"), date(2026, 10, 8)),
    ],
)
def test_october_2026_with_its_holidays(due, day):
    [period] = [each for each in periods("monthly", 2026) if each.key == "2026-10"]
    assert due_on(period, due, calendar()) == day


@pytest.mark.parametrize(("year", "day"), [(2024, 29), (2025, 28), (2026, 28)])
def test_a_day_that_the_month_lacks_becomes_its_last(year, day):
    [period] = periods("once", year)
    due = due_on(period, {"month": 2, "day": 30, "shift": "earlier"}, WorkingCalendar())
    assert due == WorkingCalendar().shift(date(year, 2, day), "earlier")


def test_the_lecture_before_the_first_of_july_moves_earlier():
    [slot] = slots(AnyDuty("once", {"month": 6, "day": 30, "shift": "earlier"}), 2024, calendar())
    assert slot.due_on == date(2024, 6, 28)


def test_a_run_cuts_the_periods_and_leaves_out_the_others():
    duty = AnyDuty("quarterly", rule(), date(2026, 5, 10), date(2026, 8, 20))
    found = slots(duty, 2026, calendar())
    assert [(s.period, s.starts_on, s.ends_on, s.due_on) for s in found] == [
        ("2026-Q2", date(2026, 5, 10), date(2026, 6, 30), date(2026, 6, 30)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 8, 20), date(2026, 8, 20)),
    ]


def test_dates_of_a_year_without_announced_holidays_are_provisional():
    assert not any(slot.is_provisional for slot in slots(AnyDuty(), 2026, calendar()))
    assert all(slot.is_provisional for slot in slots(AnyDuty(), 2033, calendar()))


def test_a_date_that_reaches_into_an_unannounced_year_is_provisional():
    known = WorkingCalendar({date(2026, 1, 1): False})
    found = slots(AnyDuty("monthly", rule(days=3, shift="later")), 2026, known)
    assert [slot.period for slot in found if slot.is_provisional] == ["2026-12"]


def test_a_period_of_one_day_is_due_on_it_when_worked():
    day = date(2026, 11, 23)
    assert due_on(Period("2026-11", day, day), rule(), calendar()) == day
