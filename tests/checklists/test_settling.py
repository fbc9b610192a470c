"""Provisional dates move once; what somebody has decided or set stays; runs can be broken off."""

from datetime import date, timedelta

import pytest

from apps.checklists import tasks
from apps.checklists.models import Item, Occurrence, Petition, Slot
from apps.checklists.services import calendar_year, due_dates, publishing, reviewing, years
from apps.core import audit, calendar, jobs
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent, CalendarYear, Job, WorkingDay
from tests.checklists.steps import hand_in
from tests.city import TODAY, YEAR

NEXT = YEAR + 1
HOLIDAY = date(NEXT, 4, 30)  # a Friday, the provisional date of April's party day
BEFORE, DAY_BEFORE_THAT = date(NEXT, 4, 29), date(NEXT, 4, 28)


@pytest.fixture
def next_year(city):
    """2027 is published while nobody knows its holidays."""
    publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)


def april(place="jyj_zb1") -> Occurrence:
    return Occurrence.unscoped.for_page().get(
        organization__code=place.upper(), item__duty__code="ZB-02", period=f"{NEXT}-04")


def announce(*days) -> None:
    for day in days or (HOLIDAY,):
        WorkingDay.objects.create(day=day, is_working=False, name="放假")
    CalendarYear.objects.get_or_create(year=NEXT)
    calendar.forget()


def settle(*days) -> date:
    """Announce and settle; April's date in the first branch."""
    announce(*days)
    due_dates.settle(year=NEXT, by=SYSTEM)
    return april().due_on


# --- what stays ----------------------------------------


def test_a_date_that_was_moved_for_another_reason_stays(next_year):
    due_dates.move(occurrence=april(), due_on=date(NEXT, 5, 20), by=SYSTEM, reason="系统升级")
    assert settle() == date(NEXT, 5, 20)
    assert april("jyj_zb2").due_on == BEFORE


def test_what_an_extension_agreed_to_stays_even_on_the_old_day(city, next_year):
    row = april()
    Petition.unscoped.create(
        kind="extension", item=row.item, occurrence=row, reason="换届", state="granted",
        proposed_on=HOLIDAY, due_before=BEFORE, due_after=HOLIDAY, asked_at=calendar.now(),
        asked_by=city.user("jyj_zb1"), addressed_to=city.place("jyj_jgdw"))
    assert settle() == HOLIDAY
    assert april("jyj_zb2").due_on == BEFORE


def tailor(days: int, due_on: date) -> None:
    """The branch wants it earlier, as tailoring leaves it."""
    Item.unscoped.filter(pk=april().item_id).update(days_earlier=days)
    Occurrence.unscoped.filter(pk=april().pk).update(due_on=due_on)


def test_days_of_the_lists_own_are_counted_from_the_new_date(next_year):
    tailor(1, BEFORE)
    assert settle() == DAY_BEFORE_THAT


def test_an_own_date_moves_off_a_holiday_though_the_catalogues_date_stays(next_year):
    tailor(1, BEFORE)
    assert settle(BEFORE) == DAY_BEFORE_THAT
    assert april().slot.due_on == HOLIDAY


def test_an_own_date_that_has_passed_stays(next_year, monday):
    tailor(10, date(NEXT, 4, 20))
    monday.move_to(f"{NEXT}-04-22T02:00:00Z")
    assert settle() == date(NEXT, 4, 20)


def test_an_own_date_put_off_beyond_the_catalogues_stays(next_year):
    tailor(1, date(NEXT, 5, 20))
    assert settle() == date(NEXT, 5, 20)


def test_a_day_of_correction_is_never_before_the_new_date(city, next_year, later):
    later(days=150)
    row = hand_in(april(), city.user("jyj_zb1"), activity_on=date(NEXT, 4, 10))
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补。")
    assert april().correct_by == HOLIDAY
    slot = april().slot
    plan = due_dates.SlotPlan("2027-04", slot.starts_on, slot.ends_on, date(NEXT, 5, 6), False)
    due_dates._settle_slot(slot, plan, by=SYSTEM)
    assert (april().due_on, april().correct_by) == (date(NEXT, 5, 6), date(NEXT, 5, 6))
    assert "由2027-04-30改为2027-05-06" in audit.sentence(audit.last_event(april()))


def test_a_day_of_correction_beyond_the_date_stays(city, next_year, later):
    later(days=157)
    row = hand_in(april(), city.user("jyj_zb1"), activity_on=date(NEXT, 4, 10))
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补。")
    before = april().correct_by
    assert before > HOLIDAY
    assert settle() == BEFORE
    assert april().correct_by == before


# --- once, and in steps ----------------------------------------


def test_a_date_moves_once_and_never_again(next_year):
    assert settle() == BEFORE
    assert settle(BEFORE) == BEFORE


def test_a_run_that_was_broken_off_goes_on(next_year, monkeypatch):
    announce()
    monkeypatch.setattr(due_dates, "AT_ONCE", 1)
    real, seen = due_dates.move, []

    def breaks(**values):
        seen.append(values)
        if len(seen) == 3:
            raise OSError("power")
        return real(**values)

    monkeypatch.setattr(due_dates, "move", breaks)
    with pytest.raises(OSError, match="power"):
        due_dates.settle(year=NEXT, by=SYSTEM)
    assert Slot.objects.get(pk=april().slot_id).is_provisional
    monkeypatch.setattr(due_dates, "move", real)
    due_dates.settle(year=NEXT, by=SYSTEM)
    rows = Occurrence.unscoped.filter(slot=april().slot_id)
    assert set(rows.values_list("due_on", "version")) == {(BEFORE, 1)}
    assert not april().slot.is_provisional


@pytest.mark.parametrize("at_once", [1, 2, 7, 100])
def test_the_size_of_a_step_changes_nothing(next_year, monkeypatch, at_once):
    monkeypatch.setattr(due_dates, "AT_ONCE", at_once)
    announce()
    count = Occurrence.unscoped.filter(slot=april().slot_id).count()
    assert due_dates.settle(year=NEXT, by=SYSTEM) == count == 7


def test_what_is_ready_is_known_before_it_moves(next_year):
    assert due_dates.ready(year=NEXT) == []
    WorkingDay.objects.create(day=HOLIDAY, is_working=False, name="放假")
    calendar.forget()
    asked = calendar.current().as_if(NEXT, is_entered=True)
    moved = [(str(slot), plan.due_on) for slot, plan in due_dates.ready(year=NEXT, calendar=asked)
             if slot.due_on != plan.due_on]
    assert moved == [("主题党日 2027-04", BEFORE)]
    assert due_dates.ready(year=NEXT) == []


def test_final_dates_name_the_year_that_they_rest_on(next_year):
    assert due_dates.settled_from(year=NEXT) == 0
    assert due_dates.settled_from(year=YEAR) > 30
    announce()
    assert due_dates.settled_from(year=NEXT) == 0
    due_dates.settle(year=YEAR, by=SYSTEM)  # December's meeting lies in January
    assert due_dates.settled_from(year=NEXT) == 1


# --- the verbs of the committee ----------------------------------------

OFF, WORK = (date(NEXT, 4, 30), False, "清明"), (date(NEXT, 5, 8), True, "劳动节")


@pytest.mark.parametrize("who", ["gongwei", "ducha", "jyj_shuji", "jyj_jgdw", "xitong"])
@pytest.mark.parametrize("verb", ["enter", "clear", "load", "settle", "unsettle"])
def test_only_an_administrator_enters_working_days(city, who, verb):
    by, before = city.user(who), WorkingDay.objects.count()
    what = {"enter": {"days": [OFF]}, "clear": {"days": [date(YEAR, 10, 1)]}}
    with pytest.raises(NotAllowed):
        getattr(calendar_year, verb)(by=by, **what.get(verb, {"year": YEAR}))
    assert WorkingDay.objects.count() == before


def test_an_administrator_enters_days_in_his_name(city):
    by = city.user("gongwei_admin")
    saturday = (date(NEXT, 5, 1), False, "劳动节")
    assert calendar_year.enter(days=[OFF, WORK, saturday], by=by) == (
        calendar_year.Entered(changed=2, idle=1))
    last = AuditEvent.objects.filter(code="core.calendar.set").order_by("-number")[0]
    assert audit.sentence(last) == "周海宁把2027-05-08 周六由周末改为调休上班（劳动节）"


def test_a_worked_weekend_becomes_a_weekend_again_when_it_is_off(city):
    by = city.user("gongwei_admin")
    calendar_year.enter(days=[WORK], by=by)
    calendar_year.enter(days=[(WORK[0], False, "劳动节")], by=by)
    assert not WorkingDay.objects.filter(day=WORK[0]).exists()


@pytest.mark.parametrize("days, sentence", [
    ([OFF, (date(NEXT, 5, 10), True, "劳动节")], "本来就上班"),
    ([OFF, (date(YEAR - 2, 5, 2), False, "劳动节")], "这里只录2025年至2028年"),
    ([OFF, (date(NEXT + 2, 5, 2), False, "劳动节")], "这里只录2025年至2028年"),
    ([OFF, (date(NEXT, 5, 3), False, "节" * 21)], "名称太长"),
    ([(date(NEXT, 5, 1), False, "劳动节")], "不用录"),
])
def test_all_days_are_entered_or_none(city, days, sentence):
    with pytest.raises(Invalid, match=sentence):
        calendar_year.enter(days=days, by=city.user("gongwei_admin"))
    assert not WorkingDay.objects.filter(day__year=NEXT).exists()


def test_days_are_made_plain_again_where_they_were_changed(city):
    by = city.user("gongwei_admin")
    week = [date(YEAR, 10, day) for day in range(1, 8)]
    assert calendar_year.clear(days=week, by=by) == calendar_year.Entered(changed=5, idle=2)
    assert calendar.is_working_day(week[0])
    with pytest.raises(Invalid, match="没有调整过"):
        calendar_year.clear(days=week, by=by)


def test_a_closed_year_keeps_its_days(city, monday):
    by = city.user("gongwei_admin")
    monday.move_to(f"{NEXT}-02-01T02:00:00Z")
    from_closed = date(YEAR, 10, 1)
    calendar_year.clear(days=[from_closed], by=by)
    years.close(year=YEAR, by=by)
    for verb, what in (("clear", {"days": [date(YEAR, 10, 2)]}), ("load", {"year": YEAR}),
                       ("enter", {"days": [(from_closed, False, "国庆节")]}),
                       ("settle", {"year": YEAR})):
        with pytest.raises(Invalid, match="已经封账，工作日不再改"):
            getattr(calendar_year, verb)(by=by, **what)


def test_a_notice_is_loaded_and_left_open_to_be_looked_at(city):
    WorkingDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    seeded = calendar_year.load(year=YEAR, by=city.user("gongwei_admin"))
    assert seeded.added > 20 and not CalendarYear.objects.exists()
    with pytest.raises(Invalid, match="还没有收录2028年"):
        calendar_year.load(year=2028, by=city.user("gongwei_admin"))


def test_entered_is_taken_back_only_while_no_date_rests_on_it(city, next_year):
    by = city.user("gongwei_admin")
    calendar_year.enter(days=[OFF], by=by)
    calendar_year.settle(year=NEXT, by=by)
    calendar_year.settle(year=NEXT, by=by)  # once more changes nothing
    calendar_year.unsettle(year=NEXT, by=by)
    calendar_year.settle(year=NEXT, by=by)
    due_dates.settle(year=NEXT, by=SYSTEM)
    with pytest.raises(Conflict, match=r"已有\d+个期限按2027年的工作日定下"):
        calendar_year.unsettle(year=NEXT, by=by)
    assert calendar.has_year(NEXT)


# --- the task ----------------------------------------


def test_the_task_moves_both_years_and_says_how_many(city, next_year):
    by = city.user("gongwei_admin")
    calendar_year.enter(days=[OFF, (date(NEXT, 1, 4), False, "元旦")], by=by)
    job = tasks.start_settling(year=NEXT, by=by)
    job.refresh_from_db()
    assert (job.state, job.kind, job.done, job.total) == (Job.State.DONE, "settle", 39, 39)
    assert job.message == "定下39个期限，14次任务换了最迟日期。"
    assert april().due_on == BEFORE
    december = city.task("jyj_zb1", "ZB-01", f"{YEAR}-12")
    assert december.due_on == date(NEXT, 1, 5)


def test_a_year_that_is_entered_can_be_settled_again(city, next_year):
    by = city.user("gongwei_admin")
    announce()
    assert tasks.start_settling(year=NEXT, by=by)
    again = tasks.start_settling(year=NEXT, by=by)
    again.refresh_from_db()
    assert again.message == "没有暂定的日期要定。"


def test_a_failing_task_says_so(city, next_year, monkeypatch):
    announce()
    monkeypatch.setattr(due_dates, "move", lambda **values: 1 / 0)
    job = tasks.start_settling(year=NEXT, by=city.user("gongwei_admin"))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "没有做完" in job.message


def test_two_runs_at_once_are_refused(city):
    jobs.start(kind="settle", title="定", by=SYSTEM)
    with pytest.raises(Conflict, match="正在进行"):
        tasks.start_settling(year=YEAR, by=city.user("gongwei_admin"))


def test_the_last_day_that_can_be_entered_follows_the_year(later):
    assert calendar_year.years() == range(YEAR - 1, YEAR + 3)
    later(days=45)
    assert calendar_year.years() == range(YEAR, YEAR + 4)
    assert TODAY + timedelta(days=45) == calendar.today()
