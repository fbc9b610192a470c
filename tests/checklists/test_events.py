"""发生一次: a task opens because something happened."""

from datetime import date

import pytest

from apps.checklists.services import events
from apps.checklists.services.reporting import CLASSIFIED
from apps.core import audit
from apps.core.errors import Conflict, Invalid, NotAllowed
from tests.checklists.steps import hand_in
from tests.city import TODAY

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def chen(city):
    return city.user("jyj_jgdw")


@pytest.fixture
def talk(city):
    """新任书记任职谈话, within ten working days."""
    return city.item("jyj_jgdw", "JG-02")


def open_one(item, by, event="第二党支部新任书记", on=FRIDAY):
    return events.open_event(item=item, event=event, happened_on=on, by=by)


def lacking(item, by, **values) -> dict:
    with pytest.raises(Invalid) as refusal:
        open_one(item, by, **values)
    return refusal.value.fields


def test_it_is_due_so_many_working_days_after_the_day(talk, chen):
    row = open_one(talk, chen)
    assert talk.duty.days_after_event == 10
    assert (row.starts_on, row.due_on, row.ends_on) == (
        FRIDAY, date(2026, 12, 4), date(2026, 12, 4))


def test_holidays_do_not_count(talk, chen):
    """From 30 September over the National Day week, with the worked Saturday 10 October."""
    assert open_one(talk, chen, on=date(2026, 9, 30)).due_on == date(2026, 10, 20)


def test_it_is_named_after_the_event(talk, chen):
    row = open_one(talk, chen)
    assert str(row) == "新任书记任职谈话：第二党支部新任书记"
    assert audit.sentence(audit.last_event(row)) == f"陈立新登记了{row}"


def test_it_is_filled_in_like_any_other(talk, chen):
    row = hand_in(open_one(talk, chen), chen)
    assert (row.state, row.reviewed_by.code) == ("submitted", "GW")


def test_the_same_event_of_the_same_day_is_opened_once(talk, chen):
    open_one(talk, chen)
    with pytest.raises(Conflict, match="“第二党支部新任书记”已经登记过了"):
        open_one(talk, chen)


def test_the_same_words_on_another_day_are_another_event(talk, chen):
    open_one(talk, chen)
    open_one(talk, chen, on=TODAY)
    assert talk.occurrences.count() == 2


def test_two_events_on_one_day_are_two(talk, chen):
    open_one(talk, chen)
    open_one(talk, chen, event="第三党支部新任书记")
    assert talk.occurrences.count() == 2


def test_a_day_to_come_is_refused(talk, chen):
    assert lacking(talk, chen, on=date(2026, 11, 24)) == {
        "happened_on": "11月24日还没到，发生以后再登记。"}


def test_today_is_taken(talk, chen):
    assert open_one(talk, chen, on=TODAY).starts_on == TODAY


def test_a_day_of_another_year_is_refused(talk, chen):
    assert lacking(talk, chen, on=date(2025, 12, 31)) == {
        "happened_on": "这是2026年的清单，请填这一年的日期。"}


def test_it_needs_a_name(talk, chen):
    assert lacking(talk, chen, event="") == {"event": "请写一句是什么事。"}


def test_a_secret_mark_in_the_name_is_refused(talk, chen):
    assert lacking(talk, chen, event="学习机密★10年文件") == {"event": CLASSIFIED}


def test_a_refused_event_leaves_no_task(talk, chen):
    lacking(talk, chen, event="")
    assert not talk.occurrences.exists()


@pytest.mark.parametrize("duty", ["ZB-01", "ZB-03"])
def test_a_duty_with_a_rhythm_has_no_events(city, duty):
    with pytest.raises(NotAllowed):
        open_one(city.item("jyj_zb1", duty), city.user("jyj_zb1"))


def test_without_the_look_at_the_cadence_it_would_open(city, monkeypatch):
    item = city.item("jyj_zb1", "ZB-01")
    monkeypatch.setattr(events, "may_open", lambda item, user: True)
    monkeypatch.setattr(events.due_dates, "after_event", lambda **of: TODAY)
    assert open_one(item, city.user("jyj_zb1")).event == "第二党支部新任书记"


@pytest.mark.parametrize("who", ["jyj_shuji", "jyj_zb1", "czj_zz", "gongwei", "ducha"])
def test_only_who_fills_in_the_list_opens_it(city, talk, who):
    with pytest.raises(NotAllowed):
        open_one(talk, city.user(who))
