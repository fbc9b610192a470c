from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.core import calendar
from apps.core.act import SYSTEM
from apps.core.models import AuditEvent, WorkingDay
from apps.core.working_calendar import WorkingCalendar
from apps.core.working_days import is_known, known_days, seed_working_days

YEAR_2026 = WorkingCalendar((day, is_working) for day, is_working, _ in known_days(2026))
DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    "day, is_working",
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 23), False),
        (date(2027, 1, 1), True),
    ],
)
def test_holidays_and_moved_days_of_2026(day, is_working):
    assert YEAR_2026.is_working_day(day) is is_working


def test_a_year_not_announced_follows_the_week_and_says_so():
    assert YEAR_2026.has_year(2026)
    assert not YEAR_2026.has_year(2027)
    assert not is_known(2027)
    assert YEAR_2026.is_working_day(date(2027, 2, 8))


def test_counting_over_the_national_holiday():
    assert YEAR_2026.working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert YEAR_2026.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert YEAR_2026.add_working_days(date(2026, 10, 8), -1) == date(2026, 9, 30)


def test_one_working_day_late_on_the_monday_after_a_friday():
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert YEAR_2026.working_days_between(friday, monday) == 1
    assert YEAR_2026.working_days_between(monday, friday) == -1
    assert YEAR_2026.working_days_between(monday, monday) == 0


def test_a_date_is_shifted_to_a_working_day():
    assert YEAR_2026.shift(date(2026, 10, 3), "earlier") == date(2026, 9, 30)
    assert YEAR_2026.shift(date(2026, 10, 3), "later") == date(2026, 10, 8)
    assert YEAR_2026.shift(date(2026, 10, 10), "later") == date(2026, 10, 10)
    with pytest.raises(KeyError):
        YEAR_2026.shift(date(2026, 10, 3), "sideways")


@given(DAYS, DAYS)
def test_counting_equals_looking_at_each_day(start, end):
    first, last = sorted((start, end))
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    count = sum(YEAR_2026.is_working_day(day) for day in days)
    sign = 1 if start <= end else -1
    assert YEAR_2026.working_days_between(start, end) == sign * count


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_agree(day, n):
    later = YEAR_2026.add_working_days(day, n)
    assert YEAR_2026.is_working_day(later)
    assert YEAR_2026.working_days_between(day, later) == n
    assert YEAR_2026.add_working_days(day, 0) == day


@given(DAYS)
def test_a_shifted_date_is_worked_and_nothing_worked_lies_between(day):
    for direction in ("earlier", "later"):
        shifted = YEAR_2026.shift(day, direction)
        assert YEAR_2026.is_working_day(shifted)
        assert (shifted <= day) if direction == "earlier" else (shifted >= day)
        assert abs(YEAR_2026.working_days_between(day, shifted)) <= 1


@pytest.mark.parametrize(
    "moment, day",
    [
        ("2025-12-31T15:59:59Z", date(2025, 12, 31)),
        ("2025-12-31T16:00:00Z", date(2026, 1, 1)),
        ("2026-11-22T23:00:00Z", date(2026, 11, 23)),
        ("2028-02-28T16:00:00Z", date(2028, 2, 29)),
    ],
)
def test_today_is_the_day_in_shanghai_whatever_the_server_thinks(moment, day):
    with time_machine.travel(moment, tick=False):
        assert calendar.today() == day
        assert calendar.now().utcoffset() == timedelta(hours=8)


@pytest.mark.django_db
def test_seeding_adds_the_days_once_with_one_event():
    WorkingDay.objects.all().delete()
    seedings = AuditEvent.objects.filter(code="core.calendar.seed")
    before = seedings.count()
    first = seed_working_days(years=[2026, 2027], by=SYSTEM)
    assert first.years == (2026,)
    assert first.unknown == (2027,)
    assert first.added == WorkingDay.objects.count() == len(list(known_days(2026)))
    assert calendar.has_year(2026)
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert seed_working_days(years=[2026], by=SYSTEM).added == 0
    assert seedings.count() == before + 1


@pytest.mark.django_db
def test_seeding_leaves_a_day_that_was_set_by_hand():
    WorkingDay.objects.all().delete()
    WorkingDay.objects.create(day=date(2026, 10, 10), is_working=False, name="改")
    seed_working_days(years=[2026], by=SYSTEM)
    assert not calendar.is_working_day(date(2026, 10, 10))


@pytest.mark.django_db
def test_the_table_is_read_once_a_minute(django_assert_num_queries, monkeypatch):
    with django_assert_num_queries(2):
        for _ in range(5):
            calendar.is_working_day(date(2026, 10, 1))
    monkeypatch.setattr(calendar, "MAX_AGE", -1)
    with django_assert_num_queries(2):
        calendar.current()


@pytest.mark.django_db
def test_the_command_says_what_is_not_announced(capsys):
    with time_machine.travel("2026-11-23T04:00:00Z", tick=False):
        call_command("seed_calendar")
    out = capsys.readouterr().out
    assert "2025、2026" in out
    assert "2027年的放假安排还没有公布" in out
