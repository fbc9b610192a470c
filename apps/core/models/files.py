import uuid

from django.conf import settings
from django.db import models

KIB = 1024
MIB = 1024 * KIB


class StoredFile(models.Model):
    """One uploaded file: what it is and where its bytes lie; never changed once stored.

    `size` is in bytes, `sha256` in lower-case hex; both describe the bytes as stored.
    `name` is what the uploader called it and is shown, never used as a path.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField("校验值", max_length=64)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("大小")
    content_type = models.CharField("类型", max_length=100)
    preview_path = models.CharField("预览", max_length=100, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="stored_file_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the bytes lie in the default storage: `<2 hex>/<uuid>`."""
        return f"{self.id.hex[:2]}/{self.id}"

    @property
    def size_label(self) -> str:
        """The size for people: 412 KB, 3.6 MB."""
        if self.size < MIB:
            return f"{max(1, round(self.size / KIB))} KB"
        return f"{self.size / MIB:.1f} MB"
