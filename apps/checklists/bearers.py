"""Who bears a subject, and why: the rule file. Pure: it sees a unit's nodes and leaders as given.

| duties of | are borne by |
| --- | --- |
| 党组(党委) | the unit node |
| 书记, 班子成员 | the unit node, one list a person; nobody while the post is vacant |
| 机关党委 | 机关党委, else 机关党总支, else the single branch; of several bodies the highest |
| 机关纪委 | 机关纪委, else the 纪检委员 of the body above |
| 党支部 | each branch; a joint branch belongs to its host unit, its partners read |
| 工委 | the committee |

A 党总支 below a 机关党委 bears nothing of its own: it reviews its branches. A 党小组 has no list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.duties.models import Duty
from apps.organizations.models import Organization

Kind, Subject = Organization.Kind, Duty.Subject
BODIES = (Kind.ORGAN_COMMITTEE, Kind.GENERAL_BRANCH)


@dataclass(frozen=True)
class Bearing:
    """One list to be: where, for which subject, from the duties of which subjects, whose; and
    the sentence that says why there."""

    organization_id: int
    subject: str
    takes: tuple[str, ...]
    holder_id: int | None = None
    reason: str = field(default="", compare=False)


def organ_body(nodes: Sequence[Organization]) -> Organization | None:
    """The body that does an organ committee's work in a unit with these nodes."""
    for kind in BODIES:
        found = [node for node in nodes if node.kind == kind]
        if found:
            return min(found, key=lambda node: len(node.path))
    branches = _branches(nodes)
    return branches[0] if len(branches) == 1 else None


def bearings(
    unit: Organization, nodes: Sequence[Organization], secretaries: list[int], members: list[int]
) -> list[Bearing]:
    """All lists of a unit. `nodes` are the organisations below it, in tree order;
    `secretaries` and `members` are the ids of its present leaders."""
    found = [Bearing(unit.pk, Subject.PARTY_GROUP, (Subject.PARTY_GROUP,),
                     reason=f"单位就是{_leading(unit)}，{_leading(unit)}的职责由单位承担。")]
    found += [Bearing(unit.pk, Subject.SECRETARY, (Subject.SECRETARY,), each,
                      reason="书记本人一份，换了人另发。") for each in secretaries]
    found += [Bearing(unit.pk, Subject.MEMBER, (Subject.MEMBER,), each,
                      reason="班子成员每人一份，按分管的事履行一岗双责。") for each in members]
    body = organ_body(nodes)
    discipline = discipline_body(nodes, body)
    taken = _taken(body, discipline)
    for node in nodes:
        if node.kind == Kind.BRANCH:
            extra = taken if node == body else ()
            found.append(Bearing(node.pk, Subject.BRANCH, (Subject.BRANCH, *extra),
                                 reason=_why_branch(extra)))
        elif node == body:
            found.append(Bearing(node.pk, Subject.ORGAN_COMMITTEE, taken,
                                 reason=_why_body(body, discipline)))
        elif node == discipline:
            found.append(Bearing(node.pk, Subject.DISCIPLINE_COMMITTEE,
                                 (Subject.DISCIPLINE_COMMITTEE,),
                                 reason="设有机关纪委，机关纪委的职责由它承担。"))
    return found


def discipline_body(
    nodes: Sequence[Organization], body: Organization | None
) -> Organization | None:
    """The discipline committee of a unit: the one below its organ body, where there are more."""
    found = [node for node in nodes if node.kind == Kind.DISCIPLINE_COMMITTEE]
    below = [node for node in found if body and node.path.startswith(body.path)]
    return next(iter(below or found), None)


def silences(
    unit: Organization, nodes: Sequence[Organization], secretaries: list[int]
) -> dict[int, str]:
    """Why an organisation of the unit has no list of its own, or lacks one, by its id."""
    body, branches = organ_body(nodes), _branches(nodes)
    found = {}
    if not secretaries:
        found[unit.pk] = "书记空缺，任职登记以后下发书记的清单。"
    elif body is None and branches:
        found[unit.pk] = (f"有{len(branches)}个支部，没有机关党委或机关党总支："
                          "机关党委的职责现在没有组织承担。")
    elif not branches:
        found[unit.pk] = "本单位没有自己的支部，机关党委、党支部的职责不在这里下发。"
    discipline = discipline_body(nodes, body)
    for node in nodes:
        if node.kind in BODIES and node != body and body is not None:
            found[node.pk] = (f"机关党委的职责由{body.short_name}承担，这里没有清单，"
                              "只审核所属支部的填报。")
        elif node.kind == Kind.DISCIPLINE_COMMITTEE and node != discipline:
            found[node.pk] = f"机关纪委的职责由{discipline.name}承担，这里没有清单。"
        elif node.kind == Kind.GROUP:
            found[node.pk] = "党小组没有清单，它开的会写在支部的三会一课里。"
    return found


def committee_bearing(committee: Organization) -> Bearing:
    """The committee bears its own list."""
    return Bearing(committee.pk, Subject.COMMITTEE, (Subject.COMMITTEE,),
                   reason="工委自己的职责由工委承担。")


def facts(unit: Organization, nodes: Sequence[Organization]) -> set[str]:
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


def _branches(nodes: Sequence[Organization]) -> list[Organization]:
    return [node for node in nodes if node.kind == Kind.BRANCH]


def _leading(unit: Organization) -> str:
    return unit.get_leading_body_display() or "党组"


def _taken(body: Organization | None, discipline: Organization | None) -> tuple[str, ...]:
    """The subjects whose duties the body takes over."""
    if body is not None and discipline is not None:
        return (Subject.ORGAN_COMMITTEE,)
    return (Subject.ORGAN_COMMITTEE, Subject.DISCIPLINE_COMMITTEE)


def _why_body(body: Organization, discipline: Organization | None) -> str:
    own = ("设有机关党委，机关党委的职责由它承担" if body.kind == Kind.ORGAN_COMMITTEE
           else "没有机关党委，机关党委的职责由机关党总支承担")
    return f"{own}。" if discipline else f"{own}；没有机关纪委，那几项由它的纪检委员承担。"


def _why_branch(extra: tuple[str, ...]) -> str:
    if not extra:
        return "每个支部一份。"
    both = "机关党委、机关纪委" if len(extra) > 1 else "机关党委"
    return f"全单位只有这一个支部，{both}的职责一起写在支部的清单里。"
