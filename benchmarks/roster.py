"""A roster of 5,000 rows: checked with 37 bad ones, checked whole, applied; and the two files
that stop a server by CPU alone (reliability.md, fact 6).

Goals are issue 4's: 30 s and 300 MB for the rows, 10 s for the bombs. Memory is the peak of
this process, the framework included; the reading child beside it has a limit of its own. Run by
`benchmarks/run.py` in a process of its own, with a database of its own.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - after setup

from apps.core.act import SYSTEM  # noqa: E402
from apps.core.errors import Invalid  # noqa: E402
from apps.core.tables import read  # noqa: E402
from apps.core.working_days import seed_working_days  # noqa: E402
from apps.dashboard.demo import city, people  # noqa: E402
from apps.dashboard.demo.departments import departments  # noqa: E402
from apps.organizations.models import User  # noqa: E402
from apps.organizations.roster import apply  # noqa: E402
from benchmarks.publishing import conditions  # noqa: E402
from tests.organizations import roster_files as made  # noqa: E402

YEAR, ROWS, BAD = 2026, 5000, 37
SECONDS, MEGABYTES, BOMB_SECONDS = 30, 300, 10


def build() -> User:
    """The demo city without lists; returns an administrator."""
    call_command("migrate", verbosity=0)
    seed_working_days(years=[YEAR], by=SYSTEM)
    since = date(YEAR, 1, 1)
    places, users = people.build(password="bench-bench-bench", since=since)
    city.build(departments(), places=places, users=users, hashed=users["gongwei"].password,
               since=since)
    return User.objects.get(username="gongwei_admin")


def spoilt() -> list[tuple[str, str]]:
    """5,000 people, 37 of them without an account."""
    return [("" if number < BAD * 135 and number % 135 == 0 else f"n{number}", f"人员{number}")
            for number in range(ROWS)]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """How long it takes, and what comes of it."""
    start = time.perf_counter()
    found = work()
    return round(time.perf_counter() - start, 2), found


def refusal(file) -> str:
    """The sentence with which a file is refused; empty when it is read."""
    try:
        read.read(file)
    except Invalid as refused:
        return refused.message
    return ""


def megabytes(who: int) -> int:
    """Peak of resident memory."""
    return resource.getrusage(who).ru_maxrss // 1024


def measure() -> dict:
    """Each file once: what is slow here is slow every time."""
    by = build()
    start = megabytes(resource.RUSAGE_SELF)
    took, sizes = {}, {}
    bad, whole = made.workbook(people=spoilt()), made.workbook(*made.city_rows(ROWS))
    sizes["whole"], before = whole.size, megabytes(resource.RUSAGE_SELF)
    took["check_with_37_bad"], roster = timed(lambda: apply.check(uploads=[bad], by=by))
    refused = [line for line in roster.lines if line[3] == "refused"]
    took["check"], roster = timed(lambda: apply.check(uploads=[whole], by=by))
    took["apply"], plan = timed(lambda: apply.apply(roster=roster, by=by))
    took["passwords"], given = timed(lambda: apply.fetch(roster=roster, by=by))
    peak = {"framework": start, "with_files_made": before,
            "process": megabytes(resource.RUSAGE_SELF)}
    bombs = {}
    for name, make in (("packed", made.packed_bomb), ("far", made.far_bomb)):
        file = make()
        took[f"bomb_{name}"], bombs[name] = timed(lambda file=file: refusal(file))
    held = {
        "37_lines": len(refused) == BAD, "all_applied": plan.counts["new"] == ROWS,
        "seconds": max(took["check_with_37_bad"], took["check"], took["apply"]) < SECONDS,
        "megabytes": peak["process"] < MEGABYTES,
        "bombs": all(bombs.values()) and max(
            took["bomb_packed"], took["bomb_far"]) < BOMB_SECONDS,
    }
    return {"benchmark": "roster", **conditions(), "rows": ROWS, "seconds": took, "bytes": sizes,
            "passwords": len(given), "peak_megabytes": peak, "bombs": bombs,
            "goals": {"seconds": SECONDS, "megabytes": MEGABYTES, "bombs": BOMB_SECONDS},
            "held": held}


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, ensure_ascii=False, indent=2)
