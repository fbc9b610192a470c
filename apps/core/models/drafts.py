import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.core.models.files import StoredFile


class DraftQuerySet(models.QuerySet):
    def of(self, user):
        """A person's own drafts; nobody reads another's words before they are submitted."""
        return self.filter(user=user)

    def for_target(self, obj):
        """Everybody's drafts for one object."""
        return self.filter(target_type=obj._meta.label_lower, target_id=str(obj.pk))


class Draft(models.Model):
    """What one person has typed for one object and not yet submitted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    submit_key = models.UUIDField(default=uuid.uuid4)
    saved_at = models.DateTimeField(db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "草稿"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "target_type", "target_id"], name="one_draft_per_user_and_target"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.target_type} {self.target_id}"


class DraftFile(models.Model):
    """A file uploaded while typing; submitting turns it into evidence."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "草稿中的文件"

    def __str__(self) -> str:
        return str(self.file)
