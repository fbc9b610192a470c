"""The tables of what is not yet reported: whose rows, filters, 催办, names to copy."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists.lights import Light
from apps.checklists.models import Checklist, Item, ListYear, Nudge, Occurrence
from apps.checklists.services import reporting
from apps.checklists.states import Day
from apps.checklists.unreported import NOUNS, PAGE, Chosen, Table, line, owed_by
from apps.core.act import SYSTEM
from apps.core.scoping import ScopedQuerySet
from apps.organizations import services
from apps.organizations.models import Partnership
from tests.checklists.sending import ask, opening, send
from tests.checklists.steps import hand_in
from tests.city import TODAY, YEAR
from tests.forms_on_page import form_on

FRONT, ADMIN = "/outstanding/", "/admin/outstanding/"


def names(page) -> str:
    return page.context["table"]["names"]


def rows(page) -> list[dict]:
    return [row for group in page.context["table"]["groups"] for row in group["rows"]]


def group(page, title: str) -> list[dict]:
    return next(each["rows"] for each in page.context["table"]["groups"]
                if each["title"] == title)


def seen(page) -> set[int]:
    return {row["pk"] for row in rows(page)}


def expected(prefix: str) -> set[int]:
    """Begun and owed below this organisation."""
    found = Occurrence.unscoped.to_do().filter(
        organization__code__startswith=prefix, starts_on__lte=TODAY)
    return set(found.values_list("pk", flat=True))


# --- whose rows -----------------------------------------------------------------------------


@pytest.mark.parametrize("who, prefix", [
    ("jyj_zb1", "JYJ_ZB1"), ("jyj_jgdwsj", "JYJ_JGDW"), ("jyj_shuji", "JYJ"),
    ("czj_zz", "CZJ"), ("gongwei", ""), ("ducha", "")])
def test_everybody_sees_his_own_scope(city, who, prefix):
    found = {row.pk for row in owed_by(city.user(who))}
    if who == "jyj_jgdwsj":  # the branches stand below it
        assert found == expected("JYJ_")
    else:
        assert found == expected(prefix)
    assert found


def test_a_unit_does_not_see_the_rows_of_others_in_the_same_ad_hoc_task(city, login):
    task = send(city, "jyj", "czj", what=ask(subject="branch"))
    page = login("czj_zz").get(f"{FRONT}?task={task.key}")
    assert {row["unit"] for row in rows(page)} == {"市财政局党组"} and len(rows(page)) == 2
    assert "教育局" not in page.text
    both = login("gongwei").get(f"{ADMIN}?task={task.key}")
    assert {row["unit"] for row in rows(both)} == {"市财政局党组", "市教育局党组"}


def test_without_the_scope_it_would(city, login, monkeypatch):
    task = send(city, "jyj", "czj", what=ask(subject="branch"))
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, user, *, for_: rows)
    assert "市教育局机关第一党支部" in login("czj_zz").get(f"{FRONT}?task={task.key}").text


def test_another_units_name_is_no_choice_of_the_filter(login):
    page = login("czj_zz").get(FRONT)
    (box,) = [box for box in page.context["boxes"] if box["name"] == "unit"]
    assert [option["label"] for option in box["options"]] == ["市财政局党组"]


def test_what_is_reported_or_has_not_begun_is_not_there(city, login):
    october, december = (city.task("jyj_zb1", "ZB-01", f"2026-{month}") for month in (10, 12))
    assert october.pk in seen(login("jyj_zb1").get(FRONT))
    hand_in(october, city.user("jyj_zb1"))
    assert not {october.pk, december.pk} & seen(login("jyj_zb1").get(FRONT))


def test_a_closed_year_is_not_there(city, login):
    Checklist.unscoped.filter(organization=city.place("jyj_zb1")).update(year=YEAR - 1)
    ListYear.objects.create(year=YEAR - 1, state="closed", closed_on=date(2026, 1, 31))
    assert rows(login("jyj_zb1").get(FRONT)) == []


@pytest.mark.parametrize("who, status", [
    ("jyj_zb1", 200), ("jyj_chengyuan", 200), ("gongwei", 200), ("ducha", 200),
    ("xitong", 403), ("shenji", 403)])
def test_who_opens_the_table(login, who, status):
    assert login(who).get(FRONT).status_code == status


# --- rows and whom to call ------------------------------------------------------------------


def test_a_row_says_who_how_late_and_whom_to_call(city, login):
    page = login("gongwei").get(f"{ADMIN}?duty=ZB-01&period=2026-10")
    row = group(page, "三会一课（10月）")[0]
    assert (row["name"], row["unit"]) == ("市教育局机关第一党支部", "市教育局党组")
    assert (row["badge"].word, row["when"]) == ("逾期14个工作日", "11月3日 周二")
    assert row["caller"] == "李一帆（支部书记）"
    assert row["url"] == f"/tasks/{row['pk']}/"


def test_a_leader_is_called_himself_with_who_types_for_him(login):
    page = login("gongwei").get(f"{ADMIN}?duty=SJ-01")
    callers = {row["name"]: row["caller"] for row in rows(page)}
    assert callers["市教育局党组郑立群"] == "郑立群（陈立新代填）"


def test_a_unit_is_called_at_its_clerk(login):
    page = login("gongwei").get(f"{ADMIN}?duty=DZ-02")
    callers = {row["name"]: row["caller"] for row in rows(page)}
    assert callers["市教育局党组"] == "陈立新（党组(党委)经办人）"


def test_where_nobody_holds_a_post_it_says_so(city, login):
    services.end(appointment=city.user("jyj_zb4").posts[0], by=SYSTEM)
    page = login("gongwei").get(f"{ADMIN}?duty=ZB-01&period=2026-10")
    callers = {row["name"]: row["caller"] for row in rows(page)}
    assert callers["市教育局离退休党支部"] == "没有登记人员"


def test_duties_come_in_the_order_of_the_catalogue(login):
    titles = [each["title"] for each in login("gongwei").get(ADMIN).context["table"]["groups"]]
    assert titles[:3] == ["七一前讲专题党课", "三会一课（1月）", "三会一课（2月）"]


def test_a_long_table_is_paged_and_its_filters_stay(login):
    page = login("gongwei").get(f"{ADMIN}?subject=branch")
    assert len(rows(page)) == PAGE
    pager = page.context["table"]["pager"]
    assert pager["label"].startswith("第1至100项，共")
    second = login("gongwei").get(f"{ADMIN}{pager['pages'][1]['url']}")
    assert not seen(page) & seen(second) and rows(second)
    assert second.context["table"]["count"] == page.context["table"]["count"]


# --- filters --------------------------------------------------------------------------------


@pytest.mark.parametrize("query, duties", [
    ("duty=ZB-01", {"ZB-01"}), ("subject=secretary", {"SJ-01"}),
    ("period=2026-Q3", {"DZ-02", "JG-03"}), ("duty=ZB-01&subject=secretary", set()),
    ("duty=XX-99", set())])
def test_filters_narrow_and_join(city, login, query, duties):
    shown = Occurrence.unscoped.filter(pk__in=seen(login("gongwei").get(f"{ADMIN}?{query}")))
    assert set(shown.values_list("item__duty__code", flat=True)) == duties


def test_a_unit_is_chosen_with_all_its_branches(city, login):
    path = city.place("czj").path
    page = login("gongwei").get(f"{ADMIN}?unit={path}")
    assert seen(page) == expected("CZJ")


def test_lights_are_counted_and_chosen(city, login):
    phone = login("jyj_zb1")
    lights = {each["label"]: each for each in phone.get(FRONT).context["lights"]}
    late = phone.get(f"{FRONT}{lights['逾期']['url']}")
    assert {row["badge"].cls for row in rows(late)} == {"is-late"}
    assert len(rows(late)) == lights["逾期"]["count"] < lights["全部"]["count"]
    soon = phone.get(f"{FRONT}{lights['临期']['url']}")
    assert {row["badge"].cls for row in rows(soon)} <= {"is-soon"}
    assert len(rows(soon)) == lights["临期"]["count"]


def test_what_is_due_once_is_no_period_to_choose(login):
    page = login("gongwei").get(ADMIN)
    [periods] = [box for box in page.context["boxes"] if box["name"] == "period"]
    labels = [option["label"] for option in periods["options"]]
    assert "七一前讲专题党课" in page.text and "once年" not in labels
    assert "2026年10月" in labels


def test_a_filter_that_finds_nothing_offers_to_clear_it(login):
    page = login("jyj_zb1").get(f"{FRONT}?duty=XX-99")
    assert "没有符合条件的" in page.text and 'href="/outstanding/"' in page.text


def test_when_all_is_reported_it_says_so(city, login):
    for task in Occurrence.unscoped.filter(pk__in=expected("JYJ_ZB1")):
        Occurrence.unscoped.filter(pk=task.pk).update(starts_on=TODAY + timedelta(days=1))
    assert "没有逾期和临期的" in login("jyj_zb1").get(FRONT).text
    assert "没有符合条件的" in login("jyj_zb1").get(f"{FRONT}?light=all").text


# --- names to copy --------------------------------------------------------------------------


def test_the_names_are_ready_to_be_pasted(login):
    page = login("czj_zz").get(f"{FRONT}?duty=ZB-01&period=2026-10")
    assert names(page) == ("还没有报《三会一课（10月）》的支部（2个）："
                           "市财政局机关第一党支部、市财政局机关第二党支部")
    assert re.search(r"<textarea[^>]* readonly[^>]*>还没有报《三会一课（10月）》", page.text)


def test_units_are_named_by_their_short_names_and_leaders_by_theirs(login):
    page = login("gongwei").get(f"{ADMIN}?duty=DZ-01")
    assert names(page) == ("还没有报《专题研究全面从严治党（上半年）》的单位（3个）："
                           "市教育局党组、市财政局党组、市档案馆党组"
                           "\n还没有报《专题研究全面从严治党（下半年）》的单位（3个）："
                           "市教育局党组、市财政局党组、市档案馆党组")
    page = login("gongwei").get(f"{ADMIN}?duty=SJ-01")
    assert names(page).startswith("还没有报《七一前讲专题党课》的书记（3位）：市教育局党组郑立群、")


def test_an_event_is_named_as_the_task_is(city, login):
    task = send(city, "jyj", "czj", what=opening())
    page = login("gongwei").get(f"{ADMIN}?task={task.key}")
    assert names(page) == ("还没有报《新部署新文件跟进学习：学习市委全会精神》的单位（2个）："
                           "市教育局党组、市财政局党组")


def test_a_group_is_complete_even_where_the_page_ends(city):
    user = city.user("gongwei")
    table = Table(user, Chosen(subject="branch"))
    cut = next(number for number in range(1, len(table.rows))
               if table.rows[number].group == table.rows[number - 1].group)
    whole = table.rows[cut].group
    last = table.names(table.rows[:cut])[-1]
    assert last == line([row for row in table.rows if row.group == whole])


def test_every_noun_has_its_measure():
    assert set(NOUNS.values()) == {("支部", "个"), ("书记", "位"), ("班子成员", "位")}


# --- nudging from the table -----------------------------------------------------------------


def test_ticked_tasks_are_nudged_with_words(city, login):
    october = city.task("jyj_zb1", "ZB-01", "2026-10")
    phone, address = login("jyj_jgdw"), f"{FRONT}?duty=ZB-01&period=2026-10"
    sent = form_on(phone.get(address), "nudge", words="请周三前报。")
    answer = phone.post(f"/outstanding/nudge/{address.partition('/outstanding/')[2]}",
                        sent | {"row": [october.pk], "ticked": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{address}&light=all"
    assert "已催办1项。" in answer.text
    assert Nudge.unscoped.get().occurrence == october
    assert "陈立新 11月23日催办：请周三前报。" in answer.text


def test_all_that_the_filters_leave_are_nudged(login):
    login("gongwei").post("/admin/outstanding/nudge/?duty=ZB-01&period=2026-10",
                          {"all": "1", "words": ""})
    asked = Nudge.unscoped.values_list("occurrence__item__duty__code", "occurrence__period")
    assert set(asked) == {("ZB-01", "2026-10")} and len(asked) == 7


def test_all_means_also_those_of_the_other_pages(city, login):
    login("gongwei").post("/admin/outstanding/nudge/?subject=branch", {"all": "1"})
    assert Nudge.unscoped.count() == len(Table(city.user("gongwei"),
                                               Chosen(subject="branch")).rows) > PAGE


def test_nothing_ticked_nudges_nobody(login):
    page = login("jyj_jgdw").post("/outstanding/nudge/?duty=ZB-01", {"words": "请报。"})
    assert page.status_code == 200
    assert "请先勾选要催办的任务，或者催办全部。" in page.text
    assert 'value="请报。"' in page.text and not Nudge.unscoped.exists()


def test_ticks_and_words_stay_when_the_words_cannot_be_taken(city, login):
    october = city.task("jyj_zb1", "ZB-01", "2026-10")
    page = login("jyj_jgdw").post("/outstanding/nudge/?duty=ZB-01", {
        "row": [october.pk, "x"], "words": "机密★"})
    assert "这里不能出现密级标志" in page.text and 'value="机密★"' in page.text
    assert [row["pk"] for row in rows(page) if row["is_ticked"]] == [october.pk]


def test_a_foreign_task_is_not_nudged(city, login):
    foreign = city.task("czj_zb1", "ZB-01", "2026-10")
    own = city.task("jyj_zb1", "ZB-01", "2026-10")
    login("jyj_jgdw").post("/outstanding/nudge/", {"row": [foreign.pk, own.pk]})
    assert [nudge.occurrence for nudge in Nudge.unscoped.all()] == [own]


@pytest.mark.parametrize("who", ["jyj_zb1", "ducha", "jyj_chengyuan"])
def test_who_may_only_look_has_no_ticks_and_no_door(city, login, who):
    phone = login(who)
    page = phone.get(FRONT)
    assert "催办全部" not in page.text and 'name="row"' not in page.text
    assert phone.post("/outstanding/nudge/", {"all": "1"}).status_code == 403
    assert "复制名单" in page.text


def test_a_joint_branch_of_another_unit_is_read_but_not_nudged(city, login):
    branch = city.place("czj_zb1")
    Partnership.unscoped.create(branch=branch, unit=city.place("jyj"), starts_on=date(2026, 1, 4))
    phone = login("jyj_shuji")
    page = phone.get(f"{FRONT}?unit={city.place('czj').path}")
    assert rows(page) and not any(row["can_nudge"] for row in rows(page))
    phone.post(f"/outstanding/nudge/?unit={city.place('czj').path}", {"all": "1"})
    assert not Nudge.unscoped.exists()


# --- where the doors are --------------------------------------------------------------------


def test_the_clerks_to_do_says_how_much_the_unit_owes(login):
    page = login("jyj_jgdw").get("/")
    day = Day.now()
    lights = [day.light(row) for row in Occurrence.unscoped.filter(pk__in=expected("JYJ"))]
    late, soon = lights.count(Light.RED), lights.count(Light.YELLOW)
    assert late and soon and late + soon < len(lights)
    assert f"本单位有{late}项逾期、{soon}项临期" in page.text
    assert 'href="/outstanding/"' in page.text


def test_who_does_not_nudge_is_not_told(login):
    assert "本单位有" not in login("jyj_zb1").get("/").text


@pytest.mark.parametrize("who, address, door", [
    ("gongwei", "/admin/", ADMIN), ("gongwei", "/admin/review/", ADMIN),
    ("jyj_jgdw", "/review/", FRONT)])
def test_the_table_is_reached_from(login, who, address, door):
    assert f'href="{door}"' in login(who).get(address).text.partition("<main")[2] or (
        f'href="{door}"' in login(who).get(address).text)


# --- cost -----------------------------------------------------------------------------------


def test_the_page_asks_as_often_for_few_rows_as_for_a_full_page(login):
    phone = login("gongwei")

    def count(address: str) -> int:
        phone.get(address)
        with CaptureQueriesContext(connection) as queries:
            phone.get(address)
        return len(queries)

    assert count(f"{ADMIN}?duty=SJ-01") == count(ADMIN) <= 8


def test_a_report_takes_its_row_off_for_everybody(city, login):
    task = city.task("jyj_zb1", "ZB-01", "2026-10")
    row = hand_in(task, city.user("jyj_zb1"))
    assert task.pk not in seen(login("gongwei").get(f"{ADMIN}?duty=ZB-01"))
    reporting.withdraw(occurrence=row, by=city.user("jyj_zb1"), seen=row.version)
    assert task.pk in seen(login("gongwei").get(f"{ADMIN}?duty=ZB-01"))


def test_an_item_of_the_own_list_is_there_too(city, login):
    item = Item.unscoped.get(pk=city.item("jyj", "DZ-04").pk)
    row = Occurrence.unscoped.create(item=item, organization=city.place("jyj"), event="全会精神",
                                     starts_on=TODAY, ends_on=TODAY, due_on=TODAY)
    assert row.pk in seen(login("jyj_shuji").get(f"{FRONT}?duty=DZ-04"))
