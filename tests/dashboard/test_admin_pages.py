"""The admin: who sees which table, and nobody adds or deletes past the verbs."""

import pytest

from apps.core.models import AuditEvent
from tests.checklists.steps import hand_in

TABLES = {
    "units": "/admin/organizations/organization/",
    "posts": "/admin/organizations/appointment/",
    "accounts": "/admin/organizations/user/",
    "duties": "/admin/duties/duty/",
    "audit": "/admin/core/auditevent/",
}
SEEN = {
    "gongwei_admin": {"units", "posts", "duties"},
    "gongwei": {"units", "posts", "duties"},
    "ducha": {"units", "posts", "duties"},
    "xitong": {"accounts"},
    "shenji": {"audit"},
}


@pytest.mark.parametrize("who", SEEN)
def test_each_post_sees_its_tables_only(login, who):
    phone = login(who)
    status = {name: phone.get(address).status_code for name, address in TABLES.items()}
    assert {name for name, code in status.items() if code == 200} == SEEN[who]
    assert set(status.values()) == {200, 403}


@pytest.mark.parametrize("who", SEEN)
def test_the_first_page_offers_those_tables_only(login, who):
    page = login(who).get("/admin/")
    offered = {model["admin_url"] for app in page.context["app_list"] for model in app["models"]}
    assert offered & set(TABLES.values()) == {TABLES[name] for name in SEEN[who]}


@pytest.mark.parametrize("who", ["jyj_zb1", "jyj_jgdw", "jyj_shuji"])
@pytest.mark.parametrize("address", ["/admin/", *TABLES.values()])
def test_units_have_no_business_in_the_admin(login, who, address):
    page = login(who).get(address)
    assert page.status_code == 403
    assert "这里是工委的后台，您的职务用前台。" in page.text


@pytest.mark.parametrize("who, table", [
    (who, name) for who, names in SEEN.items() for name in sorted(names)])
def test_nothing_is_added_or_deleted(login, who, table):
    phone, address = login(who), TABLES[table]
    page = phone.get(address)
    assert "addlink" not in page.text and "deletelink" not in page.text
    assert 'name="action"' not in page.text
    rows = page.context["cl"].model._default_manager
    before = (rows.count(), AuditEvent.objects.filter(outcome="done").count())
    assert phone.get(f"{address}add/").status_code == 404
    assert phone.post(f"{address}add/", {"name": "x"}).status_code == 404
    chosen = [row.pk for row in page.context["cl"].result_list]
    phone.post(address, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert (rows.count(), AuditEvent.objects.filter(outcome="done").count()) == before


def test_a_row_is_read_and_not_changed(city, login):
    phone, place = login("gongwei_admin"), city.place("jyj_zb1")
    address = f"/admin/organizations/organization/{place.pk}/change/"
    page = phone.get(address)
    assert "市教育局机关第一党支部" in page.text and 'name="_save"' not in page.text
    assert phone.post(address, {"name": "改了"}).status_code == 403
    assert city.place("jyj_zb1").name == "市教育局机关第一党支部"


def test_there_is_no_page_to_delete_a_row(city, login):
    place = city.place("jyj_zb1")
    phone = login("gongwei_admin")
    for verb in ("delete", "history"):
        answer = phone.post(f"/admin/organizations/organization/{place.pk}/{verb}/")
        assert answer.status_code == 404


def test_accounts_are_shown_without_their_passwords(city, login):
    user = city.user("jyj_zb1")
    page = login("xitong").get(f"/admin/organizations/user/{user.pk}/change/")
    assert "李一帆" in page.text and user.password not in page.text
    assert "password" not in page.context["adminform"].form.fields


def test_the_audit_is_read_in_sentences(city, login):
    page = login("shenji").get(TABLES["audit"])
    assert "系统建立账号李一帆" in page.text


def test_organisations_are_found_by_their_initials(login):
    page = login("gongwei").get(TABLES["units"], {"q": "sczj"})
    names = [each.name for each in page.context["cl"].result_list]
    assert names == ["中共云川市财政局党组"]


def test_the_first_page_says_what_waits_and_what_could_be_published(city, login):
    hand_in(city.task("jyj", "DZ-02", "2026-Q4"), city.user("jyj_jgdw"), document_number="9号")
    cards = login("gongwei_admin").get("/admin/").context["cards"]
    texts = {card["title"]: card["text"] for card in cards}
    assert texts["审核"] == "1份填报等审核。"
    assert texts["单位"] == "3个单位。"
    assert texts["下发清单"] == f"{city.version().title}，2026年度。"


@pytest.mark.parametrize("who, titles", [
    ("gongwei", {"审核", "申请", "未报", "临时任务", "单位"}), ("ducha", {"未报", "单位"}),
    ("xitong", {"账号", "名册"}), ("shenji", set())])
def test_the_first_page_has_a_card_for_what_one_may_do(login, who, titles):
    cards = login(who).get("/admin/").context["cards"]
    assert {card["title"] for card in cards} == titles


def test_tables_of_libraries_are_not_registered(login):
    for table in ("auth/group", "account/emailaddress", "mfa/authenticator", "sessions/session",
                  "django_tasks_database/dbtaskresult"):
        assert login("gongwei_admin").get(f"/admin/{table}/").status_code == 404
