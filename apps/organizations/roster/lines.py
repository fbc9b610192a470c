"""What a roster would do: one line a row, and the acts behind the lines."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db import models

from apps.organizations.models import Appointment, Organization, User
from apps.organizations.roles import RoleCode
from apps.organizations.roster.columns import BY_KEY


class Outcome(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    SAME = "same", "不变"
    REFUSED = "refused", "拒绝"


# Whoever checks a roster reads the refusals first, then what changes.
ORDER = (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW, Outcome.SAME)


@dataclass(frozen=True)
class Line:
    """One row of the file: what it is about, what becomes of it, and why or how."""

    sheet: str
    row: int
    label: str
    outcome: str
    words: str = ""

    def cells(self) -> list:
        """As it is kept and shown."""
        return [self.sheet, self.row, self.label, self.outcome, self.words]


@dataclass
class PostAct:
    """A post to be given, changed (`present`) or proposed."""

    user: User
    role: str
    place: Organization
    starts_on: date
    ends_on: date | None
    drafter: User | None
    present: Appointment | None = None
    is_proposed: bool = False
    words: str = ""

    @property
    def role_label(self) -> str:
        """The post in words."""
        return RoleCode(self.role).label


@dataclass
class Plan:
    """All lines, and what is to be written in the order of writing."""

    lines: list[Line] = field(default_factory=list)
    # New organisations, superiors first, with their superior.
    places: list[tuple[Organization, Organization | None]] = field(default_factory=list)
    place_changes: list[tuple[Organization, dict, str]] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    name_changes: list[tuple[User, str, str]] = field(default_factory=list)
    posts: list[PostAct] = field(default_factory=list)

    def note(self, sheet: str, row: int, label: str, outcome: str, words: str = "") -> None:
        """One more line."""
        self.lines.append(Line(BY_KEY[sheet].title, row, label, outcome, words))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each outcome."""
        found = Counter(line.outcome for line in self.lines)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    @property
    def digest(self) -> str:
        """What was shown, as a fingerprint: only that is applied."""
        text = json.dumps([line.cells() for line in self.lines], ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
