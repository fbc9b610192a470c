"""Who may give which post: the rule file, and that no verb goes round it."""

from datetime import date

import pytest

from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.organizations import appointing, services
from apps.organizations.models import Appointment, AppointmentProposal
from apps.organizations.roles import ROLES, RoleCode
from tests.city import TODAY

R = RoleCode
# post -> where it is, and who gives it there
GIVERS = {
    R.PARTY_GROUP_SECRETARY: ("jyj", {"gongwei_admin"}),
    R.PARTY_GROUP_CLERK: ("jyj", {"gongwei_admin"}),
    R.MEMBER: ("jyj", {"gongwei_admin"}),
    R.ORGAN_SECRETARY: ("jyj_jgdw", {"gongwei_admin"}),
    R.ORGAN_CLERK: ("jyj_jgdw", {"gongwei_admin"}),
    R.DISCIPLINE_SECRETARY: ("jyj_jw", {"gongwei_admin"}),
    R.BRANCH_SECRETARY: ("jyj_zb1", {"gongwei_admin", "jyj_jgdwsj", "jyj_jgdw"}),
    R.BRANCH_CLERK: ("jyj_zb1", {"gongwei_admin", "jyj_jgdwsj", "jyj_jgdw"}),
}
CAST = ("gongwei_admin", "gongwei", "ducha", "jyj_shuji", "jyj_chengyuan", "jyj_jgdwsj",
        "jyj_jgdw", "jyj_jw", "jyj_zb1", "czj_zz", "xitong", "shenji")


# --- the rule -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", GIVERS)
def test_a_post_is_given_by_exactly_those(city, role):
    place = city.place(GIVERS[role][0])
    allowed = {who for who in CAST if not appointing.may_appoint(city.user(who), role, place)}
    assert allowed == GIVERS[role][1]


@pytest.mark.parametrize("role", sorted(appointing.CONFIRMED))
def test_a_committee_or_technical_post_is_given_by_nobody_and_proposed_by_an_administrator(
        city, role):
    root = city.place("gw")
    assert all(appointing.may_appoint(city.user(who), role, root) for who in CAST)
    assert {who for who in CAST if not appointing.may_propose(city.user(who), role, root)} == {
        "gongwei_admin"}


def test_every_post_stands_in_one_of_the_three_ways():
    assert set(GIVERS) | appointing.CONFIRMED == set(ROLES)
    assert set(GIVERS) & appointing.CONFIRMED == set()
    assert set(appointing.PLACES) == set(ROLES)


@pytest.mark.parametrize("role, key", [
    (R.BRANCH_SECRETARY, "jyj"), (R.ORGAN_CLERK, "jyj_zb1"), (R.MEMBER, "jyj_jgdw"),
    (R.DISCIPLINE_SECRETARY, "jyj_jgdw"), (R.PARTY_GROUP_SECRETARY, "gw")])
def test_a_post_is_where_there_is_one(city, role, key):
    by = city.user("gongwei_admin")
    assert "没有" in appointing.may_appoint(by, role, city.place(key))


def test_nobody_gives_himself_a_post(city):
    clerk, place = city.user("jyj_jgdw"), city.place("jyj_zb1")
    assert appointing.may_appoint(clerk, R.BRANCH_CLERK, place, user=clerk) == appointing.OWN
    assert appointing.may_appoint(clerk, R.BRANCH_CLERK, place, city.user("jyj_jw")) is None


def test_a_closed_organisation_has_no_posts(city):
    services.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM)
    by = city.user("jyj_jgdw")
    assert "已经撤销" in appointing.may_appoint(by, R.BRANCH_CLERK, city.place("jyj_zb2"))


def test_the_posts_that_a_page_offers_are_those_of_the_rule(city):
    clerk, admin = city.user("jyj_jgdw"), city.user("gongwei_admin")
    assert appointing.roles_given(clerk, city.place("jyj_zb1")) == [
        R.BRANCH_SECRETARY, R.BRANCH_CLERK]
    assert appointing.roles_given(clerk, city.place("jyj_jgdw")) == []
    assert set(appointing.roles_given(admin, city.place("gw"))) == appointing.CONFIRMED


# --- a person himself -----------------------------------------------------------------------


def refusal(call, **values) -> str:
    with pytest.raises((Invalid, NotAllowed, Conflict)) as caught:
        call(**values)
    return caught.value.message


def test_no_verb_lets_a_person_appoint_himself(city):
    clerk, place = city.user("jyj_jgdw"), city.place("jyj_zb4")
    before = Appointment.unscoped.count()
    post = Appointment.unscoped.get(user__username="jyj_zb4")
    assert refusal(services.appoint, user=clerk, role=R.BRANCH_CLERK, organization=place,
                   starts_on=TODAY, by=clerk) == appointing.OWN
    assert refusal(services.hand_over, appointment=post, to=clerk, on=TODAY,
                   by=clerk) == appointing.OWN
    assert refusal(services.deputize, appointment=post, to=clerk, starts_on=TODAY,
                   ends_on=TODAY, by=clerk) == appointing.OWN
    assert Appointment.unscoped.count() == before


def test_no_administrator_gives_himself_a_post_of_a_unit_or_units_to_read(city):
    admin = city.user("gongwei_admin")
    assert refusal(services.appoint, user=admin, role=R.MEMBER, organization=city.place("jyj"),
                   starts_on=TODAY, by=admin) == appointing.OWN
    assert refusal(services.propose_appointment, user=admin, role=R.INSPECTOR,
                   organization=city.place("gw"), starts_on=TODAY, by=admin) == appointing.OWN
    member = services.appoint(user=admin, role=R.MEMBER, organization=city.place("jyj"),
                              starts_on=TODAY, by=SYSTEM)
    assert refusal(services.entrust, appointment=member, organization=city.place("jyj_zb1"),
                   starts_on=TODAY, by=city.user("gongwei_admin")) == appointing.OWN


# --- proposed, confirmed --------------------------------------------------------------------


def propose(city, who="jyj_jw", role=R.COMMITTEE_OFFICER, by="gongwei_admin", **values):
    return services.propose_appointment(
        user=city.user(who), role=role, organization=city.place("gw"), by=city.user(by),
        **{"starts_on": TODAY} | values)


def posts(who: str, role: str) -> int:
    return Appointment.unscoped.on(TODAY).filter(user__username=who, role=role).count()


def test_a_committee_post_takes_effect_when_a_second_one_confirms(city):
    proposal = propose(city)
    assert posts("jyj_jw", R.COMMITTEE_OFFICER) == 0
    row = services.confirm(proposal=proposal, by=city.user("gongwei_admin2"), seen=0)
    assert (row.state, row.appointment.user.username) == ("confirmed", "jyj_jw")
    assert posts("jyj_jw", R.COMMITTEE_OFFICER) == 1


def test_nobody_confirms_what_he_proposed(city):
    said = refusal(services.confirm, proposal=propose(city), by=city.user("gongwei_admin"), seen=0)
    assert said == "自己提出的任免、自己的任免，不能由自己确认。"
    assert posts("jyj_jw", R.COMMITTEE_OFFICER) == 0


def test_nobody_confirms_his_own_post_nor_refuses_to_leave_it(city):
    proposal = propose(city, who="gongwei_admin2", role=R.INSPECTOR)
    admin2 = city.user("gongwei_admin2")
    assert "不能由自己确认" in refusal(services.confirm, proposal=proposal, by=admin2, seen=0)
    held = Appointment.unscoped.get(user__username="gongwei_admin2")
    leaving = services.propose_end(appointment=held, by=city.user("gongwei_admin"))
    assert "不能由自己答复不同意" in refusal(services.refuse, proposal=leaving, by=admin2, seen=0,
                                    reason="不想走。")


def test_without_the_rule_he_would(city, monkeypatch):
    step = AppointmentProposal.STEPS["confirm"]
    loose = type(step)(step.sources, step.target, step.permission, step.label)
    monkeypatch.setitem(AppointmentProposal.STEPS, "confirm", loose)
    services.confirm(proposal=propose(city), by=city.user("gongwei_admin"), seen=0)
    assert posts("jyj_jw", R.COMMITTEE_OFFICER) == 1


@pytest.mark.parametrize("username", ["gongwei", "ducha", "jyj_jgdw", "xitong", "shenji"])
def test_only_an_administrator_confirms(city, username):
    assert "不在您的职权里" in refusal(services.confirm, proposal=propose(city),
                                by=city.user(username), seen=0)


def test_a_refusal_needs_a_sentence_and_nothing_comes_of_it(city):
    proposal, other = propose(city), city.user("gongwei_admin2")
    assert "理由" in refusal(services.refuse, proposal=proposal, by=other, seen=0, reason=" ")
    services.refuse(proposal=proposal, by=other, seen=0, reason="人选再议。")
    assert posts("jyj_jw", R.COMMITTEE_OFFICER) == 0


def test_the_proposer_alone_takes_it_back(city):
    proposal = propose(city)
    assert "本人" in refusal(services.withdraw, proposal=proposal, by=city.user("gongwei_admin2"),
                           seen=0)
    services.withdraw(proposal=proposal, by=city.user("gongwei_admin"), seen=0)
    assert "撤回" in refusal(services.confirm, proposal=proposal, seen=1,
                           by=city.user("gongwei_admin2"))
    assert AppointmentProposal.unscoped.get().state == "withdrawn"


def test_the_same_waits_once(city):
    propose(city)
    assert "已经由周海宁提出" in refusal(propose, city=city)


def test_ending_a_committee_post_is_confirmed_too(city):
    held = Appointment.unscoped.get(user__username="ducha")
    assert "另一位确认" in refusal(services.end, appointment=held, by=city.user("gongwei_admin"))
    leaving = services.propose_end(appointment=held, by=city.user("gongwei_admin"))
    assert posts("ducha", R.INSPECTOR) == 1
    services.confirm(proposal=leaving, by=city.user("gongwei_admin2"), seen=0)
    assert posts("ducha", R.INSPECTOR) == 0


def test_what_became_impossible_in_the_meantime_is_not_confirmed(city):
    proposal = propose(city)
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_jw"), by=SYSTEM)
    services.appoint(user=city.user("jyj_jw"), role=R.AUDITOR, organization=city.place("gw"),
                     starts_on=TODAY, by=SYSTEM)
    said = refusal(services.confirm, proposal=proposal, seen=0, by=city.user("gongwei_admin2"))
    assert said == "现在不能确认：何志远的业务职务和技术职务不能由同一人担任。"
    assert AppointmentProposal.unscoped.get().state == "proposed"


def test_a_post_confirmed_late_begins_on_that_day(city, later):
    proposal = propose(city)
    later(days=3)
    row = services.confirm(proposal=proposal, by=city.user("gongwei_admin2"), seen=0)
    assert (row.appointment.starts_on - TODAY).days == 3


# --- leaving --------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["gongwei_admin2", "gongwei", "ducha", "xitong", "shenji"])
def test_a_committee_or_technical_post_is_laid_down_by_its_holder_alone(city, username):
    held = city.user(username).posts[0]
    services.end(appointment=held, by=city.user(username))
    assert city.user(username).posts == []


def test_the_last_administrator_cannot_leave(city):
    first, second = city.user("gongwei_admin"), city.user("gongwei_admin2")
    services.end(appointment=first.posts[0], by=first)
    assert "最后一位工委管理员" in refusal(services.end, appointment=second.posts[0], by=second)
    assert city.user("gongwei_admin2").posts


def test_a_blocked_account_is_no_other_administrator(city):
    first = city.user("gongwei_admin")
    type(first).objects.filter(username="gongwei_admin2").update(is_active=False)
    assert "最后一位" in refusal(services.end, appointment=first.posts[0], by=first)


def test_a_post_of_a_unit_is_not_laid_down_alone(city):
    held = city.user("jyj_zb1").posts[0]
    assert "机关党委" in refusal(services.end, appointment=held, by=city.user("jyj_zb1"))


# --- lanes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who, role", [
    ("gongwei", R.SYSTEM_ADMIN), ("jyj_zb1", R.AUDITOR), ("xitong", R.INSPECTOR),
    ("xitong", R.AUDITOR), ("shenji", R.COMMITTEE_ADMIN)])
def test_business_and_technical_posts_never_meet_by_proposal(city, who, role):
    assert "不能由同一人担任" in refusal(propose, city=city, who=who, role=role)


def test_nor_by_appointment_or_deputy(city):
    admin = city.user("gongwei_admin")
    held = Appointment.unscoped.get(user__username="jyj_zb1")
    for call, values in (
        (services.appoint, {"user": city.user("xitong"), "role": R.BRANCH_CLERK,
                            "organization": city.place("jyj_zb1"), "starts_on": TODAY}),
        (services.hand_over, {"appointment": held, "to": city.user("shenji"), "on": TODAY}),
        (services.deputize, {"appointment": held, "to": city.user("xitong"),
                             "starts_on": TODAY, "ends_on": TODAY})):
        assert "不能由同一人担任" in refusal(call, by=admin, **values)


# --- ending makes nothing longer --------------------------------------------------------------


def test_a_term_is_not_made_longer_by_resigning_later(city):
    """Else who was confirmed for a month would stay for good, with no second hand."""
    officer = city.user("gongwei")
    Appointment.unscoped.filter(user=officer).update(ends_on=TODAY)
    [held] = city.user("gongwei").posts
    assert "为止" in refusal(services.end, appointment=held, by=officer,
                           last_day=date(2099, 12, 31))
    assert "为止" in refusal(services.propose_end, appointment=held,
                           by=city.user("gongwei_admin"), last_day=date(2099, 12, 31))
    held.refresh_from_db()
    assert held.ends_on == TODAY


def test_a_leave_is_not_made_longer_by_ending_it_later(city):
    holder = city.user("jyj_zb1")
    deputy = services.deputize(appointment=holder.posts[0], to=city.user("jyj_zb1_jb"),
                               starts_on=TODAY, ends_on=TODAY, by=holder)
    assert "为止" in refusal(services.end, appointment=deputy, by=holder,
                           last_day=date(2099, 12, 31))
    assert Appointment.unscoped.get(pk=deputy.pk).ends_on == TODAY


def test_who_only_acts_hands_nothing_over(city):
    holder = city.user("jyj_zb1_jb")
    deputy = services.deputize(appointment=holder.posts[0], to=city.user("jyj_zb1"),
                               starts_on=TODAY, ends_on=date(2026, 11, 30), by=holder)
    Appointment.unscoped.filter(pk=deputy.pk).update(starts_on=date(2026, 11, 1))
    assert "只是代行" in refusal(services.hand_over, appointment=deputy, on=TODAY,
                              to=city.user("jyj_zb2"), by=city.user("jyj_jgdw"))
