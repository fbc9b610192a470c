import json
from collections import Counter
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError

from apps.duties import coverage, load
from apps.duties.budgets import budgets
from apps.duties.catalogue_file import Catalogue, CatalogueError, VersionFile, read_folder
from apps.duties.models import Duty
from apps.duties.services import loading


class Command(BaseCommand):
    """Where each clause has its place and what the lists ask a year, read from the files.

    Fails on a clause without a place and above the load budget.
    """

    help = "责任目录的条文落处和一年的填报量，直接读文件；有条文没有落处或超过上限时失败。"

    def create_parser(self, prog_name, subcommand, **kwargs):
        """`--version` names a version of the catalogue here, and not Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("--version", dest="code", help="版本号，默认最新的一版")
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出JSON")

    def handle(self, *args, code=None, as_json=False, **options):
        try:
            catalogue = read_folder(loading.FOLDER, loading.WORDS)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        version = _chosen(catalogue, code)
        found = coverage.of_version(version, catalogue, Duty.Subject.values)
        if as_json:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_report(version, catalogue, found)))
        if failures := coverage.shortfalls(version, catalogue, budgets()):
            raise CommandError("\n".join(failures))


def _chosen(catalogue: Catalogue, code: str | None) -> VersionFile:
    if code is None:
        return catalogue.versions[-1]
    for version in catalogue.versions:
        if version.code == code:
            return version
    known = "、".join(version.code for version in catalogue.versions)
    raise CommandError(f"没有责任目录{code}，现有{known}。")


def _report(version: VersionFile, catalogue: Catalogue, found: coverage.Coverage) -> list[str]:
    limits = budgets()
    rows = [["责任主体", "职责", "一年任务", "一年填报", "一年分钟"]]
    rows += [_cells(Duty.Subject(subject).label, each) for subject, each in found.subjects.items()]
    rows += [_cells(name, each, budget) for name, each, budget in (
        (load.UNIT_LABEL, load.of_unit(version.duties), limits.unit),
        (load.BRANCH_LABEL, load.of_branch(version.duties), limits.branch),
    )]
    counts = Counter(place.state for place in found.places.values())
    lines = [f"责任目录{version.code} {version.title}", "", *_columns(rows), "",
             f"条文{len(found.places)}条："]
    lines += [f"  {label} {counts[state]}条" for state, label in coverage.STATES.items()]
    names = {clause.code: clause.paraphrase for clause in catalogue.clauses}
    lines += [f"没有落处：{code} {names[code]}" for code in found.uncovered()]
    return lines


def _cells(name: str, each: load.Load, budget: load.Budget | None = None) -> list[str]:
    """A row of the table, with the most that is allowed where there is a budget."""
    most = (f"（上限{budget.occurrences}）", f"（上限{budget.entries}）") if budget else ("", "")
    return [name, str(each.duties), f"{each.occurrences}{most[0]}", f"{each.entries}{most[1]}",
            str(each.minutes)]


def _columns(rows: list[list[str]]) -> list[str]:
    """The rows with aligned columns; a Chinese character is two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell + " " * (width - _width(cell))
                      for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WFA" else 1 for each in text)
