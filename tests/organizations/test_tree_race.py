"""Two people change the tree at once: never a circle, never an administrator too few."""

from functools import partial
from threading import Barrier, Event

import pytest

from apps.core.errors import Conflict, Invalid
from apps.organizations import services
from apps.organizations.models import Appointment, Organization
from apps.organizations.roles import RoleCode
from apps.organizations.services import organizations, posts
from tests.test_race import together

SOUND = ([], [], [], [], [])


def crosswise(city, *, move=services.move) -> list:
    """One puts the first unit below the second, another one the second below the first."""
    pairs = (("gongwei_admin", "jyj", "czj"), ("gongwei_admin2", "czj", "jyj"))
    return together(*(partial(
        move, organization=city.place(key), parent=city.place(parent),
        by=city.user(username)) for username, key, parent in pairs))


def roots() -> int:
    return Organization.objects.filter(depth=1).count()


def circles() -> list[str]:
    """Organisations that cannot be reached from the committee."""
    top = Organization.objects.get(code="GW")
    reached = set(Organization.objects.under(top.path).values_list("pk", flat=True))
    known = set(Organization.objects.values_list("path", flat=True))
    orphans = [node.code for node in Organization.objects.all()
               if node.depth > 1 and node.parent_paths()[0] not in known]
    return orphans + [node.code for node in Organization.objects.exclude(pk__in=reached)]


@pytest.mark.postgresql
def test_of_two_crosswise_moves_one_is_made(standing_city):
    endings = crosswise(standing_city)
    refusals = [each for each in endings if isinstance(each, Invalid)]
    assert len(refusals) == 1, endings
    assert "不能移到它下面" in refusals[0].message
    assert (Organization.objects.find_problems(), circles(), roots()) == (SOUND, [], 1)


@pytest.mark.postgresql
def test_without_the_lock_the_tree_would_break(standing_city, monkeypatch):
    """Both have read the tree, then one moves and commits, then the other goes on."""
    both_have_read, one_is_done = Barrier(2), Event()
    rewrite = Organization.objects._set_newpath_in_branches

    def rewrite_late(manager, *given):
        if both_have_read.wait(timeout=20):
            one_is_done.wait(timeout=20)
        return rewrite(*given)

    def move(**values):
        try:
            return services.move(**values)
        finally:
            one_is_done.set()

    monkeypatch.setattr(organizations, "_lock_the_tree", lambda: None)
    monkeypatch.setattr(type(Organization.objects), "_set_newpath_in_branches",
                        rewrite_late)
    endings = crosswise(standing_city, move=move)
    assert not any(isinstance(each, Invalid) for each in endings)
    assert circles() or Organization.objects.find_problems() != SOUND, endings


def leave(user):
    """Lay the post down."""
    return services.end(appointment=user.posts[0], by=user)


@pytest.mark.postgresql
def test_of_two_administrators_who_leave_at_once_one_stays(standing_city):
    users = [standing_city.user(name) for name in ("gongwei_admin", "gongwei_admin2")]
    endings = together(*(partial(leave, user) for user in users))
    assert sorted(type(each).__name__ for each in endings) == ["Appointment", "Conflict"]
    assert Appointment.unscoped.filter(role=RoleCode.COMMITTEE_ADMIN, ends_on=None).count() == 1


@pytest.mark.postgresql
def test_without_the_lock_none_would_stay(standing_city, monkeypatch):
    both_have_looked = Barrier(2)
    real = posts.ensure_not_the_last

    def look(row):
        real(row)
        both_have_looked.wait(timeout=20)

    monkeypatch.setattr(posts, "ensure_not_the_last", look)
    monkeypatch.setattr(posts, "lock", lambda post: Appointment.unscoped.get(pk=post.pk))
    users = [standing_city.user(name) for name in ("gongwei_admin", "gongwei_admin2")]
    endings = together(*(partial(leave, user) for user in users))
    assert not any(isinstance(each, Conflict) for each in endings)
    assert not Appointment.unscoped.filter(
        role=RoleCode.COMMITTEE_ADMIN, ends_on=None).exists()
