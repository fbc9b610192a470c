"""What follows from a consent: dates, lights and marks, items that do not apply."""

import random
from datetime import date, timedelta

import pytest

from apps.checklists.lights import Light
from apps.checklists.models import Item, Occurrence, Petition, Slot, with_doors
from apps.checklists.services import due_dates, petitioning, publishing, reviewing
from apps.checklists.states import Day, badge, door_badges
from apps.core import audit, calendar
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid
from apps.core.models import AuditEvent, CalendarYear, WorkingDay
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY, YEAR

Kind, State = Petition.Kind, Occurrence.State
LATER = date(2026, 12, 16)
# Five working days after Monday 23 November.
CORRECTION = date(2026, 11, 30)


@pytest.fixture
def clerk(city):
    return city.user("jyj_jgdw")


@pytest.fixture
def granted(city, clerk):
    """`granted(task, kind)`: asked by the branch secretary, consented to by the clerk."""

    def it(task, kind, *, proposed_on=None, **more):
        row = petitioning.ask(occurrence=task, kind=kind, by=city.user("jyj_zb1"),
                              reason="书记出差。", proposed_on=proposed_on)
        return petitioning.grant(petition=row, by=clerk, seen=row.version, **more)

    return it


def fresh(task) -> Occurrence:
    return Occurrence.unscoped.for_page().get(pk=task.pk)


def returned(task, by, reviewer):
    task = hand_in(task, by)
    return fresh(reviewing.return_(occurrence=task, by=reviewer, seen=task.version,
                                   reason="请补一句。"))


def word(task) -> str:
    return badge(fresh(task), Day.now()).word


# --- extension --------------------------------------------------------------------------


def test_an_extension_moves_the_date_to_the_day_asked_for(meeting, granted):
    row = granted(meeting, Kind.EXTENSION, proposed_on=LATER)
    moved = fresh(meeting)
    assert (moved.due_on, moved.state) == (LATER, State.OPEN)
    assert (row.due_before, row.due_after) == (date(2026, 12, 3), LATER)
    assert audit.sentence(audit.last_event(moved)) == (
        "系统把三会一课（11月）的最迟日期由2026-12-03改为2026-12-16，"
        "因为陈立新同意了李一帆的延期申请")


def test_or_to_another_day_that_the_decider_names(meeting, granted):
    row = granted(meeting, Kind.EXTENSION, proposed_on=LATER, until=date(2026, 12, 9))
    assert fresh(meeting).due_on == row.due_after == date(2026, 12, 9)
    assert row.proposed_on == LATER


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 12, 3), date(2027, 2, 1)])
def test_the_decider_keeps_to_the_same_bounds(meeting, granted, day):
    with pytest.raises(Invalid) as refusal:
        granted(meeting, Kind.EXTENSION, proposed_on=LATER, until=day)
    assert list(refusal.value.fields) == ["until"]
    assert fresh(meeting).due_on == date(2026, 12, 3)
    assert Petition.unscoped.get().state == "asked"


def test_a_day_asked_for_that_has_passed_is_not_given(city, meeting, clerk, later):
    row = petitioning.ask(occurrence=meeting, kind=Kind.EXTENSION, by=city.user("jyj_zb1"),
                          reason="出差。", proposed_on=LATER)
    later(days=30)
    with pytest.raises(Invalid, match="12月16日已经过了"):
        petitioning.grant(petition=row, by=clerk, seen=row.version)


def test_what_was_red_is_not_after_an_extension(missed, granted):
    assert word(missed) == "逾期14个工作日"
    granted(missed, Kind.EXTENSION, proposed_on=LATER)
    assert word(missed) == "剩17个工作日"


def test_a_returned_task_gets_more_time_to_correct(city, meeting, clerk, granted):
    task = returned(meeting, city.user("jyj_zb1"), clerk)
    row = granted(task, Kind.EXTENSION, proposed_on=LATER)
    moved = fresh(task)
    assert (moved.state, moved.correct_by, moved.due_on) == (State.RETURNED, LATER, LATER)
    assert (row.due_before, row.due_after) == (date(2026, 12, 3), LATER)


def test_more_time_for_a_correction_does_not_wash_off_a_late_filing(
        city, missed, clerk, granted):
    task = returned(missed, city.user("jyj_zb1"), clerk)
    assert task.correct_by == CORRECTION
    row = granted(task, Kind.EXTENSION, proposed_on=LATER)
    moved = fresh(task)
    assert (moved.correct_by, moved.due_on, moved.is_filed_late) == (LATER, missed.due_on, True)
    assert (row.due_before, row.due_after) == (CORRECTION, LATER)


def test_what_was_agreed_to_is_not_moved_when_the_holidays_are_known(city, meeting, granted):
    publishing.publish(version=city.version(), year=YEAR + 1, by=SYSTEM)
    tasks = Occurrence.unscoped.filter(organization=city.place("jyj_zb1"),
                                       item__duty__code="ZB-02")
    april, may = tasks.get(period="2027-04"), tasks.get(period="2027-05")
    assert (april.due_on, may.due_on) == (date(2027, 4, 30), date(2027, 5, 31))
    granted(april, Kind.EXTENSION, proposed_on=date(2027, 5, 20))
    for day in (april.due_on, may.due_on):
        WorkingDay.objects.create(day=day, is_working=False, name="放假")
    CalendarYear.objects.get_or_create(year=YEAR + 1)
    calendar.forget()
    due_dates.settle(year=YEAR + 1, by=SYSTEM)
    assert fresh(april).due_on == date(2027, 5, 20)
    assert fresh(may).due_on == date(2027, 5, 28)
    assert Slot.objects.get(pk=april.slot_id).due_on == date(2027, 4, 29)


# --- excuse -----------------------------------------------------------------------------


def test_an_excused_task_is_green_and_says_by_whom(meeting, granted):
    granted(meeting, Kind.EXCUSE)
    assert (fresh(meeting).state, word(meeting)) == (State.EXCUSED, "本期免报")
    assert codes(meeting) == ["excuse"]
    assert audit.sentence(audit.last_event(meeting)) == (
        "三会一课（11月）免报：陈立新同意了李一帆的本期免报申请")


def test_what_is_late_or_returned_can_be_excused_as_well(city, meeting, missed, clerk, granted):
    for task in (missed, returned(meeting, city.user("jyj_zb1"), clerk)):
        granted(task, Kind.EXCUSE)
        assert fresh(task).state == State.EXCUSED


# --- explanation ------------------------------------------------------------------------


def test_an_accepted_explanation_stands_beside_the_mark_which_stays(missed, granted):
    granted(missed, Kind.EXPLANATION)
    task = with_doors(Occurrence.unscoped.for_page()).get(pk=missed.pk)
    assert (task.due_on, task.version, word(task)) == (
        missed.due_on, missed.version, "逾期14个工作日")
    assert [each.word for each in door_badges(task)] == ["已说明"]


# --- appeal -----------------------------------------------------------------------------


def test_after_an_appeal_the_red_is_gone_and_there_is_time_to_report(missed, granted):
    row = granted(missed, Kind.APPEAL)
    assert (fresh(missed).due_on, word(missed)) == (CORRECTION, "剩5个工作日")
    assert (row.due_before, row.due_after) == (missed.due_on, CORRECTION)


def test_until_when_is_for_the_decider_to_say(missed, granted):
    granted(missed, Kind.APPEAL, until=date(2026, 11, 25))
    assert fresh(missed).due_on == date(2026, 11, 25)


def test_not_on_a_day_that_has_passed(missed, granted):
    with pytest.raises(Invalid, match="11月20日已经过了"):
        granted(missed, Kind.APPEAL, until=date(2026, 11, 20))


def test_after_an_appeal_a_late_filing_is_not_late(city, missed, granted):
    task = hand_in(missed, city.user("jyj_zb1"))
    assert task.is_filed_late
    granted(task, Kind.APPEAL)
    moved = fresh(task)
    assert (moved.due_on, moved.is_filed_late, moved.state) == (TODAY, False, State.SUBMITTED)


def test_an_accepted_task_loses_its_mark_and_nothing_else(city, missed, clerk, granted):
    task = hand_in(missed, city.user("jyj_zb1"))
    reviewing.accept(occurrence=task, by=clerk, seen=task.version)
    assert word(task) == "迟报14个工作日"
    granted(task, Kind.APPEAL)
    assert word(task) == "审核通过"


def test_a_correction_that_is_late_gets_a_new_date(city, missed, clerk, granted, later):
    task = returned(missed, city.user("jyj_zb1"), clerk)
    later(days=14)
    assert word(task).startswith("逾期")
    granted(task, Kind.APPEAL)
    moved = fresh(task)
    assert moved.correct_by == moved.due_on == date(2026, 12, 14)
    assert (word(task), moved.is_filed_late) == ("退回修改", False)


def test_a_correction_that_has_more_time_than_that_keeps_it(city, missed, clerk, granted):
    """Only its first filing was late; the correction is not shortened for it."""
    task = returned(missed, city.user("jyj_zb1"), clerk)
    Occurrence.unscoped.filter(pk=task.pk).update(correct_by=LATER)
    row = granted(fresh(task), Kind.APPEAL)
    moved = fresh(task)
    assert (moved.correct_by, moved.is_filed_late) == (LATER, False)
    assert (row.due_before, row.due_after) == (missed.due_on, moved.due_on)


def any_task(city, task, pick: random.Random) -> Occurrence:
    """The task in some state with some dates, so that it bears a mark today."""
    state = pick.choice(["open", "returned", "submitted", "accepted"])
    past = TODAY - timedelta(days=pick.randint(1, 300))
    filed = past + timedelta(days=pick.randint(1, (TODAY - past).days))
    values = {"due_on": past, "state": state}
    if state != "open":
        values |= {"report": hand_in(task, city.user("jyj_zb1")).report, "first_filed_on": filed}
    if state == "returned":
        values["correct_by"] = TODAY + timedelta(days=pick.randint(-90, 20))
    Occurrence.unscoped.filter(pk=task.pk).update(**values)
    return fresh(task)


@pytest.mark.parametrize("seed", range(60))
def test_after_an_appeal_nothing_is_red_or_late_on_that_day(city, missed, granted, seed):
    """Whatever the state, the dates, and the day that the decider names."""
    pick = random.Random(seed)
    task, day = any_task(city, missed, pick), Day.now()
    assert day.light(task) == Light.RED or task.is_filed_late
    until = pick.choice([None, TODAY, TODAY + timedelta(days=pick.randint(1, 60))])
    first, last = petitioning.rules.days_to_choose(task)
    if until is not None and task.state in ("open", "returned"):
        until = min(max(first, until), last)
    granted(task, Kind.APPEAL, until=until)
    after = fresh(task)
    assert day.light(after) != Light.RED
    assert not after.is_filed_late


# --- not applicable ---------------------------------------------------------------------


@pytest.fixture
def party_day(city):
    """The branch's party day: January to October are past and open, two are to come."""
    return city.item("jyj_zb1", "ZB-02")


@pytest.fixture
def set_aside(city, clerk):
    """`set_aside(item)`: asked, and consented to."""

    def it(item, by="jyj_zb1"):
        row = petitioning.ask_not_applicable(item=item, by=city.user(by), reason="没有党员。")
        decider = clerk if by == "jyj_zb1" else city.user("gongwei")
        return petitioning.grant(petition=row, by=decider, seen=row.version)

    return it


def states(item) -> dict[str, str]:
    return dict(item.occurrences.order_by("period").values_list("period", "state"))


def test_what_does_not_apply_is_owed_no_more_but_what_was_late_stays(party_day, set_aside):
    set_aside(party_day)
    item = Item.unscoped.get(pk=party_day.pk)
    assert item.not_applicable_since == TODAY
    assert not Item.unscoped.in_force().filter(pk=item.pk).exists()
    assert states(item) == {f"2026-{month:02}": "excused" if month > 10 else "open"
                            for month in range(1, 13)}
    assert audit.sentence(audit.last_event(item)) == "主题党日列为不适用，2次任务免报"


def test_the_nightly_run_brings_no_task_back(city, party_day, set_aside):
    set_aside(party_day)
    party_day.occurrences.filter(period="2026-12").delete()
    publishing.publish(version=city.version(), year=YEAR, by=SYSTEM)
    assert "2026-12" not in states(party_day)


def test_it_is_not_asked_or_granted_twice(city, party_day, set_aside):
    set_aside(party_day)
    with pytest.raises(Conflict, match="这一项已经不适用"):
        set_aside(party_day)


@pytest.fixture
def revoke(clerk):
    def it(row, by=None):
        return petitioning.revoke(petition=row, by=by or clerk, seen=row.version,
                                  answer="新来了两名党员。")

    return it


def test_when_it_applies_again_what_is_to_come_is_owed_again(party_day, set_aside, revoke, later):
    row = set_aside(party_day)
    party_day.occurrences.filter(period="2026-12").delete()
    later(days=2)
    row = revoke(row)
    item = Item.unscoped.get(pk=party_day.pk)
    assert (item.not_applicable_since, row.state) == (None, "revoked")
    assert set(states(item).values()) == {"open"} and len(states(item)) == 12
    assert audit.sentence(audit.last_event(item)) == "主题党日改为适用，恢复任务2次"
    assert audit.sentence(audit.last_event(row)) == (
        "陈立新收回了“不适用：主题党日”，改为适用：“新来了两名党员。”")


def test_what_is_added_is_due_as_early_as_the_list_wants_it(party_day, set_aside, revoke):
    Item.unscoped.filter(pk=party_day.pk).update(days_earlier=7)
    row = set_aside(party_day)
    party_day.occurrences.filter(period="2026-12").delete()
    revoke(row)
    assert party_day.occurrences.get(period="2026-12").due_on == date(2026, 12, 24)


def test_what_passed_meanwhile_is_not_owed_afterwards(party_day, set_aside, revoke, later):
    row = set_aside(party_day)
    party_day.occurrences.filter(period="2026-10").delete()
    later(days=14)
    revoke(row)
    assert states(party_day)["2026-11"] == "excused"
    assert states(party_day)["2026-12"] == "open"
    assert "2026-10" not in states(party_day)


def test_what_was_excused_by_itself_stays_excused(city, party_day, granted, set_aside, revoke):
    granted(city.task("jyj_zb1", "ZB-02", "2026-12"), Kind.EXCUSE)
    revoke(set_aside(party_day))
    assert (states(party_day)["2026-11"], states(party_day)["2026-12"]) == ("open", "excused")


def test_only_not_applicable_is_taken_back(meeting, granted, revoke):
    with pytest.raises(Conflict, match="只有“不适用”可以改回来"):
        revoke(granted(meeting, Kind.EXCUSE))


def test_it_is_taken_back_once(party_day, set_aside, revoke):
    row = revoke(set_aside(party_day))
    with pytest.raises(Conflict, match="陈立新收回了"):
        revoke(row)


def test_what_was_fulfilled_along_stands_on_its_own_feet(city, party_day, set_aside):
    """A bearing item that falls away takes none with it."""
    other = city.item("jyj_zb1", "ZB-01")
    other.occurrences.all().delete()
    Item.unscoped.filter(pk=other.pk).update(fulfilled_by=party_day)
    set_aside(party_day)
    other.refresh_from_db()
    assert other.fulfilled_by is None
    assert sorted(states(other)) == ["2026-11", "2026-12"]
    assert "三会一课不再随别的事项一并履行" in audit.sentence(audit.last_event(other))


def test_the_consent_is_told_once_in_the_list_history(city, party_day, set_aside):
    row = set_aside(party_day)
    events = AuditEvent.objects.within(city.checklist("jyj_zb1")).order_by("number")
    told = [audit.sentence(each) for each in events if "不适用" in audit.sentence(each)]
    assert told == [f"李一帆提出“{row}”：没有党员。",
                    "主题党日（11月）免报：陈立新同意了李一帆的不适用申请",
                    "主题党日（12月）免报：陈立新同意了李一帆的不适用申请",
                    "主题党日列为不适用，2次任务免报", f"陈立新同意了“{row}”"]
