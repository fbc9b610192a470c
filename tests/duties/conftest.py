"""A small catalogue on disk that a test can bend before it is read."""

import copy
from pathlib import Path

import pytest
import yaml

from apps.duties.catalogue_file import read_folder
from apps.duties.services.loading import FOLDER, WORDS

DUTY = {
    "code": "DZ-01",
    "title": "每季度一会",
    "subject": "party_group",
    "chapter": 1,
    "text": "每季度开一次会。",
    "standard": "写清哪天开的。",
    "example": "6月16日开会，应到7人实到7人，定了三件事："
    "补齐委员、清理公房、窗口由处长每周带班，9月底前办完。",
    "why": "《支部规程》第3条要求每季度开会。",
    "sources": ["rules"],
    "clauses": ["1.0.1"],
    "evidence": "number",
    "evidence_why": "有编号就查得到。",
    "cadence": "quarterly",
    "due": {"anchor": "period_end", "days": 0, "shift": "earlier"},
    "review_mode": "each",
    "minutes": 10,
}
CLAUSES = [
    {"code": "1.0.1", "line": 1, "kind": "duty", "paraphrase": "按季开会", "anchor": "要按季开会"},
    {"code": "1.0.2", "line": 2, "kind": "principle", "paraphrase": "开短会", "anchor": "会要短"},
]


HEAD = {
    "version": "2026.1",
    "year": 2026,
    "title": "试用目录",
    "sources": [{"code": "rules", "title": "支部规程", "short_title": "规程",
                 "document": "2026年印发", "articles": [3]}],
    "chapters": [
        {"number": number, "name": f"第{number}人", "subtitle": "内容"} for number in range(1, 7)
    ],
}
KINDS = [{"code": "branch_meeting", "name": "支部的会"}]
QUESTION = {"number": 1, "title": "会短不短", "text": "今年的会短了没有？", "chapter": 1,
            "clauses": ["1.0.2"]}


class Folder:
    """Files of a catalogue: `duty(…)` makes one, `version(…)` writes a version in one file,
    `edition(…)` a complete one in a folder, `clauses(…)` and `beside(…)` what lies beside."""

    def __init__(self, path: Path):
        self.path = path
        self.clauses(*CLAUSES)

    def duty(self, **changes) -> dict:
        return {**copy.deepcopy(DUTY), **changes}

    def clauses(self, *rows) -> None:
        self._write("clauses.yaml", {"clauses": list(rows)})

    def beside(self, name: str, *rows) -> None:
        self._write(f"{name}.yaml", {name: list(rows)})

    def version(self, *duties, name: str = "2026.1", **changes) -> None:
        content = HEAD | {"version": name, "duties": list(duties) or [self.duty()]}
        self._write(f"{name}.yaml", content | changes)

    def full_duty(self, **changes) -> dict:
        return self.duty(**{"risks": "没人管。", "expected_effect": "有人管。"} | changes)

    def edition(self, name: str = "2026.2", *, questions=(QUESTION,), head=None, **lists) -> None:
        """`lists`: subject -> its duties; a party group's one without any."""
        (self.path / name).mkdir(exist_ok=True)
        content = HEAD | {"version": name, "complete": True, "activity_kinds": KINDS}
        self._write(f"{name}/version.yaml", content | (head or {}))
        for subject, duties in (lists or {"party_group": [self.full_duty()]}).items():
            self._write(f"{name}/{subject}.yaml", {"duties": duties})
        if questions:
            self._write(f"{name}/self_check.yaml", {"self_check": list(questions)})

    def _write(self, name: str, content) -> None:
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (self.path / name).write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    made.version()
    return made


@pytest.fixture(scope="session")
def shipped():
    """The catalogue of this repository, read once."""
    return read_folder(FOLDER, WORDS)
