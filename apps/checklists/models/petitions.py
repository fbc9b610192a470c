from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.checklists.lights import OWED
from apps.checklists.models.lists import Item, mine
from apps.checklists.models.occurrences import Occurrence
from apps.checklists.models.years import ListYear
from apps.core.calendar import today
from apps.core.scoping import ScopedModel, ScopedQuerySet, within
from apps.core.workflow import Step, WorkflowModel
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


class PetitionQuerySet(ScopedQuerySet):
    def asked(self):
        """Not decided yet."""
        return self.filter(state=Petition.State.ASKED)

    def waiting(self):
        """Asked, and there is something to decide: the item stands on the list, the task is
        still to be reported, or its mark still stands, in a year that still changes."""
        deadline = Coalesce("occurrence__correct_by", "occurrence__due_on")
        owed = Q(occurrence__state__in=OWED)
        is_marked = (owed & Q(deadline__lt=today())) | Q(
            occurrence__first_filed_on__gt=F("occurrence__due_on"))
        about_marks = Q(kind__in=Petition.ABOUT_MARKS)
        # A task that was due before its item was withdrawn is owed, and so are its doors.
        rows = self.asked().alias(deadline=deadline).filter(
            Q(occurrence=None, item__archived_on=None) | (about_marks & is_marked)
            | (~about_marks & owed))
        closed = ListYear.objects.closed().values("year")
        return rows.exclude(item__checklist__year__in=closed)

    def idle(self):
        """Asked, with nothing left to decide."""
        return self.asked().exclude(pk__in=Petition.unscoped.waiting().values("pk"))

    def to_decide(self, user):
        """Waiting for a decision that this person may take: not his own."""
        reaches = user.reach(Permission.PETITION_DECIDE)
        return (self.waiting().filter(within(reaches, "addressed_to__path"))
                .exclude(asked_by=user).exclude(item__checklist__holder=user))

    def decided_at(self, user):
        """Answered where this person decides; what he asked himself is not among them."""
        reaches = user.reach(Permission.PETITION_DECIDE)
        decided = [Petition.State.GRANTED, Petition.State.REFUSED, Petition.State.REVOKED]
        return (self.filter(within(reaches, "addressed_to__path"), state__in=decided)
                .exclude(asked_by=user))

    def of_person(self, user):
        """About lists that this person fills in."""
        return self.filter(mine(user, "item__checklist__"))

    def that_moved(self):
        """Granted with a date of their own: rules leave the due dates of these tasks alone."""
        return self.filter(state=Petition.State.GRANTED, due_after__isnull=False)

    def for_page(self):
        """With what every row about a petition shows."""
        return self.select_related(
            "item__duty__chapter", "item__checklist__organization", "item__checklist__holder",
            "occurrence__item__duty", "occurrence__item__checklist__holder",
            "occurrence__organization", "asked_by", "decided_by", "addressed_to")


def with_doors(tasks):
    """`tasks`, each with the kind of the petition that is open about it or its item
    (`asked_kind`), and whether its mark was explained and that accepted (`is_explained`)."""
    about = Petition.unscoped.filter(item=OuterRef("item"))
    own = about.waiting().filter(Q(occurrence=OuterRef("pk")) | Q(occurrence=None))
    explained = about.filter(occurrence=OuterRef("pk"), kind=Petition.Kind.EXPLANATION,
                             state=Petition.State.GRANTED)
    return tasks.annotate(asked_kind=Subquery(own.order_by("pk").values("kind")[:1]),
                          is_explained=Exists(explained))


def with_item_doors(items):
    """`items`, each with the kind of the petition that is open about it as a whole."""
    own = Petition.unscoped.waiting().filter(item=OuterRef("pk"), occurrence=None)
    return items.annotate(asked_kind=Subquery(own.values("kind")[:1]))


class Petition(WorkflowModel, ScopedModel):
    """The door beside every demand (申请): more time, no report this period, an explanation
    or an appeal of a red mark, "not applicable" for an item."""

    scope_paths = ("item__checklist__organization__path", "addressed_to__path")

    class Kind(models.TextChoices):
        EXTENSION = "extension", "延期"
        EXCUSE = "excuse", "本期免报"
        EXPLANATION = "explanation", "说明"
        APPEAL = "appeal", "申诉"
        NOT_APPLICABLE = "not_applicable", "不适用"

    # Asked before a report is filed, and asked of a red or late mark.
    BEFORE_FILING = (Kind.EXTENSION, Kind.EXCUSE)
    ABOUT_MARKS = (Kind.EXPLANATION, Kind.APPEAL)

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        GRANTED = "granted", "同意"
        REFUSED = "refused", "不同意"
        WITHDRAWN = "withdrawn", "已撤回"
        REVOKED = "revoked", "已改为适用"

    _OPEN_YEAR = ("is_year_open", "这一年的清单已经封账，申请不再办理。")
    _DECIDE = {"permission": Permission.PETITION_DECIDE, "at": "addressed_to",
               "not_by": ("asked_by", "holder")}
    STEPS = {
        "grant": Step((State.ASKED,), State.GRANTED, label="答复", needs=(_OPEN_YEAR,), **_DECIDE),
        "refuse": Step((State.ASKED,), State.REFUSED, label="答复", reason_required=True,
                       needs=(_OPEN_YEAR,), **_DECIDE),
        "withdraw": Step((State.ASKED,), State.WITHDRAWN, label="撤回申请",
                         permission=Permission.REPORT_FILL, only_by=("asked_by",),
                         needs=(_OPEN_YEAR,)),
        # "Not applicable" ends when the facts change.
        "revoke": Step((State.GRANTED,), State.REVOKED, label="改为适用", reason_required=True,
                       needs=(("is_not_applicable", "只有“不适用”可以改回来。"), _OPEN_YEAR),
                       **_DECIDE),
        # By a rule that found nothing left to decide.
        "lapse": Step((State.ASKED,), State.WITHDRAWN, label="了结", reason_required=True,
                      permission=Permission.PETITION_DECIDE, at="addressed_to"),
    }

    kind = models.CharField("申请", max_length=20, choices=Kind)
    item = models.ForeignKey(Item, models.CASCADE, related_name="petitions")
    # None exactly for NOT_APPLICABLE, which is about the whole item.
    occurrence = models.ForeignKey(
        Occurrence, models.CASCADE, null=True, blank=True, related_name="petitions"
    )
    reason = models.CharField("理由", max_length=500)
    proposed_on = models.DateField("申请延到", null=True, blank=True)
    # The date that stood before a granted extension or appeal moved it.
    due_before = models.DateField("原来最迟", null=True, blank=True)
    due_after = models.DateField("改到", null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间")
    addressed_to = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="答复组织"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="答复人",
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)

    unscoped = models.Manager.from_queryset(PetitionQuerySet)()

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "申请"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="not_applicable", occurrence=None)
                | (~Q(kind="not_applicable") & Q(occurrence__isnull=False)),
                name="not_applicable_is_about_the_item",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extension") | Q(proposed_on__isnull=False),
                name="an_extension_names_a_day",
            ),
            models.UniqueConstraint(
                fields=["occurrence", "kind"], condition=Q(state="asked"),
                name="one_open_petition_a_task_and_kind",
            ),
            models.UniqueConstraint(
                fields=["item", "kind"], condition=Q(state="asked", occurrence=None),
                name="one_open_petition_an_item_and_kind",
            ),
        ]
        indexes = [models.Index(fields=["addressed_to", "state"], name="petition_to_decide")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.occurrence or self.item}"

    @property
    def organization(self) -> Organization:
        """Whose list it is about."""
        return self.item.checklist.organization

    @property
    def holder_id(self) -> int | None:
        return self.item.checklist.holder_id

    @property
    def own(self) -> set[int]:
        """Those to whom this petition is their own: who asks, and the holder of the list."""
        return {self.asked_by_id, self.holder_id} - {None}

    @cached_property
    def is_year_open(self) -> bool:
        """Whether the year of its list is not closed (封账)."""
        return ListYear.objects.is_open(self.item.checklist.year)

    @property
    def is_not_applicable(self) -> bool:
        return self.kind == self.Kind.NOT_APPLICABLE

    @property
    def audit_parent(self):
        return self.item.checklist

    @property
    def audit_path(self) -> str:
        return self.item.checklist.organization.path
