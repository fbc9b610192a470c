"""What the daily timer does for core: forget what nobody needs any more."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage
from django.db.models import Exists, ManyToOneRel, OuterRef
from django_tasks_db.models import DBTaskResult

from apps.core import chain
from apps.core.calendar import now
from apps.core.models import Draft, StoredFile

# An upload is linked within seconds; a day leaves room for a slow one.
SETTLED = timedelta(days=1)


def run(day: date) -> dict[str, int | str]:
    """Ended sessions, old drafts, and files that nothing refers to."""
    SessionStore.clear_expired()
    return {"drafts": forget_drafts(), "files": forget_files(), "tasks": forget_tasks(),
            "audit": chain.nightly()}


def forget_tasks() -> int:
    """Records of background tasks that ended TASK_KEEP_DAYS ago; returns how many."""
    old = now() - timedelta(days=settings.TASK_KEEP_DAYS)
    return DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()[0]


def forget_drafts() -> int:
    """Drafts that nobody has touched for DRAFT_KEEP_DAYS; returns how many."""
    old = Draft.objects.filter(saved_at__lt=now() - timedelta(days=settings.DRAFT_KEEP_DAYS))
    return old.delete()[1].get("core.Draft", 0)


def forget_files() -> int:
    """Uploads that were removed from a draft or left behind; returns how many.

    Whoever refers to a file does so by a foreign key, which the model itself knows.
    """
    unused = StoredFile.objects.filter(created_at__lt=now() - SETTLED)
    for link in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(link, ManyToOneRel):
            model = link.field.model
            rows = model._base_manager.filter(**{link.field.name: OuterRef("pk")})
            unused = unused.exclude(Exists(rows))
    found = list(unused)
    for stored in found:
        stored.delete()
        for name in filter(None, (stored.path, stored.preview_path)):
            default_storage.delete(name)
    return len(found)
