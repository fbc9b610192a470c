"""The second factor: who needs one, whether it was shown, and when it is lost."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from apps.core.act import act, only_the_system, record
from apps.organizations import lockout, sessions


class Adapter(DefaultMFAAdapter):
    """allauth with our sentences, and without a way out for who needs the factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": (
            "您的职务要求两步验证，不能关闭。换手机请找系统管理员在服务器上办理。"),
        "incorrect_code": "验证码不对，或者已经用过。请等下一个。",
        "cannot_generate_recovery_codes": "开启验证器以后才有备用码。",
    }

    def get_totp_label(self, user) -> str:
        """The account, as it stands in the telephone."""
        return user.username

    def can_delete_authenticator(self, authenticator) -> bool:
        """Not while a post asks for it."""
        return not authenticator.user.needs_second_factor


def is_enrolled(user) -> bool:
    """Whether the person has an authenticator."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_passed(request) -> bool:
    """Whether this session has shown a code, at the login or at the enrolment."""
    return request.session.get(sessions.FACTOR) == request.user.pk


def passed(request, user) -> None:
    """Remember in the session that the factor was shown."""
    request.session[sessions.FACTOR] = user.pk


def spend(user, code: str) -> bool:
    """Take a code once: False when it was taken before, in any window in which it is good.

    allauth's own mark lasts one period only and is not made at the enrolment.
    """
    lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return cache.add(f"code-spent:{user.pk}:{normalize_user_code(code)}", 1, lasts)


def missed(user) -> None:
    """Record a wrong code, and lock the account after too many of them."""
    with act(by=user):
        record("organizations.user.code_fail", user)
        if lockout.codes_are_spent(user):
            lockout.lock(user.username)
            record("organizations.user.lock", user, username=user.username)


def reset(*, user, by) -> None:
    """Take the factor of who lost it, with its recovery codes; he enrols another one at his
    next login. On the server only: no page does it. Ends all sessions."""
    with act(by=by):
        only_the_system(by)
        Authenticator.objects.filter(user=user).delete()
        sessions.end(user=user, by=by)
        lockout.lift(user)
        record("organizations.user.factor_reset", user)
