import sys
from types import ModuleType, SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import include, path

from apps.core import access
from apps.core.access import LOGGED_IN, PUBLIC, requires, routes
from apps.core.errors import NotAllowed
from apps.organizations.permissions import Permission


def unmarked(request):
    """A view whose author forgot to say who may call it."""
    return HttpResponse("打开了")


@requires(Permission.AUDIT_VIEW)
def marked(request, pk=0):
    """A view of ours."""
    return HttpResponse(f"{pk}")


@pytest.fixture
def site(settings):
    """`site(url, …)`: put other addresses in place of ours."""

    def mount(*patterns):
        sys.modules["urls_of_a_test"] = ModuleType("urls_of_a_test")
        sys.modules["urls_of_a_test"].urlpatterns = list(patterns)
        settings.ROOT_URLCONF = "urls_of_a_test"

    yield mount
    sys.modules.pop("urls_of_a_test", None)


def request_of(*permissions):
    """A request of somebody who holds these."""
    return SimpleNamespace(user=SimpleNamespace(holds=lambda code: code in permissions))


def test_every_route_of_ours_says_who_may():
    assert access.every_view_says_who_may() == []


def test_a_view_that_says_nothing_stops_the_start(site):
    site(path("gut/", marked, name="gut"), path("offen/<int:pk>/", unmarked, name="offen"))
    (error,) = access.every_view_says_who_may()
    assert error.id == "fangzhen.E003"
    assert error.msg == "The route 'offen/<int:pk>/' (offen) says nobody who may call it."


def test_a_view_without_a_name_in_an_included_table_stops_it_too(site):
    site(path("tief/", include(([path("offen/", unmarked)], "innen"))))
    (error,) = access.every_view_says_who_may()
    assert "'tief/offen/' (innen:)" in error.msg


def test_a_library_view_may_stand_in_the_table(site):
    site(path("x/", unmarked, name="account_login"))
    assert access.every_view_says_who_may() == []


def test_the_table_of_libraries_has_no_idle_line():
    assert set(access.THIRD_PARTY) - {name for _route, name, _pattern in routes()} == set()


def test_no_view_of_ours_hides_behind_the_table_of_libraries():
    ours = {name for _route, name, pattern in routes()
            if pattern.callback.__module__.startswith("apps.") and hasattr(
                pattern.callback, "policy")}
    assert ours & set(access.THIRD_PARTY) == set()


def test_whoever_lacks_the_permission_is_not_allowed():
    with pytest.raises(NotAllowed, match="这个页面不在您的职权里"):
        marked(request_of(Permission.CHECKLIST_VIEW))


def test_whoever_holds_it_gets_the_page_with_its_arguments():
    assert marked(request_of(Permission.AUDIT_VIEW), pk=7).content == b"7"


@pytest.mark.parametrize("policy, needs_login", [
    (PUBLIC, False), (LOGGED_IN, True), (Permission.AUDIT_VIEW, True)])
def test_the_mark_tells_the_login_whether_it_is_needed(policy, needs_login):
    view = requires(policy)(unmarked)
    assert (view.policy, view.login_required) == (policy, needs_login)
    assert view.__name__ == "unmarked"


@pytest.mark.parametrize("policy", [PUBLIC, LOGGED_IN])
def test_without_a_permission_nothing_is_asked_of_the_person(policy):
    assert requires(policy)(unmarked)(request_of()).status_code == 200


@pytest.mark.django_db
def test_an_unmarked_view_is_closed_to_strangers_all_the_same(site, client):
    """The second wall: the login is required unless a view says otherwise."""
    site(path("offen/", unmarked), path("login/", unmarked, name="account_login"))
    assert client.get("/offen/").status_code == 302
