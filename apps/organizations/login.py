"""How people get in: who may, how often they may try, and what they are told."""

import unicodedata

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.core.exceptions import ValidationError

from apps.core.act import SYSTEM, act, record


def normal_username(typed: str) -> str:
    """One spelling for one account: full-width letters, capitals and blanks fold together."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


class Backend(ModelBackend):
    """Password login. A demo account is no account where DEMO is off."""

    def user_can_authenticate(self, user) -> bool:
        """Active, and not a demo account on a real site; asked at every request."""
        return user.is_active and (settings.DEMO or not user.is_demo)


class Adapter(DefaultAccountAdapter):
    """allauth with closed sign-up, our sentences and our audit events."""

    def is_open_for_signup(self, request) -> bool:
        """Accounts are made by administrators only."""
        return False

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """One counter an account. allauth counts by the Host header, too, whose port anybody
        may make up."""
        return normal_username(credentials.get("username", ""))

    def authentication_failed(self, request, **credentials) -> None:
        """Count what is left, and record the bad try without the password."""
        spent = [len(cache.get(each.cache_key) or []) for each in self._login_failed_rl_usage.usage]
        self.tries_left = settings.LOGIN_TRIES - max(spent[:1], default=0)
        with act(by=SYSTEM):
            record("organizations.user.login_failed", None,
                   username=credentials.get("username", "")[:60])

    def validation_error(self, code: str, *args):
        """The two answers of the login in our words; the others stay allauth's."""
        if code == "username_password_mismatch":
            left = getattr(self, "tries_left", 0)
            again = f"还可以再试{left}次。" if left > 0 else self.locked_sentence()
            return ValidationError(f"账号或密码不对，{again}", code=code)
        if code == "too_many_login_attempts":
            return ValidationError(self.locked_sentence(), code=code)
        return super().validation_error(code, *args)

    def locked_sentence(self) -> str:
        """Why even the right password does not open the door now."""
        tries, minutes = settings.LOGIN_TRIES, settings.LOGIN_LOCK_MINUTES
        return f"连错{tries}次，账号锁{minutes}分钟，请稍后再登录。"

    def post_login(self, request, user, **kwargs):
        """Record the login after every stage is passed."""
        with act(by=user):
            record("organizations.user.login", user)
        return super().post_login(request, user, **kwargs)

    def logout(self, request) -> None:
        """Record the logout while the person is still known."""
        if request.user.is_authenticated:
            with act(by=request.user):
                record("organizations.user.logout", request.user)
        super().logout(request)
