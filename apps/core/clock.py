"""Today and now: the only place that asks the clock.

The day is that of Asia/Shanghai whatever the server's zone: on a server in UTC
`date.today()` is still yesterday until eight in the morning.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, aware, in Asia/Shanghai."""
    return timezone.localtime(timezone.now(), SHANGHAI)


def today() -> date:
    """The date in Asia/Shanghai."""
    return now().date()
