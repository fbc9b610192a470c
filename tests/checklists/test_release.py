"""Entries that wait for a holder who has left."""

import pytest

from apps.checklists import daily
from apps.checklists.models import Occurrence
from apps.checklists.services import reporting, reviewing
from apps.core import audit, workflow
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, NotAllowed
from apps.core.workflow import locked
from apps.organizations import services
from apps.organizations.models import Appointment
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY

State = Occurrence.State


@pytest.fixture
def typed(city):
    """Typed for the secretary, waiting for him."""
    return hand_in(city.task("jyj", "SJ-01"), city.user("jyj_jgdw"))


@pytest.fixture
def gone(typed):
    """He has left since."""
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_shuji"), by=SYSTEM)
    return typed


def fresh(row) -> Occurrence:
    return Occurrence.unscoped.for_page().get(pk=row.pk)


def test_an_entry_whose_holder_is_there_waits_for_him(typed):
    assert reporting.release(by=SYSTEM) == 0
    assert not fresh(typed).is_confirmed
    assert codes(typed) == ["submit"]


def test_an_entry_whose_holder_has_left_needs_no_confirmation(gone):
    assert reporting.release(by=SYSTEM) == 1
    row = fresh(gone)
    assert (row.state, row.is_confirmed, row.version) == (State.SUBMITTED, True, gone.version + 1)
    assert row.report.confirmed_by is None
    assert audit.sentence(audit.last_event(row)) == (
        "七一前讲专题党课不再等本人确认：本人已不任这个职务")


def test_it_then_waits_for_the_reviewer_who_can_decide(city, gone):
    officer = city.user("gongwei")
    assert gone not in Occurrence.unscoped.to_review(officer)
    reporting.release(by=SYSTEM)
    row = fresh(gone)
    assert row in Occurrence.unscoped.to_review(officer)
    assert reviewing.accept(occurrence=row, by=officer, seen=row.version).state == State.ACCEPTED


def test_whoever_looked_at_it_before_has_an_old_page(city, gone):
    reporting.release(by=SYSTEM)
    with pytest.raises(Conflict):
        reviewing.accept(occurrence=gone, by=city.user("gongwei"), seen=gone.version)


def test_releasing_twice_releases_once(gone):
    assert [reporting.release(by=SYSTEM), reporting.release(by=SYSTEM)] == [1, 0]
    assert codes(gone) == ["submit", "release"]


def test_the_entry_of_another_leader_stays(city, gone):
    other = hand_in(city.task("czj", "SJ-01"), city.user("czj_zz"))
    assert reporting.release(by=SYSTEM) == 1
    assert not fresh(other).is_confirmed


def test_what_changed_meanwhile_is_left_for_tomorrow(gone, monkeypatch):
    def late(each):
        Occurrence.unscoped.filter(pk=gone.pk).update(version=gone.version + 1)
        return locked(each)

    monkeypatch.setattr(workflow, "locked", late)
    assert reporting.release(by=SYSTEM) == 0
    assert not fresh(gone).is_confirmed


def test_no_person_releases(city, gone):
    with pytest.raises(NotAllowed):
        reporting.release(by=city.user("jyj_jgdw"))
    assert not fresh(gone).is_confirmed


def test_without_the_look_at_who_acts_a_person_would(city, gone, monkeypatch):
    monkeypatch.setattr(workflow, "only_the_system", lambda by: None)
    assert reporting.release(by=city.user("jyj_jgdw")) == 1


def test_the_daily_run_releases_and_says_how_many(gone):
    done = daily.run(TODAY)
    assert {name: count for name, count in done.items() if count} == {"released": 1}
    assert daily.run(TODAY)["released"] == 0
