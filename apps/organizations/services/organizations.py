"""Organisations: founded, renamed, moved, closed. ORGANIZATION_EDIT is asked on the row.

What becomes of lists and tasks is the caller's, `checklists.services.succession`.
"""

from datetime import date, timedelta

from django.db.models import Max

from apps.core.act import SYSTEM, act, record
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.organizations import tree
from apps.organizations.models import Appointment, Organization, OrganizationName
from apps.organizations.permissions import Permission
from apps.organizations.services import posts
from apps.organizations.services.people import initials, tidy

DAY = timedelta(days=1)
FACTS = ("leading_body", "is_window")


def found(*, kind: str, name: str, short_name: str, code: str, by, parent=None,
          founded_on: date | None = None, **facts):
    """Set up an organisation below `parent` (None: the committee at the root) as of a day.

    Raises NotAllowed; Invalid for a code or name that is used, or a place where there is none
    of that kind.
    """
    name, short_name = tidy(name), tidy(short_name)
    _refuse_marks(name=name, short_name=short_name, code=code)
    values = {"kind": kind, "name": name, "short_name": short_name, "code": code,
              "initials": initials(short_name), "founded_on": founded_on or today(), **facts}
    with act(by=by):
        _lock_the_tree()
        place = None if parent is None else Organization.objects.get(pk=parent.pk)
        _ensure_may(by, place)
        if Organization.objects.filter(code=code).exists():
            raise Invalid(fields={"code": f"编号{code}已经用了。"})
        if place is None:
            node = Organization.objects.add_root(values)
        else:
            _ensure_fits(by, kind, name, place, values["founded_on"])
            node = Organization.objects.add_child(place, values)
        record("organizations.organization.create", node)
        return node


def rename(*, organization, name: str, short_name: str, on: date, by) -> Organization:
    """Give an organisation another name from `on`; the old one stays readable for its time.

    Raises NotAllowed, Conflict when it is closed, Invalid for a day to come or before its
    present name, and for a name that a neighbour bears.
    """
    name, short_name = tidy(name), tidy(short_name)
    _refuse_marks(name=name, short_name=short_name)
    with act(by=by):
        _lock_the_tree()
        node = Organization.objects.get(pk=organization.pk)
        _ensure_may(by, node)
        _ensure_open(node)
        since = _named_since(node)
        _ensure_name_fits(node, name, short_name, on, since)
        OrganizationName.unscoped.create(
            organization=node, name=node.name, short_name=node.short_name, starts_on=since,
            ends_on=on - DAY)
        old, node.name, node.short_name = node.name, name, short_name
        node.initials = initials(short_name)
        node.save(update_fields=["name", "short_name", "initials"])
        record("organizations.organization.rename", node, old=old)
        return node


def set_facts(*, organization, by, **facts) -> Organization:
    """Change what duties are chosen by: leading_body, is_window. Raises NotAllowed, Conflict."""
    with act(by=by):
        _lock_the_tree()
        node = Organization.objects.get(pk=organization.pk)
        _ensure_may(by, node)
        _ensure_open(node)
        for key in FACTS:
            setattr(node, key, facts.get(key, getattr(node, key)))
        node.save(update_fields=list(FACTS))
        record("organizations.organization.set_facts", node)
        return node


def move(*, organization, parent, by) -> Organization:
    """Put an organisation with everything below it under another superior.

    Raises NotAllowed, and Invalid where that would close a circle, when the superior has been
    closed, or where there is no such organisation.
    """
    with act(by=by):
        _lock_the_tree()
        node = Organization.objects.get(pk=organization.pk)
        target = Organization.objects.get(pk=parent.pk)
        _ensure_may(by, node)
        _ensure_may(by, target)
        if target.path.startswith(node.path):
            raise Invalid(fields={"parent": f"{target.name}就在{node.name}里，不能移到它下面。"})
        if target.closed_on is not None:
            raise Invalid(fields={"parent": f"{target.name}已经撤销。"})
        before = Organization.objects.filter(path__in=node.parent_paths()).last()
        # What was merged into another is kept below it, whatever its kind.
        if by is not SYSTEM and node.closed_on is None:
            if problem := tree.misfit(node.kind, target):
                raise Invalid(fields={"parent": problem})
            if before is not None and before.pk == target.pk:
                raise Invalid(fields={"parent": f"{node.name}本来就在{target.name}下面。"})
        Organization.objects.move(node, target, "last-child")
        moved = Organization.objects.get(pk=node.pk)
        record("organizations.organization.move", moved, old=before.name if before else "",
               new=target.name)
        return moved


def close(*, organization, on: date, by, successor=None, reason: str = "") -> list[Organization]:
    """Close an organisation and everything below it from `on`; its posts end the day before.

    Returns what was closed. Raises NotAllowed, Conflict when it has been closed already,
    Invalid for the committee itself and for a day to come.
    """
    _refuse_marks(reason=reason)
    with act(by=by):
        _lock_the_tree()
        top = Organization.objects.get(pk=organization.pk)
        _ensure_may(by, top)
        _ensure_open(top)
        if top.depth == 1:
            raise Invalid("工委自己不能撤销。", target=top)
        if by is not SYSTEM and not top.founded_on <= on <= today():
            raise Invalid(fields={"on": f"请填{day_label(top.founded_on)}到今天之间的一天。"})
        nodes = list(Organization.objects.active().under(top.path))
        holders = Appointment.unscoped.filter(organization__in=nodes).overlapping(on, None)
        for post in holders.select_related("organization", "user"):
            posts.finish(post, max(on - DAY, post.starts_on))
        for node in nodes:
            node.closed_on, node.successor = on, successor
            node.save(update_fields=["closed_on", "successor"])
            into = f"，并入{successor.name}" if successor else ""
            record("organizations.organization.close", node,
                   into=into + (f"，理由：{reason}" if reason else ""))
        return nodes


def _refuse_marks(**texts: str) -> None:
    marked = {name: CLASSIFIED for name, text in texts.items() if has_secret_mark(text)}
    if marked:
        raise Invalid(fields=marked)


def _lock_the_tree() -> None:
    """Two changes of the tree at once wait for one another: together they could close a circle."""
    Organization.objects.select_for_update(no_key=True).filter(depth=1).first()


def _ensure_may(by, node: Organization | None) -> None:
    if by is SYSTEM:
        return
    if node is None or not by.may(Permission.ORGANIZATION_EDIT, at=node.path):
        raise NotAllowed("单位和组织的设立、更名、划转、撤销由工委管理员办理。", target=node)


def _ensure_open(node: Organization) -> None:
    if node.closed_on is not None:
        raise Conflict(f"{node.name}已经撤销。", target=node)


def _ensure_fits(by, kind: str, name: str, place: Organization, on: date) -> None:
    if by is SYSTEM:
        return
    fields = {}
    if problem := tree.misfit(kind, place):
        fields["kind"] = problem
    home = Organization.objects.active().under(tree.unit_of(place).path)
    if kind in tree.ONE_A_UNIT and home.filter(kind=kind).exists():
        fields["kind"] = f"本单位已经有{Organization.Kind(kind).label}。"
    if _is_borne(name, None):
        fields["name"] = f"已经有“{name}”。"
    if not place.founded_on <= on <= today():
        fields["founded_on"] = f"请填{day_label(place.founded_on)}到今天之间的一天。"
    if fields:
        raise Invalid(fields=fields)


def _ensure_name_fits(node: Organization, name: str, short_name: str, on: date,
                      since: date) -> None:
    fields = {}
    if name == node.name and short_name == node.short_name:
        fields["name"] = "名称没有变。"
    elif _is_borne(name, node.pk):
        fields["name"] = f"已经有“{name}”。"
    if on > today():
        fields["on"] = "还没到这一天，到时候再更名。"
    elif on <= since:
        fields["on"] = f"现在的名称从{day_label(since)}用起，更名要晚于这一天。"
    if fields:
        raise Invalid(fields=fields)


def _is_borne(name: str, own: int | None) -> bool:
    active = Organization.objects.active().filter(name=name)
    return active.exclude(pk=own).exists()


def _named_since(node: Organization) -> date:
    last = OrganizationName.unscoped.filter(organization=node).aggregate(day=Max("ends_on"))["day"]
    return last + DAY if last else node.founded_on
