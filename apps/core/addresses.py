"""From which address a request comes."""

from django.conf import settings


def client_address(request) -> str:
    """The address of the visitor's machine.

    `X-Forwarded-For` is anybody's word, except for the entries that our own proxies have
    written at its end: as many as TRUSTED_PROXIES.
    """
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    count = settings.TRUSTED_PROXIES
    if count and len(passed) >= count and passed[-count].strip():
        return passed[-count].strip()[:45]
    return request.META.get("REMOTE_ADDR", "")
