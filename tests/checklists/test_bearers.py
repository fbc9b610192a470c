"""Who bears which subject, for every shape of a unit."""

from itertools import count

import pytest

from apps.checklists.bearers import Bearing, bearings, committee_bearing, facts, organ_body
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
