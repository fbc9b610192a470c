"""Applying an earlier version of the catalogue takes a later one back."""

import pytest

from apps.checklists.models import Occurrence
from apps.checklists.services import versions
from apps.core.act import SYSTEM
from apps.core.errors import Conflict
from apps.duties.services import drafting
from tests.checklists.drafts import apply, change_everything, drop, new_draft, picture
from tests.checklists.steps import hand_in
from tests.city import TODAY
from tests.duties.test_drafting import NEW

State = Occurrence.State


@pytest.fixture
def draft(city):
    return new_draft()


@pytest.fixture
def base(draft):
    return draft.based_on


@pytest.fixture
def everything(draft):
    change_everything(draft)
    return draft


def test_the_earlier_version_brings_everything_back(everything, base):
    items, rows = picture()
    apply(everything)
    changed = picture()
    assert changed != (items, rows)
    apply(base)
    after_items, after_rows = picture()
    assert after_items[:len(items)] == items
    assert after_rows[:len(rows)] == rows
    assert {each[8] for each in after_items[len(items):]} == {TODAY}
    assert {each[1] for each in after_rows[len(rows):]} == {State.EXCUSED}


def test_forth_and_back_and_forth_again(everything, base):
    apply(everything)
    first = picture()
    apply(base)
    apply(everything)
    items, rows = picture()
    assert [each[:9] for each in items] == [each[:9] for each in first[0]]
    assert [each[:6] for each in rows] == [each[:6] for each in first[1]]


def test_an_undo_is_refused_where_something_was_reported_against_what_was_added(
        everything, base, city):
    apply(everything)
    hand_in(city.task("jyj_zb1", "ZB-04", "2026-H2"), city.user("jyj_zb1"))
    hand_in(city.task("jyj_zb2", "ZB-01", "2026-Q4"), city.user("jyj_zb2"))
    before = picture()
    with pytest.raises(Conflict) as refusal:
        apply(base)
    for name in ("市教育局机关第一党支部“联系服务群众（下半年）”",
                 "市教育局机关第二党支部“三会一课（四季度）”"):
        assert name in refusal.value.message
    assert picture() == before


def test_at_most_ten_are_listed(draft, base, city, monkeypatch):
    monkeypatch.setattr(versions, "LISTED", 1)
    drafting.add_duty(version=draft, by=SYSTEM, **NEW)
    apply(draft)
    for who in ("jyj_zb1", "jyj_zb2"):
        hand_in(city.task(who, "ZB-04"), city.user(who))
    with pytest.raises(Conflict, match="等，共2项") as refusal:
        apply(base)
    assert "第二党支部" not in refusal.value.message


def test_what_was_reported_against_what_both_ask_hinders_no_undo(everything, base, city):
    hand_in(city.task("jyj_zb1", "ZB-02", "2026-11"), city.user("jyj_zb1"))
    apply(everything)
    report = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    apply(base)
    assert Occurrence.unscoped.get(pk=report.pk).state == State.SUBMITTED


def test_a_task_excused_by_a_person_is_not_asked_again(draft, base, city):
    task = city.task("jyj_zb1", "ZB-02", "2026-12")
    versions.advance(task, "excuse", by=SYSTEM, note="支部撤并")
    drop(draft, "ZB-02")
    apply(draft)
    apply(base)
    assert Occurrence.unscoped.get(pk=task.pk).state == State.EXCUSED
