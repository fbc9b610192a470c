"""The habits of the house in templates and static files; each rule shows that it can fail."""

import ast
from pathlib import Path

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests import source_rules
from tests import template_rules as rules

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(p for p in ROOT.glob("apps/*/static/**/*")
                if p.suffix in (".css", ".js", ".svg", ".html"))
# Drawn by the library from its own secret; no word of a person is in it.
FROM_LIBRARIES = {"mfa/totp/activate_form.html": ["{{ totp_svg|safe }}"]}


def name(path: Path) -> str:
    """The name under which a view asks for it."""
    return path.relative_to(ROOT / "templates").as_posix()


def text_of(path: Path) -> str:
    """The template without what `FROM_LIBRARIES` lets pass."""
    text = path.read_text("utf-8")
    for allowed in FROM_LIBRARIES.get(name(path), ()):
        assert allowed in text
        text = text.replace(allowed, "")
    return text


RULES = {
    "no script and no style stands inline": (rules.inline, (
        "<script>alert(1)</script>", "<script src='x.js'>alert(1)</script>",
        "<style>p {}</style>", '<p class="a" style="color: red">', '<p\n  style="x">',
        '<button onclick="go()">', "<body\n onload=go()>", '<a href="javascript:go()">',
        '<img src="data:image/png;base64,AA">')),
    "words of people are escaped": (rules.unescaped, (
        "{{ words|safe }}", "{{ words | safe }}", "{% autoescape off %}", "{{ list|safeseq }}",
        "{% filter safe %}")),
    "nothing is asked of another host": (rules.foreign, (
        '<a href="https://example.com/">', "@import url(http://cdn.example/x.css)")),
    "what is included is named a partial": (rules.included, (
        '{% include "checklists/task.html" %}', "{% include 'page.html' with a=1 %}")),
    "what is extended is named a page": (rules.extended, ('{% extends "a/_part.html" %}',)),
}


@pytest.mark.parametrize("rule", RULES)
def test_our_templates_keep_the_rule(rule):
    found = {name(path): RULES[rule][0](text_of(path)) for path in TEMPLATES}
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("rule, text", [(r, t) for r in RULES for t in RULES[r][1]])
def test_a_planted_line_breaks_the_rule(rule, text):
    assert RULES[rule][0](text)


def test_a_script_with_a_source_and_a_namespace_break_nothing():
    text = ('<script src="/static/x.js" defer></script><svg xmlns="http://www.w3.org/2000/svg">'
            '<p class="style" data-on="x">{{ words }}</p>{% include "a/_part.html" %}')
    assert [rules.inline(text), rules.foreign(text), rules.included(text)] == [[], [], []]


def test_our_static_files_ask_nothing_of_another_host():
    assert STATIC
    found = {path.name: rules.foreign(path.read_text("utf-8")) for path in STATIC}
    assert {path: each for path, each in found.items() if each} == {}


def test_templates_have_at_most_120_lines():
    counts = {name(path): len(path.read_text("utf-8").splitlines()) for path in TEMPLATES}
    assert {path: count for path, count in counts.items() if count > 120} == {}


def rendered(tree: ast.AST) -> set[str]:
    """Names of templates that a source mentions."""
    return {s for s in source_rules.strings(ast.walk(tree)) if s.endswith(".html")}


def mentioned() -> set[str]:
    """Templates that a view renders, that stand in another one, or that a library asks for."""
    found = set()
    for path in ROOT.glob("apps/**/*.py"):
        found |= rendered(ast.parse(path.read_text("utf-8")))
    for path in TEMPLATES:
        for other in TEMPLATES:
            if f'"{name(other)}"' in path.read_text("utf-8"):
                found.add(name(other))
    return found


def test_every_template_is_used():
    ours = {name(path) for path in TEMPLATES if not name(path).startswith(rules.LIBRARY)}
    assert ours - mentioned() == set()


def test_every_template_that_is_asked_for_is_there():
    missing = []
    for wanted in sorted(mentioned()):
        try:
            get_template(wanted)
        except TemplateDoesNotExist:
            missing.append(wanted)
    assert missing == []


def test_a_partial_is_a_page_only_where_htmx_asks_for_it():
    partials = {wanted for path in ROOT.glob("apps/**/*.py")
                for wanted in rendered(ast.parse(path.read_text("utf-8")))
                if wanted.rpartition("/")[2].startswith("_")}
    assert partials == {"dashboard/_job.html"}
