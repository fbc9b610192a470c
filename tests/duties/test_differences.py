"""Two versions compared duty by duty: pure arithmetic over codes and fields."""

from dataclasses import replace

import pytest

from apps.duties import differences, wording
from apps.duties.catalogue_entries import DutyEntry
from tests.duties.conftest import DUTY

ONE = DutyEntry(**DUTY)
TWO = replace(ONE, code="DZ-02", title="另一项")


def names(change) -> list[str]:
    return [each.name for each in change.fields]


def test_equal_versions_do_not_differ():
    found = differences.between([ONE, TWO], [TWO, ONE])
    assert not found and found == differences.Difference()


def test_duties_are_matched_by_code():
    new = replace(ONE, code="DZ-03")
    found = differences.between([ONE, TWO], [TWO, new])
    assert (found.added, found.withdrawn, found.changed) == ((new,), (ONE,), ())


def test_a_change_names_each_field_with_both_values():
    new = replace(ONE, title="每季一会", minutes=20)
    (change,) = differences.between([ONE], [new]).changed
    assert change.code == "DZ-01" and names(change) == ["title", "minutes"]
    assert (change.fields[1].old, change.fields[1].new) == (10, 20)


def test_the_order_within_a_list_is_no_difference():
    both = replace(ONE, clauses=["1.0.1", "1.0.2"])
    assert not differences.between([both], [replace(both, clauses=["1.0.2", "1.0.1"])])
    assert differences.between([both], [replace(both, clauses=["1.0.1"])])


@pytest.mark.parametrize("values, schedule, bearers", [
    ({"cadence": "monthly"}, True, False), ({"due": {}}, True, False),
    ({"applies_to": ["window_unit"]}, False, True), ({"also_fulfils": ["DZ-02"]}, False, True),
    ({"text": "另说。"}, False, False)])
def test_what_touches_dates_and_what_touches_bearers_is_told_apart(values, schedule, bearers):
    (change,) = differences.between([ONE], [replace(ONE, **values)]).changed
    assert change.touches(differences.SCHEDULE) is schedule
    assert change.touches(differences.BEARERS) is bearers


@pytest.mark.parametrize("name, value, shown", [
    ("due", {"anchor": "period_end", "days": 0, "shift": "earlier"}, "每期最后一天，遇休息日提前"),
    ("due", {"anchor": "period_end", "days": 3, "shift": "later"}, "每期结束后3天，遇休息日顺延"),
    ("due", {"anchor": "period_end", "days": -11, "shift": "earlier"},
     "每期结束前11天，遇休息日提前"),
    ("due", {"anchor": "period_start", "days": 9, "shift": "later"}, "每期第10天，遇休息日顺延"),
    ("due", {"month": 6, "day": 30, "shift": "earlier"}, "6月30日，遇休息日提前"),
    ("cadence", "quarterly", "每季度"), ("applies_to", ["window_unit"], "窗口单位"),
    ("clauses", ["1.0.1", "1.0.2"], "1.0.1、1.0.2"), ("minutes", 10, "10"), ("due", {}, "（空）"),
    ("chapter", 3, "第3章"), ("theme", "", "（空）")])
def test_values_read_as_words(name, value, shown):
    assert wording.shown(name, value) == shown
