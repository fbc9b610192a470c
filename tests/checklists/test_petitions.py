"""Petitions: who may ask and answer what, when, and in which sentence."""

from datetime import date

import pytest

from apps.checklists import todo
from apps.checklists.models import Occurrence, Petition
from apps.checklists.services import petition_rules, petitioning
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.organizations.models import Appointment
from tests.checklists.petition_steps import (
    FUTURE,
    LATER,
    MARKED,
    WHY,
    ask_for_himself,
    grant,
    refuse,
    said,
    task_for,
)
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY

Kind, State = Petition.Kind, Petition.State


# --- ask --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_who_fills_the_task_asks_and_who_reviews_it_is_asked(city, ask, kind):
    row = ask(kind)
    assert (row.state, row.addressed_to) == (State.ASKED, city.place("jyj_jgdw"))
    assert said(row) == f"李一帆提出“{row}”：{WHY}"


@pytest.mark.parametrize("kind", Kind)
def test_the_clerk_of_the_branch_asks_as_well(ask, kind):
    assert ask(kind, who="jyj_zb1_jb").state == State.ASKED


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("who", ["jyj_zb2", "jyj_jgdw", "ducha", "gongwei_admin", "xitong"])
def test_who_does_not_fill_it_cannot_ask(ask, kind, who):
    with pytest.raises(NotAllowed):
        ask(kind, who=who)
    assert not Petition.unscoped.exists()


def test_a_leaders_clerk_asks_for_him(city, ask):
    row = ask(Kind.EXPLANATION, who="jyj_jgdw", task=city.task("jyj", "SJ-01"))
    assert (row.holder_id, row.addressed_to) == (city.user("jyj_shuji").pk, city.place("gw"))


def test_a_member_of_the_leadership_does_not_ask_for_another(city, ask):
    with pytest.raises(NotAllowed):
        ask(Kind.EXPLANATION, who="jyj_chengyuan", task=city.task("jyj", "SJ-01"))


def test_where_only_the_asker_decides_the_next_above_is_asked(city, ask):
    """The organ committee without anybody else: its clerk asks for the branch as its clerk."""
    Appointment.unscoped.filter(user=city.user("jyj_jgdwsj")).update(ends_on=date(2026, 11, 1))
    Appointment.unscoped.create(
        user=city.user("jyj_jgdw"), role="branch_clerk", organization=city.place("jyj_zb1"),
        starts_on=date(2026, 1, 4))
    row = ask(Kind.EXCUSE, who="jyj_jgdw")
    assert row.addressed_to == city.place("jyj")
    assert ask(Kind.EXTENSION).addressed_to == city.place("jyj_jgdw")


def test_one_petition_of_a_kind_waits_at_a_time(ask):
    first = ask(Kind.EXTENSION)
    told = "李一帆11月23日 10:00已经提出延期：三会一课（11月），等市教育局机关党委答复"
    with pytest.raises(Conflict, match=told):
        ask(Kind.EXTENSION, who="jyj_zb1_jb")
    assert ask(Kind.EXCUSE).pk != first.pk


def test_an_item_is_asked_about_once(ask):
    ask(Kind.NOT_APPLICABLE)
    with pytest.raises(Conflict, match="已经提出不适用：主题党日"):
        ask(Kind.NOT_APPLICABLE, who="jyj_zb1_jb")


def test_after_an_answer_the_same_can_be_asked_again(city, ask):
    refuse(ask(Kind.EXTENSION), city.user("jyj_jgdw"))
    assert ask(Kind.EXTENSION).state == State.ASKED


@pytest.mark.parametrize("kind", FUTURE)
def test_what_is_reported_needs_no_more_time(city, ask, kind):
    task = hand_in(task_for(city, kind), city.user("jyj_zb1"))
    with pytest.raises(Conflict, match="现在不用报，不必申请"):
        ask(kind, task=task)


@pytest.mark.parametrize("kind", MARKED)
def test_without_a_mark_there_is_nothing_to_explain(city, ask, kind):
    with pytest.raises(Conflict, match="没有逾期或者迟报的标记"):
        ask(kind, task=city.task("jyj_zb1", "ZB-01", "2026-11"))


@pytest.mark.parametrize("kind", MARKED)
def test_a_late_filing_can_be_explained_after_it_was_accepted(city, ask, kind):
    task = hand_in(task_for(city, kind), city.user("jyj_zb1"))
    Occurrence.unscoped.filter(pk=task.pk).update(state="accepted")
    assert ask(kind).state == State.ASKED


@pytest.mark.parametrize("reason, sentence", [
    ("", "请写一句理由。"), ("  ", "请写一句理由。"), ("见机密★文件", "密级标志")])
def test_a_reason_is_asked_and_secrets_are_refused(city, reason, sentence):
    with pytest.raises(Invalid, match=sentence) as refusal:
        petitioning.ask(occurrence=task_for(city, Kind.EXCUSE), kind=Kind.EXCUSE, reason=reason,
                        by=city.user("jyj_zb1"))
    assert list(refusal.value.fields) == ["reason"]


@pytest.mark.parametrize("day, sentence", [
    (None, "请填延到哪一天。"), (date(2026, 11, 20), "11月20日已经过了"),
    (date(2026, 12, 1), "现在最迟是12月3日，请填更晚的日期。"),
    (date(2026, 12, 3), "现在最迟是12月3日，请填更晚的日期。"),
    (date(2027, 2, 1), "最晚可以到2027年1月31日。")])
def test_an_extension_names_a_day_within_its_bounds(city, ask, day, sentence):
    assert city.task("jyj_zb1", "ZB-01", "2026-11").due_on == date(2026, 12, 3)
    with pytest.raises(Invalid, match=sentence) as refusal:
        ask(Kind.EXTENSION, proposed_on=day)
    assert list(refusal.value.fields) == ["proposed_on"]


def test_how_far_an_extension_reaches_is_a_setting(ask, settings):
    settings.EXTENSION_MAX_DAYS = 13
    assert ask(Kind.EXTENSION, proposed_on=LATER).proposed_on == LATER


def test_a_day_beyond_that_is_refused(ask, settings):
    settings.EXTENSION_MAX_DAYS = 12
    with pytest.raises(Invalid, match="最晚可以到2026年12月15日。"):
        ask(Kind.EXTENSION, proposed_on=LATER)


def test_what_is_late_is_put_off_from_today_on(city, ask, settings):
    settings.EXTENSION_MAX_DAYS = 3
    task = city.task("jyj_zb1", "ZB-01", "2026-10")
    assert petition_rules.days_to_choose(task) == (TODAY, date(2026, 11, 26))


def test_only_the_catalogues_items_are_asked_about(city, ask):
    duty = city.item("jyj_zb1", "ZB-02").duty
    for origin, sentence in (("own", "自定事项"), ("ad_hoc", "临时任务")):
        type(duty).every.filter(pk=duty.pk).update(origin=origin, version=None)
        with pytest.raises(Conflict, match=sentence):
            ask(Kind.NOT_APPLICABLE)


# --- answer -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("who", ["jyj_jgdw", "jyj_jgdwsj"])
def test_who_decides_at_the_place_asked_consents(city, ask, kind, who):
    row = grant(ask(kind), city.user(who))
    verb = "采纳" if kind == Kind.EXPLANATION else "同意"
    assert (row.state, row.decided_by) == (State.GRANTED, city.user(who))
    assert said(row) == f"{city.user(who).name}{verb}了“{row}”"


@pytest.mark.parametrize("kind", Kind)
def test_consent_may_carry_a_sentence(city, ask, kind):
    assert said(grant(ask(kind), city.user("jyj_jgdw"), answer="抓紧。")).endswith("”：“抓紧。”")


@pytest.mark.parametrize("kind", Kind)
def test_a_refusal_changes_nothing_but_the_petition(city, ask, kind):
    task, petition = task_for(city, kind), ask(kind)
    row = refuse(petition, city.user("jyj_jgdw"))
    verb = "不采纳" if kind == Kind.EXPLANATION else "不同意"
    assert row.state == State.REFUSED
    assert said(row) == f"陈立新{verb}“{row}”：“不同意，请按期报。”"
    assert task_for(city, kind).version == task.version
    assert codes(task) == []


@pytest.mark.parametrize("kind", Kind)
def test_a_refusal_says_why(city, ask, kind):
    with pytest.raises(Invalid, match="理由"):
        refuse(ask(kind), city.user("jyj_jgdw"), answer=" ")


def test_an_answer_holds_no_secrets(city, ask):
    row = ask(Kind.EXCUSE)
    for verb in (petitioning.grant, petitioning.refuse):
        with pytest.raises(Invalid, match="密级标志"):
            verb(petition=row, by=city.user("jyj_jgdw"), seen=row.version, answer="绝密★")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "who", ["jyj_zb1", "jyj_zb2", "jyj_chengyuan", "gongwei", "ducha", "czj_zz"])
def test_nobody_else_answers(city, ask, kind, who):
    row = ask(kind)
    for verb in (grant, refuse):
        with pytest.raises(NotAllowed):
            verb(row, city.user(who))
    assert Petition.unscoped.get().state == State.ASKED


def test_nobody_answers_his_own(city):
    row = ask_for_himself(city)
    with pytest.raises(NotAllowed, match="不能由自己"):
        grant(row, city.user("jyj_jgdw"))
    assert grant(row, city.user("jyj_jgdwsj")).state == State.GRANTED


def test_the_leader_concerned_does_not_answer_for_himself(city, ask):
    """His clerk asks for the secretary, who for once is an officer of the committee as well."""
    leader = city.user("jyj_shuji")
    Appointment.unscoped.create(user=leader, role="committee_officer", starts_on=date(2026, 1, 4),
                                organization=city.place("gw"))
    row = ask(Kind.EXPLANATION, who="jyj_jgdw", task=city.task("jyj", "SJ-01"))
    with pytest.raises(NotAllowed, match="不能由自己"):
        grant(row, city.user("jyj_shuji"))
    assert row not in todo.to_decide(city.user("jyj_shuji"))
    assert grant(row, city.user("gongwei")).state == State.GRANTED


def test_of_two_deciders_the_second_is_told_who_was_first(city, ask):
    row = ask(Kind.EXTENSION)
    grant(row, city.user("jyj_jgdw"))
    with pytest.raises(Conflict, match="陈立新同意了“延期：三会一课（11月）”"):
        refuse(row, city.user("jyj_jgdwsj"))
    assert Petition.unscoped.get().state == State.GRANTED


def test_what_was_reported_meanwhile_is_not_put_off(city, ask):
    row = ask(Kind.EXTENSION)
    hand_in(task_for(city, Kind.EXTENSION), city.user("jyj_zb1"))
    with pytest.raises(Conflict, match="现在不用报"):
        grant(row, city.user("jyj_jgdw"))
    assert refuse(row, city.user("jyj_jgdw"), answer="已经报了。").state == State.REFUSED


# --- withdraw ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_the_asker_withdraws(city, ask, kind):
    row = ask(kind)
    row = petitioning.withdraw(petition=row, by=city.user("jyj_zb1"), seen=row.version)
    assert (row.state, said(row)) == (State.WITHDRAWN, f"李一帆撤回了“{row}”")


@pytest.mark.parametrize("who", ["jyj_zb1_jb", "jyj_jgdw", "czj_zb1"])
def test_only_the_asker_withdraws(city, ask, who):
    row = ask(Kind.EXTENSION)
    with pytest.raises(NotAllowed):
        petitioning.withdraw(petition=row, by=city.user(who), seen=row.version)


def test_what_is_answered_is_not_withdrawn(city, ask):
    row = grant(ask(Kind.EXTENSION), city.user("jyj_jgdw"))
    with pytest.raises(Conflict, match="陈立新同意了"):
        petitioning.withdraw(petition=row, by=city.user("jyj_zb1"), seen=row.version)
