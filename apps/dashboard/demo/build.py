"""Put the demo together in an empty database."""

from datetime import date, datetime, time, timedelta

from django.conf import settings

from apps.checklists.services import publishing
from apps.core import clock
from apps.core.act import SYSTEM
from apps.core.calendar import today
from apps.core.errors import Refused
from apps.core.working_days import seed_working_days
from apps.dashboard.demo import people
from apps.dashboard.demo.story import Story
from apps.duties.models import CatalogueVersion
from apps.duties.services import load_catalogue
from apps.organizations.models import Organization
from config.secrets import kept_secret


def password() -> str:
    """The demo accounts' password: random for each installation, in a file of mode 0600."""
    return kept_secret(settings.DATA_DIR / "demo_password")[:16]


def is_empty() -> bool:
    """Whether the database holds no organisation yet."""
    return not Organization.objects.exists()


def build() -> int:
    """Make the demo; returns the number of acts. Raises Refused without DEMO or when not empty."""
    if not settings.DEMO:
        raise Refused("演示数据只在DEMO=1时装入。")
    if not is_empty():
        raise Refused("数据库里已经有单位，演示数据只装入空的数据库。")
    day = today()
    # In January the year has no past to show yet; then the demo begins in November.
    start = date((day - timedelta(days=60)).year, 1, 4)
    with clock.at(datetime.combine(start, time(9), tzinfo=clock.SHANGHAI)):
        seed_working_days(years=range(start.year, day.year + 1), by=SYSTEM)
        places, users = people.build(password=password(), since=start)
        load_catalogue(by=SYSTEM)
        version = CatalogueVersion.objects.order_by("-year", "-code").first()
        for year in range(start.year, day.year + 1):
            publishing.publish(version=version, year=year, by=SYSTEM)
    return Story(places, users, start).tell()
