"""How many statements each page asks, on both engines alike; recorded in query_counts.json.

Counted is the second request of a session: the first one writes the time of the last sign
of life. `UPDATE_QUERY_COUNTS=1 pytest tests/test_query_counts.py` records anew.
"""

import json
import os
from copy import copy
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.checklists.models import Checklist, Evidence, Item, Occurrence, Report
from apps.core.calendar import now
from tests.city import TODAY
from tests.scene import CAST, all_routes

COUNTS = Path(__file__).with_name("query_counts.json")
MATRIX = Path(__file__).with_name("access_matrix.txt")
MOST = 8
# A clerk who reviews, decides petitions, chases and fills posts is told of each: a count a duty.
MOST_OF = {("dashboard:todo", "superior"): 13}
# Its parts ask each engine in that engine's own way.
LEFT_OUT = {"healthz"}
LISTS = (
    ("dashboard:todo", "own"),
    ("dashboard:todo", "superior"),
    ("checklists:checklist_list", "superior"),
    ("checklists:checklist_detail", "own"),
    ("checklists:review_queue", "superior"),
    ("admin:review_queue", "committee"),
    ("checklists:outstanding", "superior"),
    ("admin:outstanding", "committee"),
)


def readers() -> dict[str, str]:
    """For every page the first person of the cast who may read it, by the access matrix."""
    header, *rows = MATRIX.read_text("utf-8").splitlines()
    people, found = header.split(), {}
    for row in rows:
        name, method, *cells = row.split()
        if method == "GET" and "200" in cells and name not in LEFT_OUT:
            found[name] = people[cells.index("200")]
    return found


def browser(scene, person: str) -> Client:
    """A session that has had its first request."""
    client = Client()
    if CAST[person]:
        client.force_login(scene.city.user(CAST[person]))
    client.get(reverse("dashboard:me"))
    return client


def size(client, url: str) -> int:
    """Read a page or a file to its end; its length in bytes."""
    response = client.get(url)
    assert response.status_code == 200
    return len(b"".join(response) if response.streaming else response.content)


def statements(client, url: str) -> list[str]:
    """The SQL of a request that the session makes for the second time."""
    size(client, url)
    with CaptureQueriesContext(connection) as queries:
        size(client, url)
    # Only PostgreSQL takes a lock for the end of the audit chain.
    return [query["sql"] for query in queries if "pg_advisory" not in query["sql"]]


def test_every_page_asks_as_many_statements_as_recorded(scene):
    browsers = {person: browser(scene, person) for person in CAST}
    counts = {name: len(statements(browsers[person],
                                   reverse(name, kwargs=scene.samples.get(name, {}))))
              for name, person in readers().items()}
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", "utf-8")
    assert counts == json.loads(COUNTS.read_text("utf-8"))


def test_every_page_that_can_be_read_is_counted():
    pages = {name for _route, name in all_routes()}
    assert set(readers()) == set(json.loads(COUNTS.read_text("utf-8")))
    assert set(readers()) <= pages


class Growth:
    """More of everything that the list pages show, written set by set."""

    def __init__(self, scene):
        self.scene, self.made = scene, 0

    def add(self, count: int) -> None:
        """`count` more duties, tasks to do, waiting reports and lists."""
        scene = self.scene
        for task in (scene.waiting, scene.event):
            items = self.items(task.item, count)
            self.tasks(items, Occurrence.State.OPEN, task)
            self.tasks(items, Occurrence.State.SUBMITTED, task)
        self.lists(count)
        self.made += count

    def items(self, like: Item, count: int) -> list[Item]:
        """Items of new duties on the same list."""
        duties = []
        for number in range(self.made, self.made + count):
            duty = copy(like.duty)
            duty.pk, duty._state.adding = None, True
            duty.code, duty.position = f"{like.duty.code[:2]}{number}", 100 + number
            duties.append(duty)
        type(duties[0]).objects.bulk_create(duties)
        return Item.unscoped.bulk_create(
            Item(checklist=like.checklist, duty=duty) for duty in duties)

    def tasks(self, items, state: str, like: Occurrence) -> None:
        """A task of each item in that state, with its report where it has one."""
        rows = Occurrence.unscoped.bulk_create(
            Occurrence(item=item, organization=like.organization, event=f"{state}{item.pk}",
                       starts_on=TODAY, ends_on=TODAY, due_on=TODAY + timedelta(days=7),
                       reviewed_by=like.reviewed_by)
            for item in items)
        if state == Occurrence.State.OPEN:
            return
        reports = Report.unscoped.bulk_create(
            Report(occurrence=row, number=1, activity_on=TODAY, words="做了。", submitted_at=now(),
                   drafted_by=like.report.drafted_by, submit_key=uuid4())
            for row in rows)
        for row, report in zip(rows, reports, strict=True):
            row.report, row.state = report, state
        Occurrence.unscoped.bulk_update(rows, ["report", "state"])

    def lists(self, count: int) -> None:
        """Lists of other years of the party group, which its clerk fills in."""
        like = self.scene.unconfirmed.item.checklist
        Checklist.unscoped.bulk_create(
            Checklist(organization=like.organization, subject="party_group",
                      year=2100 + self.made + number, version=like.version,
                      published_on=TODAY, counts_from=TODAY)
            for number in range(count))


@pytest.mark.parametrize("name, person", LISTS)
def test_a_list_asks_few_statements_however_long_it_is(scene, name, person):
    client, growth = browser(scene, person), Growth(scene)
    url = reverse(name, kwargs=scene.samples.get(name, {}))
    lengths, counts = [], []
    for more in (3, 60):
        growth.add(more)
        lengths.append(size(client, url))
        counts.append(len(statements(client, url)))
    assert lengths[1] > lengths[0] + 60 * 50, "the page does not show what was added"
    assert counts[0] == counts[1] <= MOST_OF.get((name, person), MOST)


def test_a_page_that_asks_once_a_row_is_found(scene, monkeypatch):
    monkeypatch.setattr("apps.checklists.models.occurrences.OccurrenceQuerySet.for_page",
                        lambda rows: rows)
    client, growth = browser(scene, "own"), Growth(scene)
    growth.add(3)
    few = len(statements(client, "/"))
    growth.add(60)
    assert len(statements(client, "/")) > few + 60


def test_pages_of_one_task_do_not_ask_once_a_version(scene):
    client, task = browser(scene, "own"), scene.waiting
    url = reverse("checklists:task", args=[task.pk])
    few = len(statements(client, url))
    for number in range(2, 12):
        report = Report.unscoped.create(
            occurrence=task, number=number, activity_on=TODAY, words="做了。",
            drafted_by=task.report.drafted_by, submitted_at=now(), submit_key=uuid4())
        Evidence.unscoped.create(report=report, position=1,
                                 file=task.report.evidence.get().file)
    assert len(statements(client, url)) == few
