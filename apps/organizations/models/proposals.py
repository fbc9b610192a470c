from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.scoping import ScopedModel, ScopedQuerySet
from apps.core.workflow import Step, WorkflowModel
from apps.organizations import titles
from apps.organizations.models.appointments import Appointment
from apps.organizations.models.organizations import Organization
from apps.organizations.permissions import Permission as P
from apps.organizations.roles import RoleCode


class ProposalQuerySet(ScopedQuerySet):
    def waiting(self):
        """Not yet decided."""
        return self.filter(state=AppointmentProposal.State.PROPOSED)

    def for_page(self):
        """With what a row of a page names."""
        return self.select_related("user", "organization", "proposed_by", "appointment")


class AppointmentProposal(WorkflowModel, ScopedModel):
    """A committee or technical post to be given or ended, once another 工委管理员 confirms."""

    class Kind(models.TextChoices):
        APPOINT = "appoint", "任"
        END = "end", "免"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "不同意"
        WITHDRAWN = "withdrawn", "已撤回"

    scope_paths = ("organization__path",)
    cross_links = ("appointment",)
    OWN_WORDS = "自己提出的任免、自己的任免"
    STEPS = {
        "confirm": Step((State.PROPOSED,), State.CONFIRMED, P.POST_EDIT, "确认",
                        not_by=("proposed_by", "user"), own_words=OWN_WORDS),
        "refuse": Step((State.PROPOSED,), State.REFUSED, P.POST_EDIT, "答复不同意",
                       not_by=("proposed_by", "user"), own_words=OWN_WORDS,
                       reason_required=True),
        "withdraw": Step((State.PROPOSED,), State.WITHDRAWN, P.POST_EDIT, "撤回",
                         only_by=("proposed_by",)),
    }

    kind = models.CharField("任免", max_length=10, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+",
                             verbose_name="人员")
    role = models.CharField("职务", max_length=40, choices=RoleCode)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+",
                                     verbose_name="组织")
    # Which post is to end; the one that was registered, once it was confirmed.
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True,
                                    related_name="+", verbose_name="任职")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+",
                                    verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED,
                             editable=False)

    unscoped = models.Manager.from_queryset(ProposalQuerySet)()

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "任免提请"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user", "role", "organization"],
                condition=Q(state="proposed"), name="one_proposal_waits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user.name}{self.words}{titles.post_at(self.role, self.organization)}"

    @property
    def words(self) -> str:
        """任, or 不再任."""
        return "任" if self.kind == self.Kind.APPOINT else "不再任"

    @property
    def audit_path(self) -> str:
        """Where on the tree its events belong."""
        return self.organization.path
