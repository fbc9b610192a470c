"""Publishing a year to the demo city, against `bulk_create` of the same rows in the same run.

1. INSERT … SELECT of all tasks of the year as one statement; goal: 10 times as fast.
2. The whole act: lists, items, tasks, adoptions, one commit and one audit event a unit, and
   progress in a job; goal: 3 times as fast as `bulk_create` of its lists, items and tasks.

Both sides start from the same empty tables and end with a commit. The instances that
`bulk_create` takes stand ready and are not timed: the comparison favours the baseline. Run by
`benchmarks/run.py` in a process of its own, with a database of its own.
"""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - after setup
from django.db import connection, transaction  # noqa: E402

from apps.checklists.models import Adoption, Checklist, Item, Occurrence  # noqa: E402
from apps.checklists.services import due_dates, publishing  # noqa: E402
from apps.core import jobs  # noqa: E402
from apps.core.act import SYSTEM  # noqa: E402
from apps.core.models import Job  # noqa: E402
from apps.core.working_days import seed_working_days  # noqa: E402
from apps.dashboard.demo import city, people  # noqa: E402
from apps.dashboard.demo.departments import departments  # noqa: E402
from apps.duties.models import CatalogueVersion, committee  # noqa: E402
from apps.duties.services.loading import load_catalogue  # noqa: E402

YEAR, ROUNDS, BATCH = 2026, 5, 2000
MODELS = (Checklist, Item, Occurrence)
GOALS = {"tasks_in_one_statement": 10.0, "whole_act": 3.0}


def build() -> CatalogueVersion:
    """The demo city with its catalogue, and no list yet."""
    call_command("migrate", verbosity=0)
    seed_working_days(years=[YEAR, YEAR + 1], by=SYSTEM)
    since = date(YEAR, 1, 1)
    places, users = people.build(password="bench-bench-bench", since=since)
    city.build(departments(), places=places, users=users, hashed=users["gongwei"].password,
               since=since)
    load_catalogue(by=SYSTEM)
    version = CatalogueVersion.objects.order_by("-year", "-code").first()
    due_dates.write_slots(version=version, year=YEAR)
    return version


def empty(*models) -> None:
    """Empty the tables as if nothing had been there: the pages too, where the engine can."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(model._meta.db_table for model in models)
            cursor.execute(f"TRUNCATE {names} CASCADE")
            return
        if Item in models:
            cursor.execute("UPDATE checklists_item SET fulfilled_by_id = NULL")
        for model in models:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def seconds(work: Callable[[], object]) -> float:
    """How long `work` and its commit take."""
    start = time.perf_counter()
    with transaction.atomic():
        work()
    return time.perf_counter() - start


def copies(model, keys: dict | None = None, link: str = "") -> list:
    """Fresh instances with the values of all rows, without ids; `link` by new keys."""
    names = [each.attname for each in model._meta.concrete_fields if not each.primary_key]
    made = []
    for values in model.unscoped.order_by("pk").values_list(*names):
        row = dict(zip(names, values, strict=True))
        if keys:
            row[link] = keys[row[link]]
        if model is Item:
            row["fulfilled_by_id"] = None
        made.append(model(**row))
    return made


def publish(version) -> float:
    """The whole act as the task does it, with a job whose progress is written."""
    job = jobs.start(kind="publish", title="下发", by=SYSTEM)
    start = time.perf_counter()
    publishing.publish(version=version, year=YEAR, by=SYSTEM, progress=jobs.steps(job))
    took = time.perf_counter() - start
    Job.objects.all().delete()
    return took


def create_all() -> float:
    """`bulk_create` of the lists, items and tasks that stand; they are there again after."""
    ids = {model: list(model.unscoped.order_by("pk").values_list("pk", flat=True))
           for model in (Checklist, Item)}
    lists, items, tasks = (copies(model) for model in MODELS)
    empty(Occurrence, Adoption, Item, Checklist)
    took = seconds(lambda: Checklist.unscoped.bulk_create(lists, batch_size=BATCH))
    keys = dict(zip(ids[Checklist], (each.pk for each in lists), strict=True))
    for item in items:
        item.checklist_id = keys[item.checklist_id]
    took += seconds(lambda: Item.unscoped.bulk_create(items, batch_size=BATCH))
    keys = dict(zip(ids[Item], (each.pk for each in items), strict=True))
    for task in tasks:
        task.item_id = keys[task.item_id]
    return took + seconds(lambda: Occurrence.unscoped.bulk_create(tasks, batch_size=BATCH))


def a_round(version) -> dict[str, float]:
    """Both comparisons once, on the same rows."""
    empty(Occurrence, Adoption, Item, Checklist)
    found = {"whole_act": publish(version)}
    tasks, root = copies(Occurrence), committee()
    empty(Occurrence)
    found["one_statement"] = seconds(lambda: publishing.insert_tasks(
        path=root.path, end=f"{root.path}~", year=YEAR))
    count = Occurrence.unscoped.count()
    if count != len(tasks):
        raise SystemExit(f"one statement made {count} tasks, publishing {len(tasks)}")
    empty(Occurrence)
    found["bulk_create_of_tasks"] = seconds(
        lambda: Occurrence.unscoped.bulk_create(tasks, batch_size=BATCH))
    return found


def referential_checks(median: dict[str, float]) -> dict:
    """On PostgreSQL: what of the one statement is the looking up of foreign keys, which
    `bulk_create` pays as well, and the ratio of what remains on both sides."""
    if connection.vendor != "postgresql":
        return {}
    root, took = committee(), []
    for _ in range(ROUNDS):
        empty(Occurrence)
        with transaction.atomic(), connection.cursor() as cursor:
            publishing.insert_tasks(path=root.path, end=f"{root.path}~", year=YEAR)
            start = time.perf_counter()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            took.append(time.perf_counter() - start)
    checks = statistics.median(took)
    rest = median["bulk_create_of_tasks"] - checks, median["one_statement"] - checks
    return {"foreign_keys": {
        "seconds": round(checks, 4), "share_of_one_statement": round(
            checks / median["one_statement"], 2),
        "ratio_of_the_rest": round(rest[0] / rest[1], 2) if rest[1] > 0 else None}}


def measure() -> dict:
    """All rounds after a warm-up; medians, ratios and whether the goals hold."""
    version = build()
    a_round(version)
    rounds = []
    for _ in range(ROUNDS):
        times = a_round(version)
        empty(Occurrence, Adoption, Item, Checklist)
        publishing.publish(version=version, year=YEAR, by=SYSTEM)
        rounds.append(times | {"bulk_create_of_all": create_all()})
    rows = {model._meta.model_name: model.unscoped.count() for model in MODELS}
    median = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    ratios = {
        "tasks_in_one_statement": median["bulk_create_of_tasks"] / median["one_statement"],
        "whole_act": median["bulk_create_of_all"] / median["whole_act"],
    }
    return {
        "benchmark": "publishing", **conditions(), "rows": rows, "rounds": ROUNDS,
        "seconds": {name: round(value, 4) for name, value in median.items()},
        "ratios": {name: round(value, 2) for name, value in ratios.items()},
        "goals": GOALS, "held": {name: ratios[name] >= GOALS[name] for name in GOALS},
        **referential_checks(median),
    }


def conditions() -> dict:
    """Machine, interpreter, engine and versions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if connection.vendor == "postgresql"
                       else "SELECT sqlite_version()")
        version = cursor.fetchone()[0].split(" (")[0]
    return {
        "engine": connection.vendor, "engine_version": version, "django": django.__version__,
        "python": platform.python_version(), "machine": platform.machine(),
        "processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
        "system": platform.platform(terse=True),
    }


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, ensure_ascii=False, indent=2)
