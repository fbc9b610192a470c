"""The bars: only what exists and what the person may open."""

import pytest
from django.test import Client

from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD, TODAY


def labels(context, bar) -> list[str]:
    return [entry["label"] for entry in context[bar]]


@pytest.mark.parametrize("who, expected", [
    ("jyj_zb1", ["待办", "清单", "我的"]),
    ("jyj_jgdw", ["待办", "清单", "我的"]),
    ("ducha", ["待办", "清单", "我的"]), ("xitong", ["待办", "我的"]),
    ("shenji", ["待办", "我的"])])
def test_the_bar_below_on_a_phone(login, who, expected):
    assert labels(login(who).get("/me/").context, "nav") == expected


@pytest.mark.parametrize("who, expected", [
    ("jyj_zb1", ["待办", "申请", "清单", "组织"]),
    ("jyj_jgdw", ["待办", "审核", "申请", "未报", "清单", "组织", "任职"]),
    ("gongwei_admin", ["审核", "申请", "未报", "临时任务", "单位", "责任目录"]),
    ("gongwei", ["审核", "申请", "未报", "临时任务", "单位", "责任目录"]),
    ("ducha", ["未报", "单位", "责任目录"]), ("xitong", ["账号"]), ("shenji", ["审计"])])
def test_the_bar_on_a_desk(login, who, expected):
    assert labels(login(who).get("/me/").context, "desk_nav") == expected


@pytest.mark.parametrize("who", [
    "jyj_zb1", "jyj_jgdw", "jyj_shuji", "gongwei_admin", "gongwei", "ducha", "xitong", "shenji"])
def test_every_entry_opens(login, who):
    phone = login(who)
    context = phone.get("/me/").context
    for entry in (*context["nav"], *context["desk_nav"]):
        answer = phone.get(entry["url"], follow=True)
        assert answer.status_code == 200, entry


def test_who_holds_no_post_is_shown_no_door(city, login):
    services.create_user(username="neu", name="新人", password=PASSWORD, by=SYSTEM,
                         is_demo=True)
    context = login("neu").get("/me/").context
    assert (labels(context, "nav"), labels(context, "desk_nav")) == (["待办", "我的"], ["待办"])
    assert context["person"] == {
        "name": "新人", "is_staff": False, "posts_label": "", "organization_label": "新人"}


@pytest.mark.parametrize("address, label", [("/", "待办"), ("/me/", "我的")])
def test_the_current_entry_is_marked(login, address, label):
    context = login("jyj_zb1").get(address).context
    assert [entry["label"] for entry in context["nav"] if entry["is_current"]] == [label]


def test_a_page_below_marks_its_entry(city, login):
    page = login("jyj_zb1").get(f"/lists/{city.checklist('jyj_zb1').pk}/")
    assert [e["label"] for e in page.context["nav"] if e["is_current"]] == ["清单"]


def test_the_person_is_named_with_posts_once(city, login):
    services.appoint(user=city.user("jyj_zb1"), role=RoleCode.BRANCH_SECRETARY, by=SYSTEM,
                     organization=city.place("jyj_zb2"), starts_on=TODAY)
    assert login("jyj_zb1").get("/me/").context["person"] == {
        "name": "李一帆", "is_staff": False, "posts_label": "支部书记",
        "organization_label": "市教育局机关第一党支部"}


def test_the_notice_stands_on_every_page(login):
    for who, address in (("jyj_zb1", "/"), ("jyj_jgdw", "/review/"), ("gongwei", "/admin/")):
        assert "本平台不处理涉密信息。" in login(who).get(address).text


def test_before_the_login_there_are_neither_bars_nor_names(city):
    page = Client().get("/accounts/login/")
    assert "nav" not in page.context and "person" not in page.context
    assert "云川市直机关工委" in page.text


def test_bars_cost_no_statement_of_their_own(login, django_assert_max_num_queries):
    """Session, person, posts, portfolios; leaders for the page itself."""
    phone = login("jyj_zb1")
    phone.get("/me/")
    with django_assert_max_num_queries(5):
        phone.get("/me/")
