"""The SQL twin says what the Python rule says, on real rows of the city."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.checklists import lights_sql
from apps.checklists.lights import light
from apps.checklists.lights_sql import light_expression
from apps.checklists.models import Occurrence
from tests.checklists.steps import hand_in

TODAY = date(2026, 11, 23)
NEAR = st.integers(-20, 20).map(lambda days: TODAY + timedelta(days=days))
SHARED = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}
State = Occurrence.State


@pytest.fixture
def row(city):
    """A row with a report, so that every state is allowed."""
    return hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))


def in_sql(rows, today, soon_until):
    return rows.annotate(light=light_expression(today, soon_until))


@given(state=st.sampled_from(State.values), due_on=NEAR, correct_by=st.none() | NEAR,
       ahead=st.integers(0, 10))
@settings(**SHARED)
def test_python_and_sql_agree_on_a_row_in_any_state(row, state, due_on, correct_by, ahead):
    if state == State.RETURNED:
        correct_by = correct_by or due_on
    rows = Occurrence.unscoped.filter(pk=row.pk)
    rows.update(state=state, due_on=due_on, correct_by=correct_by)
    soon_until = TODAY + timedelta(days=ahead)
    expected = light(state, due_on, correct_by, TODAY, soon_until)
    assert in_sql(rows, TODAY, soon_until).get().light == expected


@given(today=st.dates(date(2025, 12, 1), date(2027, 2, 1)), ahead=st.integers(0, 14))
@settings(max_examples=25, **SHARED)
def test_python_and_sql_agree_on_every_row_of_the_city_on_any_day(city, today, ahead):
    soon_until = today + timedelta(days=ahead)
    for each in in_sql(Occurrence.unscoped.all(), today, soon_until):
        assert each.light == light(each.state, each.due_on, each.correct_by, today, soon_until)


def test_the_city_shows_more_than_one_light(city):
    found = in_sql(Occurrence.unscoped.all(), TODAY, TODAY + timedelta(days=7))
    assert set(found.values_list("light", flat=True)) == {"red", "yellow", "blue"}


def test_a_twin_that_forgot_the_day_of_correction_would_be_caught(row, monkeypatch):
    Occurrence.unscoped.filter(pk=row.pk).update(
        state=State.RETURNED, due_on=TODAY - timedelta(days=9), correct_by=TODAY)
    monkeypatch.setattr(lights_sql, "Coalesce", lambda first, second: F(second))
    shown = in_sql(Occurrence.unscoped.filter(pk=row.pk), TODAY, TODAY).get().light
    assert shown != light(State.RETURNED, TODAY - timedelta(days=9), TODAY, TODAY, TODAY)
