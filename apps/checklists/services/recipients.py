"""To whom a task can go: units with shape, facts, liaison officers and lists, read as sets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import TextChoices

from apps.checklists.bearers import Bearing
from apps.checklists.models import Checklist
from apps.checklists.services.plans import plans
from apps.core.calendar import today
from apps.duties.models import Duty
from apps.organizations.models import Appointment, Organization, Portfolio
from apps.organizations.permissions import Permission
from apps.organizations.roles import ROLES

Subject = Duty.Subject


class Shape(TextChoices):
    """How a unit is built: what does an organ committee's work in it, or who leads it."""

    ORGAN_COMMITTEE = "organ_committee", "设机关党委"
    GENERAL_BRANCH = "general_branch", "设机关党总支"
    SINGLE_BRANCH = "single_branch", "只有一个支部"
    PARTY_COMMITTEE = "party_committee", "设党委，不设党组"


@dataclass
class Recipient:
    """One unit as the choice of recipients sees it. `lists` are this year's, by subject."""

    unit: Organization
    shapes: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    officers: set[int] = field(default_factory=set)
    lists: dict[str, list[Checklist]] = field(default_factory=dict)

    def meets(self, *, shape: str, officer: int | None, facts: Iterable[str]) -> bool:
        """Whether the unit fulfils every filter that is set."""
        return ((not shape or shape in self.shapes) and set(facts) <= self.facts
                and (officer is None or officer in self.officers))


def everyone(*, by, year: int) -> list[Recipient]:
    """All units to which `by` may send, in tree order: five statements, however many."""
    places = Organization.objects.active().units().order_by("path")
    units = list(places.visible_to(by, for_=Permission.TASK_SEND))
    standing, officers = _lists(year), _officers()
    return [
        Recipient(unit=plan.place, shapes=_shapes(plan), facts=plan.facts,
                  officers=officers[plan.place.pk], lists=_by_subject(plan.bearings, standing))
        for plan in plans(units)
    ]


def _shapes(plan) -> set[str]:
    found: set[str] = {Shape.PARTY_COMMITTEE} if "party_committee" in plan.facts else set()
    bodies = [each.subject for each in plan.bearings if Subject.ORGAN_COMMITTEE in each.takes]
    if "has_organ_committee" in plan.facts:
        found.add(Shape.ORGAN_COMMITTEE)
    elif Subject.BRANCH in bodies:
        found.add(Shape.SINGLE_BRANCH)
    elif bodies:
        found.add(Shape.GENERAL_BRANCH)
    return found


def _by_subject(planned: Iterable[Bearing], standing: dict) -> dict[str, list[Checklist]]:
    """The standing list of each bearing, under every subject whose duties it takes."""
    found: dict[str, list[Checklist]] = defaultdict(list)
    for bearing in planned:
        checklist = standing.get((bearing.organization_id, bearing.subject, bearing.holder_id))
        if checklist:
            for subject in bearing.takes:
                found[subject].append(checklist)
    return found


def _lists(year: int) -> dict[tuple, Checklist]:
    """The lists of a year, by organisation, subject and holder."""
    rows = Checklist.unscoped.filter(year=year).for_page()
    return {(each.organization_id, each.subject, each.holder_id): each for each in rows}


def _officers() -> dict[int, set[int]]:
    """Ids of the committee's people in whose care a unit is today, by unit."""
    committee_roles = [code for code, role in ROLES.items() if role.is_committee]
    rows = Portfolio.unscoped.on(today()).filter(
        appointment__in=Appointment.unscoped.on(today()).filter(role__in=committee_roles))
    found = defaultdict(set)
    for unit, user in rows.values_list("organization", "appointment__user"):
        found[unit].add(user)
    return found
