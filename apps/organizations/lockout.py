"""The lock of an account after too many bad tries, for known and unknown names alike.

It stands in the cache, which is a table that all workers share and that survives them.
"""

import hashlib
import unicodedata
from datetime import timedelta

from allauth.core import context, ratelimit
from django.conf import settings
from django.core.cache import cache

from apps.core.calendar import now


def normal_username(typed: str) -> str:
    """One spelling for one account: full-width letters, capitals and blanks fold together."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def code_key(user) -> str:
    """Under which allauth counts the bad codes of a person."""
    return f"mfa-auth-user-{user.pk}"


def codes_are_spent(user) -> bool:
    """Whether the person may try no further code."""
    usage = ratelimit.consume(context.request, action="login_failed", key=code_key(user),
                              dry_run=True)
    return not usage


def lock(username: str) -> None:
    """Let nobody try this name for LOGIN_LOCK_MINUTES."""
    length = timedelta(minutes=settings.LOGIN_LOCK_MINUTES)
    cache.set(_key(username), (now() + length).isoformat(), length.total_seconds())


def is_locked(username: str) -> bool:
    """Whether the name is locked now."""
    return cache.get(_key(username)) is not None


def locked_among(usernames) -> set[str]:
    """Those of these accounts that are locked now; one question for all of them."""
    keys = {_key(name): name for name in usernames}
    return {keys[key] for key in cache.get_many(keys)}


def lift(user) -> None:
    """Forget the lock and the bad tries, of password and code."""
    cache.delete(_key(user.username))
    for key in (normal_username(user.username), code_key(user)):
        ratelimit.clear(None, action="login_failed", key=key)


def _key(username: str) -> str:
    # What people type may be long, or their password: only its hash becomes a key.
    folded = normal_username(username).encode("utf-8", "replace")
    return f"login-lock:{hashlib.sha256(folded).hexdigest()}"
