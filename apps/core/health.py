"""`/healthz`: may this server take requests?"""

import time

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse

from apps.core import audit
from apps.core.access import PUBLIC, requires
from apps.core.act import SYSTEM
from apps.core.errors_views import RETRY_AFTER_SECONDS


def database_answers() -> bool:
    """One trivial query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_are_applied() -> bool:
    """No migration of the code is missing in the database."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


# Seconds. Everybody may ask, and the trial takes the lock of the chain for a moment.
TRIAL_HOLDS = 10
_tried_at: float | None = None


def audit_is_writable() -> bool:
    """An event can be chained; the trial is rolled back, and a good one holds for a while."""
    global _tried_at
    if _tried_at is not None and time.monotonic() - _tried_at < TRIAL_HOLDS:
        return True
    with transaction.atomic():
        audit.write([audit.event("core.refused", None, by=SYSTEM,
                                 details={"message": "试写", "view": ""})])
        transaction.set_rollback(True)
    _tried_at = time.monotonic()
    return True


CHECKS = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "audit": audit_is_writable,
}


@requires(PUBLIC)
def healthz(request):
    """200 with each part's state, or 503 naming the part that failed."""
    state = {}
    for name, check in CHECKS.items():
        try:
            state[name] = "ok" if check() else "failed"
        except (DatabaseError, InterfaceError):
            state[name] = "failed"
    if set(state.values()) == {"ok"}:
        return JsonResponse(state)
    return JsonResponse(state, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
