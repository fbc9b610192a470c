"""The habits of the house, applied to every source; each rule shows that it can fail."""

import ast
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from apps.core import audit
from apps.core.workflow import WorkflowModel
from tests import source_rules as rules

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(p for folder in ("apps", "config") for p in (ROOT / folder).rglob("*.py")
                 if "migrations" not in p.parts)
VIEWS = [p for p in SOURCES if "views" in p.parts or p.name in
         ("views.py", "desk.py", "errors_views.py", "health.py", "access.py", "site.py")]
SERVICES = [p for p in SOURCES if "services" in p.parts or p.name == "services.py"]
MODELS = [p for p in SOURCES if "models" in p.parts or p.name == "models.py"]

# Loading what an app brings along, by a name that is data.
LOADERS = {"apps/core/apps.py", "apps/organizations/apps.py", "apps/core/audit.py",
           "apps/core/privacy.py"}
# The state of a Job is no workflow: its worker moves it, nobody holds a right over it.
STATE_WRITERS = {"apps/core/workflow.py", "apps/core/jobs.py"}
DUE_DATE_WRITERS = {
    "apps/checklists/services/due_dates.py",
    "apps/checklists/services/publishing.py",  # INSERT … SELECT of the slots' own dates
    "apps/checklists/services/events.py",      # a new row, dated by due_dates.after_event
}
# Who may ask without a person: verbs that check the right on the row, models, and pages
# that follow a relation downwards from a row that was found visible.
UNSCOPED = {
    "apps/core/scoping.py",
    "apps/checklists/access.py",
    "apps/checklists/adoptions.py",
    "apps/checklists/daily.py",
    "apps/checklists/list_page.py",
    "apps/checklists/pages.py",
    "apps/checklists/reviewers.py",
    "apps/checklists/todo.py",
    "apps/checklists/uppers.py",
    "apps/dashboard/demo/adopted.py",
    "apps/dashboard/demo/city.py",
    "apps/dashboard/demo/extras.py",
    "apps/dashboard/demo/history.py",
    "apps/dashboard/demo/staff.py",
    "apps/dashboard/demo/story.py",
    "apps/organizations/appointing.py",
    "apps/organizations/management/commands/create_first_administrator.py",
    "apps/organizations/roster/apply.py",
    "apps/organizations/roster/present.py",
}


def name(path: Path) -> str:
    """The path as it stands in the lists above."""
    return path.relative_to(ROOT).as_posix()


def apply(rule, paths=SOURCES, *, except_for=frozenset()) -> list[str]:
    """Findings of `rule` in all files, each with its place."""
    return [f"{name(path)}:{finding}" for path in paths if name(path) not in except_for
            for finding in rule(ast.parse(path.read_text("utf-8")))]


def planted(rule, source: str) -> list[str]:
    """Findings of `rule` in a line that breaks it."""
    return rule(ast.parse(source))


# --- layers --------------------------------------------------------------------------


def lint_imports(folder: Path) -> subprocess.CompletedProcess:
    """Run import-linter on the package `apps` in `folder`, with our contracts."""
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [tool, "--config", ROOT / "pyproject.toml", "--no-cache"], cwd=folder,
        capture_output=True, text=True, timeout=120, check=False)


def test_imports_point_down_only():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("low, high", [("core/act.py", "apps.checklists"),
                                       ("checklists/schedule.py", "django")])
def test_an_import_that_points_up_is_found(tmp_path, low, high):
    shutil.copytree(ROOT / "apps", tmp_path / "apps", ignore=lambda folder, names: [
        n for n in names if "." in n and not n.endswith(".py")] + ["__pycache__", "migrations"])
    path = tmp_path / "apps" / low
    path.write_text(f"import {high}\n{path.read_text('utf-8')}", "utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    assert f"apps.{low[:-3].replace('/', '.')} -> {high}" in result.stdout


# --- one rule, its exceptions, and a line that breaks it ------------------------------

RULES = {
    "no app is imported inside a function": (
        rules.imports_inside_functions, SOURCES, LOADERS, (
            "def f():\n    from apps.core import act",
            "def f():\n    import apps.core",
            "def f():\n    from . import act",
            "def f():\n    import_module(f'apps.{x}')",
        )),
    "nothing listens for signals": (
        rules.signals, SOURCES, {"apps/core/apps.py"},
        ("@receiver(post_save)\ndef f(): ...", "post_save.connect(f)",
         "@dispatch.receiver(post_save)\ndef f(): ...")),
    "the state is assigned in the workflow only": (
        lambda tree: rules.assigns(tree, "state"), SOURCES, STATE_WRITERS,
        ("row.state = 'open'", "old, row.state = 1, 2", "setattr(row, 'state', 1)",
         "rows.update(state='open')", "Model.objects.bulk_update(rows, ['version', 'state'])")),
    "due dates have one writer": (
        rules.writes_due_dates, SOURCES, DUE_DATE_WRITERS,
        ("row.due_on = day", "rows.update(due_on=day)", "Occurrence(due_on=day)",
         "Occurrence.unscoped.create(item=i, due_on=day)", "x = 'UPDATE t SET due_on = 1'")),
    "only services and their like ask without a person": (
        rules.unscoped, SOURCES, {name(p) for p in SERVICES + MODELS} | UNSCOPED,
        ("Report.unscoped.filter(pk=1)", "rows = Report.unscoped",
         "get_visible_or_404(Report, user, pk=Report.unscoped.get())")),
    "words of people are escaped": (
        rules.unescaped, SOURCES, set(),
        ("mark_safe(words)", "SafeString(words)", "format_html(words)",
         "format_html(f'<b>{words}</b>')", "f.allow_tags = True")),
    "only the clock asks the clock": (
        rules.asks_the_clock, SOURCES, {"apps/core/clock.py"},
        ("date.today()", "datetime.now(tz)", "datetime.datetime.utcnow()", "timezone.now()",
         "from django.utils.timezone import now", "time.time()")),
    "views have at most 25 lines": (
        lambda tree: rules.long_functions(tree, 25), VIEWS, set(),
        ("def view(request):\n" + "    x = 1\n" * 25,)),
    "functions have at most 40 lines": (
        lambda tree: rules.long_functions(tree, 40), SOURCES, set(),
        ("def verb():\n" + "    x = 1\n" * 40,)),
    "models have at most 150 lines": (
        lambda tree: rules.long_classes(tree, 150), MODELS, set(),
        ("class M:\n" + "    x = 1\n" * 150,)),
}


@pytest.mark.parametrize("rule", RULES)
def test_our_sources_keep_the_rule(rule):
    check, paths, exceptions, _broken = RULES[rule]
    assert paths
    assert apply(check, paths, except_for=exceptions) == []


@pytest.mark.parametrize("rule, source", [(r, s) for r in RULES for s in RULES[r][3]])
def test_a_planted_line_breaks_the_rule(rule, source):
    assert planted(RULES[rule][0], source)


@pytest.mark.parametrize("rule", RULES)
def test_every_exception_is_still_needed(rule):
    check, paths, exceptions, _broken = RULES[rule]
    idle = {p for p in exceptions - {name(p) for p in SERVICES + MODELS}
            if not check(ast.parse((ROOT / p).read_text("utf-8")))}
    assert idle == set()


def test_reading_by_a_due_date_breaks_nothing():
    assert planted(rules.writes_due_dates, "rows.filter(due_on=day).exclude(due_on=other)") == []


def test_a_scope_or_the_lookup_of_one_row_makes_unscoped_fine():
    fine = ("Task.unscoped.visible_to(user, for_=X)",
            "get_visible_or_404(Task.unscoped.for_page(), user, for_=X, pk=pk)")
    assert [planted(rules.unscoped, source) for source in fine] == [[], []]


# --- sizes, migrations, settings, sentences --------------------------------------------


def long_files(paths, limit: int) -> list[str]:
    """Files with more lines than `limit`."""
    return [f"{path}: {count}" for path in paths
            if (count := len(path.read_text("utf-8").splitlines())) > limit]


def test_files_have_at_most_400_lines():
    assert long_files([*SOURCES, *(ROOT / "tests").rglob("*.py")], 400) == []


def test_a_file_of_401_lines_is_found(tmp_path):
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * 401, "utf-8")
    assert long_files([path], 400) == [f"{path}: 401"]


@pytest.mark.django_db
def test_the_models_have_their_migrations():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert out.getvalue().strip() == "No changes detected"


def table_of(text: str) -> set[str]:
    """Names in the first column of README's table of settings: | `NAME` |."""
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|", text, re.M))


def test_every_setting_stands_in_the_readme_and_nothing_else_does():
    read = {n for p in SOURCES for n in rules.environment(ast.parse(p.read_text("utf-8")))}
    read.discard("DJANGO_SETTINGS_MODULE")
    assert table_of((ROOT / "README.md").read_text("utf-8")) == read


def test_the_reader_of_settings_sees_every_way_of_reading_one():
    source = ("env.str('A')\nenv.bool('B', default=True)\nos.environ['C']\nenv('D')\n"
              "os.getenv('E')\nos.environ.get('F_1')\nwhole('G', 5)\n"
              "switch('H', default=True)\nenv.db_url('I')\nother('J')")
    assert rules.environment(ast.parse(source)) == {
        "A", "B", "C", "D", "E", "F_1", "G", "H", "I"}
    assert table_of("| Name |\n| `A` | x |\n| `B_2` | y |\n| `make run` | z |") == {"A", "B_2"}


def recorded() -> set[str]:
    """Every code that can reach the audit: named in a source, or a step of a workflow."""
    codes = {audit.REFUSED}
    for path in SOURCES:
        if name(path) != "apps/core/workflow.py":
            codes |= set(rules.audit_codes(ast.parse(path.read_text("utf-8"))))
    for model in apps.get_models():
        if issubclass(model, WorkflowModel):
            meta = model._meta
            codes |= {f"{meta.app_label}.{meta.model_name}.{step}" for step in model.STEPS}
    return codes


def test_every_recorded_code_has_a_sentence():
    assert recorded() - set(audit._registry.load()) == set()


def test_a_code_that_is_not_literal_is_found():
    assert rules.audit_codes(ast.parse("record(code, row)\nrecord('a.b', row)")) == ["?", "a.b"]
