"""What becomes of lists, open tasks and history when a unit is opened, merged, moved or
closed, or when a post changes hands.

One rule for all of them, `reconcile`: what the unit bears from now on is published, what
it no longer bears is withdrawn; a task that was due before the change stays as it is, one
that would fall due after it is excused with the reason. Nothing is deleted, and a list
stays with the organisation or the leader whose it was.

The verbs on organisations and posts check the right; what is done to lists and tasks follows
from them as a rule.
"""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from apps.checklists.models import Checklist, Item, ListYear, Occurrence
from apps.checklists.services import due_dates, petitioning, publishing, resuming, reviewing
from apps.checklists.services.plans import LEADERS, Plan, plan
from apps.core import drafts
from apps.core.act import SYSTEM, act, record
from apps.core.calendar import today
from apps.core.scoping import below
from apps.core.workflow import advance
from apps.duties.models import Duty
from apps.duties.predicates import applies
from apps.organizations import services as organizations
from apps.organizations.appointing import CONFIRMED
from apps.organizations.models import Appointment, Organization, User
from apps.organizations.roles import RoleCode
from apps.organizations.services.posts import drafted_by_leaver
from apps.organizations.tree import unit_of

Kind = Organization.Kind
DAY = timedelta(days=1)


def found(*, parent: Organization, by, **values) -> Organization:
    """Set up an organisation below `parent` and give it its lists of this year."""
    with act(by=by):
        node = organizations.found(parent=parent, by=by, **values)
        opened(organization=node, by=by)
        return node


def opened(*, organization: Organization, by) -> publishing.Made:
    """Give a new organisation its lists of this year, counting from its first day."""
    with act(by=by):
        unit = unit_of(organization)
        return reconcile(unit=unit, on=organization.founded_on, by=by,
                         reason=f"{organization.name}设立")


def set_facts(*, organization: Organization, by, **facts) -> Organization:
    """Change what the duties of a unit are chosen by; its lists follow from today."""
    with act(by=by):
        node = organizations.set_facts(organization=organization, by=by, **facts)
        reconcile(unit=unit_of(node), on=today(), by=by, reason=f"{node.name}的基本情况改了")
        return node


def appoint(*, user: User, role: str, organization: Organization, starts_on: date, by,
            ends_on: date | None = None, drafter: User | None = None) -> Appointment:
    """Give a post; a leader gets his own list, counting from his first day."""
    with act(by=by):
        post = organizations.appoint(
            user=user, role=role, organization=organization, starts_on=starts_on,
            ends_on=ends_on, drafter=drafter, by=by)
        if role in LEADERS and starts_on <= today():
            reconcile(unit=unit_of(organization), on=today(), by=by,
                      reason=f"{user.name}任{post}")
        return post


def recruit(*, username: str, name: str, hashed: str, role: str, organization: Organization,
            starts_on: date, by) -> User:
    """Make an account with its first post; one that a second person confirms is proposed."""
    with act(by=by):
        user = organizations.create_user(username=username, name=name, hashed=hashed, by=by)
        values = {"user": user, "role": role, "organization": organization,
                  "starts_on": starts_on, "by": by}
        if role in CONFIRMED:
            organizations.propose_appointment(**values)
        else:
            appoint(**values)
        return user


def end(*, appointment: Appointment, by, last_day: date | None = None) -> Appointment:
    """End a post; what a leader's own list would have asked after his last day is excused."""
    with act(by=by):
        post = organizations.end(appointment=appointment, by=by, last_day=last_day)
        if post.role in LEADERS and post.ends_on is not None and post.ends_on < today():
            reconcile(unit=unit_of(post.organization), on=post.ends_on + DAY, by=by,
                      reason=f"{post.user.name}不再任{post}")
        _reroute()
        return post


def settle_leavers(*, day: date, by) -> int:
    """Excuse what the lists of leaders ask whose posts have run out by themselves; returns of
    how many units."""
    posts = Appointment.unscoped.on(day).filter(
        user=OuterRef("holder"), organization=OuterRef("organization"), acting_for=None)
    leads = Exists(posts.filter(role=RoleCode.PARTY_GROUP_SECRETARY))
    # A member who has become secretary bears the secretary's list alone.
    holds = Q(leads, subject=Duty.Subject.SECRETARY) | Q(
        ~leads, Exists(posts.filter(role=RoleCode.MEMBER)), subject=Duty.Subject.MEMBER)
    owed = Occurrence.unscoped.to_do().filter(item__checklist=OuterRef("pk"), due_on__gte=day)
    left = Checklist.unscoped.filter(Exists(owed), ~holds, year=day.year,
                                     holder__isnull=False, organization__closed_on=None)
    units = {unit_of(each.organization) for each in left.select_related("organization")}
    for unit in units:
        reconcile(unit=unit, on=day, by=by, reason="任期已满")
    return len(units)


def hand_over(*, appointment: Appointment, to: User, on: date, by) -> Appointment:
    """Give a post to a successor: everything open follows, also what was being typed.

    The body's list simply goes on. A leader's own list stays his until `on`; his successor
    gets one of his own from that day, with the measures that were set.
    """
    with act(by=by):
        leaver = appointment.user
        leaders = [each.user_id for each in drafted_by_leaver(appointment, on)]
        post = organizations.hand_over(appointment=appointment, to=to, on=on, by=by)
        place = post.organization
        reconcile(unit=unit_of(place), on=on, by=by,
                  reason=f"{place.short_name}{post.get_role_display()}由{leaver.name}改为{to.name}")
        _carry_leaders_words(leaver=leaver, to=to, place=place, since=on)
        _pass_on_drafts(leaver=leaver, to=to, place=place, leaders=leaders)
        _reroute()
        return post


def move(*, organization: Organization, parent: Organization, on: date, by) -> Organization:
    """Put an organisation under another superior; its lists go with it, and from now on the
    new superior reviews them."""
    with act(by=by):
        before = unit_of(organization)
        moved = organizations.move(organization=organization, parent=parent, by=by)
        _cut_links_out_of(moved, on=on)
        after = unit_of(moved)
        for unit in {unit.pk: unit for unit in (before, after)}.values():
            reconcile(unit=Organization.objects.get(pk=unit.pk), on=on, by=by,
                      reason=f"{moved.name}划转到{parent.name}")
        _reroute()
        return moved


def merge(*, unit: Organization, into: Organization, on: date, by) -> Organization:
    """Merge a unit into another: its branches go on under the other's organ body, its own
    lists end, its history stays readable from there."""
    with act(by=by):
        home = branch_home(into)
        for branch in _living(unit).filter(kind=Kind.BRANCH):
            moved = organizations.move(organization=branch, parent=home, by=by)
            _cut_links_out_of(moved, on=on)
        rest = Organization.objects.get(pk=unit.pk)
        organizations.close(organization=rest, on=on, by=by, successor=into)
        reason = f"{unit.short_name}并入{into.short_name}"
        _retire(Checklist.unscoped.filter(_within(rest), year__gte=on.year), on=on, reason=reason)
        target = Organization.objects.get(pk=into.pk)
        closed = organizations.move(organization=rest, parent=target, by=by)
        reconcile(unit=Organization.objects.get(pk=into.pk), on=on, by=by, reason=reason)
        _reroute()
        return closed


def close(*, organization: Organization, on: date, by, reason: str) -> None:
    """Close an organisation with everything below it; what was due before stays as it was."""
    with act(by=by):
        unit = unit_of(organization)
        organizations.close(organization=organization, on=on, by=by, reason=reason)
        lists = Checklist.unscoped.filter(_within(organization), year__gte=on.year)
        _retire(lists, on=on, reason=reason)
        if unit.pk != organization.pk:
            reconcile(unit=unit, on=on, by=by, reason=reason)
        _reroute()


def reconcile(*, unit: Organization, on: date, by, reason: str) -> publishing.Made:
    """Bring the lists of a unit, of the year of `on` and of later ones, in line with what it
    bears from `on`."""
    with act(by=by):
        planned, made = plan(unit, on=on), publishing.Made()
        for year in _years_from(on.year):
            lists = Checklist.unscoped.filter(
                year=year, organization__path__gte=unit.path,
                organization__path__lt=publishing.own_end(unit)).select_related("version")
            for checklist in lists:
                _bring_in_line(checklist, planned, on=on, reason=reason)
            _stand_alone(lists, planned, on=on)
            newest = Checklist.unscoped.filter(year=year).order_by("-version").first()
            if newest and unit.closed_on is None:
                duties = publishing.Duties(newest.version)
                made.add(publishing.publish_unit(plan=planned, duties=duties, year=year, by=by))
        return made


def _years_from(year: int) -> list[int]:
    """The years from `year` on whose lists stand and still change; next year's may stand
    already."""
    lists = Checklist.unscoped.filter(year__gte=year)
    open_ = lists.exclude(year__in=ListYear.objects.closed().values("year"))
    return sorted(set(open_.values_list("year", flat=True)))


def _reroute() -> None:
    """What waits for somebody who has left waits for who decides now."""
    reviewing.reroute(by=SYSTEM)
    petitioning.reroute(by=SYSTEM)


def branch_home(unit: Organization) -> Organization:
    """Where a unit's branches hang: under its organ committee or general branch, else under
    the unit itself."""
    bodies = _living(unit).filter(kind__in=[Kind.ORGAN_COMMITTEE, Kind.GENERAL_BRANCH])
    return bodies.order_by("depth", "path").first() or unit


def _living(unit: Organization):
    return Organization.objects.active().under(unit.path).exclude(pk=unit.pk)


def _within(organization: Organization):
    return below("organization__path", organization.path)


def _bring_in_line(checklist, planned: Plan, *, on: date, reason: str) -> None:
    """Withdraw what a list bears no more, and ask again for what was so withdrawn before."""
    own = publishing.list_key(checklist)
    bearing = next((b for b in planned.bearings if publishing.list_key(b) == own), None)
    if bearing is None:
        _retire(Checklist.unscoped.filter(pk=checklist.pk), on=on, reason=reason)
        return
    # What an edition has withdrawn, only an edition brings back.
    items = Item.unscoped.filter(checklist=checklist, withdrawn_in=None,
                                 duty__origin=Duty.Origin.CATALOGUE)
    for item in items.select_related("duty").order_by("pk"):
        duty = item.duty
        borne = duty.subject in bearing.takes and applies(duty.applies_to, planned.facts)
        if borne and item.archived_on is not None:
            _bring_back(item, on=on, reason=reason)
        elif not borne and item.archived_on is None:
            _withdraw(item, on=on, reason=reason)
    resuming.resume(Item.unscoped.in_force().filter(checklist=checklist), since=on, note=reason)


def _withdraw(item: Item, *, on: date, reason: str) -> None:
    item.archived_on, item.archive_reason = on, reason[:200]
    item.save(update_fields=["archived_on", "archive_reason"])
    _excuse(Occurrence.unscoped.filter(item=item), on=on, reason=reason)
    record("checklists.item.withdraw", item, reason=reason)


def _bring_back(item: Item, *, on: date, reason: str) -> None:
    """What fell due in between is not owed; its other tasks follow with those of the list."""
    item.archived_on, item.archive_reason, item.counts_from = None, "", on
    item.save(update_fields=["archived_on", "archive_reason", "counts_from"])
    record("checklists.item.ask_again", item, reason=reason)


def _stand_alone(lists, planned: Plan, *, on: date) -> None:
    """What was fulfilled along with an item that is gone stands on its own feet from `on`;
    publishing then gives it its tasks, or links it to whoever bears that duty now."""
    borne = {publishing.list_key(each) for each in planned.bearings}
    gone = [each.pk for each in lists if publishing.list_key(each) not in borne]
    alone = Item.unscoped.filter(checklist__in=lists).exclude(checklist__in=gone).filter(
        Q(fulfilled_by__archived_on__isnull=False) | Q(fulfilled_by__checklist__in=gone))
    alone.update(fulfilled_by=None, counts_from=on)


def _retire(lists, *, on: date, reason: str) -> None:
    """End lists: what was due before `on` stays, what comes later is excused."""
    _excuse(Occurrence.unscoped.filter(item__checklist__in=lists), on=on, reason=reason)


def _excuse(tasks, *, on: date, reason: str) -> None:
    for task in tasks.to_do().in_open_years().filter(due_on__gte=on).for_page():
        advance(task, "excuse", by=SYSTEM, note=reason)


def _cut_links_out_of(moved: Organization, *, on: date) -> None:
    """A moved organisation is fulfilled along with nothing of the unit that it has left; what
    stands on its own feet now is owed from `on`."""
    items = Item.unscoped.filter(checklist__year__gte=on.year)
    is_inside = below("checklist__organization__path", moved.path)
    inside, outside = items.filter(is_inside), items.exclude(is_inside)
    for here, there in ((inside, outside), (outside, inside)):
        here.filter(fulfilled_by__in=there).update(fulfilled_by=None, counts_from=on)
        here.filter(upper__in=there).update(upper=None)


def _carry_leaders_words(*, leaver: User, to: User, place: Organization, since: date) -> None:
    """The successor's own list starts from what was set on his predecessor's."""
    lists = Item.unscoped.filter(checklist__organization=place, checklist__year__gte=since.year)
    before = {(item.checklist.year, item.duty_id): item for item in lists.filter(
        checklist__holder=leaver).select_related("checklist")}
    after = lists.filter(checklist__holder=to, carried_from=None, measures="", days_earlier=0)
    carried = [item for item in after.select_related("checklist").order_by("pk")
               if (item.checklist.year, item.duty_id) in before]
    for item in carried:
        old = before[item.checklist.year, item.duty_id]
        item.measures, item.days_earlier, item.carried_from = old.measures, old.days_earlier, old
    Item.unscoped.bulk_update(carried, ["measures", "days_earlier", "carried_from"])
    for year in {item.checklist.year for item in carried}:
        due_dates.keep_earlier(path=place.path, end=publishing.own_end(place), year=year)


def _pass_on_drafts(*, leaver: User, to: User, place: Organization, leaders: list[int]) -> None:
    """What the leaver was typing is his successor's now: for the place's own lists, and for the
    leaders for whom the successor types from now on."""
    for task in typed_tasks(place, leaders):
        draft = drafts.load(user=leaver, target=task)
        if draft and drafts.load(user=to, target=task) is None:
            drafts.give(draft=draft, to=to)


def typed_tasks(place: Organization, leaders: list[int]):
    """The open tasks for which the clerk or secretary of a place types."""
    own = Q(organization=place, item__checklist__holder=None)
    unit = unit_of(place)
    return Occurrence.unscoped.to_do().filter(
        own | Q(organization=unit, item__checklist__holder__in=leaders))
