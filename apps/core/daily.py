"""What the daily timer does for core: forget what nobody needs any more."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from apps.core.calendar import now
from apps.core.models import Draft


def run(day: date) -> dict[str, int]:
    """Ended sessions, and drafts that nobody has touched for DRAFT_KEEP_DAYS."""
    SessionStore.clear_expired()
    old = Draft.objects.filter(saved_at__lt=now() - timedelta(days=settings.DRAFT_KEEP_DAYS))
    return {"drafts": old.delete()[1].get("core.Draft", 0)}
