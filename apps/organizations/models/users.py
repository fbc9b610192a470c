from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from apps.core.calendar import today
from apps.core.fields import subtree_end
from apps.core.scoping import within
from apps.organizations.models.appointments import Appointment, Portfolio
from apps.organizations.models.organizations import Organization
from apps.organizations.roles import ROLES, Lane


@dataclass(frozen=True)
class Reach:
    """One right, from one post, on one place: `path` alone, or everything below it too."""

    permission: str
    path: str
    is_subtree: bool

    def covers(self, path: str) -> bool:
        """Whether the place `path` lies in this reach."""
        if self.is_subtree:
            return self.path <= path < subtree_end(self.path)
        return path == self.path


class UserQuerySet(models.QuerySet):
    def visible_to(self, user, *, for_):
        """People who hold a post in the organisations that `user` reaches; who reaches the
        whole tree sees also those without a post."""
        reaches = user.reach(for_)
        posts = Appointment.unscoped.filter(within(reaches, "organization__path"))
        found = models.Q(pk__in=posts.values("user"))
        if any(reach.is_subtree and len(reach.path) == Organization.steplen for reach in reaches):
            found |= ~models.Q(pk__in=Appointment.unscoped.values("user"))
        return self.filter(found)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Accounts; `get_by_natural_key` is what the login asks."""


class User(AbstractBaseUser):
    """A person's account. What it may do comes from appointments alone.

    There is no superuser column on purpose: nobody can be made one by an UPDATE.
    """

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=30, blank=True)
    is_active = models.BooleanField("可以登录", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    USERNAME_FIELD = "username"

    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        """What the bars show."""
        return self.name

    @cached_property
    def posts(self) -> list[Appointment]:
        """Posts held today. Kept for one request: a right ends with the post, at the next."""
        if not self.is_active:
            return []
        return list(
            Appointment.unscoped.filter(user=self)
            .on(today())
            .select_related("organization")
            .order_by("organization__path", "pk")
        )

    @cached_property
    def reaches(self) -> list[Reach]:
        """Every (permission, place) that the posts grant; rights of two posts never multiply."""
        found = []
        for post in self.posts:
            role, path = ROLES[post.role], post.organization.path
            found += [Reach(code, path, False) for code in role.unit]
            found += [Reach(code, path, True) for code in role.subtree]
        leading = [post for post in self.posts if ROLES[post.role].portfolio]
        if leading:
            portfolios = Portfolio.unscoped.filter(appointment__in=leading).on(today())
            for portfolio in portfolios.select_related("organization", "appointment"):
                granted = ROLES[portfolio.appointment.role].portfolio
                found += [Reach(code, portfolio.organization.path, True) for code in granted]
        return found

    def reach(self, permission: str) -> list[Reach]:
        """The places where this person holds `permission`."""
        return [reach for reach in self.reaches if reach.permission == permission]

    def holds(self, permission: str) -> bool:
        """Whether the person holds `permission` anywhere."""
        return any(reach.permission == permission for reach in self.reaches)

    def may(self, permission: str, *, at: str) -> bool:
        """Whether the person holds `permission` at the place `at` (a tree path)."""
        return any(reach.covers(at) for reach in self.reach(permission))

    @cached_property
    def drafts_for_ids(self) -> set[int]:
        """Leaders for whom this person types today."""
        leaders = Appointment.unscoped.filter(drafter=self).on(today())
        return set(leaders.values_list("user_id", flat=True))

    @property
    def is_staff(self) -> bool:
        """Holds a committee or a technical post: may enter the admin."""
        roles = [ROLES[post.role] for post in self.posts]
        return any(role.is_committee or role.lane != Lane.BUSINESS for role in roles)
