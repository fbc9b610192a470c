"""Organisations founded, renamed, moved and closed by the administrator of the committee."""

from datetime import timedelta

import pytest

from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.organizations import services, tree
from apps.organizations.models import Appointment, Organization, OrganizationName
from tests.city import TODAY

DAY = timedelta(days=1)
Kind = Organization.Kind


def last() -> str:
    return audit.sentence(AuditEvent.objects.order_by("-number").first())


def fields(call, **values) -> dict:
    with pytest.raises(Invalid) as caught:
        call(**values)
    return caught.value.fields


def found(city, **values):
    return services.found(**{
        "kind": Kind.BRANCH, "name": "市教育局机关第五党支部", "short_name": "第五党支部",
        "code": "JYJ_ZB5", "parent": city.place("jyj_jgdw"),
        "by": city.user("gongwei_admin")} | values)


def rename(city, key="jyj", **values):
    return services.rename(**{
        "organization": city.place(key), "name": "中共云川市教育和体育局党组", "on": TODAY,
        "short_name": "市教体局党组", "by": city.user("gongwei_admin")} | values)


# --- founding -------------------------------------------------------------------------------


def test_an_administrator_founds_a_branch(city):
    assert found(city).parent_paths()[0] == city.place("jyj_jgdw").path
    assert last() == "周海宁设立市教育局机关第五党支部"


@pytest.mark.parametrize("username", ["jyj_jgdw", "jyj_shuji", "gongwei", "xitong", "shenji"])
def test_nobody_else_does(city, username):
    with pytest.raises(NotAllowed, match="工委管理员"):
        found(city, by=city.user(username))


@pytest.mark.parametrize("values, field", [
    ({"code": "JYJ"}, "code"), ({"name": "市教育局机关第一党支部"}, "name"),
    ({"kind": Kind.UNIT}, "kind"), ({"kind": Kind.DISCIPLINE_COMMITTEE}, "kind"),
    ({"founded_on": TODAY + DAY}, "founded_on")])
def test_what_cannot_be_is_said_at_its_field(city, values, field):
    assert list(fields(found, city=city, **values)) == [field]


def test_nothing_is_founded_below_a_closed_organisation(city):
    services.close(organization=city.place("jyj_jgdw"), on=TODAY, by=SYSTEM)
    assert "已经撤销" in fields(found, city=city)["kind"]


@pytest.mark.parametrize("key, kinds", [
    ("gw", [Kind.UNIT]), ("jyj_jgdw", [Kind.GENERAL_BRANCH, Kind.DISCIPLINE_COMMITTEE,
                                       Kind.BRANCH]),
    ("czj_zz", [Kind.BRANCH]), ("jyj_zb1", [Kind.GROUP]), ("jyj_jw", [])])
def test_what_stands_below_what(city, key, kinds):
    assert tree.kinds_below(city.place(key)) == kinds


@pytest.mark.parametrize("key, home", [
    ("jyj_zb1", "jyj"), ("jyj_jgdw", "jyj"), ("jyj", "jyj"), ("gw", "gw")])
def test_an_organisation_belongs_to_its_unit(city, key, home):
    assert tree.unit_of(city.place(key)) == city.place(home)


# --- renaming -------------------------------------------------------------------------------


def test_the_old_name_stays_readable_for_its_time(city):
    before = city.place("jyj")
    unit = rename(city, on=TODAY - 9 * DAY)
    assert (unit.name, unit.short_name, unit.initials) == (
        "中共云川市教育和体育局党组", "市教体局党组", "sjtjdz")
    old = OrganizationName.unscoped.get(organization=unit)
    assert (old.name, old.starts_on, old.ends_on) == (
        before.name, before.founded_on, TODAY - 10 * DAY)
    assert last() == "周海宁把中共云川市教育局党组更名为中共云川市教育和体育局党组"


def test_a_third_name_follows_on_the_second(city):
    rename(city, on=TODAY - 9 * DAY)
    rename(city, name="中共云川市教育局党组", short_name="市教育局党组")
    assert [(n.starts_on, n.ends_on) for n in OrganizationName.unscoped.order_by("starts_on")] == [
        (city.place("jyj").founded_on, TODAY - 10 * DAY), (TODAY - 9 * DAY, TODAY - DAY)]


@pytest.mark.parametrize("day, name", [
    (TODAY - 10 * DAY, "市教育局党组"), (TODAY - 9 * DAY, "市教体局党组"), (TODAY, "市教体局党组")])
def test_the_name_of_a_day(city, day, name):
    assert rename(city, on=TODAY - 9 * DAY).names_on(day)[1] == name


@pytest.mark.parametrize("values, field", [
    ({"on": TODAY + DAY}, "on"), ({"on": TODAY - 400 * DAY}, "on"),
    ({"name": "中共云川市财政局党组"}, "name"),
    ({"name": "中共云川市教育局党组", "short_name": "市教育局党组"}, "name")])
def test_a_name_that_cannot_be_is_refused_at_its_field(city, values, field):
    assert list(fields(rename, city=city, **values)) == [field]
    assert not OrganizationName.unscoped.exists()


def test_facts_change_by_the_administrator(city):
    services.set_facts(organization=city.place("jyj"), is_window=False,
                       by=city.user("gongwei_admin"))
    unit = city.place("jyj")
    assert (unit.is_window, unit.leading_body) == (False, "party_group")


# --- moving and closing ---------------------------------------------------------------------


def move(city, key, parent):
    return services.move(organization=city.place(key), parent=city.place(parent),
                         by=city.user("gongwei_admin"))


def test_a_branch_is_moved_to_another_unit(city):
    move(city, "jyj_zb2", "czj_zz")
    assert city.place("jyj_zb2").path.startswith(city.place("czj_zz").path)


@pytest.mark.parametrize("key, parent, said", [
    ("jyj", "jyj_jgdw", "不能移到它下面"), ("jyj_zb2", "gw", "不能设在工委下面"),
    ("jyj_zb2", "jyj_jgdw", "本来就在"), ("jyj_jgdw", "czj_zz", "不能设在党总支下面")])
def test_where_it_cannot_stand_it_does_not_go(city, key, parent, said):
    with pytest.raises(Invalid, match=said) as caught:
        move(city, key, parent)
    assert list(caught.value.fields) == ["parent"]
    assert Organization.objects.find_problems() == ([], [], [], [], [])


def test_closing_ends_the_posts_and_says_why(city):
    services.close(organization=city.place("jyj_zb2"), on=TODAY, reason="人员并入第一支部",
                   by=city.user("gongwei_admin"))
    assert not Appointment.unscoped.on(TODAY).filter(organization__code="JYJ_ZB2").exists()
    assert last() == "周海宁撤销市教育局机关第二党支部，理由：人员并入第一支部"


def test_the_committee_is_not_closed(city):
    with pytest.raises(Invalid, match="工委自己不能撤销"):
        services.close(organization=city.place("gw"), on=TODAY, by=city.user("gongwei_admin"))


def test_it_is_not_closed_on_a_day_to_come(city):
    assert list(fields(services.close, organization=city.place("jyj_zb2"), on=TODAY + DAY,
                       by=city.user("gongwei_admin"))) == ["on"]


def test_what_is_closed_is_not_renamed(city):
    services.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM)
    with pytest.raises(Conflict, match="已经撤销"):
        rename(city, "jyj_zb2", name="x", short_name="x")
