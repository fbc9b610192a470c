"""`act()`: the only way to write. One transaction, its audit events last.

The outermost `act` opens the transaction, collects the events of everything inside,
and writes and chains them as its last statements, so that the one lock of the chain
is always taken last and held shortest. A refusal is recorded after the rollback.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import transaction

from apps.core import audit
from apps.core.errors import NotAllowed, Refused


class SystemActor:
    """The app itself, for acts that a rule and not a person performs."""

    pk = None
    name = "系统"

    def may(self, permission: str, *, at: str) -> bool:
        """Rules run with every right; which rule ran is named in the event."""
        return True

    def __str__(self) -> str:
        return self.name


SYSTEM = SystemActor()


def only_the_system(by) -> None:
    """Raise NotAllowed for a person: the act belongs to a rule or to a command."""
    if by is not SYSTEM:
        raise NotAllowed("这件事由系统办理，不由个人办理。")


@dataclass
class Frame:
    """What one outermost act has gathered so far."""

    actors: list
    events: list = field(default_factory=list)


_frame: ContextVar[Frame | None] = ContextVar("act", default=None)


@contextmanager
def act(*, by):
    """Open an act of `by`; nested acts join the outermost transaction.

    Raises whatever the body raises; a `Refused` is written to the audit first.
    """
    outer = _frame.get()
    if outer is not None:
        with _nested(outer, by):
            yield outer
        return
    frame = Frame(actors=[by])
    token = _frame.set(frame)
    try:
        with transaction.atomic():
            yield frame
            audit.write(frame.events)
    except Refused as refusal:
        audit.write_refusal(refusal, by=by)
        raise
    finally:
        _frame.reset(token)


@contextmanager
def _nested(outer: Frame, by):
    """Inside another act: all or nothing of its own, should the outer one go on without it."""
    before = len(outer.events)
    outer.actors.append(by)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del outer.events[before:]
        raise
    finally:
        outer.actors.pop()


def record(code: str, obj, **details) -> None:
    """Note that `code` happened to `obj` in the running act, by its innermost actor.

    Raises LookupError for an unknown code or a detail that its sentence lacks,
    RuntimeError outside `act()`.
    """
    frame = _frame.get()
    if frame is None:
        raise RuntimeError(f"{code} was recorded outside act()")
    frame.events.append(audit.event(code, obj, by=frame.actors[-1], details=details))
