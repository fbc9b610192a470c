"""The page on which a list is tailored, and the pages around it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists import adoptions, edit_page
from apps.checklists.models import Adoption, Item
from apps.checklists.services import adopting, petitioning, tailoring
from apps.duties.models import Chapter, Duty
from tests.city import TODAY
from tests.forms_on_page import form_on


@pytest.fixture
def party_group(city):
    return city.checklist("jyj", "party_group")


@pytest.fixture
def clerk(city):
    return city.user("jyj_jgdw")


@pytest.fixture
def desk(login, party_group):
    """The page of the party group's list, as its clerk has it before him."""
    return login("jyj_jgdw"), f"/lists/{party_group.pk}/edit/"


def fresh(item) -> Item:
    return Item.unscoped.get(pk=item.pk)


def own_item(city, by) -> Item:
    return tailoring.add_own(
        checklist=city.checklist("jyj", "party_group"), by=by, title="校园党建联建", text="联建。",
        why="学校多。", chapter=Chapter.objects.get(number=4), cadence="half_yearly",
        due=tailoring.due_rule(cadence="half_yearly"), evidence="words", minutes=10)


# --- rows ---------------------------


def test_rows_are_saved_with_what_was_typed(city, desk):
    phone, address = desk
    item, other = city.item("jyj", "DZ-02"), city.item("jyj", "DZ-01")
    sent = form_on(phone.get(address), "edit") | {
        "act": "save", f"i{item.pk}-owner": "吴敏", f"i{item.pk}-measures": "每季度\r\n一个专题",
        f"i{item.pk}-days_earlier": "3"}
    answer = phone.post(address, sent, follow=True)
    assert "已保存1项。" in answer.text
    row = fresh(item)
    assert (row.owner, row.measures, row.days_earlier) == ("吴敏", "每季度\n一个专题", 3)
    assert fresh(other).owner == ""


def test_the_same_page_saved_again_changes_nothing(city, clerk, desk):
    phone, address = desk
    tailoring.tailor(items=[city.item("jyj", "DZ-02")], by=clerk, measures="甲\n乙")
    sent = form_on(phone.get(address), "edit") | {"act": "save"}
    sent = {key: value.replace("\n", "\r\n") if isinstance(value, str) else value
            for key, value in sent.items()}
    assert "没有要保存的改动。" in phone.post(address, sent, follow=True).text


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(city, clerk, desk):
    phone, address = desk
    item, other = city.item("jyj", "DZ-02"), city.item("jyj", "DZ-01")
    sent = form_on(phone.get(address), "edit") | {
        "act": "save", f"i{item.pk}-owner": "吴敏", f"i{other.pk}-owner": "何志远"}
    tailoring.tailor(items=[item], by=city.user("jyj_shuji"), owner="郑立群")
    page = phone.post(address, sent)
    assert "这一行刚被别人改过，现在是：责任人“郑立群”" in page.text
    assert fresh(item).owner == "郑立群" and fresh(other).owner == ""
    again = form_on(page, "edit") | {"act": "save"}
    assert again[f"i{item.pk}-owner"] == "吴敏"
    phone.post(address, again)
    assert fresh(item).owner == "吴敏" and fresh(other).owner == "何志远"


def test_rows_that_nobody_touched_keep_what_somebody_else_wrote(city, clerk, desk):
    phone, address = desk
    item = city.item("jyj", "DZ-02")
    sent = form_on(phone.get(address), "edit") | {"act": "save"}
    tailoring.tailor(items=[item], by=city.user("jyj_shuji"), owner="郑立群")
    phone.post(address, sent)
    assert fresh(item).owner == "郑立群"


@pytest.mark.parametrize("name, typed, sentence", [
    ("days_earlier", "三天", "请填0到180的整数。"), ("days_earlier", "181", "请填0到180的整数。"),
    ("owner", "字" * 61, "请写在60字以内。")])
def test_what_cannot_be_taken_is_said_at_its_row_and_stays(city, desk, name, typed, sentence):
    phone, address = desk
    key = f"i{city.item('jyj', 'DZ-02').pk}-{name}"
    page = phone.post(address, form_on(phone.get(address), "edit") | {"act": "save", key: typed})
    assert page.status_code == 200 and sentence in page.text
    assert form_on(page, "edit")[key] == typed


def test_a_mark_of_secrecy_is_refused_and_the_words_stay(city, desk):
    phone, address = desk
    key = f"i{city.item('jyj', 'DZ-02').pk}-measures"
    page = phone.post(address, form_on(phone.get(address), "edit")
                      | {"act": "save", key: "按机密★件办"})
    assert "这里不能出现密级标志" in page.text
    assert form_on(page, "edit")[key] == "按机密★件办"


# --- many at once ---------------------------


def test_ticked_rows_are_filled_without_a_script(city, desk):
    phone, address = desk
    items = [city.item("jyj", code) for code in ("DZ-01", "DZ-02", "DZ-04")]
    sent = form_on(phone.get(address), "edit") | {
        "act": "fill", "pick": [str(item.pk) for item in items[1:]], "bulk-owner": "吴敏",
        "bulk-days_earlier": "5"}
    answer = phone.post(address, sent, follow=True)
    assert "已保存2项。" in answer.text and "其中1项没有固定日期，没有提前。" in answer.text
    assert [(fresh(item).owner, fresh(item).days_earlier) for item in items] == [
        ("", 0), ("吴敏", 5), ("吴敏", 0)]


@pytest.mark.parametrize("more, sentence", [
    ({"bulk-owner": "吴敏"}, "先勾选要填的事项。"), ({"pick": "1"}, "请写要填的责任人"),
    ({"pick": "1", "bulk-days_earlier": "x"}, "请填0到180的整数。")])
def test_filling_says_what_is_missing(city, desk, more, sentence):
    phone, address = desk
    if "pick" in more:
        more = more | {"pick": str(city.item("jyj", "DZ-02").pk)}
    page = phone.post(address, form_on(phone.get(address), "edit") | {"act": "fill"} | more)
    assert page.status_code == 200 and sentence in page.text
    assert page.context["bulk"]["owner"].value() == more.get("bulk-owner", "")


def test_rows_of_another_list_cannot_be_ticked(city, desk):
    phone, address = desk
    strange = city.item("czj", "DZ-02")
    phone.post(address, {"act": "fill", "pick": str(strange.pk), "bulk-owner": "某人"})
    assert fresh(strange).owner == ""


# --- chips, states, the foot ---------------------------


def chips(page) -> dict[str, int]:
    return {chip["label"]: chip["count"] for chip in page.context["chips"]}


def rows(page) -> dict[str, dict]:
    return {row["title"]: row for chapter in page.context["chapters"] for row in chapter["rows"]}


def test_chips_count_and_filter(city, clerk, desk):
    phone, address = desk
    tailoring.tailor(items=[city.item("jyj", "DZ-02")], by=clerk, owner="吴敏")
    tailoring.tailor(items=[city.item("jyj", "DZ-01")], by=clerk, owner="吴敏", measures="看进度")
    petitioning.ask_not_applicable(item=city.item("jyj", "DZ-04"), by=clerk, reason="没有下发。")
    page = phone.get(address)
    assert chips(page) == {"全部": 4, "未填好": 1, "缺责任人": 0, "不适用": 1}
    states = {title: row["state"].word for title, row in rows(page).items()}
    assert states == {"新部署新文件跟进学习": "不适用待批", "理论学习中心组学习": "未填好",
                      "思想动态分析": "一并履行", "专题研究全面从严治党": "已填好"}
    assert list(rows(phone.get(address, {"show": "unfilled"}))) == ["理论学习中心组学习"]
    assert len(rows(phone.get(address, {"show": "rubbish"}))) == 4


def test_the_rows_and_the_rule_agree_on_what_is_unfilled(city, clerk, desk, party_group):
    """`list_items.is_unfilled` says of a row what `adoptions.unfilled` asks of the table."""
    phone, address = desk
    own_item(city, clerk)
    tailoring.tailor(items=[city.item("jyj", "DZ-02")], by=clerk, owner="吴敏", measures="看进度")
    petitioning.ask_not_applicable(item=city.item("jyj", "DZ-04"), by=clerk, reason="没有这件事。")
    shown = {row["pk"] for row in rows(phone.get(address, {"show": "unfilled"})).values()}
    assert shown == {item.pk for item in adoptions.unfilled(party_group)}
    assert len(shown) == 2


def test_last_years_difference_is_a_chip_only_where_there_was_a_last_year(city, desk):
    phone, address = desk
    assert "与去年不同" not in chips(phone.get(address))
    was, item = city.item("czj", "DZ-02"), city.item("jyj", "DZ-02")
    Item.unscoped.filter(pk=item.pk).update(carried_from=was)
    page = phone.get(address)
    # The others are new; this one is as it was.
    assert chips(page)["与去年不同"] == 3
    assert rows(page)["理论学习中心组学习"]["note"] == ""
    Item.unscoped.filter(pk__in=[was.pk, item.pk]).update(owner="丁学文")
    assert rows(phone.get(address))["理论学习中心组学习"]["note"] == "沿用去年"
    Item.unscoped.filter(pk=was.pk).update(owner="郑立群")
    assert chips(phone.get(address))["与去年不同"] == 4


def test_a_closed_button_says_how_much_is_lacking(city, clerk, desk, party_group):
    phone, address = desk
    act = phone.get(address).context["foot"]["act"]
    assert (act["label"], act["is_closed"]) == ("提交党组审议（还差3项）", True)
    tailoring.tailor(items=party_group.items.all(), by=clerk, owner="吴敏", measures="看进度")
    act = phone.get(address).context["foot"]["act"]
    assert (act["label"], act["is_closed"]) == ("提交党组审议", False)


def test_going_on_keeps_what_was_typed_first(city, clerk, desk, party_group):
    phone, address = desk
    tailoring.tailor(items=party_group.items.all(), by=clerk, owner="吴敏", measures="看进度")
    item = city.item("jyj", "DZ-02")
    sent = form_on(phone.get(address), "edit") | {"act": "go", f"i{item.pk}-owner": "何志远"}
    answer = phone.post(address, sent)
    assert answer.url == f"/lists/{party_group.pk}/deliberate/"
    assert fresh(item).owner == "何志远"
    assert "已保存1项。" in phone.get(answer.url).text
    phone.post(address, form_on(phone.get(address), "edit") | {"act": "go"})
    assert "没有要保存的改动" not in phone.get(answer.url).text


def test_once_taken_on_the_page_only_shows(city, login):
    own = city.checklist("jyj", "secretary")
    adopting.sign_own(checklist=own, by=city.user("jyj_shuji"))
    phone, address = login("jyj_jgdw"), f"/lists/{own.pk}/edit/"
    page = phone.get(address)
    assert "这份清单已审定。要改，请先说明理由，重新调整。" in page.text
    assert page.context["foot"]["lacks"] == "" and "未填好" in page.text
    assert not any(row["form"] for row in rows(page).values())
    assert page.context["foot"]["can_reopen"] and page.context["foot"]["act"] is None
    assert phone.post(address, {"act": "save"}).status_code == 409


def test_who_may_open_it(login, party_group):
    found = {"jyj_jgdw": 200, "jyj_shuji": 200, "jyj_chengyuan": 403, "gongwei": 403,
             "ducha": 403, "czj_zz": 404, "jyj_zb1": 404}
    for who, status in found.items():
        assert login(who).get(f"/lists/{party_group.pk}/edit/").status_code == status, who


def test_a_list_without_a_row_of_adoption_opens(login, party_group):
    Adoption.unscoped.all().delete()
    assert login("jyj_jgdw").get(f"/lists/{party_group.pk}/edit/").status_code == 200


def test_statements_of_the_page_do_not_grow_with_the_items(city, clerk, desk):
    phone, address = desk

    def count() -> int:
        with CaptureQueriesContext(connection) as done:
            assert phone.get(address).status_code == 200
        return len(done)

    own_item(city, clerk)
    phone.get(address)
    few = count()
    for _ in range(4):
        own_item(city, clerk)
    assert count() == few


@pytest.mark.parametrize("duty, words", [
    ({"cadence": "yearly", "due": {"month": 6, "day": 30, "shift": "earlier"}}, "6月30日"),
    ({"cadence": "quarterly", "due": {"anchor": "period_end", "days": -5, "shift": "earlier"}},
     "季末前5天"),
    ({"cadence": "monthly", "due": {"anchor": "period_end", "days": 3, "shift": "later"}},
     "月末后3天"),
    ({"cadence": "monthly", "due": {"anchor": "period_end", "days": 0, "shift": "earlier"}},
     "月末"),
    ({"cadence": "monthly", "due": {"anchor": "period_start", "days": 9, "shift": "later"}},
     "每月第10天"),
    ({"cadence": "on_event", "days_after_event": 10}, "发生后10个工作日"),
    ({"cadence": "standing"}, "全年")])
def test_the_date_of_a_duty_in_words(duty, words):
    assert edit_page.list_items.limit(Duty(**duty)) == words


# --- own items ---------------------------


def test_an_own_item_is_added_beside_the_load(city, login, party_group):
    phone, address = login("jyj_jgdw"), f"/lists/{party_group.pk}/own/"
    page = phone.get(address)
    assert "这份清单现有4项，一年要报7次" in page.text
    assert "每月，一年报12次" in page.text
    chapter = Chapter.objects.get(number=4).pk
    sent = form_on(page, "own", title="校园党建联建", text="联建。", why="学校多。") | {
        "chapter": chapter, "cadence": "quarterly", "evidence": "words"}
    answer = phone.post(address, sent, follow=True)
    assert "已添加“校园党建联建”，一年多报4次，约20分钟。" in answer.text
    assert rows(answer)["校园党建联建"]["own"].word == "自定"


def test_a_yearly_item_without_its_day_says_so_and_keeps_the_words(login, party_group):
    phone, address = login("jyj_jgdw"), f"/lists/{party_group.pk}/own/"
    sent = form_on(phone.get(address), "own", title="联建", text="联建。", why="学校多。") | {
        "chapter": Chapter.objects.get(number=4).pk, "cadence": "yearly", "evidence": "words"}
    page = phone.post(address, sent)
    assert page.status_code == 200 and "请填最迟哪天办完。" in page.text
    assert form_on(page, "own")["title"] == "联建"


def test_an_own_item_is_reworded_and_withdrawn_on_its_pages(city, clerk, login):
    item, phone = own_item(city, clerk), login("jyj_jgdw")
    page = phone.get(f"/items/{item.pk}/own/")
    assert "cadence" not in form_on(page, "own")
    sent = form_on(page, "own", title="智慧校园联建") | {
        "chapter": item.duty.chapter_id, "evidence": "words"}
    assert "已改写智慧校园联建。" in phone.post(f"/items/{item.pk}/own/", sent, follow=True).text
    address = f"/items/{item.pk}/withdraw/"
    assert "请写一句理由。" in phone.post(address, {"reason": ""}).text
    answer = phone.post(address, {"reason": "学校并了"}, follow=True)
    assert "已撤下智慧校园联建。" in answer.text and "智慧校园联建" not in rows(answer)
    listed = phone.get(f"/lists/{item.checklist_id}/")
    assert [row["note"] for row in listed.context["rest"]] == ["11月23日撤下：学校并了"]


def test_what_comes_from_the_catalogue_has_no_such_pages(city, login):
    item = city.item("jyj", "DZ-02")
    for name in ("own", "withdraw"):
        assert login("jyj_jgdw").get(f"/items/{item.pk}/{name}/").status_code == 409


# --- the acts ---------------------------


def test_from_the_meeting_to_the_signature(city, clerk, login, party_group):
    phone, address = login("jyj_jgdw"), f"/lists/{party_group.pk}/deliberate/"
    assert "还有3项没有填好" in phone.get(address).text
    tailoring.tailor(items=party_group.items.all(), by=clerk, owner="吴敏", measures="看进度")
    page = phone.get(address)
    bad = phone.post(address, form_on(page, "act", held_on="2026年11月30日", minutes_number="31号"))
    assert "11月30日还没到。请填实际开会的日期。" in bad.text
    assert form_on(bad, "act")["minutes_number"] == "31号"
    sent = form_on(page, "act", held_on="2026年11月20日", minutes_number="31号")
    assert "已登记审议，等郑立群签认。" in phone.post(address, sent, follow=True).text
    phone, address = login("jyj_shuji"), f"/lists/{party_group.pk}/sign/"
    page = phone.get(address)
    assert "责任人：吴敏" in page.text and "专题研究全面从严治党" in page.text
    assert "签认后这份清单就算审定，同时报工委备案，不用另外报送。" in page.text
    answer = phone.post(address, form_on(page, "act"), follow=True)
    assert "已签认，已报工委备案。" in answer.text
    assert "11月20日党组审议（31号），郑立群11月23日签认，11月23日已报工委备案。" in answer.text
    assert phone.post(address, form_on(page, "act")).status_code == 409


def test_a_branch_signs_with_one_tap_and_the_flag_goes(city, login):
    own, phone = city.checklist("jyj_zb1"), login("jyj_zb1")
    assert "尚未审定，待签认" in phone.get(f"/lists/{own.pk}/").text
    page = phone.get(f"/lists/{own.pk}/sign/")
    answer = phone.post(f"/lists/{own.pk}/sign/", form_on(page, "act"), follow=True)
    assert "已签认，已报机关党委。" in answer.text and "尚未审定" not in answer.text


def test_it_is_opened_again_with_a_reason(city, login):
    own = city.checklist("jyj", "secretary")
    adopting.sign_own(checklist=own, by=city.user("jyj_shuji"))
    phone, address = login("jyj_shuji"), f"/lists/{own.pk}/reopen/"
    page = phone.get(address)
    assert "请写一句理由。" in phone.post(address, form_on(page, "why")).text
    answer = phone.post(address, form_on(page, "why", reason="换了分工"), follow=True)
    assert answer.redirect_chain[-1][0] == f"/lists/{own.pk}/edit/"
    assert Adoption.unscoped.get(checklist=own).state == Adoption.State.TAILORING


def test_the_lists_page_flags_what_is_not_adopted(city, login):
    adopting.sign_own(checklist=city.checklist("jyj", "secretary"), by=city.user("jyj_shuji"))
    page = login("jyj_jgdw").get("/lists/")
    flags = {row["title"]: row["badge"] for row in page.context["lists"]}
    assert flags["市教育局党组书记郑立群"] is None
    assert flags["市教育局机关党委"].word == "尚未审定，待审议"


def test_the_to_do_page_leads_to_what_waits(city, login):
    own = city.checklist("jyj_zb1")
    page = login("jyj_zb1").get("/")
    assert [(row["title"], row["badge"].word, row["url"]) for row in page.context["adoptions"]] == [
        ("市教育局机关第一党支部", "待签认", f"/lists/{own.pk}/sign/")]
    assert f'href="/lists/{own.pk}/sign/"' in page.text
    adopting.sign(checklist=own, by=city.user("jyj_zb1"))
    assert login("jyj_zb1").get("/").context["adoptions"] == []


def test_what_does_not_apply_is_folded_away(city, login):
    item = city.item("jyj", "DZ-02")
    Item.unscoped.filter(pk=item.pk).update(not_applicable_since=TODAY)
    page = login("jyj_jgdw").get(f"/lists/{item.checklist_id}/")
    assert [row["title"] for row in page.context["rest"]] == ["理论学习中心组学习"]
    shown = [row["title"] for group in page.context["chapters"] for row in group["rows"]]
    assert not any("中心组" in title for title in shown)
