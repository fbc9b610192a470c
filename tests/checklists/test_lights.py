"""The light of an occurrence, case by case."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.checklists.lights import Light, light

TODAY = date(2026, 11, 23)
SOON = date(2026, 11, 30)
DAYS = st.dates(date(2024, 1, 1), date(2033, 12, 31))
STATES = ("open", "submitted", "returned", "accepted", "excused")


@pytest.mark.parametrize(
    ("state", "due_on", "correct_by", "expected"),
    [
        ("accepted", date(2026, 1, 1), None, Light.GREEN),
        ("excused", date(2026, 1, 1), None, Light.GREEN),
        ("submitted", date(2026, 1, 1), None, Light.BLUE),
        ("open", date(2026, 11, 20), None, Light.RED),
        ("open", date(2026, 11, 23), None, Light.YELLOW),
        ("open", date(2026, 11, 30), None, Light.YELLOW),
        ("open", date(2026, 12, 1), None, Light.BLUE),
        ("returned", date(2026, 11, 20), date(2026, 11, 27), Light.YELLOW),
        ("returned", date(2026, 11, 20), date(2026, 12, 1), Light.BLUE),
        ("returned", date(2026, 11, 2), date(2026, 11, 20), Light.RED),
    ],
)
def test_the_light_follows_state_and_deadline(state, due_on, correct_by, expected):
    assert light(state, due_on, correct_by, TODAY, SOON) is expected


def test_the_words_of_the_lights():
    words = {"green": "办结", "blue": "正常", "yellow": "临期", "red": "逾期"}
    assert {str(each): each.word for each in Light} == words


def test_an_unknown_state_is_an_error():
    with pytest.raises(ValueError, match="lost"):
        light("lost", TODAY, None, TODAY, SOON)


@given(DAYS, st.none() | DAYS, DAYS, st.integers(0, 14))
def test_a_late_reviewer_never_colours_the_unit(due_on, correct_by, today, ahead):
    assert light("submitted", due_on, correct_by, today, today + timedelta(ahead)) is Light.BLUE


@given(st.sampled_from(STATES), DAYS, st.none() | DAYS, DAYS, st.integers(1, 14))
def test_a_light_never_grows_calmer_by_waiting(state, due_on, correct_by, today, ahead):
    order = (Light.GREEN, Light.BLUE, Light.YELLOW, Light.RED)
    now, later = (
        light(state, due_on, correct_by, day, day + timedelta(ahead))
        for day in (today, today + timedelta(1))
    )
    assert order.index(later) >= order.index(now)
