"""The directory: found as people type, in scope, a hundred a page; the tree folds."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.act import SYSTEM
from apps.dashboard import directory_page
from apps.organizations import directory, services
from apps.organizations.directory import Wanted, tidy
from apps.organizations.models import Organization
from apps.organizations.roles import RoleCode
from tests.city import TODAY

UNIT, ORGAN = "中共云川市教育局党组", "市教育局机关党委"


def names(page) -> list[str]:
    return [row["name"] for row in page.context["rows"]]


@pytest.mark.parametrize("typed", [
    "教育局党组", "市教育局党组", "sjyjdz", "SJYJDZ", "ｓｊｙｊｄｚ", " 市 教育局 党组 ",
    "市教育局　党组", "教 育 局 党 组", "党组 教育局", UNIT])
def test_a_unit_is_found_however_it_is_typed(login, typed):
    assert names(login("gongwei").get("/organizations/", {"q": typed}))[0] == UNIT


@pytest.mark.parametrize("typed, first", [
    ("jyj", UNIT), ("jyj_jgdw", ORGAN), ("JYJ_ZB1", "市教育局机关第一党支部"),
    ("ＪＹＪ＿ＺＢ１", "市教育局机关第一党支部")])
def test_a_code_is_found_exactly_before_its_beginnings(login, typed, first):
    found = names(login("gongwei").get("/organizations/", {"q": typed}))
    assert found[0] == first


def test_exact_comes_before_beginnings_and_these_before_the_rest(city):
    admin = city.user("gongwei_admin")
    found = [(each.code, each.rank) for each in directory.find(admin, Wanted(text="jyj_zb1"))]
    assert found == [("JYJ_ZB1", 0)]
    ranks = [each.rank for each in directory.find(admin, Wanted(text="jyj"))]
    assert ranks == sorted(ranks) and ranks[0] == 0 and ranks[1] == 1
    assert [each.rank for each in directory.find(admin, Wanted(text="退休"))] == [2]


@pytest.mark.parametrize("typed", ["%", "_", "' or 1=1 --", "\0", "𬭩", "x" * 500])
def test_odd_signs_find_what_they_say_and_nothing_else(login, typed):
    page = login("gongwei").get("/organizations/", {"q": typed})
    assert page.status_code == 200
    wanted = tidy(typed)
    assert all(wanted in f"{row['name']}{row['code']}".lower() for row in page.context["rows"])


def test_an_earlier_name_is_found_too(city, login):
    services.rename(organization=city.place("jyj_zb1"), name="市教育局机关党员示范支部",
                    short_name="教育局示范支部", on=TODAY, by=SYSTEM)
    page = login("gongwei").get("/organizations/", {"q": "第一党支部"})
    assert "市教育局机关党员示范支部" in names(page)


def test_nobody_finds_what_lies_out_of_his_scope(login):
    page = login("jyj_jgdw").get("/organizations/", {"q": "财政局"})
    assert names(page) == [] and "没有符合条件的单位和组织" in page.text
    assert names(login("gongwei").get("/organizations/", {"q": "财政局"}))  # the control
    seen = names(login("jyj_zb1").get("/organizations/"))
    assert seen == ["市教育局机关第一党支部"]


def test_a_filter_by_kind_by_window_and_by_closing(city, login):
    desk = login("gongwei")
    units = names(desk.get("/organizations/", {"kind": "unit"}))
    assert len(units) == 3 and UNIT in units
    windows = names(desk.get("/organizations/", {"window": "1"}))
    assert 0 < len(windows) < len(names(desk.get("/organizations/")))
    services.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM)
    closed = desk.get("/organizations/", {"closed": "closed"})
    assert names(closed) == ["市教育局机关第二党支部"] and "11月23日撤销" in closed.text
    assert "市教育局机关第二党支部" not in names(desk.get("/organizations/"))
    assert "市教育局机关第二党支部" in names(desk.get("/organizations/", {"closed": "all"}))


def test_nonsense_in_the_address_filters_nothing(login):
    page = login("gongwei").get("/organizations/", {"kind": "x", "closed": "x", "page": "x"})
    assert UNIT in names(page) and not page.context["clear_url"]


def test_the_secretary_and_the_unit_stand_in_the_row(city, login):
    rows = {row["name"]: row for row in login("gongwei").get("/organizations/").context["rows"]}
    branch = rows["市教育局机关第一党支部"]
    assert (branch["head"], branch["unit"], branch["kind"]) == ("李一帆", "市教育局党组", "党支部")
    services.end(appointment=city.user("jyj_zb1").posts[0], last_day=date(2026, 11, 22), by=SYSTEM)
    rows = {row["name"]: row for row in login("gongwei").get("/organizations/").context["rows"]}
    assert rows["市教育局机关第一党支部"]["head"] == "空缺"


def add_branches(city, start: int, count: int) -> None:
    """Branches more below the organ committee, each with its secretary."""
    user = city.user("jyj_zb1")
    for number in range(start, start + count):
        branch = Organization.objects.add_child(city.place("jyj_jgdw"), {
            "kind": "branch", "name": f"添设第{number}支部", "short_name": f"添设{number}",
            "code": f"NEW{number}", "founded_on": TODAY})
        services.appoint(user=user, role=RoleCode.BRANCH_SECRETARY, organization=branch,
                         starts_on=TODAY, by=SYSTEM)


@pytest.mark.parametrize("address", ["/organizations/", "/organizations/?q=支部",
                                     "/organizations/tree/"])
def test_the_pages_ask_as_much_however_many_organisations_there_are(city, login, address):
    desk, counts = login("gongwei"), []
    desk.get(address)
    for start, more in ((0, 3), (3, 40)):
        add_branches(city, start, more)
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(address)
        assert f"添设第{start + more - 1}支部" in page.text
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_a_page_holds_a_hundred(city, login, monkeypatch):
    monkeypatch.setattr(directory_page, "PAGE", 5)
    desk = login("gongwei")
    first, second = (desk.get("/organizations/", {"page": number}) for number in (1, 2))
    assert len(names(first)) == 5 and not set(names(first)) & set(names(second))
    assert "第1至5个" in first.text and 'href="?page=2"' in first.text
    monkeypatch.undo()
    assert directory_page.PAGE == 100


# --- the tree -----------------------------------------------------------------------------


def depths(nodes) -> list[tuple[str, int]]:
    """Each name with its depth, as the page nests them."""
    found, depth = [], 0
    for node in nodes:
        found.append((node["name"], depth))
        depth += bool(node["begins"]) - len(node["ends"])
    assert depth == 0  # every list that begins also ends
    return found


def test_the_tree_nests_as_the_organisations_do(city):
    nodes = directory_page.tree(city.user("gongwei"))
    kinds = dict(depths(nodes))
    assert (kinds[UNIT], kinds[ORGAN], kinds["市教育局机关第一党支部"]) == (1, 2, 3)
    assert len(nodes) == Organization.objects.active().count()
    assert [node["count"] for node in nodes][0] == len(nodes) - 1


def test_of_the_tree_one_sees_the_own_part(city):
    nodes = depths(directory_page.tree(city.user("jyj_jgdw")))
    assert nodes[0] == (UNIT, 0) and "财政局" not in str(nodes)
    assert depths(directory_page.tree(city.user("jyj_zb1"))) == [("市教育局机关第一党支部", 0)]
    assert directory_page.tree(city.user("xitong")) == []


def test_the_tree_works_without_a_script(login):
    page = login("gongwei").get("/organizations/tree/").text
    assert page.count("<details") == page.count("</details>") == page.count("<summary")
    assert page.count("<ul") == page.count("</ul>") and page.count("<li>") == page.count("</li>")
    assert page.count("<details open") == 1


def test_a_closed_organisation_is_no_part_of_the_tree(city, login):
    services.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM)
    assert "市教育局机关第二党支部" not in login("gongwei").get("/organizations/tree/").text


@pytest.mark.parametrize("who, label", [("gongwei", "单位"), ("jyj_jgdw", "组织")])
def test_the_bar_leads_to_the_directory(login, who, label):
    bar = login(who).get("/me/").context["desk_nav"]
    assert {"label": label, "url": "/organizations/"} in [
        {"label": each["label"], "url": each["url"]} for each in bar]
