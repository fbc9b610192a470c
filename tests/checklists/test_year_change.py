"""A year ends: late filing until the closing, what is not done stays so, the next begins."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import override_settings

from apps.checklists import daily, states, todo
from apps.checklists.models import Checklist, Item, ListYear, Occurrence, Slot
from apps.checklists.services import publishing, reporting, reviewing, years
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.duties.models import Duty
from tests.city import YEAR

NEXT = YEAR + 1


@pytest.fixture
def next_year(city):
    """The lists of the next year, published in November."""

    def publish():
        publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)

    return publish


@pytest.fixture
def january(monday):
    """A day of the January that follows, or of another month."""

    def go(day: int, month: int = 1):
        monday.move_to(f"{NEXT}-{month:02}-{day:02}T02:00:00Z")

    return go


def item(key: str, duty: str, year: int = NEXT) -> Item:
    return Item.unscoped.select_related("checklist", "duty").get(
        checklist__organization__code=key.upper(), checklist__year=year, duty__code=duty)


def submit(task, by) -> Occurrence:
    return reporting.submit(occurrence=task, by=by, activity_on=date(YEAR, 12, 20),
                            words="开了支委会，定了明年计划。", document_number="",
                            submit_key=uuid4())


# --- carrying over ----------------------------------------------------------------------


def test_owner_measures_and_days_are_carried_and_marked(city, next_year):
    Item.unscoped.filter(pk=city.item("jyj_zb1", "ZB-01").pk).update(
        owner="李一帆", measures="每月10日前开。", days_earlier=3)
    next_year()
    now = item("jyj_zb1", "ZB-01")
    assert (now.owner, now.measures, now.days_earlier) == ("李一帆", "每月10日前开。", 3)
    assert now.carried_from_id == item("jyj_zb1", "ZB-01", YEAR).pk


def test_nothing_is_taken_from_another_unit(city, next_year):
    Item.unscoped.filter(pk=city.item("jyj_zb1", "ZB-01").pk).update(owner="李一帆")
    next_year()
    assert item("jyj_zb2", "ZB-01").owner == "" == item("czj_zb1", "ZB-01").owner


def test_what_was_withdrawn_is_not_carried(city, next_year):
    Item.unscoped.filter(pk=city.item("jyj_zb1", "ZB-01").pk).update(
        owner="李一帆", archived_on=date(YEAR, 6, 1))
    next_year()
    assert item("jyj_zb1", "ZB-01").carried_from_id is None


def test_links_lead_to_the_upper_item_of_the_new_year(city, next_year):
    lower, upper = city.item("jyj_zb1", "ZB-01"), city.item("jyj_jgdw", "JG-03")
    Item.unscoped.filter(pk=lower.pk).update(upper=upper)
    next_year()
    assert item("jyj_zb1", "ZB-01").upper_id == item("jyj_jgdw", "JG-03").pk


def test_an_own_item_comes_along_with_its_tasks(city, next_year):
    catalogue = city.item("jyj_zb1", "ZB-03").duty
    own = Duty.every.create(
        origin=Duty.Origin.OWN, code="ZD-01", position=1, chapter=catalogue.chapter,
        subject="branch", title="结对共建", text="每季度一次。", standard="", why="支部自己定的",
        evidence="words", evidence_why="", cadence="quarterly", review_mode="file", minutes=5,
        due={"anchor": "period_end", "days": 0, "shift": "earlier"})
    Item.unscoped.create(checklist=city.checklist("jyj_zb1"), duty=own, owner="吴敏")
    next_year()
    assert item("jyj_zb1", "ZD-01").owner == "吴敏"
    assert Slot.objects.filter(duty=own, year=NEXT).count() == 4
    assert item("jyj_zb1", "ZD-01").occurrences.count() == 4


def test_the_nightly_run_overwrites_nothing_that_was_changed_since(city, next_year):
    Item.unscoped.filter(pk=city.item("jyj_zb1", "ZB-01").pk).update(owner="李一帆")
    next_year()
    Item.unscoped.filter(pk=item("jyj_zb1", "ZB-01").pk).update(owner="吴敏")
    next_year()
    assert item("jyj_zb1", "ZB-01").owner == "吴敏"


def test_the_new_year_asks_nothing_before_the_first_of_january(city, next_year):
    before = todo.rows(city.user("jyj_zb1")).total
    next_year()
    assert todo.rows(city.user("jyj_zb1")).total == before
    assert Checklist.unscoped.filter(year=NEXT).first().counts_from >= date(NEXT, 1, 1)


# --- filing late and closing ------------------------------------------------------------


def test_in_january_the_year_before_can_still_be_filed(city, january):
    january(20)
    row = submit(city.task("jyj_zb1", "ZB-01", f"{YEAR}-12"), city.user("jyj_zb1"))
    assert row.is_filed_late


def test_the_timer_closes_the_year_after_its_last_day(city, january):
    january(31)
    assert daily.run(date(NEXT, 1, 31))["closed"] == 0
    january(1, month=2)
    assert daily.run(date(NEXT, 2, 1))["closed"] == 1
    assert ListYear.objects.get(year=YEAR).state == "closed"
    assert years.close_due() == []


@override_settings(YEAR_CLOSES_ON=(3, 15))
def test_a_site_closes_on_its_own_day(city, january):
    january(15, month=3)
    assert years.close_due() == []
    january(16, month=3)
    assert years.close_due() == [YEAR]


def test_a_closed_year_takes_no_report_and_says_not_done(city, january):
    january(31)
    years.close(year=YEAR, by=city.user("gongwei_admin"))
    task = city.task("jyj_zb1", "ZB-01", f"{YEAR}-12")
    with pytest.raises(Conflict, match="已经封账"):
        submit(task, city.user("jyj_zb1"))
    task.refresh_from_db()
    assert task.state == "open"
    assert states.badge(task, states.Day.now()).word == "未履行"
    assert str(todo.rows(city.user("jyj_zb1")).sections).count("三会一课（12月）") == 0


def test_what_came_in_before_the_closing_can_still_be_accepted_but_not_returned(city, january):
    january(30)
    row = submit(city.task("jyj_zb1", "ZB-01", f"{YEAR}-12"), city.user("jyj_zb1"))
    years.close(year=YEAR, by=city.user("gongwei_admin"))
    clerk = city.user("jyj_jgdw")
    with pytest.raises(Conflict, match="已经封账"):
        reviewing.return_(occurrence=row, by=clerk, seen=row.version, reason="请补一句。")
    row = city.task("jyj_zb1", "ZB-01", f"{YEAR}-12")
    assert reviewing.accept(occurrence=row, by=clerk, seen=row.version).state == "accepted"


def test_a_running_year_cannot_be_closed(city):
    with pytest.raises(Conflict, match="没有过完"):
        years.close(year=YEAR, by=city.user("gongwei_admin"))
    assert not ListYear.objects.filter(state="closed").exists()


@pytest.mark.parametrize("who", ["gongwei", "jyj_shuji", "ducha"])
def test_only_an_administrator_closes_and_reopens(city, january, who):
    january(31)
    with pytest.raises(NotAllowed):
        years.close(year=YEAR, by=city.user(who))
    years.close(year=YEAR, by=SYSTEM)
    with pytest.raises(NotAllowed):
        years.reopen(year=YEAR, by=city.user(who), reason="补报")


def test_a_year_is_reopened_with_a_reason_and_then_waits_for_a_person(city, january):
    january(31)
    admin = city.user("gongwei_admin")
    years.close(year=YEAR, by=admin)
    with pytest.raises(Invalid):
        years.reopen(year=YEAR, by=admin, reason=" ")
    years.reopen(year=YEAR, by=admin, reason="市档案馆搬迁，12月补报。")
    assert submit(city.task("jyj_zb1", "ZB-01", f"{YEAR}-12"), city.user("jyj_zb1"))
    january(10, month=2)
    assert years.close_due() == []
    last = AuditEvent.objects.filter(code="checklists.listyear.reopen").get()
    assert audit.sentence(last) == f"周海宁重新打开{YEAR}年度：“市档案馆搬迁，12月补报。”"


def test_the_event_of_closing_says_how_much_is_left(city, january):
    january(31)
    years.close(year=YEAR, by=city.user("gongwei_admin"))
    event = AuditEvent.objects.get(code="checklists.listyear.close")
    left = Occurrence.unscoped.filter(item__checklist__year=YEAR, state="open").count()
    assert event.details["undone"] == left > 0
