from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.core.scoping import ScopedModel, ScopedQuerySet
from apps.organizations import titles
from apps.organizations.models.organizations import Organization
from apps.organizations.roles import RoleCode


class DatedQuerySet(ScopedQuerySet):
    def on(self, day):
        """Rows in force on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def overlapping(self, start, end):
        """Rows in force on any day from `start` to `end` (None: without an end)."""
        rows = self.filter(Q(ends_on=None) | Q(ends_on__gte=start))
        return rows.filter(starts_on__lte=end) if end else rows


class Dated(ScopedModel):
    """Something held from one day to another; without an end it goes on."""

    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    unscoped = models.Manager.from_queryset(DatedQuerySet)()

    class Meta(ScopedModel.Meta):
        abstract = True


class Appointment(Dated):
    """One person holds one role at one organisation for a time (任职)."""

    scope_paths = ("organization__path",)
    cross_links = ("acting_for",)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments", verbose_name="人员"
    )
    role = models.CharField("职务", max_length=40, choices=RoleCode)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="appointments", verbose_name="组织"
    )
    acting_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="代行",
    )
    drafter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="代填人",
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(acting_for=None) | Q(ends_on__isnull=False),
                name="a_deputy_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(drafter=None) | ~Q(drafter=F("user")),
                name="nobody_drafts_for_himself",
            ),
        ]

    def __str__(self) -> str:
        return titles.post_at(self.role, self.organization)

    @property
    def audit_path(self) -> str:
        return self.organization.path


class Portfolio(Dated):
    """An organisation in somebody's care: a member's 分管, an officer's 联系单位."""

    scope_paths = ("appointment__organization__path", "organization__path")

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="portfolios", verbose_name="任职"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="分管或联系的组织"
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "分管和联系"
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "organization", "starts_on"], name="one_portfolio_a_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment} {self.organization.short_name}"


class Partnership(Dated):
    """A unit that shares a joint branch with its host unit: it reads, it does not answer."""

    scope_paths = ("branch__path", "unit__path")

    branch = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="联合支部"
    )
    unit = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="参加单位"
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "联合支部的参加单位"
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "unit", "starts_on"], name="one_partnership_a_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.branch.name}（{self.unit.short_name}参加）"

    @property
    def audit_path(self) -> str:
        return self.branch.path
