"""Verbs on organisations, people and posts.

No role holds a right over them yet: only commands call them, as the system.
"""

from datetime import date, timedelta

from pypinyin import Style, lazy_pinyin

from apps.core.act import act, only_the_system, record
from apps.core.calendar import today
from apps.core.errors import Invalid
from apps.organizations.login import normal_username
from apps.organizations.models import Appointment, Organization, Portfolio, User
from apps.organizations.roles import ROLES


def initials(text: str) -> str:
    """Pinyin initials in lower case: 市教育局 -> sjyj. Other signs stay as they are."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()[:60]


def found(*, kind: str, name: str, short_name: str, code: str, by, parent=None,
          founded_on: date | None = None, **facts):
    """Set up an organisation below `parent` (None: the committee at the root) as of a day."""
    values = {"kind": kind, "name": name, "short_name": short_name, "code": code,
              "initials": initials(short_name), "founded_on": founded_on or today(), **facts}
    with act(by=by):
        only_the_system(by)
        if parent is None:
            node = Organization.objects.add_root(values)
        else:
            node = Organization.objects.add_child(Organization.objects.get(pk=parent.pk), values)
        record("organizations.organization.create", node)
        return node


def create_user(*, username: str, name: str, password: str, by, is_demo: bool = False) -> User:
    """Make an account. Raises Invalid when the account name is taken."""
    username = normal_username(username)
    with act(by=by):
        only_the_system(by)
        if User.objects.filter(username=username).exists():
            raise Invalid(fields={"username": f"账号{username}已经有人用了。"})
        user = User(username=username, name=name, initials=initials(name)[:30], is_demo=is_demo)
        user.set_password(password)
        user.save()
        record("organizations.user.create", user)
        return user


def appoint(*, user, role: str, organization, starts_on: date, by, ends_on: date | None = None,
            acting_for=None, drafter=None) -> Appointment:
    """Register that `user` holds `role` at `organization`.

    Raises Invalid where a technical post would meet a business post of the same person.
    """
    with act(by=by):
        only_the_system(by)
        lanes = {ROLES[post.role].lane for post in
                 Appointment.unscoped.filter(user=user).overlapping(starts_on, ends_on)}
        if lanes - {ROLES[role].lane}:
            raise Invalid(f"{user.name}的业务职务和技术职务不能由同一人担任。")
        post = Appointment.unscoped.create(
            user=user, role=role, organization=organization, starts_on=starts_on,
            ends_on=ends_on, acting_for=acting_for, drafter=drafter)
        record("organizations.appointment.appoint", post, person=user.name)
        return post


def end(*, appointment, by, last_day: date | None = None) -> Appointment:
    """End a post; without a day it ended yesterday, so that the next request has no right."""
    with act(by=by):
        only_the_system(by)
        row = Appointment.unscoped.select_for_update().get(pk=appointment.pk)
        row.ends_on = last_day or max(today() - timedelta(days=1), row.starts_on)
        row.save(update_fields=["ends_on"])
        record("organizations.appointment.end", row, person=row.user.name)
        return row


def entrust(*, appointment, organization, starts_on: date, by) -> Portfolio:
    """Put `organization` into the care of a post (分管, 联系)."""
    with act(by=by):
        only_the_system(by)
        portfolio = Portfolio.unscoped.create(
            appointment=appointment, organization=organization, starts_on=starts_on)
        record("organizations.portfolio.entrust", portfolio)
        return portfolio
