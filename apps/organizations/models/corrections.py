from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.scoping import ScopedModel, ScopedQuerySet
from apps.core.workflow import Step, WorkflowModel
from apps.organizations.models.organizations import Organization
from apps.organizations.permissions import Permission as P

REQUEST_LENGTH, ANSWER_LENGTH = 300, 200


class CorrectionQuerySet(ScopedQuerySet):
    def waiting(self):
        """Not yet answered."""
        return self.filter(state=Correction.State.ASKED)

    def of(self, user):
        """A person's own requests."""
        return self.filter(user=user)


class Correction(WorkflowModel, ScopedModel):
    """A person asks that something that is kept about him be put right (更正申请)."""

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        DONE = "done", "已更正"
        DECLINED = "declined", "不更正"

    scope_paths = ("organization__path",)
    STEPS = {
        "settle": Step((State.ASKED,), State.DONE, P.ACCOUNT_EDIT, "答复已更正",
                       not_by=("user",), own_words="自己提出的更正"),
        "decline": Step((State.ASKED,), State.DECLINED, P.ACCOUNT_EDIT, "答复不更正",
                        not_by=("user",), own_words="自己提出的更正", reason_required=True),
    }

    # Where the person held his first post when he asked; the committee when he held none.
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+",
                                     verbose_name="组织")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+",
                             verbose_name="提出人")
    request = models.CharField("要更正什么", max_length=REQUEST_LENGTH)
    asked_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=20, choices=State, default=State.ASKED,
                             editable=False)
    answer = models.CharField("答复", max_length=ANSWER_LENGTH, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True,
                                    blank=True, related_name="+", verbose_name="答复人")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    unscoped = models.Manager.from_queryset(CorrectionQuerySet)()

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "更正申请"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state="asked"),
                                    name="one_correction_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.user.name}的更正申请"

    @property
    def audit_path(self) -> str:
        """Where on the tree its events belong."""
        return self.organization.path
