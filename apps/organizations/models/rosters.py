from django.conf import settings
from django.db import models

from apps.core.models import Job


class RosterQuerySet(models.QuerySet):
    def of(self, user):
        """The rosters that this person has checked."""
        return self.filter(checked_by=user)


class Roster(models.Model):
    """A file of organisations, people and posts: as it was read, and what its check said.

    Rows and lines are thrown away some days later; that it was applied, and which accounts it
    made, stays.
    """

    name = models.CharField("文件", max_length=200)
    # Of what was uploaded, so that a paper copy can be compared.
    sha256 = models.CharField("校验值", max_length=64)
    rows = models.JSONField("读到的行", default=dict)
    lines = models.JSONField("检查结果", default=list)
    counts = models.JSONField("行数", default=dict)
    # Fingerprint of the lines: only what was shown is applied.
    digest = models.CharField("结果校验值", max_length=64)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+",
                                   verbose_name="检查人")
    checked_at = models.DateTimeField("检查时间")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+", verbose_name="装入")
    applied_at = models.DateTimeField("装入时间", null=True)
    # Accounts that it made; none of them has a password before its sheet was fetched.
    accounts = models.JSONField("新账号", default=list)
    fetched_at = models.DateTimeField("密码领取时间", null=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册"

    def __str__(self) -> str:
        return self.name
