import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from apps.core import audit, health
from apps.core.models import AuditEvent

pytestmark = pytest.mark.django_db



@pytest.fixture(autouse=True)
def no_trial_yet(monkeypatch):
    """A good trial of the test before does not answer for this one."""
    monkeypatch.setattr(health, "_tried_at", None)


FINE = {"database": "ok", "migrations": "ok", "audit": "ok"}


def answer(client) -> tuple[int, dict]:
    """Status and parts."""
    response = client.get("/healthz")
    return response.status_code, response.json()


def failing(error, *, only: str = ""):
    """Statements that contain `only` fail."""

    def execute(run, sql, params, many, context):
        if only in sql:
            raise error
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_a_whole_server_says_so_to_anybody(client):
    assert answer(client) == (200, FINE)


def test_the_trial_leaves_no_event(client):
    before = AuditEvent.objects.count()
    answer(client)
    assert AuditEvent.objects.count() == before
    assert audit.broken_at() is None


@pytest.mark.parametrize("error", [OperationalError("lost"), InterfaceError("closed")])
def test_without_a_database_every_part_fails(client, error):
    with failing(error):
        assert answer(client) == (503, dict.fromkeys(FINE, "failed"))


def test_a_migration_that_was_not_applied_fails(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'checklists'")
    assert answer(client) == (503, FINE | {"migrations": "failed"})


def test_an_audit_that_takes_no_event_fails(client):
    with failing(DatabaseError("read-only"), only='INSERT INTO "core_auditevent"'):
        assert answer(client) == (503, FINE | {"audit": "failed"})


def test_what_failed_is_named_but_not_why(client):
    with failing(OperationalError("password=geheim")):
        assert "geheim" not in client.get("/healthz").content.decode()
