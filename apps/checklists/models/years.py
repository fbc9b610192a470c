from functools import cached_property

from django.db import models
from django.db.models import Q

from apps.core.calendar import today
from apps.core.workflow import Step, WorkflowModel
from apps.duties.models import committee
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

CLOSED = "这一年的清单已经封账，不能再改。确有需要的，请工委说明理由后重新打开。"


class ListYearQuerySet(models.QuerySet):
    def closed(self):
        """Years whose lists no longer change."""
        return self.filter(state=ListYear.State.CLOSED)

    def is_open(self, year: int) -> bool:
        """Whether the lists of `year` still change. A running year is never closed."""
        return year >= today().year or not self.closed().filter(year=year).exists()


class ListYear(WorkflowModel):
    """A year of lists: open, or closed (封账) so that what was not done stays not done."""

    class State(models.TextChoices):
        OPEN = "open", "未封账"
        CLOSED = "closed", "已封账"

    STEPS = {
        "close": Step((State.OPEN,), State.CLOSED, permission=Permission.YEAR_CLOSE,
                      label="封账",
                      needs=(("is_over", "这一年还没有过完，不能封账。"),)),
        "reopen": Step((State.CLOSED,), State.OPEN, permission=Permission.YEAR_CLOSE,
                       label="重新打开", reason_required=True),
    }

    year = models.PositiveSmallIntegerField("年度", unique=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    closed_on = models.DateField("封账日期", null=True, blank=True)
    # Reopened by a person: the timer leaves it open until a person closes it again.
    is_reopened = models.BooleanField("重新打开过", default=False)

    objects = ListYearQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "清单年度"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | Q(state="open", closed_on=None),
                name="closed_exactly_with_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度"

    @cached_property
    def organization(self) -> Organization | None:
        """Where the right to close is held."""
        return committee()

    @property
    def is_over(self) -> bool:
        """Whether the year has passed."""
        return self.year < today().year

    def on_advanced(self, old: str, new: str) -> list[str]:
        """The day of closing; a year that was reopened waits for a person."""
        self.closed_on = today() if new == self.State.CLOSED else None
        self.is_reopened = new == self.State.OPEN
        return ["closed_on", "is_reopened"]
