"""催办: who still owes is asked for it, at most once a day, and sees by whom."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists.models import Checklist, ListYear, Nudge, Occurrence
from apps.checklists.services import nudging, reporting, reviewing
from apps.checklists.services.reporting import CLASSIFIED
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Invalid, NotAllowed
from apps.core.models import AuditEvent
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY, YEAR

WORDS = "请在周三下班前报上来。"


@pytest.fixture
def october(city):
    return city.task("jyj_zb1", "ZB-01", "2026-10")


@pytest.fixture
def chen(city):
    return city.user("jyj_jgdw")


def nudge(*tasks, by, words=WORDS):
    return nudging.nudge(occurrences=tasks, words=words, by=by)


def line(task) -> str:
    rows = Occurrence.unscoped.for_page().annotate(**nudging.latest())
    return nudging.line(rows.get(pk=task.pk))


def test_it_is_kept_with_who_when_and_the_words(city, october):
    done = nudge(october, by=city.user("gongwei"))
    assert (done.done, done.already, done.settled) == (1, 0, 0)
    row = Nudge.unscoped.get()
    assert (row.by.name, row.on, row.words) == ("王启明", TODAY, WORDS)


def test_the_nudged_reads_one_line(city, october):
    assert line(october) == ""
    nudge(october, by=city.user("gongwei"))
    assert line(october) == f"王启明 11月23日催办：{WORDS}"


def test_without_words_the_line_ends_after_the_verb(chen, october):
    nudge(october, by=chen, words="")
    assert line(october) == "陈立新 11月23日催办"


def test_the_line_stands_on_the_to_do_and_on_the_page_of_the_task(login, chen, october):
    nudge(october, by=chen)
    phone, said = login("jyj_zb1"), f"陈立新 11月23日催办：{WORDS}"
    for address in ("/", f"/tasks/{october.pk}/", f"/tasks/{october.pk}/report/"):
        assert said in phone.get(address).text, address
    assert said not in login("jyj_zb2").get("/").text


def test_it_is_gone_once_the_task_is_filed(city, login, chen, october):
    nudge(october, by=chen)
    hand_in(october, city.user("jyj_zb1"))
    assert line(october) == ""
    assert "催办" not in login("jyj_zb1").get(f"/tasks/{october.pk}/").text


def test_a_return_does_not_bring_the_old_nudge_back(city, chen, october, later):
    nudge(october, by=chen)
    later(hours=1)
    row = hand_in(october, city.user("jyj_zb1"))
    reviewing.return_(occurrence=row, by=chen, seen=row.version, reason="请补一句。")
    assert line(october) == ""
    later(days=1)
    nudge(october, by=chen, words="就差一句。")
    assert line(october) == "陈立新 11月24日催办：就差一句。"


def test_the_last_one_counts(city, chen, october, later):
    nudge(october, by=chen)
    later(days=2)
    nudge(october, by=city.user("gongwei"), words="再催一次。")
    assert line(october) == "王启明 11月25日催办：再催一次。"


def test_the_same_task_is_nudged_once_a_day(city, chen, october, later):
    nudge(october, by=chen)
    again = nudge(october, city.task("jyj_zb1", "ZB-02", "2026-10"), by=city.user("gongwei"))
    assert (again.done, again.already) == (1, 1)
    assert again.sentence == "已催办1项。1项今天已经催办过，没有再催。"
    assert Nudge.unscoped.filter(occurrence=october).count() == 1
    later(days=1)
    assert nudge(october, by=chen).done == 1


def test_what_is_filed_meanwhile_is_left_alone(city, chen, october):
    hand_in(october, city.user("jyj_zb1"))
    done = nudge(october, by=chen)
    assert done.sentence == "没有催办任何一项。1项已经报了或不用报，没有催。"
    assert not Nudge.unscoped.exists() and codes(october) == ["submit"]


def test_what_has_not_begun_is_left_alone(city, chen):
    december = city.task("jyj_zb1", "ZB-01", "2026-12")
    assert nudge(december, by=chen).settled == 1


def test_a_returned_task_is_nudged_too(city, chen, october):
    row = hand_in(october, city.user("jyj_zb1"))
    reviewing.return_(occurrence=row, by=chen, seen=row.version, reason="请补一句。")
    assert nudge(october, by=chen).done == 1


def test_what_was_withdrawn_by_the_unit_is_nudged_too(city, chen, october):
    row = hand_in(october, city.user("jyj_zb1"))
    reporting.withdraw(occurrence=row, by=city.user("jyj_zb1"), seen=row.version)
    assert nudge(october, by=chen).done == 1


def test_a_closed_year_is_not_chased(chen, october):
    Checklist.unscoped.filter(pk=october.item.checklist_id).update(year=YEAR - 1)
    ListYear.objects.create(year=YEAR - 1, state="closed", closed_on=date(2026, 1, 31))
    assert nudge(october, by=chen).settled == 1


def test_one_event_for_each_task_and_one_for_the_run(city, october):
    other = city.task("jyj_zb2", "ZB-01", "2026-10")
    nudge(other, by=city.user("gongwei"), words="")
    before = AuditEvent.objects.count()
    nudge(october, other, by=city.user("jyj_shuji"))
    events = list(AuditEvent.objects.order_by("number"))[before:]
    assert [audit.sentence(each) for each in events] == [
        f"郑立群催办了三会一课（10月）：“{WORDS}”", "郑立群催办1项，另有1项当天已经催办过"]


@pytest.mark.parametrize("who", ["gongwei", "gongwei_admin", "jyj_shuji", "jyj_jgdw",
                                 "jyj_jgdwsj"])
def test_who_nudges_a_branch(city, october, who):
    assert nudge(october, by=city.user(who)).done == 1


@pytest.mark.parametrize("who", ["ducha", "jyj_zb1", "jyj_zb2", "czj_zz", "czj_shuji",
                                 "jyj_chengyuan", "xitong"])
def test_nobody_else_does_and_nothing_of_the_run_stays(city, chen, october, who):
    own = city.task("czj_zb1", "ZB-01", "2026-10")
    with pytest.raises(NotAllowed):
        nudge(own, october, by=city.user(who))
    assert not Nudge.unscoped.exists()


@pytest.mark.parametrize("words, sentence", [
    ("字" * 201, "请写在200字以内。"), ("机密★10年", CLASSIFIED)])
def test_words_that_cannot_be_taken(chen, october, words, sentence):
    with pytest.raises(Invalid) as refusal:
        nudge(october, by=chen, words=words)
    assert refusal.value.fields == {"words": sentence}


def test_the_system_may_nudge_too(october):
    assert nudge(october, by=SYSTEM, words="").done == 1
    assert line(october) == "系统 11月23日催办"


def test_many_cost_as_many_statements_as_one(city, chen):
    def count(tasks) -> int:
        with CaptureQueriesContext(connection) as queries:
            nudge(*tasks, by=chen)
        return len(queries)

    tasks = list(Occurrence.unscoped.to_do().filter(
        organization__code__startswith="JYJ_ZB", starts_on__lte=TODAY))
    assert len(tasks) > 40 and chen.posts
    count(tasks[:1])  # what a process asks once
    # SQLite takes so many rows in one INSERT and no more.
    assert count(tasks[1:3]) == count(tasks[3:23])


def test_the_to_do_asks_nothing_more_for_each_nudge(login, city, chen):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            phone.get("/")
        return len(queries)

    phone = login("jyj_zb1")
    phone.get("/")
    few = count()
    nudge(*Occurrence.unscoped.filter(organization=city.place("jyj_zb1")), by=chen)
    assert count() == few
