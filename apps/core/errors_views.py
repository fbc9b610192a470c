"""Pages of errors that no view of ours answers."""

import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render

RETRY_AFTER_SECONDS = 30


def not_found(request, exception=None):
    """An address that leads nowhere."""
    return render(request, "404.html", {"message": "没有这个页面。"}, status=404)


def forbidden(request, exception=None):
    """A refusal of a library's own view."""
    return render(request, "403.html", {"message": "这个页面不在您的职权里。"}, status=403)


def csrf_failure(request, reason=""):
    """The form's token does not fit: an old page, or another site."""
    return render(request, "403_csrf.html", {}, status=403)


def server_error(request):
    """500; a lost database is 503 with Retry-After, because it comes back by itself."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = render(None, "503.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return render(None, "500.html", {"request_id": getattr(request, "id", "")}, status=500)
