"""The forty cases of lockout and sessions (reliability.md, T13), in one table.

They stand in lock_cases.py and session_cases.py: a sentence, and what must be true.
"""

import pytest
from django.test import Client

from apps.organizations import lockout, second_factor
from tests.organizations import lock_cases, session_cases
from tests.organizations.door import Door

CASES = lock_cases.CASES + session_cases.CASES


def test_there_are_forty():
    assert len(CASES) >= 40


@pytest.mark.parametrize("check", CASES)
def test_case(city, later, settings, monkeypatch, check):
    check(Door(city, Client(), later, settings, monkeypatch))


# --- the walls taken away: the table can fail -----------------------------------------------


def fails(check: str, door: Door) -> bool:
    """Whether that case goes wrong."""
    function = next(each.values[0] for each in CASES if each.id == check)
    try:
        function(door)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("check, module, name, careless", [
    ("锁从第5次错起算29分钟还锁着", lockout, "is_locked", lambda username: False),
    ("开启时用过的验证码不能再登录", second_factor, "spend", lambda user, code: True),
    ("验证码错5次锁账号", lockout, "lock", lambda username: None),
])
def test_without_its_guard_a_case_fails(city, later, settings, monkeypatch, check, module, name,
                                        careless):
    monkeypatch.setattr(module, name, careless)
    assert fails(check, Door(city, Client(), later, settings, monkeypatch))


@pytest.mark.parametrize("check, changes", [
    ("工委和技术岗位16分钟没有动作退出", {"IDLE_MINUTES_STAFF": 60}),
    ("一直在用，满12小时也退出", {"SESSION_HOURS": 13}),
    ("密码用到91天只能先换", {"PASSWORD_PROFILE": "plain"}),
    ("要两步验证的人没有开启，只能先开启", {"SECOND_FACTOR_REQUIRED": False}),
    ("重置链接24小时后没有用", {"RESET_HOURS": 25}),
])
def test_with_another_setting_a_case_fails(city, later, settings, monkeypatch, check, changes):
    for name, value in changes.items():
        setattr(settings, name, value)
    assert fails(check, Door(city, Client(), later, settings, monkeypatch))


def test_the_cache_of_the_factory_would_lose_the_lock(city, later, settings, monkeypatch):
    """Three hundred entries are its limit."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"OPTIONS": {}}}
    assert fails("缓存里挤进很多别的也不丢锁", Door(city, Client(), later, settings, monkeypatch))
