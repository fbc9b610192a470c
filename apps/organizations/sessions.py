"""Where a person is logged in: the rows beside Django's sessions, and their ends."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from apps.core.act import act, record
from apps.core.addresses import client_address
from apps.core.calendar import now
from apps.organizations.models import LoginSession, User

# Keys in the session itself, so that a page asks the table nothing.
ROW, STARTED, SEEN, FACTOR = "row", "started_at", "seen_at", "second_factor"
BROWSERS = (("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"),
            ("360", "360浏览器"), ("QQBrowser", "QQ浏览器"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))
MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "鸿蒙手机"),
            ("Android", "安卓手机"), ("Windows", "Windows电脑"), ("Macintosh", "苹果电脑"),
            ("Linux", "Linux电脑"))


def idle_limit(user) -> timedelta:
    """How long this person's session may be silent: shorter for who administers."""
    minutes = settings.IDLE_MINUTES
    if user.is_staff:
        minutes = min(minutes, settings.IDLE_MINUTES_STAFF)
    return timedelta(minutes=minutes)


def overdue(request) -> str:
    """The sentence of the audit under which a session must end now; empty while it may go on."""
    age = _since(request, STARTED)
    if age >= timedelta(hours=settings.SESSION_HOURS):
        return "organizations.user.session_expire"
    silence = _since(request, SEEN)
    shortest = min(settings.IDLE_MINUTES, settings.IDLE_MINUTES_STAFF)
    # Asking for the posts costs a query, so only when their answer can matter.
    if silence > timedelta(minutes=shortest) and silence > idle_limit(request.user):
        return "organizations.user.session_idle"
    return ""


def _since(request, key: str) -> timedelta:
    noted = request.session.get(key)
    return now() - datetime.fromisoformat(noted) if noted else timedelta(0)


def moment() -> str:
    """Now, as it is kept in a session."""
    return now().isoformat()


def silence(request) -> timedelta:
    """Time since the last sign of life; none before the first."""
    return _since(request, SEEN)


def begin(request) -> None:
    """Note a session that has just become this person's."""
    session, started = request.session, now()
    if session.session_key is None:
        session.save()
    row, _is_new = LoginSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user": request.user, "ip": client_address(request), "last_seen_at": started,
                  "started_at": started, "agent": request.headers.get("User-Agent", "")[:300]})
    session[ROW] = row.pk
    session[STARTED] = started.isoformat()
    session.setdefault(SEEN, started.isoformat())


def follow(*, row: int | None, request, is_seen: bool) -> None:
    """After a request: keep the row in step with a session that was renewed, changed its key
    (as it does with a new password), or is over."""
    stays = request.user.is_authenticated and request.session.get(ROW) == row
    if row and not stays:
        LoginSession.objects.filter(pk=row).delete()
    if not request.user.is_authenticated:
        return
    if ROW not in request.session:
        begin(request)
    elif is_seen:
        LoginSession.objects.filter(pk=row).update(
            last_seen_at=now(), session_key=request.session.session_key)


def alive():
    """Sessions that nobody has ended and that have not run out; those of staff end earlier."""
    longest = timedelta(minutes=max(settings.IDLE_MINUTES, settings.IDLE_MINUTES_STAFF))
    return LoginSession.objects.filter(
        last_seen_at__gte=now() - longest,
        started_at__gt=now() - timedelta(hours=settings.SESSION_HOURS))


def of(user):
    """The sessions of a person that are alive, the latest first."""
    found = alive().filter(user=user, last_seen_at__gte=now() - idle_limit(user))
    return found.order_by("-last_seen_at", "-pk")


def end(*, user: User, by, keep: int | None = None, only: int | None = None) -> int:
    """End the sessions of `user`: all, all but `keep`, or `only` one. Returns how many."""
    with act(by=by):
        rows = LoginSession.objects.filter(user=user).exclude(pk=keep)
        if only is not None:
            rows = rows.filter(pk=only)
        keys = list(rows.values_list("session_key", flat=True))
        for key in keys:
            SessionStore().delete(key)
        rows.delete()
        if keys:
            record("organizations.user.sessions_end", user, count=len(keys))
        return len(keys)


def forget() -> int:
    """Rows of sessions that nobody ended and that are over; returns how many."""
    old = now() - timedelta(hours=settings.SESSION_HOURS)
    return LoginSession.objects.filter(started_at__lt=old).delete()[0]


def device(agent: str) -> str:
    """A browser's own name for itself in words."""
    machine = next((word for sign, word in MACHINES if sign in agent), "")
    browser = next((word for sign, word in BROWSERS if sign in agent), "")
    return "，".join(filter(None, (machine, browser))) or "别的程序"
