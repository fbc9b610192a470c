from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.core.fields import TreePath


class AppendOnly(TypeError):
    """An audit event was about to be changed or deleted."""


class AuditEventQuerySet(models.QuerySet):
    """Reads only; `audit.write` is the one writer."""

    def about(self, obj):
        """Events whose target is `obj`."""
        return self.filter(target_type=obj._meta.label_lower, target_id=str(obj.pk))

    def within(self, obj, also=None):
        """Events of `obj` and of what belongs to it, and those of the condition `also`."""
        label, key = obj._meta.label_lower, str(obj.pk)
        own = models.Q(target_type=label, target_id=key)
        below = models.Q(parent_type=label, parent_id=key)
        return self.filter(own | below | also if also else own | below)

    def done(self):
        return self.filter(outcome=AuditEvent.Outcome.DONE)

    def visible_to(self, user, *, for_):
        """The audit is one chain: it is read whole by whoever holds the right, or not at all."""
        return self if user.holds(for_) else self.none()

    def update(self, **kwargs):
        raise AppendOnly("audit events are never changed")

    def delete(self):
        raise AppendOnly("audit events are never deleted")


class AuditEvent(models.Model):
    """One thing that was done, or refused, by one actor. Never changed, never deleted."""

    class Outcome(models.TextChoices):
        DONE = "done", "已办"
        REFUSED = "refused", "未准"

    number = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间", db_index=True)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField("办理人", max_length=100)
    code = models.CharField("代码", max_length=80, db_index=True)
    target_type = models.CharField(max_length=80, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    target_label = models.CharField("对象", max_length=200, blank=True)
    parent_type = models.CharField(max_length=80, blank=True)
    parent_id = models.CharField(max_length=40, blank=True)
    path = TreePath(max_length=255, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    ip = models.CharField("地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=36, blank=True)
    previous_hash = models.CharField("前一条校验值", max_length=64)
    hash = models.CharField("校验值", max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["parent_type", "parent_id"], name="audit_parent"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}条"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly("audit events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("audit events are never deleted")
