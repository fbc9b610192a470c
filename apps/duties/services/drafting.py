"""Draft versions of the catalogue: the committee edits a copy, duty by duty.

A draft is a version that was neither published nor read from files. What is typed is
judged by the same rules as a file (`duty_rules`).
"""

import hashlib
from dataclasses import fields, replace

from apps.core.act import act, record
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.duties import duty_rules, editions, wording
from apps.duties.catalogue_entries import DutyEntry
from apps.duties.catalogue_file import version_key
from apps.duties.models import (
    CatalogueVersion,
    Chapter,
    Clause,
    Duty,
    SelfCheckQuestion,
    Source,
    committee,
)
from apps.duties.services.loading import WORDS
from apps.organizations.permissions import Permission

Subject = Duty.Subject
PREFIXES = {
    Subject.PARTY_GROUP: "DZ", Subject.SECRETARY: "SJ", Subject.MEMBER: "CY",
    Subject.ORGAN_COMMITTEE: "JG", Subject.DISCIPLINE_COMMITTEE: "JW", Subject.BRANCH: "ZB",
    Subject.COMMITTEE: "GW",
}
# Lists follow the code from version to version: neither it nor whose it is may change.
FIXED = ("code", "subject")
IMPOSSIBLE_DUE = "这样算不出最迟日期，请按频次重填：每年、一次的填几月几日，其他的填期末前后几天。"
LONGEST = {each.name: each.metadata.get("longest") for each in fields(DutyEntry)}


def is_draft(version: CatalogueVersion) -> bool:
    """Drafted in the app and not yet published."""
    return version.state == CatalogueVersion.State.LOADED and not version.digest


def begin(*, based_on: CatalogueVersion, by) -> CatalogueVersion:
    """A draft that asks what `based_on` asks, under the next number of its year.

    Raises NotAllowed, or Conflict when `based_on` is not published or another draft of the
    year is under way: whoever applied the later one would undo the earlier one unseen.
    """
    with act(by=by):
        _ensure_right(by)
        base = CatalogueVersion.objects.select_for_update().get(pk=based_on.pk)
        if base.state != CatalogueVersion.State.PUBLISHED:
            raise Conflict(f"责任目录{base.code}还没有发布，发布后才能在它的基础上起草。",
                           target=base)
        held = CatalogueVersion.objects.filter(year=base.year)
        other = next(filter(is_draft, held), None)
        if other:
            raise Conflict(f"{base.year}年已经有一版草稿{other.code}，请先发布它或者作废它。",
                           target=other)
        latest = max(version_key(version.code)[1] for version in held)
        draft = CatalogueVersion.objects.create(
            code=f"{base.year}.{latest + 1}", year=base.year, title=base.title, based_on=base)
        _copy(Duty.objects.in_version(base), draft)
        _copy(SelfCheckQuestion.objects.filter(version=base), draft)
        record("duties.catalogueversion.begin", draft, based_on=base.code)
        return draft


def change_duty(*, duty: Duty, by, seen: str | None = None, **values) -> Duty:
    """Give fields of a duty of a draft new values; `seen` is the `mark` that was shown.

    Raises NotAllowed, Invalid naming each field, or Conflict when the version is no draft
    or somebody else was first.
    """
    with act(by=by):
        version = _editable(duty.version, by)
        row = _row(duty)
        before = editions.entry(row)
        if seen is not None and seen != mark(before):
            raise Conflict(f"{row}刚被别人改过。您写的内容还在，请对照后再保存。", target=row)
        after = replace(before, **_tidy(values))
        for name in FIXED:
            if getattr(after, name) != getattr(before, name):
                raise Invalid(fields={name: "代码和责任主体定了就不改；要换的，去掉这一项再新增。"})
        names = [name for name in values if getattr(after, name) != getattr(before, name)]
        if names:
            _check(version, after)
            _put(row, after, names)
            record("duties.duty.change", row, version=version.code,
                   fields="、".join(map(wording.label, names)))
        return row


def add_duty(*, version: CatalogueVersion, by, **values) -> Duty:
    """A new duty in a draft, under a code that no version has used. Raises as `change_duty`."""
    with act(by=by):
        version = _editable(version, by)
        entry = DutyEntry(code=next_code(values["subject"]), **_tidy(values))
        _check(version, entry)
        last = Duty.objects.in_version(version).order_by("-position").first()
        row = Duty(version=version, code=entry.code, position=last.position + 1 if last else 1)
        _put(row, entry, list(DutyEntry.__dataclass_fields__))
        record("duties.duty.add", row, version=version.code)
        return row


def drop_duty(*, duty: Duty, by) -> None:
    """Take a duty out of a draft. Raises Conflict while another one is to fulfil it along."""
    with act(by=by):
        version = _editable(duty.version, by)
        row = _row(duty)
        bearers = [each for each in Duty.objects.in_version(version)
                   if row.code in each.also_fulfils]
        if bearers:
            raise Conflict(f"“{bearers[0]}”写着一并履行{row.code}，请先在那一项里去掉。",
                           target=row)
        record("duties.duty.drop", row, version=version.code)
        row.delete()


def discard(*, version: CatalogueVersion, by) -> None:
    """Throw a draft away with everything in it."""
    with act(by=by):
        version = _editable(version, by)
        record("duties.catalogueversion.discard", version)
        Duty.objects.in_version(version).delete()
        version.delete()


def mark(entry: DutyEntry) -> str:
    """A short sign of what a duty says, by which a form notices that somebody was first."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:16]


def next_code(subject: str) -> str:
    """The first code of a subject that no version has used: lists follow duties by code."""
    prefix = PREFIXES[subject]
    used = Duty.objects.filter(code__startswith=f"{prefix}-").values_list("code", flat=True)
    return f"{prefix}-{max((int(code.partition('-')[2]) for code in used), default=0) + 1:02}"


def ensure_draft(version: CatalogueVersion) -> None:
    """Raise Conflict, saying what to do instead, unless `version` is a draft."""
    if version.state == CatalogueVersion.State.PUBLISHED:
        raise Conflict(f"责任目录{version.code}已经发布，不能再改。请起草新版。", target=version)
    if not is_draft(version):
        raise Conflict(f"责任目录{version.code}是从文件装入的。请改文件再装入，"
                       "或者发布后起草新版。", target=version)


def _ensure_right(by) -> None:
    root = committee()
    if root is None or not by.may(Permission.CATALOGUE_EDIT, at=root.path):
        raise NotAllowed("责任目录由工委管理员修改，您可以查看。")


def _editable(version: CatalogueVersion, by) -> CatalogueVersion:
    """The locked row of a version that `by` may edit."""
    _ensure_right(by)
    row = CatalogueVersion.objects.select_for_update().filter(pk=version.pk).first()
    if row is None:
        raise Conflict(f"草稿{version.code}刚被作废，不能再改。")
    ensure_draft(row)
    return row


def _row(duty: Duty) -> Duty:
    row = Duty.objects.select_for_update().filter(pk=duty.pk).first()
    if row is None:
        raise Conflict(f"“{duty}”刚被去掉，不能再改。")
    return row


def _tidy(values: dict) -> dict:
    return {name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()}


def _copy(rows, version: CatalogueVersion) -> None:
    """Copies of `rows` with their links, in another version."""
    model, copies = rows.model, {}
    links = [(field.remote_field.through, f"{field.m2m_field_name()}_id")
             for field in model._meta.many_to_many]
    for row in rows.order_by("pk"):
        values = {each.attname: getattr(row, each.attname) for each in model._meta.concrete_fields
                  if not each.primary_key}
        copies[row.pk] = model(**values | {"version_id": version.pk})
    model.objects.bulk_create(copies.values())
    for through, owner in links:
        held = through.objects.filter(**{f"{owner}__in": copies}).order_by("pk").values()
        through.objects.bulk_create(
            through(**{**link, "id": None, owner: copies[link[owner]].pk}) for link in held)


def _put(row: Duty, entry: DutyEntry, names: list[str]) -> None:
    for name in names:
        if name == "chapter":
            row.chapter = Chapter.objects.get(number=entry.chapter)
        elif name not in editions.LINKED:
            setattr(row, name, getattr(entry, name))
    row.save()
    for name, model in (("sources", Source), ("clauses", Clause)):
        if name in names:
            getattr(row, name).set(model.objects.filter(code__in=getattr(entry, name)))


def _check(version: CatalogueVersion, entry: DutyEntry) -> None:
    """Raise Invalid with a sentence for each field that the rules of the files refuse."""
    edition, catalogue = editions.edition(version), editions.catalogue()
    others = [each for each in edition.duties if each.code != entry.code]
    edition = replace(edition, duties=[*others, entry])
    problems = _lacking(entry) | _sentences(
        duty_rules.of_duty(entry, edition, catalogue, WORDS))
    for other in others:
        both = set(other.also_fulfils) & set(entry.also_fulfils)
        if both:
            problems["also_fulfils"] = f"{'、'.join(sorted(both))}已经随{other.code}一并履行。"
        if entry.code in other.also_fulfils and (
                duty_rules.of_duty(other, edition, catalogue, WORDS)):
            problems["cadence"] = (f"这一项随“{other.title}”（{other.code}）一并履行，"
                                   "频次要与它相同，也不能再带别的职责。")
    if problems:
        raise Invalid(fields=problems)


def _lacking(entry: DutyEntry) -> dict[str, str]:
    """What the columns and the notice about secrets refuse before any rule is asked."""
    found = {}
    for name in ("title", "text", "standard", "why", "evidence_why"):
        if not getattr(entry, name):
            found[name] = "请填这一栏。"
    for name, longest in LONGEST.items():
        if longest and len(getattr(entry, name)) > longest:
            found[name] = f"最多{longest}个字，现有{len(getattr(entry, name))}个。"
    for name in DutyEntry.__dataclass_fields__:
        value = getattr(entry, name)
        if isinstance(value, str) and has_secret_mark(value):
            found[name] = CLASSIFIED
    return found


def _sentences(problems: list[str]) -> dict[str, str]:
    """Problems of the rules by field, in the words of the form."""
    found: dict[str, str] = {}
    for problem in problems:
        names, _, sentence = problem.partition("：")
        for name in DutyEntry.__dataclass_fields__:
            sentence = sentence.replace(f"的{name}", f"的“{wording.label(name)}”")
        for name in names.split("、"):
            found.setdefault(name, IMPOSSIBLE_DUE if name == "due" else f"{sentence}。")
    return found
