"""Every main page at phone and desk width: accessible, never sideways, large enough to hit."""

import pytest

from tests.browser.conftest import DESK, NARROW, PHONE

pytestmark = pytest.mark.browser
FRONT = ("/", "/lists/", "/me/", "/accounts/2fa/", "/accounts/2fa/totp/activate/",
         "/accounts/password/change/", "/accounts/logout/")


@pytest.mark.parametrize("size", [NARROW, PHONE, DESK], ids=["320", "390", "1440"])
def test_the_pages_of_a_branch_are_fit_for_their_screen(person, standing_city, size):
    branch = person(size=size)
    branch.show("/accounts/login/")
    branch.log_in("jyj_zb1")
    for path in FRONT:
        branch.show(path)
    checklist = standing_city.checklist("jyj_zb1")
    branch.show(f"/lists/{checklist.pk}/?state=todo")
    branch.show(f"/lists/{checklist.pk}/history/")
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-11")
    for path in ("", "report/", "history/"):
        branch.show(f"/tasks/{task.pk}/{path}")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
@pytest.mark.parametrize(("username", "paths"), [
    ("jyj_jgdw", ("/", "/lists/", "/review/")),
    ("jyj_shuji", ("/", "/confirm/")),
    ("jyj_chengyuan", ("/", "/lists/")),
    ("jyj_jw", ("/",)),
    ("gongwei", ("/", "/admin/", "/admin/review/")),
    ("gongwei_admin", ("/admin/publish/",)),
])
def test_the_pages_of_each_role_are_fit_for_their_screen(person, username, paths, size):
    one = person(username, size)
    for path in paths:
        one.show(path)


@pytest.mark.parametrize(("username", "path"), [
    ("gongwei", "/admin/organizations/organization/"), ("gongwei", "/admin/duties/duty/"),
    ("gongwei", "/admin/organizations/appointment/"),
    ("xitong", "/admin/organizations/user/"), ("shenji", "/admin/core/auditevent/"),
])
def test_the_admins_own_pages_are_accessible_on_a_desk(person, username, path):
    reader = person(username, DESK)
    reader.show(path)
    reader.open(reader.page.locator("#result_list th a").first.get_attribute("href"))
    reader.judge()


def test_a_wrong_password_is_said_at_the_field_with_the_tries_left(person):
    somebody = person()
    somebody.log_in("jyj_zb1", "wrong")
    assert "还可以再试4次" in somebody.text()
    somebody.judge()


def test_the_form_can_be_filled_by_keyboard_alone(person, standing_city):
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-11")
    branch = person("jyj_zb1", DESK)
    branch.open(f"/tasks/{task.pk}/report/")
    branch.page.get_by_label("哪天做的").focus()
    branch.page.keyboard.type("20261120")
    branch.page.keyboard.press("Tab")
    branch.page.keyboard.type("支委会研究了党课安排。")
    branch.page.keyboard.press("Shift+Tab")
    branch.page.keyboard.press("Enter")
    branch.page.wait_for_url(f"**/tasks/{task.pk}/")
    assert "待审核" in branch.text()
