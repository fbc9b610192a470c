"""How people get in: who may, how often they may try, and what they are told."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.shortcuts import resolve_url

from apps.core.act import SYSTEM, act, record
from apps.core.addresses import client_address
from apps.organizations import accounts, lockout, sessions
from apps.organizations.lockout import normal_username
from apps.organizations.models import User

ELSEWHERE = "这个地址一分钟里试得太多，请过一分钟再登录。"


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

    def get_client_ip(self, request) -> str:
        """One notion of an address for counters and audit."""
        return client_address(request)

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """One counter an account. allauth counts by the Host header, too, whose port anybody
        may make up."""
        return normal_username(credentials.get("username", ""))

    def pre_authenticate(self, request, **credentials) -> None:
        """Refuse an address that tries too often, then a name that is locked, before any
        password is looked at."""
        name = credentials.get("username", "")
        self.address_usage = ratelimit.consume(request, app="allauth.account",
                                               action="login_address")
        if self.address_usage is None:
            if cache.add(f"address-told:{client_address(request)}", 1, 60):
                with act(by=SYSTEM):
                    record("organizations.user.address_lock", None, ip=client_address(request))
            raise ValidationError(ELSEWHERE, code="too_many_from_address")
        if lockout.is_locked(name):
            with act(by=SYSTEM):
                record("organizations.user.login_locked", None, username=known(name))
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request, **credentials):
        """A good try is not held against the address."""
        user = super().authenticate(request, **credentials)
        if user:
            self.address_usage.rollback()
        return user

    def authentication_failed(self, request, **credentials) -> None:
        """Count what is left, lock after the last, and record the bad try without the password."""
        name = credentials.get("username", "")
        spent = [len(cache.get(each.cache_key) or []) for each in self._login_failed_rl_usage.usage]
        self.tries_left = settings.LOGIN_TRIES - max(spent, default=0)
        with act(by=SYSTEM):
            record("organizations.user.login_failed", None, username=known(name))
            if self.tries_left <= 0:
                lockout.lock(name)
                record("organizations.user.lock", None, username=known(name))

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
        """Record the login after every stage is passed, and a password that is too old."""
        with act(by=user):
            record("organizations.user.login", user)
            if user.password_duty:
                record("organizations.user.password_due", user)
        return super().post_login(request, user, **kwargs)

    def logout(self, request) -> None:
        """Record the logout while the person is still known."""
        if request.user.is_authenticated:
            with act(by=request.user):
                record("organizations.user.logout", request.user)
        super().logout(request)

    def set_password(self, user, password: str) -> None:
        """By the verb. Who has just typed the old password need not type it again to enrol."""
        request = context.request
        accounts.set_password(user=user, password=password, by=user,
                              keep=request.session.get(sessions.ROW))
        reauthenticate_by_password(request)

    def get_password_change_redirect_url(self, request) -> str:
        """Where allauth would show the form again."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)


def known(username: str) -> str:
    """The account as it may stand in the audit: people also type their password there."""
    name = normal_username(username)
    return name if User.objects.filter(username=name).exists() else "（没有这个账号）"
