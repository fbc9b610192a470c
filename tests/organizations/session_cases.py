"""Cases of T13: sessions, passwords, the second factor."""

from django.test import Client

from apps.core import jobs
from apps.core.act import SYSTEM
from apps.organizations import accounts, second_factor, services
from apps.organizations.models import Appointment, LoginSession
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD
from tests.organizations.at_the_door import (
    CHANGE,
    CODE,
    DOOR,
    ENROL,
    LOCKED,
    NEW,
    code_for,
    done,
    enrol,
    enrolled,
    is_in,
    knock,
    leads_to,
    opens,
    person,
    sentence,
)
from tests.organizations.door import table

CASES, case = table()
OFFICER = (RoleCode.COMMITTEE_OFFICER, "gw")


# --- the life of a session ------------------------------------------------------------------


@case("29分钟没有动作还在")
def _(door):
    knock(door.phone)
    door.later(minutes=29)
    assert opens(door.phone)


@case("31分钟没有动作退出")
def _(door):
    knock(door.phone)
    door.later(minutes=31)
    assert leads_to(door.phone.get("/me/")) == DOOR


@case("工委和技术岗位16分钟没有动作退出")
def _(door):
    knock(door.phone, "gongwei")
    door.later(minutes=14)
    assert opens(door.phone)
    door.later(minutes=16)
    assert leads_to(door.phone.get("/me/")) == DOOR


@case("轮询31分钟也退出")
def _(door):
    knock(door.phone)
    job = jobs.start(kind="publish", title="下发", by=door.city.user("jyj_zb1"))
    for _ in range(7):
        door.later(minutes=4)
        assert door.phone.get(f"/jobs/{job.pk}/").status_code == 200
    door.later(minutes=3)
    assert leads_to(door.phone.get(f"/jobs/{job.pk}/")) == DOOR


@case("一直在用，满12小时也退出")
def _(door):
    knock(door.phone)
    for _ in range(12 * 60 // 20 - 1):
        door.later(minutes=20)
        assert opens(door.phone)
    door.later(minutes=20)
    assert leads_to(door.phone.get("/me/")) == DOOR


@case("退出后旧会话钥匙没有用")
def _(door):
    knock(door.phone)
    old = door.phone.cookies.copy()
    door.phone.post("/accounts/logout/")
    door.phone.cookies = old
    assert leads_to(door.phone.get("/me/")) == DOOR


@case("登录时换会话钥匙")
def _(door):
    door.phone.get("/accounts/login/")
    session = door.phone.session
    session["x"] = 1
    session.save()
    door.phone.cookies["fz_session"] = before = session.session_key
    knock(door.phone)
    assert is_in(door.phone) and door.phone.session.session_key != before


@case("改密码后别处都退出，这一处还在")
def _(door):
    elsewhere = Client()
    knock(elsewhere)
    knock(door.phone)
    door.phone.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert opens(door.phone) and not opens(elsewhere)
    assert LoginSession.objects.filter(user__username="jyj_zb1").count() == 1


@case("停用账号，登录着的下一步就退出")
def _(door):
    knock(door.phone)
    accounts.block(user=door.city.user("jyj_zb1"), by=door.city.user("xitong"))
    assert leads_to(door.phone.get("/me/")) == DOOR


@case("任职结束，下一步就没有权")
def _(door):
    knock(door.phone)
    task = door.city.task("jyj_zb1", "ZB-01", "2026-11")
    assert opens(door.phone, f"/tasks/{task.pk}/")
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_zb1"), by=SYSTEM)
    assert door.phone.get(f"/tasks/{task.pk}/").status_code == 403


# --- password -------------------------------------------------------------------------------


@case("第一次登录只能先换密码")
def _(door):
    person(door.city, "shi", settled=False)
    knock(door.phone, "shi")
    assert leads_to(door.phone.get("/lists/")) == CHANGE


@case("密码用到89天不用换")
def _(door):
    person(door.city, "shi")
    door.later(days=89)
    knock(door.phone, "shi")
    assert opens(door.phone)


@case("密码用到91天只能先换")
def _(door):
    person(door.city, "shi")
    door.later(days=91)
    knock(door.phone, "shi")
    assert leads_to(door.phone.get("/me/")) == CHANGE
    assert "石可久登录后要先换密码" in done()


@case("重置链接只能用一次")
def _(door):
    token = accounts.make_reset(user=person(door.city, "shi"), by=door.city.user("xitong"))
    typed = {"password1": NEW, "password2": NEW}
    assert door.phone.post(f"/accounts/reset/{token}/", typed).status_code == 302
    assert door.phone.post(f"/accounts/reset/{token}/", typed).status_code == 404


@case("重置链接24小时后没有用")
def _(door):
    token = accounts.make_reset(user=person(door.city, "shi"), by=door.city.user("xitong"))
    door.later(hours=23, minutes=59)
    assert door.phone.get(f"/accounts/reset/{token}/").status_code == 200
    door.later(minutes=2)
    assert door.phone.get(f"/accounts/reset/{token}/").status_code == 404


# --- the second factor ----------------------------------------------------------------------


@case("要两步验证的人没有开启，只能先开启")
def _(door):
    person(door.city, "shi", OFFICER)
    knock(door.phone, "shi")
    assert leads_to(door.phone.get("/admin/")) == ENROL


@case("密码和验证码之间什么页面都打不开")
def _(door):
    person(door.city, "shi", OFFICER)
    enrolled(door.city, "shi", door.later)
    knock(door.phone, "shi")
    assert not is_in(door.phone)
    assert leads_to(door.phone.get("/me/")) == leads_to(door.phone.get("/lists/")) == DOOR


@case("验证码只能用一次")
def _(door):
    person(door.city, "shi", OFFICER)
    secret = enrolled(door.city, "shi", door.later)
    code, other = code_for(secret), Client()
    for client in (door.phone, other):
        knock(client, "shi")
        client.post(CODE, {"code": code})
    assert is_in(door.phone) and not is_in(other)


@case("开启时用过的验证码不能再登录")
def _(door):
    person(door.city, "shi", OFFICER)
    knock(door.phone, "shi")
    secret, other = enrol(door.phone), Client()
    knock(other, "shi")
    other.post(CODE, {"code": code_for(secret)})
    assert not is_in(other)


@case("90秒前的验证码不行，30秒前的可以")
def _(door):
    person(door.city, "shi", OFFICER)
    secret = enrolled(door.city, "shi", door.later)
    knock(door.phone, "shi")
    door.phone.post(CODE, {"code": code_for(secret, -3)})
    assert not is_in(door.phone)
    door.phone.post(CODE, {"code": code_for(secret, -1)})
    assert is_in(door.phone)


@case("验证码错5次锁账号")
def _(door):
    person(door.city, "shi", OFFICER)
    secret = enrolled(door.city, "shi", door.later)
    knock(door.phone, "shi")
    for _ in range(5):
        door.phone.post(CODE, {"code": "000000"})
    answer = door.phone.post(CODE, {"code": code_for(secret)})
    assert not is_in(door.phone) and LOCKED in answer.text
    assert sentence(knock(Client(), "shi")) == LOCKED


@case("重置密码后还要验证码")
def _(door):
    user = person(door.city, "shi", OFFICER)
    enrolled(door.city, "shi", door.later)
    token = accounts.make_reset(user=user, by=door.city.user("xitong"))
    accounts.use_reset(token=token, password=NEW)
    assert leads_to(knock(door.phone, "shi", NEW)) == CODE
    assert not is_in(door.phone)


@case("备用码只能用一次")
def _(door):
    user = person(door.city, "shi", OFFICER)
    knock(door.phone, "shi")
    enrol(door.phone)
    code = door.phone.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    door.phone.post("/accounts/logout/")
    for client, expected in ((Client(), True), (Client(), False)):
        knock(client, "shi")
        client.post(CODE, {"code": code})
        assert is_in(client) is expected
    assert second_factor.is_enrolled(user)
