"""Change the catalogue in mid-year: lists follow to another version, unit by unit.

Own edits of the units survive, ended periods are untouched, withdrawn duties are archived
with their reports. Applying an earlier version is the undo. One transaction and one event a
unit, as in publishing: a run can be broken off anywhere and started again. The design is
Comp's (/work/shared/domain/peers.md 3.2): what was changed locally is kept, nothing deleted.
"""

from collections import Counter
from dataclasses import astuple, dataclass, fields

from django.db.models import Count, OuterRef, Subquery

from apps.checklists.models import Checklist, Item, ListYear, Occurrence, Slot
from apps.checklists.services import due_dates, publishing
from apps.checklists.services.plans import Plan, plans
from apps.checklists.services.version_plans import Changes, Standing, Target, changes
from apps.core.act import SYSTEM, act, record
from apps.core.calendar import today
from apps.core.errors import Conflict, NotAllowed
from apps.core.workflow import advance
from apps.duties.models import CatalogueVersion, Duty, committee
from apps.duties.services.loading import ensure_publishable, publish_version
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

LISTED = 10
BATCH = 200


@dataclass(frozen=True)
class Numbers:
    """What a version changes, counted: items, tasks, and own edits that are kept."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    returned: int = 0
    tasks: int = 0
    moved: int = 0
    excused: int = 0
    resumed: int = 0
    own_edits: int = 0

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __bool__(self) -> bool:
        return any(astuple(self))


@dataclass(frozen=True)
class UnitPreview:
    """One unit of the preview: its numbers, in all and by subject, and the changes."""

    place: Organization
    total: Numbers
    subjects: dict[str, Numbers]
    changes: Changes


@dataclass
class Applied:
    """What a run has done."""

    units: int = 0
    total: Numbers = Numbers()


def preview(
    *, version: CatalogueVersion, year: int, place: Organization | None = None
) -> list[UnitPreview]:
    """What `apply` would change today, for every unit in tree order, or for `place` alone;
    nothing is written."""
    target = Target(version, year)
    standing = Standing(target, place)
    places = _places() if place is None else [place]
    return [_previewed(changes(plan, target, standing)) for plan in plans(places)]


def in_force(year: int) -> CatalogueVersion | None:
    """The version on which most lists of the year stand; None before they are published."""
    rows = Checklist.unscoped.filter(year=year).values("version").annotate(lists=Count("pk"))
    most = rows.order_by("-lists").first()
    return CatalogueVersion.objects.get(pk=most["version"]) if most else None


def check(*, version: CatalogueVersion, year: int, by) -> None:
    """Raise NotAllowed or Conflict where `by` cannot put the lists of `year` on `version`."""
    root = committee()
    if root is None or not by.may(Permission.CHECKLIST_PUBLISH, at=root.path):
        raise NotAllowed("责任目录由工委管理员用于清单。")
    if year < today().year or not ListYear.objects.is_open(year):
        raise Conflict(f"{year}年已经过去，清单不再按另一版目录调整。")
    if not Checklist.unscoped.filter(year=year).exists():
        raise Conflict(f"{year}年的清单还没有下发，请直接按这一版下发。")
    if version.state == CatalogueVersion.State.LOADED:
        ensure_publishable(version)
    reported = reported_since(version=version, year=year)
    if reported:
        named = "；".join(f"{place}“{title}”" for place, title in reported[:LISTED])
        more = f"等，共{len(reported)}项" if len(reported) > LISTED else ""
        raise Conflict(f"不能撤回到{version.code}：后来增加的内容已经有单位填报，"
                       f"撤回会使填报落空。{named}{more}。请在现在这一版的基础上起草新版。")


def reported_since(*, version: CatalogueVersion, year: int) -> list[tuple[str, str]]:
    """What was reported against something that later versions have added to `version`, as
    unit and duty; empty unless `version` is the earlier one."""
    target = Target(version, year)
    later = CatalogueVersion.objects.filter(
        pk__in=Checklist.unscoped.filter(year=year, version__in=target.newer).values("version"))
    since = min((each.published_on for each in later if each.published_on), default=None)
    if since is None:
        return []
    carried_later = {code for duty in target.duties.values()
                     if duty.version_id in {each.pk for each in later}
                     for code in duty.also_fulfils}
    freed = set(target.bearer_of) - carried_later
    rows = Occurrence.unscoped.filter(
        item__checklist__year=year, item__duty__origin=Duty.Origin.CATALOGUE,
        item__duty__version__in=later, first_filed_on__gte=since, report__isnull=False,
    ).exclude(state__in=[Occurrence.State.OPEN, Occurrence.State.EXCUSED])
    rows = rows.filter(item__duty__code__in=target.affected).select_related(
        "item__duty", "organization").order_by("organization__path", "item__duty__code", "pk")
    found = [(row.organization.name, str(row)) for row in rows if _is_news(row, target, freed)]
    return list(dict.fromkeys(found))


def _is_news(row: Occurrence, target: Target, freed: set[str]) -> bool:
    duty = row.item.duty
    earlier = target.rows.get(duty.code)
    if earlier is None or duty.code in freed:
        return True
    if not row.period:
        return earlier.cadence != Duty.Cadence.ON_EVENT
    return row.period not in target.periods[duty.code]


def apply(*, version: CatalogueVersion, year: int, by, progress=None) -> Applied:
    """Put the lists of `year` on `version`; safe to repeat and to interrupt.

    A draft is published with it and cannot change from then on. `progress(done, total)` is
    called after each unit. Raises NotAllowed or Conflict as `check` does.
    """
    with act(by=by):
        check(version=version, year=year, by=by)
        version = CatalogueVersion.objects.select_for_update().get(pk=version.pk)
        if version.state == CatalogueVersion.State.LOADED:
            version = publish_version(version=version, by=by)
        due_dates.write_slots(version=version, year=year)
        target, planned = Target(version, year), plans(_places())
    done = Applied()
    for number, plan in enumerate(planned, start=1):
        total = apply_to_unit(plan=plan, target=target, by=by)
        done.total += total
        done.units += bool(total)
        if progress:
            progress(number, len(planned))
    return done


def apply_to_unit(*, plan: Plan, target: Target, by) -> Numbers:
    """Put the lists of one unit (or of the committee itself) on the version, all or nothing."""
    place, end = plan.place, publishing.own_end(plan.place)
    with act(by=by):
        # Two runs at once: the second waits here and then finds everything done.
        Organization.objects.select_for_update(no_key=True).get(pk=place.pk)
        todo = changes(plan, target, Standing(target, place))
        if not todo:
            return Numbers()
        total = _total(todo)
        _put_items(todo, target)
        _put_tasks(todo, target)
        Checklist.unscoped.filter(pk__in=[each.pk for each in todo.lists]).update(
            version=target.version)
        tasks = publishing.insert_tasks(path=place.path, end=end, year=target.year)
        due_dates.keep_earlier(path=place.path, end=end, year=target.year)
        _let_go(todo)
        details = {each.name: getattr(total, each.name) for each in fields(Numbers)}
        record("checklists.checklist.apply", place, year=target.year,
               version=target.version.code, **details | {"tasks": tasks})
        return total


def _places() -> list[Organization]:
    """The committee and all units; closed ones too, whose lists only follow."""
    kinds = (Organization.Kind.COMMITTEE, Organization.Kind.UNIT)
    return list(Organization.objects.filter(kind__in=kinds).order_by("path"))


def _put_items(todo: Changes, target: Target) -> None:
    """Lists and items: pointers follow by code, the unit's own words stay where they are."""
    lists = dict(todo.keys)
    for key, (bearing, since) in todo.new_lists.items():
        made = Checklist.unscoped.create(
            organization_id=bearing.organization_id, subject=bearing.subject,
            holder_id=bearing.holder_id, year=target.year, version=target.version,
            published_on=today(), counts_from=since)
        lists[made.pk] = key
    if todo.new_lists:
        publishing.insert_adoptions(place=todo.place, year=target.year)
    _point([*todo.moved, *todo.returned], target)
    for item, _duty in todo.returned:
        item.archived_on, item.archive_reason, item.withdrawn_in = None, "", None
    for item in todo.withdrawn:
        item.archived_on, item.withdrawn_in = today(), target.version
        item.archive_reason = f"责任目录{target.version.code}不再要求"
    for pk, since in todo.counts_from.items():
        todo.items[pk].counts_from = since
    touched = {*(item.pk for item, _duty in todo.returned), *todo.counts_from,
               *(item.pk for item in todo.withdrawn)}
    Item.unscoped.bulk_update([todo.items[pk] for pk in touched], [
        "counts_from", "archived_on", "archive_reason", "withdrawn_in"], batch_size=BATCH)
    ids = {key: pk for pk, key in lists.items()}
    Item.unscoped.bulk_create(
        Item(checklist_id=ids[key], duty=duty, counts_from=since)
        for key, duty, since in todo.added)
    _put_links(todo, lists)


def _point(moved: list[tuple[Item, Duty]], target: Target) -> None:
    """Point items to the version's row of the same code, in one statement."""
    code = Duty.objects.filter(pk=OuterRef(OuterRef("duty_id"))).values("code")
    row = Duty.objects.filter(version=target.version, code=Subquery(code)).values("pk")
    Item.unscoped.filter(pk__in=[item.pk for item, _duty in moved]).update(duty=Subquery(row))
    for item, duty in moved:
        item.duty = duty


def _put_links(todo: Changes, lists: dict) -> None:
    """Which items are fulfilled along with which from now on."""
    if not todo.links:
        return
    rows = Item.unscoped.filter(checklist__in=lists, duty__origin=Duty.Origin.CATALOGUE)
    items = {(lists[item.checklist_id], item.duty.code): item
             for item in rows.select_related("duty").defer("duty__text")
             if item.is_in_force}
    linked = []
    for node, bearer in todo.links.items():
        items[node].fulfilled_by = items[bearer] if bearer else None
        linked.append(items[node])
    Item.unscoped.bulk_update(linked, ["fulfilled_by"], batch_size=BATCH)


def _put_tasks(todo: Changes, target: Target) -> None:
    """Tasks of the old version: no longer asked, asked again, or due on another day."""
    note = f"责任目录{target.version.code}不再要求"

    def mark(version):
        def prepare(row):
            row.withdrawn_in = version
            return ["withdrawn_in"]

        return prepare

    for task in todo.excused:
        advance(task, "excuse", by=SYSTEM, note=note, prepare=mark(target.version))
    for task in todo.resumed:
        advance(task, "resume", by=SYSTEM, prepare=mark(None),
                note=f"责任目录{target.version.code}仍然要求")
    for task, plan in todo.redated:
        due_dates.redate(occurrence=task, item=todo.items[task.item_id], plan=plan,
                         reason=f"责任目录改为{target.version.code}")
    _follow(todo, target)


def _let_go(todo: Changes) -> None:
    """Whoever has left gets nothing new, though his list follows to the version."""
    tasks = Occurrence.unscoped.filter(item__checklist__in=todo.unborne, due_on__gte=today(),
                                       state=Occurrence.State.OPEN)
    for task in tasks.order_by("pk"):
        advance(task, "excuse", by=SYSTEM, note="这份清单现在没有人承担")


def _follow(todo: Changes, target: Target) -> None:
    """Open tasks stand on the slots of the version: their dates move with it from now on."""
    if not todo.followed:
        return
    rows = Slot.objects.filter(version=target.version, year=target.year)
    slots = {(slot.duty_id, slot.period): slot for slot in rows}
    for task in todo.followed:
        slot = slots[todo.items[task.item_id].duty_id, task.period]
        task.slot, task.starts_on, task.ends_on = slot, slot.starts_on, slot.ends_on
    Occurrence.unscoped.bulk_update(todo.followed, ["slot", "starts_on", "ends_on"],
                                    batch_size=BATCH)


def _previewed(todo: Changes) -> UnitPreview:
    subjects: dict[str, Numbers] = {}
    for name, keys in _by_list(todo).items():
        for key, count in keys.items():
            before = subjects.get(key[1], Numbers())
            subjects[key[1]] = before + Numbers(**{name: count})
    return UnitPreview(todo.place, sum(subjects.values(), Numbers()), subjects, todo)


def _total(todo: Changes) -> Numbers:
    return Numbers(**{name: keys.total() for name, keys in _by_list(todo).items()})


def _by_list(todo: Changes) -> dict[str, Counter]:
    """Each of the `Numbers` by list."""

    def of(items) -> Counter:
        return Counter(todo.keys[item.checklist_id] for item in items)

    def tasks(rows) -> Counter:
        return of(todo.items[task.item_id] for task in rows)

    changed = [item for item, _duty in todo.changed]
    return {
        "added": Counter(key for key, _duty, _since in todo.added), "changed": of(changed),
        "withdrawn": of(todo.withdrawn), "returned": of(item for item, _duty in todo.returned),
        "tasks": todo.fresh, "moved": tasks(task for task, _plan in todo.redated),
        "excused": tasks(todo.excused), "resumed": tasks(todo.resumed),
        "own_edits": of(item for item in changed if item.has_own_edits),
    }
