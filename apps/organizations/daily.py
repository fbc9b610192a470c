"""What the daily timer does for organizations: forget logins, links and files that are over."""

from datetime import date, timedelta

from apps.core.calendar import now
from apps.organizations import sessions
from apps.organizations.models import PasswordReset, Roster

# The rows of a roster hold names; a file is applied on the day or soon after.
ROSTER_KEPT = timedelta(days=7)


def run(day: date) -> dict[str, int]:
    """Rows of ended sessions, and links that can no longer be used."""
    links, _models = PasswordReset.objects.filter(expires_at__lt=now()).delete()
    return {"sessions": sessions.forget(), "links": links, "rosters": forget_rosters()}


def forget_rosters() -> int:
    """Empty the rosters that were checked some days ago; returns how many. That one was applied,
    and which accounts it made, stays."""
    old = Roster.objects.filter(checked_at__lt=now() - ROSTER_KEPT).exclude(rows={})
    return old.update(rows={}, lines=[])
