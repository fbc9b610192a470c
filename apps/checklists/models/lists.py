from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.scoping import ScopedModel, ScopedQuerySet, within
from apps.duties.models import CatalogueVersion, Duty
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


class ChecklistQuerySet(ScopedQuerySet):
    def of_person(self, user):
        """Lists that this person fills in: of the organisation, his own, or a leader's."""
        return self.filter(mine(user))

    def for_page(self):
        """With what every page about a list shows."""
        return self.select_related("organization", "holder", "version")


def mine(user, at: str = "") -> Q:
    """Lists that `user` fills in, `at` being the way to them: his own, those of leaders for
    whom he types, and those of organisations whose list he fills in by his post."""
    reaches = user.reach(Permission.CHECKLIST_FILL)
    organizations = within(reaches, f"{at}organization__path")
    personal = Q(**{f"{at}holder__in": {user.pk, *user.drafts_for_ids}})
    return personal | (Q(**{f"{at}holder": None}) & organizations)


class Checklist(ScopedModel):
    """What one organisation, or one leader in it, owes in one year (责任清单)."""

    scope_paths = ("organization__path",)

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="组织"
    )
    subject = models.CharField("责任主体", max_length=30, choices=Duty.Subject)
    year = models.PositiveSmallIntegerField("年度")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="本人",
    )
    version = models.ForeignKey(
        CatalogueVersion, models.PROTECT, related_name="+", verbose_name="责任目录"
    )
    published_on = models.DateField("下发日期")
    # Tasks due before it are not owed: a unit founded, a leader appointed in mid-year.
    counts_from = models.DateField("起算日期")

    unscoped = models.Manager.from_queryset(ChecklistQuerySet)()

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "责任清单"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "subject", "year"],
                condition=Q(holder=None),
                name="one_list_an_organisation_subject_and_year",
            ),
            models.UniqueConstraint(
                fields=["organization", "subject", "year", "holder"],
                condition=Q(holder__isnull=False),
                name="one_list_a_holder_subject_and_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bearer}{self.year}年责任清单"

    @property
    def bearer(self) -> str:
        """Who bears the list: the leader by name, or the organisation."""
        if self.holder_id:
            return f"{self.organization.short_name}{self.get_subject_display()}{self.holder.name}"
        return self.organization.name

    @property
    def audit_path(self) -> str:
        return self.organization.path


class Item(ScopedModel):
    """One duty on one list (事项). It points to the catalogue and keeps only what is its own."""

    scope_paths = ("checklist__organization__path",)
    cross_links = ("fulfilled_by",)

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="+", verbose_name="职责")
    # The item of the same unit along with which this one is fulfilled (随…一并履行).
    fulfilled_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "事项"
        constraints = [
            models.UniqueConstraint(fields=["checklist", "duty"], name="one_item_a_list_and_duty")
        ]

    def __str__(self) -> str:
        return self.duty.title

    @property
    def audit_parent(self):
        return self.checklist

    @property
    def audit_path(self) -> str:
        return self.checklist.organization.path
