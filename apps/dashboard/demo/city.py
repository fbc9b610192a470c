"""Put the departments into the database as sets: an import, with one event for all of it.

The rows are those that the verbs of `organizations.services` would have written; a city of
six hundred organisations and a thousand accounts stands within two seconds.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from apps.core.act import SYSTEM, act, record
from apps.dashboard.demo import departments
from apps.dashboard.demo.departments import Department
from apps.dashboard.demo.people import Person, Place
from apps.organizations.models import Appointment, Organization, Partnership, Portfolio, User
from apps.organizations.roles import RoleCode
from apps.organizations.services import initials

BATCH = 500


def build(
    chosen: Sequence[Department], *, places: dict, users: dict, hashed: str, since: date
) -> None:
    """Add these departments and their people to `places` and `users`, which are by key."""
    root = places["gw"]
    rows, people = departments.places(chosen), departments.people(chosen)
    with act(by=SYSTEM):
        places |= _organizations(rows, places, since)
        users |= _accounts(people, hashed)
        posts = _appointments(people, places, users, since)
        _portfolios(chosen, posts, places, since)
        _partnerships(chosen, places, since)
        record("organizations.organization.import", root, places=len(rows), people=len(people),
               posts=len(posts))


def _organizations(
    rows: Sequence[Place], standing: dict[str, Organization], since: date
) -> dict[str, Organization]:
    """The tree's own arithmetic of paths, without its statement a node."""
    made: dict[str, Organization] = {}
    above = Organization.objects.in_bulk([place.pk for place in standing.values()])
    parents = {key: above[place.pk] for key, place in standing.items()}
    children = Counter({key: parent.numchild for key, parent in parents.items()})
    for row in rows:
        parent = made.get(row.parent) or parents[row.parent]
        children[row.parent] += 1
        path = Organization._get_path(parent.path, parent.depth + 1, children[row.parent])
        made[row.key] = Organization(
            path=path, depth=parent.depth + 1, kind=row.kind, name=row.name,
            short_name=row.short_name, initials=initials(row.short_name), code=row.key.upper(),
            founded_on=since, **row.facts)
    for key, node in made.items():
        node.numchild = children[key]
    Organization.objects.bulk_create(made.values(), batch_size=BATCH)
    for key in {row.parent for row in rows} & set(parents):
        Organization.objects.filter(pk=parents[key].pk).update(numchild=children[key])
    return made


def _accounts(people: Sequence[Person], hashed: str) -> dict[str, User]:
    """Accounts with one password, hashed once: a thousand hashes would take minutes."""
    made = [User(username=person.username, name=person.name, password=hashed, is_demo=True,
                 initials=initials(person.name)[:30]) for person in people]
    User.objects.bulk_create(made, batch_size=BATCH)
    return {user.username: user for user in made}


def _appointments(people, places, users, since: date) -> dict[tuple[str, str], Appointment]:
    made = {
        (person.username, key): Appointment(
            user=users[person.username], role=role, organization=places[key], starts_on=since,
            drafter=users.get(person.drafter))
        for person in people for role, key in person.posts
    }
    Appointment.unscoped.bulk_create(made.values(), batch_size=BATCH)
    return made


def _portfolios(chosen, posts: dict, places: dict, since: date) -> None:
    """Every unit has an officer; every member is in charge of a few branches."""
    officers = [post for post in posts.values() if post.role == RoleCode.COMMITTEE_OFFICER]
    # The told officer keeps the told unit; the two others go to the first of the new ones.
    units = [key for key in ("czj", "dag") if key in places] + [each.key for each in chosen]
    made = [Portfolio(appointment=officers[order * len(officers) // len(units)],
                      organization=places[key], starts_on=since)
            for order, key in enumerate(units)]
    for unit in chosen:
        members = [post for (_user, key), post in posts.items()
                   if key == unit.key and post.role == RoleCode.MEMBER]
        made += [Portfolio(appointment=members[number % len(members)], starts_on=since,
                           organization=places[f"{unit.key}_zb{number + 1}"])
                 for number in range(unit.size)]
    Portfolio.unscoped.bulk_create(made, batch_size=BATCH)


def _partnerships(chosen, places: dict, since: date) -> None:
    """The units that share a joint branch with its host."""
    Partnership.unscoped.bulk_create([
        Partnership(branch=places[f"{unit.key}_zb1"], unit=places[key], starts_on=since)
        for unit in chosen for key in unit.shares if key in places])
