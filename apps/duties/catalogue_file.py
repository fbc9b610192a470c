"""The catalogue as files: parsed, checked as a whole, nothing loaded.

Pure (no Django), so that a wrong file is found fast and says where: each problem is a
Chinese sentence that names file, code and field. `clauses.yaml` holds the clauses of the
source; every other file is one catalogue version.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from apps.duties import duty_rules

CLAUSES = "clauses.yaml"
ANCHOR_LENGTH = 16


class CatalogueError(ValueError):
    """The files cannot be loaded; `problems` are Chinese sentences, one a mistake."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Words:
    """The values that the models allow; passed in, because they are declared there."""

    subjects: tuple[str, ...]
    cadences: tuple[str, ...]
    evidence: tuple[str, ...]
    review_modes: tuple[str, ...]
    clause_kinds: tuple[str, ...]
    predicates: tuple[str, ...]


@dataclass(frozen=True)
class ClauseEntry:
    code: str
    line: int
    kind: str
    paraphrase: str
    anchor: str
    heading: bool = False
    dated: bool = False


@dataclass(frozen=True)
class SourceEntry:
    code: str
    title: str
    short_title: str
    document: str
    articles: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ChapterEntry:
    number: int
    name: str
    subtitle: str


@dataclass(frozen=True)
class DutyEntry:
    code: str
    title: str
    subject: str
    chapter: int
    text: str
    standard: str
    example: str
    why: str
    sources: list[str]
    clauses: list[str]
    evidence: str
    evidence_why: str
    cadence: str
    review_mode: str
    minutes: int
    due: dict[str, Any] = field(default_factory=dict)
    activity_kinds: list[str] = field(default_factory=list)
    applies_to: list[str] = field(default_factory=list)
    also_fulfils: list[str] = field(default_factory=list)
    event_label: str = ""
    days_after_event: int | None = None
    runs_from: date | None = None
    runs_to: date | None = None


@dataclass(frozen=True)
class VersionFile:
    """One version; `digest` is over its content, so that a comment changes nothing."""

    name: str
    code: str
    year: int
    title: str
    digest: str
    sources: list[SourceEntry]
    chapters: list[ChapterEntry]
    duties: list[DutyEntry]


@dataclass(frozen=True)
class Catalogue:
    """All files of one folder; versions from the oldest to the newest."""

    clauses: list[ClauseEntry]
    versions: list[VersionFile]


def read_folder(folder: Path, words: Words) -> Catalogue:
    """Parse and check every file of `folder`. Raises CatalogueError with all problems."""
    problems: list[str] = []
    clauses = _read_clauses(folder / CLAUSES, words, problems)
    versions = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name != CLAUSES:
            version = _read_version(path, problems)
            if version:
                versions.append(version)
                problems += duty_rules.problems(version, {c.code for c in clauses}, words)
    if problems:
        raise CatalogueError(problems)
    if not versions:
        raise CatalogueError([f"{folder}里没有版本文件"])
    return Catalogue(clauses, sorted(versions, key=lambda v: version_key(v.code)))


def version_key(code: str) -> tuple[int, ...]:
    """Order of version codes: 2026.10 comes after 2026.9."""
    return tuple(int(part) for part in code.split("."))


def _read_clauses(path: Path, words: Words, problems: list[str]) -> list[ClauseEntry]:
    content = _load(path, problems)
    clauses = list(_entries(ClauseEntry, content, "clauses", path.name, problems))
    problems += _twice([c.code for c in clauses], f"{path.name}：条文代码")
    problems += _twice([c.anchor for c in clauses], f"{path.name}：定位文字（anchor）")
    for each in clauses:
        where = f"{path.name} {each.code}"
        if each.kind not in words.clause_kinds:
            problems.append(f"{where} kind：没有“{each.kind}”这一类")
        if not 0 < len(each.anchor) <= ANCHOR_LENGTH:
            problems.append(f"{where} anchor：要1至{ANCHOR_LENGTH}个字，现有{len(each.anchor)}个")
    return clauses


def _read_version(path: Path, problems: list[str]) -> VersionFile | None:
    content = _load(path, problems)
    if not content:
        return None
    before = len(problems)
    code, year, title = content.get("version"), content.get("year"), content.get("title")
    if code != path.stem or not _is_version(code):
        problems.append(f"{path.name} version：要与文件名相同，形如2026.1，现为“{code}”")
    if type(year) is not int or not str(code).startswith(f"{year}."):
        problems.append(f"{path.name} year：要与版本号开头的年份相同，现为“{year}”")
    if not isinstance(title, str) or not title.strip():
        problems.append(f"{path.name} title：没有填")
    unknown = set(content) - {"version", "year", "title", "sources", "chapters", "duties"}
    problems += [f"{path.name}：不认识“{name}”" for name in sorted(unknown, key=str)]
    parts = [
        list(_entries(kind, content, part, path.name, problems))
        for kind, part in (
            (SourceEntry, "sources"), (ChapterEntry, "chapters"), (DutyEntry, "duties"),
        )
    ]
    if len(problems) > before:
        return None
    return VersionFile(path.name, code, year, title, _digest(content), *parts)


def _load(path: Path, problems: list[str]) -> dict:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"没有{path.name}")
        return {}
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第{mark.line + 1}行" if mark else ""
        problems.append(f"{path.name}{place}：不是合格的YAML")
        return {}
    if not isinstance(content, dict):
        problems.append(f"{path.name}：最外层要是“名称: 内容”")
        return {}
    return content


def _entries(kind: type, content: dict, part: str, name: str, problems: list[str]) -> Iterator:
    """The well-formed entries of one list; each other one leaves its problems."""
    rows = content.get(part)
    if not isinstance(rows, list) or not rows:
        problems.append(f"{name} {part}：要是不空的列表")
        return
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            problems.append(f"{name} {part}第{place}项：要是“名称: 内容”")
            continue
        where = f"{name} {row.get('code', row.get('number', f'{part}第{place}项'))}"
        wrong = [f"{where} {sentence}" for sentence in _misfits(kind, row)]
        problems += wrong
        if not wrong:
            yield kind(**row)


def _misfits(kind: type, row: dict) -> Iterator[str]:
    """What keeps `row` from being a `kind`: unknown, missing, empty or mistyped fields."""
    known = {each.name: each for each in fields(kind)}
    for name in row:
        if name not in known:
            yield f"{name}：不认识这个字段"
    for name, each in known.items():
        if name not in row:
            if each.default is MISSING and each.default_factory is MISSING:
                yield f"{name}：没有填"
            continue
        value = row[name]
        if not _fits(value, each.type):
            yield f"{name}：“{value}”的写法不对"
        elif isinstance(value, str) and not value.strip():
            yield f"{name}：没有填"


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


def _is_version(code) -> bool:
    parts = code.split(".") if isinstance(code, str) else []
    return len(parts) == 2 and all(part.isdecimal() for part in parts)


def _twice(values: list, what: str) -> list[str]:
    return [f"{what}“{value}”重复" for value in sorted({v for v in values if values.count(v) > 1})]


def _digest(content: dict) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
