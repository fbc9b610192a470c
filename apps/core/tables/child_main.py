"""Runs alone as a short-lived process: reads one hostile workbook or CSV into plain cells.

Started by `read.py`; like its neighbours `child_*` it imports nothing of the app but them. What
it read lies in a file, why it did not is its exit code.

A cell in the answer is null, a string, or a pair: ["n", number], ["d", "2026-01-04"],
["b", "1"], ["e", "#N/A"], ["f", ""] a formula without its value, ["x", number] no such day.
"""

import json
import os
import resource

from apps.core.tables import child_csv
from apps.core.tables.child_codes import DONE, TOO_MUCH, UNREADABLE, Budget, Stop
from apps.core.tables.child_workbook import Workbook


def main(arguments: list[str]) -> int:
    """`source target unpacked members rows columns cpu memory output` -> exit code."""
    source, target, *figures = arguments
    unpacked, members, rows, columns, cpu, memory, output = map(int, figures)
    limit(cpu, memory, output)
    budget = Budget(unpacked, members, rows, columns)
    try:
        with open(source, "rb") as file:
            is_archive = file.read(4) == b"PK\x03\x04"
        book = Workbook(source, budget).read() if is_archive else child_csv.read(source, budget)
        with open(target, "w", encoding="utf-8", errors="replace") as answer:
            json.dump(book, answer, ensure_ascii=False)
    except Stop as stop:
        return stop.args[0]
    except MemoryError:
        return TOO_MUCH
    except Exception:  # whatever a hostile file provokes, the answer is the same
        return UNREADABLE
    return DONE


def limit(cpu: int, memory: int, output: int) -> None:
    """Bound this process; behind the web workers in the queue for the processor."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
