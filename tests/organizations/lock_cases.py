"""Cases of T13: the lock, and what an answer gives away."""

from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.test import Client

from apps.organizations import accounts
from apps.organizations.models import User
from tests.city import PASSWORD
from tests.organizations.at_the_door import (
    ELSEWHERE,
    LOCKED,
    done,
    is_in,
    knock,
    miss,
    opens,
    sentence,
)
from tests.organizations.door import table

CASES, case = table()


# --- the lock -----------------------------------------------------------------------------


@case("第5次错后锁，对的密码也不行")
def _(door):
    miss(door.phone, 5)
    assert sentence(knock(door.phone)) == LOCKED


@case("错4次以后还能登录")
def _(door):
    miss(door.phone, 4)
    knock(door.phone)
    assert is_in(door.phone)


@case("锁从第5次错起算29分钟还锁着")
def _(door):
    miss(door.phone, 4)
    door.later(minutes=20)
    miss(door.phone, 1)
    door.later(minutes=29)
    assert sentence(knock(door.phone)) == LOCKED


@case("锁过31分钟自己打开")
def _(door):
    miss(door.phone, 5)
    door.later(minutes=31)
    knock(door.phone)
    assert is_in(door.phone)


@case("锁着时再错也不延长")
def _(door):
    miss(door.phone, 5)
    door.later(minutes=20)
    miss(door.phone, 3)
    door.later(minutes=11)
    knock(door.phone)
    assert is_in(door.phone)


@case("不存在的账号一样锁")
def _(door):
    miss(door.phone, 5, username="niemand")
    assert sentence(knock(door.phone, "niemand")) == LOCKED


@case("大写、全角、空格算同一个账号")
def _(door):
    for typed in ("JYJ_ZB1", "ｊｙｊ＿ｚｂ１", " jyj_zb1 ", "Jyj_Zb1", "jyj_zb1　"):
        miss(door.phone, 1, username=typed)
    assert sentence(knock(door.phone)) == LOCKED


@case("换浏览器和地址没有用")
def _(door):
    miss(door.phone, 5)
    assert sentence(knock(Client(REMOTE_ADDR="10.9.9.9"))) == LOCKED


@case("伪造X-Forwarded-For没有用")
def _(door):
    for last in range(5):
        miss(door.phone, 1, HTTP_X_FORWARDED_FOR=f"10.1.1.{last}")
    assert sentence(knock(door.phone, HTTP_X_FORWARDED_FOR="10.1.1.77")) == LOCKED


@case("锁了一个不锁别人")
def _(door):
    miss(door.phone, 5)
    knock(door.phone, "jyj_zb2")
    assert is_in(door.phone)


@case("进程重启后还锁着")
def _(door):
    miss(door.phone, 5)
    del caches["default"]
    assert sentence(knock(door.phone)) == LOCKED


@case("缓存里挤进很多别的也不丢锁")
def _(door):
    miss(door.phone, 5)
    for number in range(400):
        caches["default"].set(f"zzz{number}", 1)
    assert sentence(knock(door.phone)) == LOCKED


@case("系统管理员可以提前解锁")
def _(door):
    miss(door.phone, 5)
    accounts.admit(user=door.city.user("jyj_zb1"), by=door.city.user("xitong"))
    knock(door.phone)
    assert is_in(door.phone)


@case("演示账号也锁")
def _(door):
    assert door.city.user("jyj_zb1").is_exempt
    miss(door.phone, 5)
    assert sentence(knock(door.phone)) == LOCKED


@case("锁不影响已经登录着的人")
def _(door):
    knock(door.phone)
    miss(Client(), 5)
    assert opens(door.phone)


@case("同一地址一分钟错20次后停一分钟")
def _(door):
    for number in range(20):
        miss(door.phone, 1, username=f"u{number}")
    assert sentence(knock(door.phone)) == ELSEWHERE
    door.later(seconds=61)
    knock(door.phone)
    assert is_in(door.phone)


@case("登录成功的不算进地址的20次")
def _(door):
    for _ in range(25):
        client = Client()
        knock(client)
        assert is_in(client)


# --- nothing is given away ------------------------------------------------------------------


@case("已知、未知、停用的账号答复相同")
def _(door):
    User.objects.filter(username="jyj_zb2").update(is_active=False)
    answers = [sentence(knock(Client(), name, password)) for name, password in (
        ("jyj_zb1", "falsch"), ("niemand", "falsch"), ("jyj_zb2", PASSWORD))]
    assert set(answers) == {"账号或密码不对，还可以再试4次。"}


@case("已知、未知、停用、没有密码的账号，校验都做一次")
def _(door):
    User.objects.filter(username="jyj_zb2").update(is_active=False)
    User.objects.filter(username="jyj_zb3").update(password="!")
    encode, worked = MD5PasswordHasher.encode, []
    door.monkeypatch.setattr(MD5PasswordHasher, "encode",
                             lambda self, *rest: worked.append(1) or encode(self, *rest))
    for name in ("jyj_zb1", "niemand", "jyj_zb2", "jyj_zb3"):
        worked.clear()
        knock(Client(), name, "falsch")
        assert len(worked) == 1, name


@case("锁着时不再校验密码")
def _(door):
    miss(door.phone, 5)
    encode, worked = MD5PasswordHasher.encode, []
    door.monkeypatch.setattr(MD5PasswordHasher, "encode",
                             lambda self, *rest: worked.append(1) or encode(self, *rest))
    knock(door.phone)
    assert worked == []


@case("错在账号栏里的密码不进审计")
def _(door):
    knock(door.phone, PASSWORD, PASSWORD)
    assert done()[-1] == "账号（没有这个账号）登录没有通过"
