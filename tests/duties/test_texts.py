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


def test_no_text_of_a_duty_repeats_the_lecture(shipped):
    for version in shipped.versions:
        for duty in version.duties:
            for name, value in vars(duty).items():
                if isinstance(value, str):
                    assert not runs(value), f"{version.code} {duty.code} {name}"


def test_no_paraphrase_of_a_clause_repeats_the_lecture(shipped):
    for clause in shipped.clauses:
        assert not runs(clause.paraphrase), clause.code


def test_a_copied_run_would_be_found(shipped):
    anchors = [clause.anchor for clause in shipped.clauses]
    long_ones = [each for each in anchors if len(PUNCTUATION.sub("", each)) >= WINDOW]
    assert len(long_ones) > 50
    assert all(runs(f"我们要求：{anchor}，马上办。") for anchor in long_ones)
