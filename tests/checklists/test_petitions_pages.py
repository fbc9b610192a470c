"""Doors, the pages on which one asks, rows and badges."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists.models import Occurrence, Petition
from apps.checklists.services import petitioning
from tests.checklists.petition_steps import WHY
from tests.checklists.steps import hand_in
from tests.forms_on_page import form_on

Kind = Petition.Kind


@pytest.fixture
def from_clerk(city, ask):
    """Asked by the organ committee, so that the work committee answers."""
    return ask(Kind.EXCUSE, task=city.task("jyj_jgdw", "JG-03", "2026-Q4"), who="jyj_jgdw")


def doors(page) -> list[str]:
    shown = page.context["doors"]
    return [link["label"] for link in shown["links"]] if shown else []


def row_of(page, title: str) -> dict:
    rows = [row for section in page.context["sections"] for row in section["rows"]]
    return next(row for row in rows if row["title"] == title)


def words(row) -> list[str]:
    return [each.word for each in row["doors"]]


# --- doors ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/tasks/{}/", "/tasks/{}/report/"])
def test_the_doors_stand_beside_the_demand(login, meeting, missed, address):
    phone = login("jyj_zb1")
    assert doors(phone.get(address.format(meeting.pk))) == ["申请延期", "本期免报", "整项不适用"]
    page = phone.get(address.format(missed.pk))
    assert doors(page) == ["申请延期", "本期免报", "说明", "申诉", "整项不适用"]
    assert f"/tasks/{missed.pk}/ask/?kind=appeal" in page.text


def test_a_late_filing_has_the_doors_about_its_mark(city, login, missed):
    hand_in(missed, city.user("jyj_zb1"))
    page = login("jyj_zb1").get(f"/tasks/{missed.pk}/")
    assert (doors(page), page.context["doors"]["title"]) == (["说明", "申诉"], "标记不对？")


@pytest.mark.parametrize("who", ["jyj_jgdw", "ducha", "gongwei"])
def test_who_only_reads_sees_no_doors(login, meeting, who):
    page = login(who).get(f"/tasks/{meeting.pk}/")
    assert (page.status_code, doors(page)) == (200, [])


def test_a_door_that_is_open_is_not_offered_again(login, meeting, extension, not_applicable):
    page = login("jyj_zb1").get(f"/tasks/{meeting.pk}/")
    assert doors(page) == ["本期免报", "整项不适用"]
    other = login("jyj_zb1").get(f"/tasks/{city_task(not_applicable).pk}/")
    assert "整项不适用" not in doors(other)


def city_task(petition) -> Occurrence:
    return petition.item.occurrences.get(period="2026-11")


def test_what_was_explained_is_not_explained_again(city, login, ask, missed):
    row = ask(Kind.EXPLANATION, task=missed)
    petitioning.grant(petition=row, by=city.user("jyj_jgdw"), seen=row.version)
    assert "说明" not in doors(login("jyj_zb1").get(f"/tasks/{missed.pk}/"))


def test_an_item_without_a_task_has_its_door_on_the_list(city, login):
    item = city.item("jyj_jgdw", "JG-02")
    address = f"/items/{item.pk}/not-applicable/"
    page = f"/lists/{item.checklist_id}/"
    assert address in login("jyj_jgdw").get(page).text
    assert address not in login("jyj_shuji").get(page).text
    petitioning.ask_not_applicable(item=item, by=city.user("jyj_jgdw"), reason=WHY)
    text = login("jyj_jgdw").get(page).text
    assert address not in text and "不适用待批" in text


# --- ask --------------------------------------------------------------------------------


def test_asking_is_a_page_with_the_kinds_that_are_open(login, meeting, missed):
    phone = login("jyj_zb1")
    for task, kinds in ((meeting, ["延期", "本期免报"]),
                        (missed, ["延期", "本期免报", "说明", "申诉"])):
        page = phone.get(f"/tasks/{task.pk}/ask/")
        assert [radio["label"] for radio in page.context["form"].radios()] == kinds


def test_the_door_that_was_opened_is_ticked(login, missed):
    page = login("jyj_zb1").get(f"/tasks/{missed.pk}/ask/?kind=appeal")
    assert form_on(page, "petition")["kind"] == "appeal"


def test_an_extension_is_asked_for_on_the_page(city, login, meeting):
    phone, address = login("jyj_zb1"), f"/tasks/{meeting.pk}/ask/?kind=extension"
    page = phone.get(address)
    assert "现在最迟是12月3日 周四，可以延到12月4日至2027年1月31日。" in page.text
    sent = form_on(page, "petition", proposed_on="12月16日", reason=WHY)
    answer = phone.post(address, sent, follow=True)
    row = Petition.unscoped.get()
    assert (row.kind, row.proposed_on) == (Kind.EXTENSION, date(2026, 12, 16))
    assert answer.redirect_chain[-1][0] == f"/tasks/{meeting.pk}/"
    assert "已提出延期：三会一课（11月），等市教育局机关党委答复。" in answer.text


@pytest.mark.parametrize("typed, sentence", [
    ({"kind": "", "reason": WHY}, "请选一项。"),
    ({"kind": "appeal", "reason": WHY}, "这一项现在不能申请。"),
    ({"kind": "extension", "reason": WHY}, "请填延到哪一天。"),
    ({"kind": "extension", "reason": WHY, "proposed_on": "11月20日"}, "11月20日已经过了"),
    ({"kind": "extension", "reason": WHY, "proposed_on": "快了"}, "请写成2026年2月28日"),
    ({"kind": "excuse", "reason": ""}, "请写一句理由。"),
    ({"kind": "excuse", "reason": "字" * 401}, "请写在400字以内。"),
    ({"kind": "excuse", "reason": "机密★文件"}, "密级标志"),
])
def test_what_cannot_be_taken_is_said_and_the_words_stay(login, meeting, typed, sentence):
    page = login("jyj_zb1").post(f"/tasks/{meeting.pk}/ask/", typed)
    assert page.status_code == 200 and sentence in page.text
    assert form_on(page, "petition")["reason"] == typed["reason"]
    assert not Petition.unscoped.exists()


def test_asking_twice_is_said_on_the_form(login, meeting, extension):
    page = login("jyj_zb1").post(f"/tasks/{meeting.pk}/ask/", {
        "kind": "extension", "proposed_on": "2026-12-17", "reason": WHY})
    assert page.status_code == 200
    assert "李一帆11月23日 10:00已经提出延期：三会一课（11月）" in page.text


def test_who_has_the_page(login, meeting):
    found = {"jyj_zb1_jb": 200, "jyj_jgdw": 403, "jyj_shuji": 403, "ducha": 403,
             "jyj_zb2": 404, "czj_zz": 404}
    for who, status in found.items():
        assert login(who).get(f"/tasks/{meeting.pk}/ask/").status_code == status, who
        assert login(who).get(
            f"/items/{meeting.item_id}/not-applicable/").status_code == status, who


def test_where_no_door_is_open_the_page_says_why(city, login, meeting):
    hand_in(meeting, city.user("jyj_zb1"))
    page = login("jyj_zb1").get(f"/tasks/{meeting.pk}/ask/")
    assert page.status_code == 409
    assert "三会一课（11月）现在不用报，不必申请延期。" in page.text


def test_not_applicable_is_asked_on_a_page_of_the_item(city, login):
    phone, item = login("jyj_zb1"), city.item("jyj_zb1", "ZB-03")
    address = f"/items/{item.pk}/not-applicable/"
    page = phone.post(address, form_on(phone.get(address), "petition"))
    assert "请写一句理由。" in page.text
    answer = phone.post(address, form_on(page, "petition", reason=WHY), follow=True)
    assert answer.redirect_chain[-1][0] == f"/lists/{item.checklist_id}/"
    assert "已提出不适用：组织生活会和民主评议，等市教育局机关党委答复。" in answer.text
    row = Petition.unscoped.get()
    petitioning.grant(petition=row, by=city.user("jyj_jgdw"), seen=row.version)
    assert phone.get(address).status_code == 409


def test_who_is_tailoring_the_list_comes_back_to_its_table(city, login):
    phone, item = login("jyj_jgdw"), city.item("jyj", "DZ-04")
    edit = f"/lists/{item.checklist_id}/edit/"
    [link] = [link["url"] for chapter in phone.get(edit).context["chapters"]
              for row in chapter["rows"] if row["pk"] == item.pk for link in row["links"]]
    page = phone.get(link)
    assert f'href="{edit}"' in page.text
    answer = phone.post(link, form_on(page, "petition", reason=WHY))
    assert answer["Location"] == edit


# --- rows and badges --------------------------------------------------------------------


def test_rows_say_that_a_door_is_open(login, meeting, extension, not_applicable):
    phone = login("jyj_zb1")
    todo = phone.get("/")
    assert words(row_of(todo, "三会一课（11月）")) == ["延期申请中"]
    assert words(row_of(todo, "主题党日（11月）")) == ["不适用待批"]
    assert words(row_of(todo, "三会一课（10月）")) == []
    assert "延期申请中" in phone.get(f"/lists/{meeting.item.checklist_id}/?state=open").text
    assert "延期申请中" in phone.get(f"/tasks/{meeting.pk}/").text


@pytest.mark.parametrize("kind, word", [
    (Kind.EXCUSE, "免报待批"), (Kind.EXPLANATION, "说明待答复"), (Kind.APPEAL, "申诉待答复")])
def test_each_door_has_its_word(login, ask, missed, kind, word):
    ask(kind, task=missed)
    assert words(row_of(login("jyj_zb1").get("/"), "三会一课（10月）")) == [word]


def test_an_answered_petition_is_no_open_door(city, login, extension):
    petitioning.refuse(petition=extension, by=city.user("jyj_jgdw"), seen=0, answer="不行。")
    assert words(row_of(login("jyj_zb1").get("/"), "三会一课（11月）")) == []


def test_an_explained_mark_says_so_beside_it(city, login, ask, missed):
    row = ask(Kind.EXPLANATION, task=missed)
    petitioning.grant(petition=row, by=city.user("jyj_jgdw"), seen=row.version)
    shown = row_of(login("jyj_zb1").get("/"), "三会一课（10月）")
    assert (shown["badge"].word, words(shown)) == ("逾期14个工作日", ["已说明"])


def test_the_line_of_what_does_not_apply_reads_so(city, login, not_applicable):
    petitioning.grant(petition=not_applicable, by=city.user("jyj_jgdw"), seen=0)
    page = login("jyj_zb1").get(f"/lists/{not_applicable.item.checklist_id}/")
    row = next(row for row in page.context["rest"] if row["title"] == "主题党日")
    assert (row["badge"].word, row["note"]) == ("不适用", "11月23日起不适用")
    assert len(row["others"]) == 11


def test_the_to_do_page_counts_what_waits_for_an_answer(city, login, extension, not_applicable):
    assert "有2件申请等您答复" in login("jyj_jgdw").get("/").text
    for who in ("jyj_zb1", "gongwei", "czj_zz"):
        assert "等您答复" not in login(who).get("/").text


def test_who_has_nothing_else_to_do_is_still_told(login, from_clerk):
    page = login("gongwei").get("/")
    assert "有1件申请等您答复" in page.text and "/admin/petitions/" in page.text
    assert page.context["empty"] is None


def test_the_committees_first_page_has_a_card(login, from_clerk):
    cards = {card["title"]: card["text"] for card in login("gongwei").get("/admin/").context[
        "cards"]}
    assert cards["申请"] == "1件申请等答复。"
    cards = login("ducha").get("/admin/").context["cards"]
    assert "申请" not in {card["title"] for card in cards}


def statements(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as done:
        assert client.get(url).status_code == 200
    return len(done)


@pytest.mark.parametrize("who, url", [
    ("jyj_zb1", "/"), ("jyj_jgdw", "/petitions/"), ("jyj_zb1", "/petitions/"),
    ("jyj_zb1", "list")])
def test_statements_do_not_grow_with_the_petitions(city, login, ask, extension, who, url):
    url = url.replace("list", f"/lists/{extension.item.checklist_id}/")
    client = login(who)
    few = statements(client, url)
    for month in range(1, 10):
        task = city.task("jyj_zb1", "ZB-01", f"2026-{month:02}")
        for kind in (Kind.EXCUSE, Kind.APPEAL):
            ask(kind, task=task)
    assert statements(client, url) == few
