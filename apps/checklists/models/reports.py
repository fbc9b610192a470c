from django.conf import settings
from django.db import models

from apps.checklists.models.occurrences import Occurrence
from apps.core.models import StoredFile
from apps.core.scoping import ScopedModel
from apps.organizations.models import Organization


class Report(ScopedModel):
    """One submitted version (一稿). Its content never changes; the confirmation is added once."""

    scope_paths = ("occurrence__organization__path",)

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField("第几稿")
    activity_on = models.DateField("工作日期")
    words = models.TextField("做了什么", blank=True)
    document_number = models.CharField("文号或纪要编号", max_length=100, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人"
    )
    submitted_at = models.DateTimeField("填报时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name="确认人",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)
    submit_key = models.UUIDField(unique=True)

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "填报"
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "number"], name="reports_are_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_at=None)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_confirmation_has_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurrence}第{self.number}稿"


class Evidence(ScopedModel):
    """A file that belongs to one report (佐证材料)."""

    scope_paths = ("report__occurrence__organization__path",)

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "佐证材料"
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="evidence_has_an_order")
        ]

    def __str__(self) -> str:
        return str(self.file)


class Review(ScopedModel):
    """One decision on one version, by one person for one organisation."""

    scope_paths = ("report__occurrence__organization__path",)

    class Decision(models.TextChoices):
        ACCEPT = "accept", "审核通过"
        RETURN = "return", "退回修改"
        SEND_BACK = "send_back", "退回填报人"

    report = models.ForeignKey(Report, models.CASCADE, related_name="reviews")
    decision = models.CharField("决定", max_length=10, choices=Decision)
    reason = models.CharField("理由", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name="审核人",
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="审核组织"
    )
    at = models.DateTimeField("时间")

    class Meta(ScopedModel.Meta):
        verbose_name = verbose_name_plural = "审核"
        constraints = [
            models.UniqueConstraint(fields=["report"], name="one_decision_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.get_decision_display()}"
