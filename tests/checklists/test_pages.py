"""Words of badges, of who waits for whom, and of histories."""

from datetime import date

import pytest

from apps.checklists import pages
from apps.checklists.models import Checklist, Item, Occurrence
from apps.checklists.services import publishing, reporting, reviewing
from apps.checklists.states import Day, badge
from apps.core.act import SYSTEM
from apps.core.errors import Conflict
from tests.checklists.steps import hand_in
from tests.city import TODAY

State = Occurrence.State
pytestmark = pytest.mark.usefixtures("city")


def task(state=State.OPEN, due_on=date(2026, 12, 31), **values) -> Occurrence:
    item = Item(checklist=Checklist(year=TODAY.year))
    return Occurrence(state=state, due_on=due_on, item=item, **values)


def word(row: Occurrence) -> tuple[str, str]:
    shown = badge(row, Day.now())
    return shown.word, shown.cls


# --- badges -------------------------------------------------------------------------------


@pytest.mark.parametrize("due_on, expected", [
    (date(2026, 11, 13), ("逾期6个工作日", "is-late")),
    (date(2026, 11, 20), ("逾期1个工作日", "is-late")),
    (date(2026, 11, 21), ("逾期1个工作日", "is-late")),  # a Saturday: Monday is the first day late
    (TODAY, ("今天到期", "is-soon")),
    (date(2026, 11, 24), ("剩1个工作日", "is-soon")),
    (date(2026, 11, 30), ("剩5个工作日", "is-soon")),
    (date(2026, 12, 1), ("剩6个工作日", "is-open")),
])
def test_an_open_task_counts_working_days(due_on, expected):
    assert word(task(due_on=due_on)) == expected


def test_on_a_free_day_a_task_of_the_day_before_is_late_without_a_number(monday):
    """On Saturday, what was due on Friday is late by no working day yet."""
    monday.shift(5 * 24 * 3600)
    assert word(task(due_on=date(2026, 11, 27))) == ("逾期", "is-late")


def test_a_due_date_on_a_free_day_is_today_on_that_day(monday):
    monday.shift(5 * 24 * 3600)
    assert word(task(due_on=date(2026, 11, 28))) == ("今天到期", "is-soon")


@pytest.mark.parametrize("correct_by, expected", [
    (date(2026, 11, 30), ("退回修改", "is-back")),
    (date(2026, 11, 20), ("逾期1个工作日", "is-late")),
])
def test_a_returned_task_counts_from_its_day_of_correction(correct_by, expected):
    row = task(State.RETURNED, due_on=date(2026, 11, 2), correct_by=correct_by)
    assert word(row) == expected


@pytest.mark.parametrize("confirmed, expected", [
    (True, ("待审核", "is-sent")), (False, ("待本人确认", "is-sent"))])
def test_a_submitted_task_says_for_whom_it_waits(confirmed, expected):
    assert word(task(State.SUBMITTED, date(2026, 1, 1), is_confirmed=confirmed)) == expected


@pytest.mark.parametrize("filed_on, expected", [
    (date(2026, 11, 2), "审核通过"), (date(2026, 11, 3), "审核通过"),
    (date(2026, 11, 4), "迟报1个工作日"), (date(2026, 11, 16), "迟报9个工作日"),
])
def test_an_accepted_task_says_how_late_it_was_filed(filed_on, expected):
    row = task(State.ACCEPTED, date(2026, 11, 3), first_filed_on=filed_on)
    assert word(row) == (expected, "is-done")


def test_filed_on_a_free_day_after_the_due_date_is_late_without_a_number():
    row = task(State.ACCEPTED, date(2026, 11, 6), first_filed_on=date(2026, 11, 7))
    assert word(row) == ("迟报", "is-done")


def test_an_excused_task_says_so():
    assert word(task(State.EXCUSED, date(2026, 1, 1))) == ("本期免报", "is-done")


@pytest.mark.parametrize("state", State.values)
def test_no_two_badges_differ_by_colour_alone(state):
    """Each has a shape and a word of its own beside the colour."""
    shown = badge(task(state, correct_by=date(2026, 12, 31)), Day.now())
    assert shown.word and shown.mark.startswith("m-")


# --- dates beside the badge -----------------------------------------------------------------


def test_a_late_row_says_when_it_was_due(city):
    shown = pages.row(city.task("jyj_zb1", "ZB-01", "2026-10"), Day.now())
    assert shown["when"] == "应于11月3日 周二"


def test_a_returned_row_says_until_when_to_mend(city):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    row = reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version,
                            reason="补一句。")
    assert pages.when(row) == "改好后于12月3日 周四前再报"


def test_a_filed_row_says_when_it_was_filed(city):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    assert pages.when(row) == "11月23日填报"


def test_a_second_version_says_when_the_first_was_filed(city, later):
    li = city.user("jyj_zb1")
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), li)
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补。")
    later(days=2)
    assert pages.when(hand_in(row, li)) == "11月23日首次填报"


def test_a_returned_row_past_its_day_says_when_it_should_have_been_mended(city, later):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    row = reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version,
                            reason="补一句。")
    later(days=10)
    assert pages.when(row) == "改好后于12月3日 周四前再报"
    later(days=1)
    assert pages.when(row) == "退回修改，应于12月3日 周四前改好"


# --- whose turn it is -----------------------------------------------------------------------


def test_an_open_task_waits_for_nobody_else(city):
    assert pages.waits_for(city.task("jyj_zb1", "ZB-01", "2026-11")) == ""


def test_an_entry_typed_for_a_leader_waits_for_him(city):
    row = hand_in(city.task("jyj", "SJ-01"), city.user("jyj_jgdw"))
    assert pages.waits_for(row) == "等郑立群本人确认，确认后再审核。"
    row = reporting.confirm(occurrence=row, by=city.user("jyj_shuji"), seen=row.version)
    assert pages.waits_for(row) == "由中共云川市委市直机关工作委员会审核。"


# --- what came back -------------------------------------------------------------------------


def test_a_return_shows_sentence_person_and_time(city):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    assert pages.returned(row) is None
    row = reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version,
                            reason="补一句。")
    assert pages.returned(row) == {
        "reason": "补一句。", "by": "机关党委 陈立新", "when": "11月23日 10:00"}


def test_the_sentence_stays_after_a_withdrawn_correction_and_goes_with_the_next(city):
    """Open again, the unit must still act on it; submitted, the reviewer must."""
    li = city.user("jyj_zb1")
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), li)
    reviewing.return_(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version, reason="补。")
    row = hand_in(row, li, words="补上了。")
    assert pages.returned(row) is None
    row = reporting.withdraw(occurrence=row, by=li, seen=row.version)
    assert (row.state, pages.returned(row)["reason"]) == (State.OPEN, "补。")


def test_the_last_of_two_refusals_is_shown(city, later):
    li, chen = city.user("jyj_zb1"), city.user("jyj_jgdw")
    row = city.task("jyj_zb1", "ZB-01", "2026-11")
    for reason in ("第一句。", "第二句。"):
        row = hand_in(row, li)
        row = reviewing.return_(occurrence=row, by=chen, seen=row.version, reason=reason)
        later(days=1)
    assert pages.returned(row)["reason"] == "第二句。"


# --- history --------------------------------------------------------------------------------


@pytest.fixture
def told(city, later):
    """Submitted, returned, mended and accepted, a day after the other."""
    li, chen = city.user("jyj_zb1"), city.user("jyj_jgdw")
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), li)
    later(days=1)
    row = reviewing.return_(occurrence=row, by=chen, seen=row.version, reason="补一句议题。")
    later(days=1, hours=1)
    row = hand_in(row, li, words="补上了。")
    later(days=1)
    return reviewing.accept(occurrence=row, by=chen, seen=row.version)


HISTORY = [
    ("11月26日 11:00", "陈立新审核通过了三会一课（11月）第2稿"),
    ("11月25日 11:00", "李一帆提交了三会一课（11月）第2稿"),
    ("11月24日 10:00", "陈立新退回了三会一课（11月）第1稿：“补一句议题。”"),
    ("11月23日 10:00", "李一帆提交了三会一课（11月）第1稿"),
]


def test_a_history_tells_in_sentences_the_latest_first(told):
    assert [(each["when"], each["sentence"]) for each in pages.task_history(told)] == HISTORY


def test_the_history_of_a_list_holds_that_of_its_tasks(told):
    assert [each["sentence"] for each in pages.list_history(told.item.checklist)][:4] == [
        sentence for _when, sentence in HISTORY]


def test_the_history_of_a_list_begins_with_its_issue(city):
    """One event a unit: 教育局 with its 7 lists, and no other unit's."""
    (issued,) = pages.list_history(city.checklist("jyj_zb1"))
    assert issued == {"when": "11月23日 10:00", "sentence": (
        "系统按责任目录2026.1向中共云川市教育局党组下发2026年清单：清单7份、事项21项、任务112次")}


def test_the_issue_of_another_year_is_no_part_of_it(city):
    publishing.publish(version=city.version(), year=2027, by=SYSTEM)
    assert len(pages.list_history(city.checklist("jyj_zb1"))) == 1


def test_the_history_of_another_task_does_not(city, told):
    assert pages.task_history(city.task("jyj_zb1", "ZB-01", "2026-12")) == []


def test_a_refusal_is_no_part_of_the_history(city, told):
    with pytest.raises(Conflict):
        reviewing.accept(occurrence=told, by=city.user("jyj_jgdw"), seen=told.version)
    assert len(pages.task_history(told)) == 4


def test_the_history_page_shows_it(login, told):
    page = login("jyj_zb1").get(f"/tasks/{told.pk}/history/")
    for when, sentence in HISTORY:
        assert when in page.text and sentence in page.text


# --- the task's page --------------------------------------------------------------------------


def test_a_task_shows_the_last_version_and_keeps_the_older_ones(login, told):
    context = login("jyj_zb1").get(f"/tasks/{told.pk}/").context
    assert (context["report"]["number"], context["report"]["words"]) == (2, "补上了。")
    assert [each["number"] for each in context["reports"]] == [1]


@pytest.mark.parametrize("who, labels", [
    ("jyj_zb1", ["填报"]), ("jyj_jgdw", []), ("ducha", [])])
def test_an_open_task_offers_what_each_may_do(city, login, who, labels):
    row = city.task("jyj_zb1", "ZB-01", "2026-11")
    actions = login(who).get(f"/tasks/{row.pk}/").context["actions"]
    assert [each["label"] for each in actions] == labels


@pytest.mark.parametrize("who, labels", [
    ("jyj_zb1", ["撤回"]), ("jyj_zb1_jb", []), ("jyj_jgdw", ["去审核"]), ("gongwei", [])])
def test_a_waiting_task_offers_what_each_may_do(city, login, who, labels):
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    actions = login(who).get(f"/tasks/{row.pk}/").context["actions"]
    assert [each["label"] for each in actions] == labels


def test_why_how_much_and_an_example_are_on_the_page(city, login):
    row = city.task("jyj_zb1", "ZB-01", "2026-11")
    page = login("jyj_zb1").get(f"/tasks/{row.pk}/")
    duty = row.item.duty
    for text in (duty.why, duty.standard, duty.example):
        assert text.strip() in page.text
