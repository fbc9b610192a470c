import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404
from django.test import Client
from django.urls import path

from apps.core.access import LOGGED_IN, PUBLIC, requires
from apps.core.errors import Conflict, Invalid, NotAllowed, NotVisible, Refused
from config import urls
from config.urls import handler403, handler404, handler500  # noqa: F401 - named by Django

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

INNER = ("Traceback", "inner words", "test_errors.py", "OperationalError", "ValueError",
         "InterfaceError", "connection to server")
ERRORS = {
    "lost": lambda: OperationalError("inner words: connection to server was lost"),
    "closed": lambda: InterfaceError("inner words: connection already closed"),
    "bug": lambda: ValueError("inner words"),
}


@requires(PUBLIC)
def breaking(request, kind):
    """A view that breaks."""
    raise ERRORS[kind]()


@requires(LOGGED_IN)
def asking(request):
    """A view that asks the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


urlpatterns = [path("breaking/<kind>/", breaking), path("asking/", asking), *urls.urlpatterns]


@pytest.fixture
def browser() -> Client:
    """A browser that sees the error page instead of the exception."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def page(response) -> str:
    """The page's text, after a look for what it must never show."""
    text = response.content.decode()
    assert [word for word in INNER if word in text] == []
    assert "<!doctype html>" in text
    return text


# --- the family -------------------------------------------------------------------------


@pytest.mark.parametrize("kind, base", [
    (NotAllowed, PermissionDenied), (NotVisible, Http404), (Conflict, Refused),
    (Invalid, Refused)])
def test_every_refusal_carries_its_sentence(kind, base):
    refusal = kind("不行。")
    assert isinstance(refusal, base)
    assert (refusal.message, str(refusal), refusal.is_recorded) == ("不行。", "不行。", False)


def test_an_invalid_without_a_sentence_says_those_of_its_fields():
    refusal = Invalid(fields={"a": "请填甲", "b": "请填乙"})
    assert refusal.message == "请填甲；请填乙"


def test_a_conflict_knows_who_was_first_only_where_it_is_told():
    assert (Conflict("晚了。").who, Conflict("晚了。").when) == ("", None)


# --- the pages --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lost", "closed"])
def test_a_lost_database_is_a_503_that_says_when_to_come_back(browser, kind):
    response = browser.get(f"/breaking/{kind}/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "暂时连不上" in page(response)


def test_a_database_that_is_lost_for_everything_still_gives_the_page(browser, city):
    """The session, the person and the page itself: nothing may ask once more."""

    def lost(execute, sql, params, many, context):
        raise OperationalError("inner words: connection to server was lost")

    browser.force_login(city.user("jyj_zb1"))
    with connection.execute_wrapper(lost):
        response = browser.get("/asking/")
    assert response.status_code == 503
    page(response)


def test_a_bug_is_a_500_with_the_number_of_the_request(browser):
    response = browser.get("/breaking/bug/")
    assert response.status_code == 500
    assert "Retry-After" not in response
    assert response["X-Request-Id"] in page(response)


def test_an_address_that_leads_nowhere_is_a_404(browser, city):
    browser.force_login(city.user("jyj_zb1"))
    response = browser.get("/nowhere/at/all/")
    assert response.status_code == 404
    assert "没有这个页面" in page(response)


def test_a_form_without_its_token_is_turned_away_with_a_way_back(browser, city):
    browser.force_login(city.user("jyj_zb1"))
    response = browser.post("/lists/", {"words": "inner words"})
    assert response.status_code == 403
    assert "这一页放得太久了" in page(response)


def test_a_view_of_ours_breaks_into_the_same_pages(browser, city, monkeypatch):
    def broken(*args, **kwargs):
        raise OperationalError("inner words")

    browser.force_login(city.user("jyj_zb1"))
    monkeypatch.setattr("apps.checklists.todo.rows", broken)
    response = browser.get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    page(response)


def test_with_debug_the_trace_would_show(browser, settings):
    """The control: what the pages above keep back is there."""
    settings.DEBUG = True
    assert "inner words" in browser.get("/breaking/bug/").content.decode()
