"""What stands: organisations, people, posts and waiting proposals, read once for a plan."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max

from apps.core.act import SYSTEM
from apps.organizations.models import (
    Appointment,
    AppointmentProposal,
    Organization,
    OrganizationName,
    User,
)
from apps.organizations.permissions import Permission

PERSON = ("pk", "username", "name", "initials", "is_active")


@dataclass
class Present:
    """The rows that a plan compares with; `seen` are people whom the importer may see."""

    places: list[Organization]
    people: list[User]
    posts: list[Appointment]
    seen: set[int]
    # (user, role, organisation) of posts that wait for a second 工委管理员.
    proposed: set[tuple[int, str, int]] = field(default_factory=set)
    # Since when an organisation bears its name, where it was renamed.
    named_since: dict[int, date] = field(default_factory=dict)

    def __post_init__(self):
        self.people_by_pk = {user.pk: user for user in self.people}
        self.places_by_pk = {place.pk: place for place in self.places}
        self.posts_by_person: dict[int, list[Appointment]] = defaultdict(list)
        for post in self.posts:
            self.posts_by_person[post.user_id].append(post)

    def person(self, pk: int | None) -> User | None:
        """An account by its number."""
        return self.people_by_pk.get(pk)

    def posts_of(self, user: User, day: date) -> list[Appointment]:
        """The posts that the person holds on a day or takes up later."""
        return [post for post in self.posts_by_person[user.pk]
                if post.ends_on is None or post.ends_on >= day]

    def paths_of(self, user: User, day: date) -> list[str]:
        """Where the person holds posts on a day or later."""
        return [self.places_by_pk[post.organization_id].path
                for post in self.posts_of(user, day)]


def load(by) -> Present:
    """Six statements, whatever the size of the city."""
    people = list(User.objects.only(*PERSON).order_by("pk"))
    mine = ({user.pk for user in people} if by is SYSTEM else set(
        User.objects.visible_to(by, for_=Permission.ACCOUNT_EDIT).values_list("pk", flat=True)))
    return Present(
        places=list(Organization.objects.all()), people=people,
        posts=list(Appointment.unscoped.filter(acting_for=None).order_by("pk")), seen=mine,
        proposed=set(AppointmentProposal.unscoped.waiting().filter(
            kind=AppointmentProposal.Kind.APPOINT).values_list("user", "role", "organization")),
        named_since=named_since())


def named_since() -> dict[int, date]:
    """Since when renamed organisations bear their present name."""
    rows = OrganizationName.unscoped.values_list("organization").annotate(day=Max("ends_on"))
    return {pk: day + timedelta(days=1) for pk, day in rows.order_by()}
