"""Verbs on organisations, people and posts."""

from datetime import timedelta
from inspect import signature

import pytest
from django.db import IntegrityError, transaction

from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Invalid, NotAllowed, NotVisible
from apps.core.models import AuditEvent
from apps.organizations import services
from apps.organizations.models import (
    Appointment,
    AppointmentProposal,
    Organization,
    OrganizationName,
    Portfolio,
    Reach,
    User,
)
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
    with pytest.raises(Invalid, match="编号JYJ已经用了"):
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


def waiting(city):
    """A proposal of one administrator."""
    return services.propose_appointment(
        user=city.user("jyj_jw"), role=RoleCode.INSPECTOR, organization=city.place("gw"),
        starts_on=TODAY, by=city.user("gongwei_admin"))


def held(username: str) -> Appointment:
    return Appointment.unscoped.get(user__username=username)


VERBS = {
    "found": lambda city, by: services.found(
        kind="unit", name="x", short_name="x", code="X", parent=city.place("gw"), by=by),
    "rename": lambda city, by: services.rename(
        organization=city.place("jyj"), name="x", short_name="x", on=TODAY, by=by),
    "set_facts": lambda city, by: services.set_facts(
        organization=city.place("jyj"), is_window=False, by=by),
    "move": lambda city, by: services.move(
        organization=city.place("jyj_zb2"), parent=city.place("czj_zz"), by=by),
    "close": lambda city, by: services.close(
        organization=city.place("jyj_zb2"), on=TODAY, by=by),
    "create_user": lambda city, by: services.create_user(
        username="wang", name="王新", password=PASSWORD, by=by),
    "correct": lambda city, by: services.correct(user=city.user("jyj_jw"), name="王新", by=by),
    "appoint": lambda city, by: services.appoint(
        user=city.user("jyj_jw"), role=RoleCode.BRANCH_CLERK, starts_on=TODAY,
        organization=city.place("jyj_zb4"), by=by),
    "end": lambda city, by: services.end(appointment=held("jyj_zb1"), by=by),
    "entrust": lambda city, by: services.entrust(
        appointment=held("jyj_chengyuan"), organization=city.place("jyj_zb2"), starts_on=TODAY,
        by=by),
    "hand_over": lambda city, by: services.hand_over(
        appointment=held("jyj_zb1"), to=city.user("jyj_zb2"), on=TODAY, by=by),
    "deputize": lambda city, by: services.deputize(
        appointment=held("jyj_zb1"), to=city.user("jyj_zb2"), starts_on=TODAY, ends_on=TODAY,
        by=by),
    "name_drafter": lambda city, by: services.name_drafter(
        appointment=held("jyj_chengyuan"), drafter=None, by=by),
    "propose_appointment": lambda city, by: services.propose_appointment(
        user=city.user("jyj_jw"), role=RoleCode.INSPECTOR, organization=city.place("gw"),
        starts_on=TODAY, by=by),
    "propose_end": lambda city, by: services.propose_end(appointment=held("ducha"), by=by),
    "confirm": lambda city, by: services.confirm(proposal=waiting(city), by=by, seen=0),
    "refuse": lambda city, by: services.refuse(
        proposal=waiting(city), by=by, seen=0, reason="再议。"),
    "withdraw": lambda city, by: services.withdraw(proposal=waiting(city), by=by, seen=0),
}
# Who may none of all this: reading, typing and auditing give no right over posts or places.
STRANGERS = ("ducha", "gongwei", "jyj_shuji", "jyj_chengyuan", "jyj_zb2", "czj_zz", "shenji")
PROPOSED = {"confirm", "refuse", "withdraw"}


def rows() -> list:
    """All that the verbs can change."""
    return [list(model._base_manager.order_by("pk").values())
            for model in (Organization, User, Appointment, Portfolio, AppointmentProposal,
                          OrganizationName)]


def test_every_verb_is_asked():
    public = {name for name in services.__all__
              if "by" in signature(getattr(services, name)).parameters}
    assert public == set(VERBS)


@pytest.mark.parametrize("verb", sorted(set(VERBS) - PROPOSED))
@pytest.mark.parametrize("username", STRANGERS)
def test_a_stranger_may_none_of_it(city, verb, username):
    if (verb, username) == ("create_user", "czj_zz"):
        return  # an organ committee makes accounts for its own branches
    before = rows()
    with pytest.raises((NotAllowed, NotVisible)):
        VERBS[verb](city, city.user(username))
    assert rows() == before
    assert AuditEvent.objects.order_by("-number").first().outcome == "refused"


@pytest.mark.parametrize("verb", sorted(PROPOSED))
@pytest.mark.parametrize("username", STRANGERS)
def test_a_stranger_decides_no_proposal(city, verb, username):
    with pytest.raises(NotAllowed):
        VERBS[verb](city, city.user(username))
    assert AppointmentProposal.unscoped.get().state == "proposed"


@pytest.mark.parametrize("verb", sorted(set(VERBS) - PROPOSED))
def test_the_administrator_may_all_of_it(city, verb):
    before = rows()
    VERBS[verb](city, city.user("gongwei_admin"))
    assert rows() != before


@pytest.mark.parametrize("verb", ["found", "create_user", "appoint", "end", "close"])
def test_without_the_guards_anybody_might(city, verb, monkeypatch):
    def nobody_lacks(*asked, **rest):
        return None

    monkeypatch.setattr("apps.organizations.appointing.lacks", nobody_lacks)
    monkeypatch.setattr("apps.organizations.services.organizations._ensure_may", nobody_lacks)
    monkeypatch.setattr(User, "holds", lambda user, permission: True)
    before = rows()
    VERBS[verb](city, city.user("jyj_zb2"))
    assert rows() != before


# --- posts ----------------------------------------------------------------------------------


def test_a_post_is_registered_with_its_person(city):
    post = services.appoint(user=city.user("jyj_jw"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                            organization=city.place("jyj_zb4"), starts_on=TODAY)
    assert str(post) == "市教育局离退休党支部经办人"
    assert last() == "系统登记何志远任市教育局离退休党支部经办人"


def test_a_post_ends_yesterday_so_that_the_right_is_gone_today(city):
    post = Appointment.unscoped.get(user__username="jyj_zb1")
    assert services.end(appointment=post, by=SYSTEM).ends_on == TODAY - DAY
    assert city.user("jyj_zb1").posts == []
    assert last() == "系统登记李一帆不再任市教育局机关第一党支部书记"


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
        Appointment.unscoped.create(
            user=user, role=RoleCode.BRANCH_CLERK, starts_on=TODAY,
            organization=city.place("jyj_zb4"), **values)


def test_a_portfolio_is_registered(city):
    post = Appointment.unscoped.get(user__username="jyj_chengyuan")
    services.entrust(appointment=post, organization=city.place("jyj_zb2"), starts_on=TODAY,
                     by=SYSTEM)
    assert last() == "系统登记中共云川市教育局党组班子成员 第二党支部的分管或联系"
