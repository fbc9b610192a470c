from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.checklists import schedule
from apps.checklists.models.lists import Item, mine
from apps.checklists.models.task_facts import TaskFacts
from apps.checklists.models.years import CLOSED, ListYear
from apps.core.calendar import add_working_days, today
from apps.core.scoping import ScopedModel, ScopedQuerySet, within
from apps.core.workflow import Step, WorkflowModel
from apps.duties.models import CatalogueVersion, Duty
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


class Slot(models.Model):
    """When one duty of one catalogue version is due: a row for each period of a year."""

    # None for a duty that stands in no edition (自定事项).
    version = models.ForeignKey(
        CatalogueVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
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
                fields=["duty", "year", "period"], name="one_slot_a_duty_year_and_period"
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

    def in_open_years(self):
        """On lists that still change: their year is not closed (封账)."""
        closed = ListYear.objects.closed().values("year")
        return self.exclude(item__checklist__year__in=closed)

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


class Occurrence(TaskFacts, WorkflowModel, ScopedModel):
    """One duty of one list in one period (本期任务): the only thing with a state."""

    scope_paths = ("organization__path",)

    class State(models.TextChoices):
        OPEN = "open", "未报"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "退回修改"
        ACCEPTED = "accepted", "审核通过"
        EXCUSED = "excused", "本期免报"

    # Without indexes of their own: the first of a pair below, or never looked up.
    item = models.ForeignKey(Item, models.CASCADE, related_name="occurrences", db_index=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False
    )
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    period = models.CharField(max_length=10, blank=True)
    event = models.CharField("事由", max_length=100, blank=True)
    # What opened it, so that the same act opens it once: "appointment:12", "ad_hoc:3".
    opened_by = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField("期始")
    ends_on = models.DateField("期末")
    due_on = models.DateField("最迟")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    correct_by = models.DateField("改好期限", null=True)
    first_filed_on = models.DateField("首次填报", null=True)
    is_confirmed = models.BooleanField("已由本人确认", default=True)
    reviewed_by = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="审核组织",
        db_index=False
    )
    report = models.ForeignKey(
        "Report", models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Excused because this edition no longer asks for it; nobody had to decide that.
    withdrawn_in = models.ForeignKey(
        CatalogueVersion, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False
    )

    unscoped = models.Manager.from_queryset(OccurrenceQuerySet)()

    _OPEN_YEAR = ("is_year_open", CLOSED)
    _UNCONFIRMED = ("awaits_confirmation", "这份填报已经确认过了。")
    _REVIEW = {
        "permission": Permission.REPORT_REVIEW,
        "at": "reviewed_by",
        "not_by": ("drafted_by", "confirmed_by", "holder"),
    }
    # A late reviewer may still accept what a closed year has received.
    _CONFIRMED = ("is_confirmed", "这份填报还在等本人确认，确认后才能审核。")
    STEPS = {
        "submit": Step((State.OPEN, State.RETURNED), State.SUBMITTED,
                       permission=Permission.REPORT_FILL, label="提交", needs=(_OPEN_YEAR,)),
        "withdraw": Step((State.SUBMITTED,), State.OPEN, permission=Permission.REPORT_FILL,
                         label="撤回", only_by=("drafted_by",), needs=(_OPEN_YEAR,)),
        "confirm": Step((State.SUBMITTED,), State.SUBMITTED,
                        permission=Permission.REPORT_CONFIRM, label="确认", only_by=("holder",),
                        needs=(_UNCONFIRMED,)),
        "send_back": Step((State.SUBMITTED,), State.RETURNED,
                          permission=Permission.REPORT_CONFIRM, label="退回填报人",
                          only_by=("holder",), reason_required=True,
                          needs=(_OPEN_YEAR, _UNCONFIRMED)),
        "accept": Step((State.SUBMITTED,), State.ACCEPTED, label="审核通过",
                       needs=(_CONFIRMED,), **_REVIEW),
        "return": Step((State.SUBMITTED,), State.RETURNED, label="退回修改",
                       reason_required=True, needs=(_OPEN_YEAR, _CONFIRMED), **_REVIEW),
        # By a rule that has checked who may decide: a petition granted, a duty withdrawn.
        "excuse": Step((State.OPEN, State.RETURNED), State.EXCUSED, label="免报",
                       permission=Permission.PETITION_DECIDE, reason_required=True),
        "resume": Step((State.EXCUSED,), State.OPEN, label="恢复",
                       permission=Permission.PETITION_DECIDE, reason_required=True),
    }

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "本期任务"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "slot"], name="one_occurrence_an_item_and_slot"
            ),
            # A new edition brings slots of its own, but no second task of a period.
            models.UniqueConstraint(
                fields=["item", "period"], condition=~Q(period=""),
                name="one_occurrence_an_item_and_period",
            ),
            models.UniqueConstraint(
                fields=["item", "opened_by"], condition=~Q(opened_by=""),
                name="one_occurrence_an_item_and_opener",
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
            models.Index(fields=["reviewed_by", "state"], name="occurrence_to_review",
                         condition=Q(reviewed_by__isnull=False)),
        ]

    def __str__(self) -> str:
        if self.event:
            return f"{self.item.duty.title}：{self.event}"
        label = schedule.period_label(self.period)
        return f"{self.item.duty.title}（{label}）" if label else self.item.duty.title

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
