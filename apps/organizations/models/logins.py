from django.conf import settings
from django.db import models


class PasswordHash(models.Model):
    """One of a person's last passwords, as a hash: it is not taken again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField("设置时间")

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        indexes = [models.Index(fields=["user", "-set_at"], name="password_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}，{self.set_at:%Y-%m-%d}"


class PasswordReset(models.Model):
    """A link by which its owner sets a new password once; only the hash of its token is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
                                related_name="+", verbose_name="谁给的")
    made_at = models.DateTimeField("给出时间")
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("用掉时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "重置链接"

    def __str__(self) -> str:
        return f"{self.user}的重置链接"


class LoginSession(models.Model):
    """Where and since when a person is logged in: what a session's key does not tell."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+",
                             verbose_name="人员")
    ip = models.CharField("地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=300, blank=True)
    started_at = models.DateTimeField("登录时间")
    last_seen_at = models.DateTimeField("最近一次", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录着的会话"

    def __str__(self) -> str:
        return f"{self.user}，{self.ip}"
