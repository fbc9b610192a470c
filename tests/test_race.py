"""Several people at once, on several connections: one wins, the others are told who."""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from apps.checklists.models import Occurrence, Report, Review
from apps.checklists.services import reporting, reviewing
from apps.core import audit, drafts
from apps.core.act import SYSTEM
from apps.core.calendar import now
from apps.core.errors import Conflict
from apps.core.models import AuditEvent, Draft
from apps.core.workflow import advance
from apps.organizations import services
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD, TODAY

REVIEWERS = 8
REPORTS = 100
SUBMITS = 20


def together(*calls) -> list:
    """Run the calls at the same moment, each on its own connection; their results, or what
    they raised, in order."""
    results, start = [None] * len(calls), Barrier(len(calls))

    def run(place, call):
        start.wait()
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def reviewers(city) -> list:
    """Eight clerks of one organ committee."""
    found = []
    for number in range(REVIEWERS):
        user = services.create_user(username=f"shenhe{number}", name=f"审核{number}",
                                    password=PASSWORD, by=SYSTEM, is_demo=True)
        services.appoint(user=user, role=RoleCode.ORGAN_CLERK, starts_on=date(2026, 1, 4),
                         organization=city.place("jyj_jgdw"), by=SYSTEM)
        found.append(user)
    return found


def waiting(city, count: int) -> list[Occurrence]:
    """`count` reports of a branch that wait for its organ committee."""
    item, branch, desk = (city.item("jyj_zb1", "ZB-01"), city.place("jyj_zb1"),
                          city.place("jyj_jgdw"))
    rows = Occurrence.unscoped.bulk_create(
        Occurrence(item=item, organization=branch, event=f"第{number}次", starts_on=TODAY,
                   ends_on=TODAY, due_on=TODAY + timedelta(days=7), reviewed_by=desk)
        for number in range(count))
    reports = Report.unscoped.bulk_create(
        Report(occurrence=row, number=1, activity_on=TODAY, words="做了。", submitted_at=now(),
               drafted_by=city.user("jyj_zb1"), submit_key=uuid4())
        for row in rows)
    for row, report in zip(rows, reports, strict=True):
        row.report, row.state = report, Occurrence.State.SUBMITTED
    Occurrence.unscoped.bulk_update(rows, ["report", "state"])
    return list(Occurrence.unscoped.for_page().filter(pk__in=[row.pk for row in rows]))


def accept(task, user):
    """The whole verb."""
    return reviewing.accept(occurrence=task, by=user, seen=task.version)


def step(task, user):
    """The bare step, without the review row whose unique constraint is a second wall."""
    return advance(task, "accept", by=user, seen=task.version, number=1)


def outcome(verb, task, user) -> str:
    """How it ended for this person."""
    try:
        verb(task, user)
    except (Conflict, IntegrityError) as error:
        return type(error).__name__
    return "won"


def decide_all(verb, tasks, users) -> list[Counter]:
    """Everybody goes through all tasks in the same order; per task, how it ended for whom."""
    endings = together(*(partial(lambda who: [outcome(verb, task, who) for task in tasks], user)
                         for user in users))
    assert [each for each in endings if isinstance(each, Exception)] == []
    return [Counter(row) for row in zip(*endings, strict=True)]


@pytest.mark.postgresql
def test_of_eight_reviewers_of_a_hundred_reports_one_wins_each(standing_city):
    users, tasks = reviewers(standing_city), waiting(standing_city, REPORTS)
    assert decide_all(accept, tasks, users) == REPORTS * [
        Counter(won=1, Conflict=REVIEWERS - 1)]
    assert Review.unscoped.count() == REPORTS
    assert set(Occurrence.unscoped.filter(pk__in=[t.pk for t in tasks]).values_list(
        "state", "version")) == {(Occurrence.State.ACCEPTED, 1)}
    events = Counter(AuditEvent.objects.filter(actor_name__startswith="审核").values_list(
        "code", flat=True))
    assert events == {"checklists.occurrence.accept": REPORTS,
                      "core.refused": REPORTS * (REVIEWERS - 1)}
    assert audit.broken_at() is None


@pytest.fixture
def no_lock(standing_city):
    """Take the row lock away: everybody has read the row before anybody goes on.

    A patch of its own, gone before the city is put back: that takes steps too.
    """
    everybody_has_read = Barrier(REVIEWERS)

    def read(obj):
        row = type(obj)._default_manager.get(pk=obj.pk)
        everybody_has_read.wait(timeout=20)
        return row

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("apps.core.workflow.locked", read)
        yield


@pytest.mark.postgresql
def test_without_the_lock_all_eight_win(standing_city, no_lock):
    users, tasks = reviewers(standing_city), waiting(standing_city, 1)
    assert decide_all(step, tasks, users) == [Counter(won=REVIEWERS)]


@pytest.mark.postgresql
def test_with_the_lock_the_bare_step_has_one_winner(standing_city):
    users, tasks = reviewers(standing_city), waiting(standing_city, 1)
    assert decide_all(step, tasks, users) == [Counter(won=1, Conflict=REVIEWERS - 1)]


@pytest.mark.postgresql
def test_without_the_lock_the_database_still_takes_one_decision(standing_city, no_lock):
    users, tasks = reviewers(standing_city), waiting(standing_city, 1)
    assert decide_all(accept, tasks, users) == [Counter(won=1, IntegrityError=REVIEWERS - 1)]


@pytest.mark.postgresql
def test_the_loser_gets_a_page_that_says_who_was_first_and_when(standing_city):
    users, (task,) = reviewers(standing_city)[:2], waiting(standing_city, 1)
    calls = []
    for user in users:
        client = Client()
        client.force_login(user)
        calls.append(partial(client.post, reverse("checklists:review_accept", args=[task.pk]),
                             {"seen": task.version}))
    answers = together(*calls)
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    winner = users[[answer.status_code for answer in answers].index(302)]
    page = max(answers, key=lambda answer: answer.status_code).content.decode()
    assert f"11月23日 10:00，{winner.name}审核通过了" in page


def form(task) -> dict:
    """What the browser posts."""
    return {"activity_on": "2026-11-20", "words": "开了支委会。", "document_number": "",
            "seen": task.version, "submit_key": str(uuid4())}


@pytest.mark.postgresql
def test_twenty_identical_submits_make_one_report(standing_city):
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-11")
    client, body = Client(), form(task)
    client.force_login(standing_city.user("jyj_zb1"))
    cookies = client.cookies
    calls = []
    for _ in range(SUBMITS):
        browser = Client()
        browser.cookies = cookies.copy()
        calls.append(partial(browser.post, reverse("checklists:report_submit", args=[task.pk]),
                             body))
    answers = together(*calls)
    assert [answer.status_code for answer in answers] == [302] * SUBMITS
    assert Report.unscoped.count() == 1
    assert AuditEvent.objects.filter(code="checklists.occurrence.submit").count() == 1
    assert audit.broken_at() is None


@pytest.mark.postgresql
def test_of_twenty_different_submits_one_is_taken(standing_city):
    task, user = standing_city.task("jyj_zb1", "ZB-01", "2026-11"), standing_city.user("jyj_zb1")

    def submit():
        return reporting.submit(occurrence=task, by=user, activity_on=TODAY, words="做了。",
                                document_number="", submit_key=uuid4(), seen=task.version)

    results = together(*[submit] * SUBMITS)
    assert Counter(type(each).__name__ for each in results) == {
        "Occurrence": 1, "Conflict": SUBMITS - 1}
    assert Report.unscoped.count() == 1


def test_a_draft_saved_while_it_was_submitted_does_not_lend_its_spent_key(city, login):
    task, client = city.task("jyj_zb1", "ZB-01", "2026-11"), login("jyj_zb1")
    url, first = reverse("checklists:report_submit", args=[task.pk]), form(task)
    client.post(url, first)
    drafts.save(user=city.user("jyj_zb1"), target=task, data={"words": "开了支委会。"},
                submit_key=first["submit_key"])
    task = reviewing.return_(occurrence=city.task("jyj_zb1", "ZB-01", "2026-11"),
                             by=city.user("jyj_jgdw"), seen=1, reason="请补一句。")
    page = client.get(url)
    assert Draft.objects.get().submit_key != page.context["form"]["submit_key"].value()
    client.post(url, form(task) | {"submit_key": page.context["form"]["submit_key"].value()})
    assert Report.unscoped.filter(occurrence=task).count() == 2
