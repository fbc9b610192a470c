"""Ready-made strings for the pages on which the committee edits the catalogue."""

from collections import defaultdict
from collections.abc import Sequence

from django.urls import reverse

from apps.checklists.services import versions
from apps.core.badges import Badge
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import NotVisible
from apps.duties import coverage, differences, editions, load, similar, wording
from apps.duties.budgets import budgets
from apps.duties.catalogue_entries import DutyEntry
from apps.duties.catalogue_file import VersionFile, version_key
from apps.duties.models import (
    ActivityKind,
    CatalogueVersion,
    Chapter,
    Clause,
    Duty,
    Parameter,
    Source,
)
from apps.duties.services.drafting import is_draft
from apps.organizations.permissions import Permission

PLAIN_TEXTS = ("text", "standard", "risks", "expected_effect", "example", "why", "evidence_why")


def version_or_404(pk: int) -> CatalogueVersion:
    """A version of the catalogue; NotVisible when there is none."""
    found = CatalogueVersion.objects.select_related("based_on").filter(pk=pk).first()
    if found is None:
        raise NotVisible("没有这一版责任目录。")
    return found


def duty_or_404(pk: int) -> Duty:
    """A duty of the catalogue; NotVisible when there is none."""
    found = Duty.objects.select_related("version__based_on", "chapter").filter(pk=pk).first()
    if found is None:
        raise NotVisible("责任目录里没有这一项。")
    return found


def year_of(version: CatalogueVersion) -> int:
    """The year whose lists a version would be used for now."""
    return max(version.year, today().year)


def compared_with(version: CatalogueVersion) -> CatalogueVersion | None:
    """What the differences of a version are against: the one in force, else its base."""
    standing = versions.in_force(year_of(version))
    return standing if standing and standing != version else version.based_on


# --- the list of versions --------------------------------------------------------------------


def version_rows(user) -> list[dict]:
    """All versions, the newest first, each with what this person may do about it."""
    rows = sorted(CatalogueVersion.objects.all(), key=lambda each: version_key(each.code))
    duties = defaultdict(list)
    for duty in Duty.objects.defer(*PLAIN_TEXTS):
        duties[duty.version_id].append(duty)
    standing = versions.in_force(today().year)
    drafted = {each.year for each in rows if is_draft(each)}
    return [
        {"code": each.code, "title": each.title, "badge": state_badge(each, standing),
         "count": len(duties[each.pk]), "load": load_label(duties[each.pk]),
         "published": day_label(each.published_on) if each.published_on else "",
         "detail_url": reverse("admin:catalogue_draft_detail", args=[each.pk]),
         "actions": actions(each, user, standing=standing, has_draft=each.year in drafted)}
        for each in reversed(rows)
    ]


def state_badge(version: CatalogueVersion, standing: CatalogueVersion | None) -> Badge:
    """In force, published, a draft, or read from files and not published."""
    if version == standing:
        return Badge("is-done", "m-done", f"{today().year}年在用")
    if version.state == CatalogueVersion.State.PUBLISHED:
        return Badge("is-off", "m-off", "已发布")
    return Badge("is-open", "m-draft", "草稿" if is_draft(version) else "已装入，未发布")


def load_label(duties: Sequence) -> str:
    """What the version asks a year, in one line."""
    unit, branch = load.of_unit(duties), load.of_branch(duties)
    return (f"一个单位{unit.occurrences}次任务、{unit.entries}次填报；"
            f"一个支部{branch.occurrences}次任务、{branch.entries}次填报")


def actions(version, user, *, standing, has_draft: bool) -> list[dict]:
    """Buttons beside a version; none is offered that its verb would refuse for its state."""
    found = []

    def add(name: str, label: str, *, is_post: bool = False, is_primary: bool = False) -> None:
        found.append({"url": reverse(f"admin:{name}", args=[version.pk]), "label": label,
                      "is_post": is_post, "is_primary": is_primary})

    is_published = version.state == CatalogueVersion.State.PUBLISHED
    if user.holds(Permission.CATALOGUE_EDIT) and is_published and not has_draft:
        add("catalogue_draft_begin", "起草新版", is_post=True)
    if user.holds(Permission.CATALOGUE_EDIT) and is_draft(version):
        add("catalogue_draft_detail", "改职责")
    if standing and version != standing:
        add("catalogue_difference", "看差异")
        if user.holds(Permission.CHECKLIST_PUBLISH) and version.year <= today().year:
            is_back = is_published and version_key(version.code) < version_key(standing.code)
            add("catalogue_apply", "撤回到这一版" if is_back else "发布并用于今年",
                is_primary=is_draft(version))
    if user.holds(Permission.CATALOGUE_EDIT) and is_draft(version):
        add("catalogue_draft_discard", "作废草稿")
    return found


# --- load, warnings -------------------------------------------------------------------------


def load_rows(before: Sequence, after: Sequence, subject: str = "") -> list[dict]:
    """What is asked a year before and after, against the budget: of the list of `subject`, of
    a unit and of a branch."""
    limits = budgets()
    lines = [(load.UNIT_LABEL, load.of_unit, limits.unit),
             (load.BRANCH_LABEL, load.of_branch, limits.branch)]
    if subject:
        name = f"{Duty.Subject(subject).label}清单"
        lines.insert(0, (name, lambda duties: load.of_list(duties, subject), None))
    return [_load_row(name, measure(before), measure(after), limit)
            for name, measure, limit in lines]


def _load_row(name: str, before, after, limit) -> dict:
    def cell(which: str) -> str:
        old, new = getattr(before, which), getattr(after, which)
        return str(new) if old == new else f"{old} → {new}"

    badge = None
    if limit is not None and not limit.holds(after):
        badge = Badge("is-late", "m-late", "超过上限，不能发布")
    return {"name": name, "duties": cell("duties"), "occurrences": cell("occurrences"),
            "entries": cell("entries"), "minutes": cell("minutes"), "badge": badge,
            "limit": f"{limit.occurrences}次、{limit.entries}次" if limit else "—"}


def similar_rows(duties: Sequence[DutyEntry], codes) -> list[str]:
    """Sentences about pairs of duties that may ask the same; only those with one of `codes`."""
    return [f"{pair.first.code} {pair.first.title}、{pair.second.code} {pair.second.title}："
            f"{pair.reason}" for pair in similar.alike(duties, codes)]


def uncovered(edition: VersionFile) -> str:
    """Which clauses no duty, mechanism or question has taken; empty when all have a place."""
    known = editions.catalogue()
    names = {clause.code: clause.paraphrase for clause in known.clauses}
    left = coverage.of_version(edition, known, ()).uncovered() if edition.complete else []
    if not left:
        return ""
    return f"{len(left)}条条文没有落处：" + "；".join(f"{code} {names[code]}" for code in left)


# --- a draft and its differences ------------------------------------------------------------


def draft_page(version: CatalogueVersion, *, may_edit: bool) -> dict:
    """A version with its duties by subject; what differs from what is in force is marked."""
    base = compared_with(version)
    before = editions.entries(base) if base else []
    edition = editions.edition(version)
    difference = differences.between(before, edition.duties)
    new = {duty.code for duty in difference.added}
    changed = {change.code for change in difference.changed}
    may_read = may_edit or version.state == CatalogueVersion.State.PUBLISHED
    keys = dict(Duty.objects.in_version(version).values_list("code", "pk"))
    groups = [
        {"title": label, "rows": [
            _duty_row(duty, keys[duty.code], new=new, changed=changed, may_edit=may_edit,
                      may_read=may_read)
            for duty in edition.duties if duty.subject == value]}
        for value, label in Duty.Subject.choices
    ]
    return {
        "version": version, "base": base, "groups": [each for each in groups if each["rows"]],
        "load": load_rows(before, edition.duties), "uncovered": uncovered(edition),
        "similar": similar_rows(edition.duties, new | changed), "may_edit": may_edit,
        "summary": summary(difference),
    }


def summary(difference: differences.Difference) -> str:
    """How many duties differ, in one line."""
    if not difference:
        return "与现行一版没有不同"
    return (f"新增{len(difference.added)}项、修改{len(difference.changed)}项、"
            f"撤下{len(difference.withdrawn)}项")


def _duty_row(
    duty: DutyEntry, pk: int, *, new, changed, may_edit: bool, may_read: bool
) -> dict:
    badge = None
    if duty.code in new:
        badge = Badge("is-done", "m-flag", "新增")
    elif duty.code in changed:
        badge = Badge("is-open", "m-draft", "改过")
    return {
        "code": duty.code, "title": duty.title, "rhythm": wording.rhythm_label(duty),
        "minutes": f"{duty.minutes}分钟", "badge": badge,
        "url": reverse("checklists:duty", args=[pk]) if may_read else "",
        "change_url": reverse("admin:catalogue_draft_duty", args=[pk]) if may_edit else "",
        "drop_url": reverse("admin:catalogue_duty_drop", args=[pk]) if may_edit else "",
    }


def difference_rows(old: CatalogueVersion | None, new: CatalogueVersion) -> dict:
    """Duty by duty: added, withdrawn, and field by field what was changed."""
    difference = differences.between(
        editions.entries(old) if old else [], editions.entries(new))
    names = names_of_codes()

    def row(duty: DutyEntry) -> dict:
        return {"label": f"{duty.code} {duty.title}", "text": duty.text,
                "subject": Duty.Subject(duty.subject).label,
                "rhythm": wording.rhythm_label(duty)}

    changed = [
        row(change.new) | {"fields": [
            {"label": wording.label(each.name),
             "old": wording.shown(each.name, each.old, names),
             "new": wording.shown(each.name, each.new, names)} for each in change.fields]}
        for change in difference.changed
    ]
    return {"added": [row(duty) for duty in difference.added], "changed": changed,
            "withdrawn": [row(duty) for duty in difference.withdrawn],
            "summary": summary(difference)}


def names_of_codes() -> dict[str, dict[str, str]]:
    """The words for codes that are rows, by the field of a duty that holds them."""
    clauses = Clause.objects.values_list("code", "paraphrase")
    return {
        "sources": {source.code: str(source) for source in Source.objects.all()},
        "clauses": {code: f"{code} {paraphrase}" for code, paraphrase in clauses},
        "chapter": {str(chapter.number): str(chapter) for chapter in Chapter.objects.all()},
        "activity_kinds": dict(ActivityKind.objects.values_list("code", "name")),
        "parameters": dict(Parameter.objects.values_list("code", "name")),
    }
