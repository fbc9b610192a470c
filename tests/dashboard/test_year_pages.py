"""The years of lists in the admin: figures, closing, opening again, beginning the next."""

from datetime import date

import pytest

from apps.checklists.models import Checklist, Item, ListYear, Occurrence
from apps.checklists.services import publishing, reviewing, years
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.models import AuditEvent
from tests.checklists.steps import hand_in
from tests.city import YEAR
from tests.forms_on_page import form_on

NEXT = YEAR + 1
PAGE = "/admin/years/"
CLOSE, REOPEN = f"{PAGE}{YEAR}/close/", f"{PAGE}{YEAR}/reopen/"


@pytest.fixture
def january(monday):
    monday.move_to(f"{NEXT}-01-20T02:00:00Z")


@pytest.fixture
def admin(login):
    return login("gongwei_admin")


def row(admin, year=YEAR) -> dict:
    """The line of a year."""
    [found] = [row for row in admin.get(PAGE).context["years"] if row["year"] == year]
    return found


# --- who ----------------------------------------


@pytest.mark.parametrize("who", ["gongwei", "ducha", "xitong", "shenji", "jyj_jgdw", "jyj_zb1"])
def test_nobody_else_comes_in(login, january, who):
    browser = login(who)
    for page in (PAGE, CLOSE, REOPEN):
        assert browser.get(page).status_code == 403
    assert browser.post(CLOSE, {"seen": 0}).status_code == 403
    years.close(year=YEAR, by=SYSTEM)
    assert browser.post(REOPEN, {"seen": 1, "reason": "补报"}).status_code == 403
    assert ListYear.objects.get().state == "closed"


def test_the_first_page_of_the_admin_leads_there(admin, login, monday):
    card = {card["title"]: card for card in admin.get("/admin/").context["cards"]}["清单年度"]
    assert (card["url"], card["text"]) == (PAGE, "2026年度进行中，补报到2027年1月31日。")
    assert PAGE not in login("gongwei").get("/admin/").text
    monday.move_to(f"{NEXT}-01-20T02:00:00Z")
    admin = login("gongwei_admin")
    assert "2026年度还没有封账。" in admin.get("/admin/").text
    years.close(year=YEAR, by=SYSTEM)
    assert "2027年度进行中，补报到2028年1月31日。" in admin.get("/admin/").text


# --- figures ----------------------------------------


def test_figures_count_each_task_once(city, admin):
    for period in ("2026-08", "2026-09", "2026-10"):
        sent = hand_in(city.task("jyj_zb1", "ZB-01", period), city.user("jyj_zb1"))
    reviewing.accept(occurrence=sent, by=city.user("jyj_jgdw"), seen=sent.version)
    excused = city.task("jyj_zb1", "ZB-01", "2026-07")
    Occurrence.unscoped.filter(pk=excused.pk).update(state="excused")
    found = row(admin)
    assert (found["done"], found["waiting"], found["lists"]) == (2, 2, 15)
    assert found["tasks"] == Occurrence.unscoped.count() == sum(
        found[name] for name in ("done", "waiting", "late", "ahead"))
    owed = Occurrence.unscoped.to_do()
    assert found["late"] == owed.filter(due_on__lt=date(YEAR, 11, 23)).count() > 0


def test_a_returned_report_is_late_past_its_day_of_correction(city, admin, later):
    before = row(admin)
    sent = hand_in(city.task("jyj_zb1", "ZB-01", "2026-10"), city.user("jyj_zb1"))
    reviewing.return_(occurrence=sent, by=city.user("jyj_jgdw"), seen=sent.version, reason="补。")
    after = row(admin)
    assert (after["late"], after["ahead"]) == (before["late"] - 1, before["ahead"] + 1)


@pytest.mark.parametrize("day, word, closing", [
    (f"{YEAR}-11-23", "进行中", "补报到2027年1月31日，过后自动封账"),
    (f"{NEXT}-01-01", "可以补报", "补报到1月31日，过后自动封账")])
def test_a_year_says_when_it_closes(login, monday, day, word, closing):
    monday.move_to(f"{day}T02:00:00Z")
    found = row(login("gongwei_admin"))
    assert (found["badge"].word, found["closing"]) == (word, closing)
    assert bool(found["close_url"]) == (word == "可以补报")


def test_the_coming_year_has_not_begun(city, admin):
    publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)
    found = row(admin, NEXT)
    assert (found["badge"].word, found["closing"]) == ("未开始", "1月1日起计")
    assert (found["late"], found["ahead"], found["close_url"]) == (0, 211, "")


def test_without_lists_the_page_leads_to_publishing(admin):
    Item.unscoped.update(fulfilled_by=None)
    Checklist.unscoped.all().delete()
    page = admin.get(PAGE)
    assert "清单还没有下发" in page.text and 'href="/admin/publish/"' in page.text


# --- close and open again ----------------------------------------


def test_closing_says_what_it_does_to_how_many(city, january, login):
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-12"), city.user("jyj_zb1"))
    admin = login("gongwei_admin")
    page = admin.get(CLOSE)
    assert "没有报的210项记为未履行" in page.text and "待审核的1项还可以审核通过" in page.text
    answer = admin.post(CLOSE, form_on(page, "close"), follow=True)
    assert "2026年度已封账。" in answer.text
    found = row(admin)
    assert (found["badge"].word, found["closing"]) == ("已封账", "1月20日封账")
    assert (found["late"], found["ahead"]) == (210, 0)
    assert found["reopen_url"] == REOPEN and not found["close_url"]
    event = AuditEvent.objects.get(code="checklists.listyear.close")
    assert audit.sentence(event) == "周海宁把2026年度封账：还有210项没有报"


@pytest.mark.parametrize("seen", ["1", "", "x"])
def test_a_page_that_is_old_closes_nothing(january, login, seen):
    assert login("gongwei_admin").post(CLOSE, {"seen": seen}).status_code == 409
    assert not ListYear.objects.filter(state="closed").exists()


def test_a_running_year_cannot_be_closed(admin):
    page = admin.get(CLOSE)
    assert page.status_code == 409 and "没有过完" in page.text
    assert admin.post(CLOSE, {"seen": 0}).status_code == 409


@pytest.mark.parametrize("act", ["close", "reopen"])
def test_a_year_without_lists_is_none(admin, act):
    assert admin.get(f"{PAGE}2020/{act}/").status_code == 404


def test_an_open_year_cannot_be_opened(january, login):
    assert login("gongwei_admin").get(REOPEN).status_code == 409


def test_a_year_is_opened_again_with_a_reason(january, login):
    years.close(year=YEAR, by=SYSTEM)
    admin = login("gongwei_admin")
    page = admin.get(REOPEN)
    for reason, sentence in ((" ", "请写一句重新打开的理由。"), ("理" * 201, "200字以内")):
        answer = admin.post(REOPEN, form_on(page, "reopen", reason=reason))
        assert answer.status_code == 200 and sentence in answer.text
    answer = admin.post(REOPEN, form_on(page, "reopen", reason="市档案馆补报。"), follow=True)
    assert "2026年度已重新打开" in answer.text
    assert row(admin)["closing"] == "重新打开过，办完由您封账"
    assert "“市档案馆补报。”" in audit.sentence(
        AuditEvent.objects.get(code="checklists.listyear.reopen"))
    assert admin.post(REOPEN, form_on(page, "reopen", reason="再来")).status_code == 409


# --- the next year ----------------------------------------


@pytest.fixture
def tailored(city):
    Item.unscoped.filter(pk=city.item("jyj_zb1", "ZB-01").pk).update(owner="李一帆")
    Item.unscoped.filter(pk=city.item("jyj_zb1", "ZB-02").pk).update(
        days_earlier=2, upper=city.item("jyj_jgdw", "JG-03"))


def test_beginning_the_next_year_says_what_is_taken_over(city, tailored, admin):
    said = "填了责任人、措施或提前天数的事项2项，与上级事项的对应1条"
    page = admin.get(PAGE)
    assert f"从2026年带过来：{said}。" in page.text
    assert 'href="/admin/publish/?year=2027">开始2027年' in page.text
    page = admin.get("/admin/publish/?year=2027")
    assert page.context["form"].initial == {"year": NEXT}
    assert f"下发2027年清单时，从2026年带过来：{said}。" in page.text
    publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)
    page = admin.get(PAGE)
    assert f"从2026年带过来的：{said}。" in page.text and "开始2027年" not in page.text


def test_with_nothing_to_take_over_it_says_so(admin):
    assert "没有要带过来的。" in admin.get(PAGE).text
    assert "带过来" not in admin.get("/admin/publish/").text


def test_a_year_that_was_not_begun_in_time_is_still_the_one_to_begin(january, admin, city):
    page = admin.get(PAGE)
    assert "2027年已经开始，清单还没有下发；下发后从1月1日起计。" in page.text
    assert 'fz-btn--primary" href="/admin/publish/?year=2027">开始2027年' in page.text
    publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)
    page = admin.get(PAGE)
    assert 'class="fz-btn" href="/admin/publish/?year=2028">开始2028年' in page.text


@pytest.mark.parametrize("year", ["2025", "2028", "", "明年"])
def test_the_publish_page_proposes_no_other_year(admin, year):
    assert admin.get("/admin/publish/", {"year": year}).context["form"].initial == {"year": YEAR}


# --- what the lists say ----------------------------------------


def list_page(login, city, who="jyj_zb1", year=YEAR) -> str:
    found = Checklist.unscoped.get(organization__code="JYJ_ZB1", year=year)
    return login(who).get(f"/lists/{found.pk}/").text


def test_a_list_of_a_closed_year_says_so(city, login, january):
    assert "这一年已封账" not in list_page(login, city)
    assert "签认这份清单" in list_page(login, city)
    years.close(year=YEAR, by=SYSTEM)
    text = list_page(login, city)
    assert "这一年已封账，没有报的记为未履行。" in text
    assert "没有审定" in text and "3项未履行" not in text and "2项未履行" in text
    for door in ("签认这份清单", "调整清单", "要办", "待签认"):
        assert door not in text, door


def test_a_list_of_the_coming_year_says_from_when_it_counts(city, login, monday):
    publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)
    assert "2027年1月1日起计，现在不用报。" in list_page(login, city, year=NEXT)
    assert "起计" not in list_page(login, city)
    monday.move_to(f"{NEXT}-01-04T02:00:00Z")
    assert "起计" not in list_page(login, city, year=NEXT)
