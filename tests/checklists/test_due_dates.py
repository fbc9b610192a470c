"""The one home of due dates: write, move, settle."""

from datetime import date

import pytest

from apps.checklists import daily
from apps.checklists.models import Occurrence, Slot
from apps.checklists.services import due_dates, publishing, reviewing
from apps.core import audit, calendar
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, NotAllowed
from apps.core.models import AuditEvent, CalendarYear, WorkingDay
from tests.checklists.steps import codes, hand_in
from tests.city import YEAR

NEXT = YEAR + 1


@pytest.fixture
def next_year(city):
    """2027 is published while nobody knows its holidays."""
    publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)


def announce(*days):
    """The State Council says which days of 2027 are off."""
    for day in days:
        WorkingDay.objects.create(day=day, is_working=False, name="放假")
    CalendarYear.objects.get_or_create(year=NEXT)
    calendar.forget()


def task(duty="ZB-02", period="2027-04") -> Occurrence:
    return Occurrence.unscoped.for_page().get(
        organization__code="JYJ_ZB1", item__duty__code=duty, period=period)


# --- write --------------------------------------------------------------------------------


def test_slots_are_written_once(city):
    assert due_dates.write_slots(version=city.version(), year=YEAR) == 0
    made = due_dates.write_slots(version=city.version(), year=NEXT)
    assert made == Slot.objects.filter(year=NEXT).count() == Slot.objects.filter(year=YEAR).count()
    assert due_dates.write_slots(version=city.version(), year=NEXT) == 0


def test_dates_of_a_known_year_are_final(city):
    """Except for December's meeting, which is due in a January that nobody knows yet."""
    provisional = Slot.objects.filter(year=YEAR, is_provisional=True)
    assert [(slot.duty.code, slot.period) for slot in provisional] == [("ZB-01", "2026-12")]


def test_dates_of_a_year_without_holidays_are_provisional(next_year):
    assert not Slot.objects.filter(year=NEXT, is_provisional=False).exists()


# --- move ---------------------------------------------------------------------------------


def test_a_moved_date_says_from_when_to_when_and_why(city):
    row = due_dates.move(occurrence=city.task("jyj_zb1", "ZB-01", "2026-12"),
                         due_on=date(2027, 1, 20), by=SYSTEM, reason="系统升级")
    assert (row.due_on, row.version) == (date(2027, 1, 20), 1)
    assert audit.sentence(audit.last_event(row)) == (
        "系统把三会一课（12月）的最迟日期由2027-01-04改为2027-01-20，因为系统升级")


@pytest.mark.parametrize("who", ["gongwei_admin", "gongwei", "xitong", "jyj_zb1"])
def test_no_person_moves_a_date(city, who):
    row = city.task("jyj_zb1", "ZB-01", "2026-12")
    with pytest.raises(NotAllowed):
        due_dates.move(occurrence=row, due_on=date(2027, 1, 20), by=city.user(who), reason="忙")
    assert city.task("jyj_zb1", "ZB-01", "2026-12").due_on == row.due_on


def test_without_the_look_at_who_acts_a_person_would_move_it(city, monkeypatch):
    monkeypatch.setattr(due_dates, "only_the_system", lambda by: None)
    row = due_dates.move(occurrence=city.task("jyj_zb1", "ZB-01", "2026-12"), reason="忙",
                         due_on=date(2027, 1, 20), by=city.user("jyj_zb1"))
    assert row.due_on == date(2027, 1, 20)


def test_a_page_opened_before_the_move_is_old(city):
    row = city.task("jyj_zb1", "ZB-01", "2026-11")
    due_dates.move(occurrence=row, due_on=date(2026, 12, 9), by=SYSTEM, reason="系统升级")
    with pytest.raises(Conflict, match="最迟日期"):
        hand_in(row, city.user("jyj_zb1"), seen=row.version)


# --- settle -------------------------------------------------------------------------------


def test_before_the_holidays_are_known_nothing_settles(next_year):
    assert due_dates.settle(year=NEXT, by=SYSTEM) == 0
    assert not Slot.objects.filter(year=NEXT, is_provisional=False).exists()


def test_once_they_are_known_dates_move_off_the_holidays(next_year):
    assert task().due_on == date(2027, 4, 30)
    announce(date(2027, 4, 30))
    due_dates.settle(year=NEXT, by=SYSTEM)
    moved = task()
    assert (moved.due_on, moved.slot.due_on) == (date(2027, 4, 29), date(2027, 4, 29))
    assert not moved.slot.is_provisional
    assert "因为工作日安排已定" in audit.sentence(audit.last_event(moved))


def test_what_does_not_move_is_settled_without_a_word(next_year):
    announce(date(2027, 4, 30))
    due_dates.settle(year=NEXT, by=SYSTEM)
    march = task(period="2027-03")
    assert (march.due_on, march.slot.is_provisional) == (date(2027, 3, 31), False)
    assert codes(march) == []


@pytest.fixture
def filed(city, next_year, later):
    """April's party day of 2027, submitted before the holidays are known."""
    later(days=150)
    return hand_in(task(), city.user("jyj_zb1"), activity_on=date(2027, 4, 10))


def settle_april() -> date:
    announce(date(2027, 4, 30))
    due_dates.settle(year=NEXT, by=SYSTEM)
    return task().due_on


def test_what_is_submitted_moves_as_well(filed):
    assert settle_april() == date(2027, 4, 29)


def test_what_is_returned_moves_as_well(city, filed):
    reviewing.return_(occurrence=filed, by=city.user("jyj_jgdw"), seen=filed.version,
                      reason="补一句。")
    assert settle_april() == date(2027, 4, 29)


def test_what_is_accepted_keeps_its_date(city, filed):
    reviewing.accept(occurrence=filed, by=city.user("jyj_jgdw"), seen=filed.version)
    assert settle_april() == date(2027, 4, 30)


def test_what_is_excused_keeps_its_date(next_year):
    Occurrence.unscoped.filter(pk=task().pk).update(state="excused")
    assert settle_april() == date(2027, 4, 30)


def test_settling_twice_moves_once(next_year):
    announce(date(2027, 4, 30))
    assert due_dates.settle(year=NEXT, by=SYSTEM) > 0
    before = AuditEvent.objects.count()
    assert due_dates.settle(year=NEXT, by=SYSTEM) == 0
    assert AuditEvent.objects.count() == before


def test_the_daily_run_settles_its_year(next_year, later):
    later(days=40)
    announce(date(2027, 4, 30))
    assert daily.run(calendar.today())["settled"] > 0
    assert task().due_on == date(2027, 4, 29)
