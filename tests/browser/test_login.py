"""The way in, in a real browser: first login, own password, second factor, and the lock."""

import pytest
from django.core.cache import cache

from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.roles import RoleCode
from tests.browser.conftest import DESK, PHONE
from tests.city import PASSWORD, TODAY
from tests.organizations.at_the_door import LOCKED, NEW, code_for

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_old_locks(standing_city):
    """The cache is a table that no flush between the tests of a browser empties."""
    yield
    cache.clear()


def officer(city):
    """A real officer of the committee, who was given a password and has not come yet."""
    user = services.create_user(username="shi", name="石可久", password=PASSWORD, by=SYSTEM)
    services.appoint(user=user, role=RoleCode.COMMITTEE_OFFICER, organization=city.place("gw"),
                     starts_on=TODAY, by=SYSTEM)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_from_the_first_login_to_a_locked_account(person, standing_city, later, size):
    officer(standing_city)
    one = person(size=size)
    one.log_in("shi")
    assert "先换密码，再办别的" in one.text()
    one.judge()
    one.page.get_by_label("现在的密码").fill(PASSWORD)
    one.page.get_by_label("新密码", exact=True).fill("Gongwei@123")
    one.page.get_by_label("再输一次新密码").fill("Gongwei@123")
    one.press("修改密码")
    assert "太容易猜到" in one.text()
    one.judge()
    one.page.get_by_label("现在的密码").fill(PASSWORD)
    one.page.get_by_label("新密码", exact=True).fill(NEW)
    one.page.get_by_label("再输一次新密码").fill(NEW)
    one.press("修改密码")

    assert "您的职务要求两步验证" in one.text()
    one.judge()
    secret = one.page.get_by_label("扫不了就手工输入").input_value()
    one.page.get_by_label("验证码").fill("000000")
    one.press("开启验证器")
    assert "验证码不对" in one.text()
    one.judge()
    one.page.get_by_label("验证码").fill(code_for(secret))
    one.press("开启验证器")
    assert "备用码只显示这一次" in one.text()
    one.judge()
    one.follow("抄好了")
    one.judge()
    one.show("/me/sessions/")
    assert "（这一处）" in one.text()

    one.open("/me/")
    one.press("退出登录")
    later(minutes=2)
    one.log_in("shi", NEW)
    assert "请输入手机验证器上的6位数字" in one.text()
    one.judge()
    one.page.get_by_label("验证码").fill(code_for(secret))
    one.press("登录")
    one.show("/me/")
    assert "石可久" in one.text()

    one.press("退出登录")
    for _ in range(6):
        one.log_in("shi", "falsch")
    assert LOCKED in one.text()
    one.judge()
    one.log_in("shi", NEW)
    assert LOCKED in one.text()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_an_administrator_gives_a_link_and_its_owner_sets_a_password(person, standing_city, size):
    admin, owner = person("xitong", size), person(size=size)
    user = standing_city.user("jyj_zb1")
    admin.show(f"/admin/organizations/user/{user.pk}/change/")
    admin.follow("重置密码")
    admin.judge()
    admin.press("给一个链接")
    admin.judge()
    address = admin.page.get_by_label("链接").input_value()
    owner.page.goto(address)
    owner.judge()
    owner.page.get_by_label("新密码", exact=True).fill(NEW)
    owner.page.get_by_label("再输一次新密码").fill(NEW)
    owner.press("设新密码")
    assert "新密码设好了" in owner.text()
    owner.log_in("jyj_zb1", NEW)
    owner.show("/me/sessions/")
    admin.open(f"/admin/organizations/user/{user.pk}/change/")
    admin.follow("停用账号")
    admin.judge()
    admin.press("停用账号")
    assert "停用着" in admin.text()
    owner.open("/me/")
    assert "登录" in owner.page.title()
