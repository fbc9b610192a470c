"""Verbs on organisations, people and posts."""

from datetime import timedelta
from inspect import signature

import pytest
from django.db import IntegrityError, transaction

from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.organizations import services
from apps.organizations.models import Appointment, Organization, Portfolio, Reach, User
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD, TODAY

DAY = timedelta(days=1)


def last() -> str:
    return audit.sentence(AuditEvent.objects.order_by("-number").first())


# --- organisations --------------------------------------------------------------------------


def test_an_organisation_is_founded_below_its_superior(city):
    unit = services.found(kind="unit", name="中共云川市统计局党组", short_name="市统计局党组",
                          code="TJJ", parent=city.place("gw"), by=SYSTEM)
    assert (unit.initials, unit.depth) == ("stjjdz", 2)
    assert unit.parent_paths() == [city.place("gw").path]
    assert last() == "系统设立中共云川市统计局党组"


@pytest.mark.parametrize("given, kept", [
    ({}, TODAY), ({"founded_on": TODAY - 9 * DAY}, TODAY - 9 * DAY)])
def test_an_organisation_exists_from_the_day_given_or_from_today(city, given, kept):
    unit = services.found(kind="unit", name="市统计局", short_name="市统计局", code="TJJ",
                          parent=city.place("gw"), by=SYSTEM, **given)
    assert Organization.objects.get(pk=unit.pk).founded_on == kept


def test_the_ancestors_go_from_the_parent_up(city):
    paths = city.place("jyj_zb1").parent_paths()
    assert paths == [city.place(key).path for key in ("jyj_jgdw", "jyj", "gw")]


def test_founding_with_a_stale_parent_does_not_break_the_tree(city):
    """Two branches founded from one instance: treebeard counts children on the row."""
    parent = city.place("czj_zz")
    for number in (3, 4):
        services.found(kind="branch", name=f"第{number}党支部", short_name=f"第{number}党支部",
                       code=f"CZJ_ZB{number}", parent=parent, by=SYSTEM)
    assert Organization.objects.find_problems() == ([], [], [], [], [])


def test_a_code_is_used_once(city):
    with pytest.raises(IntegrityError), transaction.atomic():
        services.found(kind="unit", name="另一个", short_name="另一个", code="JYJ",
                       parent=city.place("gw"), by=SYSTEM)


@pytest.mark.parametrize("text, expected", [
    ("市教育局", "sjyj"), ("第一党支部", "dydzb"), ("阿卜杜拉·买买提", "abdl·mmt"),
    ("第3党支部", "d3dzb"), ("", "")])
def test_initials_are_those_that_people_type(text, expected):
    assert services.initials(text) == expected


# --- people ---------------------------------------------------------------------------------


def test_an_account_is_made_with_a_hashed_password(city):
    user = services.create_user(username="Wang_Xin", name="王新", password=PASSWORD, by=SYSTEM)
    assert (user.username, user.initials, user.is_demo) == ("wang_xin", "wx", False)
    assert user.check_password(PASSWORD) and PASSWORD not in user.password
    assert last() == "系统建立账号王新"


@pytest.mark.parametrize("typed", ["jyj_zb1", "JYJ_ZB1", " jyj_zb1 ", "ｊｙｊ＿ｚｂ１"])
def test_an_account_name_is_taken_in_every_spelling(city, typed):
    with pytest.raises(Invalid) as refusal:
        services.create_user(username=typed, name="另一个", password=PASSWORD, by=SYSTEM)
    assert refusal.value.fields == {"username": "账号jyj_zb1已经有人用了。"}


def test_people_are_found_where_their_posts_are(city):
    from_branch = User.objects.visible_to(city.user("jyj_zb1"), for_="organization.view")
    assert set(from_branch.values_list("username", flat=True)) == {"jyj_zb1", "jyj_zb1_jb"}


def accounts_seen(city, username: str) -> set[str]:
    """Account names that the person sees."""
    found = User.objects.visible_to(city.user(username), for_="account.view")
    names = list(found.values_list("username", flat=True))
    assert len(names) == len(set(names))
    return set(names)


def test_an_account_without_a_post_is_seen_by_who_reaches_the_whole_tree(city):
    services.create_user(username="wang", name="王新", password=PASSWORD, by=SYSTEM)
    everybody = set(User.objects.values_list("username", flat=True))
    assert "wang" in everybody
    assert accounts_seen(city, "xitong") == everybody


@pytest.mark.parametrize("reach", [
    lambda city: Reach("account.view", city.place("jyj").path, True),
    lambda city: Reach("account.view", city.place("gw").path, False),
], ids=["a unit and below", "the root alone"])
def test_who_reaches_less_sees_only_those_with_a_post_there(city, monkeypatch, reach):
    services.create_user(username="wang", name="王新", password=PASSWORD, by=SYSTEM)
    monkeypatch.setattr(User, "reach", lambda user, permission: [reach(city)])
    seen = accounts_seen(city, "xitong")
    assert seen
    assert "wang" not in seen


# --- who may --------------------------------------------------------------------------------


VERBS = {
    "found": lambda city, by: services.found(
        kind="unit", name="x", short_name="x", code="X", parent=city.place("gw"), by=by),
    "create_user": lambda city, by: services.create_user(
        username="wang", name="王新", password=PASSWORD, by=by),
    "appoint": lambda city, by: services.appoint(
        user=city.user("jyj_jw"), role=RoleCode.BRANCH_CLERK, starts_on=TODAY,
        organization=city.place("jyj_zb4"), by=by),
    "end": lambda city, by: services.end(
        appointment=Appointment.unscoped.get(user__username="jyj_zb1"), by=by),
    "entrust": lambda city, by: services.entrust(
        appointment=Appointment.unscoped.get(user__username="jyj_chengyuan"),
        organization=city.place("jyj_zb2"), starts_on=TODAY, by=by),
}


def rows() -> list:
    """All that the verbs can change."""
    return [list(model._base_manager.order_by("pk").values())
            for model in (Organization, User, Appointment, Portfolio)]


def test_every_verb_is_asked():
    public = {name for name, each in vars(services).items()
              if getattr(each, "__module__", "") == services.__name__ and "by" in
              signature(each).parameters}
    assert public == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("username", ["gongwei_admin", "xitong", "jyj_zb1"])
def test_a_person_may_none_of_it(city, verb, username):
    before = rows()
    with pytest.raises(NotAllowed, match="由系统办理"):
        VERBS[verb](city, city.user(username))
    assert rows() == before
    assert AuditEvent.objects.order_by("-number").first().outcome == "refused"


@pytest.mark.parametrize("verb", VERBS)
def test_without_the_guard_anybody_might(city, verb, monkeypatch):
    monkeypatch.setattr(services, "only_the_system", lambda by: None)
    before = rows()
    VERBS[verb](city, city.user("jyj_zb1"))
    assert rows() != before


# --- posts ----------------------------------------------------------------------------------


def test_a_post_is_registered_with_its_person(city):
    post = services.appoint(user=city.user("jyj_jw"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                            organization=city.place("jyj_zb4"), starts_on=TODAY)
    assert str(post) == "市教育局离退休党支部支部经办人"
    assert last() == "系统登记何志远任市教育局离退休党支部支部经办人"


def test_a_post_ends_yesterday_so_that_the_right_is_gone_today(city):
    post = Appointment.unscoped.get(user__username="jyj_zb1")
    assert services.end(appointment=post, by=SYSTEM).ends_on == TODAY - DAY
    assert city.user("jyj_zb1").posts == []
    assert last() == "系统登记李一帆不再任市教育局机关第一党支部支部书记"


def test_a_post_can_end_later(city):
    post = Appointment.unscoped.get(user__username="jyj_zb1")
    services.end(appointment=post, by=SYSTEM, last_day=TODAY + DAY)
    assert len(city.user("jyj_zb1").posts) == 1


def test_a_post_that_began_today_ends_today(city):
    """It cannot end before it began; the right is gone tomorrow."""
    post = services.appoint(user=city.user("jyj_jw"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                            organization=city.place("jyj_zb4"), starts_on=TODAY)
    assert services.end(appointment=post, by=SYSTEM).ends_on == TODAY


@pytest.mark.parametrize("values, name", [
    ({"ends_on": TODAY - DAY}, "appointment_ends_after_it_starts"),
    ({"drafter": True}, "nobody_drafts_for_himself")])
def test_the_database_refuses_what_makes_no_sense(city, values, name):
    user = city.user("jyj_jw")
    values = {key: user if value is True else value for key, value in values.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        services.appoint(user=user, role=RoleCode.BRANCH_CLERK, by=SYSTEM, starts_on=TODAY,
                         organization=city.place("jyj_zb4"), **values)


def test_a_portfolio_is_registered(city):
    post = Appointment.unscoped.get(user__username="jyj_chengyuan")
    services.entrust(appointment=post, organization=city.place("jyj_zb2"), starts_on=TODAY,
                     by=SYSTEM)
    assert last() == "系统登记中共云川市教育局党组班子成员 第二党支部的分管或联系"
