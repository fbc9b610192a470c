"""The report form through the browser: what was typed is never lost."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.checklists.models import Occurrence, Report
from apps.checklists.services import reporting, reviewing
from apps.core import drafts
from apps.core.models import Draft, DraftFile
from tests.checklists.steps import attach, hand_in
from tests.core import hostile_files as made
from tests.forms_on_page import form_on

State = Occurrence.State
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {"default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None}}}


@pytest.fixture
def li(city):
    return city.user("jyj_zb1")


@pytest.fixture
def phone(login):
    return login("jyj_zb1")


@pytest.fixture
def meeting(city):
    return city.task("jyj_zb1", "ZB-01", "2026-11")


@pytest.fixture
def group_study(city):
    """中心组学习: a number or a file."""
    return city.task("jyj", "DZ-02", "2026-Q4")


def address(task, what="report/") -> str:
    return f"/tasks/{task.pk}/{what}"


def pdf(name="记录.pdf"):
    return SimpleUploadedFile(name, made.pdf())


def fill(phone, task, **typed) -> dict:
    """The form as it lies there, with `typed` typed into it."""
    return form_on(phone.get(address(task)), "report", **typed)


def download(phone, url) -> int:
    """The status; a file that is read to its end is closed again."""
    answer = phone.get(url)
    if answer.streaming:
        assert b"".join(answer)
    return answer.status_code


# --- the way it should go ---------------------------------------------------------------


def test_date_and_words_are_enough_for_a_meeting(phone, meeting):
    sent = fill(phone, meeting, activity_on="2026年11月20日", words="研究了两件事。")
    page = phone.post(address(meeting), sent, follow=True)
    meeting.refresh_from_db()
    assert page.redirect_chain[-1][0] == f"/tasks/{meeting.pk}/"
    assert "已提交三会一课（11月）。" in page.text
    assert page.text.count("由市教育局机关党委审核。") == 1
    assert (meeting.state, meeting.report.words) == (State.SUBMITTED, "研究了两件事。")


@pytest.mark.parametrize("typed", ["2026年2月28日", "2026.2.28", "20260228", "２０２６．２．２８"])
def test_a_date_is_taken_as_people_write_it(city, phone, typed):
    task = city.task("jyj_zb1", "ZB-02", "2026-02")
    phone.post(address(task), fill(phone, task, activity_on=typed))
    assert Report.unscoped.get(occurrence=task).activity_on == date(2026, 2, 28)


def test_what_is_kept_on_file_says_that_nobody_need_look(city, phone):
    task = city.task("jyj_zb1", "ZB-03")
    sent = fill(phone, task, activity_on="20260320")
    page = phone.post(address(task), sent | {"files": pdf()}, follow=True)
    assert "这一项备查，材料齐全，不用等审核。" in page.text


def test_files_chosen_with_the_last_click_come_in_without_javascript(city, login, group_study):
    phone = login("jyj_jgdw")
    sent = fill(phone, group_study, activity_on="20261120")
    phone.post(address(group_study), sent | {"files": [pdf("一.pdf"), pdf("二.pdf")]})
    report = Report.unscoped.get(occurrence=group_study)
    names = report.evidence.order_by("position").values_list("file__name", flat=True)
    assert list(names) == ["一.pdf", "二.pdf"]


def test_the_button_says_to_whom_it_goes(city, login, phone, meeting):
    assert phone.get(address(meeting)).context["submit_label"] == "提交给机关党委"
    lecture = city.task("jyj", "SJ-01")
    page = login("jyj_jgdw").get(address(lecture))
    assert page.context["submit_label"] == "提交给郑立群确认"


# --- errors -----------------------------------------------------------------------------


def test_typed_words_survive_an_error(phone, meeting):
    sent = fill(phone, meeting, activity_on="20261130", words="写了很久的话。")
    page = phone.post(address(meeting), sent)
    assert page.status_code == 200
    assert "11月30日还没到" in page.text
    again = form_on(page, "report")
    assert (again["words"], again["activity_on"]) == ("写了很久的话。", "20261130")


def test_typed_words_survive_a_closed_window_after_an_error(phone, meeting):
    sent = fill(phone, meeting, activity_on="20261130", words="写了很久的话。")
    phone.post(address(meeting), sent)
    assert fill(phone, meeting)["words"] == "写了很久的话。"


@pytest.mark.parametrize("typed, sentence", [
    ("前天", "看不懂“前天”。请写成2026年2月28日、2026.2.28或20260228。"),
    ("2026.2.30", "“2026.2.30”没有这一天。"), ("", "请填做这件事的日期。")])
def test_a_bad_date_is_named_and_the_words_stay(phone, meeting, typed, sentence):
    page = phone.post(address(meeting), fill(phone, meeting, activity_on=typed, words="话"))
    assert sentence in page.text
    assert form_on(page, "report")["words"] == "话"


def test_what_is_lacking_stands_at_the_top_with_its_field(phone, meeting):
    page = phone.post(address(meeting), fill(phone, meeting, activity_on="20261120"))
    assert "还有1处要改" in page.text
    assert page.context["form"].errors == {"words": ["请写几句做了什么。"]}


def test_a_missing_file_is_said_on_the_page(city, phone):
    task = city.task("jyj_zb1", "ZB-03")
    page = phone.post(address(task), fill(phone, task, activity_on="20260320"))
    assert "请传一份文件，拍照也行。" in page.text


def test_a_bad_file_is_named_and_words_and_good_files_stay(login, group_study):
    phone = login("jyj_jgdw")
    sent = fill(phone, group_study, activity_on="20261120", words="学了两篇。")
    bad = SimpleUploadedFile("坏的.exe", b"MZ")
    page = phone.post(address(group_study), sent | {"files": [pdf("好的.pdf"), bad]})
    assert "坏的.exe：没有上传：这里只收图片和PDF" in page.text
    assert [row["name"] for row in page.context["files"]] == ["好的.pdf"]
    assert form_on(page, "report")["words"] == "学了两篇。"
    assert not Report.unscoped.exists()


def test_submitting_twice_makes_one_report_and_no_error(phone, meeting):
    sent = fill(phone, meeting, activity_on="20261120", words="研究了两件事。")
    answers = [phone.post(address(meeting), sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Report.unscoped.filter(occurrence=meeting).count() == 1
    assert not Draft.objects.exists()


def test_who_comes_second_gets_the_conflict_page_and_keeps_his_words(city, login, phone, meeting):
    other = login("jyj_zb1_jb")
    sent = fill(other, meeting, activity_on="20261120", words="吴敏写的。")
    hand_in(meeting, city.user("jyj_zb1"))
    page = other.post(address(meeting), sent)
    assert page.status_code == 409
    assert ("没有提交：11月23日 10:00，李一帆提交了三会一课（11月）第1稿。"
            "您写的内容还在草稿里，可以对照着看。") in page.text
    assert drafts.load(user=city.user("jyj_zb1_jb"), target=meeting).data["words"] == "吴敏写的。"


def test_a_form_opened_after_submitting_leads_to_the_task(phone, meeting, li):
    hand_in(meeting, li)
    answer = phone.get(address(meeting))
    assert (answer.status_code, answer["Location"]) == (302, f"/tasks/{meeting.pk}/")


def test_a_key_that_was_tampered_with_is_an_error_and_no_crash(phone, meeting):
    sent = fill(phone, meeting, activity_on="20261120", words="话") | {"submit_key": "x"}
    assert phone.post(address(meeting), sent).status_code == 200
    sent["submit_key"] = "x" * 36
    assert phone.post(address(meeting), sent).status_code == 200


# --- drafts -----------------------------------------------------------------------------


def test_typing_is_kept_and_the_hour_is_said(phone, meeting, li):
    sent = fill(phone, meeting, activity_on="11月", words="写到一半")
    answer = phone.post(address(meeting, "draft/"), sent, **FETCH)
    assert answer.json() == {"saved": "草稿已保存，10:00", "others": ""}
    assert drafts.load(user=li, target=meeting).data == {
        "activity_on": "11月", "words": "写到一半", "document_number": ""}


def test_the_form_opens_with_what_was_typed(phone, meeting):
    phone.post(address(meeting, "draft/"), fill(phone, meeting, words="写到一半"), **FETCH)
    page = phone.get(address(meeting))
    assert form_on(page, "report")["words"] == "写到一半"
    assert page.context["saved_label"] == "草稿已保存，10:00"


def test_saving_a_draft_writes_no_event_and_moves_no_version(phone, meeting):
    phone.post(address(meeting, "draft/"), fill(phone, meeting, words="写到一半"), **FETCH)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.version) == (State.OPEN, 0)


def test_later_is_a_button_that_works_without_javascript(phone, meeting):
    page = phone.post(address(meeting, "draft/"), fill(phone, meeting, words="写到一半"),
                        follow=True)
    assert page.redirect_chain[-1][0] == "/"
    assert "三会一课（11月）的草稿已保存。" in page.text


def test_who_else_is_typing_is_announced(city, login, phone, meeting):
    login("jyj_zb1_jb").post(address(meeting, "draft/"), {"words": "我来"}, **FETCH)
    answer = phone.post(address(meeting, "draft/"), {"words": "我也来"}, **FETCH)
    sentence = "吴敏（10:00）也在填这一项，先提交的为准。"
    assert answer.json()["others"] == sentence
    assert sentence in phone.get(address(meeting)).text


def test_who_stopped_half_an_hour_ago_is_not(login, phone, meeting, later):
    login("jyj_zb1_jb").post(address(meeting, "draft/"), {"words": "我来"}, **FETCH)
    later(minutes=31)
    answer = phone.post(address(meeting, "draft/"), {"words": "我也来"}, **FETCH)
    assert answer.json()["others"] == ""


def test_a_straggling_autosave_does_not_bring_a_submitted_draft_back(phone, meeting):
    sent = fill(phone, meeting, activity_on="20261120", words="研究了两件事。")
    phone.post(address(meeting), sent)
    answer = phone.post(address(meeting, "draft/"), sent, **FETCH)
    assert answer.status_code == 200
    assert not Draft.objects.exists()


def test_the_words_of_the_month_before_lie_ready(city, phone, meeting, li):
    october = city.task("jyj_zb1", "ZB-01", "2026-10")
    hand_in(october, li, words="上月的话。", activity_on=date(2026, 10, 20))
    assert phone.get(address(meeting)).context["previous_words"] == "上月的话。"


def test_a_returned_report_lies_there_with_the_reason(city, phone, meeting, li):
    row = hand_in(meeting, li)
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version,
                      reason="请补一句研究了哪些议题。")
    page = phone.get(address(meeting))
    assert "请补一句研究了哪些议题。" in page.text
    assert form_on(page, "report")["words"] == "支委会研究了两件事。"


def test_a_withdrawn_report_lies_there_as_it_was(phone, meeting, li):
    row = hand_in(meeting, li)
    reporting.withdraw(occurrence=row, by=li, seen=row.version)
    again = form_on(phone.get(address(meeting)), "report")
    assert (again["words"], again["activity_on"]) == ("支委会研究了两件事。", "2026-11-20")


# --- files while typing -----------------------------------------------------------------


def test_files_come_in_while_typing_each_with_its_answer(login, group_study):
    phone = login("jyj_jgdw")
    bad = SimpleUploadedFile("坏的.exe", b"MZ")
    answer = phone.post(address(group_study, "files/"),
                          {"files": [pdf(), bad], "words": "写到一半"}, **FETCH).json()
    (file,) = answer["files"]
    assert (file["name"], len(answer["errors"])) == ("记录.pdf", 1)
    assert file["remove_url"] == f"/tasks/{group_study.pk}/files/{file['id']}/remove/"
    assert download(phone, f"/draft-files/{file['id']}/") == 200


def test_the_answer_names_the_new_files_only(login, group_study):
    phone = login("jyj_jgdw")
    names = [[row["name"] for row in phone.post(
        address(group_study, "files/"), {"files": pdf(name)}).json()["files"]]
        for name in ("一.pdf", "二.pdf")]
    assert names == [["一.pdf"], ["二.pdf"]]


def test_a_file_is_taken_off_again(city, phone, meeting, li):
    attach(meeting, li)
    file = DraftFile.objects.get()
    answer = phone.post(address(meeting, f"files/{file.pk}/remove/"), {}, **FETCH)
    assert answer.json() == {"removed": True}
    assert not DraftFile.objects.exists()


def test_taking_a_file_off_without_javascript_keeps_what_was_typed(login, city, group_study):
    phone = login("jyj_jgdw")
    attach(group_study, city.user("jyj_jgdw"))
    file = DraftFile.objects.get()
    sent = fill(phone, group_study, words="写到一半")
    page = phone.post(address(group_study, f"files/{file.pk}/remove/"), sent, follow=True)
    assert page.redirect_chain[-1][0] == address(group_study)
    assert form_on(page, "report")["words"] == "写到一半"
    assert page.context["files"] == []


def test_nobody_takes_files_off_anothers_draft(city, phone, meeting):
    attach(meeting, city.user("jyj_zb1_jb"))
    file = DraftFile.objects.get()
    phone.post(address(meeting, f"files/{file.pk}/remove/"), {}, **FETCH)
    assert DraftFile.objects.count() == 1


@pytest.mark.parametrize("what", ["", "preview/"])
def test_nobody_reads_files_of_anothers_draft(city, phone, meeting, what):
    attach(meeting, city.user("jyj_zb1_jb"))
    assert phone.get(f"/draft-files/{DraftFile.objects.get().pk}/{what}").status_code == 404


def test_files_together_have_a_limit(login, group_study, settings):
    settings.UPLOAD_REPORT_MB = 0
    answer = login("jyj_jgdw").post(address(group_study, "files/"), {"files": pdf()}).json()
    assert answer["files"] == [] and "合计不能超过" in answer["errors"][0]


# --- whose it is ------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["report/", "draft/", "files/", "files/1/remove/"])
@pytest.mark.parametrize("who, status", [("jyj_jgdw", 403), ("jyj_zb2", 404), ("ducha", 403)])
def test_a_superior_may_look_and_a_sibling_sees_nothing(login, meeting, what, who, status):
    answer = login(who).post(address(meeting, what), {"words": "我来"})
    assert answer.status_code == status
    assert not Draft.objects.exists()


def test_evidence_is_read_by_the_own_and_the_superior_and_by_no_sibling(city, login, group_study):
    phone = login("jyj_jgdw")
    sent = fill(phone, group_study, activity_on="20261120")
    phone.post(address(group_study), sent | {"files": pdf()})
    evidence = Report.unscoped.get(occurrence=group_study).evidence.get()
    found = {who: download(login(who), f"/evidence/{evidence.pk}/")
             for who in ("jyj_shuji", "gongwei", "ducha", "czj_zz", "jyj_zb1")}
    assert found == {"jyj_shuji": 200, "gongwei": 200, "ducha": 200, "czj_zz": 404, "jyj_zb1": 404}


def test_the_key_of_the_form_is_new_for_each_person(login, phone, meeting):
    keys = {fill(each, meeting)["submit_key"] for each in (phone, login("jyj_zb1_jb"))}
    assert len({uuid.UUID(key) for key in keys}) == 2
