"""Through the one door: who gets in, how often one may try, what one is told."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.db import connection
from django.test import Client

from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.models import AuditEvent
from apps.organizations import services
from tests.city import PASSWORD
from tests.forms_on_page import form_on
from tests.organizations.at_the_door import (
    DOOR,
    ELSEWHERE,
    LOCKED,
    code_for,
    enrol,
    is_in,
    knock,
    miss,
    sentence,
)


@pytest.fixture
def phone(city) -> Client:
    return Client()


def done() -> list[str]:
    events = AuditEvent.objects.filter(code__startswith="organizations.user.log")
    return [audit.sentence(event) for event in events.order_by("number")]


# --- in and out -------------------------------------------------------------------------


def test_the_right_password_opens_the_to_do_page(phone):
    answer = knock(phone)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(phone)


def test_a_stranger_is_sent_to_the_door_and_then_on(phone):
    answer = phone.get("/lists/")
    assert answer["Location"] == "/accounts/login/?next=/lists/"
    page = phone.get(answer["Location"])
    answer = phone.post(DOOR, form_on(page, DOOR, login="jyj_zb1", password=PASSWORD))
    assert answer["Location"] == "/lists/"


def test_the_way_on_never_leads_to_another_site(phone):
    answer = phone.post(DOOR, {"login": "jyj_zb1", "password": PASSWORD,
                               "next": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("typed", ["JYJ_ZB1", " jyj_zb1　", "ｊｙｊ＿ｚｂ１", "Jyj_Zb1"])
def test_an_account_has_one_spelling(phone, typed):
    knock(phone, typed)
    assert is_in(phone)


def test_an_empty_form_says_what_is_lacking(phone):
    page = phone.post(DOOR, {"login": "", "password": ""})
    assert "请填账号。" in page.text and "请填密码。" in page.text


def test_a_blocked_account_does_not_get_in(city, phone):
    user = city.user("jyj_zb1")
    user.is_active = False
    user.save()
    knock(phone)
    assert not is_in(phone)


# --- how often --------------------------------------------------------------------------


def test_each_bad_try_says_how_many_are_left(phone):
    said = [sentence(miss(phone, 1)) for _ in range(5)]
    assert said == [f"账号或密码不对，还可以再试{left}次。" for left in (4, 3, 2, 1)] + [
        f"账号或密码不对，{LOCKED}"]


def test_after_five_bad_tries_the_right_password_is_refused(phone):
    miss(phone, 5)
    answer = knock(phone)
    assert sentence(answer) == LOCKED
    assert not is_in(phone)


def test_after_four_it_opens(phone):
    miss(phone, 4)
    knock(phone)
    assert is_in(phone)


def test_without_the_limit_the_sixth_would_get_in(phone, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": False}
    miss(phone, 5)
    knock(phone)
    assert is_in(phone)


def test_a_good_login_does_not_wipe_the_bad_tries_of_others(phone):
    miss(phone, 4)
    knock(phone)
    assert sentence(miss(Client(), 1)).endswith(LOCKED)


@pytest.mark.parametrize("typed", ["JYJ_ZB1", "ｊｙｊ＿ｚｂ１", " jyj_zb1 ", "jyj_zb1　"])
def test_other_spellings_share_the_counter(phone, typed):
    miss(phone, 3)
    miss(phone, 2, username=typed)
    assert sentence(knock(phone)) == LOCKED


@pytest.mark.parametrize("minutes, opens", [(29, False), (31, True)])
def test_the_lock_lasts_half_an_hour(phone, later, minutes, opens):
    miss(phone, 5)
    later(minutes=minutes)
    knock(phone)
    assert is_in(phone) is opens


def test_another_browser_and_another_address_do_not_help(phone):
    miss(phone, 5)
    other = Client(REMOTE_ADDR="10.9.9.9")
    assert sentence(knock(other)) == LOCKED


def test_a_forged_header_does_not_help(phone):
    for last in range(5):
        miss(phone, 1, HTTP_X_FORWARDED_FOR=f"10.1.1.{last}")
    assert sentence(knock(phone, HTTP_X_FORWARDED_FOR="10.1.1.77")) == LOCKED


def test_another_port_in_the_host_header_does_not_help(phone):
    for port in range(5):
        miss(phone, 1, HTTP_HOST=f"testserver:{8000 + port}")
    assert sentence(knock(phone, HTTP_HOST="testserver:9000")) == LOCKED


def test_bad_tries_at_many_accounts_from_one_address_end_whatever_the_header_says(phone):
    for number in range(20):
        miss(phone, 1, username=f"u{number}", HTTP_X_FORWARDED_FOR=f"10.1.1.{number}")
    assert sentence(knock(phone, HTTP_X_FORWARDED_FOR="10.1.1.200")) == ELSEWHERE
    assert not is_in(phone)


def test_a_machine_that_knocks_without_pause_is_told_to_wait(phone):
    for number in range(60):
        miss(phone, 1, username=f"u{number}")
    answer = knock(phone)
    assert answer.status_code == 429
    assert "请稍等一分钟" in answer.text


def test_one_locked_account_locks_no_other(phone):
    miss(phone, 5)
    knock(phone, "jyj_zb2")
    assert is_in(phone)


def test_the_counter_is_shared_by_processes(phone):
    """It stands in the database: a process that has just started counts on."""
    miss(phone, 5)
    del caches["default"]
    assert sentence(knock(phone)) == LOCKED
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] >= 1


def test_a_counter_in_the_memory_of_a_process_would_not_be(phone, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                                   "LOCATION": "one"}}
    miss(phone, 5)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                                   "LOCATION": "other"}}
    knock(phone)
    assert is_in(phone)


# --- nothing is given away ----------------------------------------------------------------


def shown(answer, username: str) -> str:
    """The page without what must differ: the token, the name that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text)
    return text.replace(username, "X")


def test_known_and_unknown_names_get_the_same_answer(phone):
    known, unknown = (miss(Client(), 1, username=name) for name in ("jyj_zb1", "niemand"))
    assert shown(known, "jyj_zb1") == shown(unknown, "niemand")
    assert known.status_code == unknown.status_code


def test_an_unknown_name_is_locked_like_a_known_one(phone):
    miss(phone, 5, username="niemand")
    assert sentence(knock(phone, "niemand")) == LOCKED


@pytest.mark.parametrize("username", ["jyj_zb1", "niemand"])
def test_the_hasher_works_once_for_known_and_unknown_names(phone, monkeypatch, username):
    worked, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode",
                        lambda self, *rest: worked.append(1) or encode(self, *rest))
    miss(phone, 1, username=username)
    assert len(worked) == 1


# --- other doors ----------------------------------------------------------------------------


def test_the_admins_door_only_leads_to_ours(phone):
    answer = phone.get("/admin/login/?next=/admin/review/")
    assert answer["Location"] == "/accounts/login/?next=/admin/review/"


def test_a_right_password_at_the_admins_door_does_not_log_in(phone):
    answer = phone.post("/admin/login/", {"username": "gongwei_admin", "password": PASSWORD})
    assert answer.status_code == 302
    assert not is_in(phone)


@pytest.mark.parametrize("address", [
    "/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/accounts/3rdparty/",
    "/accounts/login/code/confirm/", "/accounts/2fa/webauthn/"])
def test_the_other_doors_of_the_library_do_not_exist(phone, address):
    assert phone.get(address).status_code == 404
    assert phone.post(address, {}).status_code == 404


# --- demo accounts ------------------------------------------------------------------------


def test_a_demo_account_is_none_on_a_real_site(phone, settings):
    settings.DEMO = False
    assert sentence(knock(phone)).startswith("账号或密码不对")
    assert not is_in(phone)


def test_a_real_account_gets_in_there(phone, settings):
    services.create_user(username="li", name="李", password=PASSWORD, by=SYSTEM)
    settings.DEMO = False
    knock(phone, "li")
    assert is_in(phone)


def test_the_open_session_of_a_demo_account_ends_when_the_site_becomes_real(phone, settings):
    knock(phone)
    assert phone.get("/").status_code == 200
    settings.DEMO = False
    assert phone.get("/")["Location"] == "/accounts/login/?next=/"


# --- the audit ----------------------------------------------------------------------------


def test_login_logout_and_failure_are_in_the_audit(phone):
    miss(phone, 1)
    knock(phone)
    phone.post("/accounts/logout/")
    assert done() == ["账号jyj_zb1登录没有通过", "李一帆登录", "李一帆退出"]


def test_an_event_says_from_which_address(phone):
    knock(phone, REMOTE_ADDR="10.7.7.7", HTTP_X_FORWARDED_FOR="1.2.3.4")
    assert AuditEvent.objects.get(code="organizations.user.login").ip == "10.7.7.7"


def test_no_password_is_ever_in_the_audit(phone):
    """Not even the right one that somebody types a letter too long, or as his name."""
    knock(phone, "jyj_zb1", PASSWORD + "x")
    knock(phone)
    for values in AuditEvent.objects.values():
        assert PASSWORD not in str(values)


def test_logging_out_ends_the_session(phone):
    knock(phone)
    phone.post("/accounts/logout/")
    assert phone.get("/").status_code == 302


def test_a_link_alone_does_not_log_out(phone):
    knock(phone)
    phone.get("/accounts/logout/")
    assert is_in(phone)


# --- the second factor ----------------------------------------------------------------------


@pytest.fixture
def secret(phone) -> str:
    """The second factor of 李一帆, enrolled through the page; he is logged out again."""
    knock(phone)
    secret = enrol(phone)
    phone.post("/accounts/logout/")
    return secret


def test_enrolling_asks_for_the_password_again(phone):
    knock(phone)
    answer = phone.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_an_enrolled_factor_is_asked_before_one_is_in(phone, secret):
    answer = knock(phone)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(phone)
    assert phone.get("/").status_code == 302


def test_its_code_opens(phone, secret, later):
    later(minutes=2)  # a code is good once
    knock(phone)
    phone.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert is_in(phone)


def test_a_wrong_code_does_not_open(phone, secret):
    knock(phone)
    wrong = f"{(int(code_for(secret)) + 1) % 1000000:06}"
    page = phone.post("/accounts/2fa/authenticate/", {"code": wrong})
    assert page.status_code == 200
    assert not is_in(phone)


def test_the_login_is_in_the_audit_only_after_the_code(phone, secret, later):
    later(minutes=2)
    before = len(done())
    knock(phone)
    assert len(done()) == before
    phone.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert done()[before:] == ["李一帆登录"]


def test_who_enrolled_none_is_not_asked(phone):
    assert knock(phone)["Location"] == "/"
