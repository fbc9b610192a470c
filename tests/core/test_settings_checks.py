import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from apps.core import checks
from apps.core.checks import POSITIVE, no_demo_users_on_a_real_site, settings_are_usable
from apps.core.triggers import install_all
from apps.organizations.models import User

ROOT = Path(__file__).resolve().parents[2]


def started(folder, **values) -> subprocess.CompletedProcess:
    """manage.py check in a process of its own, with these variables."""
    environment = os.environ | {"DATA_DIR": str(folder)} | values
    return subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=environment,
                          timeout=120, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name, value, sentence", [
    ("SOON_WORKING_DAYS", "abc", "SOON_WORKING_DAYS must be a whole number, not 'abc'."),
    ("HTTPS", "ja", "HTTPS must be 1 or 0, not 'ja'."),
    ("DATABASE_URL", "foo", "DATABASE_URL must begin with postgres:// or sqlite:///."),
    ("DATABASE_URL", "mysql://a/b", "DATABASE_URL must begin with postgres:// or sqlite:///."),
    ("LOG_LEVEL", "FOO", "LOG_LEVEL must be a level of logging, not 'FOO'."),
])
def test_a_variable_that_cannot_be_read_stops_the_start_and_is_named(
        tmp_path, name, value, sentence):
    done = started(tmp_path, **{name: value})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last == f"django.core.exceptions.ImproperlyConfigured: {sentence}"


def test_variables_that_can_be_read_do_not(tmp_path):
    """The control of the test above."""
    done = started(tmp_path, SOON_WORKING_DAYS="7", HTTPS="0", LOG_LEVEL="debug",
                   DATABASE_URL=f"sqlite:///{tmp_path / 'x.sqlite3'}")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_settings_as_they_are_pass():
    assert settings_are_usable() == []


@pytest.mark.parametrize("name", POSITIVE)
@pytest.mark.parametrize("value", [0, -1])
def test_a_figure_that_is_not_positive_is_named(settings, name, value):
    setattr(settings, name, value)
    (error,) = settings_are_usable()
    assert (error.id, error.msg) == (
        "fangzhen.E010", f"{name} must be a positive whole number.")
    assert name in error.hint


def test_another_time_zone_is_named(settings, monkeypatch):
    others = {name: getattr(settings, name) for name in (*POSITIVE, "SECRET_KEY", "AUDIT_KEY")}
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**others, TIME_ZONE="Europe/Berlin"))
    (error,) = settings_are_usable()
    assert (error.id, error.msg) == ("fangzhen.E011", "TIME_ZONE must be Asia/Shanghai.")


@pytest.mark.parametrize("name", ["SECRET_KEY", "AUDIT_KEY"])
def test_a_short_secret_is_named(settings, name):
    setattr(settings, name, "k" * 31)
    (error,) = settings_are_usable()
    assert (error.id, error.msg) == ("fangzhen.E012", f"{name} must have at least 32 characters.")
    setattr(settings, name, "k" * 32)
    assert settings_are_usable() == []


def test_every_bad_setting_is_named_at_once(settings):
    settings.IDLE_MINUTES = settings.UPLOAD_FILE_MB = 0
    settings.AUDIT_KEY = ""
    assert [error.id for error in settings_are_usable()] == ["fangzhen.E010"] * 2 + [
        "fangzhen.E012"]


def test_a_bad_setting_stops_manage_py_check(settings):
    settings.IDLE_MINUTES = 0
    with pytest.raises(SystemCheckError, match="IDLE_MINUTES must be a positive whole number"):
        call_command("check")


@pytest.fixture
def deployed(db, settings):
    """A real site, with all its triggers."""
    settings.DEMO = False
    install_all()


def check_deploy() -> None:
    """manage.py check --deploy --database default."""
    call_command("check", deploy=True, databases=["default"], tags=["database"])


def test_demo_accounts_on_a_real_site_fail_the_deployment_check(city, deployed):
    with pytest.raises(SystemCheckError, match=r"E013.*Demo accounts exist, but DEMO is off"):
        check_deploy()


def test_on_a_demo_they_do_not(city, deployed, settings):
    settings.DEMO = True
    check_deploy()


def test_without_demo_accounts_a_real_site_passes(city, deployed):
    User.objects.update(is_demo=False)
    check_deploy()


def test_the_check_asks_no_database_that_it_was_not_given(settings, db):
    settings.DEMO = False
    assert no_demo_users_on_a_real_site(databases=None) == []
