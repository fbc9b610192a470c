"""What one year leaves to the next, and what a closed one keeps."""

from datetime import date

import pytest

from apps.checklists.models import Checklist, Item, Occurrence, Slot
from apps.checklists.services import (
    ad_hoc,
    events,
    publishing,
    succession,
    tailoring,
    years,
)
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, NotAllowed
from tests.checklists.interplay import item, leader, own_item, still_owed
from tests.checklists.sending import opened, send
from tests.checklists.test_own_items import words
from tests.city import TODAY, YEAR

State = Occurrence.State
NEXT = YEAR + 1


@pytest.fixture
def next_year(city):
    """The lists of the next year, published in November."""

    def publish():
        publishing.publish(version=city.version(), year=NEXT, by=SYSTEM)

    return publish


# --- a closed year ----------------------------------------------------------------------


@pytest.fixture
def close(city, monday):
    """February of the next year; this one is closed."""

    def shut():
        monday.move_to(f"{NEXT}-02-10T02:00:00Z")
        years.close(year=YEAR, by=SYSTEM)

    return shut


def test_what_was_not_done_is_not_taken_back_after_the_closing(city, close):
    task = send(city, "jyj")
    close()
    with pytest.raises(Conflict, match="已经封账"):
        ad_hoc.withdraw(task=task, reason="不要了", by=city.user("gongwei"))
    assert {row.state for row in opened(task)} == {State.OPEN}


def test_no_event_is_opened_in_a_closed_year(city, close):
    talk = city.item("jyj_jgdw", "JG-02")
    close()
    with pytest.raises(Conflict, match="已经封账"):
        events.open_event(item=talk, event="新任书记", happened_on=date(YEAR, 12, 1),
                          by=city.user("jyj_jgdw"))
    assert not talk.occurrences.exists()


def test_a_unit_that_is_closed_later_changes_nothing_in_a_closed_year(city, close):
    close()
    before = list(Occurrence.unscoped.filter(item__checklist__year=YEAR).order_by("pk").values())
    succession.close(organization=city.place("jyj_zb1"), on=date(YEAR, 12, 1), by=SYSTEM,
                     reason="撤并")
    assert list(Occurrence.unscoped.filter(item__checklist__year=YEAR).order_by(
        "pk").values()) == before


def test_an_event_is_checked_against_the_item_as_it_stands(city):
    """The page was opened before the item was withdrawn."""
    talk = city.item("jyj_jgdw", "JG-02")
    Item.unscoped.filter(pk=talk.pk).update(archived_on=TODAY)
    with pytest.raises(NotAllowed):
        events.open_event(item=talk, event="新任书记", happened_on=TODAY,
                          by=city.user("jyj_jgdw"))


# --- lists of the next year stand already -----------------------------------------------


def test_a_change_of_posts_in_december_reaches_the_lists_of_the_next_year(
        city, newcomer, next_year):
    next_year()
    succession.hand_over(appointment=leader(city), to=newcomer, on=TODAY, by=SYSTEM)
    lists = Checklist.unscoped.filter(organization=city.place("jyj"), year=NEXT,
                                      subject="secretary")
    assert set(lists.values_list("holder__username", flat=True)) == {"jyj_shuji", "xinren"}
    assert not still_owed(NEXT, item__checklist__holder=city.user("jyj_shuji")).exists()
    assert still_owed(NEXT, item__checklist__holder=newcomer).exists()


def test_so_do_facts_that_change(city, next_year):
    next_year()
    assert item("jyj_jgdw", "JG-02", NEXT).is_in_force
    for key in ("jyj_zb2", "jyj_zb3", "jyj_zb4"):
        succession.close(organization=city.place(key), on=TODAY, by=SYSTEM, reason="撤并")
    assert not item("jyj_jgdw", "JG-02", NEXT).is_in_force


# --- own items into the next year ---------------------------------------------------------


def test_an_own_item_that_is_worded_anew_is_not_carried_twice(city, newcomer, next_year):
    clerk = city.user("jyj_jgdw")
    row = own_item(city, clerk)
    next_year()
    carried = Item.unscoped.get(carried_from=row)
    tailoring.change_own(item=carried, by=clerk, **words(title="智慧校园联建"))
    succession.hand_over(appointment=leader(city), to=newcomer, on=TODAY, by=SYSTEM)
    assert Item.unscoped.filter(checklist=carried.checklist, duty__origin="own").count() == 1


def test_what_was_to_be_done_once_is_not_asked_again_in_the_next_year(city, next_year):
    row = own_item(city, city.user("jyj_jgdw"), "once", last_day=date(YEAR, 12, 10))
    next_year()
    assert not Item.unscoped.filter(carried_from=row).exists()
    assert not Slot.objects.filter(duty=row.duty, year=NEXT).exists()


