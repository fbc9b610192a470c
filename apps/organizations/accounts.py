"""Verbs on an account: its password, its lock, its sessions."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from apps.core.act import SYSTEM, act, only_the_system, record
from apps.core.calendar import now
from apps.core.errors import Conflict, NotAllowed, NotVisible
from apps.core.workflow import locked
from apps.organizations import lockout, sessions
from apps.organizations.models import PasswordHash, PasswordReset, User
from apps.organizations.permissions import Permission
from apps.organizations.roles import ROLES, Lane

GONE = "这个链接不能用了：可能已经用过，或者过了期限。请系统管理员再给一个。"


def set_password(*, user: User, password: str, by, keep: int | None = None,
                 is_own: bool = True) -> None:
    """Give `user` a password and end his sessions, except the row `keep`.

    `is_own`: he chose it himself; otherwise he must change it at his next login. The rules for
    passwords are the forms'. Raises NotAllowed for anybody but himself and the system.
    """
    hashed = make_password(password)  # a third of a second, so before the transaction
    with act(by=by):
        if by is not SYSTEM and by.pk != user.pk:
            raise NotAllowed("密码只能由本人设置。", target=user)
        User.objects.select_for_update().get(pk=user.pk)
        user.password, user.password_changed_at = hashed, now()
        user.must_change_password = not is_own
        user.save(update_fields=["password", "password_changed_at", "must_change_password"])
        remember(user)
        sessions.end(user=user, by=by, keep=keep)
        record("organizations.user.password_change", user)


def remember(user: User) -> None:
    """Keep the hash of the present password among the last ones, and no more than those."""
    if not user.has_usable_password():
        return
    PasswordHash.objects.create(user=user, hash=user.password, set_at=now())
    rows = PasswordHash.objects.filter(user=user).order_by("-set_at", "-pk")
    kept = list(rows.values_list("pk", flat=True)[:settings.PASSWORD_HISTORY])
    PasswordHash.objects.filter(user=user).exclude(pk__in=kept).delete()


def make_reset(*, user: User, by) -> str:
    """The token of a link by which `user` sets a new password, once and within RESET_HOURS.

    Earlier links of his end. Raises NotAllowed, NotVisible, or Conflict while he is blocked.
    """
    token, moment = secrets.token_urlsafe(32), now()
    with act(by=by):
        row = managed(user, by)
        if not row.is_active:
            raise Conflict(f"{row.name}的账号停用着，先恢复登录再重置密码。", target=row)
        PasswordReset.objects.filter(user=row, used_at=None).delete()
        PasswordReset.objects.create(
            user=row, token_hash=fingerprint(token), made_by=None if by is SYSTEM else by,
            made_at=moment, expires_at=moment + timedelta(hours=settings.RESET_HOURS))
        record("organizations.user.reset_make", row, hours=settings.RESET_HOURS)
    return token


def find_reset(token: str) -> PasswordReset:
    """The link that can still be used. Raises NotVisible, in the same words for all others."""
    found = PasswordReset.objects.filter(
        Q(user__is_demo=False) | Q(user__is_demo=settings.DEMO), token_hash=fingerprint(token),
        used_at=None, expires_at__gt=now(), user__is_active=True)
    reset = found.select_related("user").first()
    if reset is None:
        raise NotVisible(GONE)
    return reset


def use_reset(*, token: str, password: str) -> User:
    """Let the owner of the link set his password, lift the lock, end all his sessions.

    The second factor stays: the next login asks for it. Raises NotVisible when the link was
    used in the meantime.
    """
    reset = find_reset(token)
    with act(by=reset.user):
        taken = PasswordReset.objects.filter(pk=reset.pk, used_at=None).update(used_at=now())
        if not taken:
            raise NotVisible(GONE)
        set_password(user=reset.user, password=password, by=reset.user)
        lockout.lift(reset.user)
        record("organizations.user.reset_use", reset.user)
    return reset.user


def give_password(*, user: User, by) -> str:
    """A one-time password for who cannot be given a link: on the server only."""
    password = secrets.token_urlsafe(12)
    with act(by=by):
        only_the_system(by)
        set_password(user=user, password=password, by=by, is_own=False)
        lockout.lift(user)
        record("organizations.user.password_give", user)
    return password


def block(*, user: User, by) -> None:
    """Shut an account: its sessions end, no password opens it. Raises Conflict when it is."""
    with act(by=by):
        row = managed(user, by)
        if not row.is_active:
            raise Conflict(f"{row.name}的账号已经停用。", target=row)
        row.is_active = False
        row.save(update_fields=["is_active"])
        PasswordReset.objects.filter(user=row, used_at=None).delete()
        record("organizations.user.block", row)
        sessions.end(user=row, by=by)


def admit(*, user: User, by) -> None:
    """Open an account again, whether it was blocked or locked after bad tries.

    Raises Conflict when it is neither.
    """
    with act(by=by):
        row = managed(user, by)
        if row.is_active and not lockout.is_locked(row.username):
            raise Conflict(f"{row.name}的账号没有停用，也没有锁着。", target=row)
        row.is_active = True
        row.save(update_fields=["is_active"])
        lockout.lift(row)
        record("organizations.user.admit", row)


def end_sessions(*, user: User, by) -> int:
    """Log the person out everywhere; returns of how many sessions."""
    with act(by=by):
        return sessions.end(user=managed(user, by), by=by)


def managed(user: User, by) -> User:
    """The locked row of an account that `by` may manage.

    Raises NotVisible out of his reach; NotAllowed for his own, which somebody else manages,
    and for an auditor's, who watches over him.
    """
    row = locked(user)
    if by is SYSTEM:
        return row
    if not User.objects.visible_to(by, for_=Permission.ACCOUNT_RESET).filter(pk=row.pk).exists():
        raise NotVisible("没有找到，或者不在您的范围内。")
    problem = why_not(row, by)
    if problem:
        raise NotAllowed(problem, target=row)
    return row


def why_not(user: User, by) -> str:
    """Why `by` does not manage this account of his reach; empty when he does."""
    if user.pk == by.pk:
        return "自己的账号由另一位系统管理员办理，或者在服务器上办理。"
    if any(ROLES[post.role].lane == Lane.AUDIT for post in user.posts):
        return "安全审计员监督系统管理，他的账号在服务器上办理。"
    return ""


def fingerprint(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
