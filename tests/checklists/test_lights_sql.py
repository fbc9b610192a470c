"""The SQL twin says what the Python rule says."""

from datetime import date, timedelta

import pytest
from django.db.models import CharField, DateField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.checklists.lights import light
from apps.checklists.lights_sql import light_expression
from apps.checklists.models import Occurrence
from apps.duties.models import Source

TODAY = date(2026, 11, 23)
NEAR = st.integers(-20, 20).map(lambda days: TODAY + timedelta(days=days))


@pytest.fixture
def one_row(db):
    """Any row: its columns are laid over by the values of an occurrence."""
    return Source.objects.create(code="any", title="任意", short_title="任意", document="任意")


@given(
    state=st.sampled_from(Occurrence.State.values),
    due_on=NEAR,
    correct_by=st.none() | NEAR,
    ahead=st.integers(0, 10),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_python_and_sql_agree(one_row, state, due_on, correct_by, ahead):
    soon_until = TODAY + timedelta(days=ahead)
    row = Source.objects.annotate(
        state=Value(state, CharField()),
        due_on=Value(due_on, DateField()),
        correct_by=Value(correct_by, DateField()),
        light=light_expression(TODAY, soon_until),
    ).get(pk=one_row.pk)
    assert row.light == light(state, due_on, correct_by, TODAY, soon_until)


@pytest.mark.django_db
def test_the_expression_reads_the_columns_of_an_occurrence():
    rows = Occurrence.unscoped.annotate(light=light_expression(TODAY, TODAY))
    assert list(rows.values_list("light", flat=True)) == []
