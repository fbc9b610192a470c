"""我的: one's own posts and the doors to password and second factor."""

from datetime import date

import pytest

from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.models import Appointment, User
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD, TODAY


def test_posts_are_listed_with_place_and_day(login):
    page = login("jyj_jgdw").get("/me/")
    assert [(post["role"], post["organization"], post["since"]) for post in
            page.context["posts"]] == [
        ("党组(党委)经办人", "中共云川市教育局党组", "1月4日起"),
        ("机关党委经办人", "市教育局机关党委", "1月4日起")]
    assert "市教育局机关党委" in page.text and "1月4日起" in page.text


def test_a_deputy_sees_until_when(city, login):
    services.appoint(user=city.user("jyj_jw"), role=RoleCode.BRANCH_SECRETARY, by=SYSTEM,
                     organization=city.place("jyj_zb1"), starts_on=TODAY,
                     ends_on=date(2026, 12, 31),
                     acting_for=Appointment.unscoped.get(user__username="jyj_zb1"))
    page = login("jyj_jw").get("/me/")
    (post,) = [each for each in page.context["posts"] if each["is_acting"]]
    assert (post["since"], post["until"]) == ("11月23日起", "12月31日止")
    assert "12月31日止" in page.text


def test_a_post_that_has_ended_is_not_listed(login):
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_zb1"), by=SYSTEM)
    page = login("jyj_zb1").get("/me/")
    assert page.context["posts"] == [] and "现在没有任职" in page.text


def test_for_whom_one_types_is_said(login):
    page = login("jyj_jgdw").get("/me/")
    assert page.context["drafts_for"] == "郑立群、梁素芬"
    assert "郑立群、梁素芬" in page.text


def test_the_doors_are_there_and_open(login):
    phone = login("jyj_zb1")
    page = phone.get("/me/")
    for name in ("password", "mfa"):
        address = page.context["links"][name]
        assert f'href="{address}"' in page.text
        assert phone.get(address, follow=True).status_code == 200


def test_a_demo_account_is_told_that_all_is_invented(city, login):
    assert "这里是演示数据" in login("jyj_zb1").get("/me/").text
    services.create_user(username="li", name="李", password=PASSWORD, by=SYSTEM)
    User.objects.filter(username="li").update(must_change_password=False)
    assert "这里是演示数据" not in login("li").get("/me/").text


def test_a_password_is_changed_and_the_old_one_shuts(city, login):
    phone = login("jyj_zb1")
    new = "zhi-shu-jie-37-Ke-Shu"
    elsewhere = login("jyj_zb1")
    elsewhere.get("/me/")
    phone.post("/accounts/password/change/", {
        "oldpassword": PASSWORD, "password1": new, "password2": new})
    assert city.user("jyj_zb1").check_password(new)
    assert not city.user("jyj_zb1").check_password(PASSWORD)
    assert phone.get("/").status_code == 200
    assert elsewhere.get("/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("new", ["kurz", "12345678", "jyj_zb1_", "password"])
def test_a_weak_password_is_refused(city, login, new):
    page = login("jyj_zb1").post("/accounts/password/change/", {
        "oldpassword": PASSWORD, "password1": new, "password2": new})
    assert page.status_code == 200 and page.context["form"].errors
    assert city.user("jyj_zb1").check_password(PASSWORD)
