"""What the 系统管理员 does with accounts: links, blocks, sessions; what only the server does."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.core.act import SYSTEM
from apps.core.errors import Conflict, NotAllowed, NotVisible
from apps.core.models import AuditEvent
from apps.organizations import accounts, lockout, second_factor
from apps.organizations.models import PasswordReset, User
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD
from tests.organizations.at_the_door import (
    CHANGE,
    CODE,
    DOOR,
    ENROL,
    NEW,
    done,
    enrol,
    enrolled,
    is_in,
    knock,
    last_number,
    leads_to,
    miss,
    opens,
    person,
)

OFFICER = (RoleCode.COMMITTEE_OFFICER, "gw")
TYPED = {"password1": NEW, "password2": NEW}


@pytest.fixture
def phone(city) -> Client:
    return Client()


@pytest.fixture
def admin(city) -> User:
    return city.user("xitong")


def link(city, username: str = "jyj_zb1") -> str:
    """The address by which that person sets a new password."""
    token = accounts.make_reset(user=city.user(username), by=city.user("xitong"))
    return f"/accounts/reset/{token}/"


# --- the link -------------------------------------------------------------------------------


def test_the_page_shows_the_link_once(city, login):
    desk, user = login("xitong"), city.user("jyj_zb1")
    url = f"/admin/organizations/user/{user.pk}/reset/"
    assert "/accounts/reset/" not in desk.get(url).text
    page = desk.post(url)
    address = re.search(r"http://testserver(/accounts/reset/[\w-]+/)", page.text)[1]
    assert "只显示这一次" in page.text and page["Cache-Control"] == "no-store"
    assert address not in desk.get(url).text
    assert Client().get(address).status_code == 200


def test_only_its_hash_is_kept_and_nothing_in_the_audit(city, phone):
    address = link(city)
    token = address.split("/")[-2]
    phone.get(address)
    phone.post(address, TYPED)
    kept = str(list(PasswordReset.objects.values())) + str(list(AuditEvent.objects.values()))
    assert token not in kept and NEW not in kept
    assert accounts.fingerprint(token) in kept


def test_the_log_does_not_hold_the_token(city, phone, caplog):
    address = link(city)
    phone.get(address)
    fields = [record.fields for record in caplog.records if record.name == "fangzhen.request"]
    assert fields[-1]["path"] == "/accounts/reset/-/"
    assert address.split("/")[-2] not in caplog.text


def test_its_owner_sets_a_password_and_logs_in_with_it(city, phone):
    person(city, "shi", settled=False)
    answer = phone.post(link(city, "shi"), TYPED)
    assert answer["Location"] == DOOR
    assert "新密码设好了" in phone.get(DOOR).text
    knock(phone, "shi", NEW)
    assert opens(phone), "he chose it himself, so it need not be changed"


def test_the_old_password_is_gone(city, phone):
    phone.post(link(city), TYPED)
    knock(phone)
    assert not is_in(phone)


def test_it_ends_all_sessions(city, phone, login):
    elsewhere = login("jyj_zb1")
    assert opens(elsewhere)
    phone.post(link(city), TYPED)
    assert leads_to(elsewhere.get("/me/")) == DOOR


def test_it_lifts_the_lock(city, phone):
    miss(phone, 5)
    phone.post(link(city), TYPED)
    knock(phone, password=NEW)
    assert is_in(phone)


def test_it_leaves_the_second_factor_alone(city, phone, later):
    user = person(city, "shi", OFFICER)
    enrolled(city, "shi", later)
    phone.post(link(city, "shi"), TYPED)
    assert second_factor.is_enrolled(user)
    assert leads_to(knock(phone, "shi", NEW)) == CODE


@pytest.mark.parametrize("new", ["kurz", "Liyifan@2026", PASSWORD])
def test_the_rules_for_passwords_hold_there_too(city, phone, new):
    address = link(city)
    page = phone.post(address, {"password1": new, "password2": new})
    assert page.context["form"].errors["password1"]
    assert phone.get(address).status_code == 200, "a refused password does not spend the link"


def test_looking_at_it_does_not_spend_it(city, phone):
    address = link(city)
    for _ in range(3):
        assert phone.get(address).status_code == 200
    assert phone.post(address, TYPED).status_code == 302


def bad_links(city, later) -> dict[str, str]:
    """A link for each thing that can be wrong with one."""
    found = {"unknown": "/accounts/reset/nobody-was-given-this-link/",
             "expired": link(city, "jyj_zb2")}
    later(hours=25)
    found |= {"used": link(city), "older": link(city, "jyj_jw"),
              "blocked": link(city, "jyj_zb3")}
    Client().post(found["used"], TYPED)
    link(city, "jyj_jw")
    User.objects.filter(username="jyj_zb3").update(is_active=False)
    return found


@pytest.mark.parametrize("method", ["get", "post"])
def test_whatever_is_wrong_with_it_the_answer_is_the_same(city, phone, later, method):
    answers = {name: getattr(phone, method)(address, TYPED if method == "post" else {})
               for name, address in bad_links(city, later).items()}
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.text for answer in answers.values()}) == 1
    assert "这个链接不能用了" in answers["unknown"].text


def test_a_demo_accounts_link_is_none_on_a_real_site(city, phone, settings):
    address = link(city)
    settings.DEMO = False
    assert phone.get(address).status_code == 404


def test_links_are_not_tried_out(city, phone):
    for number in range(20):
        assert phone.get(f"/accounts/reset/guess-{number}/").status_code == 404
    assert phone.get(link(city)).status_code == 429


def test_two_at_once_spend_it_once(city, monkeypatch):
    token = accounts.make_reset(user=city.user("jyj_zb1"), by=SYSTEM)
    first = accounts.find_reset(token)
    accounts.use_reset(token=token, password=NEW)
    monkeypatch.setattr(accounts, "find_reset", lambda token: first)
    with pytest.raises(NotVisible):
        accounts.use_reset(token=token, password="Lai-Wan-Le-9-Fen")
    assert city.user("jyj_zb1").check_password(NEW)


# --- who may --------------------------------------------------------------------------------

VERBS = {"reset": accounts.make_reset, "block": accounts.block, "admit": accounts.admit,
         "sessions": accounts.end_sessions}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["gongwei_admin", "gongwei", "shenji", "jyj_jgdw"])
def test_nobody_else_may(city, login, verb, who):
    with pytest.raises(NotVisible):
        VERBS[verb](user=city.user("jyj_zb1"), by=city.user(who))
    url = f"/admin/organizations/user/{city.user('jyj_zb1').pk}/{verb}/"
    assert login(who).post(url).status_code == 403


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("whose, why", [("xitong", "自己的账号由另一位"),
                                        ("shenji", "安全审计员监督系统管理")])
def test_not_his_own_and_not_the_auditors(city, login, verb, whose, why):
    with pytest.raises(NotAllowed, match=why):
        VERBS[verb](user=city.user(whose), by=city.user("xitong"))
    for method in ("get", "post"):
        answer = getattr(login("xitong"), method)(
            f"/admin/organizations/user/{city.user(whose).pk}/{verb}/")
        assert answer.status_code == 403 and why in answer.text


def test_another_administrators_he_may(city, admin):
    other = person(city, "shi", (RoleCode.SYSTEM_ADMIN, "gw"))
    assert accounts.make_reset(user=other, by=admin)


def test_a_password_is_set_by_its_owner_and_by_nobody_else(city, admin):
    with pytest.raises(NotAllowed):
        accounts.set_password(user=city.user("jyj_zb1"), password=NEW, by=admin)


# --- the page of an account -----------------------------------------------------------------


def state(login, user) -> dict:
    """What the account's page says, and which doors it has."""
    found = login("xitong").get(f"/admin/organizations/user/{user.pk}/change/").context["state"]
    rows = {label: value for label, value in found["rows"] if label not in ("最近登录", "建立")}
    return rows | {"doors": [door["label"] for door in found["doors"]]}


def test_the_page_says_how_the_account_stands(city, login, later):
    user = person(city, "shi", OFFICER, settled=False)
    assert state(login, user) == {
        "登录": "可以登录", "密码": "11月23日设置，登录后要先换",
        "两步验证": "没有开启，登录后要先开启", "登录着": "0处",
        "doors": ["重置密码", "全部退出", "停用账号", "改正姓名"]}
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    enrolled(city, "shi", later)
    found = state(login, user)
    assert (found["密码"], found["两步验证"]) == ("11月23日设置，还可以用89天", "已开启")


def test_a_locked_account_is_shown_and_opened(city, login, phone):
    miss(phone, 5)
    user = city.user("jyj_zb1")
    assert state(login, user)["登录"] == "连错多次，锁着"
    login("xitong").post(f"/admin/organizations/user/{user.pk}/admit/")
    knock(phone)
    assert is_in(phone)
    assert "冯工恢复账号李一帆登录" in done()


def test_a_blocked_account_is_out_at_once_and_back_later(city, login, phone):
    knock(phone)
    user, desk = city.user("jyj_zb1"), login("xitong")
    url = f"/admin/organizations/user/{user.pk}"
    assert "停用李一帆的账号？" in desk.get(f"{url}/block/").text
    desk.post(f"{url}/block/")
    assert leads_to(phone.get("/me/")) == DOOR
    assert state(login, user)["doors"] == ["恢复登录", "改正姓名"]
    knock(phone)
    assert not is_in(phone)
    desk.post(f"{url}/admit/")
    knock(phone)
    assert is_in(phone)


def test_a_blocked_account_gets_no_link(city, admin):
    accounts.block(user=city.user("jyj_zb1"), by=admin)
    with pytest.raises(Conflict):
        accounts.make_reset(user=city.user("jyj_zb1"), by=admin)
    with pytest.raises(Conflict):
        accounts.block(user=city.user("jyj_zb1"), by=admin)


def test_what_is_not_shut_is_not_opened(city, admin):
    with pytest.raises(Conflict):
        accounts.admit(user=city.user("jyj_zb1"), by=admin)


def test_all_sessions_of_somebody_are_ended(city, login):
    first, second, other = login("jyj_zb1"), login("jyj_zb1"), login("jyj_zb2")
    for client in (first, second, other):
        assert opens(client)
    user = city.user("jyj_zb1")
    assert state(login, user)["登录着"] == "2处"
    login("xitong").post(f"/admin/organizations/user/{user.pk}/sessions/")
    assert not opens(first) and not opens(second) and opens(other)
    assert "冯工结束李一帆的2处登录" in done()


def test_an_account_that_nobody_uses_is_flagged(city, login, later):
    def flagged() -> list[str]:
        page = login("xitong").get("/admin/organizations/user/?q=jyj_zb1")
        return [row.username for row in page.context["cl"].result_list
                if f"{row.username}" in page.text and "90天没有登录" in page.text]

    knock(Client())
    assert flagged() == [] or "jyj_zb1" not in flagged()
    later(days=91)
    assert "jyj_zb1" in flagged()


# --- on the server --------------------------------------------------------------------------


def run(*arguments) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_server_gives_a_password_that_must_be_changed(city, phone):
    person(city, "shi", (RoleCode.SYSTEM_ADMIN, "gw"))
    said = run("changepassword", "SHI")
    password = re.search(r"密码 (\S+)", said)[1]
    knock(phone, "shi", password)
    assert leads_to(phone.get("/me/")) == CHANGE
    assert "系统给石可久设一次性密码，登录后要换" in done()
    assert password not in str(list(AuditEvent.objects.values()))


def test_the_server_takes_a_lost_factor(city, phone, later):
    user = person(city, "shi", OFFICER)
    knock(phone, "shi")
    enrol(phone)
    since = last_number()
    run("reset_second_factor", "shi")
    assert not second_factor.is_enrolled(user)
    assert done(since) == ["系统结束石可久的1处登录",
                           "系统取消石可久的两步验证，下次登录重新开启"]
    assert leads_to(phone.get("/me/")) == DOOR
    knock(phone, "shi")
    assert leads_to(phone.get("/me/")) == ENROL


def test_no_person_takes_a_factor(city, admin):
    with pytest.raises(NotAllowed):
        second_factor.reset(user=city.user("gongwei"), by=admin)


@pytest.mark.parametrize("arguments, why", [
    (("changepassword", "niemand"), "没有账号niemand。"),
    (("reset_second_factor", "niemand"), "没有账号niemand。"),
    (("reset_second_factor", "jyj_zb1"), "李一帆没有开启两步验证。")])
def test_the_commands_say_what_is_wrong(city, arguments, why):
    with pytest.raises(CommandError, match=why):
        run(*arguments)


def test_a_lock_is_lifted_for_password_and_code(city, phone, later):
    user = person(city, "shi", OFFICER)
    enrolled(city, "shi", later)
    knock(phone, "shi")
    for _ in range(5):
        phone.post(CODE, {"code": "000000"})
    assert lockout.is_locked("shi")
    accounts.admit(user=user, by=city.user("xitong"))
    assert leads_to(knock(Client(), "shi")) == CODE
    answer = phone.post(CODE, {"code": "000000"})
    assert "验证码不对" in answer.text
