"""Who bears which subject, for every shape of a unit."""

from itertools import count

import pytest

from apps.checklists.bearers import (
    Bearing,
    bearings,
    committee_bearing,
    discipline_body,
    facts,
    organ_body,
    silences,
)
from apps.organizations.models import Organization

Kind = Organization.Kind
GROUP, SECRETARY, MEMBER = "party_group", "secretary", "member"
ORGAN, DISCIPLINE, BRANCH = "organ_committee", "discipline_committee", "branch"


def node(kind, pk, **values) -> Organization:
    return Organization(pk=pk, kind=kind, **values)


UNIT = node(Kind.UNIT, 1)


def nodes(*kinds) -> list[Organization]:
    """Organisations below the unit in tree order, numbered from 2."""
    numbers = count(2)
    return [node(kind, next(numbers)) for kind in kinds]


def lists(*kinds, secretaries=(), members=()) -> set[tuple]:
    """Who bears what: (organisation, subject, subjects of the duties, holder)."""
    found = bearings(UNIT, nodes(*kinds), list(secretaries), list(members))
    return {(b.organization_id, str(b.subject), tuple(map(str, b.takes)), b.holder_id)
            for b in found}


OWN = (1, GROUP, (GROUP,), None)


def test_a_unit_without_anything_below_bears_the_party_groups_list_alone():
    assert lists() == {OWN}


def test_an_organ_committee_with_branches_and_discipline_committee():
    assert lists(Kind.ORGAN_COMMITTEE, Kind.DISCIPLINE_COMMITTEE, Kind.BRANCH, Kind.BRANCH) == {
        OWN,
        (2, ORGAN, (ORGAN,), None),
        (3, DISCIPLINE, (DISCIPLINE,), None),
        (4, BRANCH, (BRANCH,), None),
        (5, BRANCH, (BRANCH,), None),
    }


def test_without_a_discipline_committee_its_duties_fall_to_the_organ_committee():
    assert lists(Kind.ORGAN_COMMITTEE, Kind.BRANCH, Kind.BRANCH) == {
        OWN,
        (2, ORGAN, (ORGAN, DISCIPLINE), None),
        (3, BRANCH, (BRANCH,), None),
        (4, BRANCH, (BRANCH,), None),
    }


def test_a_general_branch_does_the_work_of_an_organ_committee():
    assert lists(Kind.GENERAL_BRANCH, Kind.BRANCH, Kind.BRANCH) == {
        OWN,
        (2, ORGAN, (ORGAN, DISCIPLINE), None),
        (3, BRANCH, (BRANCH,), None),
        (4, BRANCH, (BRANCH,), None),
    }


def test_a_single_branch_has_one_list_with_the_duties_of_all_three():
    assert lists(Kind.BRANCH) == {OWN, (2, BRANCH, (BRANCH, ORGAN, DISCIPLINE), None)}


def test_a_single_branch_under_an_organ_committee_keeps_to_its_own():
    assert lists(Kind.ORGAN_COMMITTEE, Kind.BRANCH) == {
        OWN, (2, ORGAN, (ORGAN, DISCIPLINE), None), (3, BRANCH, (BRANCH,), None)}


def test_a_general_branch_under_an_organ_committee_bears_no_list_of_its_own():
    assert lists(Kind.ORGAN_COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH) == {
        OWN, (2, ORGAN, (ORGAN, DISCIPLINE), None), (4, BRANCH, (BRANCH,), None)}


def test_a_party_group_of_a_branch_bears_nothing():
    assert lists(Kind.BRANCH, Kind.GROUP, Kind.GROUP) == {
        OWN, (2, BRANCH, (BRANCH, ORGAN, DISCIPLINE), None)}


def test_each_leader_has_a_list_of_his_own():
    assert lists(secretaries=[7], members=[8, 9]) == {
        OWN,
        (1, SECRETARY, (SECRETARY,), 7),
        (1, MEMBER, (MEMBER,), 8),
        (1, MEMBER, (MEMBER,), 9),
    }


@pytest.mark.parametrize("kinds", [
    (), (Kind.BRANCH,), (Kind.BRANCH, Kind.BRANCH), (Kind.GENERAL_BRANCH, Kind.BRANCH),
    (Kind.ORGAN_COMMITTEE, Kind.DISCIPLINE_COMMITTEE, Kind.BRANCH)])
def test_no_duty_of_a_subject_is_borne_twice_in_a_unit_except_by_branches(kinds):
    taken = [subject for _, _, takes, _ in lists(*kinds) for subject in takes
             if subject != BRANCH]
    assert len(taken) == len(set(taken))


def test_two_branches_with_nothing_above_have_no_body_for_organ_duties():
    assert organ_body(nodes(Kind.BRANCH, Kind.BRANCH)) is None


def test_the_committee_bears_its_own_list():
    assert committee_bearing(node(Kind.COMMITTEE, 1)) == Bearing(1, "committee", ("committee",))


# --- several bodies ---------------------------------------------------------------------


def tree(*rows) -> list[Organization]:
    """Nodes with paths: (kind, path), numbered from 2."""
    return [node(kind, pk, path=path, short_name=f"{pk}号", name=f"市{pk}号")
            for pk, (kind, path) in enumerate(rows, start=2)]


TWO_BODIES = tree(
    (Kind.GENERAL_BRANCH, "1111"), (Kind.ORGAN_COMMITTEE, "11111111"),
    (Kind.DISCIPLINE_COMMITTEE, "111111111111"), (Kind.ORGAN_COMMITTEE, "1112"),
    (Kind.DISCIPLINE_COMMITTEE, "11121111"), (Kind.BRANCH, "11121112"), (Kind.BRANCH, "11122222"))


def test_of_several_bodies_the_highest_does_the_work():
    assert organ_body(TWO_BODIES).pk == 5
    assert discipline_body(TWO_BODIES, organ_body(TWO_BODIES)).pk == 6


def test_with_several_bodies_every_subject_is_still_borne_once():
    found = [(b.organization_id, str(b.subject)) for b in bearings(UNIT, TWO_BODIES, [], [])]
    assert found == [(1, GROUP), (5, ORGAN), (6, DISCIPLINE), (7, BRANCH), (8, BRANCH)]


# --- the reasons --------------------------------------------------------------------------


def reasons(unit, *kinds) -> dict[int, str]:
    return {b.organization_id: b.reason for b in bearings(unit, nodes(*kinds), [], [])}


def test_every_list_has_its_reason():
    unit = node(Kind.UNIT, 1, leading_body="party_committee")
    found = bearings(unit, nodes(Kind.ORGAN_COMMITTEE, Kind.DISCIPLINE_COMMITTEE, Kind.BRANCH),
                     [7], [8])
    assert all(each.reason.endswith("。") for each in found)
    assert found[0].reason == "单位就是党委，党委的职责由单位承担。"


@pytest.mark.parametrize("kinds, pk, sentence", [
    ((Kind.ORGAN_COMMITTEE, Kind.DISCIPLINE_COMMITTEE), 2,
     "设有机关党委，机关党委的职责由它承担。"),
    ((Kind.ORGAN_COMMITTEE,), 2,
     "设有机关党委，机关党委的职责由它承担；没有机关纪委，那几项由它的纪检委员承担。"),
    ((Kind.GENERAL_BRANCH, Kind.BRANCH), 2,
     "没有机关党委，机关党委的职责由机关党总支承担；没有机关纪委，那几项由它的纪检委员承担。"),
    ((Kind.BRANCH,), 2, "全单位只有这一个支部，机关党委、机关纪委的职责一起写在支部的清单里。"),
    ((Kind.GENERAL_BRANCH, Kind.BRANCH), 3, "每个支部一份。"),
])
def test_the_reason_follows_the_shape(kinds, pk, sentence):
    assert reasons(UNIT, *kinds)[pk] == sentence


def test_what_has_no_list_says_why():
    found = silences(UNIT, TWO_BODIES, [7])
    assert set(found) == {2, 3, 4}
    assert found[2] == "机关党委的职责由5号承担，这里没有清单，只审核所属支部的填报。"
    assert found[4] == "机关纪委的职责由市6号承担，这里没有清单。"


@pytest.mark.parametrize("kinds, secretaries, sentence", [
    ((Kind.BRANCH,), [], "书记空缺，任职登记以后下发书记的清单。"),
    ((Kind.BRANCH, Kind.BRANCH), [7],
     "有2个支部，没有机关党委或机关党总支：机关党委的职责现在没有组织承担。"),
    ((), [7], "本单位没有自己的支部，机关党委、党支部的职责不在这里下发。"),
])
def test_a_unit_that_lacks_something_says_what(kinds, secretaries, sentence):
    assert silences(UNIT, nodes(*kinds), secretaries) == {1: sentence}


def test_a_complete_unit_is_silent_about_all_but_its_groups():
    found = silences(UNIT, nodes(Kind.ORGAN_COMMITTEE, Kind.BRANCH, Kind.GROUP), [7])
    assert found == {4: "党小组没有清单，它开的会写在支部的三会一课里。"}


# --- facts ------------------------------------------------------------------------------


@pytest.mark.parametrize("kinds, expected", [
    ((), set()),
    ((Kind.BRANCH,), set()),
    ((Kind.BRANCH, Kind.BRANCH), {"several_branches"}),
    ((Kind.ORGAN_COMMITTEE, Kind.BRANCH), {"has_organ_committee"}),
    ((Kind.GENERAL_BRANCH, Kind.BRANCH), set()),
    ((Kind.ORGAN_COMMITTEE, Kind.DISCIPLINE_COMMITTEE), {
        "has_organ_committee", "has_discipline_committee"}),
])
def test_facts_of_what_stands_below(kinds, expected):
    assert facts(UNIT, nodes(*kinds)) == expected


@pytest.mark.parametrize("values, expected", [
    ({"is_window": True}, {"window_unit"}),
    ({"leading_body": "party_group"}, {"party_group"}),
    ({"leading_body": "party_committee"}, {"party_committee"}),
])
def test_facts_of_the_unit_itself(values, expected):
    assert facts(node(Kind.UNIT, 1, **values), []) == expected
