"""The page of one organisation: what it bears and why, who reviews it and why, who holds posts."""

import re

import pytest

from apps.checklists import bearing_page
from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.models import Partnership
from tests.city import TODAY


@pytest.fixture
def seen(city, login):
    """`seen("jyj_zb1", "jyj_zb1")`: the page of a place as a person sees it."""

    def read(who: str, key: str):
        return login(who).get(f"/organizations/{city.place(key).pk}/")

    return read


@pytest.mark.parametrize("who, key, status", [
    ("jyj_zb1", "jyj_zb1", 200), ("jyj_jgdw", "jyj_zb1", 200), ("gongwei", "dag_zb", 200),
    ("ducha", "gw", 200), ("jyj_zb1", "jyj_zb2", 404), ("czj_zz", "jyj", 404),
    ("xitong", "jyj", 403), ("shenji", "jyj", 403)])
def test_who_may_read_it(seen, who, key, status):
    assert seen(who, key).status_code == status


def test_a_branch_sees_its_list_the_reason_and_the_reviewer(seen, city):
    text = seen("jyj_zb1", "jyj_zb1").text
    assert "每个支部一份。" in text
    assert "市教育局机关党委" in text and "支部的填报由机关党委审核。" in text
    assert f"/lists/{city.checklist('jyj_zb1').pk}/" in text


def test_a_single_branch_sees_where_each_of_its_three_kinds_of_duties_goes(city):
    found = bearing_page.of(city.place("dag_zb"), city.user("dag_zb"))
    only, = found["lists"]
    assert only["why"].startswith("全单位只有这一个支部")
    assert [each["place"] for each in only["reviews"]] == [
        "党支部的职责：中共云川市档案馆党组",
        "机关党委的职责：中共云川市委市直机关工作委员会",
        "机关纪委的职责：中共云川市委市直机关工作委员会"]


def test_each_leader_is_named_with_his_list(seen):
    text = seen("gongwei", "jyj").text
    assert "书记 郑立群的清单" in text and "书记本人一份，换了人另发。" in text
    assert "由陈立新代填" in text


def test_a_vacant_post_is_said(seen, city):
    services.end(appointment=city.user("czj_shuji").posts[0], by=SYSTEM)
    text = seen("gongwei", "czj").text
    assert "空缺" in text and "书记空缺，任职登记以后下发书记的清单。" in text
    assert "空缺" not in seen("gongwei", "jyj").text


def test_a_list_that_is_not_published_yet_has_no_link(seen, city):
    services.found(kind="branch", name="市教育局机关第五党支部", short_name="第五党支部",
                   code="JYJ_ZB5", parent=city.place("jyj_jgdw"), by=SYSTEM)
    text = seen("jyj_jgdw", "jyj_zb5").text
    assert "今年的还没有下发。" in text
    assert not re.search(r"/lists/\d", text)
    assert re.search(r"/lists/\d", seen("jyj_jgdw", "jyj_zb1").text)


def test_a_place_without_a_list_says_why(seen, city):
    services.found(kind="group", name="第一党小组", short_name="第一党小组", code="JYJ_XZ1",
                   parent=city.place("jyj_zb1"), by=SYSTEM)
    assert "党小组没有清单" in seen("jyj_zb1", "jyj_xz1").text


def test_partners_of_a_joint_branch_read_it_and_its_host_sees_them(seen, city):
    assert seen("czj_zz", "dag_zb").status_code == 404
    Partnership.unscoped.create(branch=city.place("dag_zb"), unit=city.place("czj"),
                                starts_on=TODAY)
    assert "参加的联合支部，由主办单位填报和审核" in seen("czj_shuji", "czj").text
    assert seen("czj_shuji", "dag_zb").status_code == 200
    assert "中共云川市财政局党组" in seen("dag_shuji", "dag_zb").text


def test_a_general_branch_has_posts_by_its_own_name(seen):
    text = seen("czj_zz", "czj_zz").text
    assert "党总支经办人" in text and "机关党委经办人" not in text


def test_the_list_and_the_register_lead_to_it(login, city):
    place = city.place("jyj_zb1")
    address = f"/organizations/{place.pk}/"
    assert address in login("jyj_zb1").get(f"/lists/{city.checklist('jyj_zb1').pk}/").text
    register = f"/admin/organizations/organization/{place.pk}/change/"
    assert address in login("gongwei").get(register).text


def test_the_number_of_statements_does_not_grow_with_the_branches(
        seen, city, login, django_assert_max_num_queries):
    for number in range(5, 25):
        services.found(kind="branch", name=f"第{number}党支部", short_name=f"第{number}党支部",
                       code=f"JYJ_ZB{number}", parent=city.place("jyj_jgdw"), by=SYSTEM)
    browser, place = login("jyj_jgdw"), city.place("jyj_jgdw")
    browser.get("/me/")
    with django_assert_max_num_queries(24):
        browser.get(f"/organizations/{place.pk}/")
