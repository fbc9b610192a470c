"""The city in which the tests play: the demo's places and people, without its story.

Built once a worker on Monday 2026-11-23; each test runs in a transaction on top of it.
"""

import shutil
import sqlite3
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from apps.checklists.models import Checklist, Item, Occurrence
from apps.checklists.services import publishing
from apps.core import calendar, clock
from apps.core.act import SYSTEM
from apps.core.working_days import seed_working_days
from apps.dashboard.demo import people
from apps.duties.models import CatalogueVersion
from apps.duties.services import loading
from apps.organizations.models import Organization, User

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=clock.SHANGHAI)
TODAY = NOW.date()
YEAR = TODAY.year
# Twelve duties that show every case, beside the shipped clauses; the shipped duties have
# their own tests.
_FOLDER = TemporaryDirectory(prefix="catalogue-")
CATALOGUE = Path(_FOLDER.name)
PASSWORD = "wu-hu-si-hai-2026"


def _lay_catalogue() -> None:
    shutil.copytree(Path(__file__).parent / "catalogue", CATALOGUE, dirs_exist_ok=True)
    shutil.copy(loading.FOLDER / "clauses.yaml", CATALOGUE)


_lay_catalogue()


def build() -> None:
    """Set the city up in an empty database."""
    calendar.forget()
    seed_working_days(years=range(YEAR, YEAR + 1), by=SYSTEM)
    people.build(password=PASSWORD, since=date(YEAR, 1, 4))
    loading.load_catalogue(by=SYSTEM, folder=CATALOGUE)
    publishing.publish(version=CatalogueVersion.objects.get(), year=YEAR, by=SYSTEM)


class Snapshot:
    """The finished city as a copy in memory: SQLite puts it back in milliseconds."""

    copy: sqlite3.Connection | None = None

    @classmethod
    def restore(cls) -> None:
        """Put the city back after a flush; PostgreSQL builds it anew."""
        if User.objects.exists():
            return
        if connection.vendor != "sqlite":
            build()
        elif cls.copy is None:
            build()
            cls.copy = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(cls.copy)
        else:
            cls.copy.backup(connection.connection)


class City:
    """Short ways to the rows that the tests talk about."""

    def user(self, username: str) -> User:
        """A fresh instance, as at the start of a request."""
        return User.objects.get(username=username)

    def place(self, key: str) -> Organization:
        """An organisation by the demo's key: jyj_zb1."""
        return Organization.objects.get(code=key.upper())

    def version(self) -> CatalogueVersion:
        """The catalogue version in force; a draft may lie beside it."""
        return CatalogueVersion.objects.get(code="2026.1")

    def checklist(self, key: str, subject: str | None = None) -> Checklist:
        """The list of an organisation; `subject` where it has several."""
        lists = Checklist.unscoped.filter(organization__code=key.upper(), year=YEAR)
        return (lists.filter(subject=subject) if subject else lists).get()

    def item(self, key: str, duty: str) -> Item:
        """One duty on the list of an organisation."""
        return Item.unscoped.get(checklist__organization__code=key.upper(), duty__code=duty)

    def task(self, key: str, duty: str, period: str | None = None) -> Occurrence:
        """The task of a duty, by period where it has several."""
        tasks = Occurrence.unscoped.for_page().filter(
            organization__code=key.upper(), item__duty__code=duty)
        return (tasks.filter(period=period) if period else tasks).get()
