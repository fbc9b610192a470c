"""Today and now: the only place that asks the clock.

The day is that of Asia/Shanghai whatever the server's zone: on a server in UTC
`date.today()` is still yesterday until eight in the morning.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


@contextmanager
def at(moment: datetime):
    """Let the verbs of the body happen at `moment`: how demo data gets its past.

    Raises ImproperlyConfigured on a site that is not a demo.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("the clock is set for demo data only")
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)


def now() -> datetime:
    """This moment, aware, in Asia/Shanghai."""
    return timezone.localtime(_set.get() or timezone.now(), SHANGHAI)


def today() -> date:
    """The date in Asia/Shanghai."""
    return now().date()
