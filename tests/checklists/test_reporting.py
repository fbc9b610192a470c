"""Fill in, submit, withdraw: what the unit does with a task of its own."""

import uuid
from datetime import date, timedelta

import pytest

from apps.checklists.models import Evidence, Occurrence, Report
from apps.checklists.services import reporting, reviewing
from apps.core import audit, drafts
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent, StoredFile
from tests.checklists.steps import FRIDAY, attach, codes, hand_in
from tests.city import TODAY

State = Occurrence.State


@pytest.fixture
def li(city):
    return city.user("jyj_zb1")


@pytest.fixture
def meeting(city):
    """三会一课 of November: some words, reviewed by sample."""
    return city.task("jyj_zb1", "ZB-01", "2026-11")


@pytest.fixture
def party_day(city):
    """主题党日 of November: nothing but the date."""
    return city.task("jyj_zb1", "ZB-02", "2026-11")


@pytest.fixture
def appraisal(city):
    """组织生活会: a file, and 备查."""
    return city.task("jyj_zb1", "ZB-03")


def lacking(task, by, **answers) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        hand_in(task, by, **answers)
    return refusal.value.fields


# --- what is asked --------------------------------------------------------------------


def test_a_duty_of_words_asks_for_words(meeting, li):
    assert lacking(meeting, li, words="") == {"words": "请写几句做了什么。"}


def test_a_duty_of_a_number_asks_for_the_number(city):
    task, clerk = city.task("jyj", "DZ-02", "2026-Q4"), city.user("jyj_jgdw")
    assert list(lacking(task, clerk)) == ["document_number"]


def test_a_file_stands_in_for_a_number(city):
    task, clerk = city.task("jyj", "DZ-02", "2026-Q4"), city.user("jyj_jgdw")
    attach(task, clerk)
    assert hand_in(task, clerk).state == State.SUBMITTED


def test_a_number_is_enough_without_a_file(city):
    task, clerk = city.task("jyj", "DZ-02", "2026-Q4"), city.user("jyj_jgdw")
    row = hand_in(task, clerk, words="", document_number="云教党纪〔2026〕9号")
    assert (row.report.document_number, row.report.words) == ("云教党纪〔2026〕9号", "")


def test_a_duty_of_a_file_asks_for_the_file(appraisal, li):
    assert lacking(appraisal, li) == {"files": "请传一份文件，拍照也行。"}


def test_a_duty_without_evidence_asks_for_the_date_alone(party_day, li):
    assert hand_in(party_day, li, words="").state == State.SUBMITTED


def test_a_day_to_come_is_refused_by_its_field(meeting, li):
    fields = lacking(meeting, li, activity_on=TODAY + timedelta(days=1))
    assert fields == {"activity_on": "11月24日还没到。请填实际做这件事的日期。"}


def test_today_is_not_to_come(meeting, li):
    assert hand_in(meeting, li, activity_on=TODAY).report.activity_on == TODAY


@pytest.mark.parametrize("period, starts_on", [("2026-11", date(2026, 11, 1)),
                                               ("2026-01", date(2026, 1, 1))])
def test_a_day_long_before_the_period_is_refused_and_names_the_year(city, li, period, starts_on):
    task = city.task("jyj_zb1", "ZB-01", period)
    assert task.starts_on == starts_on
    slip = starts_on - timedelta(days=184)
    label = f"{slip.year}年{slip.month}月{slip.day}日"
    assert lacking(task, li, activity_on=slip) == {
        "activity_on": f"{label}比这一期早了半年以上，请核对年份。"}


def test_half_a_year_before_the_period_is_still_taken(meeting, li):
    early = meeting.starts_on - timedelta(days=183)
    assert hand_in(meeting, li, activity_on=early).report.activity_on == early


def test_everything_lacking_is_said_at_once(meeting, li):
    fields = lacking(meeting, li, words="", activity_on=TODAY + timedelta(days=1))
    assert set(fields) == {"words", "activity_on"}


@pytest.mark.parametrize("field", ["words", "document_number"])
@pytest.mark.parametrize("mark", ["绝密★启用前", "机密★10年", "秘密★1年"])
def test_secret_marks_are_refused_where_they_stand(meeting, li, field, mark):
    assert lacking(meeting, li, **{field: f"传达{mark}"}) == {field: reporting.CLASSIFIED}


def test_without_the_look_for_secret_marks_they_would_come_in(meeting, li, monkeypatch):
    monkeypatch.setattr(reporting, "has_secret_mark", lambda text: False)
    assert "机密★" in hand_in(meeting, li, words="传达机密★10年").report.words


def test_a_refused_report_leaves_nothing_but_its_refusal(meeting, li):
    lacking(meeting, li, words="")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.report, meeting.version) == (State.OPEN, None, 0)
    assert not Report.unscoped.filter(occurrence=meeting).exists()
    last = AuditEvent.objects.order_by("-number").first()
    assert (last.code, last.actor_name) == (audit.REFUSED, "李一帆")


# --- the report -----------------------------------------------------------------------


def test_a_report_says_who_when_and_what(meeting, li):
    row = hand_in(meeting, li)
    report = row.report
    assert (report.number, report.drafted_by, report.activity_on) == (1, li, FRIDAY)
    assert report.submitted_at.date() == TODAY
    assert (row.state, row.first_filed_on, row.version) == (State.SUBMITTED, TODAY, 1)
    assert row.reviewed_by.code == "JYJ_JGDW"


def test_a_submission_stands_in_the_audit_with_its_number(meeting, li):
    row = hand_in(meeting, li)
    event = audit.last_event(row)
    assert audit.sentence(event) == "李一帆提交了三会一课（11月）第1稿"


def test_the_same_key_twice_makes_one_report(meeting, li):
    key = uuid.uuid4()
    first = hand_in(meeting, li, submit_key=key)
    second = hand_in(meeting, li, submit_key=key, words="别的话")
    assert first.report == second.report
    assert second.report.words == "支委会研究了两件事。"
    assert codes(meeting) == ["submit"]


def test_another_key_after_submitting_is_a_conflict(meeting, li):
    hand_in(meeting, li)
    with pytest.raises(Conflict, match="没有提交"):
        hand_in(meeting, li)


def test_versions_are_numbered(city, meeting, li):
    row = hand_in(meeting, li)
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补一句。")
    again = hand_in(meeting, li, words="补上了。")
    assert (again.report.number, again.state) == (2, State.SUBMITTED)
    assert list(again.reports.order_by("number").values_list("words", flat=True)) == [
        "支委会研究了两件事。", "补上了。"]


def test_files_of_the_draft_become_evidence_in_their_order(meeting, li):
    files = [attach(meeting, li, f"{n}.pdf") for n in (1, 2)]
    row = hand_in(meeting, li)
    rows = Evidence.unscoped.filter(report=row.report).order_by("position")
    assert [(each.position, each.file) for each in rows] == [(1, files[0]), (2, files[1])]


def test_a_submitted_draft_is_forgotten(meeting, li):
    attach(meeting, li)
    hand_in(meeting, li)
    assert drafts.load(user=li, target=meeting) is None
    assert StoredFile.objects.count() == 1


def test_files_of_somebody_elses_draft_stay_his(city, meeting, li):
    wu = city.user("jyj_zb1_jb")
    attach(meeting, wu)
    row = hand_in(meeting, li)
    assert not row.report.evidence.exists()
    assert drafts.load(user=wu, target=meeting).files.count() == 1


def test_only_who_fills_in_the_list_submits(city, meeting):
    with pytest.raises(NotAllowed, match="市教育局机关第一党支部填报"):
        hand_in(meeting, city.user("jyj_jgdw"))


# --- late -----------------------------------------------------------------------------


def test_filed_after_the_due_date_is_a_mark_and_nothing_locks(city, li):
    october = city.task("jyj_zb1", "ZB-01", "2026-10")
    assert october.due_on < TODAY
    row = hand_in(october, li, activity_on=date(2026, 10, 20))
    assert (row.state, row.is_filed_late) == (State.SUBMITTED, True)


def test_filed_on_the_due_date_is_not_late(meeting, li, later):
    later(days=(meeting.due_on - TODAY).days)
    row = hand_in(meeting, li)
    assert (row.first_filed_on, row.is_filed_late) == (meeting.due_on, False)


def test_a_second_version_does_not_move_the_first_filing(city, meeting, li, later):
    row = hand_in(meeting, li)
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补一句。")
    later(days=10)
    assert hand_in(meeting, li).first_filed_on == TODAY


# --- 备查 -----------------------------------------------------------------------------


def test_what_is_kept_on_file_is_accepted_by_the_app_and_says_so(appraisal, li):
    attach(appraisal, li)
    row = hand_in(appraisal, li)
    assert row.state == State.ACCEPTED
    event = audit.last_event(row)
    assert (event.actor_name, event.actor_id) == ("系统", "")
    assert audit.sentence(event) == "系统审核通过了组织生活会和民主评议（2026年）第1稿"
    assert codes(row) == ["submit", "accept"]


def test_what_is_sampled_waits_for_a_person(meeting, li):
    assert hand_in(meeting, li).state == State.SUBMITTED


# --- withdraw -------------------------------------------------------------------------


def test_withdrawing_gives_words_and_files_back_as_a_draft(meeting, li):
    file = attach(meeting, li)
    row = hand_in(meeting, li, document_number="9号")
    row = reporting.withdraw(occurrence=row, by=li, seen=row.version)
    draft = drafts.load(user=li, target=row)
    assert draft.data == {"activity_on": "2026-11-20", "words": "支委会研究了两件事。",
                          "document_number": "9号"}
    assert [each.file for each in draft.files.all()] == [file]
    assert row.state == State.OPEN


def test_withdrawing_frees_the_first_filing_date(meeting, li, later):
    row = hand_in(meeting, li)
    reporting.withdraw(occurrence=row, by=li, seen=row.version)
    later(days=11)
    row = hand_in(meeting, li)
    assert (row.first_filed_on, row.is_filed_late) == (date(2026, 12, 4), True)


def test_a_correction_that_is_withdrawn_keeps_the_first_filing(city, meeting, li):
    row = hand_in(meeting, li)
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补一句。")
    row = hand_in(meeting, li)
    row = reporting.withdraw(occurrence=row, by=li, seen=row.version)
    assert row.first_filed_on == TODAY


def test_the_withdrawn_version_stays_and_the_next_has_the_next_number(meeting, li):
    row = hand_in(meeting, li)
    reporting.withdraw(occurrence=row, by=li, seen=row.version)
    assert hand_in(meeting, li).report.number == 2


def test_only_who_typed_it_withdraws_it(city, meeting, li):
    row = hand_in(meeting, li)
    with pytest.raises(NotAllowed, match="只能由本人"):
        reporting.withdraw(occurrence=row, by=city.user("jyj_zb1_jb"), seen=row.version)


def test_what_is_decided_is_not_withdrawn(city, meeting, li):
    row = hand_in(meeting, li)
    row = reviewing.accept(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version)
    with pytest.raises(Conflict, match="没有撤回"):
        reporting.withdraw(occurrence=row, by=li, seen=row.version)


# --- two at once ----------------------------------------------------------------------


def test_the_second_is_told_who_was_first_and_when(city, meeting, li):
    hand_in(meeting, li)
    with pytest.raises(Conflict) as refusal:
        hand_in(meeting, city.user("jyj_zb1_jb"), seen=meeting.version)
    assert refusal.value.who == "李一帆"
    assert refusal.value.message == (
        "没有提交：11月23日 10:00，李一帆提交了三会一课（11月）第1稿。")


def test_the_second_keeps_his_draft(city, meeting, li):
    wu = city.user("jyj_zb1_jb")
    drafts.save(user=wu, target=meeting, data={"words": "我写的"})
    attach(meeting, wu)
    hand_in(meeting, li)
    with pytest.raises(Conflict):
        hand_in(meeting, wu)
    draft = drafts.load(user=wu, target=meeting)
    assert (draft.data, draft.files.count()) == ({"words": "我写的"}, 1)


def test_an_old_page_is_refused_although_the_state_is_open_again(city, meeting, li):
    row = hand_in(meeting, li)
    reporting.withdraw(occurrence=row, by=li, seen=row.version)
    with pytest.raises(Conflict, match="李一帆撤回了"):
        hand_in(meeting, city.user("jyj_zb1_jb"), seen=meeting.version)
