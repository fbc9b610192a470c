"""Many tries at once: no more passwords are looked at than one after the other."""

from threading import Barrier, Lock, Thread

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client

from apps.organizations import lockout
from apps.organizations.login import Adapter
from tests.organizations.at_the_door import is_in, knock

TRIES = 16


@pytest.fixture
def checks(monkeypatch) -> list[int]:
    """One entry for each password that was looked at."""
    made, guard, encode = [], Lock(), MD5PasswordHasher.encode

    def counted(self, *rest):
        with guard:
            made.append(1)
        return encode(self, *rest)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    yield made
    cache.clear()  # a table that no flush empties


def all_at_once() -> None:
    """As many wrong passwords for one account at the same moment."""
    start = Barrier(TRIES)

    def run():
        start.wait()
        try:
            knock(Client(raise_request_exception=False), password="falsch")
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(TRIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.postgresql
def test_tries_at_once_admit_no_more_than_five(standing_city, checks):
    all_at_once()
    assert 1 <= len(checks) <= 5
    late = Client()
    for _ in range(5):
        knock(late, password="falsch")
    assert lockout.is_locked("jyj_zb1")
    knock(late)
    assert not is_in(late)


@pytest.mark.postgresql
def test_without_the_counter_all_are_looked_at(standing_city, checks, monkeypatch):
    monkeypatch.setattr(Adapter, "pre_authenticate", lambda *args, **rest: None)
    monkeypatch.setattr(Adapter, "authentication_failed", lambda *args, **rest: None)
    all_at_once()
    assert len(checks) == TRIES
