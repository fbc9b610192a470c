"""What the catalogue must satisfy beside its duties: clauses, self-check, past campaigns,
mechanisms and the values that the sources leave open. Pure.

Each rule yields Chinese sentences that name file, code and field.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

ANCHOR_LENGTH = 16
QUESTIONS = 15
PRINCIPLE = "principle"
PLACE = re.compile(r"(?P<duty>[A-Z]{2}-\d{2})\.(?P<field>[a-z_]+)")


def problems(catalogue, words) -> list[str]:
    """Every problem of a parsed `Catalogue` apart from those of its duties."""
    found = [*_clauses(catalogue.clauses, words)]
    for what, rows in (
        ("campaigns", catalogue.campaigns), ("mechanisms", catalogue.mechanisms),
        ("parameters", catalogue.parameters),
    ):
        found += twice([row.code for row in rows], f"{what}.yaml：代码")
    found += _campaigns(catalogue)
    found += _mechanisms(catalogue)
    found += _parameters(catalogue)
    found += twice([version.code for version in catalogue.versions], "版本号")
    for version in catalogue.versions:
        found += [f"{version.place('self_check')} {sentence}"
                  for sentence in _self_check(version, catalogue)]
    return found


def twice(values: Iterable, what: str) -> Iterator[str]:
    """A sentence for each value that stands there more than once."""
    yield from (f"{what}“{value}”重复" for value, n in Counter(values).items() if n > 1)


def _clauses(clauses, words) -> Iterator[str]:
    yield from twice([each.code for each in clauses], "clauses.yaml：条文代码")
    yield from twice([each.anchor for each in clauses], "clauses.yaml：定位文字（anchor）")
    for each in clauses:
        where = f"clauses.yaml {each.code}"
        if each.kind not in words.clause_kinds:
            yield f"{where} kind：没有“{each.kind}”这一类"
        if len(each.anchor) > ANCHOR_LENGTH:
            yield f"{where} anchor：要1至{ANCHOR_LENGTH}个字，现有{len(each.anchor)}个"


def _campaigns(catalogue) -> Iterator[str]:
    """They hold the dated clauses and nothing else; each stands in one."""
    dated = {each.code for each in catalogue.clauses if each.dated}
    for campaign in catalogue.campaigns:
        yield from (
            f"campaigns.yaml {campaign.code} clauses：{code}不是有时限的专项条文"
            for code in campaign.clauses if code not in dated
        )
    held = [code for each in catalogue.campaigns for code in each.clauses]
    yield from twice(held, "campaigns.yaml：条文")
    if any(version.complete for version in catalogue.versions):
        yield from (f"campaigns.yaml：有时限的专项条文{code}没有归入往年专项"
                    for code in sorted(dated - set(held)))


def _mechanisms(catalogue) -> Iterator[str]:
    clauses = {each.code: each for each in catalogue.clauses}
    for each in catalogue.mechanisms:
        where = f"mechanisms.yaml {each.code} clauses："
        yield from twice(each.clauses, where)
        for code in each.clauses:
            if code not in clauses:
                yield f"{where}没有“{code}”"
            elif sentence := misplaced(clauses[code]):
                yield f"{where}{sentence}"


def misplaced(clause) -> str:
    """Why neither a duty nor a mechanism may carry the clause; empty when one may."""
    if clause.kind == PRINCIPLE:
        return f"{clause.code}是原则，归入年度自查"
    if clause.dated:
        return f"{clause.code}是有时限的专项，归入往年专项"
    return ""


def _parameters(catalogue) -> Iterator[str]:
    """Each has a value, or lives in a field of a duty of the newest version."""
    duties = {each.code: each for version in catalogue.versions[-1:] for each in version.duties}
    for each in catalogue.parameters:
        where = f"parameters.yaml {each.code}"
        if bool(each.value.strip()) == bool(each.lives_in):
            yield f"{where} value、lives_in：要填一个，也只填一个"
        if not each.lives_in:
            continue
        place = PLACE.fullmatch(each.lives_in)
        if not place or not hasattr(duties.get(place["duty"]), place["field"]):
            yield f"{where} lives_in：没有“{each.lives_in}”，要形如DZ-02.cadence"


def _self_check(version, catalogue) -> Iterator[str]:
    questions = version.self_check
    if len(questions) > QUESTIONS:
        yield f"self_check：最多{QUESTIONS}题，现有{len(questions)}题"
    if [each.number for each in questions] != list(range(1, len(questions) + 1)):
        yield "self_check：题号要从1起连着编"
    principles = {each.code for each in catalogue.clauses if each.kind == PRINCIPLE}
    chapters = {each.number for each in version.chapters}
    for each in questions:
        if each.chapter not in chapters:
            yield f"{each.number} chapter：没有第{each.chapter}章"
        if not each.clauses:
            yield f"{each.number} clauses：至少要有一条"
        yield from (f"{each.number} clauses：{code}不是原则类条文"
                    for code in each.clauses if code not in principles)
    held = [code for each in questions for code in each.clauses]
    yield from twice(held, "clauses：条文")
    if version.complete:
        yield from (f"self_check：原则类条文{code}没有归入任何一题"
                    for code in sorted(principles - set(held)))
