"""What applying a version of the catalogue changes for a unit: reckoned, nothing written.

The preview shows it for the whole city, `versions.apply` carries it out unit by unit; both
ask this one rule, so that what was shown is what is done. It compares what stands with what
the version asks, so that a second run finds nothing left to do.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from apps.checklists import schedule
from apps.checklists.bearers import Bearing
from apps.checklists.models import Checklist, Item, Occurrence, Petition, Slot
from apps.checklists.services.plans import Plan
from apps.checklists.services.publishing import list_key, own_end
from apps.core.calendar import current, today
from apps.duties import differences, editions
from apps.duties.catalogue_file import version_key
from apps.duties.models import CatalogueVersion, Duty
from apps.duties.predicates import applies
from apps.organizations.models import Organization

State = Occurrence.State
Key = tuple[int, str, int | None]  # a list of the year: organisation, subject, holder
Node = tuple[Key, str]  # a duty on it, by its code
ONE_DAY = timedelta(days=1)


class Target:
    """The version to be applied for a year, with all that is reckoned once a run."""

    def __init__(self, version: CatalogueVersion, year: int):
        calendar = current()
        self.version, self.year = version, year
        self.duties = {duty.pk: duty for duty in Duty.objects.all()}
        self.rows = {d.code: d for d in self.duties.values() if d.version_id == version.pk}
        self.periods = {code: {plan.period: plan for plan in schedule.slots(duty, year, calendar)}
                        for code, duty in self.rows.items()}
        self.bearer_of = {code: duty.code for duty in self.rows.values()
                          for code in duty.also_fulfils}
        versions = CatalogueVersion.objects.all()
        self.newer: set[int | None] = {each.pk for each in versions
                      if version_key(each.code) > version_key(version.code)}
        self.differences = self._differences()
        self.affected = self._affected()

    def _differences(self) -> dict[int, differences.Difference]:
        """From each other version on which lists of the year stand, by its id."""
        standing = CatalogueVersion.objects.filter(pk__in=Checklist.unscoped.filter(
            year=self.year).exclude(version=self.version).values("version"))
        new = editions.entries(self.version)
        return {each.pk: differences.between(editions.entries(each), new) for each in standing}

    def taken(self, takes, facts: set[str]) -> dict[str, Duty]:
        """The duties of these subjects for a unit with these facts, by code."""
        return {code: duty for code, duty in self.rows.items()
                if duty.subject in takes and applies(duty.applies_to, facts)}

    def _affected(self) -> set[str]:
        """Codes whose tasks may change: other dates, other bearers, new or withdrawn."""
        names = (*differences.SCHEDULE, *differences.BEARERS)
        found = set()
        for each in self.differences.values():
            duties = [*each.added, *each.withdrawn]
            for change in each.changed:
                duties += [change.old, change.new] if change.touches(names) else []
            found |= {code for duty in duties for code in (duty.code, *duty.also_fulfils)}
        return found


class Standing:
    """What stands for the year: of the whole city, or of one place."""

    def __init__(self, target: Target, place: Organization | None = None):
        lists = Checklist.unscoped.filter(year=target.year)
        if place is not None:
            lists = lists.filter(organization__path__gte=place.path,
                                 organization__path__lt=own_end(place))
        self.lists = list(lists.select_related("organization", "holder").order_by(
            "organization__path", "subject", "pk"))
        self.items: dict[int, list[Item]] = defaultdict(list)
        chosen = Item.unscoped.filter(checklist__in=lists, duty__origin=Duty.Origin.CATALOGUE)
        for item in chosen.order_by("pk"):
            self.items[item.checklist_id].append(item)
        self.tasks: dict[int, list[Occurrence]] = defaultdict(list)
        self.slots: dict[int, Slot] = {}  # by task
        self.events: dict[int, list[Occurrence]] = defaultdict(list)  # what has happened
        about = Occurrence.unscoped.filter(item__in=chosen)
        touched = about.filter(item__duty__code__in=target.affected)
        for task in (touched | about.exclude(withdrawn_in=None)).select_related("slot"):
            if task.slot is not None:
                self.tasks[task.item_id].append(task)
                self.slots[task.pk] = task.slot
            elif not task.period:
                self.events[task.item_id].append(task)
        moved = Petition.unscoped.that_moved().filter(item__in=chosen)
        self.agreed = set(moved.values_list("occurrence_id", flat=True))

    def of(self, place: Organization) -> list[Checklist]:
        """The lists of one place."""
        end = own_end(place)
        return [each for each in self.lists if place.path <= each.organization.path < end]


@dataclass
class Changes:
    """What a version changes for one place; rows as they stand, not yet changed."""

    place: Organization
    lists: list[Checklist] = field(default_factory=list)  # on another version so far
    new_lists: dict[Key, tuple[Bearing, date]] = field(default_factory=dict)
    moved: list[tuple[Item, Duty]] = field(default_factory=list)
    changed: list[tuple[Item, Duty]] = field(default_factory=list)  # moved, and other words
    unborne: list[int] = field(default_factory=list)  # lists of those who have left, by id
    returned: list[tuple[Item, Duty]] = field(default_factory=list)
    withdrawn: list[Item] = field(default_factory=list)
    added: list[tuple[Key, Duty, date]] = field(default_factory=list)
    links: dict[Node, Node | None] = field(default_factory=dict)  # fulfilled along from now on
    counts_from: dict[int, date] = field(default_factory=dict)  # by item
    excused: list[Occurrence] = field(default_factory=list)
    resumed: list[Occurrence] = field(default_factory=list)
    redated: list[tuple[Occurrence, schedule.SlotPlan]] = field(default_factory=list)
    followed: list[Occurrence] = field(default_factory=list)  # same period, the new slot
    fresh: Counter = field(default_factory=Counter)  # tasks to be inserted, by list
    keys: dict[int, Key] = field(default_factory=dict)  # of the lists by their id
    items: dict[int, Item] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.lists, self.new_lists, self.moved, self.returned, self.withdrawn,
                    self.added, self.links, self.excused, self.resumed, self.redated))


def changes(plan: Plan, target: Target, standing: Standing) -> Changes:
    """What `target` changes for the place of `plan`."""
    return _Reckoning(plan, target, standing).changes


class _Reckoning:
    """One place, step by step; `changes` holds the result."""

    def __init__(self, plan: Plan, target: Target, standing: Standing):
        self.target, self.standing = target, standing
        self.changes = Changes(plan.place)
        # Lists of those who have left, and of closed places, follow but take nothing new.
        is_open = plan.place.closed_on is None
        self.takes = {list_key(b): b.takes for b in plan.bearings} if is_open else {}
        self.facts = plan.facts
        self.nodes: dict[Node, Item | None] = {}  # in force afterwards
        self.starts: dict[Key, date] = {}
        self.pointed: set[int] = set()  # items that are pointed to another duty, or come back
        lists = standing.of(plan.place)
        self.changes.lists = [each for each in lists if each.version_id != target.version.pk]
        for checklist in lists:
            self.changes.keys[checklist.pk] = list_key(checklist)
            if list_key(checklist) not in self.takes:
                self.changes.unborne.append(checklist.pk)
            self.starts[list_key(checklist)] = max(checklist.counts_from, today())
            self._items(checklist)
        self._new_lists(plan)
        self._links()
        self._tasks()

    def _items(self, checklist: Checklist) -> None:
        key = list_key(checklist)
        taken = self.target.taken(self.takes.get(key, ()), self.facts)
        standing = set()
        for item in self.standing.items[checklist.pk]:
            old = self.target.duties[item.duty_id]
            standing.add(old.code)
            self.changes.items[item.pk] = item
            self._item(item, old, self._asked(key, old, taken))
            if self.target.rows.get(old.code) and self._stays(item):
                self.nodes[key, old.code] = item
        for code, duty in taken.items():
            if code not in standing:
                self.changes.added.append((key, duty, self.starts[key]))
                self.nodes[key, code] = None

    def _asked(self, key: Key, old: Duty, taken: dict[str, Duty]) -> Duty | None:
        """The duty that the version asks of this list in place of `old`; None when it does not.
        Facts of the unit that have changed since are no business of a new version."""
        new = self.target.rows.get(old.code)
        if new is None or old.code in taken or key not in self.takes:
            return new
        same = (new.subject, new.applies_to) == (old.subject, old.applies_to)
        return new if same else None

    def _item(self, item: Item, old: Duty, new: Duty | None) -> None:
        if item.archived_on is not None:
            self._archived(item, old, new)
            return
        if new is None:
            self.changes.withdrawn.append(item)
        elif new.pk != old.pk:
            self.changes.moved.append((item, new))
            self.pointed.add(item.pk)
            difference = self.target.differences.get(old.version_id or 0)
            if difference and any(c.code == new.code for c in difference.changed):
                self.changes.changed.append((item, new))

    def _archived(self, item: Item, old: Duty, new: Duty | None) -> None:
        """What an edition withdrew comes back with it. What the facts of the unit withdrew
        follows by code, so that it is the same item when they ask for it again."""
        follower = self.target.rows.get(old.code)
        if item.withdrawn_in_id is not None:
            if new is not None:
                self.changes.returned.append((item, new))
                self.pointed.add(item.pk)
        elif follower is not None and follower.pk != old.pk:
            self.changes.moved.append((item, follower))

    def _stays(self, item: Item) -> bool:
        """In force afterwards."""
        if item.not_applicable_since is not None or item in self.changes.withdrawn:
            return False
        return item.archived_on is None or any(item is i for i, _d in self.changes.returned)

    def _new_lists(self, plan: Plan) -> None:
        """Lists that consist of new duties: other missing ones are the business of publishing."""
        there = set(self.changes.keys.values())
        new = {duty.code for each in self.target.differences.values() for duty in each.added}
        for bearing in plan.bearings if self.takes else ():
            key = list_key(bearing)
            taken = self.target.taken(bearing.takes, self.facts)
            if key not in there and taken and set(taken) <= new:
                since = max(today(), plan.since[bearing.organization_id, bearing.holder_id])
                self.changes.new_lists[key] = (bearing, since)
                self.starts[key] = since
                self.changes.added += [(key, duty, since) for duty in taken.values()]
                self.nodes |= {(key, code): None for code in taken}

    def _links(self) -> None:
        """Which duties are fulfilled along with which from now on, where that changes."""
        now = {item.pk: node for node, item in self.nodes.items() if item is not None}
        for node, item in self.nodes.items():
            wanted = self._bearer(node)
            bearer = item.fulfilled_by_id if item is not None else None
            standing = now.get(bearer) if bearer is not None else None
            if wanted != standing or (bearer is not None and wanted is None):
                self.changes.links[node] = wanted

    def _bearer(self, node: Node) -> Node | None:
        """The bearing duty on the same list, else at the same place, else the only one."""
        key, code = node
        wanted = self.target.bearer_of.get(code)
        if wanted is None:
            return None
        bearing = [each for each in self.nodes if each[1] == wanted]
        for found in ([n for n in bearing if n[0] == key],
                      [n for n in bearing if n[0][0] == key[0]]):
            if found:
                return found[0]
        return bearing[0] if len(bearing) == 1 else None

    def _tasks(self) -> None:
        for gone in self.changes.withdrawn:
            self.changes.excused += [t for t in self._open(gone) if t.ends_on >= today()]
        for back, _duty in self.changes.returned:
            self.changes.resumed += [
                task for task in self.standing.events[back.pk] if task.state == State.EXCUSED
                and task.withdrawn_in_id is not None and task.due_on >= today()]
        for node, item in self.nodes.items():
            is_carried = self._is_carried(node, item)
            if item is not None:
                self._tasks_of(node, item, is_carried)
            if not is_carried:
                self._fresh(node, item)

    def _is_carried(self, node: Node, item: Item | None) -> bool:
        if node in self.changes.links:
            return self.changes.links[node] is not None
        return item is not None and item.fulfilled_by_id is not None

    def _open(self, item: Item) -> list[Occurrence]:
        tasks = (*self.standing.tasks[item.pk], *self.standing.events[item.pk])
        return [task for task in tasks if task.state == State.OPEN]

    def _tasks_of(self, node: Node, item: Item, is_carried: bool) -> None:
        """What becomes of the tasks of an item that stays: those of ended periods and those
        reported stay as they are."""
        periods = self.target.periods[node[1]]
        for task in self.standing.tasks[item.pk]:
            plan = periods.get(task.period)
            if task.ends_on < today() or task.state not in (State.OPEN, State.EXCUSED):
                continue
            if task.state == State.EXCUSED:
                if (task.withdrawn_in_id is not None and plan is not None and not is_carried
                        and task.due_on >= today()):
                    self.changes.resumed.append(task)
                    self._follow(task, plan)
                continue
            # What has begun goes on, except where an undo takes back what came with it.
            has_begun = task.starts_on <= today()
            is_newer = self.standing.slots[task.pk].version_id in self.target.newer
            if (is_carried or plan is None) and (is_newer or not has_begun):
                self.changes.excused.append(task)
            elif plan is not None:
                self._follow(task, plan)

    def _follow(self, task: Occurrence, plan: schedule.SlotPlan) -> None:
        """A task of the same period: it takes the new slot, and its date where the rule has
        changed, unless somebody has agreed to another or the new one has already passed."""
        slot = self.standing.slots[task.pk]
        if slot.version_id != self.target.version.pk:
            self.changes.followed.append(task)
        is_free = (task.correct_by is None and task.pk not in self.standing.agreed
                   and task.due_on >= today())
        if is_free and slot.due_on != plan.due_on >= today():
            self.changes.redated.append((task, plan))

    def _fresh(self, node: Node, item: Item | None) -> None:
        """Tasks that will be added: nothing that was due before today, and no period that lies
        within one that has begun in the old rhythm and goes on."""
        key, code = node
        if item is not None and code not in self.target.affected:
            return
        tasks = self.standing.tasks[item.pk] if item is not None else []
        there = {task.period for task in tasks}
        missing = [p for p in self.target.periods[code].values() if p.period not in there]
        since = self._since(node, item, tasks, missing)
        if key in self.takes:
            self.changes.fresh[key] += sum(plan.due_on >= since for plan in missing)

    def _since(self, node: Node, item: Item | None, tasks, missing) -> date:
        key, _code = node
        if item is None:
            return self.starts[key]
        if not (missing and (item.pk in self.pointed or node in self.changes.links)):
            return item.counts_from or self.starts[key]
        kept = [t for t in tasks if t.state != State.EXCUSED and t not in self.changes.excused]
        inside = [plan.due_on + ONE_DAY for plan in missing for task in kept
                  if task.starts_on <= plan.starts_on and plan.ends_on <= task.ends_on]
        since = max([self.starts[key], *inside])
        self.changes.counts_from[item.pk] = since
        return since
