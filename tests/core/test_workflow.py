from uuid import uuid4

import pytest

from apps.checklists.models import Occurrence, Report
from apps.checklists.services import reporting
from apps.core import workflow
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.core.workflow import Step, advance, available, obstacle
from apps.organizations.permissions import Permission
from tests.city import TODAY

State = Occurrence.State


def submit(task, user) -> Occurrence:
    """A waiting report."""
    return reporting.submit(occurrence=task, by=user, activity_on=TODAY, words="开了会。",
                            document_number="", submit_key=uuid4())


@pytest.fixture
def waiting(city) -> Occurrence:
    """A branch secretary's report; it waits for the organ committee."""
    return submit(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))


@pytest.fixture
def unconfirmed(city) -> Occurrence:
    """A clerk's entry on a leader's list; it waits for the leader."""
    return submit(city.task("jyj", "SJ-01"), city.user("jyj_jgdw"))


@pytest.fixture
def reviewer(city):
    """Who may review the branch."""
    return city.user("jyj_jgdw")


def fresh(task) -> Occurrence:
    """The row as it stands in the database."""
    return Occurrence.unscoped.get(pk=task.pk)


def reported_by(task, user) -> Occurrence:
    """The same report, as if `user` had typed it."""
    Report.unscoped.filter(occurrence=task).update(drafted_by=user)
    return fresh(task)


def test_a_step_moves_state_and_version_and_leaves_its_event(waiting, reviewer):
    row = advance(waiting, "accept", by=reviewer, seen=1, note="好", number=1)
    assert (row.state, row.version) == (fresh(row).state, fresh(row).version) == ("accepted", 2)
    event = AuditEvent.objects.about(row).order_by("-number").first()
    assert event.code == "checklists.occurrence.accept"
    assert event.details == {"note": "好", "number": 1}


@pytest.mark.parametrize("username", ["jyj_zb1", "jyj_zb2", "czj_zz", "ducha", "gongwei_admin"])
def test_without_the_right_at_the_place_a_step_is_not_allowed(city, waiting, username):
    with pytest.raises(NotAllowed, match="审核通过不在您的职权里"):
        advance(waiting, "accept", by=city.user(username), number=1)
    assert fresh(waiting).state == State.SUBMITTED


def test_the_right_is_asked_at_the_place_that_the_step_names(city, waiting, monkeypatch):
    """Negative control: asked at the branch itself, the reviewer has no right."""
    here = Step((State.SUBMITTED,), State.ACCEPTED, Permission.REPORT_REVIEW, "审核通过")
    monkeypatch.setitem(Occurrence.STEPS, "accept", here)
    with pytest.raises(NotAllowed):
        advance(waiting, "accept", by=city.user("jyj_jgdw"), number=1)


def test_a_step_at_no_place_is_not_allowed(city, reviewer):
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    assert task.reviewed_by is None
    with pytest.raises(NotAllowed):
        advance(task, "accept", by=reviewer, number=1)


def test_nobody_takes_a_step_on_his_own(waiting, reviewer):
    own = reported_by(waiting, reviewer)
    with pytest.raises(NotAllowed, match="自己填报、确认的，不能由自己审核通过"):
        advance(own, "accept", by=reviewer, number=1)


def test_without_not_by_he_would(waiting, reviewer, monkeypatch):
    own, old = reported_by(waiting, reviewer), Occurrence.STEPS["accept"]
    monkeypatch.setitem(Occurrence.STEPS, "accept", Step(
        old.sources, old.target, old.permission, old.label, at=old.at))
    assert advance(own, "accept", by=reviewer, number=1).state == State.ACCEPTED


def test_only_the_one_who_typed_may_withdraw(city, waiting):
    with pytest.raises(NotAllowed, match="撤回只能由本人来做"):
        advance(waiting, "withdraw", by=city.user("jyj_zb1_jb"))
    assert advance(waiting, "withdraw", by=city.user("jyj_zb1")).state == State.OPEN


def test_only_the_holder_may_confirm(city, unconfirmed):
    other = city.user("jyj_chengyuan")
    assert other.may(Permission.REPORT_CONFIRM, at=unconfirmed.organization.path)
    with pytest.raises(NotAllowed, match="确认只能由本人来做"):
        advance(unconfirmed, "confirm", by=other)


def test_what_a_step_needs_is_said_while_it_is_lacking(city, unconfirmed):
    with pytest.raises(Conflict, match="还在等本人确认"):
        advance(unconfirmed, "accept", by=city.user("gongwei"), number=1)


def test_from_another_state_a_step_conflicts_and_names_who_was_first(city, waiting, reviewer):
    advance(waiting, "accept", by=reviewer, number=1)
    with pytest.raises(Conflict) as refusal:
        advance(waiting, "accept", by=city.user("jyj_jgdwsj"), number=1)
    assert refusal.value.message == (
        "没有审核通过：11月23日 10:00，陈立新审核通过了三会一课（11月）第1稿。")
    assert refusal.value.who == "陈立新"
    assert f"{refusal.value.when:%H:%M}" in ("10:00", "02:00")


def test_a_version_that_was_not_seen_conflicts(city, waiting, reviewer):
    with pytest.raises(Conflict, match="李一帆提交了"):
        advance(waiting, "accept", by=reviewer, seen=0, number=1)
    assert fresh(waiting).state == State.SUBMITTED


def test_without_saying_what_was_seen_the_state_alone_decides(waiting, reviewer):
    assert advance(waiting, "accept", by=reviewer, number=1).state == State.ACCEPTED


def test_a_missing_right_is_said_before_a_late_version(city, waiting):
    with pytest.raises(NotAllowed):
        advance(waiting, "accept", by=city.user("jyj_zb2"), seen=0, number=1)


def test_a_row_that_nothing_was_recorded_of_conflicts_without_a_name(city):
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    Occurrence.unscoped.filter(pk=task.pk).update(state=State.EXCUSED)
    with pytest.raises(Conflict, match="状态已经变了") as refusal:
        advance(task, "submit", by=city.user("jyj_zb1"), number=1)
    assert (refusal.value.who, refusal.value.when) == ("", None)


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_step_that_wants_a_reason_is_invalid_without_one(waiting, reviewer, note):
    with pytest.raises(Invalid) as refusal:
        advance(waiting, "return", by=reviewer, note=note, number=1)
    assert refusal.value.fields == {"reason": "请写一句退回修改的理由。"}
    assert fresh(waiting).state == State.SUBMITTED


def test_the_checks_look_at_the_locked_row_and_not_at_what_was_passed(waiting, reviewer):
    stale = fresh(waiting)
    advance(waiting, "accept", by=reviewer, number=1)
    assert stale.state == State.SUBMITTED
    with pytest.raises(Conflict):
        advance(stale, "return", by=reviewer, note="改", number=1)


def test_without_the_lock_the_stale_row_would_pass(city, waiting, reviewer, monkeypatch):
    stale = fresh(waiting)
    advance(waiting, "accept", by=reviewer, number=1)
    monkeypatch.setattr(workflow, "locked", lambda obj: obj)
    assert advance(stale, "return", by=reviewer, note="改", number=1).state == State.RETURNED


def test_what_is_prepared_is_saved_with_the_step_or_not_at_all(waiting, reviewer):
    def broken(row):
        row.event = "改了"
        row.save(update_fields=["event"])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        advance(waiting, "accept", by=reviewer, number=1, prepare=broken)
    assert (fresh(waiting).event, fresh(waiting).state) == ("", State.SUBMITTED)


def test_nothing_is_prepared_for_a_step_that_is_refused(city, waiting):
    with pytest.raises(NotAllowed):
        advance(waiting, "accept", by=city.user("jyj_zb2"), number=1, prepare=lambda row: 1 / 0)


def test_the_buttons_are_the_steps_that_nothing_stands_in_the_way_of(city, waiting):
    def names(username):
        return [name for name, _step in available(waiting, city.user(username))]

    assert names("jyj_zb1") == ["withdraw"]
    assert names("jyj_jgdw") == ["accept", "return"]
    assert names("ducha") == names("jyj_zb2") == []


def test_a_rule_may_what_no_person_may(waiting):
    assert obstacle(waiting, "accept", SYSTEM) is None
    assert obstacle(waiting, "withdraw", SYSTEM).message == "撤回只能由本人来做。"


def test_an_unknown_step_raises(waiting, reviewer):
    with pytest.raises(KeyError):
        advance(waiting, "explode", by=reviewer)
