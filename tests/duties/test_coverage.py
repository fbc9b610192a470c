"""Each clause has its place, and the load stays within the budget."""

import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from apps.duties import coverage
from apps.duties.budgets import budgets
from apps.duties.catalogue_file import read_folder
from apps.duties.load import of_branch, of_unit
from apps.duties.services.loading import WORDS
from tests.duties.conftest import QUESTION

MECHANISM = {"code": "M01", "name": "责任清单", "text": "方阵下发清单。"}
CAMPAIGN = {"code": "LS-01", "title": "往年专项", "text": "办过的事。", "note": "过去了。"}


def clause(code: str, **changes) -> dict:
    return {"code": code, "line": 1, "kind": "duty", "paraphrase": f"第{code}条",
            "anchor": f"原文{code}", **changes}


@pytest.fixture
def folder(folder):
    """One clause for every state but the last."""
    (folder.path / "2026.1.yaml").unlink()
    folder.clauses(
        clause("1.1.1", heading=True), clause("1.1.2"), clause("1.1.3", kind="mechanism"),
        clause("1.0.2", kind="principle"), clause("2.1.1", dated=True))
    folder.beside("mechanisms", MECHANISM | {"clauses": ["1.1.3"]})
    folder.beside("campaigns", CAMPAIGN | {"clauses": ["2.1.1"]})
    edition(folder, clauses=["1.1.2"])
    return folder


def edition(folder, **changes) -> None:
    folder.edition(party_group=[folder.full_duty(**changes)])


def more_clauses(folder, *rows) -> None:
    path = folder.path / "clauses.yaml"
    old = path.read_text("utf-8")
    path.write_text(old + "".join(f"- {json.dumps(row, ensure_ascii=False)}\n" for row in rows),
                    "utf-8")


def read(folder):
    catalogue = read_folder(folder.path, WORDS)
    return coverage.of_version(catalogue.versions[-1], catalogue, WORDS.subjects)


def states(folder) -> dict[str, str]:
    return {code: place.state for code, place in read(folder).places.items()}


@pytest.fixture
def run(folder, monkeypatch, capsys):
    """The command on the small catalogue; returns what it printed."""
    monkeypatch.setattr("apps.duties.services.loading.FOLDER", folder.path)

    def call(**options) -> str:
        call_command("catalogue_coverage", **options)
        return capsys.readouterr().out

    return call


# --- places ---------------------------------------------------------------------------


def test_a_clause_takes_the_first_place_that_fits(folder):
    assert states(folder) == {
        "1.1.1": "heading", "1.1.2": "duty", "1.1.3": "mechanism", "1.0.2": "self_check",
        "2.1.1": "past"}
    edition(folder, clauses=["1.1.1", "1.1.2", "1.1.3"])
    assert states(folder) == {
        "1.1.1": "duty", "1.1.2": "duty", "1.1.3": "duty", "1.0.2": "self_check",
        "2.1.1": "past"}


def test_a_place_names_every_duty_that_carries_the_clause(folder):
    folder.edition(party_group=[folder.full_duty(clauses=["1.1.2"])],
                   branch=[folder.full_duty(code="ZB-01", subject="branch", clauses=["1.1.2"])])
    assert read(folder).places["1.1.2"].duties == ["DZ-01", "ZB-01"]
    assert read(folder).places["1.1.3"].duties == []


def test_a_heading_falls_with_one_clause_of_its_section(folder):
    more_clauses(folder, clause("1.1.4"))
    found = states(folder)
    assert (found["1.1.1"], found["1.1.4"]) == ("uncovered", "uncovered")
    more_clauses(folder, clause("1.2.1"))
    edition(folder, clauses=["1.1.2", "1.1.4"])
    found = states(folder)
    assert (found["1.1.1"], found["1.2.1"]) == ("heading", "uncovered")


def test_a_heading_with_nothing_below_it_needs_a_place_of_its_own(folder):
    more_clauses(folder, clause("3.1.1", heading=True), clause("3.1.2", heading=True))
    assert states(folder)["3.1.1"] == "uncovered"


def test_every_state_has_its_words():
    assert list(coverage.STATES) == ["duty", "mechanism", "self_check", "past", "heading",
                                     "uncovered"]


# --- the command ------------------------------------------------------------------------


def test_the_figures_come_as_json(run):
    printed = json.loads(run(as_json=True))
    assert set(printed) == {"clauses", "subjects"}
    assert printed["clauses"]["1.1.2"] == {"state": "duty", "duties": ["DZ-01"]}
    assert printed["clauses"]["1.1.1"] == {"state": "heading", "duties": []}
    assert list(printed["subjects"]) == list(WORDS.subjects)
    assert printed["subjects"]["party_group"] == {
        "duties": 1, "occurrences_a_year": 4, "entries_a_year": 4, "minutes_a_year": 40}
    assert printed["subjects"]["branch"]["duties"] == 0


def test_the_table_names_lists_budget_and_states(run):
    lines = run().splitlines()
    assert lines[0] == "责任目录2026.2 试用目录"
    cells = [line.split() for line in lines]
    assert ["责任主体", "职责", "一年任务", "一年填报", "一年分钟"] in cells
    assert ["党组(党委)", "1", "4", "4", "40"] in cells
    assert ["一个单位支部以上各级", "1", "4（上限120）", "4（上限60）", "40"] in cells
    assert "  由职责承担 1条" in lines and "  没有落处 0条" in lines
    assert not any(line.startswith("没有落处：") for line in lines)


def test_an_uncovered_clause_fails_the_command_and_is_named(run, folder, capsys):
    more_clauses(folder, clause("1.1.4", paraphrase="没人管的事"))
    with pytest.raises(CommandError, match="2条条文没有落处：1.1.1 第1.1.1条；1.1.4 没人管的事"):
        run()
    assert "没有落处：1.1.4 没人管的事" in capsys.readouterr().out
    with pytest.raises(CommandError):
        run(as_json=True)
    printed = json.loads(capsys.readouterr().out)
    assert printed["clauses"]["1.1.4"] == {"state": "uncovered", "duties": []}


@pytest.mark.parametrize("name, figure, sentence", [
    ("LOAD_UNIT_OCCURRENCES", 3, "一个单位支部以上各级一年4次任务、4次填报，超过了3次、60次的上限"),
    ("LOAD_UNIT_ENTRIES", 3, "超过了120次、3次的上限"),
    ("LOAD_BRANCH_OCCURRENCES", 11, "一个党支部一年12次任务、12次填报，超过了11次、30次的上限"),
    ("LOAD_BRANCH_ENTRIES", 11, "超过了50次、11次的上限"),
])
def test_a_load_above_the_budget_fails_the_command(run, folder, settings, name, figure, sentence):
    branch = folder.full_duty(code="ZB-01", subject="branch", clauses=["1.1.2"],
                              cadence="monthly")
    folder.edition(party_group=[folder.full_duty(clauses=["1.1.2"])], branch=[branch])
    run()
    setattr(settings, name, figure)
    with pytest.raises(CommandError, match=sentence):
        run()
    setattr(settings, name, figure + 1)
    run()


def test_an_older_version_is_asked_for_by_its_code(run, folder):
    folder.edition("2026.3", head={"title": "新目录"},
                   party_group=[folder.full_duty(clauses=["1.1.2"])])
    assert run().startswith("责任目录2026.3 新目录")
    assert run(code="2026.2").startswith("责任目录2026.2")
    with pytest.raises(CommandError, match="没有责任目录2026.9，现有2026.2、2026.3"):
        run(code="2026.9")


def test_the_version_is_typed_as_an_option(run, capsys):
    call_command("catalogue_coverage", "--version", "2026.2", "--json")
    assert json.loads(capsys.readouterr().out)["clauses"]


def test_files_that_cannot_be_read_fail_the_command(run, folder):
    folder.edition(questions=[QUESTION | {"chapter": 9}])
    with pytest.raises(CommandError, match="self_check.yaml 1 chapter：没有第9章"):
        run()


# --- the shipped catalogue ----------------------------------------------------------------


def test_every_clause_of_the_lecture_has_its_place(shipped):
    [version] = shipped.versions
    found = coverage.of_version(version, shipped, WORDS.subjects)
    assert len(found.places) == 373
    assert found.uncovered() == []
    states = Counter(place.state for place in found.places.values())
    assert (states["self_check"], states["past"]) == (99, 15)


def test_no_duty_carries_more_than_twelve_clauses(shipped):
    assert max(len(duty.clauses) for duty in shipped.versions[0].duties) <= 12


def test_the_shipped_lists_stay_within_the_budget(shipped):
    duties = shipped.versions[0].duties
    assert budgets().overrun(duties) == []
    unit, branch = of_unit(duties), of_branch(duties)
    assert unit.occurrences <= 120 and unit.entries <= 60
    assert branch.occurrences <= 50 and branch.entries <= 30


def test_the_meetings_of_a_month_are_one_duty_with_one_entry(shipped):
    """三会一课 with the groups' meetings; the 主题党日 goes along with it."""
    duties = {duty.code: duty for duty in shipped.versions[0].duties}
    meetings = duties["ZB-01"]
    assert {"branch_general_meeting", "branch_committee_meeting", "group_meeting",
            "party_lecture"} <= set(meetings.activity_kinds)
    monthly = [each for each in duties.values()
               if each.subject == "branch" and each.cadence == "monthly"]
    assert {each.code for each in monthly} == {"ZB-01", *meetings.also_fulfils}
