"""Which lists each unit is to bear today: the rule file, asked for many units at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.checklists import bearers
from apps.checklists.bearers import Bearing
from apps.core.calendar import today
from apps.organizations.models import Appointment, Organization
from apps.organizations.roles import RoleCode

LEADERS = {RoleCode.PARTY_GROUP_SECRETARY, RoleCode.MEMBER}


@dataclass(frozen=True)
class Plan:
    """The lists of one unit, the facts its duties are chosen by, and since when each of its
    organisations stands and each of its leaders holds his post, by (place, holder)."""

    place: Organization
    bearings: Sequence[Bearing]
    facts: set[str]
    since: dict[tuple, date]
    # The active organisations below the unit, in tree order.
    nodes: Sequence[Organization] = ()


def plan(place: Organization, *, on: date | None = None) -> Plan:
    """The plan of one unit, or of the committee itself, on a day (today)."""
    return plans([place], on=on)[0]


def plans(places: Sequence[Organization], *, on: date | None = None) -> list[Plan]:
    """The plans of these units in their order, in two statements however many they are."""
    nodes, posts = _nodes(places), _posts(places, on or today())
    return [_plan(place, nodes[place.pk], posts[place.pk]) for place in places]


def _plan(place, nodes: list[Organization], posts: list[Appointment]) -> Plan:
    since: dict[tuple, date] = {(place.pk, None): place.founded_on}
    if place.kind == Organization.Kind.COMMITTEE:
        return Plan(place, [bearers.committee_bearing(place)], set(), since)
    since |= {(node.pk, None): node.founded_on for node in nodes}
    since |= {(place.pk, post.user_id): post.starts_on for post in posts}
    secretaries, members = (
        list(dict.fromkeys(post.user_id for post in posts if post.role == role))
        for role in (RoleCode.PARTY_GROUP_SECRETARY, RoleCode.MEMBER)
    )
    members = [member for member in members if member not in secretaries]
    planned = bearers.bearings(place, nodes, secretaries, members)
    return Plan(place, planned, bearers.facts(place, nodes), since, nodes)


def _nodes(places: Iterable[Organization]) -> dict[int, list[Organization]]:
    """The active organisations below each unit, in tree order."""
    units = {place.path: place for place in places if place.kind == Organization.Kind.UNIT}
    found: dict[int, list[Organization]] = defaultdict(list)
    if not units:
        return found
    for node in _below(units):
        for path in (node.path, *node.parent_paths()):
            if path in units and path != node.path:
                found[units[path].pk].append(node)
                break
    return found


def _below(units: dict[str, Organization]) -> Iterable[Organization]:
    if len(units) == 1:
        return Organization.objects.active().under(next(iter(units)))
    return Organization.objects.active()


def _posts(places: Iterable[Organization], day: date) -> dict[int, list[Appointment]]:
    """The leaders of each unit on a day; a deputy bears no list of his own."""
    found = defaultdict(list)
    posts = Appointment.unscoped.on(day).filter(role__in=LEADERS, acting_for=None)
    for post in posts.filter(organization__in=[place.pk for place in places]).order_by("pk"):
        found[post.organization_id].append(post)
    return found
