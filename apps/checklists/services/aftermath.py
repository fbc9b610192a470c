"""What a change will bring, read before it is made: for the page that asks once more.

The caller has found the rows visible and asked the rules; nothing is written here.
"""

from dataclasses import dataclass
from datetime import date

from apps.checklists.models import Checklist, Occurrence
from apps.checklists.services.succession import branch_home, typed_tasks
from apps.core.calendar import today
from apps.core.models import Draft
from apps.core.scoping import below
from apps.organizations.models import Appointment, Organization, Portfolio
from apps.organizations.services.posts import drafted_by_leaver

Kind = Organization.Kind


@dataclass(frozen=True)
class HandOver:
    """What follows a post to its next holder."""

    tasks: list[Occurrence]
    drafts: int
    lists: list[Checklist]
    portfolios: list[Portfolio]
    leaders: list[Appointment]
    deputies: list[Appointment]
    is_personal: bool


@dataclass(frozen=True)
class Closing:
    """What ends with an organisation, and what goes on elsewhere."""

    places: list[Organization]
    posts: list[Appointment]
    lists: int
    excused: int
    owed: int
    waiting: int
    branches: list[Organization]
    home: Organization | None


def of_hand_over(post: Appointment, on: date) -> HandOver:
    """What goes to the successor: the body's list, or the measures of a leader's own."""
    place, leaders = post.organization, list(drafted_by_leaver(post, on))
    own = Checklist.unscoped.filter(organization=place, year=on.year, holder=post.user_id)
    is_personal = own.exists()
    lists = own if is_personal else Checklist.unscoped.filter(
        organization=place, year=on.year, holder=None)
    typed = typed_tasks(place, [each.user_id for each in leaders])
    mine = Occurrence.unscoped.to_do().filter(item__checklist__in=lists, starts_on__lte=today())
    drafts = Draft.objects.of(post.user).filter(
        target_type=Occurrence._meta.label_lower,
        target_id__in=[str(pk) for pk in typed.values_list("pk", flat=True)])
    return HandOver(
        tasks=list(mine.for_page().order_by("due_on", "pk")), drafts=drafts.count(),
        lists=list(lists.select_related("organization", "holder").order_by("pk")),
        portfolios=list(Portfolio.unscoped.filter(appointment=post).on(on)
                        .select_related("organization")),
        leaders=leaders, is_personal=is_personal,
        deputies=list(Appointment.unscoped.filter(acting_for=post, ends_on__gte=on)
                      .select_related("user")))


def of_closing(top: Organization, on: date, into: Organization | None = None) -> Closing:
    """What ends when `top` is closed on a day; merged into another, its branches go on."""
    nodes = list(Organization.objects.active().under(top.path))
    branches = [node for node in nodes if node.kind == Kind.BRANCH] if into else []
    kept = {node.pk for node in nodes
            if any(node.path.startswith(branch.path) for branch in branches)}
    ended = [node for node in nodes if node.pk not in kept]
    tasks = Occurrence.unscoped.filter(below("organization__path", top.path),
                                       organization__in=ended)
    lists = Checklist.unscoped.filter(organization__in=ended, year=on.year)
    return Closing(
        places=ended, branches=branches, home=branch_home(into) if into else None,
        posts=list(Appointment.unscoped.overlapping(on, None).filter(organization__in=ended)
                   .select_related("user", "organization").order_by("organization__path", "pk")),
        lists=lists.count(), excused=tasks.to_do().filter(due_on__gte=on).count(),
        owed=tasks.to_do().filter(due_on__lt=on).count(), waiting=tasks.waiting().count())
