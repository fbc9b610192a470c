"""Shared fixtures. "Today" is Monday 2026-11-23 in every test that does not say otherwise."""

import os
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client

from apps.core import calendar, triggers
from tests import city as city_module
from tests.city import City
from tests.scene import Scene

AUDIT = next(t for t in triggers.TRIGGERS if t.table == "core_auditevent")


def pytest_sessionfinish(session):
    """Where nothing may be left out (.ci/run), a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_ALL") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Lift the append-only trigger, which would refuse the flush of transactional tests
    (the audit tests put it back), and build the city once."""
    with django_db_blocker.unblock(), time_machine.travel(city_module.NOW):
        post_migrate.disconnect(dispatch_uid="fangzhen.triggers")
        triggers.lift(connection, AUDIT)
        city_module.build()


@pytest.fixture(autouse=True)
def monday():
    """The day of the tests, and a calendar that remembers nothing of the test before."""
    calendar.forget()
    with time_machine.travel(city_module.NOW) as traveller:
        yield traveller
    calendar.forget()


@pytest.fixture
def later(monday):
    """`later(days=1)`: let time pass."""

    def shift(**gap):
        monday.shift(timedelta(**gap))

    return shift


@pytest.fixture
def _standing(django_db_setup, django_db_blocker):
    """Build the city again when the flush of a transactional test took it; outside of the
    test's own transaction, so that the next tests find it, too."""
    with django_db_blocker.unblock():
        city_module.Snapshot.restore()


@pytest.fixture
def city(_standing, db) -> City:
    """The city, inside the test's transaction."""
    return City()


@pytest.fixture
def _put_back(django_db_setup, django_db_blocker):
    """Put the city back after the flush of a transactional test, for tests that expect it
    without asking for it; at the hour of its building, wherever the test has travelled."""
    yield
    with django_db_blocker.unblock(), time_machine.travel(city_module.NOW):
        city_module.Snapshot.restore()


@pytest.fixture
def standing_city(_standing, _put_back, transactional_db) -> City:
    """The city for tests with several connections."""
    return City()


@pytest.fixture
def login(city):
    """`login("jyj_zb1")`: a browser in which that person is logged in."""

    def as_person(username: str, **options) -> Client:
        client = Client(**options)
        client.force_login(city.user(username))
        return client

    return as_person


@pytest.fixture
def scene(city, tmp_path, settings):
    """The city with one report, draft, event and job (tests/scene.py); files in `tmp_path`."""
    settings.STORAGES = settings.STORAGES | {"default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
    }}
    return Scene(city)
