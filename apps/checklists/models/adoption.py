from django.conf import settings
from django.db import models

from apps.checklists.models.lists import Checklist
from apps.core.scoping import ScopedModel
from apps.core.workflow import Step, WorkflowModel
from apps.duties.models import Duty
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

Subject = Duty.Subject
# Adopted by a meeting; the others by a person or with one tap.
DELIBERATED = (Subject.PARTY_GROUP, Subject.ORGAN_COMMITTEE, Subject.DISCIPLINE_COMMITTEE,
               Subject.COMMITTEE)


class Adoption(WorkflowModel, ScopedModel):
    """How a list was taken on (审定): tailored, deliberated, signed. A list is in force from
    its publication, adopted or not; one that is not adopted is itself flagged."""

    scope_paths = ("checklist__organization__path",)

    class State(models.TextChoices):
        TAILORING = "tailoring", "调整中"
        DELIBERATED = "deliberated", "已审议"
        SIGNED = "signed", "已签认"
        ADOPTED = "adopted", "已备案"

    STEPS = {
        "deliberate": Step((State.TAILORING,), State.DELIBERATED, label="登记审议",
                           permission=Permission.CHECKLIST_FILL,
                           needs=(("is_deliberated", "这份清单不用开会审议。"),)),
        "sign": Step((State.TAILORING, State.DELIBERATED), State.ADOPTED, label="签认",
                     permission=Permission.CHECKLIST_SIGN,
                     needs=(("is_ready_to_sign", "这份清单要先登记审议，再签认。"),)),
        # A leader's own list: signing it is confirming it, not a right over a body's list.
        "sign_own": Step((State.TAILORING,), State.ADOPTED, label="签认", only_by=("holder",),
                         permission=Permission.REPORT_CONFIRM,
                         needs=(("is_secretarys", "这份清单不是书记本人的。"),)),
        "sign_as_member": Step((State.TAILORING,), State.SIGNED, label="签认",
                               only_by=("holder",), permission=Permission.REPORT_CONFIRM,
                               needs=(("is_members", "这份清单不是班子成员的。"),)),
        "approve": Step((State.SIGNED,), State.ADOPTED, label="审定", not_by=("holder",),
                        permission=Permission.CHECKLIST_APPROVE),
        # Who fills in the list (adoptions.may_reopen): a member holds no CHECKLIST_FILL.
        "reopen": Step((State.DELIBERATED, State.SIGNED, State.ADOPTED), State.TAILORING,
                       label="重新调整", permission=Permission.REPORT_FILL,
                       reason_required=True),
    }

    checklist = models.OneToOneField(Checklist, models.CASCADE, related_name="adoption")
    state = models.CharField("状态", max_length=20, choices=State, default=State.TAILORING)
    deliberated_on = models.DateField("审议日期", null=True, blank=True)
    minutes_number = models.CharField("会议纪要编号", max_length=100, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="签认人",
    )
    signed_on = models.DateField("签认日期", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="审定人",
    )
    adopted_on = models.DateField("备案日期", null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "清单审定"

    def __str__(self) -> str:
        return str(self.checklist)

    @property
    def organization(self) -> Organization:
        """Where its steps are taken."""
        return self.checklist.organization

    @property
    def holder_id(self) -> int | None:
        return self.checklist.holder_id

    @property
    def is_deliberated(self) -> bool:
        """A body adopts its list in a meeting."""
        return self.checklist.holder_id is None and self.checklist.subject in DELIBERATED

    @property
    def is_ready_to_sign(self) -> bool:
        """Not a leader's own list; and deliberated, where a meeting is needed."""
        if self.checklist.holder_id is not None:
            return False
        return not self.is_deliberated or self.state == self.State.DELIBERATED

    @property
    def is_secretarys(self) -> bool:
        return self.checklist.subject == Subject.SECRETARY

    @property
    def is_members(self) -> bool:
        return self.checklist.subject == Subject.MEMBER

    @property
    def audit_parent(self):
        return self.checklist

    @property
    def audit_path(self) -> str:
        return self.checklist.organization.path
