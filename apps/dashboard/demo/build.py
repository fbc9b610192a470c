"""Put the demo together in an empty database: a city, last year, and this year up to today."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings

from apps.checklists.services import publishing, years
from apps.core import clock
from apps.core.act import SYSTEM
from apps.core.calendar import add_working_days, today
from apps.core.errors import Refused
from apps.core.working_days import seed_working_days
from apps.dashboard.demo import city, people
from apps.dashboard.demo.adopted import Adopting
from apps.dashboard.demo.departments import Department, departments
from apps.dashboard.demo.extras import Extras
from apps.dashboard.demo.history import History
from apps.dashboard.demo.story import TOLD_UNITS, Story
from apps.duties.models import CatalogueVersion
from apps.duties.services.loading import load_catalogue
from apps.organizations.models import Organization
from config.secrets import kept_secret

NEW_YEAR = (1, 4)


def password() -> str:
    """The demo accounts' password: random for each installation, in a file of mode 0600."""
    return kept_secret(settings.DATA_DIR / "demo_password")[:16]


def is_empty() -> bool:
    """Whether the database holds no organisation yet."""
    return not Organization.objects.exists()


def build(chosen: Sequence[Department] | None = None) -> int:
    """Make the demo; returns the number of reports. Raises Refused without DEMO or when not
    empty. `chosen` are the departments beside the told units: all of them by default."""
    if not settings.DEMO:
        raise Refused("演示数据只在DEMO=1时装入。")
    if not is_empty():
        raise Refused("数据库里已经有单位，演示数据只装入空的数据库。")
    year = today().year
    found(departments() if chosen is None else chosen, year=year - 1)
    return last_year(year - 1) + this_year(year)


def found(chosen: Sequence[Department], *, year: int) -> None:
    """The city as it stood at the beginning of `year`, with its lists."""
    start = date(year, *NEW_YEAR)
    with _at(start, 9):
        seed_working_days(years=range(year, year + 2), by=SYSTEM)
        places, users = people.build(password=password(), since=start)
        city.build(chosen, places=places, users=users, hashed=users["gongwei"].password,
                   since=start)
        load_catalogue(by=SYSTEM)
        publishing.publish(version=_version(), year=year, by=SYSTEM)


def last_year(year: int) -> int:
    """Adopt, report and, once its time has come, close the lists of `year`; before that the
    lists of the next are published, which take over what has been set."""
    next_year, closing = date(year + 1, *NEW_YEAR), years.closes_on(year)
    is_over, until = closing < today(), min(closing, today())
    with _at(date(year, 6, 30), 18):
        Adopting(year, until=date(year, 6, 30)).write()
    with _at(min(next_year, today() - timedelta(days=1)), 9):
        publishing.publish(version=_version(), year=year + 1, by=SYSTEM)
    with _at(closing if is_over else add_working_days(today(), -1), 18):
        reports = History(year, until=until).write()
    if is_over:
        with _at(closing + timedelta(days=1), 0):
            years.close(year=year, by=SYSTEM)
    return reports


def this_year(year: int) -> int:
    """What has happened up to yesterday: the told units by the verbs, the others as sets."""
    until, extras = today(), Extras()
    day = add_working_days(until, -1)
    with _at(day, 8):
        Adopting(year, until=day, told=TOLD_UNITS).write()
    extras.tailor(year)
    story = Story()
    told = story.tell()
    with _at(day, 18):
        written = History(year, until=until, told=story.tasks).write()
    written += extras.send_task()
    extras.ask()
    extras.not_applicable()
    extras.nudge()
    return told + written


def _version() -> CatalogueVersion:
    return CatalogueVersion.objects.order_by("-year", "-code").first()


def _at(day: date, hour: int):
    return clock.at(datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI))
