"""Where a right holds: at a unit, below it, in a portfolio, and for how long."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.models import Appointment, Organization, Portfolio
from apps.organizations.models.users import Reach
from apps.organizations.permissions import Permission as P
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD, TODAY

DAY = timedelta(days=1)


@pytest.fixture
def wang(city):
    """A new person without any post."""
    return services.create_user(username="wang", name="王新", password=PASSWORD, by=SYSTEM)


@pytest.fixture
def appoint(city, wang):
    """`appoint(role, place)`: the person afresh, as at the next request."""

    def do(role, key, **dates):
        services.appoint(user=wang, role=role, organization=city.place(key), by=SYSTEM,
                         **{"starts_on": TODAY} | dates)
        return city.user("wang")

    return do


def places(user, permission) -> set[str]:
    """Codes of the organisations where the person holds the right."""
    return {each.code for each in Organization.objects.all()
            if user.may(permission, at=each.path)}


JYJ = {"JYJ", "JYJ_JGDW", "JYJ_JW", "JYJ_ZB1", "JYJ_ZB2", "JYJ_ZB3", "JYJ_ZB4"}


# --- unit and subtree -----------------------------------------------------------------------


@pytest.mark.parametrize("role, key, permission, expected", [
    (RoleCode.PARTY_GROUP_CLERK, "jyj", P.REPORT_FILL, {"JYJ"}),
    (RoleCode.PARTY_GROUP_CLERK, "jyj", P.REPORT_REVIEW, {"JYJ"}),
    (RoleCode.PARTY_GROUP_CLERK, "jyj", P.CHECKLIST_VIEW, JYJ),
    (RoleCode.PARTY_GROUP_SECRETARY, "jyj", P.REPORT_CONFIRM, {"JYJ"}),
    (RoleCode.PARTY_GROUP_SECRETARY, "jyj", P.REPORT_REVIEW, {"JYJ"}),
    (RoleCode.PARTY_GROUP_SECRETARY, "jyj", P.CHECKLIST_FILL, {"JYJ"}),
    (RoleCode.MEMBER, "jyj", P.CHECKLIST_FILL, set()),
    (RoleCode.MEMBER, "jyj", P.REPORT_FILL, {"JYJ"}),
    (RoleCode.MEMBER, "jyj", P.CHECKLIST_VIEW, {"JYJ"}),
    (RoleCode.ORGAN_CLERK, "jyj_jgdw", P.REPORT_FILL, {"JYJ_JGDW"}),
    (RoleCode.ORGAN_CLERK, "jyj_jgdw", P.CHECKLIST_VIEW, JYJ - {"JYJ"}),
    (RoleCode.DISCIPLINE_SECRETARY, "jyj_jw", P.REPORT_FILL, {"JYJ_JW"}),
    (RoleCode.DISCIPLINE_SECRETARY, "jyj_jw", P.CHECKLIST_VIEW, {"JYJ_JW"}),
    (RoleCode.BRANCH_CLERK, "jyj_zb1", P.REPORT_FILL, {"JYJ_ZB1"}),
    (RoleCode.BRANCH_CLERK, "jyj_zb1", P.REPORT_REVIEW, set()),
    (RoleCode.COMMITTEE_OFFICER, "gw", P.REPORT_REVIEW, {"GW"}),
    (RoleCode.COMMITTEE_OFFICER, "gw", P.REPORT_FILL, {"GW"}),
    (RoleCode.COMMITTEE_OFFICER, "gw", P.CHECKLIST_PUBLISH, set()),
    (RoleCode.INSPECTOR, "gw", P.REPORT_REVIEW, set()),
    (RoleCode.SYSTEM_ADMIN, "gw", P.CHECKLIST_VIEW, set()),
    (RoleCode.AUDITOR, "gw", P.ORGANIZATION_VIEW, set()),
])
def test_where_a_role_grants_what(appoint, role, key, permission, expected):
    assert places(appoint(role, key), permission) == expected


@pytest.mark.parametrize("role, permission", [
    (RoleCode.COMMITTEE_ADMIN, P.CHECKLIST_PUBLISH), (RoleCode.COMMITTEE_OFFICER, P.CHECKLIST_VIEW),
    (RoleCode.INSPECTOR, P.CHECKLIST_VIEW), (RoleCode.SYSTEM_ADMIN, P.ACCOUNT_VIEW),
    (RoleCode.AUDITOR, P.AUDIT_VIEW)])
def test_a_right_of_the_committee_holds_everywhere(appoint, role, permission):
    assert places(appoint(role, "gw"), permission) == {
        each.code for each in Organization.objects.all()}


def test_a_subtree_ends_before_the_next_unit():
    """The path of the next sibling is greater by one in its last place."""
    reach = Reach(P.CHECKLIST_VIEW, "00010001", True)
    inside = ("00010001", "000100010001", "00010001000Z", "00010001ZZZZ")
    outside = ("0001", "00010002", "00010000", "000100020001", "")
    assert all(reach.covers(path) for path in inside)
    assert not any(reach.covers(path) for path in outside)


def test_a_right_at_a_unit_alone_covers_nothing_below():
    reach = Reach(P.REPORT_FILL, "00010001", False)
    assert reach.covers("00010001") and not reach.covers("000100010001")


def test_rights_of_two_posts_never_multiply(appoint):
    """Clerk of one branch, reader elsewhere: typing stays with the first."""
    appoint(RoleCode.BRANCH_CLERK, "jyj_zb1")
    user = appoint(RoleCode.PARTY_GROUP_SECRETARY, "czj")
    assert places(user, P.REPORT_FILL) == {"JYJ_ZB1", "CZJ"}
    assert places(user, P.REPORT_CONFIRM) == {"CZJ"}
    assert "JYJ_ZB2" not in places(user, P.CHECKLIST_VIEW)


def test_who_holds_no_post_has_no_right(wang):
    assert wang.reaches == [] and not wang.is_staff


def test_a_blocked_account_has_no_right_although_the_post_goes_on(appoint):
    user = appoint(RoleCode.COMMITTEE_ADMIN, "gw")
    user.is_active = False
    user.save()
    blocked = type(user).objects.get(pk=user.pk)
    assert blocked.posts == [] and blocked.reaches == []


# --- portfolio ------------------------------------------------------------------------------


def entrust(user, city, key, **dates):
    post = Appointment.unscoped.get(user=user)
    portfolio = services.entrust(appointment=post, organization=city.place(key), by=SYSTEM,
                                 **{"starts_on": TODAY} | dates)
    return city.user(user.username), portfolio


def test_a_member_reads_what_is_entrusted_to_him(city, appoint):
    user, _ = entrust(appoint(RoleCode.MEMBER, "jyj"), city, "jyj_zb1")
    assert places(user, P.CHECKLIST_VIEW) == {"JYJ", "JYJ_ZB1"}


def test_with_everything_below_it(city, appoint):
    user, _ = entrust(appoint(RoleCode.MEMBER, "jyj"), city, "jyj_jgdw")
    assert places(user, P.CHECKLIST_VIEW) == JYJ


def test_but_fills_in_nothing_there(city, appoint):
    user, _ = entrust(appoint(RoleCode.MEMBER, "jyj"), city, "jyj_zb1")
    assert places(user, P.REPORT_FILL) == {"JYJ"}


def test_an_officers_units_grant_him_nothing_beyond_his_post(city, appoint):
    before = appoint(RoleCode.COMMITTEE_OFFICER, "gw")
    after, _ = entrust(before, city, "jyj")
    assert set(after.reaches) == set(before.reaches)


def test_a_portfolio_that_ended_grants_nothing(city, appoint):
    user, portfolio = entrust(appoint(RoleCode.MEMBER, "jyj"), city, "jyj_zb1")
    Portfolio.unscoped.filter(pk=portfolio.pk).update(ends_on=TODAY - DAY,
                                                      starts_on=TODAY - 2 * DAY)
    assert places(city.user("wang"), P.CHECKLIST_VIEW) == {"JYJ"}


def test_a_portfolio_ends_with_the_post(city, appoint):
    user, _ = entrust(appoint(RoleCode.MEMBER, "jyj"), city, "jyj_zb1")
    Appointment.unscoped.filter(user=user).update(ends_on=TODAY - DAY, starts_on=TODAY - 9 * DAY)
    assert city.user("wang").reaches == []


# --- dates ----------------------------------------------------------------------------------


@pytest.mark.parametrize("starts_on, ends_on, holds", [
    (TODAY, None, True), (TODAY, TODAY, True), (TODAY - DAY, TODAY, True),
    (TODAY - 9 * DAY, TODAY - DAY, False), (TODAY + DAY, None, False)])
def test_a_post_holds_from_its_first_to_its_last_day(appoint, starts_on, ends_on, holds):
    user = appoint(RoleCode.BRANCH_CLERK, "jyj_zb1", starts_on=starts_on, ends_on=ends_on)
    assert user.holds(P.REPORT_FILL) is holds


def test_a_post_begins_at_midnight_of_its_first_day(appoint, city, later):
    appoint(RoleCode.BRANCH_CLERK, "jyj_zb1", starts_on=TODAY + DAY)
    later(hours=13, minutes=59)
    assert not city.user("wang").holds(P.REPORT_FILL)
    later(minutes=2)
    assert city.user("wang").holds(P.REPORT_FILL)


def test_a_deputy_holds_the_right_within_his_dates(appoint, city, later):
    secretary = Appointment.unscoped.get(user__username="jyj_zb1")
    user = appoint(RoleCode.BRANCH_SECRETARY, "jyj_zb1", acting_for=secretary,
                   ends_on=date(2026, 11, 30))
    assert places(user, P.REPORT_FILL) == {"JYJ_ZB1"}
    later(days=8)
    assert places(city.user("wang"), P.REPORT_FILL) == set()


def test_a_deputy_without_an_end_is_refused_by_the_database(appoint):
    secretary = Appointment.unscoped.get(user__username="jyj_zb1")
    with pytest.raises(IntegrityError, match="a_deputy_has_an_end"), transaction.atomic():
        appoint(RoleCode.BRANCH_SECRETARY, "jyj_zb1", acting_for=secretary)


def test_a_right_ends_at_the_next_request(city, login):
    phone = login("jyj_zb1")
    address = f"/tasks/{city.task('jyj_zb1', 'ZB-01', '2026-11').pk}/report/"
    assert phone.get(address).status_code == 200
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_zb1"), by=SYSTEM)
    assert phone.get(address).status_code == 403


def test_within_one_request_the_posts_are_read_once(city, django_assert_num_queries):
    user = city.user("gongwei")
    with django_assert_num_queries(1):
        for _ in range(3):
            user.may(P.CHECKLIST_VIEW, at=user.posts[0].organization.path)
            assert user.is_staff


# --- typing for leaders ---------------------------------------------------------------------


def test_for_whom_a_person_types(city):
    leaders = {city.user(name).pk for name in ("jyj_shuji", "jyj_chengyuan")}
    assert city.user("jyj_jgdw").drafts_for_ids == leaders
    assert city.user("jyj_zb1").drafts_for_ids == set()


def test_typing_for_a_leader_ends_with_his_post(city):
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_shuji"), by=SYSTEM)
    assert city.user("jyj_jgdw").drafts_for_ids == {city.user("jyj_chengyuan").pk}


# --- staff ----------------------------------------------------------------------------------


def test_who_may_enter_the_admin(city):
    inside = {name for name in (
        "gongwei_admin", "gongwei", "ducha", "xitong", "shenji", "jyj_shuji", "jyj_jgdw",
        "jyj_zb1", "jyj_chengyuan") if city.user(name).is_staff}
    assert inside == {"gongwei_admin", "gongwei", "ducha", "xitong", "shenji"}


def test_nobody_is_a_superuser(city):
    assert not hasattr(city.user("gongwei_admin"), "is_superuser")
    assert not hasattr(city.user("gongwei_admin"), "has_perm")
