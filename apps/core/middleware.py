"""What happens around every request: log line, idle time-out, answers to refusals."""

import logging
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from apps.core import audit
from apps.core.act import SYSTEM, act, record
from apps.core.calendar import now
from apps.core.errors import Conflict, Invalid, NotAllowed, NotVisible, Refused
from apps.core.files import FileDamaged

log = logging.getLogger("fangzhen.request")


class RequestLog:
    """Give each request a number and one log line, without its contents."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = str(uuid.uuid4())
        token = audit.origin.set(
            audit.Origin(ip=request.META.get("REMOTE_ADDR", ""), request_id=request.id)
        )
        started = time.perf_counter()
        try:
            response = self.get_response(request)
        finally:
            audit.origin.reset(token)
        user = getattr(request, "_cached_user", None)
        log.info("request", extra={"fields": {
            "request_id": request.id,
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "user": getattr(user, "pk", None),
        }})
        response["X-Request-Id"] = request.id
        return response


class IdleTimeout:
    """End a session that was silent for IDLE_MINUTES; drafts are on the server by then.

    The mark is renewed at most once a minute, so that reading pages does not write, and
    not by views that a page polls by itself.
    """

    renew_after = timedelta(minutes=1)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        limit = timedelta(minutes=settings.IDLE_MINUTES)
        if request.user.is_authenticated and self.silence(request) > limit:
            logout(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request, view, args, kwargs):
        """Renew the mark for what a person has asked for."""
        is_due = "seen_at" not in request.session or self.silence(request) > self.renew_after
        if request.user.is_authenticated and is_due and not getattr(view, "is_polled", False):
            request.session["seen_at"] = now().isoformat()

    def silence(self, request) -> timedelta:
        """Time since the last mark; none before the first."""
        seen = request.session.get("seen_at")
        return now() - datetime.fromisoformat(seen) if seen else timedelta(0)


class Refusals:
    """Turn a refusal into its page and make sure that it stands in the audit once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Answer the refusals of the domain; everything else goes its usual way."""
        if isinstance(exception, PermissionDenied) and not isinstance(exception, Refused):
            exception = NotAllowed("这个页面不在您的职权里。")
        if isinstance(exception, FileDamaged):
            return self.damaged(request, exception)
        if not isinstance(exception, Refused):
            return None
        if request.user.is_authenticated:
            audit.write_refusal(exception, by=request.user, view=self.view_name(request))
        template, status = self.page(exception)
        context = {"message": exception.message, "back_url": self.came_from(request)}
        return render(request, template, context, status=status)

    def damaged(self, request, exception: FileDamaged):
        """The bytes are not those that were uploaded: said to the reader and kept in the audit."""
        log.error("file damaged", extra={"fields": {"file": str(exception.stored.pk)}})
        with act(by=SYSTEM):
            record("core.file.damaged", exception.stored)
        context = {"message": exception.message, "request_id": request.id}
        return render(request, "500.html", context, status=500)

    def page(self, exception) -> tuple[str, int]:
        """Template and status of one kind of refusal."""
        if isinstance(exception, NotVisible):
            return "404.html", 404
        if isinstance(exception, (Conflict, Invalid)):
            return "409.html", 409
        return "403.html", 403

    def came_from(self, request) -> str:
        """The page before, as long as it is one of ours."""
        referer = request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()})
        return referer if ours else "/"

    def view_name(self, request) -> str:
        """Method and name of the route, for the event."""
        match = request.resolver_match
        return f"{request.method} {match.view_name if match else request.path}"
