"""Publish a year: lists, items and tasks of every unit, by set-based statements.

One transaction and one event a unit, so that a run can be broken off anywhere and
started again: what stands already is left alone by unique constraints.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from apps.checklists import bearers
from apps.checklists.models import Checklist, Item
from apps.checklists.services import due_dates
from apps.core.act import act, record
from apps.core.calendar import today
from apps.core.errors import Conflict, NotAllowed
from apps.core.fields import subtree_end
from apps.duties.models import CatalogueVersion, Duty
from apps.duties.predicates import applies
from apps.duties.services import committee, publish_version
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode

ITEMS = """
INSERT INTO checklists_item (checklist_id, duty_id)
SELECT list.id, duty.id
FROM checklists_checklist list JOIN duties_duty duty ON duty.version_id = list.version_id
WHERE list.id = %(list)s AND duty.id = ANY(%(duties)s)
ON CONFLICT DO NOTHING
"""
TASKS = """
INSERT INTO checklists_occurrence
    (item_id, organization_id, slot_id, period, event, starts_on, ends_on, due_on,
     state, version, is_confirmed)
SELECT item.id, list.organization_id, slot.id, slot.period, '', slot.starts_on, slot.ends_on,
       slot.due_on, 'open', 0, %(yes)s
FROM checklists_item item
JOIN checklists_checklist list ON list.id = item.checklist_id
JOIN organizations_organization place ON place.id = list.organization_id
JOIN checklists_slot slot ON slot.duty_id = item.duty_id AND slot.year = list.year
WHERE list.year = %(year)s AND place.path >= %(path)s AND place.path < %(end)s
  AND item.fulfilled_by_id IS NULL AND slot.due_on >= list.counts_from
ON CONFLICT DO NOTHING
"""


@dataclass
class Made:
    """How many rows a run has added."""

    lists: int = 0
    items: int = 0
    tasks: int = 0
    units: int = 0

    def add(self, other: "Made") -> None:
        """Count another unit's rows in."""
        self.lists += other.lists
        self.items += other.items
        self.tasks += other.tasks
        self.units += other.units


@dataclass
class Duties:
    """The duties of one version, read once a run."""

    version: CatalogueVersion
    rows: list = field(default_factory=list)

    def __post_init__(self):
        self.rows = list(Duty.objects.filter(version=self.version))

    def taken(self, subjects, facts: set[str]) -> list[int]:
        """Ids of the duties of these subjects whose conditions the unit's facts meet."""
        return [d.pk for d in self.rows if d.subject in subjects and applies(d.applies_to, facts)]


def publish(*, version, year: int, by, progress=None) -> Made:
    """Publish `version` for `year` to every unit; safe to repeat and to interrupt.

    A version that was only loaded is published with it and cannot change from then on.
    `progress(done, total)` is called after each unit. Raises NotAllowed without the right,
    Conflict when the year's lists stand on another version.
    """
    with act(by=by):
        check(version=version, year=year, by=by)
        version = CatalogueVersion.objects.select_for_update().get(pk=version.pk)
        if version.state == CatalogueVersion.State.LOADED:
            version = publish_version(version=version, by=by)
        due_dates.write_slots(version=version, year=year)
    made, duties = Made(), Duties(version)
    kinds = (Organization.Kind.COMMITTEE, Organization.Kind.UNIT)
    places = list(Organization.objects.active().filter(kind__in=kinds).order_by("path"))
    for done, place in enumerate(places, start=1):
        made.add(_publish_unit(place=place, duties=duties, year=year, by=by))
        if progress:
            progress(done, len(places))
    return made


def check(*, version, year: int, by) -> None:
    """Raise NotAllowed or Conflict where `by` cannot publish `version` for `year`."""
    root = committee()
    if root is None or not by.may(Permission.CHECKLIST_PUBLISH, at=root.path):
        raise NotAllowed("清单由工委管理员下发。")
    other = Checklist.unscoped.filter(year=year).exclude(version=version).first()
    if other:
        raise Conflict(f"{year}年的清单按责任目录{other.version.code}下发，不能再按另一版下发。")


def _publish_unit(*, place, duties: Duties, year: int, by) -> Made:
    """Publish to one unit (or to the committee itself) in one transaction."""
    with act(by=by):
        # Two runs at once: the second waits here and then finds everything standing.
        Organization.objects.select_for_update(no_key=True).get(pk=place.pk)
        planned, facts, starts = plan(place)
        planned = [bearing for bearing in planned if duties.taken(bearing.takes, facts)]
        made = Made(lists=_insert_lists(planned, duties.version, year, starts))
        for bearing, checklist in _standing(planned, year):
            made.items += _insert_items(checklist, duties.taken(bearing.takes, facts))
        end = _end(place)
        if made.items:
            link_fulfilled(path=place.path, end=end, year=year, duties=duties)
        made.tasks = _execute(TASKS, {"year": year, "path": place.path, "end": end, "yes": True})
        made.units = int(bool(made.lists or made.items or made.tasks))
        if made.units:
            record("checklists.checklist.publish", place, year=year, lists=made.lists,
                   items=made.items, tasks=made.tasks, version=duties.version.code)
        return made


def _end(place) -> str:
    """Where the place's own rows end: the committee's subtree is everybody, its own list is not."""
    if place.kind == Organization.Kind.COMMITTEE:
        return f"{place.path} "  # a blank sorts before every step of a path
    return subtree_end(place.path)


def plan(place) -> tuple[list[bearers.Bearing], set[str], dict[tuple, date]]:
    """Which lists a unit bears today, the facts its duties are chosen by, and since when each
    of its organisations stands and each of its leaders holds his post, by (place, holder)."""
    founded = {(place.pk, None): place.founded_on}
    if place.kind == Organization.Kind.COMMITTEE:
        return [bearers.committee_bearing(place)], set(), founded
    nodes = list(Organization.objects.active().under(place.path).exclude(pk=place.pk))
    posts = Appointment.unscoped.on(today()).filter(organization=place, acting_for=None)
    secretaries = dict(posts.filter(role=RoleCode.PARTY_GROUP_SECRETARY)
                       .values_list("user_id", "starts_on"))
    members = dict(posts.filter(role=RoleCode.MEMBER).values_list("user_id", "starts_on"))
    planned = bearers.bearings(place, nodes, list(secretaries), list(members))
    founded |= {(node.pk, None): node.founded_on for node in nodes}
    founded |= {(place.pk, who): since for who, since in (members | secretaries).items()}
    return planned, bearers.facts(place, nodes), founded


def link_fulfilled(*, path: str, end: str, year: int, duties: Duties) -> None:
    """Mark the items of a unit that are fulfilled along with another duty's item."""
    codes = {d.code: d.pk for d in duties.rows}
    for duty in duties.rows:
        for code in duty.also_fulfils:
            rows = Item.unscoped.select_related("checklist").filter(
                checklist__year=year, checklist__organization__path__gte=path,
                checklist__organization__path__lt=end)
            bearing = list(rows.filter(duty=duty))
            for item in rows.filter(duty=codes[code], fulfilled_by=None, occurrences=None):
                item.fulfilled_by = _nearest(item, bearing)
                item.save(update_fields=["fulfilled_by"])


def _nearest(item, bearing: list):
    """The bearing item on the same list, else at the same organisation, else the only one."""
    own = item.checklist
    same_list = [each for each in bearing if each.checklist_id == own.pk]
    same_place = [each for each in bearing
                  if each.checklist.organization_id == own.organization_id]
    for found in (same_list, same_place):
        if found:
            return found[0]
    return bearing[0] if len(bearing) == 1 else None


def _insert_lists(planned, version, year: int, starts: dict[tuple, date]) -> int:
    standing = {bearing for bearing, _checklist in _standing(planned, year)}
    new = [bearing for bearing in planned if bearing not in standing]
    Checklist.unscoped.bulk_create(
        [Checklist(organization_id=b.organization_id, subject=b.subject, year=year,
                   holder_id=b.holder_id, version=version, published_on=today(),
                   counts_from=max(date(year, 1, 1), starts[b.organization_id, b.holder_id]))
         for b in new],
        ignore_conflicts=True,
    )
    return len(new)


def _standing(planned, year: int) -> list[tuple]:
    lists = Checklist.unscoped.filter(
        year=year, organization__in={b.organization_id for b in planned})
    there = {(each.organization_id, each.subject, each.holder_id): each for each in lists}
    found = [(b, there.get((b.organization_id, b.subject, b.holder_id))) for b in planned]
    return [(b, checklist) for b, checklist in found if checklist]


def _insert_items(checklist, duty_ids: list[int]) -> int:
    return _execute(ITEMS, {"list": checklist.pk, "duties": duty_ids})


def _execute(statement: str, values: dict) -> int:
    if connection.vendor == "sqlite":
        statement, values = _without_arrays(statement, values)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return max(cursor.rowcount, 0)


def _without_arrays(statement: str, values: dict) -> tuple[str, dict]:
    """SQLite has no arrays: `= ANY(list)` becomes IN with one name a value."""
    flat: dict = {}
    for name, value in values.items():
        if isinstance(value, list):
            names = {f"{name}{i}": each for i, each in enumerate(value)}
            marks = ", ".join(f"%({key})s" for key in names) or "NULL"
            statement = statement.replace(f"= ANY(%({name})s)", f"IN ({marks})")
            flat |= names
        else:
            flat[name] = value
    return statement, flat
