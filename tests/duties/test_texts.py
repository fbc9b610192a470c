"""Duties are in our own words: no run of 15 characters of the lecture, terms excepted.

The lecture is not in this repository. `lecture_windows.txt` holds the first ten hex
digits of SHA-256 of each of its windows of 15 characters, punctuation left out, sorted.
"""

import hashlib
import re
from pathlib import Path

HERE = Path(__file__).parent
WINDOW = 15
HASHES = frozenset((HERE / "lecture_windows.txt").read_text("utf-8").split())
TERMS = (HERE / "standard_terms.txt").read_text("utf-8").split()
PUNCTUATION = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]")


def runs(text: str) -> list[str]:
    """Windows of `text` that stand in the lecture; terms break the text in two."""
    for term in TERMS:
        text = text.replace(term, "\n")
    return [
        part[start : start + WINDOW]
        for part in (PUNCTUATION.sub("", line) for line in text.splitlines())
        for start in range(len(part) - WINDOW + 1)
        if hashlib.sha256(part[start : start + WINDOW].encode()).hexdigest()[:10] in HASHES
    ]


def strings(entry) -> dict[str, str]:
    """Every text of an entry by its place; the anchors alone are the source's own words."""
    found = {}
    for name, value in vars(entry).items():
        texts = value if isinstance(value, list) else [value]
        found |= {f"{name} {place}": text for place, text in enumerate(texts)
                  if isinstance(text, str) and name != "anchor"}
    return found


def everything(catalogue) -> list:
    """All entries of the catalogue whose words people read."""
    found = [*catalogue.clauses, *catalogue.campaigns, *catalogue.mechanisms,
             *catalogue.parameters]
    for version in catalogue.versions:
        found += [*version.duties, *version.self_check, *version.chapters,
                  *version.activity_kinds]
    return found


def test_no_text_of_the_catalogue_repeats_the_lecture(shipped):
    copied = [f"{getattr(entry, 'code', '')} {place}: {run}" for entry in everything(shipped)
              for place, text in strings(entry).items() for run in runs(text)[:1]]
    assert copied == []


def test_every_kind_of_text_is_read(shipped):
    kinds = {type(entry).__name__ for entry in everything(shipped)}
    assert kinds == {"ClauseEntry", "CampaignEntry", "MechanismEntry", "ParameterEntry",
                     "DutyEntry", "QuestionEntry", "ChapterEntry", "KindEntry"}
    duty = shipped.versions[0].duties[0]
    assert {"text 0", "standard 0", "risks 0", "expected_effect 0", "example 0", "why 0",
            "evidence_why 0"} <= set(strings(duty))


def test_a_copied_run_would_be_found(shipped):
    anchors = [clause.anchor for clause in shipped.clauses]
    long_ones = [each for each in anchors if len(PUNCTUATION.sub("", each)) >= WINDOW]
    assert len(long_ones) > 50
    assert all(runs(f"我们要求：{anchor}，马上办。") for anchor in long_ones)
