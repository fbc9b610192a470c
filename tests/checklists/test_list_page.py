"""The page of one list: chapters, lights, filters."""

from datetime import date

import pytest

from apps.checklists import list_page
from apps.checklists.models import Occurrence
from apps.checklists.services import events, reviewing
from apps.checklists.states import Day
from tests.checklists.steps import hand_in
from tests.city import TODAY

State = Occurrence.State
DAY = Day(TODAY, date(2026, 11, 30))


@pytest.fixture
def page_of(city, login):
    """`page_of("jyj_zb1", "jyj_zb1", state="todo")`: the context of a list's page."""

    def open_page(who, key, subject=None, **query):
        answer = login(who).get(f"/lists/{city.checklist(key, subject).pk}/", query)
        return answer.context

    return open_page


def rows(context) -> dict[str, dict]:
    return {row["title"]: row for chapter in context["chapters"] for row in chapter["rows"]}


def counts(context) -> dict[str, int]:
    return {each["label"]: each["count"] for each in context["filters"]}


# --- chapters -----------------------------------------------------------------------------


def test_a_list_is_ordered_by_chapters(page_of):
    found = page_of("jyj_jgdw", "jyj", "party_group")["chapters"]
    numbers = [chapter["number_label"] for chapter in found]
    assert numbers == sorted(numbers, key="一二三四五六".index)
    assert sum(len(chapter["rows"]) for chapter in found) == 4


def test_a_short_list_is_shown_unfolded(page_of):
    assert all(chapter["is_open"] for chapter in page_of("jyj_zb1", "jyj_zb1")["chapters"])


def test_a_chapter_says_how_much_is_to_be_done(city, page_of, monkeypatch):
    monkeypatch.setattr(list_page, "SHORT", 0)
    Occurrence.unscoped.exclude(item__duty__code="ZB-02").delete()
    chapters = page_of("jyj_zb1", "jyj_zb1")["chapters"]
    labels = {chapter["name"]: (chapter["count_label"], chapter["state_label"],
                                chapter["is_open"]) for chapter in chapters}
    party_day = city.item("jyj_zb1", "ZB-02").duty.chapter.name
    assert labels[party_day][1:] == ("1项要办", True)
    others = [label for name, label in labels.items() if name != party_day]
    assert {label[1:] for label in others} <= {("没有要办的", False)}


def test_the_head_names_bearer_year_and_day(page_of):
    head = page_of("jyj_shuji", "jyj", "secretary")["checklist"]
    assert head["organization"] == "市教育局党组书记郑立群"
    assert (head["subject"], head["year"]) == ("书记", 2026)
    assert head["lead"].endswith("11月23日下发。")


# --- which task a line shows ----------------------------------------------------------------


def tasks(*wanted) -> list[Occurrence]:
    """Unsaved tasks by (state, month)."""
    return [Occurrence(state=state, period=f"2026-{month:02}", starts_on=date(2026, month, 1),
                       due_on=date(2026, month, 28)) for state, month in wanted]


@pytest.mark.parametrize("wanted, month", [
    ([(State.OPEN, 9), (State.OPEN, 10), (State.OPEN, 12)], 9),
    ([(State.ACCEPTED, 9), (State.SUBMITTED, 10), (State.OPEN, 11)], 11),
    ([(State.SUBMITTED, 9), (State.SUBMITTED, 10)], 9),
    ([(State.ACCEPTED, 9), (State.RETURNED, 10), (State.OPEN, 11)], 10),
    ([(State.ACCEPTED, 9), (State.ACCEPTED, 10), (State.OPEN, 12)], 10),
    ([(State.OPEN, 12)], 12),
])
def test_a_line_shows_the_oldest_owed_then_the_waiting_then_the_last(wanted, month):
    shown = list_page.current(tasks(*wanted), DAY)
    assert shown.period == f"2026-{month:02}"


def test_a_line_without_tasks_shows_none():
    assert list_page.current([], DAY) is None


# --- lines ----------------------------------------------------------------------------------


def test_a_standing_duty_says_so_and_leads_nowhere(page_of):
    row = rows(page_of("jyj_shuji", "jyj", "secretary"))["带头自学理论"]
    assert (row["note"], row["url"], row["badge"]) == ("常态履行", "", None)


def test_what_is_fulfilled_along_shows_the_light_of_the_bearing_task(city, page_of):
    clerk = city.user("jyj_jgdw")
    first = hand_in(city.task("jyj", "DZ-01", "2026-H1"), clerk, document_number="9号",
                    activity_on=date(2026, 6, 9))
    row = reviewing.accept(occurrence=first, by=city.user("gongwei"), seen=first.version)
    hand_in(city.task("jyj", "DZ-01", "2026-H2"), clerk, document_number="10号")
    found = page_of("jyj_jgdw", "jyj", "party_group")["chapters"]
    lines = {line["note"] or line["title"]: line for c in found for line in c["rows"]}
    along = lines["随「专题研究全面从严治党」一并履行"]
    assert (along["badge"].word, along["url"], along["others"]) == ("待审核", "", [])
    assert along["title"] == city.item("jyj", "DZ-03").duty.title
    assert row.is_filed_late


def test_an_event_line_offers_its_button_to_who_fills_in_the_list(city, page_of):
    item = city.item("jyj", "DZ-04")
    row = rows(page_of("jyj_jgdw", "jyj", "party_group"))["新部署新文件跟进学习"]
    assert (row["open_event_url"], row["open_event_label"]) == (
        f"/items/{item.pk}/open/", "发生一次：有新部署新文件")
    assert row["note"] == "发生一次报一次，今年还没有登记"


def test_who_only_reads_is_offered_no_button(page_of):
    row = rows(page_of("ducha", "jyj", "party_group"))["新部署新文件跟进学习"]
    assert row["open_event_url"] == ""


def test_each_event_is_reached_from_the_line_of_its_duty(city, page_of):
    item, clerk = city.item("jyj", "DZ-04"), city.user("jyj_jgdw")
    for event in ("推进会精神", "新条例"):
        events.open_event(item=item, event=event, happened_on=TODAY, by=clerk)
    found = rows(page_of("jyj_jgdw", "jyj", "party_group"))
    row = found["新部署新文件跟进学习：推进会精神"]
    assert [each["title"] for each in row["others"]] == ["新部署新文件跟进学习：新条例"]
    assert row["open_event_url"]
    assert [each for each in found.values() if each["open_event_url"]] == [row]


def test_the_other_begun_tasks_of_the_year_are_folded_below(city, page_of):
    """The oldest owed stands in the line; December has not begun."""
    row = rows(page_of("jyj_zb1", "jyj_zb1"))["主题党日（1月）"]
    assert [each["title"] for each in row["others"]] == [
        f"主题党日（{month}月）" for month in range(2, 12)]


def test_every_begun_task_of_a_list_is_one_click_away(city, page_of):
    shown = rows(page_of("jyj_zb1", "jyj_zb1")).values()
    urls = [row["url"] for row in shown] + [each["url"] for row in shown for each in row["others"]]
    begun = Occurrence.unscoped.filter(organization__code="JYJ_ZB1", starts_on__lte=TODAY)
    assert sorted(urls) == sorted(f"/tasks/{task.pk}/" for task in begun)


def test_the_folded_ones_are_links_on_the_page(city, login):
    page = login("jyj_zb1").get(f"/lists/{city.checklist('jyj_zb1').pk}/")
    task = city.task("jyj_zb1", "ZB-02", "2026-06")
    assert "今年其他10次" in page.text and f'href="/tasks/{task.pk}/"' in page.text


def test_a_duty_without_a_task_this_year_says_so(city, page_of):
    """A list that began in December: what was due before is not owed."""
    Occurrence.unscoped.filter(item__duty__code="ZB-03").delete()
    row = rows(page_of("jyj_zb1", "jyj_zb1"))["组织生活会和民主评议"]
    assert (row["note"], row["url"], row["others"]) == ("今年不用报", "", [])


def test_a_line_leads_to_its_task_with_rhythm_and_date(city, page_of):
    Occurrence.unscoped.filter(due_on__lt=TODAY).delete()
    row = rows(page_of("jyj_zb1", "jyj_zb1"))["主题党日（11月）"]
    task = city.task("jyj_zb1", "ZB-02", "2026-11")
    assert (row["url"], row["when"]) == (f"/tasks/{task.pk}/", "每月 · 11月30日 周一")
    assert row["badge"].word == "剩5个工作日"


# --- filters --------------------------------------------------------------------------------


def test_filters_count_the_tasks(city, page_of):
    """Three duties: 三会一课 waits, 主题党日 is soon due, 组织生活会 is owed no more."""
    Occurrence.unscoped.filter(due_on__lt=TODAY).delete()
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    context = page_of("jyj_zb1", "jyj_zb1")
    assert counts(context) == {"全部": 3, "要办": 1, "待审核": 1, "未到期": 0, "已完成": 0}


def test_filters_count_every_begun_task_of_a_duty(city, page_of):
    """18 late and the party day; November's meeting has time; two wait, one is done."""
    li = city.user("jyj_zb1")
    for month in (3, 4, 5):
        row = hand_in(city.task("jyj_zb1", "ZB-02", f"2026-{month:02}"), li,
                      activity_on=date(2026, month, 9))
    reviewing.accept(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version)
    context = page_of("jyj_zb1", "jyj_zb1")
    assert counts(context) == {"全部": 3, "要办": 19, "待审核": 2, "未到期": 1, "已完成": 1}


@pytest.mark.parametrize("state", ["todo", "sent", "open", "done"])
def test_a_filter_shows_as_many_lines_as_it_counts(city, page_of, state):
    li = city.user("jyj_zb1")
    for month in (3, 4, 5):
        row = hand_in(city.task("jyj_zb1", "ZB-02", f"2026-{month:02}"), li,
                      activity_on=date(2026, month, 9))
    reviewing.accept(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version)
    context = page_of("jyj_zb1", "jyj_zb1", state=state)
    (count,) = [each["count"] for each in context["filters"] if each["is_current"]]
    assert sum(len(chapter["rows"]) for chapter in context["chapters"]) == count > 0


def test_what_is_fulfilled_along_is_not_counted_twice(city, page_of):
    shown = rows(page_of("jyj_jgdw", "jyj", "party_group", state="todo"))
    assert city.item("jyj", "DZ-03").duty.title not in str(set(shown))
    Occurrence.unscoped.filter(item=city.item("jyj", "DZ-01")).update(state=State.EXCUSED)
    done = counts(page_of("jyj_jgdw", "jyj", "party_group"))["已完成"]
    assert done == 2  # the two half-years of the bearing duty


@pytest.mark.parametrize("state, titles", [
    ("todo", {"主题党日（11月）"}), ("sent", {"三会一课（11月）"}), ("open", set())])
def test_a_filter_shows_its_lines_only(city, page_of, state, titles):
    Occurrence.unscoped.filter(due_on__lt=TODAY).delete()
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    context = page_of("jyj_zb1", "jyj_zb1", state=state)
    assert set(rows(context)) == titles
    assert [each["is_current"] for each in context["filters"]].count(True) == 1


def test_a_filter_that_does_not_exist_shows_nothing_and_breaks_nothing(page_of):
    assert page_of("jyj_zb1", "jyj_zb1", state="x'--")["chapters"] == []


def test_what_is_returned_is_to_be_done_whatever_its_date(city, page_of):
    Occurrence.unscoped.filter(due_on__lt=TODAY).delete()
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补。")
    assert "三会一课（11月）" in rows(page_of("jyj_zb1", "jyj_zb1", state="todo"))


# --- the lists of a person --------------------------------------------------------------------


def test_a_single_list_opens_at_once(city, login):
    answer = login("jyj_zb1").get("/lists/")
    assert answer["Location"] == f"/lists/{city.checklist('jyj_zb1').pk}/"


def test_several_lists_are_offered_with_those_below(login):
    context = login("jyj_jgdw").get("/lists/").context
    assert [row["title"] for row in context["lists"]] == [
        "中共云川市教育局党组", "市教育局党组书记郑立群", "市教育局机关党委"]
    assert len(context["below"]) == 4  # the branches


def test_the_inspector_reads_all_and_fills_in_none(login):
    context = login("ducha").get("/lists/").context
    assert (context["lists"], len(context["below"])) == ([], 15)


def test_a_siblings_list_is_not_there(city, login):
    assert login("jyj_zb2").get(f"/lists/{city.checklist('jyj_zb1').pk}/").status_code == 404
