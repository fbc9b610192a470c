"""The catalogue as files: parsed, checked as a whole, nothing loaded.

Pure (no Django), so that a wrong file is found fast and says where: each problem is a
Chinese sentence that names file, code and field. In the folder lie `clauses.yaml` (the
clauses of the source), `campaigns.yaml`, `mechanisms.yaml` and `parameters.yaml`, and the
versions. A version is one file `2026.1.yaml`, or a folder `2026.2/` of `version.yaml`, one
file a subject and `self_check.yaml`.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from apps.duties import catalogue_rules, duty_rules
from apps.duties.catalogue_entries import (
    CampaignEntry,
    ChapterEntry,
    ClauseEntry,
    DutyEntry,
    KindEntry,
    MechanismEntry,
    ParameterEntry,
    QuestionEntry,
    SourceEntry,
    entries,
)

HEAD = "version.yaml"
TITLE_LENGTH = 60
# Of a version: part -> what its entries are. The first three every version has.
PARTS = {
    "sources": SourceEntry, "chapters": ChapterEntry, "duties": DutyEntry,
    "activity_kinds": KindEntry, "self_check": QuestionEntry,
}
NEEDED = ("sources", "chapters", "duties")
LABELS = ("version", "year", "title", "complete")
# Beside the versions, each in a file of that name; the first must be there.
BESIDE = {
    "clauses": ClauseEntry, "campaigns": CampaignEntry, "mechanisms": MechanismEntry,
    "parameters": ParameterEntry,
}


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
    openers: tuple[str, ...]


@dataclass(frozen=True)
class VersionFile:
    """One version; `digest` is over its content, so that a comment changes nothing.

    A version that calls itself `complete` promises every field of the lecture's five
    questions and a place for every clause.
    """

    name: str
    code: str
    year: int
    title: str
    digest: str
    sources: list[SourceEntry]
    chapters: list[ChapterEntry]
    duties: list[DutyEntry]
    activity_kinds: list[KindEntry] = field(default_factory=list)
    self_check: list[QuestionEntry] = field(default_factory=list)
    complete: bool = False

    def place(self, file: str) -> str:
        """The file a sentence is about: this one, or `file` (a subject, a part) in the folder."""
        return self.name if self.name.endswith(".yaml") else f"{self.name}/{file}.yaml"


@dataclass(frozen=True)
class Catalogue:
    """All files of one folder; versions from the oldest to the newest."""

    clauses: list[ClauseEntry]
    versions: list[VersionFile]
    campaigns: list[CampaignEntry] = field(default_factory=list)
    mechanisms: list[MechanismEntry] = field(default_factory=list)
    parameters: list[ParameterEntry] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    """What one file says about one part of a version."""

    name: str
    part: str
    rows: Any

    @property
    def kind(self) -> type:
        return PARTS[self.part]


def read_folder(folder: Path, words: Words) -> Catalogue:
    """Parse and check every file of `folder`. Raises CatalogueError with all problems."""
    problems: list[str] = []
    beside = {
        part: _read_beside(folder / f"{part}.yaml", kind, problems)
        for part, kind in BESIDE.items()
    }
    read = [
        _read_version(path, words, problems)
        for path in sorted(folder.iterdir()) if _is_version(_code_of(path))
    ]
    versions = sorted(filter(None, read), key=lambda v: version_key(v.code))
    catalogue = Catalogue(versions=versions, **beside)
    problems += catalogue_rules.problems(catalogue, words)
    for version in versions:
        problems += duty_rules.problems(version, catalogue, words)
    if problems:
        raise CatalogueError(problems)
    if not versions:
        raise CatalogueError([f"{folder}里没有版本文件"])
    return catalogue


def version_key(code: str) -> tuple[int, ...]:
    """Order of version codes: 2026.10 comes after 2026.9."""
    return tuple(int(part) for part in code.split("."))


def _read_beside(path: Path, kind: type, problems: list[str]) -> list:
    if kind is not ClauseEntry and not path.exists():
        return []
    content = _load(path, path.name, problems)
    if not content:
        return []
    problems += _unknown(content, {path.stem}, path.name)
    rows = content.get(path.stem)
    return entries(kind, rows, name=path.name, part=path.stem, problems=problems)


def _read_version(path: Path, words: Words, problems: list[str]) -> VersionFile | None:
    before = len(problems)
    head, pieces = (_folder if path.is_dir() else _single)(path, words, problems)
    if not head:
        return None
    problems += _wrong_head(head, _code_of(path), pieces[0].name)
    content = {name: head[name] for name in LABELS if name in head}
    parts: dict[str, list] = {}
    for piece in pieces:
        made = entries(piece.kind, piece.rows, name=piece.name, part=piece.part,
                       problems=problems)
        parts[piece.part] = parts.get(piece.part, []) + made
        if isinstance(piece.rows, list):
            content[piece.part] = content.get(piece.part, []) + piece.rows
    problems += [f"{path.name} {part}：要是不空的列表" for part in NEEDED if part not in parts]
    if len(problems) > before:
        return None
    labels = {name: head[name] for name in ("year", "title")}
    return VersionFile(path.name, head["version"], digest=_digest(content), **labels, **parts,
                       complete=head.get("complete", False))


def _single(path: Path, words: Words, problems: list[str]) -> tuple[dict, list[_Piece]]:
    """A version in one file: its head and its parts."""
    content = _load(path, path.name, problems)
    problems += _unknown(content, {*LABELS, *PARTS}, path.name)
    return content, [_Piece(path.name, part, content.get(part))
                     for part in PARTS if part in NEEDED or part in content]


def _folder(folder: Path, words: Words, problems: list[str]) -> tuple[dict, list[_Piece]]:
    """A version in a folder: its head, and its parts from file to file."""
    files = {f"{subject}.yaml": "duties" for subject in words.subjects}
    files["self_check.yaml"] = "self_check"
    problems += [
        f"{folder.name}/{path.name}：不认识这个文件" for path in sorted(folder.iterdir())
        if path.name not in (HEAD, *files)
    ]
    name = f"{folder.name}/{HEAD}"
    head = _load(folder / HEAD, name, problems)
    problems += _unknown(head, {*LABELS, *PARTS} - {*files.values()}, name)
    pieces = [_Piece(name, part, head.get(part)) for part in PARTS
              if part in ("sources", "chapters") or part in head]
    for file, part in files.items():
        if (folder / file).exists():
            name = f"{folder.name}/{file}"
            content = _load(folder / file, name, problems)
            problems += _unknown(content, {part}, name)
            pieces.append(_Piece(name, part, content.get(part)))
            if part == "duties":
                problems += _strangers(pieces[-1], file.removesuffix(".yaml"))
    return head, pieces


def _strangers(piece: _Piece, subject: str) -> list[str]:
    """Duties in the file of one subject that are another's."""
    rows = piece.rows if isinstance(piece.rows, list) else []
    return [
        f"{piece.name} {row.get('code')} subject：这个文件只放{subject}的职责"
        for row in rows if isinstance(row, dict) and row.get("subject") != subject
    ]


def _wrong_head(content: dict, code: str, name: str) -> list[str]:
    found, year, title = content.get("version"), content.get("year"), content.get("title")
    wrong = []
    if found != code:
        wrong.append(f"{name} version：要与文件名相同，形如2026.1，现为“{found}”")
    if type(year) is not int or not str(found).startswith(f"{year}."):
        wrong.append(f"{name} year：要与版本号开头的年份相同，现为“{year}”")
    if not isinstance(title, str) or not title.strip():
        wrong.append(f"{name} title：没有填")
    elif len(title) > TITLE_LENGTH:
        wrong.append(f"{name} title：最多{TITLE_LENGTH}个字")
    if type(content.get("complete", False)) is not bool:
        wrong.append(f"{name} complete：要写true或false")
    return wrong


def _unknown(content: dict, known: set[str], name: str) -> list[str]:
    return [f"{name}：不认识“{each}”" for each in sorted(set(content) - known, key=str)]


def _load(path: Path, name: str, problems: list[str]) -> dict:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"没有{name}")
        return {}
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第{mark.line + 1}行" if mark else ""
        problems.append(f"{name}{place}：不是合格的YAML")
        return {}
    if not isinstance(content, dict):
        problems.append(f"{name}：最外层要是“名称: 内容”")
        return {}
    return content


def _code_of(path: Path) -> str:
    """The version code that a file or folder of the catalogue is named after."""
    return path.name if path.is_dir() else path.name.removesuffix(".yaml")


def _is_version(code) -> bool:
    parts = code.split(".")
    return len(parts) == 2 and all(part.isdecimal() for part in parts)


def _digest(content: dict) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
