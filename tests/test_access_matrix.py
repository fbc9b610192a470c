"""Every URL × a fixed cast, by GET and POST; the whole table stands in access_matrix.txt.

`UPDATE_ACCESS_MATRIX=1 pytest tests/test_access_matrix.py` writes the table anew; each
changed cell is then a line of the diff that somebody has to defend.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, resolve, reverse

from apps.core import audit, drafts
from apps.core.access import LOGGED_IN, PUBLIC, policy_of, routes
from apps.core.errors import NotAllowed
from apps.core.health import healthz
from apps.core.models import AuditEvent
from apps.core.scoping import ScopedQuerySet
from apps.organizations.models import User
from tests import template_rules
from tests.scene import BRANCH_CANARIES, CANARY, CAST, EVENT_CANARIES, OUTSIDERS, Scene, all_routes

TABLE = Path(__file__).with_name("access_matrix.txt")
LOGIN = "login"
DENIED = ("403", "404", LOGIN)
# Tables that a refused request may write to.
SIDE = ("core_auditevent", "django_session", "organizations_loginsession", "cache")
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|INSERT OR \w+ INTO)\s+"?(\w+)"?', re.I)
# Library views that answer 404 by themselves, for want of a second factor or of anything to
# list: no rule of ours refused, so nothing is recorded.
NOT_OURS = re.compile(r"mfa_|admin:app_list")


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
        headers = unquote(" ".join(f"{k}: {v}" for k, v in response.items()))
        return Answer(
            status=status_of(response), refusals=refusals, writes=writes(queries),
            text=f"{headers} {content.decode('utf-8', 'replace')}",
            is_html=response["Content-Type"].startswith("text/html"))


def status_of(response) -> str:
    """The status; a redirect to the login (the admin's leads to ours) by that word."""
    doors = (reverse("account_login"), reverse("admin:login"))
    if response.status_code == 302 and response["Location"].partition("?")[0] in doors:
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
    assert resolve(url).route == route.replace("^", ""), f"{name} names another route than {route}"
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
    got = {key: answer.status for key, answer in found.items()}
    return [f"{' '.join(key)}: {wanted.get(key, 'not there')} -> {got.get(key, 'not there')}"
            for key in dict.fromkeys([*wanted, *got]) if wanted.get(key) != got.get(key)]


def part_of(expected: str, names) -> str:
    """The lines of the table about these URLs."""
    header, *rows = expected.splitlines()
    return "\n".join([header, *(row for row in rows if row.split()[0] in names)])


def leaks(found) -> list[str]:
    """Answers in which an outsider meets a canary."""
    return [f"{name} {method} {person}: {canary}"
            for (name, method, person), answer in found.items()
            for canaries, outsiders in OUTSIDERS.items() if person in outsiders
            for canary in canaries if canary in answer.text]


def unmet(found) -> list[str]:
    """Canaries that nobody met at all: pages that show nothing leak nothing."""
    shown = "".join(answer.text for answer in found.values())
    return [canary for canaries in OUTSIDERS for canary in canaries if canary not in shown]


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


def open_doors(found) -> list[str]:
    """URLs that are not public and let somebody in who is not logged in."""
    public = {name for _route, name, pattern in routes() if policy_of(name, pattern) == PUBLIC}
    return [" ".join(key) for key, answer in found.items()
            if key[2] == "anonymous" and key[0] not in public
            and answer.status not in (LOGIN, "405")]


def test_every_url_answers_everybody_as_the_table_says(scene):
    found = answers(scene)
    if os.environ.get("UPDATE_ACCESS_MATRIX"):
        TABLE.write_text(table(found), "utf-8")
    assert differences(found, TABLE.read_text("utf-8")) == []
    assert [key for key, answer in found.items() if answer.status.startswith("5")] == []
    assert [leaks(found), unmet(found)] == [[], []]
    assert writing_refusals(found) == []
    assert unrecorded(found) == []
    assert open_doors(found) == []
    assert {" ".join(key): template_rules.inline(answer.text) for key, answer in found.items()
            if answer.is_html and template_rules.inline(answer.text)} == {}


# --- the walls taken away: each of the assertions above can fail ------------------------

PAGES = ("checklists:task", "checklists:evidence", "checklists:review_accept")


def test_without_the_scope_the_table_differs_and_canaries_get_out(scene, monkeypatch):
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, user, *, for_: rows)
    found = answers(scene, PAGES)
    wrong = differences(found, part_of(TABLE.read_text("utf-8"), PAGES))
    assert "checklists:task GET other: 404 -> 200" in wrong
    assert "checklists:evidence GET sibling: 404 -> 200" in wrong
    assert f"checklists:task GET other: {BRANCH_CANARIES[0]}" in leaks(found)


def test_without_the_right_the_table_differs(scene, monkeypatch):
    monkeypatch.setattr(User, "holds", lambda user, permission: True)
    wrong = differences(answers(scene, ("checklists:confirm", "admin:review_accept")), part_of(
        TABLE.read_text("utf-8"), ("checklists:confirm", "admin:review_accept")))
    assert "checklists:confirm GET own: 403 -> 200" in wrong
    assert "admin:review_accept GET inspector: 403 -> 405" in wrong


def test_a_view_that_writes_before_it_refuses_is_found(scene, monkeypatch):
    def careless(request, pk):
        drafts.save(user=request.user, target=scene.open, data={})
        raise NotAllowed("不行。")

    monkeypatch.setattr("apps.checklists.views.reports.fillable_task", careless)
    found = answers(scene, ("checklists:draft_save",), ("sibling",))
    assert writing_refusals(found) == [
        "checklists:draft_save POST sibling: 403 wrote ['core_draft']"]


def test_a_refusal_that_is_not_recorded_is_found(scene, monkeypatch):
    monkeypatch.setattr(audit, "write_refusal", lambda *args, **kwargs: None)
    found = answers(scene, ("checklists:task",), ("sibling", "norole"))
    assert len(unrecorded(found)) == 4


def test_a_page_that_forgets_the_login_is_found(scene, monkeypatch):
    monkeypatch.setattr(healthz, "policy", LOGGED_IN)
    assert open_doors(answers(scene, ("healthz",), ("anonymous",))) == [
        "healthz GET anonymous", "healthz POST anonymous"]


def test_a_url_without_a_sample_fails_by_its_name(scene):
    del scene.samples["checklists:task"]
    with pytest.raises(pytest.fail.Exception, match="checklists:task .* has no sample"):
        answers(scene, ("checklists:task",), ("own",))


def test_a_url_that_is_new_or_gone_differs_from_the_table(scene):
    found = answers(scene, ("dashboard:me",), ("own",))
    header = f"{'':30}own"
    assert differences(found, f"{header}\ndashboard:me GET 200\ndashboard:old GET 200") == [
        "dashboard:old GET own: 200 -> not there", "dashboard:me POST own: not there -> 200"]


# --- what a stranger learns -------------------------------------------------------------


def test_a_stranger_cannot_tell_what_exists_from_what_does_not(scene):
    people = ("sibling", "other", "rival")
    names = [name for name, sample in scene.samples.items() if "pk" in sample]
    there = answers(scene, names, people)
    for sample in scene.samples.values():
        sample |= {"pk": 10**12} if "pk" in sample else {}
    nowhere = answers(scene, names, people)

    def page(answer):
        return answer.text.partition("<main")[2]

    strangers = [key for key in there if there[key].status == "404"]
    assert len(strangers) > 60
    assert [key for key in strangers if nowhere[key].status != "404"
            or page(nowhere[key]) != page(there[key])] == []


def test_a_search_finds_nothing_outside_the_scope(scene):
    lists = [name for _route, name in all_routes()
             if name.endswith(("_changelist", ":checklist_list", ":directory", "_queue"))]
    found = {(name, "GET", person.name): person.ask("GET", reverse(name), {"q": CANARY})
             for person in (Person(name, scene) for name in CAST) for name in lists}
    assert leaks(found) == []
    audit_page = found["admin:core_auditevent_changelist", "GET", "auditor"]
    assert EVENT_CANARIES[0] in audit_page.text
