"""Who bears a subject: the rule file. Pure: it sees a unit's nodes and leaders as given.

| duties of | are borne by |
| --- | --- |
| 党组(党委) | the unit node |
| 书记, 班子成员 | the unit node, one list a person |
| 机关党委 | 机关党委, else 机关党总支, else the single branch |
| 机关纪委 | 机关纪委, else the 纪检委员 of the body above |
| 党支部 | each branch |
| 工委 | the committee |
"""

from dataclasses import dataclass

from apps.duties.models import Duty
from apps.organizations.models import Organization

Kind, Subject = Organization.Kind, Duty.Subject


@dataclass(frozen=True)
class Bearing:
    """One list to be: where, for which subject, from the duties of which subjects, whose."""

    organization_id: int
    subject: str
    takes: tuple[str, ...]
    holder_id: int | None = None


def organ_body(nodes: list[Organization]) -> Organization | None:
    """The body that does an organ committee's work in a unit with these nodes."""
    for kind in (Kind.ORGAN_COMMITTEE, Kind.GENERAL_BRANCH):
        for node in nodes:
            if node.kind == kind:
                return node
    branches = [node for node in nodes if node.kind == Kind.BRANCH]
    return branches[0] if len(branches) == 1 else None


def bearings(
    unit: Organization, nodes: list[Organization], secretaries: list[int], members: list[int]
) -> list[Bearing]:
    """All lists of a unit. `nodes` are the organisations below it, in tree order;
    `secretaries` and `members` are the ids of its present leaders."""
    found = [Bearing(unit.pk, Subject.PARTY_GROUP, (Subject.PARTY_GROUP,))]
    found += [Bearing(unit.pk, Subject.SECRETARY, (Subject.SECRETARY,), i) for i in secretaries]
    found += [Bearing(unit.pk, Subject.MEMBER, (Subject.MEMBER,), i) for i in members]
    body = organ_body(nodes)
    discipline = [node for node in nodes if node.kind == Kind.DISCIPLINE_COMMITTEE]
    organ_duties = (Subject.ORGAN_COMMITTEE,)
    if not discipline:
        organ_duties += (Subject.DISCIPLINE_COMMITTEE,)
    for node in nodes:
        if node.kind == Kind.BRANCH:
            extra = organ_duties if node == body else ()
            found.append(Bearing(node.pk, Subject.BRANCH, (Subject.BRANCH, *extra)))
        elif node == body:
            found.append(Bearing(node.pk, Subject.ORGAN_COMMITTEE, organ_duties))
        elif node in discipline:
            takes = (Subject.DISCIPLINE_COMMITTEE,)
            found.append(Bearing(node.pk, Subject.DISCIPLINE_COMMITTEE, takes))
    return found


def committee_bearing(committee: Organization) -> Bearing:
    """The committee bears its own list."""
    return Bearing(committee.pk, Subject.COMMITTEE, (Subject.COMMITTEE,))


def facts(unit: Organization, nodes: list[Organization]) -> set[str]:
    """The facts of a unit that a duty's `applies_to` may ask for."""
    kinds = [node.kind for node in nodes]
    asked = {
        "has_organ_committee": Kind.ORGAN_COMMITTEE in kinds,
        "has_discipline_committee": Kind.DISCIPLINE_COMMITTEE in kinds,
        "window_unit": unit.is_window,
        "several_branches": kinds.count(Kind.BRANCH) > 1,
        "party_group": unit.leading_body == Organization.LeadingBody.PARTY_GROUP,
        "party_committee": unit.leading_body == Organization.LeadingBody.PARTY_COMMITTEE,
    }
    return {name for name, holds in asked.items() if holds}
