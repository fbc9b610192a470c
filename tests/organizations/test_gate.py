"""What comes before everything else: one's own password, then the second factor."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.core import jobs
from apps.core.access import PUBLIC, policy_of, routes
from apps.core.act import SYSTEM
from apps.core.calendar import today
from apps.core.models import AuditEvent
from apps.organizations import middleware, second_factor, services
from apps.organizations.models import User
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD
from tests.forms_on_page import form_on
from tests.organizations.at_the_door import (
    AGAIN,
    CHANGE,
    CODE,
    DOOR,
    ENROL,
    NEW,
    code_for,
    done,
    enrol,
    enrolled,
    is_in,
    knock,
    last_number,
    leads_to,
    opens,
    person,
)

OFFICER = (RoleCode.COMMITTEE_OFFICER, "gw")
BRANCH = (RoleCode.BRANCH_SECRETARY, "jyj_zb1")


@pytest.fixture
def phone(city) -> Client:
    return Client()


def change(phone, old: str = PASSWORD, new: str = NEW, **more):
    """Post the page for one's own password."""
    return phone.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new, **more})


def shut(scene, phone, target: str) -> list[str]:
    """URLs that answer something else than the way to `target`."""
    found = []
    for _route, name, pattern in routes():
        open_names = middleware.OPEN[target]
        if (policy_of(name, pattern) == PUBLIC or name in open_names
                or getattr(pattern.callback, "is_polled", False)):
            continue
        url = reverse(name, kwargs=scene.samples.get(name, {}))
        for method in ("get", "post"):
            answer = getattr(phone, method)(url)
            if answer.streaming:
                b"".join(answer)  # to its end, which closes the file and not the connection
            if leads_to(answer) != reverse(target):
                found.append(f"{method} {name}: {answer.status_code}")
    return found


# --- the password of one's own ------------------------------------------------------------


def test_every_url_leads_to_the_change_while_the_flag_is_set(scene, phone):
    person(scene.city, "shi", OFFICER, settled=False)
    knock(phone, "shi")
    assert shut(scene, phone, "account_change_password") == []


def test_without_the_gate_they_would_answer(scene, phone, monkeypatch):
    monkeypatch.setattr(middleware.Gate, "process_view", lambda *args: None)
    person(scene.city, "shi", OFFICER, settled=False)
    knock(phone, "shi")
    assert len(shut(scene, phone, "account_change_password")) > 60


def test_the_page_says_why_and_offers_to_leave(city, phone):
    person(city, "shi", settled=False)
    knock(phone, "shi")
    page = phone.get(CHANGE)
    assert "先换密码，再办别的" in page.text
    assert "先不换，退出登录" in page.text
    assert "fz-tabbar" not in page.text


def test_the_way_on_is_kept(city, phone):
    person(city, "shi", BRANCH, settled=False)
    knock(phone, "shi")
    answer = phone.get("/lists/?state=todo")
    assert answer["Location"] == f"{CHANGE}?next=%2Flists%2F%3Fstate%3Dtodo"
    page = phone.get(answer["Location"])
    answer = phone.post(CHANGE, form_on(page, CHANGE, oldpassword=PASSWORD, password1=NEW,
                                        password2=NEW))
    assert answer["Location"] == "/lists/?state=todo"
    assert phone.get(answer["Location"], follow=True).status_code == 200


def test_the_way_on_never_leads_to_another_site(city, phone):
    person(city, "shi", BRANCH, settled=False)
    knock(phone, "shi")
    assert change(phone, next="https://example.org/")["Location"] == "/"


def test_a_fragment_asks_its_page_to_go_there(city, phone):
    person(city, "shi", settled=False)
    knock(phone, "shi")
    answer = phone.get("/lists/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{CHANGE}?next=%2Flists%2F")


def test_polling_goes_on(city, phone):
    user = person(city, "shi", settled=False)
    job = jobs.start(kind="publish", title="下发", by=user)
    knock(phone, "shi")
    assert opens(phone, f"/jobs/{job.pk}/")


def test_who_will_not_change_may_leave(city, phone):
    person(city, "shi", settled=False)
    knock(phone, "shi")
    phone.post("/accounts/logout/")
    assert not is_in(phone)


def test_after_the_change_everything_is_open(city, phone):
    person(city, "shi", BRANCH, settled=False)
    knock(phone, "shi")
    change(phone)
    assert opens(phone) and opens(phone, "/")
    assert city.user("shi").password_duty == ""


@pytest.mark.parametrize("new", [PASSWORD, "Shikejiu@2026", "kurz", "Dangjian@2026"])
def test_a_password_that_is_refused_changes_nothing(city, phone, new):
    person(city, "shi", settled=False, name="石可久")
    knock(phone, "shi")
    page = change(phone, new=new)
    assert page.context["form"].errors["password1"]
    assert leads_to(phone.get("/me/")) == CHANGE


def test_two_that_differ_are_said_to_differ(city, phone):
    person(city, "shi")
    knock(phone, "shi")
    page = phone.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW + "x"})
    assert page.context["form"].errors["password2"] == ["两次输的不一样。"]
    page = phone.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": ""})
    assert page.context["form"].errors["password2"] == ["请再输一次新密码。"]


def test_a_wrong_old_password_changes_nothing(city, phone):
    user = person(city, "shi")
    knock(phone, "shi")
    assert "oldpassword" in change(phone, old="falsch").context["form"].errors
    assert city.user("shi").password == user.password


def test_a_demo_account_is_never_led_there(city, phone):
    User.objects.filter(username="jyj_zb1").update(must_change_password=True)
    knock(phone)
    assert opens(phone)


def test_on_a_site_without_demo_it_would_be(city, settings):
    User.objects.filter(username="jyj_zb1").update(must_change_password=True)
    user = city.user("jyj_zb1")
    assert user.password_duty == ""
    settings.DEMO = False
    assert user.password_duty


# --- the second factor ----------------------------------------------------------------------


def test_every_url_leads_to_the_enrolment(scene, phone):
    person(scene.city, "shi", OFFICER)
    knock(phone, "shi")
    assert shut(scene, phone, "mfa_activate_totp") == []


@pytest.mark.parametrize("role", [
    RoleCode.COMMITTEE_ADMIN, RoleCode.COMMITTEE_OFFICER, RoleCode.INSPECTOR,
    RoleCode.SYSTEM_ADMIN, RoleCode.AUDITOR])
def test_committee_and_technical_posts_need_it(city, phone, role):
    person(city, "shi", (role, "gw"))
    knock(phone, "shi")
    assert leads_to(phone.get("/me/")) == ENROL


@pytest.mark.parametrize("role, place", [
    (RoleCode.BRANCH_SECRETARY, "jyj_zb1"), (RoleCode.ORGAN_CLERK, "jyj_jgdw"),
    (RoleCode.PARTY_GROUP_SECRETARY, "jyj")])
def test_posts_of_units_do_not(city, phone, role, place):
    person(city, "shi", (role, place))
    knock(phone, "shi")
    assert opens(phone)


def test_a_demo_officer_does_not(city, phone):
    knock(phone, "gongwei")
    assert opens(phone, "/admin/")


def test_the_password_comes_first(city, phone):
    person(city, "shi", OFFICER, settled=False)
    knock(phone, "shi")
    assert leads_to(phone.get(ENROL)) == CHANGE
    change(phone)
    page = phone.get("/me/", follow=True)
    assert page.redirect_chain[-1][0].startswith(ENROL), "the old password was typed just now"
    assert page.status_code == 200


def test_else_enrolling_asks_for_the_password_again(city, phone):
    person(city, "shi", OFFICER)
    knock(phone, "shi")
    assert leads_to(phone.get(ENROL)) == AGAIN


def test_after_the_enrolment_everything_is_open(city, phone):
    person(city, "shi", OFFICER)
    knock(phone, "shi")
    enrol(phone)
    assert opens(phone) and opens(phone, "/admin/")


def test_recovery_codes_are_shown_once(city, phone):
    person(city, "shi", OFFICER)
    knock(phone, "shi")
    enrol(phone)
    page = phone.get("/accounts/2fa/recovery-codes/")
    codes = page.context["unused_codes"]
    assert len(codes) == 10 and all(code in page.text for code in codes)
    page = phone.get("/accounts/2fa/recovery-codes/")
    assert not any(code in page.text for code in codes)
    assert "不再显示" in page.text
    assert phone.get("/accounts/2fa/recovery-codes/download/").status_code == 404


def test_at_the_next_login_the_code_opens(city, phone, later):
    person(city, "shi", OFFICER)
    secret = enrolled(city, "shi", later)
    assert leads_to(knock(phone, "shi")) == CODE
    phone.post(CODE, {"code": code_for(secret)})
    assert opens(phone, "/admin/")


def test_blanks_in_a_code_do_not_make_it_another(city, phone, later):
    person(city, "shi", OFFICER)
    secret = enrolled(city, "shi", later)
    code, other = code_for(secret), Client()
    knock(phone, "shi")
    phone.post(CODE, {"code": code})
    knock(other, "shi")
    other.post(CODE, {"code": f"{code[:3]} {code[3:]}"})
    assert is_in(phone) and not is_in(other)


def test_enrolling_ends_the_sessions_that_showed_no_code(city, phone):
    person(city, "shi", OFFICER)
    other = Client()
    for client in (other, phone):
        knock(client, "shi")
        client.get("/me/")
    enrol(phone)
    assert leads_to(other.get("/me/")) == DOOR
    assert opens(phone)


def test_a_session_that_never_showed_the_factor_goes_back_to_the_door(city, phone):
    person(city, "shi", OFFICER)
    knock(phone, "shi")
    enrol(phone)
    other = Client()
    other.force_login(city.user("shi"))
    assert leads_to(other.get("/me/")) == DOOR
    assert not is_in(other)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_needs_it_cannot_close_it(city, phone, method):
    user = person(city, "shi", OFFICER)
    knock(phone, "shi")
    enrol(phone)
    page = getattr(phone, method)("/accounts/2fa/totp/deactivate/")
    assert "您的职务要求两步验证，不能关闭。" in page.text
    assert "关闭验证器？" not in page.text
    assert second_factor.is_enrolled(user)


def test_the_page_of_the_factor_offers_no_closing_either(city, phone):
    person(city, "shi", OFFICER)
    knock(phone, "shi")
    enrol(phone)
    page = phone.get("/accounts/2fa/")
    assert "不能关闭" in page.text and "deactivate" not in page.text


def test_who_does_not_need_it_may_enrol_and_close(city, phone):
    user = person(city, "shi", BRANCH)
    knock(phone, "shi")
    enrol(phone)
    assert "deactivate" in phone.get("/accounts/2fa/").text
    phone.post("/accounts/2fa/totp/deactivate/")
    assert not second_factor.is_enrolled(user)
    assert opens(phone)


def test_who_closed_it_and_gets_a_post_that_needs_it_enrols_again(city, phone, settings):
    """The mark of the session goes with the factor."""
    settings.SECOND_FACTOR_REQUIRED = False
    person(city, "shi", OFFICER)
    knock(phone, "shi")
    enrol(phone)
    phone.post("/accounts/2fa/totp/deactivate/")
    settings.SECOND_FACTOR_REQUIRED = True
    assert leads_to(phone.get("/me/")) == ENROL


def test_a_site_may_switch_it_off(city, phone, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    person(city, "shi", OFFICER)
    knock(phone, "shi")
    assert opens(phone, "/admin/")


# --- the audit ------------------------------------------------------------------------------


def test_every_step_stands_in_the_audit_without_a_secret(city, phone, later):
    person(city, "shi", OFFICER, settled=False)
    since = last_number()
    knock(phone, "shi")
    change(phone)
    secret = enrol(phone, NEW)
    codes = phone.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    phone.post("/accounts/2fa/recovery-codes/generate/")
    phone.post("/accounts/logout/")
    later(minutes=2)
    knock(phone, "shi", NEW)
    phone.post(CODE, {"code": "000000"})
    phone.post(CODE, {"code": code_for(secret)})
    later(minutes=20)
    phone.get("/me/")
    assert done(since) == [
        "石可久登录", "石可久登录后要先换密码", "石可久的密码已换", "石可久开启验证器",
        "石可久换一组备用码", "石可久退出", "石可久的两步验证没有通过",
        "石可久用验证器通过两步验证", "石可久登录", "石可久很久没有动作，退出登录"]
    text = str(list(AuditEvent.objects.filter(number__gt=since).values()))
    assert not any(each in text for each in (secret, NEW, PASSWORD, *codes))


def test_a_password_from_before_the_committee_post_is_changed_first(city, phone, later):
    """It was set when eight characters were enough."""
    user = person(city, "shi", BRANCH)
    assert user.password_duty == ""
    later(days=1)
    services.appoint(user=user, role=RoleCode.COMMITTEE_OFFICER, organization=city.place("gw"),
                     starts_on=today(), by=SYSTEM)
    assert "至少12位" in city.user("shi").password_duty
    knock(phone, "shi")
    assert leads_to(phone.get("/")) == CHANGE
    change(phone)
    assert city.user("shi").password_duty == ""
