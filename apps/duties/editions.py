"""A version in the database as the pure rules see one: in the shape that files have.

So a draft that was edited in the app is judged by the same rules as a file, compared with
another version and measured against the budget.
"""

from django.db.models import Prefetch

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
)
from apps.duties.catalogue_file import Catalogue, VersionFile
from apps.duties.models import (
    ActivityKind,
    Campaign,
    CatalogueVersion,
    Chapter,
    Clause,
    Duty,
    Mechanism,
    Parameter,
    Source,
)

LINKED = ("chapter", "sources", "clauses")
PLAIN = [name for name in DutyEntry.__dataclass_fields__ if name not in LINKED]


def rows_of(version: CatalogueVersion):
    """The duties of a version with all that an entry needs, in the order of the version."""
    return Duty.objects.in_version(version).in_order().select_related("chapter").prefetch_related(
        "sources", Prefetch("clauses", Clause.objects.order_by("line", "pk")))


def entry(duty: Duty) -> DutyEntry:
    """A row as it would stand in a file."""
    return DutyEntry(
        **{name: getattr(duty, name) for name in PLAIN}, chapter=duty.chapter.number,
        sources=sorted(source.code for source in duty.sources.all()),
        clauses=[clause.code for clause in duty.clauses.all()])


def entries(version: CatalogueVersion) -> list[DutyEntry]:
    """All duties of a version."""
    return [entry(duty) for duty in rows_of(version)]


def edition(version: CatalogueVersion) -> VersionFile:
    """The version as if it had been read from a file.

    One in which every duty answers all of the lecture's five questions is a complete one.
    """
    duties = entries(version)
    questions = version.questions.select_related("chapter").prefetch_related("clauses")
    asked = [QuestionEntry(number=each.number, title=each.title, text=each.text,
                           chapter=each.chapter.number, clauses=codes(each.clauses))
             for each in questions]
    return VersionFile(
        name=version.code, code=version.code, year=version.year, title=version.title,
        digest=version.digest, duties=duties, self_check=asked,
        complete=all(each.risks and each.expected_effect for each in duties),
        sources=[SourceEntry(**row) for row in Source.objects.values(
            "code", "title", "short_title", "document", "articles")],
        chapters=[ChapterEntry(**row) for row in Chapter.objects.order_by("number").values(
            "number", "name", "subtitle")],
        activity_kinds=[KindEntry(**row) for row in ActivityKind.objects.values("code", "name")],
    )


def catalogue() -> Catalogue:
    """What stands beside the versions: clauses, and what else gives them a place."""
    clauses = Clause.objects.order_by("line", "pk")
    campaigns = Campaign.objects.prefetch_related("clauses")
    mechanisms = Mechanism.objects.prefetch_related("clauses")
    return Catalogue(
        versions=[],
        clauses=[ClauseEntry(code=each.code, line=each.line, kind=each.kind,
                             paraphrase=each.paraphrase, anchor=each.anchor,
                             heading=each.is_heading, dated=each.is_dated) for each in clauses],
        campaigns=[CampaignEntry(code=each.code, title=each.title, text=each.text,
                                 note=each.note, clauses=codes(each.clauses))
                   for each in campaigns],
        mechanisms=[MechanismEntry(code=each.code, name=each.name, text=each.text,
                                   clauses=codes(each.clauses)) for each in mechanisms],
        parameters=[ParameterEntry(**row) for row in Parameter.objects.values(
            "code", "name", "left_open", "basis", "value", "unit", "lives_in")],
    )


def codes(rows) -> list[str]:
    """The codes of related rows that were fetched along."""
    return [each.code for each in rows.all()]
