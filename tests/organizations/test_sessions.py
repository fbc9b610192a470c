"""One's own sessions: the page, the rows, and from which address they are."""

import pytest
from django.test import Client

from apps.core.models import AuditEvent
from apps.organizations import accounts, daily, sessions
from apps.organizations.models import LoginSession
from tests.city import TODAY
from tests.organizations.at_the_door import knock, opens


@pytest.fixture
def phone(city) -> Client:
    return Client()


# --- one's own sessions ---------------------------------------------------------------------

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/88.0 Safari/537.36"


def places(client) -> list[dict]:
    """The rows of one's own page."""
    return client.get("/me/sessions/").context["rows"]


def test_one_sees_where_one_is_logged_in(city, login, later):
    office = Client(REMOTE_ADDR="10.1.2.3", headers={"User-Agent": WINDOWS})
    knock(office)
    opens(login("jyj_zb2"))
    later(minutes=5)
    home = login("jyj_zb1")
    rows = places(home)
    assert [(row["is_this"], row["ip"], row["device"]) for row in rows] == [
        (True, "127.0.0.1", "别的程序"), (False, "10.1.2.3", "Windows电脑，Chrome")]
    assert (rows[1]["since"], rows[1]["seen"]) == ("11月23日 10:00登录", "11月23日 10:00用过")


def test_one_of_them_is_ended(city, login):
    first, second, third = (login("jyj_zb1") for _ in range(3))
    for client in (first, second):
        opens(client)
    other = next(row["pk"] for row in places(third) if not row["is_this"])
    third.post("/me/sessions/", {"only": other})
    assert sorted([opens(first), opens(second)]) == [False, True]
    assert opens(third)


def test_all_others_are_ended(city, login):
    first, second = login("jyj_zb1"), login("jyj_zb1")
    opens(first)
    assert "全部退出" in second.get("/me/sessions/").text
    second.post("/me/sessions/")
    assert not opens(first) and opens(second)
    assert "全部退出" not in second.get("/me/sessions/").text


@pytest.mark.parametrize("only", ["", "x", "-1", "9" * 30])
def test_nobody_ends_those_of_others(city, login, only):
    stranger, mine = login("jyj_zb2"), login("jyj_zb1")
    opens(stranger)
    pk = LoginSession.objects.get(user__username="jyj_zb2").pk
    assert mine.post("/me/sessions/", {"only": pk}).status_code == 404
    mine.post("/me/sessions/", {"only": only})
    assert opens(stranger)


def test_a_session_that_is_over_is_not_listed(city, login, later):
    opens(login("jyj_zb1"))
    later(minutes=31)
    assert [row["is_this"] for row in places(login("jyj_zb1"))] == [True]


def test_a_row_goes_with_its_session(city, phone):
    knock(phone)
    assert LoginSession.objects.filter(user__username="jyj_zb1").count() == 1
    phone.post("/accounts/logout/")
    assert not LoginSession.objects.filter(user__username="jyj_zb1").exists()


def test_the_daily_work_forgets_what_is_over(city, login, later):
    opens(login("jyj_zb1"))
    accounts.make_reset(user=city.user("jyj_zb2"), by=city.user("xitong"))
    assert not any(daily.run(TODAY).values())
    later(hours=25)
    done = daily.run(TODAY)
    assert (done["sessions"], done["links"]) == (1, 1)


@pytest.mark.parametrize("agent, word", [
    (WINDOWS + " Edg/88.0", "Windows电脑，Edge"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17.0 Mobile Safari/604.1", "iPhone，Safari"),
    ("Mozilla/5.0 (Linux; Android 13) Chrome/110.0 MicroMessenger/8.0", "安卓手机，微信"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "Linux电脑，Firefox"),
    ("curl/8.0", "别的程序"), ("", "别的程序")])
def test_a_browser_is_named_in_words(agent, word):
    assert sessions.device(agent) == word


# --- behind proxies -------------------------------------------------------------------------


@pytest.mark.parametrize("proxies, header, address", [
    (0, "1.2.3.4", "10.0.0.9"), (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
    (2, "6.6.6.6, 1.2.3.4, 10.0.0.8", "1.2.3.4"), (2, "1.2.3.4", "10.0.0.9"),
    (1, "", "10.0.0.9")])
def test_the_address_is_the_one_that_our_own_proxies_wrote(city, phone, settings, proxies,
                                                          header, address):
    settings.TRUSTED_PROXIES = proxies
    knock(phone, REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=header)
    assert AuditEvent.objects.get(code="organizations.user.login").ip == address
    assert LoginSession.objects.get(user__username="jyj_zb1").ip == address
