"""Rules of the house about Python sources, each a function from a tree to findings.

A finding is "line: what". `test_conventions.py` applies them to our files and shows
with a planted line that each of them finds what it forbids.
"""

import ast
from collections.abc import Iterator

CLOCK = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"),
         ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"),
         ("time", "time")}
# Calls that read by a due date instead of writing one.
READS = {"filter", "exclude", "get", "Q", "light"}
# Querysets that begin with a person's scope.
SCOPES_ITSELF = {"visible_to", "to_review"}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Every function and method."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def called(node: ast.Call) -> str:
    """The last name of what is called: `a.b.c()` -> "c"."""
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of these names; all calls without any."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (not names or called(node) in names):
            yield node


def strings(nodes) -> list[str]:
    """The literal strings among the nodes."""
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def imports_inside_functions(tree: ast.AST) -> list[str]:
    """Imports of our apps that hide in a function; `import_module` of a literal too."""
    found = []
    for function in functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "apps"] if node.level == 0 else ["apps"]
            elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
                names = ["apps" if not node.args or not isinstance(node.args[0], ast.Constant)
                         else str(node.args[0].value)]
            else:
                continue
            if any(name.partition(".")[0] == "apps" for name in names):
                found.append(f"{node.lineno}: import inside {function.name}()")
    return found


def signals(tree: ast.AST) -> list[str]:
    """Receivers of signals: business rules are called, never listened for."""
    found = [f"{node.lineno}: connect()" for node in calls(tree, "connect")]
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", []):
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(target, "id", getattr(target, "attr", "")) == "receiver":
                found.append(f"{node.lineno}: @receiver")
    return found


def _assigned(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        else:
            continue
        for target in targets:
            yield from target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]


def assigns(tree: ast.AST, name: str) -> list[str]:
    """`x.name = …`, `setattr(x, "name", …)`, `.update(name=…)`, `bulk_update(…, ["name"])`."""
    found = [f"{target.lineno}: .{name} =" for target in _assigned(tree)
             if isinstance(target, ast.Attribute) and target.attr == name]
    for node in calls(tree, "setattr"):
        if name in strings(node.args[1:2]):
            found.append(f"{node.lineno}: setattr {name}")
    for node in calls(tree, "update", "update_or_create"):
        if any(keyword.arg == name for keyword in node.keywords):
            found.append(f"{node.lineno}: update({name}=)")
    for node in calls(tree, "bulk_update"):
        if any(name in strings(ast.walk(each)) for each in node.args[1:]):
            found.append(f"{node.lineno}: bulk_update {name}")
    return found


def writes_due_dates(tree: ast.AST) -> list[str]:
    """Assignments, keywords of making calls, and SQL that write `due_on`."""
    found = assigns(tree, "due_on")
    for node in calls(tree):
        if called(node) not in READS and any(k.arg == "due_on" for k in node.keywords):
            found.append(f"{node.lineno}: {called(node)}(due_on=)")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (
            "due_on" in node.value and ("INSERT INTO" in node.value or "UPDATE " in node.value)
        ):
            found.append(f"{node.lineno}: SQL with due_on")
    return sorted(set(found))


def unscoped(tree: ast.AST) -> list[str]:
    """Uses of `.unscoped` that are neither scoped at once nor handed to get_visible_or_404."""
    fine = set()
    for node in calls(tree, "get_visible_or_404"):
        fine |= {each for arg in node.args[:1] for each in ast.walk(arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in SCOPES_ITSELF:
            fine.add(node.value)
    return [f"{node.lineno}: .unscoped" for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == "unscoped" and node not in fine]


def unescaped(tree: ast.AST) -> list[str]:
    """Text that reaches a page without being escaped."""
    found = []
    for node in calls(tree, "mark_safe", "SafeString", "SafeText"):
        found.append(f"{node.lineno}: {called(node)}()")
    for node in calls(tree, "format_html", "format_html_join"):
        if not node.args or not isinstance(node.args[0], ast.Constant):
            found.append(f"{node.lineno}: {called(node)} of a text that is not literal")
    for target in _assigned(tree):
        if isinstance(target, ast.Attribute) and target.attr == "allow_tags":
            found.append(f"{target.lineno}: allow_tags")
    return found


def asks_the_clock(tree: ast.AST) -> list[str]:
    """The server's own idea of now and today."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (last, node.attr) in CLOCK:
                found.append(f"{node.lineno}: {last}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils.timezone":
            names = {alias.name for alias in node.names} & {"now", "localdate", "localtime"}
            found += [f"{node.lineno}: {name} of django.utils.timezone" for name in sorted(names)]
    return found


def long_functions(tree: ast.AST, limit: int) -> list[str]:
    """Functions of more than `limit` lines, from `def` to the last."""
    return [f"{f.lineno}: {f.name}() has {f.end_lineno - f.lineno + 1} lines"
            for f in functions(tree) if f.end_lineno - f.lineno + 1 > limit]


def long_classes(tree: ast.AST, limit: int) -> list[str]:
    """Classes of more than `limit` lines."""
    return [f"{c.lineno}: {c.name} has {c.end_lineno - c.lineno + 1} lines"
            for c in ast.walk(tree)
            if isinstance(c, ast.ClassDef) and c.end_lineno - c.lineno + 1 > limit]


def environment(tree: ast.AST) -> set[str]:
    """Names of environment variables that the source reads."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if last in ("env", "environ") or (last == "os" and node.func.attr == "getenv"):
                found |= set(strings(node.args[:1]))
        elif isinstance(node, ast.Call) and called(node) in ("env", "whole", "switch",
                                                            "day_of_year"):
            found |= set(strings(node.args[:1]))
        elif isinstance(node, ast.Subscript) and getattr(
            node.value, "attr", getattr(node.value, "id", "")
        ) in ("env", "environ"):
            found |= set(strings([node.slice]))
    return found


def audit_codes(tree: ast.AST) -> list[str]:
    """Codes that the source records by name; "?" for one that is not literal."""
    return [(strings(node.args[:1]) or ["?"])[0]
            for node in calls(tree, "record") if node.args]
