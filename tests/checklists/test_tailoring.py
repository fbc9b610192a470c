"""Making a list one's own: measures, owners, earlier dates, links to the list above."""

from datetime import date, timedelta

import pytest

from apps.checklists import uppers
from apps.checklists.models import Adoption, Item, ListYear, Occurrence, Petition, Slot
from apps.checklists.services import adopting, due_dates, publishing, tailoring
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.calendar import now
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.duties.models import CatalogueVersion
from tests.city import TODAY, YEAR

DEC31 = date(2026, 12, 31)


@pytest.fixture
def clerk(city):
    return city.user("jyj_jgdw")


def fresh(item) -> Item:
    return Item.unscoped.get(pk=item.pk)


def due(city, key, duty, period) -> date:
    return city.task(key, duty, period).due_on


# --- words ---------------------------


def test_many_items_are_filled_in_one_act(city, clerk):
    items = [city.item("jyj", code) for code in ("DZ-01", "DZ-02", "DZ-04")]
    changed = tailoring.tailor(items=items, by=clerk, owner=" 吴敏 ")
    assert {item.duty.code for item in changed} == {"DZ-01", "DZ-02", "DZ-04"}
    assert [fresh(item).owner for item in items] == ["吴敏"] * 3
    assert [fresh(item).measures for item in items] == [""] * 3


def test_each_event_says_what_changed(city, clerk):
    item = city.item("jyj", "DZ-02")
    tailoring.tailor(items=[item], by=clerk, measures="每季度一个专题", owner="吴敏")
    tailoring.tailor(items=[item], by=clerk, measures="", owner="吴敏", days_earlier=3)
    events = AuditEvent.objects.filter(code="checklists.item.tailor").order_by("number")
    assert [audit.sentence(event) for event in events] == [
        "陈立新调整了理论学习中心组学习：措施“每季度一个专题”，责任人“吴敏”",
        "陈立新调整了理论学习中心组学习：措施留空，提前3天"]
    assert events[1].details["old"] == {"measures": "每季度一个专题", "days_earlier": 0}


def test_what_is_the_same_is_no_change(city, clerk):
    item = city.item("jyj", "DZ-02")
    assert tailoring.tailor(items=[item], by=clerk, owner="", days_earlier=0) == []
    assert not AuditEvent.objects.filter(code="checklists.item.tailor").exists()


@pytest.mark.parametrize("values, field", [
    ({"measures": "字" * 501}, "measures"), ({"owner": "字" * 61}, "owner"),
    ({"measures": "秘密★"}, "measures"), ({"days_earlier": 181}, "days_earlier"),
    ({"days_earlier": -1}, "days_earlier")])
def test_what_cannot_be_taken_names_its_field(city, clerk, values, field):
    with pytest.raises(Invalid) as refusal:
        tailoring.tailor(items=[city.item("jyj", "DZ-02")], by=clerk, **values)
    assert list(refusal.value.fields) == [field]


# --- rights ---------------------------


@pytest.mark.parametrize("key, code, who, allowed", [
    ("jyj", "DZ-02", "jyj_jgdw", True), ("jyj", "DZ-02", "jyj_shuji", True),
    ("jyj", "DZ-02", "jyj_chengyuan", False), ("jyj", "DZ-02", "jyj_zb1", False),
    ("jyj", "DZ-02", "gongwei", False), ("jyj", "DZ-02", "czj_zz", False),
    ("jyj", "SJ-01", "jyj_jgdw", True), ("jyj", "SJ-01", "jyj_chengyuan", False),
    ("jyj_zb1", "ZB-01", "jyj_zb1_jb", True), ("jyj_zb1", "ZB-01", "jyj_jgdw", False)])
def test_who_fills_in_a_list_tailors_it(city, key, code, who, allowed):
    item = city.item(key, code)
    if allowed:
        assert tailoring.tailor(items=[item], by=city.user(who), owner="某人") == [item]
    else:
        with pytest.raises(NotAllowed):
            tailoring.tailor(items=[item], by=city.user(who), owner="某人")


def test_one_item_of_another_list_refuses_all(city):
    items = [city.item("jyj_zb1", "ZB-01"), city.item("jyj_zb2", "ZB-01")]
    with pytest.raises(NotAllowed):
        tailoring.tailor(items=items, by=city.user("jyj_zb1"), owner="某人")
    assert fresh(items[0]).owner == ""


def test_after_adoption_it_must_be_opened_first(city):
    item, who = city.item("jyj", "SJ-01"), city.user("jyj_shuji")
    adopting.sign_own(checklist=item.checklist, by=who)
    with pytest.raises(Conflict, match="已审定.*重新调整"):
        tailoring.tailor(items=[item], by=who, owner="本人")
    adopting.reopen(checklist=item.checklist, by=who, reason="换了分工")
    assert tailoring.tailor(items=[item], by=who, owner="本人") == [item]


def test_a_list_without_a_row_of_adoption_is_tailored(city, clerk):
    Adoption.unscoped.all().delete()
    item = city.item("jyj", "DZ-02")
    assert tailoring.tailor(items=[item], by=clerk, owner="吴敏") == [item]


def test_a_closed_year_is_not_tailored(city, clerk):
    item = city.item("jyj", "DZ-02")
    type(item.checklist).unscoped.filter(pk=item.checklist_id).update(year=2025)
    ListYear.objects.create(year=2025, state="closed", closed_on=TODAY)
    with pytest.raises(Conflict, match="已经封账"):
        tailoring.tailor(items=[item], by=clerk, owner="吴敏")


def test_what_was_withdrawn_is_not_tailored(city, clerk):
    item = city.item("jyj", "DZ-02")
    Item.unscoped.filter(pk=item.pk).update(archived_on=TODAY)
    with pytest.raises(Conflict, match="已经撤下"):
        tailoring.tailor(items=[item], by=clerk, owner="吴敏")


# --- earlier dates ---------------------------


def test_days_move_what_is_open_and_not_past(city, clerk):
    """三会一课 is due three days after the month: October is past, November and December move."""
    before = {p: due(city, "jyj_zb1", "ZB-01", p) for p in ("2026-10", "2026-11", "2026-12")}
    assert before["2026-10"] < TODAY < before["2026-11"]
    tailoring.tailor(items=[city.item("jyj_zb1", "ZB-01")], by=city.user("jyj_zb1"),
                     days_earlier=4)
    after = {period: due(city, "jyj_zb1", "ZB-01", period) for period in before}
    # 3 December − 4 days is Sunday 29 November: the Friday before.
    assert after == {"2026-10": before["2026-10"], "2026-11": date(2026, 11, 27),
                     "2026-12": before["2026-12"] - timedelta(days=4)}


def test_the_move_is_told_with_its_reason(city):
    tailoring.tailor(items=[city.item("jyj_zb1", "ZB-01")], by=city.user("jyj_zb1"),
                     days_earlier=4)
    event = AuditEvent.objects.filter(code="checklists.occurrence.move").order_by("number")[0]
    assert audit.sentence(event) == (
        "系统把三会一课（11月）的最迟日期由2026-12-03改为2026-11-27，因为本清单提前4天")


def test_never_before_today_nor_before_the_period_begins(city, clerk):
    tailoring.tailor(items=[city.item("jyj_zb1", "ZB-01")], by=city.user("jyj_zb1"),
                     days_earlier=100)
    assert due(city, "jyj_zb1", "ZB-01", "2026-11") == TODAY
    assert due(city, "jyj_zb1", "ZB-01", "2026-12") == date(2026, 12, 1)


def test_fewer_days_move_it_back_but_never_past_the_catalogue(city):
    item, who = city.item("jyj_zb1", "ZB-01"), city.user("jyj_zb1")
    catalogue = due(city, "jyj_zb1", "ZB-01", "2026-11")
    tailoring.tailor(items=[item], by=who, days_earlier=4)
    tailoring.tailor(items=[item], by=who, days_earlier=1)
    assert due(city, "jyj_zb1", "ZB-01", "2026-11") == catalogue - timedelta(days=1)
    tailoring.tailor(items=[item], by=who, days_earlier=0)
    assert due(city, "jyj_zb1", "ZB-01", "2026-11") == catalogue


def test_what_is_filed_or_was_agreed_stays(city):
    item, who = city.item("jyj_zb1", "ZB-01"), city.user("jyj_zb1")
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    later = task.due_on + timedelta(days=7)
    Occurrence.unscoped.filter(pk=task.pk).update(due_on=later)
    Petition.unscoped.create(
        kind="extension", item=item, occurrence=task, reason="人没到齐", proposed_on=later,
        due_before=task.due_on, due_after=later, asked_by=who, asked_at=now(),
        addressed_to=city.place("jyj_jgdw"), state="granted")
    tailoring.tailor(items=[item], by=who, days_earlier=4)
    assert due(city, "jyj_zb1", "ZB-01", "2026-11") == later
    assert due(city, "jyj_zb1", "ZB-01", "2026-12") < DEC31 + timedelta(days=3)


def test_a_duty_without_fixed_dates_keeps_its_own(city, clerk):
    item = city.item("jyj", "DZ-04")
    assert tailoring.tailor(items=[item], by=clerk, days_earlier=5) == []
    assert fresh(item).days_earlier == 0


def test_periods_that_are_inserted_later_get_the_lists_own_date(city):
    """As when publishing catches up: what it inserts carries the catalogue's date."""
    item, who = city.item("jyj_zb1", "ZB-01"), city.user("jyj_zb1")
    tailoring.tailor(items=[item], by=who, days_earlier=4)
    tailored = due(city, "jyj_zb1", "ZB-01", "2026-12")
    city.task("jyj_zb1", "ZB-01", "2026-12").delete()
    publishing.publish(version=CatalogueVersion.objects.get(), year=YEAR, by=SYSTEM)
    path = item.checklist.organization.path
    due_dates.keep_earlier(path=path, end=f"{path}~", year=YEAR)
    assert due(city, "jyj_zb1", "ZB-01", "2026-12") == tailored
    assert due_dates.keep_earlier(path=path, end=f"{path}~", year=YEAR) == 0
    assert due(city, "jyj_zb2", "ZB-01", "2026-12") > tailored


def test_when_the_calendar_settles_the_days_are_kept(city):
    item, who = city.item("jyj_zb1", "ZB-01"), city.user("jyj_zb1")
    tailoring.tailor(items=[item], by=who, days_earlier=4)
    slot = Slot.objects.get(duty=item.duty, period="2026-11")
    Slot.objects.filter(pk=slot.pk).update(is_provisional=True, due_on=date(2026, 12, 7))
    due_dates.settle(year=YEAR, by=SYSTEM)
    slot.refresh_from_db()
    assert (slot.is_provisional, slot.due_on) == (False, date(2026, 12, 3))
    assert due(city, "jyj_zb1", "ZB-01", "2026-11") == date(2026, 11, 27)


# --- the list above ---------------------------


@pytest.mark.parametrize("key, above", [
    ("jyj_zb1", "jyj_jgdw"), ("jyj_jgdw", "jyj"), ("czj_zb1", "czj_zz"),
    ("dag_zb", "dag")])
def test_which_list_is_above(city, key, above):
    assert uppers.list_above(city.checklist(key)).organization.code.lower() == above


def test_party_group_leaders_and_committee_have_none_above(city):
    for subject in ("party_group", "secretary"):
        assert uppers.list_above(city.checklist("jyj", subject)) is None


def test_lists_below_are_the_nearest_ones(city):
    def below(key, subject=None):
        rows = uppers.lists_below(city.checklist(key, subject))
        return [row.organization.code.lower() for row in rows]

    assert below("jyj", "party_group") == ["jyj_jgdw"]
    assert {"jyj_zb1", "jyj_zb4"} <= set(below("jyj_jgdw"))
    assert below("jyj", "secretary") == [] == below("jyj_zb1")
    assert below("dag", "party_group") == ["dag_zb"]


def test_shared_sections_of_the_source_suggest_the_item_above(city):
    """JG-01 and DZ-01 both stand on section 6.1 of the source."""
    item = city.item("jyj_jgdw", "JG-01")
    found = uppers.suggestion(item, uppers.candidates(item.checklist))
    assert found == city.item("jyj", "DZ-01")
    strange = city.item("jyj_jgdw", "JG-03")
    assert uppers.suggestion(strange, uppers.candidates(strange.checklist)) is None


def test_an_item_is_linked_and_unlinked(city, clerk):
    item, upper = city.item("jyj_jgdw", "JG-01"), city.item("jyj", "DZ-01")
    tailoring.link_upper(item=item, upper=upper, by=clerk)
    assert fresh(item).upper == upper
    event = AuditEvent.objects.get(code="checklists.item.link_upper")
    assert audit.sentence(event).endswith("关联到上级事项：“专题研究全面从严治党”")
    tailoring.link_upper(item=item, upper=None, by=clerk)
    assert fresh(item).upper is None


@pytest.mark.parametrize("key, code", [("czj", "DZ-01"), ("jyj_jgdw", "JG-02"), ("jyj", "SJ-01")])
def test_only_items_of_the_list_above_can_be_linked(city, clerk, key, code):
    with pytest.raises(Invalid, match="上一级清单"):
        tailoring.link_upper(item=city.item("jyj_jgdw", "JG-01"), upper=city.item(key, code),
                             by=clerk)


def test_what_does_not_apply_above_carries_nothing(city, clerk):
    upper = city.item("jyj", "DZ-01")
    Item.unscoped.filter(pk=upper.pk).update(not_applicable_since=TODAY)
    with pytest.raises(Invalid):
        tailoring.link_upper(item=city.item("jyj_jgdw", "JG-01"), upper=fresh(upper), by=clerk)
