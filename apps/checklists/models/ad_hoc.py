from functools import cached_property

from django.conf import settings
from django.db import models

from apps.checklists.models.occurrences import Occurrence
from apps.checklists.models.years import ListYear
from apps.core.scoping import ScopedModel
from apps.core.workflow import Step, WorkflowModel
from apps.duties.models import Duty
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


class AdHocTask(WorkflowModel, ScopedModel):
    """A task that an officer sends to chosen units (临时任务), either asked anew (a duty of
    its own) or opening a duty on event of the catalogue."""

    scope_paths = ("organization__path",)

    class State(models.TextChoices):
        SENT = "sent", "已下发"
        WITHDRAWN = "withdrawn", "已撤回"

    STEPS = {
        "withdraw": Step((State.SENT,), State.WITHDRAWN, label="撤回",
                         permission=Permission.TASK_SEND, reason_required=True,
                         # What was not reported by then is not done, and stays so.
                         needs=(("is_year_open", "这一年的清单已经封账，不能再撤回。"),)),
    }

    # The sender: where it is managed; the units meet only their own occurrence.
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="下发组织"
    )
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="+", verbose_name="职责")
    title = models.CharField("名称", max_length=40)
    basis = models.CharField("依据", max_length=200)
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=State, default=State.SENT)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下发人"
    )
    sent_at = models.DateTimeField("下发时间")
    withdrawn_reason = models.CharField("撤回理由", max_length=500, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "临时任务"

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What its occurrences carry in `opened_by`."""
        return f"ad_hoc:{self.pk}"

    @cached_property
    def is_year_open(self) -> bool:
        """Whether the year of its tasks is not closed (封账)."""
        return ListYear.objects.is_open(self.year)

    @property
    def audit_path(self) -> str:
        return self.organization.path


class Nudge(ScopedModel):
    """One 催办 of one task: who, when, with which words. At most one a task and day."""

    scope_paths = ("occurrence__organization__path",)

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="nudges")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name="催办人",
    )
    on = models.DateField("催办日期")
    at = models.DateTimeField("时间")
    words = models.CharField("说明", max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "催办"
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "on"], name="one_nudge_a_task_and_day")
        ]

    def __str__(self) -> str:
        return f"催办：{self.occurrence}"
