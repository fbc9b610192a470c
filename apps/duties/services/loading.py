"""Verbs on the catalogue as a whole: load the files, publish a version."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from apps.core.act import act, record
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import advance
from apps.duties import coverage
from apps.duties.budgets import budgets
from apps.duties.catalogue_file import (
    Catalogue,
    CatalogueError,
    VersionFile,
    Words,
    read_folder,
    version_key,
)
from apps.duties.models import (
    ActivityKind,
    Campaign,
    CatalogueVersion,
    Chapter,
    Clause,
    Duty,
    Mechanism,
    Parameter,
    SelfCheckQuestion,
    Source,
    committee,
)
from apps.duties.predicates import PREDICATES
from apps.duties.services.rows import Counts, put, put_all
from apps.organizations.permissions import Permission

FOLDER = Path(__file__).parent.parent / "catalogue"
WORDS = Words(
    subjects=tuple(Duty.Subject.values),
    cadences=tuple(Duty.Cadence.values),
    evidence=tuple(Duty.Evidence.values),
    review_modes=tuple(Duty.ReviewMode.values),
    clause_kinds=tuple(Clause.Kind.values),
    predicates=tuple(PREDICATES),
    openers=tuple(Duty.OpenedBy.values),
)
# Of an entry: rows of their own, not values of its row.
LINKS = ("chapter", "sources", "clauses")


@dataclass(frozen=True)
class LoadResult:
    """What a load did: to the clauses, to what stands beside the versions (activity kinds,
    past campaigns, mechanisms, open values), and to the duties of each version by its code."""

    clauses: Counts
    beside: Counts
    versions: dict[str, Counts]


def load_catalogue(*, by, folder: Path = FOLDER) -> LoadResult:
    """Bring the tables in line with the files of `folder`; the same files change nothing.

    Raises NotAllowed without the right at the committee; Invalid with every problem of
    the files, one a line, and with what a complete version leaves uncovered or asks above
    the budget; Conflict when the file of a published version was changed, or its code is
    that of a draft made in the app. Nothing is changed then.
    """
    try:
        catalogue = read_folder(folder, WORDS)
    except CatalogueError as error:
        raise Invalid(str(error)) from error
    with act(by=by):
        root = committee()
        if not by.may(Permission.CHECKLIST_PUBLISH, at=root.path if root else ""):
            raise NotAllowed("责任目录由工委管理员装入。")
        held = {version.code: version for version in CatalogueVersion.objects.all()}
        _refuse_taken_codes(catalogue, held)
        waiting = [file for file in catalogue.versions if not _is_published(held.get(file.code))]
        _refuse_shortfalls(catalogue, waiting)
        clauses = _load_clauses(catalogue)
        _load_shared(catalogue.versions)
        beside = _load_beside(catalogue)
        done = {file.code: _load_version(file) for file in waiting}
        return LoadResult(clauses, beside, versions={
            file.code: done.get(file.code, Counts()) for file in catalogue.versions
        })


def publish_version(*, version: CatalogueVersion, by) -> CatalogueVersion:
    """Make a loaded version the base of lists, immutable from now on; return its row.

    Raises NotAllowed without the right at the committee, Conflict when already published
    or while it asks more than the budget allows.
    """

    def prepare(row: CatalogueVersion) -> list[str]:
        ensure_publishable(row)
        return []

    return advance(version, "publish", by=by, prepare=prepare)


def ensure_publishable(version: CatalogueVersion) -> None:
    """Raise Conflict, with figures, while the version asks more than the budget allows."""
    found = budgets().overrun(list(Duty.objects.in_version(version)))
    if found:
        raise Conflict(f"没有发布责任目录{version.code}：{'；'.join(found)}。"
                       "请减少频次，或者让几项一并履行，再发布。", target=version)


def _is_published(version: CatalogueVersion | None) -> bool:
    return version is not None and version.state == CatalogueVersion.State.PUBLISHED


def _refuse_taken_codes(catalogue: Catalogue, held: dict[str, CatalogueVersion]) -> None:
    codes = {file.code for file in catalogue.versions} | set(held)
    for file in catalogue.versions:
        version = held.get(file.code)
        if version is None or version.digest == file.digest:
            continue
        latest = max(version_key(code)[1] for code in codes if code.startswith(f"{file.year}."))
        following = file.name.replace(file.code, f"{file.year}.{latest + 1}")
        if not version.digest:
            raise Conflict(
                f"责任目录{file.code}是在后台起草的，{file.name}不能再用这个版本号。"
                f"请把它改名为{following}，文件里的version也一起改。",
                target=version,
            )
        if _is_published(version):
            raise Conflict(
                f"责任目录{file.code}已经发布，不能再改，{file.name}却与发布时不同。"
                f"请恢复原样，把改动写进新的{following}。",
                target=version,
            )


def _refuse_shortfalls(catalogue: Catalogue, waiting: Iterable[VersionFile]) -> None:
    """What is published stays, even when the site has tightened its budget since."""
    limits = budgets()
    found = [
        sentence for file in waiting if file.complete
        for sentence in coverage.shortfalls(file, catalogue, limits)
    ]
    if found:
        raise Invalid("\n".join(found))


def _load_clauses(catalogue: Catalogue) -> Counts:
    gone = set(Clause.objects.values_list("code", flat=True)) - {c.code for c in catalogue.clauses}
    if gone:
        raise Invalid(f"clauses.yaml {'、'.join(sorted(gone))}：装入过的条文不能去掉。")
    wanted = []
    for entry in catalogue.clauses:
        values = asdict(entry)
        values["is_heading"], values["is_dated"] = values.pop("heading"), values.pop("dated")
        wanted.append(values)
    new, changed = put(Clause.objects.all(), "code", wanted)
    counts = Counts(len(new), len(changed))
    if new or changed:
        record("duties.clauses.load", None, created=counts.created, changed=counts.changed)
    return counts


def _load_shared(versions: list[VersionFile]) -> None:
    """Chapters and sources belong to all versions: the newest file decides their words."""
    chapters = {each.number: asdict(each) for file in versions for each in file.chapters}
    sources = {each.code: asdict(each) for file in versions for each in file.sources}
    put(Chapter.objects.all(), "number", chapters.values())
    put(Source.objects.all(), "code", sources.values())


def _load_beside(catalogue: Catalogue) -> Counts:
    """What belongs to no version; for the kinds of activities the newest file decides."""
    kinds = {each.code: asdict(each) for file in catalogue.versions
             for each in file.activity_kinds}
    new, changed = put(ActivityKind.objects.all(), "code", kinds.values())
    counts = Counts(len(new), len(changed)) + _load_parameters(catalogue)
    for model, rows in ((Campaign, catalogue.campaigns), (Mechanism, catalogue.mechanisms)):
        wanted = [_own_values(entry) for entry in rows]
        links = {"clauses": _targets(Clause, {each.code: each.clauses for each in rows})}
        counts += put_all(model.objects.all(), "code", wanted, links)
    if counts != Counts():
        record("duties.beside.load", None, **asdict(counts))
    return counts


def _load_parameters(catalogue: Catalogue) -> Counts:
    """The values to start from; what the site has set itself stays."""
    held = dict(Parameter.objects.values_list("code", "value"))
    gone = set(held) - {each.code for each in catalogue.parameters}
    if gone:
        raise Invalid(f"parameters.yaml {'、'.join(sorted(gone))}：装入过的本市设定不能去掉。")
    wanted = []
    for position, entry in enumerate(catalogue.parameters, start=1):
        start = entry.value.strip()
        values = asdict(entry) | {"position": position, "start_value": start}
        values["value"] = "" if entry.lives_in else held.get(entry.code) or start
        wanted.append(values)
    new, changed = put(Parameter.objects.all(), "code", wanted)
    return Counts(len(new), len(changed))


def _load_version(file: VersionFile) -> Counts:
    values = {"code": file.code, "year": file.year, "title": file.title, "digest": file.digest}
    new, changed = put(CatalogueVersion.objects.all(), "code", [values])
    version = CatalogueVersion.objects.get(code=file.code)
    chapters = {chapter.number: chapter.pk for chapter in Chapter.objects.all()}
    counts = _load_duties(file, version, chapters)
    _load_questions(file, version, chapters)
    if new or changed:
        record("duties.catalogue.load", version, **asdict(counts))
    return counts


def _load_duties(file: VersionFile, version: CatalogueVersion, chapters: dict) -> Counts:
    wanted = [
        _own_values(entry) | {"version_id": version.pk, "position": position,
                              "chapter_id": chapters[entry.chapter]}
        for position, entry in enumerate(file.duties, start=1)
    ]
    links = {
        name: _targets(model, {entry.code: getattr(entry, name) for entry in file.duties})
        for model, name in ((Clause, "clauses"), (Source, "sources"))
    }
    return put_all(Duty.objects.in_version(version), "code", wanted, links)


def _load_questions(file: VersionFile, version: CatalogueVersion, chapters: dict) -> None:
    """The self-check of a version; that it changed is told with its version."""
    wanted = [
        _own_values(entry) | {"version_id": version.pk, "chapter_id": chapters[entry.chapter]}
        for entry in file.self_check
    ]
    clauses = _targets(Clause, {entry.number: entry.clauses for entry in file.self_check})
    rows = SelfCheckQuestion.objects.filter(version=version)
    put_all(rows, "number", wanted, {"clauses": clauses})


def _own_values(entry) -> dict:
    """The fields of an entry that are columns of its row."""
    return {name: value for name, value in vars(entry).items() if name not in LINKS}


def _targets(model, codes: dict) -> dict:
    """Per key the primary keys of the rows of `model` that its codes name."""
    keys = dict(model.objects.values_list("code", "pk"))
    return {key: [keys[code] for code in named] for key, named in codes.items()}
