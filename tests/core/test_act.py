from contextlib import nullcontext, suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import act as act_module
from apps.core import audit
from apps.core.act import SYSTEM, act, record
from apps.core.errors import Conflict, Invalid
from apps.core.models import AuditEvent
from apps.organizations.models import Organization

CODE = "organizations.organization.create"


@pytest.fixture
def place(city):
    """A row to change."""
    return city.place("jyj_zb1")


@pytest.fixture
def li(city):
    """Somebody who acts."""
    return city.user("jyj_zb1")


def rename(place, name: str) -> None:
    """Change the row without any verb."""
    Organization.objects.filter(pk=place.pk).update(short_name=name)


def name_of(place) -> str:
    """The name as it stands in the database."""
    return Organization.objects.get(pk=place.pk).short_name


def test_an_act_writes_its_row_and_its_event(place, li):
    with act(by=li):
        rename(place, "新名")
        record(CODE, place)
    event = AuditEvent.objects.order_by("-number").first()
    assert name_of(place) == "新名"
    assert (event.code, event.actor_id, event.actor_name) == (CODE, str(li.pk), "李一帆")
    assert (event.target_type, event.target_id, event.path) == (
        "organizations.organization", str(place.pk), place.path)


def test_the_events_are_the_last_statements_of_the_act(place, li):
    with CaptureQueriesContext(connection) as queries, act(by=li):
        record(CODE, place)
        rename(place, "新名")
    writes = [q["sql"].split()[0:3] for q in queries
              if q["sql"].startswith(("INSERT", "UPDATE"))]
    assert [" ".join(words[:3]) for words in writes][-1] == 'INSERT INTO "core_auditevent"'


def test_the_end_of_the_chain_is_locked_once_an_act(place, li, monkeypatch):
    locks = []
    monkeypatch.setattr(audit, "_lock", lambda: locks.append(1))
    with act(by=li):
        for _ in range(3):
            with act(by=SYSTEM):
                record(CODE, place)
    assert locks == [1]


def test_an_act_without_events_takes_no_lock(li, monkeypatch):
    monkeypatch.setattr(audit, "_lock", None)
    with act(by=li):
        pass


def test_nested_acts_are_one_transaction(place, li):
    before = AuditEvent.objects.count()
    with pytest.raises(ValueError), act(by=li):
        with act(by=li):
            rename(place, "新名")
            record(CODE, place)
        raise ValueError
    assert name_of(place) == "第一党支部"
    assert AuditEvent.objects.count() == before


def go_on_without_the_inner_act(place, li) -> None:
    """An outer act that catches the refusal of an inner one."""
    with act(by=li):
        with suppress(Conflict), act(by=li):
            rename(place, "新名")
            record(CODE, place)
            raise Conflict("晚了。")
        record(CODE, place, said="outer")


def test_an_inner_act_that_is_refused_leaves_neither_rows_nor_events(place, li):
    before = AuditEvent.objects.count()
    go_on_without_the_inner_act(place, li)
    assert name_of(place) == "第一党支部"
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.order_by("-number").first().details == {"said": "outer"}


def test_without_a_savepoint_of_its_own_it_would_leave_both(place, li, monkeypatch):
    """The control: an inner act that only joins the outer one."""
    monkeypatch.setattr(act_module, "_nested", lambda outer, by: nullcontext())
    before = AuditEvent.objects.count()
    go_on_without_the_inner_act(place, li)
    assert name_of(place) == "新名"
    assert AuditEvent.objects.count() == before + 2


def test_after_a_refused_inner_act_the_outer_actor_acts_again(place, li):
    with act(by=li):
        with suppress(Conflict), act(by=SYSTEM):
            raise Conflict("晚了。")
        record(CODE, place)
    assert AuditEvent.objects.order_by("-number").first().actor_name == "李一帆"


def test_an_event_names_the_innermost_actor(place, li):
    with act(by=li):
        with act(by=SYSTEM):
            record(CODE, place)
        record(CODE, place)
    last = AuditEvent.objects.order_by("-number")[:2]
    assert [event.actor_name for event in last] == ["李一帆", "系统"]


def test_outside_an_act_a_record_raises(place):
    with pytest.raises(RuntimeError, match="outside act"):
        record(CODE, place)


def test_after_an_act_that_failed_a_record_raises_again(place, li):
    with pytest.raises(ValueError), act(by=li):
        raise ValueError
    with pytest.raises(RuntimeError):
        record(CODE, place)


def test_an_unknown_code_raises_and_changes_nothing(place, li):
    with pytest.raises(LookupError), act(by=li):
        rename(place, "新名")
        record("organizations.organization.explode", place)
    assert name_of(place) == "第一党支部"


def test_a_detail_that_the_sentence_lacks_raises(place, li):
    with pytest.raises(LookupError), act(by=li):
        record("organizations.appointment.appoint", place)


def test_rows_die_with_the_events_that_cannot_be_written(place, li, monkeypatch):
    def broken(events):
        raise OSError("no audit")

    monkeypatch.setattr(audit, "write", broken)
    with pytest.raises(OSError), act(by=li):
        rename(place, "新名")
        record(CODE, place)
    assert name_of(place) == "第一党支部"


def test_rows_live_when_the_audit_is_taken_away(place, li, monkeypatch):
    """The control of the test above: it is the raising that kills the row."""
    monkeypatch.setattr(audit, "write", lambda events: None)
    with act(by=li):
        rename(place, "新名")
        record(CODE, place)
    assert name_of(place) == "新名"


def refusals():
    """Refused events, the latest first."""
    return AuditEvent.objects.filter(outcome="refused").order_by("-number")


@pytest.mark.parametrize("error", [Conflict("晚了。"), Invalid(fields={"a": "晚了。"})])
def test_a_refusal_changes_nothing_and_is_recorded_once(place, li, error):
    with pytest.raises(type(error)), act(by=li):
        rename(place, "新名")
        record(CODE, place)
        raise error
    assert name_of(place) == "第一党支部"
    (event,) = refusals()
    assert (event.code, event.actor_name) == ("core.refused", "李一帆")
    assert audit.sentence(event) == "李一帆没有办成，页面答复：“晚了。”"


def test_a_refusal_through_nested_acts_is_recorded_once(place, li):
    with pytest.raises(Conflict), act(by=li), act(by=li), act(by=li):
        raise Conflict("晚了。", target=place)
    (event,) = refusals()
    assert event.target_id == str(place.pk)


def test_the_same_refusal_is_never_recorded_twice(li):
    refusal = Conflict("晚了。")
    for _ in range(2):
        with pytest.raises(Conflict), act(by=li):
            raise refusal
    assert refusals().count() == 1


def test_a_refusal_is_recorded_after_the_rollback(place, li):
    with CaptureQueriesContext(connection) as queries, pytest.raises(Conflict), act(by=li):
        rename(place, "新名")
        raise Conflict("晚了。")
    words = [query["sql"].split()[0] for query in queries]
    assert words.index("ROLLBACK") < words.index("INSERT")


def test_an_error_is_no_refusal(li):
    with pytest.raises(ZeroDivisionError), act(by=li):
        1 / 0  # noqa: B018
    assert not refusals().exists()


def test_the_system_may_everything_and_is_nobody():
    assert SYSTEM.may("report.review", at="0001") is True
    assert (SYSTEM.pk, str(SYSTEM)) == (None, "系统")
