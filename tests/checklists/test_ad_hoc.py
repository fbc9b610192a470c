"""临时任务: chosen units are asked for something, and the load is shown before."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists.models import AdHocTask, Item, Occurrence
from apps.checklists.services import ad_hoc
from apps.checklists.services.recipients import Shape
from apps.checklists.services.reporting import CLASSIFIED
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed, NotVisible
from apps.core.models import AuditEvent
from apps.core.scoping import get_visible_or_404
from apps.duties.models import Duty
from apps.organizations import services
from apps.organizations.permissions import Permission
from tests.checklists.sending import MONDAY, ask, opened, places, send
from tests.checklists.steps import hand_in
from tests.city import TODAY

State = Occurrence.State


@pytest.fixture
def wang(city):
    return city.user("gongwei")


def chosen(by, **filters) -> list[str]:
    return [each.unit.code for each in ad_hoc.choose(by=by, **filters)]


def lacking(city, what) -> dict:
    with pytest.raises(Invalid) as refusal:
        send(city, "jyj", what=what)
    return refusal.value.fields


# --- choosing -----------------------------------------------------------------------------


def test_without_a_filter_everybody_is_chosen(wang):
    assert chosen(wang) == ["JYJ", "CZJ", "DAG"]


@pytest.mark.parametrize("shape, expected", [
    (Shape.ORGAN_COMMITTEE, ["JYJ"]), (Shape.GENERAL_BRANCH, ["CZJ"]),
    (Shape.SINGLE_BRANCH, ["DAG"]), (Shape.PARTY_COMMITTEE, [])])
def test_units_are_chosen_by_their_shape(wang, shape, expected):
    assert chosen(wang, shape=shape) == expected


def test_a_unit_led_by_a_party_committee_is_chosen_by_it(city, wang):
    place = city.place("czj")
    type(place).objects.filter(pk=place.pk).update(leading_body="party_committee")
    assert chosen(wang, shape=Shape.PARTY_COMMITTEE) == ["CZJ"]


def test_units_are_chosen_by_their_liaison_officer(city, wang):
    assert chosen(wang, officer=wang.pk) == ["JYJ"]
    assert chosen(wang, officer=city.user("gongwei_admin").pk) == []


def test_a_member_with_a_portfolio_is_no_liaison_officer(city, wang):
    assert chosen(wang, officer=city.user("jyj_chengyuan").pk) == []


@pytest.mark.parametrize("facts, expected", [
    (["window_unit"], ["JYJ", "DAG"]), (["several_branches"], ["JYJ", "CZJ"]),
    (["window_unit", "several_branches"], ["JYJ"])])
def test_units_are_chosen_by_their_facts(wang, facts, expected):
    assert chosen(wang, facts=facts) == expected


def test_filters_narrow_one_another(wang):
    assert chosen(wang, officer=wang.pk, shape=Shape.SINGLE_BRANCH) == []


def test_the_choice_asks_as_often_for_one_unit_as_for_many(city, wang):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            ad_hoc.choose(by=wang)
        return len(queries)

    assert chosen(wang) == ["JYJ", "CZJ", "DAG"]
    few = count()
    for number in range(9):
        services.found(kind="unit", name=f"第{number}局党组", short_name=f"{number}局",
                       code=f"U{number}", parent=city.place("gw"), by=SYSTEM)
    assert len(chosen(wang)) == 12
    assert count() == few


# --- preview ------------------------------------------------------------------------------


def test_the_load_is_shown_before_sending(city, wang):
    units = [city.place("jyj").pk, city.place("czj").pk]
    plan = ad_hoc.preview(ask=ask(subject="branch"), units=units, by=wang)
    found = [(s.unit.code, s.entries, s.minutes) for s in plan.shares]
    assert found == [("JYJ", 4, 40), ("CZJ", 2, 20)]
    assert (plan.entries, plan.minutes) == (6, 60)
    assert not AdHocTask.unscoped.exists()


def test_what_a_unit_owes_this_month_is_shown(city, wang):
    inside = Occurrence.unscoped.to_do().filter(
        due_on__lt=date(2026, 12, 1), organization__code__startswith="JYJ")
    (share,) = ad_hoc.preview(ask=ask(), units=[city.place("jyj").pk], by=wang).shares
    assert share.open_now == inside.count() > 0
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-10"), city.user("jyj_zb1"))
    (share,) = ad_hoc.preview(ask=ask(), units=[city.place("jyj").pk], by=wang).shares
    assert share.open_now == inside.count()


def test_a_unit_without_such_a_list_is_named_and_skipped(city, wang):
    """The catalogue of the tests asks nothing of 机关纪委; elsewhere its duties are borne along."""
    units = [city.place("jyj").pk, city.place("dag").pk]
    plan = ad_hoc.preview(ask=ask(subject="discipline_committee"), units=units, by=wang)
    assert [share.unit.code for share in plan.shares] == ["DAG"]
    assert [unit.code for unit in plan.skipped] == ["JYJ"]


def test_a_duty_of_the_catalogue_with_the_same_title_is_pointed_out(city, wang):
    what = ask(title="思想动态分析")
    (warning,) = ad_hoc.preview(ask=what, units=[city.place("jyj").pk], by=wang).warnings
    assert warning == "责任目录里已有“思想动态分析”（DZ-03，每半年），问的是同一件事。"


def test_a_duty_with_nearly_the_same_text_is_pointed_out(city, wang):
    what = ask(text=Duty.objects.get(code="DZ-03").text.replace("干部职工", "职工"))
    (warning,) = ad_hoc.preview(ask=what, units=[city.place("jyj").pk], by=wang).warnings
    assert "DZ-03" in warning


def test_the_same_text_for_another_subject_is_another_thing(city, wang):
    what = ask(text=Duty.objects.get(code="DZ-03").text, subject="branch")
    assert ad_hoc.preview(ask=what, units=[city.place("jyj").pk], by=wang).warnings == []


def test_a_task_that_was_sent_this_year_is_pointed_out(city, wang, later):
    task = send(city, "jyj")
    later(days=1)
    (warning,) = ad_hoc.preview(ask=ask(), units=[city.place("czj").pk], by=wang).warnings
    assert warning == "11月23日下发过“窗口服务情况统计”（LS-01），问的是同一件事。"
    ad_hoc.withdraw(task=task, reason="改到明年。", by=wang)
    assert ad_hoc.preview(ask=ask(), units=[city.place("czj").pk], by=wang).warnings == []


# --- sending ------------------------------------------------------------------------------


def test_every_chosen_unit_has_it_on_its_list_and_in_its_to_do(city):
    task = send(city, "jyj", "czj", "dag")
    assert places(task) == ["JYJ", "CZJ", "DAG"]
    row = opened(task)[0]
    assert (row.starts_on, row.ends_on, row.due_on) == (TODAY, MONDAY, MONDAY)
    assert (row.slot_id, row.period, row.event, row.state) == (None, "", "", State.OPEN)
    assert str(row) == "窗口服务情况统计"
    assert row.item.checklist == city.checklist("jyj", "party_group")


def test_it_is_a_duty_of_its_own_outside_of_the_catalogue(city):
    duty = send(city, "jyj").duty
    assert (duty.origin, duty.code, duty.version, duty.cadence) == ("ad_hoc", "LS-01", None, "once")
    assert duty.why == "依据：市直工委〔2026〕12号"
    assert not Duty.objects.filter(code="LS-01").exists()
    assert send(city, "czj", what=ask(title="又一项统计")).duty.code == "LS-02"


@pytest.mark.parametrize("subject, expected", [
    ("party_group", ["JYJ", "CZJ", "DAG"]),
    ("secretary", ["JYJ", "CZJ", "DAG"]),
    ("organ_committee", ["JYJ_JGDW", "CZJ_ZZ", "DAG_ZB"]),
    ("discipline_committee", ["CZJ_ZZ", "DAG_ZB"]),
    ("branch", ["JYJ_ZB1", "JYJ_ZB2", "JYJ_ZB3", "JYJ_ZB4", "CZJ_ZB1", "CZJ_ZB2", "DAG_ZB"]),
])
def test_the_rule_of_bearers_decides_whose_list_gets_it(city, subject, expected):
    assert sorted(places(send(city, "jyj", "czj", "dag", what=ask(subject=subject)))) == sorted(
        expected)


def test_a_leaders_task_stands_on_his_own_list(city):
    (row,) = opened(send(city, "jyj", what=ask(subject="secretary")))
    assert row.item.checklist.holder == city.user("jyj_shuji")


def test_a_leader_who_has_left_is_not_asked(city):
    services.end(appointment=city.user("jyj_shuji").posts[0], by=SYSTEM)
    with pytest.raises(Invalid) as refusal:
        send(city, "jyj", what=ask(subject="secretary"))
    assert refusal.value.fields == {"units": "选中的单位都没有这类清单，没有下发。"}


def test_units_that_were_not_chosen_get_nothing(city):
    task = send(city, "jyj")
    assert Item.unscoped.filter(duty=task.duty).count() == 1


def test_it_is_reported_and_reviewed_like_any_other(city):
    (row,) = opened(send(city, "jyj"))
    row = hand_in(row, city.user("jyj_jgdw"))
    assert (row.state, row.reviewed_by.code) == (State.SUBMITTED, "GW")


def test_its_evidence_is_asked_like_that_of_any_other(city):
    (row,) = opened(send(city, "jyj", what=ask(evidence="number")))
    with pytest.raises(Invalid) as refusal:
        hand_in(row, city.user("jyj_jgdw"))
    assert "document_number" in refusal.value.fields


def test_one_event_for_the_run_and_one_for_each_unit(city):
    before = AuditEvent.objects.count()
    task = send(city, "jyj", "czj", what=ask(subject="branch"))
    events = list(AuditEvent.objects.order_by("number"))[before:]
    assert [audit.sentence(each) for each in events] == [
        "王启明下发临时任务《窗口服务情况统计》（LS-01）：2个单位，6项",
        "王启明向中共云川市教育局党组下发临时任务《窗口服务情况统计》：4项",
        "王启明向中共云川市财政局党组下发临时任务《窗口服务情况统计》：2项"]
    assert events[0].target_id == str(task.pk)


def test_sending_asks_as_often_for_one_unit_as_for_three(city, wang):
    def count(*keys, **values) -> int:
        what, units = ask(**values), [city.place(key).pk for key in keys]
        with CaptureQueriesContext(connection) as queries:
            ad_hoc.send(ask=what, units=units, by=city.user("gongwei"))
        return len(queries)

    assert count("jyj") == count("jyj", "czj", "dag", title="又一项统计", subject="branch",
                                 text="报支部有几个党小组。")


def test_a_second_tap_sends_nothing(city):
    send(city, "jyj")
    with pytest.raises(Conflict, match="今天已经下发过“窗口服务情况统计”"):
        send(city, "jyj")
    assert AdHocTask.unscoped.count() == 1


def test_the_same_may_be_asked_again_on_another_day(city, later):
    send(city, "jyj")
    later(days=1)
    assert send(city, "jyj").duty.code == "LS-02"


@pytest.mark.parametrize("field, value, sentence", [
    ("title", " ", "这里不能空着。"), ("title", "十" * 15, "请写在14字以内。"),
    ("basis", "", "这里不能空着。"), ("text", "", "这里不能空着。"),
    ("evidence_why", "", "这里不能空着。"), ("text", "报机密★10年的数。", CLASSIFIED),
    ("standard", "秘密★", CLASSIFIED), ("minutes", 0, "请填1至480分钟。"),
    ("minutes", 481, "请填1至480分钟。"),
    ("due_on", TODAY, "最早填明天：今天下发，单位要有时间办。"),
    ("due_on", date(2027, 1, 4), "请填2026年内的日期，明年的事明年下发。"),
    ("subject", "committee", "临时任务下发给单位，工委自己的事不在这里下发。")])
def test_what_cannot_be_asked_is_said_at_its_field(city, field, value, sentence):
    assert lacking(city, ask(**{field: value})) == {field: sentence}
    assert not AdHocTask.unscoped.exists() and not Duty.every.filter(origin="ad_hoc").exists()


def test_it_may_be_due_tomorrow(city):
    (row,) = opened(send(city, "jyj", what=ask(due_on=date(2026, 11, 24))))
    assert row.due_on == date(2026, 11, 24)


def test_somebody_must_be_chosen(city):
    with pytest.raises(Invalid) as refusal:
        send(city)
    assert refusal.value.fields == {"units": "请至少选一个单位。"}


@pytest.mark.parametrize("who", ["ducha", "jyj_shuji", "jyj_jgdw", "jyj_zb1", "xitong"])
def test_only_the_committees_officers_send(city, who):
    units = [city.place("jyj").pk]
    for verb in (lambda by: ad_hoc.choose(by=by), lambda by: send(city, "jyj", by=by.username),
                 lambda by: ad_hoc.preview(ask=ask(), units=units, by=by)):
        with pytest.raises(NotAllowed):
            verb(city.user(who))
    assert not AdHocTask.unscoped.exists()


def test_units_do_not_meet_the_task_itself_nor_one_anothers_rows(city):
    task = send(city, "jyj", "czj")
    for who in ("jyj_jgdw", "jyj_shuji", "czj_zz"):
        with pytest.raises(NotVisible):
            get_visible_or_404(AdHocTask, city.user(who), for_=Permission.CHECKLIST_VIEW,
                               pk=task.pk)
        rows = Occurrence.objects.visible_to(city.user(who), for_=Permission.CHECKLIST_VIEW)
        seen = [row.organization.code for row in rows.filter(opened_by=task.key)]
        assert seen == [{"j": "JYJ", "c": "CZJ"}[who[0]]]
