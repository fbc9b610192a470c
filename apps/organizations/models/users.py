from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from apps.core.calendar import now, today
from apps.core.clock import SHANGHAI
from apps.core.fields import subtree_end
from apps.core.scoping import within
from apps.organizations.models.appointments import Appointment, Partnership, Portfolio
from apps.organizations.models.organizations import Organization
from apps.organizations.roles import READ, ROLES, Lane


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


def is_staff_role(code: str) -> bool:
    """Whether a post is one of the committee or a technical one."""
    return ROLES[code].is_committee or ROLES[code].lane != Lane.BUSINESS


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
    # A work contact only; shown masked, and who looks at it stands in the audit.
    work_phone = models.CharField("工作电话", max_length=20, blank=True)
    is_active = models.BooleanField("可以登录", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    must_change_password = models.BooleanField("要先换密码", default=False)
    password_changed_at = models.DateTimeField("密码设置时间", null=True, blank=True)

    USERNAME_FIELD = "username"

    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """138****1234: enough to recognise one's own number, not to call it."""
        digits = "".join(sign for sign in self.work_phone if sign.isdigit())
        if not digits:
            return ""
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 10 else f"****{digits[-2:]}"

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
        return found + self._reaches_of_joint_branches()

    def _reaches_of_joint_branches(self) -> list[Reach]:
        """Who reads the whole of a unit reads the joint branches in which it takes part."""
        readers = [post for post in self.posts if ROLES[post.role].subtree
                   and post.organization.kind == Organization.Kind.UNIT]
        if not readers:
            return []
        shared = Partnership.unscoped.filter(unit__in={p.organization_id for p in readers})
        return [Reach(code, each.branch.path, False)
                for each in shared.on(today()).select_related("branch") for code in READ]

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
        return any(is_staff_role(post.role) for post in self.posts)

    @property
    def is_exempt(self) -> bool:
        """An account of a demo: its password is printed for all to try, so no rule ages it."""
        return settings.DEMO and self.is_demo

    @property
    def password_age(self) -> timedelta:
        """How long the present password has been in use."""
        return now() - (self.password_changed_at or self.created_at)

    @property
    def password_duty(self) -> str:
        """Why the password must be changed before anything else; empty when it need not."""
        if self.is_exempt:
            return ""
        if self.must_change_password:
            return "这个密码是别人给您的，先换成只有您知道的。"
        ages = settings.PASSWORD_PROFILE == "dengbao3"
        if ages and self.password_age >= timedelta(days=settings.PASSWORD_DAYS):
            return f"这个密码用满{settings.PASSWORD_DAYS}天了，先换一个。"
        if self.outgrew_password:
            return f"您的新职务要求密码至少{settings.PASSWORD_LENGTH_STAFF}位，先换一个。"
        return ""

    @property
    def outgrew_password(self) -> bool:
        """Whether it was set under the shorter length, before the committee or technical post."""
        since = min((post.starts_on for post in self.posts if is_staff_role(post.role)),
                    default=None)
        if since is None or settings.PASSWORD_LENGTH_STAFF <= settings.PASSWORD_LENGTH:
            return False
        return (self.password_changed_at or self.created_at).astimezone(SHANGHAI).date() < since

    @property
    def needs_second_factor(self) -> bool:
        """Whether the posts of today ask for an authenticator beside the password."""
        return settings.SECOND_FACTOR_REQUIRED and not self.is_exempt and self.is_staff
