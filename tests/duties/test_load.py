"""What a catalogue asks a year: occurrences, entries and minutes, on examples by hand."""

from dataclasses import dataclass, field

import pytest

from apps.duties.load import Budget, Budgets, Load, of_branch, of_list, of_unit, times_a_year


@dataclass(frozen=True)
class D:
    """As much of a duty as the load asks."""

    code: str = "ZB-01"
    subject: str = "branch"
    cadence: str = "monthly"
    minutes: int = 5
    theme: str = ""
    activity_kinds: list = field(default_factory=list)
    also_fulfils: list = field(default_factory=list)
    applies_to: list = field(default_factory=list)
    events_a_year: int | None = None


def test_nothing_asks_nothing():
    assert of_branch([]) == Load()


@pytest.mark.parametrize("cadence, times", [
    ("monthly", 12), ("quarterly", 4), ("half_yearly", 2), ("yearly", 1), ("once", 1),
    ("standing", 0)])
def test_a_cadence_makes_so_many_occurrences_a_year(cadence, times):
    duty = D(cadence=cadence)
    assert times_a_year(duty) == times
    load = of_branch([duty])
    assert (load.duties, load.occurrences, load.entries) == (1, times, times)


def test_a_standing_duty_is_one_line_of_the_self_check_to_type():
    assert of_branch([D(cadence="standing", minutes=4)]) == Load(1, 0, 0, 4)


def test_an_event_happens_as_often_as_the_catalogue_guesses():
    event = {"cadence": "on_event", "minutes": 10}
    assert of_branch([D(events_a_year=3, **event)]) == Load(1, 3, 3, 30)
    assert of_branch([D(**event)]) == Load(1, 1, 1, 10)


def test_events_are_never_answered_together_because_they_happen_apart():
    event = {"cadence": "on_event", "events_a_year": 2, "theme": "study",
             "activity_kinds": ["study"]}
    assert of_branch([D("ZB-01", **event), D("ZB-02", **event)]).entries == 4


def test_a_duty_done_along_with_another_asks_nothing_of_its_own():
    duties = [D("ZB-01", also_fulfils=["ZB-02"], minutes=8), D("ZB-02", minutes=3)]
    assert of_branch(duties) == Load(2, 12, 12, 96)


def test_without_the_duty_that_carries_it_a_duty_stands_alone():
    """The carrying duty is another list's: the other gets its own occurrence."""
    duties = [D("JG-01", subject="organ_committee", also_fulfils=["ZB-02"]), D("ZB-02")]
    assert of_branch(duties).occurrences == 12


def test_one_activity_answers_the_duties_of_its_theme():
    shared = {"cadence": "half_yearly", "theme": "governance"}
    duties = [D("DZ-01", activity_kinds=["meeting"], minutes=10, **shared),
              D("DZ-02", activity_kinds=["meeting", "talk"], minutes=20, **shared)]
    assert of_branch(duties) == Load(2, 4, 2, 40)


@pytest.mark.parametrize("changes", [
    {"theme": "other"}, {"cadence": "yearly"}, {"activity_kinds": ["talk"]},
    {"activity_kinds": []}, {"theme": ""}])
def test_another_theme_rhythm_or_kind_is_another_entry(changes):
    shared = {"cadence": "half_yearly", "theme": "governance", "activity_kinds": ["meeting"]}
    alone = of_branch([D("ZB-01", **shared)]).entries
    both = of_branch([D("ZB-01", **shared), D("ZB-02", **(shared | changes))]).entries
    assert both == alone + times_a_year(D(cadence=changes.get("cadence", "half_yearly")))


def test_the_kind_that_answers_most_is_taken_first():
    shared = {"cadence": "yearly", "theme": "study"}
    duties = [D("A", activity_kinds=["x"], **shared), D("B", activity_kinds=["x", "y"], **shared),
              D("C", activity_kinds=["y"], **shared), D("E", activity_kinds=["y"], **shared)]
    assert of_branch(duties).entries == 2


def test_four_members_carry_their_list_each_and_may_share_a_meeting():
    alone = [D("CY-01", subject="member", cadence="half_yearly", minutes=5)]
    assert of_list(alone, "member") == Load(1, 2, 2, 10)
    assert of_unit(alone) == Load(4, 8, 8, 40)
    together = [D("CY-01", subject="member", cadence="half_yearly", minutes=5, theme="talks",
                  activity_kinds=["meeting"])]
    assert of_unit(together) == Load(4, 8, 2, 10)


def test_a_unit_has_all_its_lists_but_not_its_branches_and_not_the_committees():
    duties = [D(subject, subject=subject, cadence="yearly") for subject in (
        "party_group", "secretary", "organ_committee", "discipline_committee", "branch",
        "committee")]
    assert of_unit(duties).duties == 4
    assert of_branch(duties).duties == 1


def test_a_theme_joins_the_lists_of_one_unit():
    shared = {"cadence": "yearly", "theme": "governance", "activity_kinds": ["meeting"]}
    duties = [D("DZ-01", subject="party_group", **shared),
              D("SJ-01", subject="secretary", **shared)]
    assert of_unit(duties).entries == 1


def test_a_duty_that_the_reference_unit_does_not_bear_is_not_counted():
    assert of_branch([D(applies_to=["window_unit"])]).duties == 1
    assert of_branch([D(applies_to=["party_committee"])]).duties == 0


def test_a_budget_holds_up_to_its_figures():
    budget = Budget(occurrences=12, entries=11)
    assert budget.holds(Load(occurrences=12, entries=11))
    assert not budget.holds(Load(occurrences=13, entries=11))
    assert not budget.holds(Load(occurrences=12, entries=12))


def test_an_overrun_is_said_with_its_figures():
    budgets = Budgets(unit=Budget(120, 60), branch=Budget(11, 30))
    assert budgets.overrun([D(cadence="quarterly")]) == []
    assert budgets.overrun([D()]) == [
        "一个党支部一年12次任务、12次填报，超过了11次、30次的上限"]
