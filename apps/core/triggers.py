"""Database triggers that keep what the ORM alone cannot.

SQLite drops a table's triggers when a migration rebuilds it, so they are put back
after every migration and a system check looks that they are there.
"""

from dataclasses import dataclass

from django.core.checks import Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections


@dataclass(frozen=True)
class Trigger:
    """One rule as SQL of each engine. `names` are the triggers it makes on `table`."""

    table: str
    names: tuple[str, ...]
    postgresql: str
    sqlite: tuple[str, ...]


TRIGGERS: list[Trigger] = []

TRIGGERS.append(
    Trigger(
        table="core_auditevent",
        names=("audit_append_only", "audit_no_delete"),
        postgresql="""
            CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger AS $$
            BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS audit_append_only ON core_auditevent;
            CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON core_auditevent
                FOR EACH ROW EXECUTE FUNCTION audit_refuse();
            DROP TRIGGER IF EXISTS audit_no_delete ON core_auditevent;
            CREATE TRIGGER audit_no_delete BEFORE TRUNCATE ON core_auditevent
                FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
        """,
        sqlite=(
            """CREATE TRIGGER IF NOT EXISTS audit_append_only BEFORE UPDATE ON core_auditevent
               BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
            """CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON core_auditevent
               BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
        ),
    )
)


def install(connection, trigger: Trigger) -> None:
    """Put the trigger in place; does nothing where its table does not exist yet."""
    with connection.cursor() as cursor:
        if trigger.table not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            cursor.execute(trigger.postgresql)
        else:
            for statement in trigger.sqlite:
                cursor.execute(statement)


def lift(connection, trigger: Trigger) -> None:
    """Take the trigger away: for the test database, whose flush would be refused."""
    with connection.cursor() as cursor:
        for name in trigger.names:
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection) -> list[str]:
    """Names of triggers that should be there and are not."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return [n for t in TRIGGERS if t.table in tables for n in t.names if n not in there]


def install_all(sender=None, using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    """Put every trigger in place; connected to post_migrate."""
    for trigger in TRIGGERS:
        install(connections[using], trigger)


@register(Tags.database)
def triggers_are_there(app_configs=None, databases=None, **kwargs) -> list[Error]:
    """Name each trigger that a migration or a hand has removed."""
    return [
        Error(f"The database trigger {name} is missing on {alias}.", id="fangzhen.E004",
              hint="manage.py migrate puts it back; find out who removed it.")
        for alias in databases or []
        for name in missing(connections[alias])
    ]
