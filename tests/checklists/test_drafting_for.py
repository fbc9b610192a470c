"""代填: a clerk types, the leader confirms, and only then it is reviewed."""

import uuid

import pytest

from apps.checklists import reviewers
from apps.checklists.models import Occurrence, Review
from apps.checklists.services import reporting, reviewing
from apps.checklists.states import Day, badge
from apps.core.act import SYSTEM
from apps.core.calendar import add_working_days
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import available
from apps.duties.models import Duty
from apps.organizations import services
from apps.organizations.models import Appointment
from apps.organizations.roles import RoleCode
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY
from tests.forms_on_page import form_on

State = Occurrence.State


@pytest.fixture
def clerk(city):
    return city.user("jyj_jgdw")


@pytest.fixture
def leader(city):
    return city.user("jyj_shuji")


@pytest.fixture
def officer(city):
    return city.user("gongwei")


@pytest.fixture
def lecture(city):
    """七一前讲专题党课: on the secretary's own list, reviewed by the committee."""
    return city.task("jyj", "SJ-01")


@pytest.fixture
def typed(lecture, clerk):
    return hand_in(lecture, clerk)


def waiting_for(user):
    return list(Occurrence.unscoped.to_review(user))


# --- typed, not confirmed ---------------------------------------------------------------


def test_what_the_clerk_types_is_submitted_with_his_day(typed, clerk):
    assert (typed.state, typed.is_confirmed) == (State.SUBMITTED, False)
    assert (typed.first_filed_on, typed.report.drafted_by) == (TODAY, clerk)
    assert typed.report.confirmed_by is None


def test_it_reads_waits_for_him_in_blue(typed):
    shown = badge(typed, Day.now())
    assert (shown.word, shown.cls) == ("待本人确认", "is-sent")
    assert Day.now().light(typed) == "blue"


def test_it_is_not_in_the_review_queue(typed, officer):
    assert typed not in waiting_for(officer)


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_it_can_neither_be_accepted_nor_returned(typed, officer, verb):
    decide = {"accept": reviewing.accept, "return": reviewing.return_}[verb]
    words = {"reason": "补一句。"} if verb == "return" else {}
    with pytest.raises(Conflict, match="还在等本人确认"):
        decide(occurrence=typed, by=officer, seen=typed.version, **words)
    assert verb not in dict(available(typed, officer))


def test_without_the_need_of_a_confirmation_it_would_be_accepted(typed, officer, monkeypatch):
    step = Occurrence.STEPS["accept"]
    monkeypatch.setitem(Occurrence.STEPS, "accept", type(step)(**vars(step) | {"needs": ()}))
    row = reviewing.accept(occurrence=typed, by=officer, seen=typed.version)
    assert row.state == State.ACCEPTED


# --- confirm ----------------------------------------------------------------------------


def test_his_confirmation_opens_the_review(typed, leader, officer):
    row = reporting.confirm(occurrence=typed, by=leader, seen=typed.version)
    assert (row.state, row.is_confirmed, row.report.confirmed_by) == (
        State.SUBMITTED, True, leader)
    assert row.report.confirmed_at.date() == TODAY
    assert row in waiting_for(officer)
    assert codes(row) == ["submit", "confirm"]


def test_nobody_confirms_for_him(city, typed, clerk):
    for stranger in (clerk, city.user("jyj_chengyuan")):
        with pytest.raises(NotAllowed):
            reporting.confirm(occurrence=typed, by=stranger, seen=typed.version)


def test_it_is_confirmed_once(typed, leader):
    row = reporting.confirm(occurrence=typed, by=leader, seen=typed.version)
    with pytest.raises(Conflict, match="已经确认过了"):
        reporting.confirm(occurrence=row, by=leader, seen=row.version)


def test_one_tap_confirms_all_that_are_shown(city, login, typed, clerk):
    other = second_task(city)
    hand_in(other, clerk)
    phone = login("jyj_shuji")
    page = phone.get("/confirm/")
    phone.post("/confirm/", form_on(page, "confirm"))
    rows = Occurrence.unscoped.filter(pk__in=[typed.pk, other.pk])
    assert [row.is_confirmed for row in rows] == [True, True]


def test_what_came_after_the_page_is_not_confirmed_with_it(city, login, typed, clerk):
    phone = login("jyj_shuji")
    page = phone.get("/confirm/")
    other = hand_in(second_task(city), clerk)
    phone.post("/confirm/", form_on(page, "confirm"))
    other.refresh_from_db()
    assert not other.is_confirmed


def test_another_version_than_the_shown_one_is_not_confirmed(login, typed, lecture, clerk):
    phone = login("jyj_shuji")
    page = phone.get("/confirm/")
    row = reporting.withdraw(occurrence=typed, by=clerk, seen=typed.version)
    hand_in(lecture, clerk, words="换了说法。")
    answer = phone.post("/confirm/", form_on(page, "confirm"), follow=True)
    row.refresh_from_db()
    assert not row.is_confirmed
    assert "没有确认任何一条。" in answer.text
    assert "陈立新提交了七一前讲专题党课第2稿" in answer.text


def test_the_confirm_page_shows_what_was_typed(login, typed):
    page = login("jyj_shuji").get("/confirm/")
    for text in ("七一前讲专题党课", "支委会研究了两件事。", "11月20日 周五", "陈立新"):
        assert text in page.text


def test_the_confirm_page_is_empty_once_confirmed(login, typed, leader):
    reporting.confirm(occurrence=typed, by=leader, seen=typed.version)
    page = login("jyj_shuji").get("/confirm/")
    assert (page.context["count"], page.context["rows"]) == (0, [])


def test_the_clerk_has_no_confirm_page(login):
    assert login("jyj_jgdw").get("/confirm/").status_code == 403


def second_task(city) -> Occurrence:
    """Another task on the secretary's own list."""
    first = city.task("jyj", "SJ-01")
    Occurrence.unscoped.create(
        item=first.item, organization=first.organization, event="国庆前",
        starts_on=first.starts_on, ends_on=first.ends_on, due_on=first.due_on)
    return Occurrence.unscoped.for_page().get(event="国庆前")


# --- send back --------------------------------------------------------------------------


def test_he_sends_it_back_with_a_sentence(typed, leader):
    row = reporting.send_back(occurrence=typed, by=leader, seen=typed.version, reason="人数不对。")
    assert row.state == State.RETURNED
    assert row.correct_by == add_working_days(TODAY, 5)
    review = Review.unscoped.get(report=typed.report)
    assert (review.decision, review.reason, review.by) == ("send_back", "人数不对。", leader)


def test_he_does_not_send_it_back_without_one(typed, leader):
    with pytest.raises(Invalid) as refusal:
        reporting.send_back(occurrence=typed, by=leader, seen=typed.version, reason=" ")
    assert refusal.value.fields == {"reason": "请写一句退回填报人的理由。"}


def test_what_he_confirmed_he_does_not_send_back(typed, leader):
    row = reporting.confirm(occurrence=typed, by=leader, seen=typed.version)
    with pytest.raises(Conflict, match="已经确认过了"):
        reporting.send_back(occurrence=row, by=leader, seen=row.version, reason="人数不对。")


def test_the_clerk_mends_it_and_it_waits_for_him_again(typed, lecture, leader, clerk):
    reporting.send_back(occurrence=typed, by=leader, seen=typed.version, reason="人数不对。")
    row = hand_in(lecture, clerk, words="91人听课。")
    assert (row.state, row.is_confirmed, row.report.number) == (State.SUBMITTED, False, 2)


# --- who needs none ---------------------------------------------------------------------


def test_what_he_files_himself_needs_no_confirmation(lecture, leader, officer):
    row = hand_in(lecture, leader)
    assert row.is_confirmed and row.report.confirmed_by is None
    assert row in waiting_for(officer)


def test_a_site_can_do_without_confirmations(lecture, clerk, officer, settings):
    settings.CONFIRMATION_REQUIRED = False
    row = hand_in(lecture, clerk)
    assert row.is_confirmed and row in waiting_for(officer)


def test_a_list_without_holder_needs_none(city, clerk):
    task = city.task("jyj", "DZ-02", "2026-Q4")
    assert hand_in(task, clerk, document_number="9号").is_confirmed


def test_what_is_kept_on_file_waits_for_him_first(city, lecture, clerk, leader):
    Duty.objects.filter(code="SJ-01").update(review_mode=Duty.ReviewMode.FILE)
    row = hand_in(lecture, clerk)
    assert (row.state, row.is_confirmed) == (State.SUBMITTED, False)
    row = reporting.confirm(occurrence=row, by=leader, seen=row.version)
    assert row.state == State.ACCEPTED
    assert codes(row) == ["submit", "confirm", "accept"]


# --- who may ----------------------------------------------------------------------------


def test_the_clerk_of_another_unit_cannot(city, lecture):
    with pytest.raises(NotAllowed, match="市教育局党组书记郑立群填报"):
        hand_in(lecture, city.user("czj_zz"))


def test_a_colleague_of_the_same_unit_for_whom_nobody_named_him_cannot(city, lecture):
    with pytest.raises(NotAllowed):
        hand_in(lecture, city.user("jyj_chengyuan"))


def test_a_member_fills_in_his_own_list_and_not_the_organisations(city):
    task = city.task("jyj", "DZ-02", "2026-Q4")
    with pytest.raises(NotAllowed, match="中共云川市教育局党组填报"):
        hand_in(task, city.user("jyj_chengyuan"), document_number="9号")


def test_the_right_ends_when_somebody_else_is_named(city, lecture, clerk):
    Appointment.unscoped.filter(user__username="jyj_shuji").update(drafter=None)
    with pytest.raises(NotAllowed):
        hand_in(lecture, city.user(clerk.username))


# --- nobody reviews his own -------------------------------------------------------------


def test_the_holder_never_reviews_what_was_typed_for_him(city, lecture, clerk, leader):
    """Even with a desk at the committee: holder, drafter and confirmer are all "own"."""
    services.appoint(user=leader, role=RoleCode.COMMITTEE_OFFICER, organization=city.place("gw"),
                     starts_on=TODAY, by=SYSTEM)
    row = hand_in(lecture, clerk)
    leader = city.user("jyj_shuji")
    row = reporting.confirm(occurrence=row, by=leader, seen=row.version)
    with pytest.raises(NotAllowed, match="不能由自己审核通过"):
        reviewing.accept(occurrence=row, by=leader, seen=row.version)


def test_an_officer_never_reviews_the_committees_own_that_he_filed(city):
    own = city.checklist("jyj", Duty.Subject.SECRETARY)
    own.organization, own.subject = city.place("gw"), Duty.Subject.COMMITTEE
    officers = {city.user(name).pk for name in ("gongwei", "gongwei_admin", "gongwei_admin2")}
    assert reviewers.reviewer(own, own=officers - {city.user("gongwei").pk}).code == "GW"
    others = reviewers._staffed(reviewers.ladder(own), own=officers)
    assert others == []


def test_a_report_typed_under_one_key_is_not_taken_for_another_persons(lecture, clerk, leader):
    key = uuid.uuid4()
    hand_in(lecture, clerk, submit_key=key)
    with pytest.raises(Conflict):
        hand_in(lecture, leader, submit_key=key)
