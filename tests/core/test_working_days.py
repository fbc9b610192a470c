"""The table of working days: set, clear, enter a year completely, take that back."""

from datetime import date

import pytest

from apps.core import audit, calendar
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid
from apps.core.models import AuditEvent, CalendarYear, WorkingDay
from apps.core.working_calendar import WorkingCalendar
from apps.core.working_days import (
    NAME_LENGTH,
    clear_day,
    known_days,
    seed_working_days,
    set_day,
    settle_year,
    unsettle_year,
)

FRIDAY, SATURDAY = date(2027, 1, 1), date(2027, 2, 6)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_table():
    WorkingDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    calendar.forget()


def sentences(code: str) -> list[str]:
    """What the audit says of one code, oldest first."""
    events = AuditEvent.objects.filter(code=code).order_by("number")
    return [audit.sentence(event) for event in events]


# --- one day ----------------------------------------------------------------------------


def test_a_holiday_and_a_worked_weekend_are_set_and_counted_at_once():
    assert calendar.is_working_day(FRIDAY) and not calendar.is_working_day(SATURDAY)
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    set_day(day=SATURDAY, is_working=True, name="春节", by=SYSTEM)
    assert not calendar.is_working_day(FRIDAY) and calendar.is_working_day(SATURDAY)


def test_the_audit_says_what_it_was_and_what_it_is():
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    set_day(day=FRIDAY, is_working=False, name="新年", by=SYSTEM)
    set_day(day=SATURDAY, is_working=True, name="春节", by=SYSTEM)
    assert sentences("core.calendar.set")[-3:] == [
        "系统把2027-01-01 周五由上班改为放假（元旦）",
        "系统把2027-01-01 周五由放假（元旦）改为放假（新年）",
        "系统把2027-02-06 周六由周末改为调休上班（春节）",
    ]
    clear_day(day=SATURDAY, by=SYSTEM)
    assert sentences("core.calendar.clear") == [
        "系统把2027-02-06 周六由调休上班（春节）改回周末"]


def test_the_same_again_is_no_event():
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    before = AuditEvent.objects.count()
    set_day(day=FRIDAY, is_working=False, name=" 元旦 ", by=SYSTEM)
    assert AuditEvent.objects.count() == before
    assert WorkingDay.objects.count() == 1


@pytest.mark.parametrize("day, is_working, sentence", [
    (FRIDAY, True, "2027年1月1日是周五，本来就上班。"),
    (SATURDAY, False, "2027年2月6日是周六，本来就放假。"),
    (date(2026, 11, 23), True, "11月23日是周一，本来就上班。"),
])
def test_what_the_weekday_says_anyway_is_refused(day, is_working, sentence):
    with pytest.raises(Invalid) as refusal:
        set_day(day=day, is_working=is_working, name="元旦", by=SYSTEM)
    assert refusal.value.fields == {"day": sentence}
    assert not WorkingDay.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "节" * (NAME_LENGTH + 1)])
def test_a_name_is_asked_that_fits(name):
    with pytest.raises(Invalid) as refusal:
        set_day(day=FRIDAY, is_working=False, name=name, by=SYSTEM)
    assert set(refusal.value.fields) == {"name"}
    set_day(day=FRIDAY, is_working=False, name="节" * NAME_LENGTH, by=SYSTEM)


def test_a_day_that_was_not_set_cannot_be_cleared():
    with pytest.raises(Invalid, match="2027年1月1日没有调整过"):
        clear_day(day=FRIDAY, by=SYSTEM)
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    clear_day(day=FRIDAY, by=SYSTEM)
    assert calendar.is_working_day(FRIDAY)
    assert not WorkingDay.objects.exists()


# --- a year -------------------------------------------------------------------------------


def test_a_year_counts_as_entered_only_once_somebody_says_so():
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    assert not calendar.has_year(2027)
    settle_year(year=2027, by=SYSTEM)
    assert calendar.has_year(2027) and not calendar.has_year(2028)
    assert sentences("core.calendar.settle") == ["系统录完2027年的工作日：放假和调休共1天"]


def test_an_empty_year_is_not_entered():
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    with pytest.raises(Invalid, match="2028年还没有录入"):
        settle_year(year=2028, by=SYSTEM)
    assert not CalendarYear.objects.exists()


def test_a_year_is_entered_once():
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    settle_year(year=2027, by=SYSTEM)
    with pytest.raises(Conflict, match="2027年的工作日已经录完了"):
        settle_year(year=2027, by=SYSTEM)


def test_it_can_be_taken_back():
    with pytest.raises(Conflict, match="本来就没有录完"):
        unsettle_year(year=2027, by=SYSTEM)
    set_day(day=FRIDAY, is_working=False, name="元旦", by=SYSTEM)
    settle_year(year=2027, by=SYSTEM)
    unsettle_year(year=2027, by=SYSTEM)
    assert not calendar.has_year(2027)
    assert sentences("core.calendar.unsettle") == ["系统把2027年的工作日改回没有录完"]


def test_days_can_be_loaded_without_saying_that_the_year_is_complete():
    seeded = seed_working_days(years=[2026], by=SYSTEM, settles=False)
    assert seeded.added == len(list(known_days(2026))) > 20
    assert not calendar.has_year(2026)
    seed_working_days(years=[2026], by=SYSTEM)
    assert calendar.has_year(2026)


def test_a_calendar_as_if_a_year_were_entered_or_not_has_the_same_days():
    table = WorkingCalendar({FRIDAY: False}, [2026])
    entered = table.as_if(2027, is_entered=True)
    assert entered.has_year(2027) and entered.has_year(2026)
    assert not entered.as_if(2026, is_entered=False).has_year(2026)
    assert not table.has_year(2027)
    assert not entered.is_working_day(FRIDAY)
