"""Who fills in and who decides, for the whole city at once."""

from collections import defaultdict

from apps.checklists.reviewers import Desks
from apps.core.calendar import today
from apps.duties.models import Duty
from apps.organizations.models import Appointment, Organization, Portfolio
from apps.organizations.roles import RoleCode as R

Kind = Organization.Kind
# Who types at an organisation, first found first.
TYPISTS = {
    Kind.BRANCH: (R.BRANCH_SECRETARY, R.BRANCH_CLERK),
    Kind.ORGAN_COMMITTEE: (R.ORGAN_CLERK, R.ORGAN_SECRETARY),
    Kind.GENERAL_BRANCH: (R.ORGAN_CLERK, R.ORGAN_SECRETARY),
    Kind.DISCIPLINE_COMMITTEE: (R.DISCIPLINE_SECRETARY,),
    Kind.UNIT: (R.PARTY_GROUP_CLERK, R.PARTY_GROUP_SECRETARY),
    Kind.COMMITTEE: (R.COMMITTEE_OFFICER, R.COMMITTEE_ADMIN),
}
# Who signs a list that a body has deliberated, or a branch's.
SIGNERS = {
    Duty.Subject.PARTY_GROUP: R.PARTY_GROUP_SECRETARY,
    Duty.Subject.ORGAN_COMMITTEE: R.ORGAN_SECRETARY,
    Duty.Subject.DISCIPLINE_COMMITTEE: R.DISCIPLINE_SECRETARY,
    Duty.Subject.BRANCH: R.BRANCH_SECRETARY,
    Duty.Subject.COMMITTEE: R.COMMITTEE_ADMIN,
}


class Staff:
    """The posts of today, read once."""

    def __init__(self):
        self.desks = Desks()
        self.posts: dict[tuple[int, str], list[int]] = defaultdict(list)
        self.drafters: dict[int, int] = {}
        for post in Appointment.unscoped.on(today()).order_by("pk"):
            self.posts[post.organization_id, post.role].append(post.user_id)
            if post.drafter_id:
                self.drafters[post.user_id] = post.drafter_id
        rows = Portfolio.unscoped.on(today()).filter(
            appointment__role=R.COMMITTEE_OFFICER).order_by("pk")
        self.officers = dict(rows.values_list("organization__path", "appointment__user"))

    def typist(self, place: Organization, holder: int | None) -> int | None:
        """Who fills in the list of a place, or of a leader; None while nobody can."""
        if holder is not None:
            return self.drafters.get(holder, holder)
        posts = (self.posts.get((place.pk, role)) for role in TYPISTS[Kind(place.kind)])
        return next((found[0] for found in posts if found), None)

    def signer(self, place: Organization, subject: str) -> int | None:
        """Who signs the list of a body or of a branch."""
        found = self.posts.get((place.pk, SIGNERS[subject]))
        return found[0] if found else None

    def secretary(self, unit: Organization) -> int | None:
        """The secretary of a unit, if it has one."""
        found = self.posts.get((unit.pk, R.PARTY_GROUP_SECRETARY))
        return found[0] if found else None

    def reviewer(
        self, place: Organization, subject: str, own: set[int]
    ) -> tuple[Organization, int] | None:
        """Where a report goes and who decides it there; None where nobody can."""
        desk = self.desks.reviewer(place.path, subject, own=own)
        if desk is None:
            return None
        people = [user for user in self.desks.holders[desk.pk] if user not in own]
        officer = self.officers.get(place.path[:2 * Organization.steplen])
        if desk.kind == Kind.COMMITTEE and officer in people:
            return desk, officer
        # The clerk before the secretary, as his posts were registered later.
        return (desk, people[-1]) if people else None
