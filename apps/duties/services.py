"""Verbs on the catalogue: load the files, publish a version."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db.models import QuerySet

from apps.core.act import act, record
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import advance
from apps.duties.catalogue_file import (
    Catalogue,
    CatalogueError,
    VersionFile,
    Words,
    read_folder,
    version_key,
)
from apps.duties.models import CatalogueVersion, Chapter, Clause, Duty, Source, committee
from apps.duties.predicates import PREDICATES
from apps.organizations.permissions import Permission

FOLDER = Path(__file__).parent / "catalogue"
WORDS = Words(
    subjects=tuple(Duty.Subject.values),
    cadences=tuple(Duty.Cadence.values),
    evidence=tuple(Duty.Evidence.values),
    review_modes=tuple(Duty.ReviewMode.values),
    clause_kinds=tuple(Clause.Kind.values),
    predicates=tuple(PREDICATES),
)
# Of a DutyEntry: rows of their own, not values of the duty's row.
LINKS = ("chapter", "sources", "clauses")


@dataclass(frozen=True)
class Counts:
    """Rows that a load created, changed and removed."""

    created: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True)
class LoadResult:
    """What a load did: to the clauses, and to the duties of each version by its code."""

    clauses: Counts
    versions: dict[str, Counts]


def load_catalogue(*, by, folder: Path = FOLDER) -> LoadResult:
    """Bring the tables in line with the files of `folder`; the same files change nothing.

    Raises NotAllowed without the right at the committee, Invalid with every problem of
    the files, one a line, Conflict when the file of a published version was changed.
    Nothing is changed then.
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
        _refuse_changes_to_published(catalogue, held)
        clauses = _load_clauses(catalogue)
        _load_shared(catalogue.versions)
        return LoadResult(
            clauses=clauses,
            versions={file.code: _load_version(file, held) for file in catalogue.versions},
        )


def publish_version(*, version: CatalogueVersion, by) -> CatalogueVersion:
    """Make a loaded version the base of lists, immutable from now on; return its row.

    Raises NotAllowed without the right at the committee, Conflict when already published.
    """
    return advance(version, "publish", by=by)


def _refuse_changes_to_published(catalogue: Catalogue, held: dict) -> None:
    codes = {file.code for file in catalogue.versions} | set(held)
    for file in catalogue.versions:
        version = held.get(file.code)
        if version is None or version.digest == file.digest:
            continue
        if version.state == CatalogueVersion.State.PUBLISHED:
            latest = max(version_key(code)[1] for code in codes if code.startswith(f"{file.year}."))
            raise Conflict(
                f"责任目录{file.code}已经发布，不能再改，{file.name}却与发布时不同。"
                f"请恢复这个文件，把改动写进新的{file.year}.{latest + 1}.yaml。",
                target=version,
            )


def _load_clauses(catalogue: Catalogue) -> Counts:
    gone = set(Clause.objects.values_list("code", flat=True)) - {c.code for c in catalogue.clauses}
    if gone:
        raise Invalid(f"clauses.yaml {'、'.join(sorted(gone))}：装入过的条文不能去掉。")
    wanted = []
    for entry in catalogue.clauses:
        values = asdict(entry)
        values["is_heading"], values["is_dated"] = values.pop("heading"), values.pop("dated")
        wanted.append(values)
    new, changed = _put(Clause.objects.all(), "code", wanted)
    counts = Counts(len(new), len(changed))
    if new or changed:
        record("duties.clauses.load", None, created=counts.created, changed=counts.changed)
    return counts


def _load_shared(versions: list[VersionFile]) -> None:
    """Chapters and sources belong to all versions: the newest file decides their words."""
    chapters = {each.number: asdict(each) for file in versions for each in file.chapters}
    sources = {each.code: asdict(each) for file in versions for each in file.sources}
    for values in sources.values():
        del values["articles"]
    _put(Chapter.objects.all(), "number", chapters.values())
    _put(Source.objects.all(), "code", sources.values())


def _load_version(file: VersionFile, held: dict[str, CatalogueVersion]) -> Counts:
    version = held.get(file.code)
    if version and version.state == CatalogueVersion.State.PUBLISHED:
        return Counts()
    values = {"code": file.code, "year": file.year, "title": file.title, "digest": file.digest}
    new, changed = _put(CatalogueVersion.objects.all(), "code", [values])
    version = CatalogueVersion.objects.get(code=file.code)
    counts = _load_duties(file, version)
    if new or changed:
        record("duties.catalogue.load", version, **asdict(counts))
    return counts


def _load_duties(file: VersionFile, version: CatalogueVersion) -> Counts:
    rows = Duty.objects.in_version(version)
    chapters = {chapter.number: chapter.pk for chapter in Chapter.objects.all()}
    wanted = []
    for position, entry in enumerate(file.duties, start=1):
        values = {name: value for name, value in vars(entry).items() if name not in LINKS}
        values |= {"version_id": version.pk, "position": position,
                   "chapter_id": chapters[entry.chapter]}
        wanted.append(values)
    gone = rows.exclude(code__in=[entry.code for entry in file.duties])
    removed = gone.count()
    if removed:
        gone.delete()
    new, changed = _put(rows, "code", wanted)
    keys = dict(rows.values_list("code", "pk"))
    for model, name in ((Clause, "clauses"), (Source, "sources")):
        targets = dict(model.objects.values_list("code", "pk"))
        links = {(keys[e.code], targets[c]) for e in file.duties for c in getattr(e, name)}
        touched = _put_links(rows, name, links)
        changed |= {code for code, key in keys.items() if key in touched} - new
    return Counts(len(new), len(changed), removed)


def _put(rows: QuerySet, key: str, wanted: Iterable[dict]) -> tuple[set, set]:
    """Create and change rows so that they carry `wanted`; return the keys of both kinds."""
    held = {getattr(row, key): row for row in rows}
    new, changed, names = [], [], set()
    for values in wanted:
        row = held.get(values[key])
        if row is None:
            new.append(rows.model(**values))
            continue
        differing = {name for name, value in values.items() if getattr(row, name) != value}
        for name in differing:
            setattr(row, name, values[name])
        if differing:
            changed.append(row)
            names |= differing
    rows.model.objects.bulk_create(new)
    if changed:
        rows.model.objects.bulk_update(changed, sorted(name.removesuffix("_id") for name in names))
    return {getattr(row, key) for row in new}, {getattr(row, key) for row in changed}


def _put_links(duties: QuerySet, name: str, wanted: set[tuple[int, int]]) -> set[int]:
    """Make the links of `duties` the (duty, target) pairs `wanted`; return touched duties."""
    field = Duty._meta.get_field(name)
    through, target = field.remote_field.through, f"{field.m2m_reverse_field_name()}_id"
    held = {
        (row.duty_id, getattr(row, target)): row.pk
        for row in through.objects.filter(duty__in=duties)
    }
    extra = [key for pair, key in held.items() if pair not in wanted]
    if extra:
        through.objects.filter(pk__in=extra).delete()
    missing = wanted - set(held)
    through.objects.bulk_create(
        through(**{"duty_id": duty, target: other}) for duty, other in sorted(missing)
    )
    return {duty for duty, _ in missing | (set(held) - wanted)}
