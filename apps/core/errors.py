"""What the domain says when it refuses: one family, each with one HTTP answer."""

from django.core.exceptions import PermissionDenied
from django.http import Http404


class Refused(Exception):
    """A rule said no. `message` is a Chinese sentence for the person who acted.

    `is_recorded` turns true once the refusal stands in the audit, so that the
    service and the middleware never write it twice.
    """

    is_recorded = False

    def __init__(self, message: str = "", *, target=None):
        super().__init__(message)
        self.message = message
        self.target = target


class NotAllowed(Refused, PermissionDenied):
    """The person sees the object but does not hold the right: 403."""


class Conflict(Refused):
    """Somebody else was first, or the state has moved on: 409.

    `who` and `when` name the act that came first, where it is known.
    """

    def __init__(self, message: str, *, target=None, who: str = "", when=None):
        super().__init__(message, target=target)
        self.who = who
        self.when = when


class Invalid(Refused):
    """What was typed cannot be taken. `fields` maps form fields to sentences."""

    def __init__(self, message: str = "", *, fields: dict[str, str] | None = None, target=None):
        self.fields = fields or {}
        super().__init__(message or "；".join(self.fields.values()), target=target)


class NotVisible(Refused, Http404):
    """Outside the person's scope, or not there at all: 404 in both cases."""
