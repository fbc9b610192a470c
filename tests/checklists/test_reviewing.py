"""Accept, return, and who steps aside."""

from datetime import date

import pytest

from apps.checklists.models import Occurrence, Review
from apps.checklists.services import reporting, reviewing
from apps.core import audit, workflow
from apps.core.act import SYSTEM
from apps.core.calendar import add_working_days
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import available, locked
from apps.organizations import services
from apps.organizations.models import Appointment
from apps.organizations.roles import RoleCode
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY

State = Occurrence.State


@pytest.fixture
def chen(city):
    """机关党委经办人: reviews the branches."""
    return city.user("jyj_jgdw")


@pytest.fixture
def filed(city):
    return hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))


# --- accept -----------------------------------------------------------------------------


def test_accepting_closes_the_task(filed, chen):
    row = reviewing.accept(occurrence=filed, by=chen, seen=filed.version)
    assert (row.state, row.correct_by, row.first_filed_on) == (State.ACCEPTED, None, TODAY)


def test_a_decision_names_person_place_and_time(filed, chen):
    row = reviewing.accept(occurrence=filed, by=chen, seen=filed.version)
    review = Review.unscoped.get(report=row.report)
    assert (review.decision, review.by, review.organization.code) == ("accept", chen, "JYJ_JGDW")
    assert review.at.date() == TODAY


def test_it_stands_in_the_audit_with_the_version(filed, chen):
    row = reviewing.accept(occurrence=filed, by=chen, seen=filed.version)
    assert audit.sentence(audit.last_event(row)) == "陈立新审核通过了三会一课（11月）第1稿"


def test_what_is_accepted_is_decided(filed, chen):
    row = reviewing.accept(occurrence=filed, by=chen, seen=filed.version)
    with pytest.raises(Conflict, match="没有退回修改"):
        reviewing.return_(occurrence=row, by=chen, seen=row.version, reason="补一句。")


def test_what_is_open_cannot_be_decided(city, chen):
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    with pytest.raises(NotAllowed):
        reviewing.accept(occurrence=task, by=chen, seen=task.version)


# --- return -----------------------------------------------------------------------------


def test_a_return_needs_its_sentence(filed, chen):
    with pytest.raises(Invalid) as refusal:
        reviewing.return_(occurrence=filed, by=chen, seen=filed.version, reason="　")
    assert refusal.value.fields == {"reason": "请写一句退回修改的理由。"}
    assert not Review.unscoped.exists()


def test_the_sentence_is_kept_and_stands_in_the_audit(filed, chen):
    row = reviewing.return_(occurrence=filed, by=chen, seen=filed.version, reason="补一句议题。")
    assert Review.unscoped.get(report=row.report).reason == "补一句议题。"
    assert audit.sentence(audit.last_event(row)) == (
        "陈立新退回了三会一课（11月）第1稿：“补一句议题。”")


def test_before_the_due_date_there_is_at_least_until_then(filed, chen):
    """Due on 3 December; five working days from Monday 23 November are 30 November."""
    row = reviewing.return_(occurrence=filed, by=chen, seen=filed.version, reason="补一句。")
    assert (row.due_on, row.correct_by) == (date(2026, 12, 3), date(2026, 12, 3))


def test_after_the_due_date_there_are_five_working_days(city, chen):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-10"), city.user("jyj_zb1"),
                  activity_on=date(2026, 10, 20))
    row = reviewing.return_(occurrence=row, by=chen, seen=row.version, reason="补一句。")
    assert row.correct_by == add_working_days(TODAY, 5) == date(2026, 11, 30)


def test_a_site_may_give_more_days(city, filed, chen, settings):
    settings.CORRECTION_WORKING_DAYS = 10
    row = reviewing.return_(occurrence=filed, by=chen, seen=filed.version, reason="补一句。")
    assert row.correct_by == date(2026, 12, 7)


def test_the_mended_version_is_accepted_with_a_decision_of_its_own(city, filed, chen):
    reviewing.return_(occurrence=filed, by=chen, seen=filed.version, reason="补一句。")
    row = hand_in(filed, city.user("jyj_zb1"), words="补上了。")
    row = reviewing.accept(occurrence=row, by=chen, seen=row.version)
    decisions = Review.unscoped.filter(report__occurrence=row).order_by("pk")
    assert [(each.report.number, each.decision) for each in decisions] == [
        (1, "return"), (2, "accept")]


# --- who looked at what -----------------------------------------------------------------


@pytest.mark.parametrize("verb", ["accept", "return_"])
def test_a_stale_version_is_not_decided(city, filed, chen, verb):
    li = city.user("jyj_zb1")
    reporting.withdraw(occurrence=filed, by=li, seen=filed.version)
    row = hand_in(filed, li, words="全换了。")
    words = {"reason": "补一句。"} if verb == "return_" else {}
    with pytest.raises(Conflict, match="李一帆提交了三会一课（11月）第2稿"):
        getattr(reviewing, verb)(occurrence=row, by=chen, seen=filed.version, **words)
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


def test_the_second_reviewer_is_told_who_was_first(city, filed, chen):
    reviewing.accept(occurrence=filed, by=chen, seen=filed.version)
    with pytest.raises(Conflict) as refusal:
        reviewing.accept(occurrence=filed, by=city.user("jyj_jgdwsj"), seen=filed.version)
    assert refusal.value.who == "陈立新"
    assert codes(filed) == ["submit", "accept"]


# --- nobody reviews his own -------------------------------------------------------------


def test_the_drafter_does_not_review_his_own(city):
    """He is at the desk of the organ committee and types for a branch as its clerk, too."""
    services.appoint(user=city.user("jyj_jgdw"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                     organization=city.place("jyj_zb1"), starts_on=TODAY)
    chen = city.user("jyj_jgdw")
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), chen)
    assert row.reviewed_by.code == "JYJ_JGDW"  # its secretary still can
    with pytest.raises(NotAllowed, match="自己填报、确认的，不能由自己审核通过"):
        reviewing.accept(occurrence=row, by=chen, seen=row.version)
    assert "accept" not in dict(available(row, chen))


def test_without_the_rule_he_would(city, monkeypatch):
    services.appoint(user=city.user("jyj_jgdw"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                     organization=city.place("jyj_zb1"), starts_on=TODAY)
    chen = city.user("jyj_jgdw")
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), chen)
    step = Occurrence.STEPS["accept"]
    monkeypatch.setitem(Occurrence.STEPS, "accept", type(step)(**vars(step) | {"not_by": ()}))
    assert reviewing.accept(occurrence=row, by=chen, seen=row.version).state == State.ACCEPTED


def test_a_reviewer_of_another_unit_does_not(city, filed):
    with pytest.raises(NotAllowed):
        reviewing.accept(occurrence=filed, by=city.user("czj_zz"), seen=filed.version)


def test_the_committee_decides_what_is_addressed_to_it_alone(city, filed):
    with pytest.raises(NotAllowed):
        reviewing.accept(occurrence=filed, by=city.user("gongwei"), seen=filed.version)


def test_the_inspector_reads_only(city):
    row = hand_in(city.task("jyj", "DZ-02", "2026-Q4"), city.user("jyj_jgdw"),
                  document_number="9号")
    assert row.reviewed_by.code == "GW"
    with pytest.raises(NotAllowed):
        reviewing.accept(occurrence=row, by=city.user("ducha"), seen=row.version)


# --- reroute ----------------------------------------------------------------------------


def leave(*usernames):
    for post in Appointment.unscoped.filter(user__username__in=usernames,
                                            organization__code="JYJ_JGDW"):
        services.end(appointment=post, by=SYSTEM)


def test_a_report_whose_reviewers_have_all_left_goes_to_who_reviews_now(city, filed, chen):
    leave("jyj_jgdw", "jyj_jgdwsj")
    assert reviewing.reroute(by=SYSTEM) == 1
    filed.refresh_from_db()
    assert filed.reviewed_by.code == "JYJ"
    assert audit.sentence(audit.last_event(filed)) == (
        "系统把三会一课（11月）转给中共云川市教育局党组审核")


def test_whoever_looked_at_it_before_it_went_decides_nothing(city, filed):
    leave("jyj_jgdw", "jyj_jgdwsj")
    reviewing.reroute(by=SYSTEM)
    with pytest.raises(Conflict, match="转给"):
        reviewing.accept(occurrence=filed, by=city.user("jyj_jgdw"), seen=filed.version)


def test_a_report_with_a_reviewer_stays(filed):
    leave("jyj_jgdw")
    assert reviewing.reroute(by=SYSTEM) == 0
    assert codes(filed) == ["submit"]


def test_rerouting_twice_moves_once(filed):
    leave("jyj_jgdw", "jyj_jgdwsj")
    assert [reviewing.reroute(by=SYSTEM), reviewing.reroute(by=SYSTEM)] == [1, 0]


def change_meanwhile(monkeypatch, module, row):
    """Somebody else changes the row between the look at the list and its lock."""
    def late(each):
        Occurrence.unscoped.filter(pk=row.pk).update(version=row.version + 1)
        return locked(each)

    monkeypatch.setattr(module, "locked", late)


def test_what_changed_meanwhile_is_left_for_tomorrow(filed, monkeypatch):
    leave("jyj_jgdw", "jyj_jgdwsj")
    change_meanwhile(monkeypatch, workflow, filed)
    assert reviewing.reroute(by=SYSTEM) == 0
    filed.refresh_from_db()
    assert filed.reviewed_by.code == "JYJ_JGDW"
    assert codes(filed) == ["submit"]


def test_no_person_reroutes(city, filed):
    leave("jyj_jgdw", "jyj_jgdwsj")
    with pytest.raises(NotAllowed):
        reviewing.reroute(by=city.user("gongwei_admin"))
    filed.refresh_from_db()
    assert filed.reviewed_by.code == "JYJ_JGDW"


def test_what_waits_for_its_holder_is_not_rerouted(city):
    row = hand_in(city.task("jyj", "SJ-01"), city.user("jyj_jgdw"))
    Occurrence.unscoped.filter(pk=row.pk).update(reviewed_by=city.place("jyj"))
    assert reviewing.reroute(by=SYSTEM) == 0
