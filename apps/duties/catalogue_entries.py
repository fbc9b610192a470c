"""What one entry of a catalogue file looks like, and whether a row of YAML has that shape.

Pure. A misshapen row leaves Chinese sentences that name file, code and field.
"""

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any


def _text(longest: int, **options):
    """A text that fits its column of the database."""
    return field(metadata={"longest": longest}, **options)


@dataclass(frozen=True)
class ClauseEntry:
    code: str = _text(10)
    line: int
    kind: str
    paraphrase: str = _text(60)
    anchor: str
    heading: bool = False
    dated: bool = False


@dataclass(frozen=True)
class SourceEntry:
    code: str = _text(40)
    title: str = _text(120)
    short_title: str = _text(40)
    document: str = _text(120)
    articles: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ChapterEntry:
    number: int
    name: str = _text(10)
    subtitle: str = _text(40)


@dataclass(frozen=True)
class KindEntry:
    """A kind of activity that can answer duties."""

    code: str = _text(40)
    name: str = _text(20)


@dataclass(frozen=True)
class DutyEntry:
    code: str
    title: str = _text(14)
    subject: str
    chapter: int
    text: str
    standard: str
    example: str
    why: str
    sources: list[str]
    clauses: list[str]
    evidence: str
    evidence_why: str = _text(120)
    cadence: str
    review_mode: str
    minutes: int
    # Asked of a complete version; see `duty_rules`.
    risks: str = ""
    expected_effect: str = ""
    due: dict[str, Any] = field(default_factory=dict)
    activity_kinds: list[str] = field(default_factory=list)
    theme: str = _text(40, default="")
    applies_to: list[str] = field(default_factory=list)
    also_fulfils: list[str] = field(default_factory=list)
    event_label: str = ""
    days_after_event: int | None = None
    opened_by: str = ""
    events_a_year: int | None = None
    parameters: list[str] = field(default_factory=list)
    runs_from: date | None = None
    runs_to: date | None = None


@dataclass(frozen=True)
class QuestionEntry:
    """One question of the yearly self-check."""

    number: int
    title: str = _text(14)
    text: str
    chapter: int
    clauses: list[str]


@dataclass(frozen=True)
class CampaignEntry:
    """Work of a past campaign, given to nobody by default."""

    code: str = _text(10)
    title: str = _text(14)
    text: str
    note: str
    clauses: list[str]


@dataclass(frozen=True)
class MechanismEntry:
    """What the app itself does for clauses that ask for a mechanism."""

    code: str = _text(10)
    name: str = _text(40)
    text: str
    clauses: list[str]


@dataclass(frozen=True)
class ParameterEntry:
    """A value that the sources leave open, with the value to start from. One that
    `lives_in` a field of a duty ("DZ-02.cadence") has none of its own."""

    code: str = _text(40)
    name: str = _text(20)
    left_open: str = _text(200)
    basis: str = _text(200)
    value: str = _text(200, default="")
    unit: str = _text(10, default="")
    lives_in: str = _text(40, default="")


def entries(kind: type, rows, *, name: str, part: str, problems: list[str]) -> list:
    """The rows that have the shape of `kind`; each other one leaves its problems.

    `rows` is what stands in the file `name` under `part`.
    """
    if not isinstance(rows, list) or not rows:
        problems.append(f"{name} {part}：要是不空的列表")
        return []
    made = []
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            problems.append(f"{name} {part}第{place}项：要是“名称: 内容”")
            continue
        label = row.get("code", row.get("number", f"{part}第{place}项"))
        wrong = [f"{name} {label} {sentence}" for sentence in _misfits(kind, row)]
        problems += wrong
        if not wrong:
            made.append(kind(**row))
    return made


def _misfits(kind: type, row: dict) -> Iterator[str]:
    """What keeps `row` from being a `kind`: unknown, missing, empty, mistyped or too long."""
    known = {each.name: each for each in fields(kind)}
    for name in row:
        if name not in known:
            yield f"{name}：不认识这个字段"
    for name, each in known.items():
        if name not in row:
            if each.default is MISSING and each.default_factory is MISSING:
                yield f"{name}：没有填"
            continue
        value, longest = row[name], each.metadata.get("longest")
        if not _fits(value, each.type):
            yield f"{name}：“{value}”的写法不对"
        elif isinstance(value, str) and not value.strip() and each.default != "":
            yield f"{name}：没有填"
        elif longest and len(value) > longest:
            yield f"{name}：最多{longest}个字，现有{len(value)}个"


def _fits(value, wanted) -> bool:
    """Exact types, so that a code like 2.10 without quotes is not taken for a number."""
    shapes = {
        list[str]: (list, str),
        list[int]: (list, int),
    }
    if wanted in shapes:
        outer, inner = shapes[wanted]
        return type(value) is outer and all(type(each) is inner for each in value)
    plain = {dict[str, Any]: dict, int | None: int, date | None: date}
    return type(value) is plain.get(wanted, wanted)
