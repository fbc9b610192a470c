"""Evidence of a returned version goes along with the next one."""

import pytest

from apps.checklists.models import Evidence, Occurrence
from apps.checklists.services import reporting, reviewing
from apps.core import drafts
from apps.core.errors import Invalid
from apps.core.models import Draft
from tests.checklists.steps import attach, hand_in
from tests.forms_on_page import form_on

State = Occurrence.State


@pytest.fixture
def chen(city):
    return city.user("jyj_jgdw")


@pytest.fixture
def study(city):
    """中心组学习: a number or a file; reviewed by the committee."""
    return city.task("jyj", "DZ-02", "2026-Q4")


@pytest.fixture
def filed(study, chen):
    """Handed in with two files."""
    for name in ("一.pdf", "二.pdf"):
        attach(study, chen, name)
    return hand_in(study, chen)


@pytest.fixture
def back(city, filed):
    return reviewing.return_(occurrence=filed, by=city.user("gongwei"), seen=filed.version,
                             reason="补一句。")


def evidence(row) -> list[str]:
    rows = Evidence.unscoped.filter(report=row.report).order_by("position")
    return list(rows.values_list("file__name", flat=True))


def in_draft(user, task) -> list[str]:
    draft = drafts.load(user=user, target=task)
    return [each.file.name for each in draft.files.order_by("pk")]


def keep(task, by, words="写到一半"):
    return reporting.keep_draft(occurrence=task, by=by, data={"words": words})


# --- submit ---------------------------------------------------------------------------------


def test_a_correction_without_a_draft_takes_the_files_along(back, chen):
    row = hand_in(back, chen, words="补上了。")
    assert (row.state, row.report.number, evidence(row)) == (
        State.SUBMITTED, 2, ["一.pdf", "二.pdf"])


def test_the_returned_version_keeps_its_own(back, chen):
    first = back.report
    hand_in(back, chen)
    assert first.evidence.count() == 2


def test_without_the_carrying_the_files_would_be_asked_for_again(back, chen, monkeypatch):
    monkeypatch.setattr(reporting, "carried", lambda row: [])
    with pytest.raises(Invalid) as refusal:
        hand_in(back, chen)
    assert list(refusal.value.fields) == ["document_number"]


def test_a_file_taken_off_the_draft_does_not_come_back(back, chen):
    draft = keep(back, chen)
    drafts.remove_file(draft=draft, pk=draft.files.order_by("pk").first().pk)
    assert evidence(hand_in(back, chen)) == ["二.pdf"]


def test_a_withdrawn_correction_has_its_files_once(back, chen):
    row = hand_in(back, chen)
    row = reporting.withdraw(occurrence=row, by=chen, seen=row.version)
    assert in_draft(chen, row) == ["一.pdf", "二.pdf"]
    assert evidence(hand_in(row, chen)) == ["一.pdf", "二.pdf"]


def test_what_is_open_carries_nothing(city, study):
    assert reporting.carried(study) == []


def test_a_waiting_version_carries_nothing(filed):
    assert reporting.carried(filed) == []


# --- drafts ---------------------------------------------------------------------------------


def test_the_first_draft_of_a_correction_holds_the_files(back, chen):
    keep(back, chen)
    assert in_draft(chen, back) == ["一.pdf", "二.pdf"]


def test_a_draft_kept_again_holds_them_once(back, chen):
    keep(back, chen)
    keep(back, chen, words="写完了")
    assert in_draft(chen, back) == ["一.pdf", "二.pdf"]


def test_a_new_file_stands_behind_the_carried_ones(back, chen):
    keep(back, chen)
    attach(back, chen, "三.pdf")
    assert evidence(hand_in(back, chen)) == ["一.pdf", "二.pdf", "三.pdf"]


def test_a_draft_of_what_was_never_filed_holds_nothing(study, chen):
    keep(study, chen)
    assert in_draft(chen, study) == []


# --- the form -------------------------------------------------------------------------------


def test_the_form_lists_them(back, login):
    page = login("jyj_jgdw").get(f"/tasks/{back.pk}/report/")
    assert [each["name"] for each in page.context["carried"]] == ["一.pdf", "二.pdf"]
    assert "上一稿的文件" in page.text and "一.pdf" in page.text
    assert not Draft.objects.exists()


def test_once_there_is_a_draft_the_form_lists_each_file_once(back, login, chen):
    keep(back, chen)
    context = login("jyj_jgdw").get(f"/tasks/{back.pk}/report/").context
    assert context["carried"] == []
    assert [each["name"] for each in context["files"]] == ["一.pdf", "二.pdf"]


def test_a_new_form_lists_none(study, login):
    page = login("jyj_jgdw").get(f"/tasks/{study.pk}/report/")
    assert page.context["carried"] == [] and "上一稿的文件" not in page.text


def test_the_correction_through_the_form_keeps_them(back, login):
    phone, address = login("jyj_jgdw"), f"/tasks/{back.pk}/report/"
    phone.post(address, form_on(phone.get(address), "report", words="补上了。"))
    row = Occurrence.unscoped.get(pk=back.pk)
    assert (row.report.number, row.report.words) == (2, "补上了。")
    assert evidence(row) == ["一.pdf", "二.pdf"]
