"""Net 2: a view is closed unless it says who may.

Our views carry `@requires(Permission.X)`; the views of libraries stand in one table.
The start-up check and the access test both read `policy_of`.
"""

from functools import wraps

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.errors import NotAllowed

PUBLIC = "public"
LOGGED_IN = "logged-in"

# URL names of libraries -> who may. A route that stands neither here nor carries
# @requires stops the start.
THIRD_PARTY = {
    "admin:index": LOGGED_IN,
    "admin:login": PUBLIC,
    "admin:app_list": LOGGED_IN,
    "admin:jsi18n": LOGGED_IN,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,  # sends whoever is not logged in to the first page
    "account_inactive": PUBLIC,
    "account_reauthenticate": LOGGED_IN,
    "account_change_password": LOGGED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": LOGGED_IN,
    "mfa_index": LOGGED_IN,
    "mfa_view_recovery_codes": LOGGED_IN,
}


def requires(permission: str, *, is_polled: bool = False):
    """Mark a view with the permission its caller must hold somewhere, or LOGGED_IN / PUBLIC.

    `is_polled`: pages ask it by themselves, so a call is no sign of life.
    Where on the tree it must be held is the service's question, on the row itself.
    """

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if permission not in (PUBLIC, LOGGED_IN) and not request.user.holds(permission):
                raise NotAllowed("这个页面不在您的职权里。")
            return view(request, *args, **kwargs)

        checked.policy = permission
        checked.is_polled = is_polled
        checked.login_required = permission != PUBLIC
        return checked

    return decorate


def routes(resolver=None, prefix: str = "", namespace: str = ""):
    """All routes as (route, qualified name, pattern)."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield route, f"{namespace}{entry.name or ''}", entry


def policy_of(name: str, pattern: URLPattern) -> str | None:
    """Who may call the route; None when nobody has said so."""
    if name in THIRD_PARTY:
        return THIRD_PARTY[name]
    return getattr(pattern.callback, "policy", None)


@register()
def every_view_says_who_may(app_configs=None, **kwargs) -> list[Error]:
    """Stop the start when a route carries no policy."""
    return [
        Error(f"The route {route!r} ({name}) says nobody who may call it.", id="fangzhen.E003",
              hint="Add @requires(Permission.X), or list a library's view in core/access.py.")
        for route, name, pattern in routes()
        if policy_of(name, pattern) is None
    ]
