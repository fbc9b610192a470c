"""The page of one duty: for everybody who reads the catalogue, with figures of his scope."""

import pytest

from apps.checklists.models import Item, Occurrence
from apps.checklists.services import reviewing, versions
from apps.core.act import SYSTEM
from apps.duties.models import CatalogueVersion, Chapter, Duty, Parameter
from apps.duties.services import drafting
from tests.checklists.steps import hand_in
from tests.city import TODAY, YEAR


@pytest.fixture
def duty(city):
    return Duty.objects.get(code="ZB-01")


def url(duty) -> str:
    return f"/duties/{duty.pk}/"


def state(page) -> dict[str, int]:
    return {row["label"]: row["count"] for row in page.context["state"]}


def test_the_page_says_the_five_questions_and_more(login, duty):
    Duty.objects.filter(pk=duty.pk).update(
        risks="会停上几个月。", expected_effect="党员说得出议了什么。", parameters=["youth_age"])
    Parameter.objects.update_or_create(code="youth_age", defaults={
        "name": "青年年龄", "value": "35", "unit": "岁", "left_open": "没有写", "basis": "惯例"})
    duty.refresh_from_db()
    page = login("jyj_zb1").get(url(duty))
    for text in (duty.title, duty.text, duty.standard, duty.risks, duty.expected_effect,
                 duty.example, duty.why, duty.evidence_why, "青年年龄", "35岁", "ZB-01",
                 "责任目录2026.1", "专题党课条文：2.4.3", "填报一次约15分钟",
                 "每月 · 每期结束后3天，遇休息日顺延", "中国共产党支部工作条例（试行）"):
        assert text in page.text


def test_the_next_due_dates_stand_there(login, duty):
    assert login("jyj_zb1").get(url(duty)).context["dates"] == ["11月：12月3日 周四", (
        "12月：2027年1月4日 周一（暂定）")]


@pytest.mark.parametrize("who, count", [
    ("jyj_zb1", 1), ("jyj_jgdw", 4), ("czj_zz", 2), ("gongwei", 7), ("ducha", 7)])
def test_who_has_it_is_counted_in_ones_own_scope(login, duty, who, count):
    page = login(who).get(url(duty))
    assert [kind["count"] for kind in page.context["kinds"]] == [count]
    assert len(page.context["lists"]) == count
    assert sum(state(page).values()) == count


def test_how_many_have_done_it_this_period(login, city, duty):
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    task = hand_in(city.task("jyj_zb2", "ZB-01", "2026-11"), city.user("jyj_zb2"))
    reviewing.accept(occurrence=task, by=city.user("jyj_jgdw"), seen=task.version)
    late = city.task("jyj_zb3", "ZB-01", "2026-11")
    Occurrence.unscoped.filter(pk=late.pk).update(due_on=TODAY.replace(day=2))
    page = login("jyj_jgdw").get(url(duty))
    assert page.context["period"] == "11月"
    assert state(page) == {"已办结": 1, "待审核": 1, "还没报": 1, "逾期": 1}


def test_numbers_lead_to_their_rows_for_those_who_review_or_nudge(login, duty):
    links = {who: [row["url"] for row in login(who).get(url(duty)).context["state"] if row["url"]]
             for who in ("jyj_jgdw", "jyj_zb1", "ducha")}
    assert links == {"jyj_jgdw": ["/outstanding/?duty=ZB-01"], "jyj_zb1": [], "ducha": []}


def test_who_has_no_business_here_is_refused(login, duty):
    assert login("xitong").get(url(duty)).status_code == 403
    assert login("jyj_zb1").get("/duties/999999/").status_code == 404


def test_a_draft_is_read_by_those_who_edit_it(login, city):
    draft = drafting.begin(based_on=CatalogueVersion.objects.get(), by=SYSTEM)
    duty = Duty.objects.get(version=draft, code="ZB-01")
    assert login("gongwei_admin").get(url(duty)).status_code == 200
    assert login("gongwei").get(url(duty)).status_code == 404
    assert login("jyj_zb1").get(url(duty)).status_code == 404


def test_an_older_version_still_counts_the_lists_of_the_year(login, city, duty):
    draft = drafting.begin(based_on=CatalogueVersion.objects.get(), by=SYSTEM)
    versions.apply(version=draft, year=YEAR, by=SYSTEM)
    assert len(login("jyj_jgdw").get(url(duty)).context["lists"]) == 4


def test_an_own_duty_is_seen_through_its_item_only(login, city):
    own = Duty(origin="own", code="OWN", position=1, chapter=Chapter.objects.get(number=2),
               subject="branch", title="结对社区", text="每季度去一次。", standard="写清哪天去的。",
               why="支部自己定的。", evidence="words", evidence_why="几句话就行。",
               cadence="quarterly", due={"anchor": "period_end", "days": 0, "shift": "earlier"},
               review_mode="file", minutes=5)
    own.save()
    Item.unscoped.create(checklist=city.checklist("jyj_zb1"), duty=own)
    answers = {who: login(who).get(url(own)).status_code
               for who in ("jyj_zb1", "jyj_jgdw", "gongwei", "jyj_zb2", "czj_zb1")}
    assert answers == {"jyj_zb1": 200, "jyj_jgdw": 200, "gongwei": 200, "jyj_zb2": 404,
                       "czj_zb1": 404}


def test_a_withdrawn_item_is_not_counted(login, city, duty):
    Item.unscoped.filter(pk=city.item("jyj_zb1", "ZB-01").pk).update(archived_on=TODAY)
    assert len(login("jyj_jgdw").get(url(duty)).context["lists"]) == 3


def test_every_task_leads_to_the_page(login, city, duty):
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    phone = login("jyj_zb1")
    for page in (f"/tasks/{task.pk}/", f"/tasks/{task.pk}/report/"):
        assert f'href="{url(duty)}"' in phone.get(page).text


def test_the_page_asks_few_statements(login, duty, django_assert_max_num_queries):
    client = login("gongwei")
    client.get(url(duty))
    with django_assert_max_num_queries(20):
        client.get(url(duty))
