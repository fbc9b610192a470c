"""Every URL × a fixed cast, by GET and POST; the whole table stands in access_matrix.txt.

`UPDATE_ACCESS_MATRIX=1 pytest tests/test_access_matrix.py` writes the table anew; each
changed cell is then a line of the diff that somebody has to defend.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, resolve, reverse

from apps.core.models import AuditEvent
from apps.core.scoping import ScopedQuerySet
from apps.organizations.models.organizations import OrganizationQuerySet
from tests import template_rules
from tests.scene import BRANCH_CANARIES, CANARY, CAST, OUTSIDERS, Scene, all_routes

TABLE = Path(__file__).with_name("access_matrix.txt")
LOGIN = "login"
DENIED = ("403", "404", LOGIN)
# Tables that a refused request may write to.
SIDE = ("core_auditevent", "django_session", "cache")
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|INSERT OR \w+ INTO)\s+"?(\w+)"?', re.I)
# Library views that answer 404 by themselves to somebody who has no second factor: no act of
# ours was refused, so nothing is recorded.
NOT_OURS = re.compile(r"^mfa_")


@pytest.fixture
def scene(city, tmp_path, settings) -> Scene:
    """The scene, with its files in a folder of its own."""
    settings.STORAGES = settings.STORAGES | {"default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
    }}
    return Scene(city)


@dataclass
class Answer:
    """What one person got at one URL."""

    status: str
    text: str
    refusals: int
    writes: list[str]
    is_html: bool


@dataclass
class Person:
    """A browser that stays logged in whatever its requests do."""

    name: str
    scene: Scene
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self):
        if CAST[self.name]:
            self.client.force_login(self.scene.city.user(CAST[self.name]))
        self.cookies = self.client.cookies.copy()

    def ask(self, method: str, url: str, body: dict | None = None) -> Answer:
        """One request whose effects are undone."""
        self.client.cookies = self.cookies.copy()
        before = AuditEvent.objects.filter(outcome="refused").count()
        mark = transaction.savepoint()
        connection.queries_log.clear()  # it forgets its first entries after 9000
        with CaptureQueriesContext(connection) as queries:
            response = getattr(self.client, method.lower())(url, body or {})
            content = b"".join(response) if response.streaming else response.content
        refusals = AuditEvent.objects.filter(outcome="refused").count() - before
        transaction.savepoint_rollback(mark)
        headers = " ".join(f"{k}: {v}" for k, v in response.items())
        return Answer(
            status=status_of(response), refusals=refusals, writes=writes(queries),
            text=f"{headers} {content.decode('utf-8', 'replace')}",
            is_html=response["Content-Type"].startswith("text/html"))


def status_of(response) -> str:
    """The status; a redirect to the login by that word."""
    to_login = reverse("account_login")
    if response.status_code == 302 and response["Location"].partition("?")[0] == to_login:
        return LOGIN
    return str(response.status_code)


def writes(queries) -> list[str]:
    """Tables written to, apart from audit, sessions and cache."""
    found = (WRITES.match(query["sql"]) for query in queries)
    return [match[1] for match in found if match and match[1] not in SIDE]


def url_of(route: str, name: str, scene: Scene) -> str:
    """The address to knock at. Fails, naming the URL, when it has no sample."""
    try:
        url = reverse(name, kwargs=scene.samples.get(name, {}))
    except NoReverseMatch:
        pytest.fail(f"The URL {name or '(no name)'} ({route}) has no sample: give it one in "
                    f"tests/scene.py, all_samples.")
    # Django leaves the anchor of a regular expression out of the joined route.
    assert resolve(url).route == route.replace("^", ""), f"{name} names two routes; {route} is never reached"
    return url


def answers(scene: Scene, names=None, people=CAST) -> dict[tuple[str, str, str], Answer]:
    """(name, method, person) -> answer, for all URLs or those in `names`."""
    cast = [Person(person, scene) for person in people]
    found = {}
    for route, name in all_routes():
        if names is None or name in names:
            url = url_of(route, name, scene)
            for method in ("GET", "POST"):
                body = scene.bodies.get(name, {}) if method == "POST" else {}
                for person in cast:
                    found[name, method, person.name] = person.ask(method, url, body)
    return found


def table(found) -> str:
    """All statuses as text: a line for each URL and method, a column for each person."""
    width = max(len(name) for name, _method, _person in found) + 1
    rows = [f"{'':{width}}{'':5}" + "".join(f"{person:>10}" for person in CAST)]
    for name, method in dict.fromkeys((name, method) for name, method, _person in found):
        cells = (found[name, method, person].status for person in CAST)
        rows.append(f"{name:{width}}{method:5}" + "".join(f"{cell:>10}" for cell in cells))
    return "\n".join(row.rstrip() for row in rows) + "\n"


def differences(found, expected: str) -> list[str]:
    """Cells that are not as the table says, as "URL method person: expected -> got"."""
    header, *rows = expected.splitlines()
    people, wanted = header.split(), {}
    for row in rows:
        name, method, *cells = row.split()
        wanted |= {(name, method, person): cell
                   for person, cell in zip(people, cells, strict=True)}
    keys = [*found, *(key for key in wanted if key not in found)]
    got = {key: found[key].status if key in found else "no such URL" for key in keys}
    return [f"{' '.join(key)}: {wanted.get(key, 'not in the table')} -> {got[key]}"
            for key in keys if wanted.get(key) != got[key]]


def leaks(found) -> list[str]:
    """Answers in which an outsider meets a canary."""
    return [f"{name} {method} {person}: {canary}"
            for (name, method, person), answer in found.items()
            for canaries, outsiders in OUTSIDERS.items() if person in outsiders
            for canary in canaries if canary in answer.text]


def writing_refusals(found) -> list[str]:
    """Denied cells, or wrong methods, that wrote to the database all the same."""
    return [f"{' '.join(key)}: {answer.status} wrote {answer.writes}"
            for key, answer in found.items()
            if answer.status in (*DENIED, "405") and answer.writes]


def unrecorded(found) -> list[str]:
    """Denied cells of a logged-in person that do not stand in the audit exactly once."""
    return [f"{' '.join(key)}: {answer.refusals} refusals" for key, answer in found.items()
            if CAST[key[2]] and answer.status in ("403", "404") and answer.refusals != 1
            and not NOT_OURS.match(key[0])]


def test_every_url_answers_everybody_as_the_table_says(scene):
    found = answers(scene)
    if os.environ.get("UPDATE_ACCESS_MATRIX"):
        TABLE.write_text(table(found), "utf-8")
    assert differences(found, TABLE.read_text("utf-8")) == []
    assert [key for key, answer in found.items() if answer.status.startswith("5")] == []
    assert leaks(found) == []
    assert writing_refusals(found) == []
    assert unrecorded(found) == []
    assert {" ".join(key): template_rules.inline(answer.text) for key, answer in found.items()
            if answer.is_html and template_rules.inline(answer.text)} == {}
