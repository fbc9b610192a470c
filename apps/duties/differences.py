"""What one version of the catalogue asks otherwise than another, duty by duty. Pure.

Duties are matched by code; each is a `catalogue_entries.DutyEntry`. After Comp
(/work/shared/domain/peers.md 3.2): added, withdrawn, changed, and what changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from apps.duties.catalogue_entries import DutyEntry

# What decides when a duty is owed; the other fields only say it in other words.
SCHEDULE = ("cadence", "due", "runs_from", "runs_to", "days_after_event")
# What decides on whose list it stands, or along with which other duty it is done.
BEARERS = ("subject", "applies_to", "also_fulfils")


@dataclass(frozen=True)
class FieldChange:
    """One field of a duty, before and after."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class DutyChange:
    """A duty that both versions have, with the fields that differ."""

    old: DutyEntry
    new: DutyEntry
    fields: tuple[FieldChange, ...]

    @property
    def code(self) -> str:
        """The code that both share."""
        return self.new.code

    def touches(self, names: Iterable[str]) -> bool:
        """Whether one of these fields differs."""
        return any(each.name in names for each in self.fields)


@dataclass(frozen=True)
class Difference:
    """From an old version to a new one; duties in the order of their version."""

    added: tuple[DutyEntry, ...] = ()
    withdrawn: tuple[DutyEntry, ...] = ()
    changed: tuple[DutyChange, ...] = field(default_factory=tuple)

    def __bool__(self) -> bool:
        return bool(self.added or self.withdrawn or self.changed)


def between(old: Iterable[DutyEntry], new: Iterable[DutyEntry]) -> Difference:
    """What has to be done to come from `old` to `new`; nothing when they ask the same."""
    before = {duty.code: duty for duty in old}
    after = {duty.code: duty for duty in new}
    pairs = [(before[code], duty) for code, duty in after.items() if code in before]
    changes = [DutyChange(a, b, changed_fields(a, b)) for a, b in pairs]
    return Difference(
        added=tuple(duty for code, duty in after.items() if code not in before),
        withdrawn=tuple(duty for code, duty in before.items() if code not in after),
        changed=tuple(change for change in changes if change.fields),
    )


def changed_fields(old: DutyEntry, new: DutyEntry) -> tuple[FieldChange, ...]:
    """The fields in which two entries differ; the order within a list is no difference."""
    found = []
    for each in fields(DutyEntry):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if _plain(before) != _plain(after):
            found.append(FieldChange(each.name, before, after))
    return tuple(found)


def _plain(value):
    return sorted(value) if isinstance(value, list) else value
