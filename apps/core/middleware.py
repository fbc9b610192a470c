"""What happens around every request: log line, answers to refusals."""

import logging
import time
import uuid

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from apps.core import audit
from apps.core.act import SYSTEM, act, record
from apps.core.addresses import client_address
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
            audit.Origin(ip=client_address(request), request_id=request.id)
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
            "path": self.path(request),
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "user": getattr(user, "pk", None),
        }})
        response["X-Request-Id"] = request.id
        return response

    def path(self, request) -> str:
        """The path without a token, which would open what it is for."""
        match = request.resolver_match
        token = match.kwargs.get("token") if match else None
        return request.path.replace(token, "-") if token else request.path


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
