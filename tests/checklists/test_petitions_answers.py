"""Pages on which petitions are read, answered and withdrawn, in front and in the admin."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from apps.checklists.models import Occurrence, Petition
from apps.checklists.services import petitioning, reviewing
from tests.checklists.petition_steps import WHY, ask_for_himself
from tests.checklists.steps import hand_in
from tests.city import TODAY
from tests.forms_on_page import form_on, forms

Kind, State = Petition.Kind, Petition.State


@pytest.fixture
def from_clerk(city, ask):
    """Asked by the organ committee, so that the work committee answers."""
    return ask(Kind.EXCUSE, task=city.task("jyj_jgdw", "JG-03", "2026-Q4"), who="jyj_jgdw")


# --- list and detail --------------------------------------------------------------------


def listed(page) -> dict[str, list[str]]:
    return {each["title"]: [row["title"] for row in each["rows"]]
            for each in page.context["sections"]}


def test_the_list_holds_what_waits_what_was_asked_and_what_was_answered(
        city, login, ask, extension, missed):
    clerk = city.user("jyj_jgdw")
    refused = ask(Kind.APPEAL, task=missed)
    petitioning.refuse(petition=refused, by=clerk, seen=0, answer="没有错。")
    assert listed(login("jyj_jgdw").get("/petitions/")) == {
        "待您答复": ["延期：三会一课（11月）"], "答复过的": ["申诉：三会一课（10月）"]}
    for who in ("jyj_zb1", "jyj_zb1_jb"):
        assert set(listed(login(who).get("/petitions/"))["本单位和本人提出的"]) == {
            "延期：三会一课（11月）", "申诉：三会一课（10月）"}
    for who in ("jyj_zb2", "czj_zz", "gongwei"):
        assert listed(login(who).get("/petitions/")) == {}


def test_an_empty_list_says_where_to_ask(login, city):
    assert "没有申请" in login("jyj_zb1").get("/petitions/").text


def test_who_reads_a_petition(login, extension):
    found = {"jyj_zb1": 200, "jyj_zb1_jb": 200, "jyj_jgdw": 200, "jyj_shuji": 200, "gongwei": 200,
             "ducha": 403, "xitong": 403, "jyj_zb2": 404, "czj_zz": 404, "czj_zb1": 404}
    for who, status in found.items():
        assert login(who).get(f"/petitions/{extension.pk}/").status_code == status, who


def test_the_inspector_has_no_list_of_petitions(login, city):
    assert login("ducha").get("/petitions/").status_code == 403
    assert login("ducha").get("/admin/petitions/").status_code == 403


def test_the_decider_consents_on_the_page_to_another_day(city, login, extension, meeting):
    desk, address = login("jyj_jgdw"), f"/petitions/{extension.pk}/"
    page = desk.get(address)
    assert form_on(page, "answer")["until"] == "2026年12月16日"
    sent = form_on(page, "answer", until="12月9日", answer="尽量早。", decision="grant")
    answer = desk.post(address, sent, follow=True)
    assert answer.redirect_chain[-1][0] == "/petitions/"
    assert "已答复延期：三会一课（11月）：同意。" in answer.text
    task = Occurrence.unscoped.get(pk=meeting.pk)
    assert task.due_on == date(2026, 12, 9)


def test_a_refusal_without_a_sentence_keeps_the_page(login, extension):
    desk, address = login("jyj_jgdw"), f"/petitions/{extension.pk}/"
    page = desk.post(address, form_on(desk.get(address), "answer", decision="refuse"))
    assert page.status_code == 200 and "请写一句答复的理由。" in page.text
    page = desk.post(address, form_on(page, "answer", decision="refuse", answer="按期报。"),
                     follow=True)
    assert "已答复延期：三会一课（11月）：不同意。" in page.text


@pytest.mark.parametrize("decision", ["", "accept", "withdraw", "lapse"])
def test_a_decision_that_is_none_decides_nothing(login, extension, decision):
    desk, address = login("jyj_jgdw"), f"/petitions/{extension.pk}/"
    page = desk.post(address, form_on(desk.get(address), "answer", decision=decision, answer="x"))
    assert page.status_code == 200 and "请选一个答复。" in page.text
    assert Petition.unscoped.get().state == State.ASKED


def test_a_day_that_cannot_be_given_is_said_at_its_field(login, extension):
    desk, address = login("jyj_jgdw"), f"/petitions/{extension.pk}/"
    page = desk.post(address, form_on(desk.get(address), "answer", until="12月1日",
                                      decision="grant", answer="好。"))
    assert "现在最迟是12月3日，请填更晚的日期。" in page.text
    assert form_on(page, "answer")["answer"] == "好。"


@pytest.mark.parametrize("kind, has_day, label", [
    (Kind.APPEAL, True, "同意申诉，撤销标记"), (Kind.EXPLANATION, False, "采纳说明"),
    (Kind.EXCUSE, False, "同意本期免报")])
def test_the_answer_asks_for_a_day_only_where_one_is_given(login, ask, missed, kind, has_day,
                                                           label):
    page = login("jyj_jgdw").get(f"/petitions/{ask(kind, task=missed).pk}/")
    assert ("until" in form_on(page, "answer"), label in page.text) == (has_day, True)


def test_the_appeal_of_a_filed_task_asks_for_no_day(city, login, ask, missed):
    row = ask(Kind.APPEAL, task=hand_in(missed, city.user("jyj_zb1")))
    page = login("jyj_jgdw").get(f"/petitions/{row.pk}/")
    assert "until" not in form_on(page, "answer")


@pytest.mark.parametrize("who", ["jyj_zb1", "jyj_zb1_jb", "jyj_shuji", "gongwei"])
def test_who_does_not_decide_has_no_form_and_a_post_is_refused(login, extension, who):
    client, address = login(who), f"/petitions/{extension.pk}/"
    assert "answer" not in {form["id"] for form in forms(client.get(address))}
    body = {"decision": "grant", "answer": "", "seen": 0}
    assert client.post(address, body).status_code == 403
    assert Petition.unscoped.get().state == State.ASKED


def test_the_asker_who_decides_elsewhere_is_told_why_not_here(city, login):
    row = ask_for_himself(city)
    page = login("jyj_jgdw").get(f"/petitions/{row.pk}/")
    assert "不能由自己答复" in page.text
    assert "answer" not in {form["id"] for form in forms(page)}


def test_the_second_decider_gets_a_page_that_says_who_was_first(city, login, extension):
    desk, address = login("jyj_jgdwsj"), f"/petitions/{extension.pk}/"
    page = desk.get(address)
    petitioning.grant(petition=extension, by=city.user("jyj_jgdw"), seen=0)
    answer = desk.post(address, form_on(page, "answer", decision="refuse", answer="不行。"))
    assert answer.status_code == 409
    assert "11月23日 10:00，陈立新同意了“延期：三会一课（11月）”" in answer.text


def test_consent_from_an_older_page_is_told_the_same(city, login, not_applicable):
    desk, address = login("jyj_jgdwsj"), f"/petitions/{not_applicable.pk}/"
    page = desk.get(address)
    petitioning.grant(petition=not_applicable, by=city.user("jyj_jgdw"), seen=0)
    answer = desk.post(address, form_on(page, "answer", decision="grant"))
    assert answer.status_code == 409 and "陈立新同意了“不适用：主题党日”" in answer.text


def test_what_was_reported_meanwhile_can_only_be_refused(city, login, extension, meeting):
    hand_in(meeting, city.user("jyj_zb1"))
    page = login("jyj_jgdw").get(f"/petitions/{extension.pk}/")
    assert "现在不用报，不必申请延期" in page.text
    assert 'value="grant"' not in page.text and 'value="refuse"' in page.text


def test_not_applicable_is_taken_back_on_its_page(city, login, not_applicable):
    petitioning.grant(petition=not_applicable, by=city.user("jyj_jgdw"), seen=0)
    desk, address = login("jyj_jgdw"), f"/petitions/{not_applicable.pk}/"
    page = desk.get(address)
    empty = desk.post(address, form_on(page, "answer", decision="revoke"))
    assert empty.status_code == 200 and "请写一句理由。" in empty.text
    sent = form_on(page, "answer", decision="revoke", answer="新来了党员。")
    assert "改为适用" in page.text
    assert "已收回，这一项改为适用。" in desk.post(address, sent, follow=True).text
    assert Petition.unscoped.get().state == State.REVOKED
    assert 'value="revoke"' not in desk.get(address).text


def test_the_committee_answers_in_the_admin(login, from_clerk):
    desk, address = login("gongwei"), f"/admin/petitions/{from_clerk.pk}/"
    assert listed(desk.get("/admin/petitions/")) == {"待您答复": [str(from_clerk)]}
    sent = form_on(desk.get(address), "answer", decision="grant")
    assert desk.post(address, sent, follow=True).redirect_chain[-1][0] == "/admin/petitions/"
    assert Petition.unscoped.get().state == State.GRANTED


def test_units_do_not_enter_by_the_admin(login, extension):
    assert login("jyj_jgdw").get(f"/admin/petitions/{extension.pk}/").status_code == 403


# --- withdraw ---------------------------------------------------------------------------


def test_the_asker_withdraws_on_the_page(login, extension):
    phone = login("jyj_zb1")
    address = reverse("checklists:petition_withdraw", args=[extension.pk])
    sent = form_on(phone.get(f"/petitions/{extension.pk}/"), "withdraw")
    assert "已撤回延期：三会一课（11月）。" in phone.post(address, sent, follow=True).text
    assert Petition.unscoped.get().state == State.WITHDRAWN
    assert phone.post(address, sent).status_code == 409


def test_nobody_else_withdraws(login, extension):
    address = reverse("checklists:petition_withdraw", args=[extension.pk])
    for who, status in (("jyj_zb1_jb", 403), ("jyj_jgdw", 403), ("jyj_zb2", 404), ("ducha", 403)):
        assert login(who).post(address, {"seen": 0}).status_code == status, who
    assert login("jyj_zb1").get(address).status_code == 405
    assert login("jyj_zb1").post(address, {}).status_code == 409
    assert Petition.unscoped.get().state == State.ASKED


# --- what the asker and the reviewer see ------------------------------------------------


def test_the_asker_meets_the_answer_at_the_top_of_the_task(city, login, extension, meeting):
    petitioning.grant(petition=extension, by=city.user("jyj_jgdw"), seen=0, answer="尽量早。")
    for address in (f"/tasks/{meeting.pk}/", f"/tasks/{meeting.pk}/report/"):
        page = login("jyj_zb1").get(address)
        assert page.context["answered"]["title"] == "机关党委陈立新同意延期"
        assert page.context["answered"]["text"] == (
            "11月23日 10:00，由12月3日 周四改到12月16日 周三，“尽量早。”")
        assert page.text.index("机关党委陈立新同意延期") < page.text.index(WHY)
    assert login("jyj_zb1_jb").get(f"/tasks/{meeting.pk}/").context["answered"] is None


def test_both_sentences_stay_on_the_page_of_the_task(city, login, ask, missed):
    row = ask(Kind.APPEAL, task=missed)
    petitioning.refuse(petition=row, by=city.user("jyj_jgdw"), seen=0, answer="日期没有算错。")
    text = login("jyj_jgdwsj").get(f"/tasks/{missed.pk}/").text
    assert WHY in text and "日期没有算错。" in text and "机关党委陈立新，11月23日 10:00答复" in text


def test_the_reviewer_sees_what_was_asked_beside_the_report(city, login, ask, extension, missed):
    row = ask(Kind.EXPLANATION, task=missed)
    petitioning.grant(petition=row, by=city.user("jyj_jgdw"), seen=0, answer="属实。")
    task = hand_in(missed, city.user("jyj_zb1"), submit_key=uuid4())
    page = login("jyj_jgdw").get(f"/review/{task.pk}/")
    assert "这一项的申请" in page.text and "属实。" in page.text
    other = hand_in(city.task("jyj_zb2", "ZB-01", "2026-11"), city.user("jyj_zb2"))
    assert "这一项的申请" not in login("jyj_jgdw").get(f"/review/{other.pk}/").text


def test_after_acceptance_the_answer_no_longer_stands_at_the_top(city, login, ask, missed):
    row = ask(Kind.EXPLANATION, task=missed)
    petitioning.grant(petition=row, by=city.user("jyj_jgdw"), seen=0)
    task = hand_in(missed, city.user("jyj_zb1"), activity_on=TODAY)
    reviewing.accept(occurrence=task, by=city.user("jyj_jgdw"), seen=task.version)
    page = login("jyj_zb1").get(f"/tasks/{missed.pk}/")
    assert page.context["answered"] is None
    assert [each["kind"] for each in page.context["petitions"]] == ["说明"]


def test_my_page_leads_to_my_petitions(login, city):
    assert 'href="/petitions/"' in login("jyj_zb1").get("/me/").text
    assert 'href="/petitions/"' not in login("xitong").get("/me/").text
