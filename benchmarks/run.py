"""Run the benchmarks on SQLite and, where a server answers, on PostgreSQL; print and keep them.

`make bench` calls it. Each engine gets a process, a data directory and a database of its own,
which are gone afterwards. The goals must hold on SQLite, on which the demo runs; on PostgreSQL
they are printed beside what its foreign keys cost, which both sides pay.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
NAMES = ("publishing", "roster")
SCRATCH = f"fangzhen_bench_{os.getpid()}"


def measure(name: str, url: str, folder: str) -> dict:
    """One benchmark in a process of its own."""
    settings = {**os.environ, "DEMO": "1", "DEBUG": "0", "DATA_DIR": folder,
                "DATABASE_URL": url or f"sqlite:///{folder}/bench.sqlite3"}
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, env=settings,
                          stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def scratch(url: str, statement: str) -> str:
    """Create or drop the scratch database; its address, or nothing where no server answers."""
    try:
        server = psycopg2.connect(url, connect_timeout=3)
    except psycopg2.OperationalError:
        return ""
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"{statement} {SCRATCH}")
    server.close()
    return urlsplit(url)._replace(path=f"/{SCRATCH}").geturl()


def keep(found: dict) -> None:
    """Print a result and write it to `results/`."""
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    sys.stdout.write(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{found['benchmark']}-{found['engine']}.json").write_text(text, "utf-8")


def main() -> int:
    """0 when the goals hold on SQLite."""
    held = []
    for name in NAMES:
        with tempfile.TemporaryDirectory(prefix="fangzhen-bench-") as folder:
            lite = measure(name, "", folder)
        keep(lite)
        held += lite["held"].values()
    server = os.environ.get("TEST_DATABASE_URL", "")
    for name in NAMES:
        if not server or not (url := scratch(server, "CREATE DATABASE")):
            sys.stdout.write("no PostgreSQL answers: its figures are left out\n")
            break
        try:
            with tempfile.TemporaryDirectory(prefix="fangzhen-bench-") as folder:
                keep(measure(name, url, folder))
        finally:
            scratch(server, "DROP DATABASE")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
