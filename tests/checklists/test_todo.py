"""待办: what this person must do now, and where to begin."""

from datetime import date

import pytest

from apps.checklists import todo
from apps.checklists.models import Occurrence
from apps.checklists.services import reporting, reviewing
from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.models import Appointment
from apps.organizations.roles import RoleCode
from tests.checklists.steps import hand_in
from tests.city import PASSWORD, TODAY

State = Occurrence.State


@pytest.fixture
def tidy(city):
    """Nothing is left of the months before: only this month's tasks are open."""
    Occurrence.unscoped.filter(due_on__lt=TODAY).delete()


def page(login, who):
    return login(who).get("/")


def sections(response) -> dict[str, list[str]]:
    return {each["key"]: [row["title"] for row in each["rows"]]
            for each in response.context["sections"]}


# --- sections -----------------------------------------------------------------------------


def test_begun_tasks_stand_in_the_section_of_their_light(login, tidy):
    assert sections(page(login, "jyj_zb1")) == {
        "soon": ["主题党日（11月）"], "later": ["三会一课（11月）"]}


def test_what_is_late_comes_first_and_the_oldest_on_top(login, city):
    shown = page(login, "jyj_zb1")
    assert list(sections(shown)) == ["late", "soon", "later"]
    assert sections(shown)["late"][0] == "主题党日（1月）"
    assert len(sections(shown)["late"]) == 21


def test_what_came_back_has_a_section_and_shows_the_sentence(city, login, tidy):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version,
                      reason="请补一句研究了哪些议题。")
    shown = page(login, "jyj_zb1")
    assert sections(shown) == {"back": ["三会一课（11月）"], "soon": ["主题党日（11月）"]}
    (row,) = shown.context["sections"][0]["rows"]
    assert (row["quote"], row["quote_by"]) == ("请补一句研究了哪些议题。", "陈立新")
    assert "请补一句研究了哪些议题。" in shown.text


def test_what_came_back_and_is_past_its_day_is_late(city, login, tidy, later):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补。")
    later(days=11)
    assert "三会一课（11月）" in sections(page(login, "jyj_zb1"))["late"]


def test_a_row_leads_to_the_form_and_says_what_is_asked(city, login, tidy):
    row = page(login, "jyj_zb1").context["sections"][0]["rows"][0]
    task = city.task("jyj_zb1", "ZB-02", "2026-11")
    assert (row["url"], row["ask"]) == (f"/tasks/{task.pk}/report/", "只填日期")
    assert (row["badge"].word, row["when"]) == ("剩5个工作日", "11月30日 周一")


def test_what_has_not_begun_is_not_there(login, tidy):
    assert "12月" not in str(sections(page(login, "jyj_zb1")))


def test_what_is_submitted_leaves_the_page(city, login, tidy):
    hand_in(city.task("jyj_zb1", "ZB-02", "2026-11"), city.user("jyj_zb1"))
    assert sections(page(login, "jyj_zb1")) == {"later": ["三会一课（11月）"]}


# --- the month ----------------------------------------------------------------------------


def test_the_month_counts_what_is_due_in_it(city, login):
    """October's meeting, due on 3 November, and November's party day; of the months before
    nothing is left."""
    Occurrence.unscoped.filter(due_on__lt=date(2026, 11, 1)).delete()
    shown = page(login, "jyj_zb1").context["progress"]
    assert (shown["total"], shown["left"], shown["done"], shown["sent"]) == (2, 2, 0, 0)


def test_the_month_counts_what_is_late_from_before(city, login):
    """Twenty late from before, October's meeting late since 3 November, and the party day."""
    shown = page(login, "jyj_zb1")
    assert len(sections(shown)["late"]) == 21
    progress = shown.context["progress"]
    assert (progress["total"], progress["left"]) == (22, 22)


def test_what_was_done_in_the_months_before_is_not_counted(city, login):
    before = Occurrence.unscoped.filter(due_on__lt=date(2026, 11, 1))
    before.update(state=State.EXCUSED)
    assert page(login, "jyj_zb1").context["progress"]["total"] == 2


def test_what_was_sent_late_from_before_is_not_counted_as_left(city, login):
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-09"), city.user("jyj_zb1"),
            activity_on=date(2026, 9, 9))
    progress = page(login, "jyj_zb1").context["progress"]
    assert (progress["left"], progress["sent"]) == (21, 0)


ALL_DONE = "都报完了"


def test_all_done_never_stands_above_a_late_row(city, login):
    month = Occurrence.unscoped.filter(due_on__range=(date(2026, 11, 1), date(2026, 11, 30)))
    month.update(state=State.EXCUSED)
    shown = page(login, "jyj_zb1")
    assert sections(shown)["late"]
    assert shown.context["progress"]["left"] == 20
    assert ALL_DONE not in shown.text


def test_all_done_never_stands_above_a_returned_row(city, login):
    """Returned, it is to be mended in December; it counts all the same."""
    Occurrence.unscoped.filter(due_on__lt=date(2026, 12, 1)).update(state=State.EXCUSED)
    phone = login("jyj_zb1")
    assert ALL_DONE in phone.get("/").text
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    row = reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version,
                            reason="补。")
    assert row.deadline_on == date(2026, 12, 3)
    shown = phone.get("/")
    assert sections(shown) == {"back": ["三会一课（11月）"]}
    assert shown.context["progress"]["left"] == 1
    assert ALL_DONE not in shown.text


@pytest.mark.parametrize("due_on, total", [
    (date(2026, 11, 1), 3), (date(2026, 11, 30), 3), (date(2026, 10, 31), 2),
    (date(2026, 12, 1), 2)])
def test_the_month_has_a_first_and_a_last_day(city, login, due_on, total):
    """What is closed counts by its due date alone."""
    Occurrence.unscoped.filter(due_on__lt=date(2026, 11, 1)).delete()
    Occurrence.unscoped.filter(pk=city.task("jyj_zb1", "ZB-01", "2026-12").pk).update(
        due_on=due_on, state=State.EXCUSED)
    assert page(login, "jyj_zb1").context["progress"]["total"] == total


def test_the_month_tells_done_from_sent(city, login):
    Occurrence.unscoped.filter(due_on__lt=date(2026, 11, 1)).delete()
    li, chen = city.user("jyj_zb1"), city.user("jyj_jgdw")
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-10"), li, activity_on=date(2026, 10, 9))
    reviewing.accept(occurrence=row, by=chen, seen=row.version)
    hand_in(city.task("jyj_zb1", "ZB-02", "2026-11"), li)
    shown = page(login, "jyj_zb1").context["progress"]
    assert (shown["total"], shown["left"], shown["done"], shown["sent"]) == (2, 0, 1, 1)
    assert shown["label"] == "审核通过1项，待审核1项，还要报0项"
    assert (shown["done_width"], shown["sent_x"], shown["sent_width"]) == ("50.0",) * 3


@pytest.mark.parametrize("day, expected", [
    (date(2026, 11, 23), (date(2026, 11, 1), date(2026, 12, 1))),
    (date(2026, 12, 31), (date(2026, 12, 1), date(2027, 1, 1))),
    (date(2027, 1, 1), (date(2027, 1, 1), date(2027, 2, 1))),
])
def test_a_month_goes_from_its_first_day_to_the_next_first_day(day, expected):
    assert todo.month_of(day) == expected


# --- several posts ------------------------------------------------------------------------


def test_one_post_needs_no_chip(login, tidy):
    rows = [row for each in page(login, "jyj_zb1").context["sections"] for row in each["rows"]]
    assert {row["post"] for row in rows} == {""}


def test_posts_are_merged_and_a_chip_names_each(city, login, tidy):
    services.appoint(user=city.user("jyj_zb1"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                     organization=city.place("jyj_zb2"), starts_on=TODAY)
    rows = [row for each in page(login, "jyj_zb1").context["sections"] for row in each["rows"]]
    assert sorted((row["title"], row["post"]) for row in rows) == sorted(
        (title, f"市教育局机关第{number}党支部") for number in "一二"
        for title in ("三会一课（11月）", "主题党日（11月）"))


def test_who_types_for_a_leader_sees_his_tasks_with_his_name(city, login):
    rows = [row for each in page(login, "jyj_jgdw").context["sections"] for row in each["rows"]]
    posts = {row["post"] for row in rows if row["title"].startswith("七一前")}
    assert posts == {"市教育局党组书记郑立群"}


def test_nobody_sees_tasks_of_a_leader_for_whom_he_does_not_type(login):
    assert "七一前" not in str(sections(page(login, "jyj_chengyuan")))


# --- confirm and review ---------------------------------------------------------------------


def test_the_leader_is_told_how_many_wait_for_him(city, login):
    row = hand_in(city.task("jyj", "SJ-01"), city.user("jyj_jgdw"))
    shown = page(login, "jyj_shuji")
    assert shown.context["confirm"] == {"count": 1, "url": "/confirm/"}
    assert "有1条填报由经办人代填，等您本人确认" in shown.text
    assert page(login, "jyj_jgdw").context["confirm"] is None
    reporting.confirm(occurrence=row, by=city.user("jyj_shuji"), seen=row.version)
    assert page(login, "jyj_shuji").context["confirm"] is None


@pytest.mark.parametrize("who, url", [("jyj_jgdw", "/review/"), ("jyj_jgdwsj", "/review/")])
def test_the_reviewer_is_told_how_many_wait(city, login, who, url):
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    assert page(login, who).context["review"] == {"count": 1, "url": url}


def test_the_committee_reviews_in_the_admin(city, login):
    hand_in(city.task("jyj", "DZ-02", "2026-Q4"), city.user("jyj_jgdw"), document_number="9号")
    assert page(login, "gongwei").context["review"] == {"count": 1, "url": "/admin/review/"}
    assert page(login, "ducha").context["review"] is None


# --- nothing to do --------------------------------------------------------------------------


def test_who_has_done_everything_is_told_what_comes_next(city, login):
    Occurrence.unscoped.filter(starts_on__lte=TODAY).delete()
    empty = page(login, "jyj_zb1").context["empty"]
    assert empty["title"] == "该报的都报完了"
    assert empty["text"] == "下一项是主题党日（12月），12月31日 周四。"


def test_who_has_done_the_whole_year_is_told_so(city, login):
    Occurrence.unscoped.filter(organization__code="JYJ_ZB1").update(state=State.EXCUSED)
    assert page(login, "jyj_zb1").context["empty"]["text"] == "今年的都报完了。"


@pytest.mark.parametrize("who", ["gongwei", "gongwei_admin"])
def test_the_committee_without_reports_is_sent_to_its_desk(login, who):
    empty = page(login, who).context["empty"]
    assert (empty["title"], empty["url"]) == ("没有等您审核的填报", "/admin/review/")
    assert login(who).get(empty["url"]).status_code == 200


@pytest.mark.parametrize("who", ["jyj_jw", "ducha"])
def test_who_reads_only_is_sent_to_the_lists(login, who):
    empty = page(login, who).context["empty"]
    assert (empty["title"], empty["url"]) == ("您名下没有要填的清单", "/lists/")


# --- whose own it is ------------------------------------------------------------------------


def test_a_reviewer_is_not_called_to_his_own_report(city, login):
    """He types for a branch as its clerk and reviews it at the organ committee."""
    services.appoint(user=city.user("jyj_jgdw"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                     organization=city.place("jyj_zb1"), starts_on=TODAY)
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_jgdw"))
    assert row.reviewed_by.code == "JYJ_JGDW"
    assert page(login, "jyj_jgdw").context["review"] is None
    assert page(login, "jyj_jgdwsj").context["review"]["count"] == 1


def test_who_holds_no_post_is_told_so(city, login):
    services.create_user(username="neu", name="新人", password=PASSWORD, by=SYSTEM,
                         is_demo=True)
    empty = page(login, "neu").context["empty"]
    assert (empty["title"], empty["url"]) == ("您现在没有职务", "/me/")


def test_a_post_that_ended_yesterday_leaves_nothing(city, login):
    phone = login("jyj_zb1")
    assert phone.get("/").context["sections"]
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_zb1"), by=SYSTEM)
    assert phone.get("/").context["sections"] == []


@pytest.mark.parametrize("who", ["xitong", "shenji"])
def test_technical_posts_go_to_the_admin(login, who):
    assert page(login, who)["Location"] == "/admin/"


# --- how much work --------------------------------------------------------------------------


def test_statements_do_not_grow_with_the_tasks(city, login, django_assert_max_num_queries):
    phone = login("jyj_zb1")
    phone.get("/")
    with django_assert_max_num_queries(12) as many:
        assert len(sections(phone.get("/"))["late"]) == 21
    Occurrence.unscoped.filter(due_on__lt=TODAY).delete()
    with django_assert_max_num_queries(12) as few:
        phone.get("/")
    assert len(many) == len(few)
