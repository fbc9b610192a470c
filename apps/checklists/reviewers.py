"""Who reviews: the rule file. The answer is stored on the row at submission.

| list of | is reviewed by |
| --- | --- |
| 党支部 | the unit's 机关党委 or 党总支, else the party group's clerk, else the committee |
| 机关纪委 | 机关党委, else the committee |
| 党组(党委), 书记, 机关党委 | the committee |
| 班子成员 | the committee; his 书记 once the catalogue has duties for members |
| 工委 | the committee: another of its holders |

Nobody reviews his own: where every holder at an organisation is the drafter, the
confirmer or the holder of the list, the next organisation upward takes it.
"""

from apps.core.calendar import today
from apps.duties.models import Duty
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.roles import holding

Kind, Subject = Organization.Kind, Duty.Subject

LADDERS: dict[str, tuple[str, ...]] = {
    Subject.BRANCH: (Kind.GENERAL_BRANCH, Kind.ORGAN_COMMITTEE, Kind.UNIT, Kind.COMMITTEE),
    Subject.DISCIPLINE_COMMITTEE: (Kind.ORGAN_COMMITTEE, Kind.COMMITTEE),
    Subject.MEMBER: (Kind.COMMITTEE,),
    Subject.PARTY_GROUP: (Kind.COMMITTEE,),
    Subject.SECRETARY: (Kind.COMMITTEE,),
    Subject.ORGAN_COMMITTEE: (Kind.COMMITTEE,),
    Subject.COMMITTEE: (Kind.COMMITTEE,),
}


def ladder(checklist, duty=None) -> list[Organization]:
    """The organisations that may review this list, nearest first.

    A `duty` of another subject that the list has taken over goes its own subject's way.
    """
    subject = duty.subject if duty else checklist.subject
    organization = checklist.organization
    paths = organization.parent_paths()
    if subject == Subject.COMMITTEE:
        paths = [organization.path, *paths]
    kinds = LADDERS[subject]
    return list(Organization.objects.filter(path__in=paths, kind__in=kinds).order_by("-path"))


def usual(checklist, duty=None) -> Organization | None:
    """Who reviews this list when nobody has to step aside."""
    rungs = _staffed(ladder(checklist, duty), own=set())
    return rungs[0] if rungs else None


def reviewer(checklist, duty=None, *, own: set[int]) -> Organization | None:
    """The organisation that reviews a report of which `own` are drafter, confirmer, holder.

    The last rung takes it even when it is vacant, so that no report is without a reviewer.
    """
    rungs = ladder(checklist, duty)
    staffed = _staffed(rungs, own=own)
    if staffed:
        return staffed[0]
    return rungs[-1] if rungs else None


def has_reviewer(place: Organization, *, own: set[int]) -> bool:
    """Whether somebody at `place` reviews who is not among `own`."""
    return bool(_staffed([place], own=own))


def _staffed(rungs: list[Organization], *, own: set[int]) -> list[Organization]:
    posts = Appointment.unscoped.on(today()).filter(
        organization__in=rungs, role__in=holding(Permission.REPORT_REVIEW), user__is_active=True
    )
    held = set(posts.exclude(user__in=own).values_list("organization_id", flat=True))
    return [rung for rung in rungs if rung.pk in held]
