from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.calendar import today
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
        return self.select_related("organization", "holder", "version", "adoption__signed_by",
                                   "adoption__approved_by")


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
        return self._bearer(self.organization.name, self.organization.short_name)

    @property
    def bearer_then(self) -> str:
        """Who bore it, under the name that the organisation bore at the end of that year."""
        last_day = date(self.year, 12, 31)
        if last_day >= today():
            return self.bearer
        return self._bearer(*self.organization.names_on(last_day))

    def _bearer(self, name: str, short_name: str) -> str:
        if self.holder_id:
            return f"{short_name}{self.get_subject_display()}{self.holder.name}"
        return name

    @property
    def audit_path(self) -> str:
        return self.organization.path


class ItemQuerySet(ScopedQuerySet):
    def in_force(self):
        """Asked of the list: not withdrawn from it, not agreed to be not applicable."""
        return self.filter(archived_on=None, not_applicable_since=None)


class Item(ScopedModel):
    """One duty on one list (事项). It points to the catalogue and keeps only what is its own."""

    scope_paths = ("checklist__organization__path",)
    cross_links = ("fulfilled_by", "upper", "carried_from")

    # Indexes are few on purpose, here and on Occurrence: publishing writes them all.
    checklist = models.ForeignKey(
        Checklist, models.CASCADE, related_name="items", db_index=False,
    )
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="+", verbose_name="职责")
    # The item of the same unit along with which this one is fulfilled (随…一并履行).
    fulfilled_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )
    measures = models.TextField("措施", blank=True)
    owner = models.CharField("责任人", max_length=60, blank=True)
    # How much earlier than the catalogue this list wants it done; never later.
    days_earlier = models.PositiveSmallIntegerField("提前（天）", default=0)
    # The item of the list above that this one carries further down.
    upper = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级事项",
        db_index=False,
    )
    # The item of the year before from which owner, measures and links were taken over.
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="沿用",
        db_index=False,
    )
    not_applicable_since = models.DateField("不适用起", null=True, blank=True)
    archived_on = models.DateField("撤下日期", null=True, blank=True)
    archive_reason = models.CharField("撤下理由", max_length=200, blank=True)
    # The edition that no longer asks for it; one that asks again brings it back.
    withdrawn_in = models.ForeignKey(
        CatalogueVersion, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )
    # Asked anew, or in another rhythm, in mid-year: what was due before is not owed.
    counts_from = models.DateField("起算日期", null=True, blank=True)

    unscoped = models.Manager.from_queryset(ItemQuerySet)()

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "事项"
        constraints = [
            models.UniqueConstraint(fields=["checklist", "duty"], name="one_item_a_list_and_duty")
        ]
        indexes = [
            models.Index(fields=[name], name=f"item_{name}",
                         condition=Q((f"{name}__isnull", False)))
            for name in ("fulfilled_by", "upper", "carried_from")
        ]

    def __str__(self) -> str:
        return self.duty.title

    @property
    def organization(self) -> Organization:
        """Whose list it stands on."""
        return self.checklist.organization

    @property
    def is_in_force(self) -> bool:
        """Asked of the list today."""
        return self.archived_on is None and self.not_applicable_since is None

    @property
    def has_own_edits(self) -> bool:
        """Whether the unit has set something on it."""
        return bool(self.measures or self.owner or self.days_earlier or self.upper_id)

    @property
    def audit_parent(self):
        return self.checklist

    @property
    def audit_path(self) -> str:
        return self.checklist.organization.path
