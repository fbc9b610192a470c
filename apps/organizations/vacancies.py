"""Posts that should be held and are not: a standing organisation without its secretary."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from apps.core.calendar import today
from apps.organizations import appointing, titles
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode

Kind = Organization.Kind

SECRETARY_OF = {
    Kind.UNIT: RoleCode.PARTY_GROUP_SECRETARY,
    Kind.ORGAN_COMMITTEE: RoleCode.ORGAN_SECRETARY,
    Kind.GENERAL_BRANCH: RoleCode.ORGAN_SECRETARY,
    Kind.DISCIPLINE_COMMITTEE: RoleCode.DISCIPLINE_SECRETARY,
    Kind.BRANCH: RoleCode.BRANCH_SECRETARY,
}


@dataclass(frozen=True)
class Vacancy:
    """A secretary's post without a holder; a deputy is none."""

    organization: Organization
    role: str

    def __str__(self) -> str:
        return f"{titles.post_at(self.role, self.organization)}空缺"


def to_fill(user) -> list[Vacancy]:
    """The vacancies that this person can fill, in order of the tree."""
    if not user.holds(Permission.POST_EDIT):
        return []
    places = Organization.objects.visible_to(user, for_=Permission.POST_EDIT).active()
    held = Q()
    for kind, role in SECRETARY_OF.items():
        secretary = Appointment.objects.visible_to(user, for_=Permission.POST_EDIT).on(today())
        secretary = secretary.filter(organization=OuterRef("pk"), role=role, acting_for=None)
        held |= Q(Exists(secretary), kind=kind)
    vacant = places.filter(kind__in=SECRETARY_OF).exclude(held).order_by("path")
    found = [Vacancy(place, SECRETARY_OF[place.kind]) for place in vacant]
    return [each for each in found
            if not appointing.lacks(user, each.role, each.organization)]
