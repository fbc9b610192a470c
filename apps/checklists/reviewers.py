"""Who reviews: the rule file. The answer is stored on the row at submission.

| list of | is reviewed by |
| --- | --- |
| 党支部 | the unit's 机关党委 or 党总支, else the party group's clerk, else the committee |
| 机关纪委 | 机关党委, else the committee |
| 党组(党委), 书记, 机关党委 | the committee |
| 班子成员 | the unit, that is its 书记; else the committee |
| 工委 | the committee: another of its holders |

A branch below a 党总支 goes there first, then to the 机关党委 above it; a joint branch goes to
its host unit's bodies. Nobody reviews his own: where every holder at an organisation is the
drafter, the confirmer or the holder of the list, the next organisation upward takes it.
"""

from collections import defaultdict

from apps.core.calendar import today
from apps.duties.models import Duty
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.roles import holding

Kind, Subject = Organization.Kind, Duty.Subject

LADDERS: dict[str, tuple[str, ...]] = {
    Subject.BRANCH: (Kind.GENERAL_BRANCH, Kind.ORGAN_COMMITTEE, Kind.UNIT, Kind.COMMITTEE),
    Subject.DISCIPLINE_COMMITTEE: (Kind.ORGAN_COMMITTEE, Kind.COMMITTEE),
    Subject.MEMBER: (Kind.UNIT, Kind.COMMITTEE),
    Subject.PARTY_GROUP: (Kind.COMMITTEE,),
    Subject.SECRETARY: (Kind.COMMITTEE,),
    Subject.ORGAN_COMMITTEE: (Kind.COMMITTEE,),
    Subject.COMMITTEE: (Kind.COMMITTEE,),
}
# Lists that are borne where their reviewer sits: he reviews them as another person.
AT_HOME = (Subject.COMMITTEE, Subject.MEMBER)
# Why a list goes where it goes, by its subject and the kind of the nearest that may review it.
REASONS: dict[tuple[str, str], str] = {
    (Subject.BRANCH, Kind.GENERAL_BRANCH): "支部的填报由所在的党总支审核",
    (Subject.BRANCH, Kind.ORGAN_COMMITTEE): "支部的填报由机关党委审核",
    (Subject.BRANCH, Kind.UNIT): "上面没有机关党委或党总支，支部的填报由单位审核",
    (Subject.BRANCH, Kind.COMMITTEE): "上面没有别的组织，支部的填报由工委审核",
    (Subject.DISCIPLINE_COMMITTEE, Kind.ORGAN_COMMITTEE): "机关纪委的填报由机关党委审核",
    (Subject.DISCIPLINE_COMMITTEE, Kind.COMMITTEE): "上面没有机关党委，机关纪委的填报由工委审核",
    (Subject.MEMBER, Kind.UNIT): "班子成员的填报由本单位书记审核",
    (Subject.MEMBER, Kind.COMMITTEE): "班子成员的填报由工委审核",
    (Subject.PARTY_GROUP, Kind.COMMITTEE): "党组（党委）的填报由工委审核",
    (Subject.SECRETARY, Kind.COMMITTEE): "书记的填报由工委审核",
    (Subject.ORGAN_COMMITTEE, Kind.COMMITTEE): "机关党委的填报由工委审核",
    (Subject.COMMITTEE, Kind.COMMITTEE): "工委的填报由另一名审核人审核",
}


class Desks:
    """The rule for many lists at once: the tree and the reviewers of today are read once; of
    the whole city, or of one organisation and those above it."""

    def __init__(
        self, permission: str = Permission.REPORT_REVIEW, *, at: Organization | None = None
    ):
        places, posts = Organization.objects.all(), _posts(permission)
        if at is not None:
            places = places.filter(path__in=[at.path, *at.parent_paths()])
            posts = posts.filter(organization__in=places)
        self.places = {place.path: place for place in places}
        self.holders: dict[int, list[int]] = defaultdict(list)
        for place, user in posts.order_by("pk").values_list("organization_id", "user_id"):
            self.holders[place].append(user)

    def ladder(self, path: str, subject: str) -> list[Organization]:
        """The organisations that may review a duty of `subject` borne at `path`."""
        step = Organization.steplen
        length = len(path) - (0 if subject in AT_HOME else step)
        above = (self.places.get(path[:end]) for end in range(length, 0, -step))
        return [place for place in above if place and place.kind in LADDERS[subject]]

    def reviewer(self, path: str, subject: str, *, own: set[int]) -> Organization | None:
        """See `reviewer` below."""
        rungs = self.ladder(path, subject)
        staffed = (rung for rung in rungs if set(self.holders[rung.pk]) - own)
        return next(staffed, rungs[-1] if rungs else None)

    def reason(self, path: str, subject: str) -> str:
        """Why the lists of `subject` at `path` go where they go, in a sentence."""
        rungs, place = self.ladder(path, subject), self.reviewer(path, subject, own=set())
        if place is None:
            return "上面没有可以审核的组织。"
        rule = REASONS[subject, rungs[0].kind]
        vacant = "、".join(rung.short_name for rung in rungs[:rungs.index(place)])
        if not self.holders[place.pk]:
            return f"{rule}；现在没有审核人，任职登记以后才有人审。"
        if vacant:
            return f"{rule}；{vacant}现在没有审核人，转{place.short_name}。"
        return f"{rule}。"


def ladder(checklist, duty=None) -> list[Organization]:
    """The organisations that may review this list, nearest first.

    A `duty` of another subject that the list has taken over goes its own subject's way.
    """
    subject = duty.subject if duty else checklist.subject
    organization = checklist.organization
    paths = organization.parent_paths()
    if subject in AT_HOME:
        paths = [organization.path, *paths]
    kinds = LADDERS[subject]
    return list(Organization.objects.filter(path__in=paths, kind__in=kinds).order_by("-path"))


def usual(checklist, duty=None) -> Organization | None:
    """Who reviews this list when nobody has to step aside."""
    rungs = _staffed(ladder(checklist, duty), own=set())
    return rungs[0] if rungs else None


def reviewer(
    checklist, duty=None, *, own: set[int], permission: str = Permission.REPORT_REVIEW
) -> Organization | None:
    """The organisation that reviews a report of which `own` are drafter, confirmer, holder;
    with another `permission`, the one that decides a petition of which `own` are the parties.

    The last rung takes it even when it is vacant, so that nothing is without a reviewer.
    """
    rungs = ladder(checklist, duty)
    staffed = _staffed(rungs, own=own, permission=permission)
    if staffed:
        return staffed[0]
    return rungs[-1] if rungs else None


def has_reviewer(
    place: Organization, *, own: set[int], permission: str = Permission.REPORT_REVIEW
) -> bool:
    """Whether somebody at `place` holds `permission` who is not among `own`."""
    return bool(_staffed([place], own=own, permission=permission))


def _staffed(
    rungs: list[Organization], *, own: set[int], permission: str = Permission.REPORT_REVIEW
) -> list[Organization]:
    posts = _posts(permission).filter(organization__in=rungs)
    held = set(posts.exclude(user__in=own).values_list("organization_id", flat=True))
    return [rung for rung in rungs if rung.pk in held]


def _posts(permission: str):
    """Posts of today whose holders may act with `permission` at their own organisation."""
    return Appointment.unscoped.on(today()).filter(
        role__in=holding(permission), user__is_active=True)
