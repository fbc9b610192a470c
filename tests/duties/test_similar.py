"""Warnings that two duties of a version ask the same."""

from dataclasses import replace

import pytest

from apps.duties import similar
from apps.duties.catalogue_entries import DutyEntry
from tests.duties.conftest import DUTY

ONE = DutyEntry(**DUTY | {
    "text": "党组每季度至少开一次会，专门研究本单位管党治党的情况，定下下一步抓什么、谁来抓。",
    "activity_kinds": ["party_group_meeting"], "theme": "governance"})
OTHER = replace(ONE, code="DZ-02", clauses=["1.0.2"], theme="",
                text="书记同班子成员谈一次话，问清分管范围里最难的一件事。")


def reasons(first, second) -> list[str]:
    return [each.reason for each in similar.alike([first, second])]


def test_two_different_duties_are_not_alike():
    assert reasons(ONE, OTHER) == []


def test_a_common_clause_is_a_reason():
    (reason,) = reasons(ONE, replace(OTHER, clauses=["1.0.2", "1.0.1"]))
    assert "1.0.1" in reason and "1.0.2" not in reason


def test_a_meeting_of_one_kind_and_theme_is_a_reason():
    assert "一次活动就能履行" in reasons(ONE, replace(OTHER, theme="governance"))[0]
    assert reasons(ONE, replace(OTHER, theme="governance", activity_kinds=["talk"])) == []
    assert reasons(replace(ONE, theme=""), OTHER) == []


@pytest.mark.parametrize("values", [{"subject": "secretary"}, {"cadence": "yearly"}])
def test_clauses_and_meetings_count_within_one_subject_and_rhythm_only(values):
    assert reasons(ONE, replace(OTHER, clauses=["1.0.1"], theme="governance", **values)) == []


def test_a_text_told_again_is_found_whoever_bears_it():
    again = replace(OTHER, subject="organ_committee", cadence="yearly", text=ONE.text.replace(
        "党组每季度", "机关党委每年"))
    assert reasons(ONE, again) == ["“做什么”几乎一样"]


def test_a_duty_that_is_fulfilled_along_is_no_second_demand():
    assert reasons(replace(ONE, also_fulfils=["DZ-02"]), replace(OTHER, clauses=["1.0.1"])) == []


def test_the_warnings_about_one_duty_leave_the_others_out():
    third = replace(ONE, code="DZ-03")
    pairs = similar.alike([ONE, OTHER, third], codes=["DZ-02"])
    assert pairs == []
    assert [(p.first.code, p.second.code) for p in similar.alike([ONE, OTHER, third], ["DZ-03"])
            ] == [("DZ-01", "DZ-03")]


def test_no_two_texts_of_the_shipped_catalogue_are_near_the_threshold(shipped):
    duties = shipped.versions[-1].duties
    nearest = max(similar.likeness(a.text, b.text) for at, a in enumerate(duties)
                  for b in duties[at + 1:])
    assert 0 < nearest < similar.NEARLY_EQUAL - 0.1


def test_texts_without_letters_are_not_alike():
    assert similar.likeness("", "") == similar.likeness("。", "！") == 0.0
