"""The audit: sentences of all codes, the keyed hash chain, and its check.

Events have no foreign keys, so that they never interfere with live data. Each is
chained to the one before by HMAC-SHA256 under AUDIT_KEY: whoever changes the table
past the triggers still cannot make the chain fit.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import module_has_submodule

from apps.core.calendar import now
from apps.core.errors import Refused
from apps.core.models import AuditEvent

GENESIS = "0" * 64
LOCK = 0x46414E47  # one number for the whole installation: the chain has one end
REFUSED = "core.refused"
# How many events are read at once.
PIECE = 2000


@dataclass(frozen=True)
class Origin:
    """Where a request came from; empty for commands and tasks."""

    ip: str = ""
    request_id: str = ""


NOWHERE = Origin()
origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


@dataclass
class _Registry:
    sentences: dict[str, str] = field(default_factory=dict)

    def load(self) -> dict[str, str]:
        """Gather SENTENCES of every app's `audit_codes`, once, on first use."""
        if not self.sentences:
            for config in apps.get_app_configs():
                if module_has_submodule(config.module, "audit_codes"):
                    self.sentences.update(import_module(f"{config.name}.audit_codes").SENTENCES)
        return self.sentences


_registry = _Registry()


def sentence(event: AuditEvent) -> str:
    """The event as a plain Chinese sentence."""
    details = {"by": event.actor_name, "target": event.target_label, **event.details}
    return _registry.load()[event.code].format_map(details)


def codes() -> list[str]:
    """Every code that has a sentence."""
    return sorted(_registry.load())


def event(code: str, obj, *, by, details: dict, outcome=AuditEvent.Outcome.DONE) -> AuditEvent:
    """An unsaved event. Raises LookupError for an unknown code or a missing detail."""
    parent = getattr(obj, "audit_parent", None)
    made = AuditEvent(
        at=now(),
        actor_id="" if by.pk is None else str(by.pk),
        actor_name=by.name,
        code=code,
        target_type=obj._meta.label_lower if obj is not None else "",
        target_id=str(obj.pk) if obj is not None else "",
        target_label=str(obj)[:200] if obj is not None else "",
        parent_type=parent._meta.label_lower if parent is not None else "",
        parent_id=str(parent.pk) if parent is not None else "",
        path=getattr(obj, "audit_path", "") or "",
        details=details,
        outcome=outcome,
        ip=origin.get().ip,
        request_id=origin.get().request_id,
    )
    sentence(made)
    return made


def write(events: list[AuditEvent]) -> None:
    """Chain and insert the events; the caller's transaction ends right after."""
    if not events:
        return
    _lock()
    last = AuditEvent.objects.order_by("-number").first()
    number, previous = (last.number, last.hash) if last else (0, GENESIS)
    for each in events:
        number += 1
        each.number, each.previous_hash = number, previous
        each.hash = previous = digest(each)
    AuditEvent.objects.bulk_create(events)


def write_refusal(refusal: Refused, *, by, view: str = "") -> None:
    """Record once that an act was refused; called after the rollback."""
    if refusal.is_recorded:
        return
    refusal.is_recorded = True
    details = {"message": refusal.message, "view": view}
    with transaction.atomic():
        write([event(REFUSED, refusal.target, by=by, details=details,
                     outcome=AuditEvent.Outcome.REFUSED)])


def digest(each: AuditEvent) -> str:
    """Keyed hash over every field and the hash before; hex, 64 characters."""
    body = {
        name: getattr(each, name)
        for name in ("number", "actor_id", "actor_name", "code", "target_type", "target_id",
                     "target_label", "parent_type", "parent_id", "path", "details", "outcome",
                     "ip", "request_id", "previous_hash")
    }
    body["at"] = int(each.at.timestamp() * 1_000_000)
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def in_order() -> Iterator[AuditEvent]:
    """All events, read in pieces, so that other statements may run in between."""
    last = -1
    while piece := list(AuditEvent.objects.filter(number__gt=last).order_by("number")[:PIECE]):
        yield from piece
        last = piece[-1].number


def broken_at(progress: Callable[[int], None] = lambda number: None) -> tuple[int, str] | None:
    """The first place where the chain does not hold and why; None when it holds."""
    expected, previous = 1, GENESIS
    for each in in_order():
        if expected % PIECE == 0:
            progress(expected)
        if each.number != expected:
            return expected, f"缺第{expected}条"
        if each.previous_hash != previous:
            return each.number, "与前一条接不上"
        if each.hash != digest(each):
            return each.number, "内容与校验值不符"
        expected, previous = expected + 1, each.hash
    return None


def last_event(obj) -> AuditEvent | None:
    """The latest thing done to `obj`: who was first, for a page that says so."""
    return (
        AuditEvent.objects.about(obj)
        .filter(outcome=AuditEvent.Outcome.DONE)
        .order_by("-number")
        .first()
    )


def _lock() -> None:
    """One writer at the end of the chain; SQLite's IMMEDIATE transaction is that already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
