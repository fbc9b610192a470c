"""The working days of a year in the admin: look, enter, paste, load, settle."""

from datetime import date
from types import SimpleNamespace

import pytest

from apps.checklists import tasks
from apps.checklists.models import Occurrence
from apps.checklists.services import publishing
from apps.core import audit, calendar
from apps.core.act import SYSTEM
from apps.core.models import AuditEvent, CalendarYear, Job, WorkingDay
from apps.dashboard.calendar_page import spans
from tests.city import YEAR
from tests.forms_on_page import form_on

NEXT = YEAR + 1
HOME = "/admin/calendar/"
PAGE, THIS = f"{HOME}{NEXT}/", f"{HOME}{YEAR}/"


@pytest.fixture
def admin(login):
    return login("gongwei_admin")


@pytest.fixture
def next_year(city):
    publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)


def days(year=NEXT) -> dict[str, str]:
    """What the table holds of a year."""
    return {f"{row.day:%m-%d}": f"{'班' if row.is_working else '休'}{row.name}"
            for row in WorkingDay.objects.filter(day__year=year).order_by("day")}


def enter(admin, **typed):
    good = {"kind": "off", "first": "2月5日", "last": "", "name": "春节"}
    return admin.post(PAGE, good | typed, follow=True)


def paste(admin, text: str):
    return admin.post(f"{PAGE}paste/", {"lines": text}, follow=True)


# --- who ----------------------------------------


@pytest.mark.parametrize("who, status", [
    ("gongwei_admin", 200), ("gongwei_admin2", 200), ("gongwei", 403), ("ducha", 403),
    ("xitong", 403), ("shenji", 403), ("jyj_jgdw", 403), ("jyj_zb1", 403)])
def test_only_an_administrator_comes_in(login, who, status):
    browser, before = login(who), WorkingDay.objects.count()
    for page in (PAGE, f"{PAGE}paste/", f"{PAGE}settle/"):
        assert browser.get(page).status_code == status
    if status == 403:
        posts = {PAGE: {"kind": "off", "first": "2月5日", "name": "春节"},
                 f"{PAGE}paste/": {"lines": "2月5日 放假 春节"}, f"{THIS}load/": {},
                 f"{THIS}settle/": {}, f"{THIS}reopen/": {}}
        assert [browser.post(page, body).status_code for page, body in posts.items()] == [403] * 5
        assert (WorkingDay.objects.count(), Job.objects.count()) == (before, 0)


@pytest.mark.parametrize("year, status", [
    (YEAR - 2, 404), (YEAR - 1, 200), (YEAR + 2, 200), (YEAR + 3, 404), (9999, 404)])
def test_only_the_years_around_are_offered(admin, year, status):
    assert admin.get(f"{HOME}{year}/").status_code == status


def test_home_leads_to_the_year_that_is_to_be_entered(admin):
    assert admin.get(HOME)["Location"] == PAGE
    CalendarYear.objects.create(year=NEXT)
    calendar.forget()
    assert admin.get(HOME)["Location"] == THIS


def test_the_first_page_of_the_admin_leads_there(admin, login):
    card = {card["title"]: card for card in admin.get("/admin/").context["cards"]}["工作日"]
    assert card["url"] == HOME
    assert card["text"] == "2027年的放假安排还没有录完，日期是暂定的。"
    CalendarYear.objects.create(year=NEXT)
    calendar.forget()
    assert "2026年、2027年都录完了。" in admin.get("/admin/").text
    assert HOME not in login("gongwei").get("/admin/").text


# --- what it shows ----------------------------------------


def cells(page, month: int) -> dict[int, tuple]:
    """By day: class and word."""
    weeks = page.context["months"][month - 1]["weeks"]
    return {cell["figure"]: (cell["class"], cell["word"])
            for week in weeks for cell in week if cell}


def test_holidays_and_moved_days_have_a_word_and_a_colour(admin):
    page = admin.get(THIS)
    october = cells(page, 10)
    assert october[1] == ("is-rest", "休") and october[10] == ("is-worked", "班")
    assert october[3] == ("is-weekend", "") and october[8] == ("", "")
    assert '<td class="is-rest" title="国庆节">1<b>休</b></td>' in page.text
    assert sorted(october) == list(range(1, 32)) and len(cells(page, 2)) == 28
    assert page.text.count('aria-current="date"') == 1


def test_the_list_reads_like_the_notice(admin):
    found = {each["name"]: each for each in admin.get(THIS).context["holidays"]}
    assert found["国庆节"]["off"] == "10月1日 周四至10月2日 周五、10月5日 周一至10月7日 周三"
    assert found["国庆节"]["worked"] == "9月20日 周日、10月10日 周六"
    assert "没有写名称" not in found


@pytest.mark.parametrize("chosen, words", [
    ([], ""), ([1], "3月1日 周一"), ([1, 2, 3], "3月1日 周一至3月3日 周三"),
    ([1, 3], "3月1日 周一、3月3日 周三")])
def test_days_in_a_row_are_read_as_a_span(chosen, words):
    assert spans([date(NEXT, 3, day) for day in reversed(chosen)]) == words


def test_a_year_that_is_open_says_how_many_dates_are_provisional(admin, next_year):
    page = admin.get(PAGE)
    assert "39个期限是暂定的" in page.text and "还没有录完" in page.text
    assert "全年已录完" not in page.text, "an empty year cannot be entered completely"
    enter(admin)
    assert f'href="{PAGE}settle/"' in admin.get(PAGE).text


def test_an_entered_year_says_what_a_change_still_does(admin):
    page = admin.get(THIS)
    assert "已录完" in page.text and "以后新出的日期" in page.text
    assert f"{THIS}reopen/" not in page.text, "dates rest on it"


# --- a range ----------------------------------------


def test_a_range_is_entered_without_its_weekends(admin):
    page = enter(admin, first="2月5日", last="２０２７年2月9日")
    assert "已记下3天。另有2天平常就是这样，没有录。" in page.text
    assert days() == {"02-05": "休春节", "02-08": "休春节", "02-09": "休春节"}
    last = AuditEvent.objects.filter(code="core.calendar.set").order_by("-number")[0]
    assert audit.sentence(last) == "周海宁把2027-02-09 周二由上班改为放假（春节）"


def test_a_worked_weekend_and_back(admin):
    enter(admin, kind="work", first="2月6日", last="2月7日")
    assert days() == {"02-06": "班春节", "02-07": "班春节"}
    page = enter(admin, kind="plain", first="2月7日", name="")
    assert "已记下1天。" in page.text and days() == {"02-06": "班春节"}


@pytest.mark.parametrize("typed, field, sentence", [
    ({"first": ""}, "first", "请填第一天。"), ({"first": "2月30日"}, "first", "没有这一天"),
    ({"last": "2月4日"}, "last", "这一天在第一天之前。"),
    ({"last": "3月8日"}, "last", "一次最多录31天。"), ({"name": " "}, "name", "请写是哪个节"),
    ({"name": "节" * 21}, "name", "请写在20字以内。"), ({"kind": ""}, "kind", "请选放假"),
    ({"kind": "half"}, "kind", "请选放假"),
    ({"kind": "work"}, None, "2027年2月5日是周五，本来就上班。"),
    ({"first": "2月6日"}, None, "不用录"), ({"kind": "plain"}, None, "没有调整过"),
    ({"first": "2029年2月5日"}, None, "这里只录2025年至2028年的工作日。")])
def test_what_cannot_be_entered_is_said_and_what_was_typed_stays(admin, typed, field, sentence):
    page = enter(admin, **typed)
    errors = page.context["form"].errors
    assert sentence in str(errors[field or "__all__"]) and sentence in page.text
    assert form_on(page, "days")["first"] == typed.get("first", "2月5日")
    assert days() == {}


# --- pasted lines ----------------------------------------


def test_lines_are_entered_at_once(admin):
    page = paste(admin, "２０２７-０１-０１　放假　元旦\n1月2日 放假 元旦\n2月6日（周六）上班 春节")
    assert "已记下2天。另有1天平常就是这样，没有录。" in page.text
    assert days() == {"01-01": "休元旦", "02-06": "班春节"}


def test_each_wrong_line_is_named_in_order_and_nothing_is_entered(admin):
    text = "\n".join([
        "1月1日 放假 元旦", "2月8日 上班 春节", "2月30日 放假 春节", "4月5日",
        "2030-05-03 放假 劳动节", f"5月3日 放假 {'节' * 21}"])
    page = paste(admin, text)
    sentences = page.context["lines"].errors["lines"]
    assert [sentence.partition("：")[0] for sentence in sentences] == [
        "第2行", "第3行", "第4行", "第5行", "第6行"]
    for part in ("本来就上班", "没有这一天", "没有写放假还是上班", "这里只录", "名称太长"):
        assert part in page.text
    assert days() == {}
    assert form_on(page, "lines")["lines"] == text
    assert "<details class=\"fz-more\" open>" in page.text


def test_an_empty_box_is_said(admin):
    assert "请粘贴至少一行。" in paste(admin, " ").text


def test_lines_that_change_nothing_are_said(admin):
    assert "不用录" in paste(admin, "1月2日 放假 元旦").text


# --- the notice ----------------------------------------


def test_what_the_table_lacks_of_the_notice_is_loaded(admin):
    assert f"{THIS}load/" not in admin.get(THIS).text
    WorkingDay.objects.filter(day__in=[date(YEAR, 10, 1), date(YEAR, 10, 2)]).delete()
    page = admin.get(THIS)
    assert "表里还缺2天" in page.text and f"{THIS}load/" in page.text
    page = admin.post(f"{THIS}load/", follow=True)
    assert "已按国务院通知装入2天" in page.text
    assert days(YEAR)["10-01"] == "休国庆节"


def test_a_notice_that_is_not_known_is_said(admin):
    page = admin.post(f"{HOME}{YEAR + 2}/load/", follow=True)
    assert "还没有收录2028年的放假通知" in page.text
    assert f"{HOME}{YEAR + 2}/load/" not in page.text


@pytest.mark.parametrize("act", ["load", "reopen"])
def test_acts_take_only_post(admin, act):
    assert admin.get(f"{THIS}{act}/").status_code == 405


# --- settle ----------------------------------------


def test_before_the_year_is_complete_the_dates_that_move_are_shown(admin, next_year):
    paste(admin, "4月30日 放假 清明\n1月4日 放假 元旦")
    page = admin.get(f"{PAGE}settle/")
    assert page.context["moved"] == [
        {"title": "三会一课", "period": "12月", "old": "2027年1月4日 周一",
         "new": "2027年1月5日 周二"},
        {"title": "主题党日", "period": "4月", "old": "2027年4月30日 周五",
         "new": "2027年4月29日 周四"}]
    assert "共39个期限定下，其中2个换日子。" in page.text


def test_settling_leads_to_its_progress_and_back(admin, next_year):
    paste(admin, "4月30日 放假 清明")
    answer = admin.post(f"{PAGE}settle/")
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    page = admin.get(answer["Location"])
    assert "定下39个期限，7次任务换了最迟日期。" in page.text
    assert page.context["job"]["back_url"] == HOME
    moved = Occurrence.unscoped.filter(period=f"{NEXT}-04", due_on=date(NEXT, 4, 29))
    assert moved.count() == 7
    assert "以后新出的日期" in admin.get(PAGE).text


def test_an_entered_year_whose_dates_wait_says_so(admin, next_year, monkeypatch):
    monkeypatch.setattr(tasks, "settle_dates", SimpleNamespace(enqueue=lambda **values: None))
    paste(admin, "4月30日 放假 清明")
    admin.post(f"{PAGE}settle/")
    page = admin.get(PAGE)
    assert "还有39个期限是暂定的" in page.text and f'href="{PAGE}settle/"' in page.text


@pytest.mark.parametrize("year, sentence", [
    (NEXT, "2027年还没有录入放假和调休的日子。"), (YEAR, "正在进行")])
def test_what_keeps_it_from_settling_is_said(admin, year, sentence):
    if year == YEAR:
        Job.objects.create(kind="settle", title="定", created_at=calendar.now(),
                           moved_at=calendar.now())
    assert sentence in admin.post(f"{HOME}{year}/settle/", follow=True).text
    assert not CalendarYear.objects.filter(year=NEXT).exists()


def test_a_year_marked_by_mistake_is_taken_back(admin):
    paste(admin, "4月30日 放假 清明")
    CalendarYear.objects.create(year=NEXT)
    assert f"{PAGE}reopen/" in admin.get(PAGE).text
    assert "改回没有录完。" in admin.post(f"{PAGE}reopen/", follow=True).text
    assert not CalendarYear.objects.filter(year=NEXT).exists()
    assert admin.post(f"{THIS}reopen/").status_code == 409
