"""Taking a list on: who deliberates, signs, approves, and opens it again."""

from datetime import date

import pytest

from apps.checklists import adoptions
from apps.checklists.models import Adoption, Checklist, Item, ListYear
from apps.checklists.services import adopting
from apps.core import audit
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from tests.city import TODAY

State = Adoption.State


def fill_in(checklist) -> None:
    """Measures and owners everywhere, so that a meeting can take the list on."""
    Item.unscoped.filter(checklist=checklist).update(measures="按季度看进度", owner="吴敏")


def state(checklist) -> str:
    return Adoption.unscoped.get(checklist=checklist).state


@pytest.fixture
def party_group(city):
    found = city.checklist("jyj", "party_group")
    fill_in(found)
    return found


@pytest.fixture
def deliberated(city, party_group):
    return adopting.deliberate(checklist=party_group, held_on=TODAY, minutes_number="〔2026〕31号",
                               by=city.user("jyj_jgdw"), seen=0)


@pytest.fixture
def member(city):
    """A member's list; the small catalogue has none."""
    like = city.checklist("jyj", "party_group")
    return Checklist.objects.create(
        organization=like.organization, subject="member", year=like.year, version=like.version,
        holder=city.user("jyj_chengyuan"), published_on=TODAY, counts_from=TODAY)


@pytest.mark.parametrize("who, refused", [("jyj_shuji", None), ("jyj_jgdw", NotAllowed)])
def test_a_list_without_a_row_gets_it_with_its_first_step(city, who, refused):
    own = city.checklist("jyj", "secretary")
    Adoption.unscoped.filter(checklist=own).delete()
    own = city.checklist("jyj", "secretary")
    if refused:
        with pytest.raises(refused):
            adopting.sign_own(checklist=own, by=city.user(who), seen=0)
    else:
        adopting.sign_own(checklist=own, by=city.user(who), seen=0)
    assert Adoption.unscoped.filter(checklist=own).exists() is (refused is None)


# --- a party group ---------------------------


def test_a_party_group_deliberates_and_its_secretary_signs(city, party_group, deliberated, later):
    assert (deliberated.state, deliberated.deliberated_on) == (State.DELIBERATED, TODAY)
    later(days=2)
    row = adopting.sign(checklist=party_group, by=city.user("jyj_shuji"), seen=deliberated.version)
    assert (row.state, row.signed_by.name) == (State.ADOPTED, "郑立群")
    assert row.signed_on == row.adopted_on == date(2026, 11, 25)
    line = adoptions.facts(city.checklist("jyj", "party_group"))
    assert line == "11月23日党组审议（〔2026〕31号），郑立群11月25日签认，11月25日已报工委备案"


def test_before_the_meeting_nobody_signs_it(city, party_group):
    with pytest.raises(Conflict, match="要先登记审议"):
        adopting.sign(checklist=party_group, by=city.user("jyj_shuji"))
    assert state(party_group) == State.TAILORING


def test_a_member_signs_no_list_but_his_own(city, party_group, deliberated):
    with pytest.raises(NotAllowed):
        adopting.sign(checklist=party_group, by=city.user("jyj_chengyuan"))


@pytest.mark.parametrize("who", ["jyj_chengyuan", "jyj_jw", "czj_zz", "gongwei", "ducha"])
def test_nobody_else_registers_the_meeting(city, party_group, who):
    with pytest.raises(NotAllowed):
        adopting.deliberate(checklist=party_group, held_on=TODAY, minutes_number="1号",
                            by=city.user(who))
    assert state(party_group) == State.TAILORING


@pytest.mark.parametrize("held_on, number, field", [
    (date(2026, 11, 24), "1号", "held_on"), (date(2024, 12, 31), "1号", "held_on"),
    (TODAY, " ", "minutes_number"), (TODAY, "号" * 101, "minutes_number"),
    (TODAY, "机密★1号", "minutes_number"),
])
def test_date_and_number_of_the_meeting_are_checked(city, party_group, held_on, number, field):
    with pytest.raises(Invalid) as refusal:
        adopting.deliberate(checklist=party_group, held_on=held_on, minutes_number=number,
                            by=city.user("jyj_jgdw"))
    assert list(refusal.value.fields) == [field]
    assert state(party_group) == State.TAILORING


def test_a_meeting_at_the_end_of_the_year_before_is_taken(city, party_group):
    row = adopting.deliberate(checklist=party_group, held_on=date(2025, 12, 30),
                              minutes_number="号" * 100, by=city.user("jyj_jgdw"))
    assert row.state == State.DELIBERATED


def test_a_list_with_open_places_is_not_deliberated(city, party_group):
    Item.unscoped.filter(checklist=party_group, duty__code="DZ-04").update(owner="")
    with pytest.raises(Conflict, match="还有1项没有填好措施或责任人"):
        adopting.deliberate(checklist=party_group, held_on=TODAY, minutes_number="1号",
                            by=city.user("jyj_jgdw"))


def test_what_is_not_asked_leaves_no_open_place(city):
    found = city.checklist("jyj", "party_group")
    assert {item.duty.code for item in adoptions.unfilled(found)} == {"DZ-01", "DZ-02", "DZ-04"}
    Item.unscoped.filter(checklist=found, duty__code="DZ-01").update(not_applicable_since=TODAY)
    Item.unscoped.filter(checklist=found, duty__code="DZ-02").update(archived_on=TODAY)
    assert [item.duty.code for item in adoptions.unfilled(found)] == ["DZ-04"]


def test_who_saw_an_older_state_is_told_who_was_first(city, party_group, deliberated):
    with pytest.raises(Conflict, match="陈立新登记了.*审议：2026年11月23日"):
        adopting.deliberate(checklist=party_group, held_on=TODAY, minutes_number="2号",
                            by=city.user("jyj_jgdw"), seen=0)


def test_the_history_keeps_date_and_number(city, deliberated):
    event = AuditEvent.objects.get(code="checklists.adoption.deliberate")
    assert audit.sentence(event) == (
        "陈立新登记了中共云川市教育局党组2026年责任清单的审议：2026年11月23日，"
        "会议纪要编号“〔2026〕31号”")
    assert event.parent_id == str(deliberated.checklist_id)


# --- leaders ---------------------------


def test_a_secretary_signs_his_own_list(city):
    own = city.checklist("jyj", "secretary")
    row = adopting.sign_own(checklist=own, by=city.user("jyj_shuji"), seen=0)
    assert row.state == State.ADOPTED
    own = city.checklist("jyj", "secretary")
    assert adoptions.facts(own) == "郑立群11月23日签认，11月23日已报工委备案"


@pytest.mark.parametrize("verb", [adopting.sign_own, adopting.sign])
def test_his_clerk_does_not_sign_for_him(city, verb):
    own = city.checklist("jyj", "secretary")
    with pytest.raises(NotAllowed):
        verb(checklist=own, by=city.user("jyj_jgdw"))


def test_a_member_signs_and_his_secretary_approves(city, member):
    own = member
    row = adopting.sign_as_member(checklist=member, by=city.user("jyj_chengyuan"), seen=0)
    assert (row.state, row.adopted_on) == (State.SIGNED, None)
    row = adopting.approve(checklist=member, by=city.user("jyj_shuji"), seen=row.version)
    assert (row.state, row.adopted_on, row.approved_by.name) == (State.ADOPTED, TODAY, "郑立群")
    own = city.checklist("jyj", "member")
    assert adoptions.facts(own) == "梁素芬11月23日签认，郑立群11月23日审定"


@pytest.mark.parametrize("who", ["jyj_chengyuan", "jyj_jgdw", "czj_shuji", "gongwei_admin"])
def test_nobody_else_approves_it(city, member, who):
    adopting.sign_as_member(checklist=member, by=city.user("jyj_chengyuan"))
    with pytest.raises(NotAllowed):
        adopting.approve(checklist=member, by=city.user(who))


def test_a_members_list_is_not_signed_like_a_secretarys(city, member):
    with pytest.raises(Conflict, match="不是书记本人的"):
        adopting.sign_own(checklist=member, by=city.user("jyj_chengyuan"))


# --- branches and committees ---------------------------


@pytest.mark.parametrize("key, who, words", [
    ("jyj_zb1", "jyj_zb1", "已报机关党委"), ("czj_zb1", "czj_zb1", "已报党总支"),
    ("dag_zb", "dag_zb", "已报党组")])
def test_a_branch_is_adopted_with_one_tap(city, key, who, words):
    row = adopting.sign(checklist=city.checklist(key), by=city.user(who), seen=0)
    assert row.state == State.ADOPTED
    assert adoptions.adopted_label(city.checklist(key)) == words


def test_the_clerk_of_a_branch_does_not_sign(city):
    with pytest.raises(NotAllowed):
        adopting.sign(checklist=city.checklist("jyj_zb1"), by=city.user("jyj_zb1_jb"))


def test_a_branch_has_no_meeting_to_register(city):
    with pytest.raises(Conflict, match="不用开会审议"):
        adopting.deliberate(checklist=city.checklist("jyj_zb1"), held_on=TODAY,
                            minutes_number="1号", by=city.user("jyj_zb1"))


def test_an_organ_committee_reports_to_the_party_group(city):
    own = city.checklist("jyj_jgdw")
    fill_in(own)
    adopting.deliberate(checklist=own, held_on=TODAY, minutes_number="机党〔2026〕2号",
                        by=city.user("jyj_jgdw"))
    adopting.sign(checklist=own, by=city.user("jyj_jgdwsj"))
    assert adoptions.facts(city.checklist("jyj_jgdw")) == (
        "11月23日机关党委审议（机党〔2026〕2号），宋为民11月23日签认，11月23日已报党组")


def test_nothing_is_left_for_the_committee_to_do(city):
    adopting.sign_own(checklist=city.checklist("jyj", "secretary"), by=city.user("jyj_shuji"))
    for who in ("gongwei", "gongwei_admin"):
        assert adoptions.steps(city.checklist("jyj", "secretary"), city.user(who)) == []


# --- open again ---------------------------


def test_a_reason_opens_it_again_and_the_way_begins_anew(city, party_group, deliberated):
    row = adopting.sign(checklist=party_group, by=city.user("jyj_shuji"))
    row = adopting.reopen(checklist=party_group, by=city.user("jyj_jgdw"), reason="分工调整",
                          seen=row.version)
    assert (row.state, row.minutes_number, row.signed_by, row.adopted_on) == (
        State.TAILORING, "", None, None)
    event = AuditEvent.objects.get(code="checklists.adoption.reopen")
    assert "：“分工调整”" in audit.sentence(event)


@pytest.mark.parametrize("reason", ["", "  ", "机密★事项"])
def test_without_a_proper_reason_it_stays(city, party_group, deliberated, reason):
    with pytest.raises(Invalid) as refusal:
        adopting.reopen(checklist=party_group, by=city.user("jyj_jgdw"), reason=reason)
    assert list(refusal.value.fields) == ["reason"]
    assert state(party_group) == State.DELIBERATED


def test_who_opens_a_members_list_again(city, member):
    for who in ("jyj_chengyuan", "jyj_jgdw", "jyj_shuji"):
        adopting.sign_as_member(checklist=member, by=city.user("jyj_chengyuan"))
        row = adopting.reopen(checklist=member, by=city.user(who), reason="换了分工")
        assert row.state == State.TAILORING


@pytest.mark.parametrize("who", ["jyj_chengyuan", "jyj_zb1", "gongwei", "czj_zz"])
def test_who_does_not(city, party_group, deliberated, who):
    with pytest.raises(NotAllowed):
        adopting.reopen(checklist=party_group, by=city.user(who), reason="换了分工")


def test_a_closed_year_is_not_adopted_any_more(city):
    own = city.checklist("jyj", "secretary")
    type(own).unscoped.filter(pk=own.pk).update(year=2025)
    ListYear.objects.create(year=2025, state="closed", closed_on=TODAY)
    own.refresh_from_db()
    with pytest.raises(Conflict, match="已经封账"):
        adopting.sign_own(checklist=own, by=city.user("jyj_shuji"))
    assert state(own) == State.TAILORING


# --- whose turn it is ---------------------------


def turns(city, who) -> dict[str, str]:
    return {row.bearer: adoptions.waits_for(row) for row in adoptions.to_adopt(city.user(who))}


def test_each_person_is_told_what_waits_for_him(city, party_group, member):
    assert turns(city, "jyj_zb1") == {"市教育局机关第一党支部": "待签认"}
    assert turns(city, "jyj_zb1_jb") == {}
    assert turns(city, "jyj_jgdw") == {
        "中共云川市教育局党组": "待审议", "市教育局机关党委": "待审议"}
    assert turns(city, "jyj_chengyuan") == {"市教育局党组班子成员梁素芬": "待签认"}
    assert turns(city, "ducha") == {}


def test_the_turn_passes_on(city, party_group, deliberated, member):
    adopting.sign_as_member(checklist=member, by=city.user("jyj_chengyuan"))
    assert turns(city, "jyj_shuji") == {
        "中共云川市教育局党组": "待签认", "市教育局党组书记郑立群": "待签认",
        "市教育局党组班子成员梁素芬": "待审定"}
    assert turns(city, "jyj_jgdw") == {"市教育局机关党委": "待审议"}
    assert turns(city, "jyj_chengyuan") == {}
