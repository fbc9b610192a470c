"""Whose list it is, told twice: by the query of pages and by the rule of the service."""

import pytest

from apps.checklists.models import Checklist
from apps.checklists.models.lists import mine
from apps.checklists.services import reporting
from apps.core.act import SYSTEM
from apps.dashboard.demo.people import PEOPLE
from apps.organizations import services
from apps.organizations.models import Appointment
from apps.organizations.permissions import Permission
from tests.city import TODAY


def twins(user) -> tuple[set, set]:
    """Lists that the person fills in, by the query and by the rule."""
    lists = Checklist.unscoped.select_related("organization", "holder")
    asked = set(Checklist.objects.visible_to(user, for_=Permission.REPORT_FILL)
                .filter(mine(user)).values_list("pk", flat=True))
    return asked, {each.pk for each in lists if reporting.may_fill_list(each, user)}


@pytest.mark.parametrize("who", [person.username for person in PEOPLE])
def test_both_say_the_same_of_every_list(city, who):
    asked, ruled = twins(city.user(who))
    assert asked == ruled


def test_they_say_something(city):
    """A secretary (his own and the party group's), his drafter, a branch, who only reads."""
    found = {who: len(twins(city.user(who))[0])
             for who in ("jyj_shuji", "jyj_jgdw", "jyj_zb1", "ducha", "gongwei")}
    assert found == {"jyj_shuji": 2, "jyj_jgdw": 3, "jyj_zb1": 1, "ducha": 0, "gongwei": 0}


@pytest.mark.parametrize("who", ["jyj_shuji", "jyj_jgdw", "jyj_zb1"])
def test_both_say_no_once_the_posts_have_ended(city, who):
    for post in Appointment.unscoped.filter(user__username=who):
        services.end(appointment=post, by=SYSTEM)
    assert twins(city.user(who)) == (set(), set())


def test_both_say_yes_to_a_deputy_of_a_branch(city):
    post = Appointment.unscoped.get(user__username="jyj_zb2")
    services.appoint(user=city.user("jyj_jw"), role=post.role, organization=post.organization,
                     starts_on=TODAY, ends_on=TODAY, acting_for=post, by=SYSTEM)
    own = city.checklist("jyj_zb2").pk
    assert twins(city.user("jyj_jw")) == ({own}, {own})


def test_both_say_no_to_a_leaders_list_for_a_clerk_who_does_not_type_for_him(city):
    """The clerk of the party group fills in its list; the secretary's is the secretary's."""
    Appointment.unscoped.filter(user__username="jyj_shuji").update(drafter=None)
    asked, ruled = twins(city.user("jyj_jgdw"))
    assert asked == ruled
    assert city.checklist("jyj", "party_group").pk in asked
    assert city.checklist("jyj", "secretary").pk not in asked
