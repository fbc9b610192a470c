from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.checklists import schedule
from apps.checklists.models.lists import Item, mine
from apps.core.calendar import add_working_days, today
from apps.core.scoping import ScopedModel, ScopedQuerySet, within
from apps.core.workflow import Step, WorkflowModel
from apps.duties.models import CatalogueVersion, Duty
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


class Slot(models.Model):
    """When one duty of one catalogue version is due: a row for each period of a year."""

    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField()
    # True until the working days of the year are entered.
    is_provisional = models.BooleanField(default=False)

    class Meta:
        verbose_name = verbose_name_plural = "期限"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "duty", "year", "period"], name="one_slot_a_duty_and_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty.title} {self.period}"


class OccurrenceQuerySet(ScopedQuerySet):
    def of_person(self, user):
        """On lists that this person fills in."""
        return self.filter(mine(user, "item__checklist__"))

    def to_do(self):
        """Waiting for the unit."""
        return self.filter(state__in=[Occurrence.State.OPEN, Occurrence.State.RETURNED])

    def undecided(self):
        """Not closed by a decision: their dates still count."""
        decided = [Occurrence.State.ACCEPTED, Occurrence.State.EXCUSED]
        return self.exclude(state__in=decided)

    def waiting(self):
        """Submitted, whoever must act next."""
        return self.filter(state=Occurrence.State.SUBMITTED)

    def to_confirm(self, user):
        """Typed for this person and not yet confirmed."""
        return self.waiting().filter(is_confirmed=False, item__checklist__holder=user)

    def to_review(self, user):
        """Waiting at an organisation where this person reviews."""
        reaches = user.reach(Permission.REPORT_REVIEW)
        return (
            self.waiting()
            .filter(within(reaches, "reviewed_by__path"), is_confirmed=True)
            .exclude(report__drafted_by=user)
            .exclude(report__confirmed_by=user)
            .exclude(item__checklist__holder=user)
        )

    def for_page(self):
        """With what every row about a task shows, in one statement."""
        return self.select_related(
            "organization", "item__duty__chapter", "item__checklist__holder",
            "item__checklist__organization", "report", "reviewed_by",
        )


class Occurrence(WorkflowModel, ScopedModel):
    """One duty of one list in one period (本期任务): the only thing with a state."""

    scope_paths = ("organization__path",)

    class State(models.TextChoices):
        OPEN = "open", "未报"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "退回修改"
        ACCEPTED = "accepted", "审核通过"
        EXCUSED = "excused", "本期免报"

    item = models.ForeignKey(Item, models.CASCADE, related_name="occurrences")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    period = models.CharField(max_length=10, blank=True)
    event = models.CharField("事由", max_length=100, blank=True)
    starts_on = models.DateField("期始")
    ends_on = models.DateField("期末")
    due_on = models.DateField("最迟")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    correct_by = models.DateField("改好期限", null=True)
    first_filed_on = models.DateField("首次填报", null=True)
    is_confirmed = models.BooleanField("已由本人确认", default=True)
    reviewed_by = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="审核组织"
    )
    report = models.ForeignKey("Report", models.PROTECT, null=True, related_name="+")

    unscoped = models.Manager.from_queryset(OccurrenceQuerySet)()

    _REVIEW = {
        "permission": Permission.REPORT_REVIEW,
        "at": "reviewed_by",
        "not_by": ("drafted_by", "confirmed_by", "holder"),
        "needs": ("is_confirmed", "这份填报还在等本人确认，确认后才能审核。"),
    }
    STEPS = {
        "submit": Step((State.OPEN, State.RETURNED), State.SUBMITTED,
                       permission=Permission.REPORT_FILL, label="提交"),
        "withdraw": Step((State.SUBMITTED,), State.OPEN, permission=Permission.REPORT_FILL,
                         label="撤回", only_by=("drafted_by",)),
        "confirm": Step((State.SUBMITTED,), State.SUBMITTED,
                        permission=Permission.REPORT_CONFIRM, label="确认", only_by=("holder",),
                        needs=("awaits_confirmation", "这份填报已经确认过了。")),
        "send_back": Step((State.SUBMITTED,), State.RETURNED,
                          permission=Permission.REPORT_CONFIRM, label="退回填报人",
                          only_by=("holder",), reason_required=True,
                          needs=("awaits_confirmation", "这份填报已经确认过了。")),
        "accept": Step((State.SUBMITTED,), State.ACCEPTED, label="审核通过", **_REVIEW),
        "return": Step((State.SUBMITTED,), State.RETURNED, label="退回修改",
                       reason_required=True, **_REVIEW),
    }

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "本期任务"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "slot"], name="one_occurrence_an_item_and_slot"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "excused"]) | Q(report__isnull=False),
                name="a_reported_task_has_its_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(correct_by__isnull=False),
                name="a_returned_task_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_on"], name="occurrence_to_do"),
            models.Index(fields=["reviewed_by", "state"], name="occurrence_to_review"),
        ]

    def __str__(self) -> str:
        if self.event:
            return f"{self.item.duty.title}：{self.event}"
        label = schedule.period_label(self.period)
        return f"{self.item.duty.title}（{label}）" if label else self.item.duty.title

    @property
    def audit_parent(self):
        return self.item.checklist

    @property
    def audit_path(self) -> str:
        return self.organization.path

    @property
    def deadline_on(self):
        """The day that counts now: the date of correction once returned, else the due date."""
        return self.correct_by or self.due_on

    @property
    def holder_id(self) -> int | None:
        return self.item.checklist.holder_id

    @property
    def drafted_by_id(self) -> int | None:
        return self.report.drafted_by_id if self.report else None

    @property
    def confirmed_by_id(self) -> int | None:
        return self.report.confirmed_by_id if self.report else None

    @property
    def own(self) -> set[int]:
        """Those to whom this report is their own: drafter, confirmer and holder."""
        return {self.drafted_by_id, self.confirmed_by_id, self.holder_id} - {None}

    @property
    def awaits_confirmation(self) -> bool:
        return not self.is_confirmed

    @property
    def is_filed_late(self) -> bool:
        """First filed after the due date (迟报): a mark, not a colour."""
        return self.first_filed_on is not None and self.first_filed_on > self.due_on

    def on_advanced(self, old: str, new: str) -> list[str]:
        """Dates that follow from the step: first filing, and until when to correct."""
        if new == self.State.SUBMITTED and self.first_filed_on is None:
            self.first_filed_on = today()
        elif new == self.State.RETURNED:
            correction = add_working_days(today(), settings.CORRECTION_WORKING_DAYS)
            self.correct_by = max(self.due_on, correction)
        elif new == self.State.OPEN and self.correct_by is None:
            self.first_filed_on = None
        return ["first_filed_on", "correct_by"]
