import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction

from apps.core import triggers
from apps.organizations.models import Appointment

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = {"audit_append_only", "audit_no_delete", "appointment_lanes", "appointment_lanes_update"}
# On a site of its own: all migrations, then a migration that rebuilds the table, then migrate.
REBUILD = """
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection, models
from apps.core import triggers
from apps.core.models import AuditEvent
found = []
call_command("migrate", verbosity=0)
found.append(triggers.missing(connection))
longer = models.CharField(max_length=46, blank=True)
longer.set_attributes_from_name("ip")
longer.model = AuditEvent
with connection.schema_editor() as editor:
    editor.alter_field(AuditEvent, AuditEvent._meta.get_field("ip"), longer, strict=True)
found.append(triggers.missing(connection))
call_command("migrate", verbosity=0)
found.append(triggers.missing(connection))
print(json.dumps(found))
"""


@pytest.fixture
def installed(db):
    """All triggers in place; the test database goes without the audit's."""
    triggers.install_all()


def test_every_trigger_is_named():
    assert {name for trigger in triggers.TRIGGERS for name in trigger.names} == NAMES


def test_a_table_rebuilt_on_sqlite_loses_its_triggers_and_migrate_puts_them_back(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}", "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONWARNINGS": "error"}
    done = subprocess.run([sys.executable, "-c", REBUILD], cwd=ROOT, env=environment, timeout=120,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[], ["audit_append_only", "audit_no_delete"], []]


def test_install_all_puts_every_trigger_in_place_and_may_run_again(installed):
    triggers.install_all()
    assert triggers.missing(connection) == []


@pytest.mark.parametrize("trigger", triggers.TRIGGERS, ids=lambda trigger: trigger.table)
def test_the_check_names_a_trigger_that_was_removed(installed, trigger):
    triggers.lift(connection, trigger)
    found = triggers.triggers_are_there(databases=["default"])
    assert [error.id for error in found] == ["fangzhen.E004"] * 2
    for name, error in zip(trigger.names, found, strict=True):
        assert error.msg == f"The database trigger {name} is missing on default."


def test_manage_py_check_fails_without_a_trigger(installed):
    call_command("check", databases=["default"])
    triggers.lift(connection, triggers.TRIGGERS[0])
    with pytest.raises(SystemCheckError, match="audit_append_only is missing"):
        call_command("check", databases=["default"])


def test_the_check_asks_no_database_that_it_was_not_given(installed, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert triggers.triggers_are_there(databases=None) == []


def test_a_trigger_whose_table_is_not_there_yet_is_neither_made_nor_missed(db, monkeypatch):
    later = triggers.Trigger("core_later", ("later",), "SELECT nonsense", ("nonsense",))
    monkeypatch.setattr(triggers, "TRIGGERS", [later])
    triggers.install_all()
    assert triggers.missing(connection) == []


def take_a_technical_post(city) -> None:
    """Past the service, a business person becomes system administrator too."""
    post = city.user("gongwei").posts[0]
    Appointment.unscoped.create(user=post.user, role="system_admin", starts_on=post.starts_on,
                                organization=post.organization)


def test_the_database_keeps_the_lanes_of_posts_apart(city, installed):
    with pytest.raises(DatabaseError, match="never held together"), transaction.atomic():
        take_a_technical_post(city)


def test_without_its_trigger_the_lanes_would_meet(city, installed):
    for trigger in triggers.TRIGGERS:
        triggers.lift(connection, trigger)
    take_a_technical_post(city)
    assert len(city.user("gongwei").posts) == 2
