"""Publish a year: lists, items and tasks of every unit, by set-based statements.

One transaction and one event a unit, so that a run can be broken off anywhere and
started again: what stands already is left alone by unique constraints.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from apps.checklists.models import Checklist, Item
from apps.checklists.services import due_dates, year_change
from apps.checklists.services.plans import Plan, plans
from apps.core.act import act, record
from apps.core.calendar import today
from apps.core.errors import Conflict, NotAllowed
from apps.core.fields import subtree_end
from apps.duties.models import CatalogueVersion, Duty, committee
from apps.duties.predicates import applies
from apps.duties.services.loading import publish_version
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

# {rows} are tuples of placeholders, one a list to be.
LISTS = """
INSERT INTO checklists_checklist
    (organization_id, subject, year, holder_id, version_id, published_on, counts_from)
VALUES {rows}
ON CONFLICT DO NOTHING
"""
# {takes} are an organisation, the subject of its list, the holder or 0, and a subject whose
# duties the list takes; column1 … column4 are what both engines call the columns of VALUES.
ITEMS = """
INSERT INTO checklists_item
    (checklist_id, duty_id, measures, owner, days_earlier, archive_reason)
SELECT list.id, duty.id, '', '', 0, ''
FROM (VALUES {takes}) takes
JOIN checklists_checklist list ON list.organization_id = takes.column1
    AND list.subject = takes.column2 AND COALESCE(list.holder_id, 0) = takes.column3
JOIN duties_duty duty ON duty.version_id = list.version_id AND duty.subject = takes.column4
WHERE list.year = %(year)s AND duty.id NOT IN ({excluded})
ON CONFLICT DO NOTHING
"""
# {pairs} are a duty and the duty along with which it is fulfilled, both on one list. CROSS JOIN
# keeps SQLite to this order, from the unit down; it would start from all items of a duty.
FULFILLED = """
UPDATE checklists_item SET fulfilled_by_id = (
    SELECT bearing.id FROM (VALUES {pairs}) pair
    JOIN checklists_item bearing ON bearing.duty_id = pair.column2
    WHERE pair.column1 = checklists_item.duty_id
      AND bearing.checklist_id = checklists_item.checklist_id
      AND bearing.archived_on IS NULL AND bearing.not_applicable_since IS NULL
)
WHERE id IN (
    SELECT item.id
    FROM organizations_organization place
    CROSS JOIN checklists_checklist list
    CROSS JOIN checklists_item item
    WHERE place.path >= %(path)s AND place.path < %(end)s
      AND list.organization_id = place.id AND list.year = %(year)s
      AND item.checklist_id = list.id AND item.duty_id IN ({along})
      AND item.fulfilled_by_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM checklists_occurrence task WHERE task.item_id = item.id)
)
"""
ADOPTIONS = """
INSERT INTO checklists_adoption (checklist_id, state, version, minutes_number)
SELECT list.id, 'tailoring', 0, ''
FROM checklists_checklist list
JOIN organizations_organization place ON place.id = list.organization_id
WHERE list.year = %(year)s AND place.path >= %(path)s AND place.path < %(end)s
ON CONFLICT DO NOTHING
"""
EARLIER = """
SELECT 1
FROM organizations_organization place
JOIN checklists_checklist list ON list.organization_id = place.id
JOIN checklists_item item ON item.checklist_id = list.id
WHERE place.path >= %(path)s AND place.path < %(end)s AND list.year = %(year)s
  AND item.days_earlier > 0
LIMIT 1
"""
TASKS = """
INSERT INTO checklists_occurrence
    (item_id, organization_id, slot_id, period, event, opened_by, starts_on, ends_on, due_on,
     state, version, is_confirmed)
SELECT item.id, list.organization_id, slot.id, slot.period, '', '', slot.starts_on,
       slot.ends_on, slot.due_on, 'open', 0, %(yes)s
FROM checklists_item item
JOIN checklists_checklist list ON list.id = item.checklist_id
JOIN organizations_organization place ON place.id = list.organization_id
JOIN checklists_slot slot ON slot.duty_id = item.duty_id AND slot.year = list.year
WHERE list.year = %(year)s AND place.path >= %(path)s AND place.path < %(end)s
  AND item.fulfilled_by_id IS NULL AND item.archived_on IS NULL
  AND item.not_applicable_since IS NULL
  AND slot.due_on >= COALESCE(item.counts_from, list.counts_from)
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
    years: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self):
        self.rows = list(Duty.objects.filter(version=self.version))

    def follows(self, year: int) -> bool:
        """Whether there is a year before, from which something can be taken over."""
        if year not in self.years:
            self.years[year] = Checklist.unscoped.filter(year=year - 1).exists()
        return self.years[year]

    def pairs(self) -> list[tuple[Duty, Duty]]:
        """Each duty that is fulfilled along with another, and that other one."""
        by_code = {duty.code: duty for duty in self.rows}
        return [(by_code[code], duty) for duty in self.rows for code in duty.also_fulfils
                if code in by_code]

    def unfit(self, facts: set[str]) -> list[int]:
        """Ids of the duties whose conditions the facts of a unit do not meet."""
        return [duty.pk for duty in self.rows if not applies(duty.applies_to, facts)]

    def fit(self, facts: set[str]) -> set[str]:
        """The subjects that have a duty for a unit with these facts."""
        return {duty.subject for duty in self.rows if applies(duty.applies_to, facts)}


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
        kinds = (Organization.Kind.COMMITTEE, Organization.Kind.UNIT)
        places = Organization.objects.active().filter(kind__in=kinds).order_by("path")
        made, duties, planned = Made(), Duties(version), plans(list(places))
    for done, plan in enumerate(planned, start=1):
        made.add(publish_unit(plan=plan, duties=duties, year=year, by=by))
        if progress:
            progress(done, len(planned))
    return made


def check(*, version, year: int, by) -> None:
    """Raise NotAllowed or Conflict where `by` cannot publish `version` for `year`."""
    root = committee()
    if root is None or not by.may(Permission.CHECKLIST_PUBLISH, at=root.path):
        raise NotAllowed("清单由工委管理员下发。")
    other = Checklist.unscoped.filter(year=year).exclude(version=version).first()
    if other:
        raise Conflict(f"{year}年的清单按责任目录{other.version.code}下发，不能再按另一版下发。")


def publish_unit(*, plan: Plan, duties: Duties, year: int, by) -> Made:
    """Publish to one unit (or to the committee itself) in one transaction."""
    place, end = plan.place, own_end(plan.place)
    with act(by=by):
        # Two runs at once: the second waits here and then finds everything standing.
        Organization.objects.select_for_update(no_key=True).values_list("pk").get(pk=place.pk)
        made = Made(lists=_insert_lists(plan, duties, year))
        made.items = _insert_items(plan, duties, year)
        if made.items:
            link_fulfilled(path=place.path, end=end, year=year, duties=duties)
            if duties.follows(year):
                year_change.carry_over(path=place.path, end=end, year=year)
        if made.lists:
            insert_adoptions(place=place, year=year)
        made.tasks = insert_tasks(path=place.path, end=end, year=year)
        if made.tasks and _has_earlier(path=place.path, end=end, year=year):
            due_dates.keep_earlier(path=place.path, end=end, year=year)
        made.units = int(bool(made.lists or made.items or made.tasks))
        if made.units:
            record("checklists.checklist.publish", place, year=year, lists=made.lists,
                   items=made.items, tasks=made.tasks, version=duties.version.code)
        return made


def insert_tasks(*, path: str, end: str, year: int) -> int:
    """The tasks that the lists of `year` between two paths lack, in one statement."""
    return _execute(TASKS, {"year": year, "path": path, "end": end, "yes": True})


def insert_adoptions(*, place, year: int) -> int:
    """The adoption that each list of a unit lacks."""
    return _execute(ADOPTIONS, {"year": year, "path": place.path, "end": own_end(place)})


def own_end(place) -> str:
    """Where the place's own rows end: the committee's subtree is everybody, its own list is not."""
    if place.kind == Organization.Kind.COMMITTEE:
        return f"{place.path} "  # a blank sorts before every step of a path
    return subtree_end(place.path)


def link_fulfilled(*, path: str, end: str, year: int, duties: Duties) -> None:
    """Mark the items of a unit that are fulfilled along with another duty's item."""
    pairs = duties.pairs()
    if not pairs:
        return
    ids = ", ".join(f"({along.pk}, {bearing.pk})" for along, bearing in pairs)
    alone = ", ".join(str(along.pk) for along, _bearing in pairs)
    values = {"year": year, "path": path, "end": end}
    _execute(FULFILLED.format(pairs=ids, along=alone), values)
    # Where the two stand on different lists, "nearest" is a question of its own.
    across = {along.pk: bearing.pk for along, bearing in pairs
              if along.subject != bearing.subject}
    if across:
        _link_across(across, path=path, end=end, year=year)


def _link_across(across: dict[int, int], *, path: str, end: str, year: int) -> None:
    rows = Item.unscoped.filter(
        checklist__year=year, checklist__organization__path__gte=path,
        checklist__organization__path__lt=end, duty__in={*across, *across.values()})
    items = list(rows.select_related("checklist").order_by("pk"))
    begun = set(rows.exclude(occurrences=None).values_list("pk", flat=True))
    linked = []
    for item in items:
        if item.duty_id in across and item.fulfilled_by_id is None and item.pk not in begun:
            wanted = across[item.duty_id]
            item.fulfilled_by = nearest(
                item, [i for i in items if i.duty_id == wanted and i.is_in_force])
            linked.append(item)
    Item.unscoped.bulk_update(linked, ["fulfilled_by"], batch_size=200)


def nearest(item, bearing: list):
    """The bearing item on the same list, else at the same organisation, else the only one."""
    own = item.checklist
    same_list = [each for each in bearing if each.checklist_id == own.pk]
    same_place = [each for each in bearing
                  if each.checklist.organization_id == own.organization_id]
    for found in (same_list, same_place):
        if found:
            return found[0]
    return bearing[0] if len(bearing) == 1 else None


def list_key(row) -> tuple:
    """What makes a list of a year the one of a bearing."""
    return row.organization_id, row.subject, row.holder_id


def _insert_lists(plan: Plan, duties: Duties, year: int) -> int:
    """Lists that the unit lacks and that would hold a duty."""
    subjects, first, day = duties.fit(plan.facts), date(year, 1, 1), today()
    wanted = [each for each in plan.bearings if subjects & set(each.takes)]
    if not wanted:
        return 0
    values = [value for each in wanted for value in (
        each.organization_id, each.subject, year, each.holder_id, duties.version.pk, day,
        max(first, plan.since[each.organization_id, each.holder_id]))]
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(wanted))
    return _execute(LISTS.format(rows=rows), values)


def _insert_items(plan: Plan, duties: Duties, year: int) -> int:
    takes = [(each.organization_id, each.subject, each.holder_id or 0, subject)
             for each in plan.bearings for subject in each.takes]
    # Numbers of rows and words of the code alone: nothing that a person has typed.
    listed = ", ".join(f"({place:d}, '{subject}', {holder:d}, '{taken}')"
                       for place, subject, holder, taken in takes)
    excluded = ", ".join(str(int(pk)) for pk in duties.unfit(plan.facts)) or "0"
    return _execute(ITEMS.format(takes=listed, excluded=excluded), {"year": year})


def _has_earlier(*, path: str, end: str, year: int) -> bool:
    """Whether a list of the unit wants something earlier than the catalogue: most do not."""
    with connection.cursor() as cursor:
        cursor.execute(EARLIER, {"path": path, "end": end, "year": year})
        return cursor.fetchone() is not None


def _execute(statement: str, values: dict | list) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return max(cursor.rowcount, 0)
