"""Around every request of a person: how long a session lives, and what comes before all else."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.core.access import PUBLIC, THIRD_PARTY
from apps.core.act import act, record
from apps.organizations import second_factor, sessions

RENEW_AFTER = timedelta(minutes=1)
CHANGE, ENROL = "account_change_password", "mfa_activate_totp"
LEAVE = "account_logout"
# What stays open while a person has to do this first.
OPEN = {
    CHANGE: {CHANGE, LEAVE},
    ENROL: {ENROL, LEAVE, CHANGE, "account_reauthenticate", "mfa_reauthenticate"},
}


class Sessions:
    """End a session that was silent too long or is too old; drafts are on the server by then.

    The mark of life is renewed at most once a minute, so that reading pages does not write,
    and not by views that a page polls by itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        row = key = None
        if request.user.is_authenticated:
            row, key = request.session.get(sessions.ROW), request.session.session_key
            code = sessions.overdue(request)
            if code:
                self.end(request, code)
            elif row is None:
                sessions.begin(request)
                row, key = request.session[sessions.ROW], request.session.session_key
        response = self.get_response(request)
        is_seen = getattr(request, "is_seen", False) or request.session.session_key != key
        sessions.follow(row=row, request=request, is_seen=is_seen)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response

    def end(self, request, code: str) -> None:
        """Log out, and say in the audit why."""
        with act(by=request.user):
            if code == "organizations.user.session_idle":
                record("organizations.user.session_idle", request.user)
            else:
                record("organizations.user.session_expire", request.user)
        logout(request)

    def process_view(self, request, view, args, kwargs):
        """Renew the mark for what a person has asked for."""
        if not request.user.is_authenticated or getattr(view, "is_polled", False):
            return
        if sessions.SEEN not in request.session or sessions.silence(request) > RENEW_AFTER:
            request.session[sessions.SEEN] = sessions.moment()
            request.is_seen = True


class Gate:
    """While a password must be changed or the second factor is lacking, every page leads there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Let pass who has nothing to do first, and what is open to everybody."""
        name = request.resolver_match.view_name
        policy = THIRD_PARTY.get(name) or getattr(view, "policy", None)
        if not request.user.is_authenticated or policy == PUBLIC:
            return None
        if getattr(view, "is_polled", False):
            return None
        if request.user.password_duty:
            return self.lead(request, name, CHANGE)
        if request.user.needs_second_factor and not second_factor.is_passed(request):
            if second_factor.is_enrolled(request.user):
                # Logged in before the factor was there: its owner shows it at the door.
                logout(request)
                return redirect(reverse("account_login"))
            return self.lead(request, name, ENROL)
        return None

    def lead(self, request, name: str, target: str):
        """To the page that comes first; afterwards on to where the person wanted to go."""
        if name in OPEN[target]:
            return None
        url = reverse(target)
        if request.method in ("GET", "HEAD"):
            url += "?" + urlencode({"next": request.get_full_path()})
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)
