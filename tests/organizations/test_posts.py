"""Posts given, ended, handed over and held by a deputy, by the people who may."""

from datetime import timedelta

import pytest

from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed, NotVisible
from apps.core.models import AuditEvent
from apps.organizations import services
from apps.organizations.models import Appointment, Portfolio, User
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode as R
from tests.city import PASSWORD, TODAY

DAY = timedelta(days=1)


@pytest.fixture
def newcomer(city):
    """Somebody without a post."""
    return services.create_user(username="xinren", name="余新人", password=PASSWORD, by=SYSTEM)


def held(username: str) -> Appointment:
    return Appointment.unscoped.get(user__username=username)


def last() -> str:
    return audit.sentence(AuditEvent.objects.order_by("-number").first())


def fields(call, **values) -> dict:
    with pytest.raises(Invalid) as caught:
        call(**values)
    return caught.value.fields


# --- giving and ending ----------------------------------------------------------------------


def test_the_organ_committee_appoints_a_branch_clerk(city, newcomer):
    services.appoint(user=newcomer, role=R.BRANCH_CLERK, organization=city.place("jyj_zb2"),
                     starts_on=TODAY, by=city.user("jyj_jgdw"))
    assert city.user("xinren").may(Permission.REPORT_FILL, at=city.place("jyj_zb2").path)
    assert last() == "陈立新登记余新人任市教育局机关第二党支部经办人"


def test_the_committee_appoints_a_member(city, newcomer):
    services.appoint(user=newcomer, role=R.MEMBER, organization=city.place("czj"),
                     starts_on=TODAY, by=city.user("gongwei_admin"), drafter=city.user("czj_zz"))
    assert held("xinren").drafter == city.user("czj_zz")


def test_a_second_secretary_is_refused_and_a_second_clerk_is_not(city, newcomer):
    values = {"organization": city.place("jyj_zb1"), "starts_on": TODAY,
              "by": city.user("jyj_jgdw")}
    assert fields(services.appoint, user=newcomer, role=R.BRANCH_SECRETARY, **values) == {
        "role": "支部书记现在由李一帆担任，请先免去，或者用移交。"}
    services.appoint(user=newcomer, role=R.BRANCH_CLERK, **values)
    assert Appointment.unscoped.filter(
        organization=city.place("jyj_zb1"), role=R.BRANCH_CLERK).count() == 2


def test_after_the_secretary_has_left_another_one_follows(city, newcomer):
    clerk = city.user("jyj_jgdw")
    services.end(appointment=held("jyj_zb1"), by=clerk)
    services.appoint(user=newcomer, role=R.BRANCH_SECRETARY, starts_on=TODAY, by=clerk,
                     organization=city.place("jyj_zb1"))
    assert len(city.user("xinren").posts) == 1


@pytest.mark.parametrize("values, said", [
    ({"user": "jyj_zb1_jb"}, {"user": "吴敏已经任市教育局机关第一党支部经办人。"}),
    ({"ends_on": TODAY - DAY}, {"ends_on": "结束的日期早于开始的日期。"})])
def test_what_makes_no_sense_is_said_at_its_field(city, newcomer, values, said):
    given = {"user": newcomer, "role": R.BRANCH_CLERK, "organization": city.place("jyj_zb1"),
             "starts_on": TODAY, "by": city.user("jyj_jgdw")} | values
    if isinstance(given["user"], str):
        given["user"] = city.user(given["user"])
    assert fields(services.appoint, **given) == said


def test_a_blocked_account_takes_no_post(city, newcomer):
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    assert "停用" in fields(
        services.appoint, user=city.user("xinren"), role=R.BRANCH_CLERK, starts_on=TODAY,
        organization=city.place("jyj_zb1"), by=city.user("jyj_jgdw"))["user"]


def test_a_post_that_has_ended_does_not_end_again(city):
    services.end(appointment=held("jyj_zb1"), by=city.user("jyj_jgdw"))
    with pytest.raises(Conflict, match="李一帆已经不任"):
        services.end(appointment=held("jyj_zb1"), by=city.user("jyj_jgdw"))


def test_a_post_does_not_end_before_it_began(city):
    assert "不能更早结束" in fields(
        services.end, appointment=held("jyj_zb1"), by=city.user("jyj_jgdw"),
        last_day=held("jyj_zb1").starts_on - DAY)["last_day"]


def test_nobody_types_for_himself(city):
    with pytest.raises(Invalid, match="代填人不能是本人"):
        services.name_drafter(appointment=held("jyj_chengyuan"), by=SYSTEM,
                              drafter=city.user("jyj_chengyuan"))


# --- handing over ---------------------------------------------------------------------------


def test_drafter_and_portfolios_follow_the_post(city, newcomer):
    services.hand_over(appointment=held("jyj_chengyuan"), to=newcomer, on=TODAY,
                       by=city.user("gongwei_admin"))
    post = held("xinren")
    assert post.drafter == city.user("jyj_jgdw")
    assert [p.organization for p in Portfolio.unscoped.filter(appointment=post)] == [
        city.place("jyj_zb1")]
    assert held("jyj_chengyuan").ends_on == TODAY - DAY


def test_a_hand_over_is_registered_when_it_happens(city, newcomer):
    said = fields(services.hand_over, appointment=held("jyj_zb1"), to=newcomer, on=TODAY + DAY,
                  by=city.user("jyj_jgdw"))
    assert "还没到这一天" in said["on"]


def test_the_deputy_may_become_the_successor(city):
    deputy, clerk = city.user("jyj_zb1_jb"), city.user("jyj_jgdw")
    services.deputize(appointment=held("jyj_zb1"), to=deputy, starts_on=TODAY,
                      ends_on=TODAY + 5 * DAY, by=clerk)
    services.hand_over(appointment=held("jyj_zb1"), to=deputy, on=TODAY, by=clerk)
    posts = city.user("jyj_zb1_jb").posts
    assert [p.role for p in posts if p.acting_for_id is None] == [
        R.BRANCH_CLERK, R.BRANCH_SECRETARY]


def test_a_committee_post_is_not_handed_over(city, newcomer):
    with pytest.raises(NotAllowed, match="另一位确认"):
        services.hand_over(appointment=held("gongwei"), to=newcomer, on=TODAY,
                           by=city.user("gongwei_admin"))


# --- deputies -------------------------------------------------------------------------------


def deputize(city, days=14, who="jyj_zb1_jb", by="jyj_zb1", post="jyj_zb1", **values):
    return services.deputize(**{
        "appointment": held(post), "to": city.user(who), "starts_on": TODAY,
        "ends_on": TODAY + (days - 1) * DAY, "by": city.user(by)} | values)


def test_a_holder_names_his_deputy_and_it_ends_by_itself(city, later):
    deputize(city)
    path = city.place("jyj_zb1").path
    assert city.user("jyj_zb1_jb").may(Permission.CHECKLIST_SIGN, at=path)
    assert last() == ("李一帆登记吴敏在李一帆离开期间代行市教育局机关第一党支部书记，"
                      "至12月6日")
    later(days=13)
    assert city.user("jyj_zb1_jb").may(Permission.CHECKLIST_SIGN, at=path)
    later(days=1)
    assert not city.user("jyj_zb1_jb").may(Permission.CHECKLIST_SIGN, at=path)
    assert city.user("jyj_zb1").may(Permission.CHECKLIST_SIGN, at=path)


@pytest.mark.parametrize("values, field", [
    ({"days": 15}, "ends_on"), ({"days": 0}, "ends_on"),
    ({"starts_on": TODAY - DAY}, "starts_on"), ({"who": "jyj_zb1"}, "to"),
    ({"who": "czj_zb1"}, "to"), ({"who": "xitong"}, "to")])
def test_his_choice_has_its_limits(city, values, field):
    with pytest.raises(Invalid) as caught:
        deputize(city, **values)
    assert list(caught.value.fields) == [field]
    assert not Appointment.unscoped.exclude(acting_for=None).exists()


def test_the_limit_of_days_is_the_sites(city, settings):
    settings.LEAVE_DAYS = 30
    assert deputize(city, days=30).ends_on == TODAY + 29 * DAY


def test_who_gives_the_post_may_name_a_deputy_for_longer_and_from_elsewhere(city):
    assert deputize(city, days=90, by="jyj_jgdw", who="czj_zb1").acting_for == held("jyj_zb1")


@pytest.mark.parametrize("username", ["jyj_zb1_jb", "jyj_zb2", "jyj_shuji", "czj_zz"])
def test_nobody_else_names_one(city, username):
    with pytest.raises(NotAllowed):
        deputize(city, by=username, who="jyj_jw")


def test_a_committee_post_has_no_deputy_of_its_holders_choice(city):
    with pytest.raises(NotAllowed, match="另一位确认"):
        deputize(city, post="gongwei", by="gongwei", who="ducha")


def test_a_deputy_names_no_deputy_and_there_is_one_at_a_time(city):
    acting = deputize(city)
    with pytest.raises(Conflict, match="不能请人代行"):
        deputize(city, by="jyj_zb1_jb", appointment=acting, who="jyj_zb2")
    assert "这几天已经由吴敏代行" in fields(deputize, city=city, who="jyj_zb2")["starts_on"]


def test_the_holder_who_is_back_ends_it_and_the_deputy_does_not(city, later):
    acting = deputize(city)
    with pytest.raises(NotAllowed):
        services.end(appointment=acting, by=city.user("jyj_zb2"))
    later(days=2)
    services.end(appointment=acting, by=city.user("jyj_zb1"))
    assert len(city.user("jyj_zb1_jb").posts) == 1


def test_with_the_post_the_deputy_goes_also_one_who_has_not_begun(city, later):
    running = deputize(city, days=2)
    coming = deputize(city, starts_on=TODAY + 5 * DAY, ends_on=TODAY + 6 * DAY)
    later(days=1)
    services.end(appointment=held("jyj_zb1"), by=city.user("jyj_jgdw"))
    assert Appointment.unscoped.get(pk=running.pk).ends_on == TODAY
    assert not Appointment.unscoped.filter(pk=coming.pk).exists()


# --- accounts -------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["gongwei_admin", "jyj_jgdw", "jyj_jgdwsj", "xitong"])
def test_these_make_accounts(city, username):
    user = services.create_user(username="wang", name="王新", password=PASSWORD,
                                by=city.user(username))
    assert user.must_change_password


@pytest.mark.parametrize("name", ["𬭩", "㛃", "䶮", "阿卜杜拉·买买提", "欧阳德清", " 王新 "])
def test_a_real_name_is_taken_as_it_is(city, name):
    user = services.create_user(username="wang", name=name, password=PASSWORD, by=SYSTEM)
    assert user.name == name.strip()


@pytest.mark.parametrize("values, field", [
    ({"name": "王\u202e新"}, "name"), ({"name": "王\u200b新"}, "name"), ({"name": " "}, "name"),
    ({"name": "王" * 61}, "name"), ({"username": "wang xin"}, "username"),
    ({"username": ""}, "username"), ({"username": "wang\x07"}, "username")])
def test_what_hides_in_a_name_is_refused_at_its_field(city, values, field):
    assert list(fields(services.create_user, password=PASSWORD, by=SYSTEM,
                       **{"username": "wang", "name": "王新"} | values)) == [field]


def test_a_name_is_put_right_by_who_has_the_whole_person_in_reach(city):
    services.correct(user=city.user("jyj_zb1"), name="李一凡", by=city.user("jyj_jgdw"))
    assert (city.user("jyj_zb1").name, city.user("jyj_zb1").initials) == ("李一凡", "lyf")
    assert last() == "陈立新把姓名李一帆改正为李一凡"
    services.appoint(user=city.user("jyj_zb1"), role=R.MEMBER, organization=city.place("czj"),
                     starts_on=TODAY, by=SYSTEM)
    with pytest.raises(NotAllowed, match="别处还有任职"):
        services.correct(user=city.user("jyj_zb1"), name="李一", by=city.user("jyj_jgdw"))
    with pytest.raises(NotVisible):
        services.correct(user=city.user("jyj_zb2"), name="李一", by=city.user("czj_zz"))
    with pytest.raises(NotAllowed, match="自己的姓名"):
        services.correct(user=city.user("gongwei_admin"), name="李一",
                         by=city.user("gongwei_admin"))


def test_a_post_to_come_elsewhere_keeps_the_name_out_of_reach(city):
    services.appoint(user=city.user("jyj_zb1"), role=R.MEMBER, organization=city.place("czj"),
                     starts_on=TODAY + 5 * DAY, by=SYSTEM)
    with pytest.raises(NotAllowed, match="别处还有任职"):
        services.correct(user=city.user("jyj_zb1"), name="李一", by=city.user("jyj_jgdw"))


def test_the_system_administrator_does_not_rename_who_watches_over_him(city):
    with pytest.raises(NotAllowed, match="安全审计员"):
        services.correct(user=city.user("shenji"), name="李一", by=city.user("xitong"))
    services.correct(user=city.user("shenji"), name="李一", by=city.user("gongwei_admin"))
    assert services.correct(user=city.user("jyj_zb1"), name="李一", by=city.user("xitong")).name
