import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

from apps.core import jobs, middleware
from apps.core.access import LOGGED_IN, PUBLIC, requires
from apps.core.act import act
from apps.core.calendar import now
from apps.core.errors import Conflict, Invalid, NotAllowed, NotVisible
from apps.core.models import AuditEvent
from config import urls
from config.urls import handler403, handler404, handler500  # noqa: F401 - named by Django

pytestmark = pytest.mark.urls(__name__)

ERRORS = {
    "notallowed": lambda: NotAllowed("这一项由别人办。"),
    "conflict": lambda: Conflict("晚了一步。", who="陈立新", when=now()),
    "overtaken": lambda: Conflict("没有退回：11月23日 10:00，陈立新退回。", who="陈立新",
                                  when=now()),
    "invalid": lambda: Invalid(fields={"reason": "请写一句。"}),
    "notvisible": lambda: NotVisible("没有找到。"),
    "library": lambda: PermissionDenied("english inner words"),
    "nowhere": lambda: Http404("english inner words"),
}


@requires(LOGGED_IN)
def refusing(request, kind):
    """A view whose rule says no."""
    raise ERRORS[kind]()


@requires(LOGGED_IN)
def acting(request, kind):
    """A view whose service says no inside an act, which records it."""
    with act(by=request.user):
        raise ERRORS[kind]()


@requires(PUBLIC)
def public(request, kind):
    """A page without login whose rule says no."""
    raise ERRORS[kind]()


@requires(LOGGED_IN)
def keeping(request):
    """A page that says itself how long it may be kept."""
    return HttpResponse("x", headers={"Cache-Control": "max-age=60"})


urlpatterns = [
    path("refusing/<kind>/", refusing, name="refusing"),
    path("acting/<kind>/", acting, name="acting"),
    path("public/<kind>/", public, name="public"),
    path("keeping/", keeping),
    *urls.urlpatterns,
]


@pytest.fixture
def li(login):
    """A browser of 李一帆 that has had its first page."""
    client = login("jyj_zb1")
    assert client.get("/me/").status_code == 200
    return client


def is_out(client) -> bool:
    """Whether the next page is the login."""
    response = client.get("/me/")
    return response.status_code == 302 and response["Location"].startswith("/accounts/login/")


# --- idle time-out ----------------------------------------------------------------------


@pytest.mark.parametrize("minutes, out", [(29, False), (31, True)])
def test_a_session_ends_after_thirty_silent_minutes(li, later, minutes, out):
    later(minutes=minutes)
    assert is_out(li) is out


def test_each_page_begins_the_thirty_minutes_anew(li, later):
    for _ in range(3):
        later(minutes=29)
        assert not is_out(li)


def test_the_minutes_are_a_setting(li, later, settings):
    settings.IDLE_MINUTES = 5
    later(minutes=6)
    assert is_out(li)


def test_an_ended_session_is_gone_and_not_only_refused(li, later):
    key = li.session.session_key
    later(minutes=31)
    li.get("/me/")
    assert not li.session.exists(key)


@pytest.fixture
def job(city):
    """A running job of 李一帆, whose page asks again every second."""
    return jobs.start(kind="publish", title="下发", by=city.user("jyj_zb1"))


def test_polling_is_no_sign_of_life(li, job, later):
    for _ in range(3):
        later(minutes=9)
        assert li.get(f"/jobs/{job.pk}/", headers={"hx-request": "true"}).status_code == 200
    later(minutes=4)
    assert is_out(li)


def test_a_page_that_a_person_opens_is_one(li, later):
    """The control of the test above, with the same pauses."""
    for _ in range(3):
        later(minutes=9)
        assert li.get("/").status_code == 200
    later(minutes=4)
    assert not is_out(li)


def test_polling_ends_with_the_session(li, job, later):
    later(minutes=31)
    assert li.get(f"/jobs/{job.pk}/").status_code == 302


def session_writes(client) -> int:
    """Statements of one page that write the session."""
    with CaptureQueriesContext(connection) as queries:
        client.get("/me/")
    return len([q for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))
                and "django_session" in q["sql"]])


def test_the_mark_is_renewed_at_most_once_a_minute(li, later):
    later(seconds=50)
    assert session_writes(li) == 0
    later(seconds=20)
    assert session_writes(li) == 1
    assert session_writes(li) == 0


def test_strangers_get_no_session(client, db):
    client.get("/accounts/login/")
    assert "fz_session" not in client.cookies


# --- refusals ---------------------------------------------------------------------------


def refusals() -> list[AuditEvent]:
    """Refused events."""
    return list(AuditEvent.objects.filter(outcome="refused"))


@pytest.mark.parametrize("kind, status, sentence", [
    ("notallowed", 403, "这一项由别人办。"),
    ("conflict", 409, "晚了一步。"),
    ("invalid", 409, "请写一句。"),
    ("notvisible", 404, "没有找到。"),
    ("library", 403, "这个页面不在您的职权里。"),
])
@pytest.mark.parametrize("view", ["refusing", "acting"])
def test_a_refusal_has_its_page_and_stands_in_the_audit_once(li, view, kind, status, sentence):
    response = li.get(f"/{view}/{kind}/", headers={"referer": "/lists/"})
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert "inner words" not in page
    (event,) = refusals()
    assert event.details["message"] == sentence
    assert (event.actor_name, event.code) == ("李一帆", "core.refused")
    assert event.request_id == response["X-Request-Id"]
    assert event.ip == "127.0.0.1"


def test_a_refusal_of_the_view_names_the_view(li):
    li.post("/refusing/conflict/")
    assert refusals()[0].details["view"] == "POST refusing"


def test_the_page_of_a_conflict_says_who_was_first_and_when_once(li):
    """In the sentence of the refusal, and nowhere else."""
    page = li.get("/refusing/overtaken/").content.decode()
    assert (page.count("陈立新"), page.count("10:00")) == (1, 1)
    assert "没有退回：11月23日 10:00，陈立新退回。" in page


def test_the_way_back_leads_to_where_the_person_came_from(li):
    page = li.get("/refusing/conflict/", headers={"referer": "http://testserver/lists/"})
    assert 'href="http://testserver/lists/"' in page.content.decode()


def back_link(page) -> str:
    """Where the button of a conflict leads."""
    return re.search(r'href="([^"]*)">看现在的样子<', page.content.decode())[1]


ELSEWHERE = ["https://evil.example/lists/", "//evil.example/", "javascript:alert(1)",
             "http://testserver.evil.example/", "http://testserver@evil.example/", ""]


@pytest.mark.parametrize("referer", ELSEWHERE)
def test_the_way_back_never_leaves_our_own_host(li, referer):
    assert back_link(li.get("/refusing/conflict/", headers={"referer": referer})) == "/"


def test_without_a_referer_the_way_back_is_the_front_page(li):
    assert back_link(li.get("/refusing/conflict/")) == "/"


def test_without_the_check_of_the_host_it_would(li, monkeypatch):
    monkeypatch.setattr(middleware, "url_has_allowed_host_and_scheme", lambda *a, **k: True)
    page = li.get("/refusing/conflict/", headers={"referer": ELSEWHERE[0]})
    assert back_link(page) == ELSEWHERE[0]


def test_an_address_that_leads_nowhere_is_no_refusal(li):
    response = li.get("/refusing/nowhere/")
    assert response.status_code == 404
    assert "inner words" not in response.content.decode()
    assert refusals() == []


def test_a_stranger_is_refused_without_an_event(client, db):
    assert client.get("/public/notallowed/").status_code == 403
    assert refusals() == []


def test_without_the_mark_a_refusal_would_stand_there_twice(li, monkeypatch):
    monkeypatch.setattr(Conflict, "is_recorded", property(lambda self: False, lambda *a: None),
                        raising=False)
    li.get("/acting/conflict/")
    assert len(refusals()) == 2


# --- every answer -----------------------------------------------------------------------


def test_a_page_with_a_person_on_it_is_never_kept(li):
    assert li.get("/me/")["Cache-Control"] == "no-store"


def test_a_view_may_say_otherwise(li):
    assert li.get("/keeping/")["Cache-Control"] == "max-age=60"


def test_every_answer_has_a_number_of_its_own(li):
    numbers = {li.get("/me/")["X-Request-Id"] for _ in range(3)}
    assert len(numbers) == 3


def test_what_is_done_outside_a_request_has_no_origin(li, city):
    li.get("/me/")
    with pytest.raises(Conflict), act(by=city.user("jyj_zb1")):
        raise Conflict("晚了。")
    assert (refusals()[-1].ip, refusals()[-1].request_id) == ("", "")
