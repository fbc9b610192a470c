"""Where each clause of the source has its place, and what a version asks a year. Pure.

The issue's yardstick: every clause is carried by a duty or a mechanism of the app, gathered
by a question of the self-check, or kept with the past campaigns; a heading is placed with
its section. An `uncovered` clause fails.
"""

from dataclasses import dataclass

from apps.duties import load

DUTY, MECHANISM, SELF_CHECK, PAST = "duty", "mechanism", "self_check", "past"
HEADING, UNCOVERED = "heading", "uncovered"
# State -> what it is called; in the order in which a clause takes the first that fits.
STATES = {
    DUTY: "由职责承担", MECHANISM: "由方阵的机制承担", SELF_CHECK: "归入年度自查",
    PAST: "归入往年专项", HEADING: "总要求，所在一节都有落处", UNCOVERED: "没有落处",
}


@dataclass(frozen=True)
class Place:
    """Where one clause stands; `duties` are all that carry it, in the order of the version."""

    state: str
    duties: list[str]


@dataclass(frozen=True)
class Coverage:
    """The places of all clauses by code, and the load of each list by its subject."""

    places: dict[str, Place]
    subjects: dict[str, load.Load]

    def uncovered(self) -> list[str]:
        """Codes of the clauses without a place, in the order of the source."""
        return [code for code, place in self.places.items() if place.state == UNCOVERED]

    def as_json(self) -> dict:
        """The figures in the form of `catalogue_coverage --json`."""
        return {
            "clauses": {code: {"state": place.state, "duties": place.duties}
                        for code, place in self.places.items()},
            "subjects": {
                subject: {
                    "duties": each.duties, "occurrences_a_year": each.occurrences,
                    "entries_a_year": each.entries, "minutes_a_year": each.minutes,
                }
                for subject, each in self.subjects.items()
            },
        }


def of_version(version, catalogue, subjects) -> Coverage:
    """What `version` of a parsed catalogue covers; `subjects` in the order of the table."""
    return Coverage(
        places=_places(version, catalogue),
        subjects={subject: load.of_list(version.duties, subject) for subject in subjects},
    )


def shortfalls(version, catalogue, budgets: load.Budgets) -> list[str]:
    """Sentences about what a complete version may not leave: clauses without a place, and
    more than the budget."""
    found = budgets.overrun(version.duties)
    names = {clause.code: clause.paraphrase for clause in catalogue.clauses}
    left = of_version(version, catalogue, ()).uncovered()
    if left:
        listed = "；".join(f"{code} {names[code]}" for code in left)
        found.append(f"{len(left)}条条文没有落处：{listed}")
    return [f"责任目录{version.code}：{sentence}。" for sentence in found]


def _places(version, catalogue) -> dict[str, Place]:
    carriers: dict[str, list[str]] = {}
    for duty in version.duties:
        for code in duty.clauses:
            carriers.setdefault(code, []).append(duty.code)
    elsewhere = (
        (MECHANISM, _held(catalogue.mechanisms)), (SELF_CHECK, _held(version.self_check)),
        (PAST, _held(catalogue.campaigns)),
    )
    states = {}
    for clause in catalogue.clauses:
        found = (state for state, codes in elsewhere if clause.code in codes)
        states[clause.code] = DUTY if clause.code in carriers else next(found, UNCOVERED)
    headings = _headings_with_their_section(catalogue.clauses, states)
    states |= dict.fromkeys(headings, HEADING)
    return {code: Place(state, carriers.get(code, [])) for code, state in states.items()}


def _headings_with_their_section(clauses, states: dict[str, str]) -> list[str]:
    """Headings without a place of their own below which every clause has one."""
    below: dict[str, list[str]] = {}
    for clause in clauses:
        if not clause.heading:
            below.setdefault(_section(clause.code), []).append(states[clause.code])
    return [
        clause.code for clause in clauses
        if clause.heading and states[clause.code] == UNCOVERED
        and UNCOVERED not in below.get(_section(clause.code), [UNCOVERED])
    ]


def _section(code: str) -> str:
    """Part and section of a clause: 6.1 of 6.1.12."""
    return code.rpartition(".")[0]


def _held(rows) -> set[str]:
    return {code for row in rows for code in row.clauses}
