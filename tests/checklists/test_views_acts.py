"""Pages of acts: withdraw, send back, an event."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists.models import Evidence, Occurrence
from apps.checklists.services import reporting, reviewing
from apps.checklists.services.reviewing import CANNED_REASONS
from apps.core import drafts
from apps.core.models import StoredFile
from tests.checklists.steps import attach, hand_in
from tests.city import TODAY
from tests.forms_on_page import form_on

State = Occurrence.State


@pytest.fixture
def filed(city):
    return hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))


@pytest.fixture
def typed(city):
    """Typed for the secretary, waiting for him."""
    return hand_in(city.task("jyj", "SJ-01"), city.user("jyj_jgdw"))


@pytest.fixture
def talk(city):
    return city.item("jyj_jgdw", "JG-02")


def loose_file(by) -> StoredFile:
    return StoredFile.objects.create(sha256="1" * 64, name="照片.pdf", size=7, uploaded_by=by,
                                     content_type="application/pdf")


def state(row) -> str:
    return Occurrence.unscoped.get(pk=row.pk).state


# --- withdraw -------------------------------------------------------------------------------


def test_withdrawing_is_a_page_and_a_button(login, filed):
    phone, address = login("jyj_zb1"), f"/tasks/{filed.pk}/withdraw/"
    page = phone.get(address)
    assert state(filed) == State.SUBMITTED
    answer = phone.post(address, form_on(page, "withdraw"), follow=True)
    assert answer.redirect_chain[-1][0] == f"/tasks/{filed.pk}/report/"
    assert "已撤回三会一课（11月），写好的内容在草稿里。" in answer.text
    assert form_on(answer, "report")["words"] == "支委会研究了两件事。"


def test_only_who_typed_it_has_the_page(login, filed):
    for who, status in (("jyj_zb1_jb", 403), ("jyj_jgdw", 403), ("jyj_zb2", 404)):
        assert login(who).get(f"/tasks/{filed.pk}/withdraw/").status_code == status


def test_what_was_decided_meanwhile_is_not_withdrawn(city, login, filed):
    phone, address = login("jyj_zb1"), f"/tasks/{filed.pk}/withdraw/"
    page = phone.get(address)
    reviewing.accept(occurrence=filed, by=city.user("jyj_jgdw"), seen=filed.version)
    answer = phone.post(address, form_on(page, "withdraw"))
    assert answer.status_code == 409
    assert "陈立新审核通过了三会一课（11月）第1稿" in answer.text
    assert drafts.load(user=city.user("jyj_zb1"), target=filed) is None


def test_a_post_without_the_version_that_was_seen_is_refused(login, filed):
    answer = login("jyj_zb1").post(f"/tasks/{filed.pk}/withdraw/", {})
    assert (answer.status_code, state(filed)) == (409, State.SUBMITTED)


# --- send back ------------------------------------------------------------------------------


def test_the_holder_sends_it_back_with_his_sentence(login, typed):
    phone, address = login("jyj_shuji"), f"/tasks/{typed.pk}/send-back/"
    sent = form_on(phone.get(address), "return", reason="人数不对。")
    answer = phone.post(address, sent, follow=True)
    assert answer.redirect_chain[-1][0] == "/confirm/"
    assert "已把七一前讲专题党课退回陈立新。" in answer.text
    assert state(typed) == State.RETURNED


def test_without_a_sentence_the_page_says_so(login, typed):
    phone, address = login("jyj_shuji"), f"/tasks/{typed.pk}/send-back/"
    page = phone.post(address, form_on(phone.get(address), "return"))
    assert page.status_code == 200
    assert "请写一句退回填报人的理由。" in page.text
    assert state(typed) == State.SUBMITTED


def test_a_ready_sentence_is_enough(login, typed):
    phone, address = login("jyj_shuji"), f"/tasks/{typed.pk}/send-back/"
    phone.post(address, form_on(phone.get(address), "return", canned="date"))
    row = Occurrence.unscoped.get(pk=typed.pk)
    assert row.report.reviews.get().reason == "日期与佐证对不上，请核对。"


def test_no_empty_sentence_is_offered(login, typed):
    form = login("jyj_shuji").get(f"/tasks/{typed.pk}/send-back/").context["form"]
    assert dict(form.fields["canned"].choices) == CANNED_REASONS
    assert form.fields["reason"].label == "自己写"


def test_what_was_typed_is_on_the_page(login, typed):
    assert "支委会研究了两件事。" in login("jyj_shuji").get(f"/tasks/{typed.pk}/send-back/").text


def test_nobody_else_sends_it_back(login, typed):
    for who, status in (("jyj_jgdw", 403), ("jyj_chengyuan", 403), ("czj_shuji", 404)):
        assert login(who).get(f"/tasks/{typed.pk}/send-back/").status_code == status


def test_what_he_confirmed_has_no_such_page(city, login, typed):
    reporting.confirm(occurrence=typed, by=city.user("jyj_shuji"), seen=typed.version)
    assert login("jyj_shuji").get(f"/tasks/{typed.pk}/send-back/").status_code == 409


def test_the_clerk_sees_the_sentence_in_his_to_do(login, typed):
    phone, address = login("jyj_shuji"), f"/tasks/{typed.pk}/send-back/"
    phone.post(address, form_on(phone.get(address), "return", reason="人数不对。"))
    assert "人数不对。" in login("jyj_jgdw").get("/").text


# --- confirm --------------------------------------------------------------------------------


def test_a_post_with_somebody_elses_task_is_not_found(city, login, typed):
    row = hand_in(city.task("czj", "SJ-01"), city.user("czj_zz"))
    answer = login("jyj_shuji").post("/confirm/", {"task": row.pk, f"seen-{row.pk}": row.version})
    row.refresh_from_db()
    assert (answer.status_code, row.is_confirmed) == (404, False)


def test_a_post_with_rubbish_confirms_nothing_and_breaks_nothing(login, typed):
    answer = login("jyj_shuji").post("/confirm/", {"task": ["x", "-1", ""]}, follow=True)
    assert "没有确认任何一条。" in answer.text


def test_confirming_without_the_version_that_was_seen_confirms_nothing(login, typed):
    login("jyj_shuji").post("/confirm/", {"task": typed.pk})
    typed.refresh_from_db()
    assert not typed.is_confirmed


def queries_of_the_page(phone) -> int:
    with CaptureQueriesContext(connection) as done:
        assert phone.get("/confirm/").status_code == 200
    return len(done)


def test_statements_of_the_page_do_not_grow_with_the_entries(city, login, typed):
    """Three entries with two files each take as many statements as one with one."""
    clerk, phone = city.user("jyj_jgdw"), login("jyj_shuji")
    Evidence.unscoped.create(report=typed.report, position=1, file=loose_file(clerk))
    phone.get("/confirm/")
    few = queries_of_the_page(phone)
    for number in (1, 2):
        other = Occurrence.unscoped.create(
            item=typed.item, organization=typed.organization, event=f"第{number}次",
            starts_on=TODAY, ends_on=TODAY, due_on=TODAY)
        for _ in range(2):
            attach(other, clerk)
        hand_in(other, clerk)
    assert phone.get("/confirm/").context["count"] == 3
    assert queries_of_the_page(phone) == few


# --- an event -------------------------------------------------------------------------------


def test_an_event_opens_its_form(login, talk):
    phone, address = login("jyj_jgdw"), f"/items/{talk.pk}/open/"
    sent = form_on(phone.get(address), "event", event="第三党支部新任书记",
                   happened_on="2026年11月20日")
    answer = phone.post(address, sent, follow=True)
    row = talk.occurrences.get()
    assert answer.redirect_chain[-1][0] == f"/tasks/{row.pk}/report/"
    assert "已登记新任书记任职谈话：第三党支部新任书记，12月4日 周五前填报。" in answer.text


@pytest.mark.parametrize("typed_in, sentence", [
    ({"event": "", "happened_on": "20261120"}, "请写一句是什么事。"),
    ({"event": "新任书记", "happened_on": ""}, "请填发生的日期。"),
    ({"event": "新任书记", "happened_on": "20261130"}, "11月30日还没到，发生以后再登记。"),
    ({"event": "新任书记", "happened_on": "20251130"}, "这是2026年的清单，请填这一年的日期。"),
    ({"event": "字" * 61, "happened_on": "20261120"}, "请写在60字以内。"),
])
def test_an_event_that_cannot_be_taken_says_why_and_keeps_the_words(
        login, talk, typed_in, sentence):
    phone, address = login("jyj_jgdw"), f"/items/{talk.pk}/open/"
    page = phone.post(address, typed_in)
    assert page.status_code == 200 and sentence in page.text
    assert form_on(page, "event")["event"] == typed_in["event"]
    assert not talk.occurrences.exists()


def test_the_same_event_twice_is_said_on_the_form_and_the_words_stay(login, talk):
    phone, address = login("jyj_jgdw"), f"/items/{talk.pk}/open/"
    sent = {"event": "新任书记", "happened_on": "20261120"}
    phone.post(address, sent)
    page = phone.post(address, sent)
    assert page.status_code == 200
    assert "“新任书记”已经登记过了，在待办里可以找到。" in page.text
    typed = form_on(page, "event")
    assert (typed["event"], typed["happened_on"]) == ("新任书记", "20261120")
    assert talk.occurrences.get().starts_on < TODAY


def test_who_may_open_events(city, login, talk):
    meeting = city.item("jyj_zb1", "ZB-01")
    found = {
        ("jyj_jgdw", talk): 200, ("jyj_jgdwsj", talk): 200, ("jyj_shuji", talk): 403,
        ("ducha", talk): 403, ("czj_zz", talk): 404, ("jyj_zb1", talk): 404,
        ("jyj_zb1", meeting): 403,
    }
    for (who, item), status in found.items():
        assert login(who).get(f"/items/{item.pk}/open/").status_code == status, who
