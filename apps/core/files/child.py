"""Opens hostile files in a process that may crash, hang or be killed without harm."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from apps.core.errors import Invalid
from apps.core.files import child_main, sentences
from apps.core.files.limits import Limits

_REFUSALS = {
    child_main.TOO_MANY_PIXELS: sentences.TOO_MANY_PIXELS,
    child_main.LOCKED: sentences.LOCKED,
    child_main.SCRIPT: sentences.SCRIPT,
    child_main.PROGRAM: sentences.PROGRAM,
}


@dataclass(frozen=True)
class Made:
    """What the child left in its folder; `opening` are the first words of a PDF."""

    clean: Path | None = None
    preview: Path | None = None
    opening: str = ""


def clean_picture(source: Path, folder: Path, limits: Limits) -> Made:
    """A picture without metadata, upright and at most 2400 px, and its preview of 1200 px.

    Raises Invalid when the picture cannot be opened within the limits.
    """
    code = _run("picture", source, folder, limits)
    _refuse(code, limits)
    if code != child_main.DONE:
        raise Invalid(sentences.UNREADABLE_PICTURE)
    return Made(folder / child_main.CLEAN, folder / child_main.PREVIEW)


def open_pdf(source: Path, folder: Path, limits: Limits) -> Made:
    """The first page of a PDF as a picture; nothing when the child crashed or hung.

    Raises Invalid for a password, a script or a program inside.
    """
    code = _run("pdf", source, folder, limits)
    _refuse(code, limits)
    opening = folder / child_main.OPENING
    return Made(
        preview=folder / child_main.PREVIEW if code == child_main.DONE else None,
        opening=opening.read_text("utf-8") if opening.exists() else "",
    )


def _refuse(code: int, limits: Limits) -> None:
    if code in _REFUSALS:
        raise Invalid(_REFUSALS[code].format(millions=limits.pixels // 1_000_000))


def _run(job: str, source: Path, folder: Path, limits: Limits) -> int:
    """The exit code; UNREADABLE when the time on the clock was up and the child was killed."""
    command = [
        # Isolated: neither the folder of the file nor variables change what is imported.
        sys.executable, "-I", child_main.__file__, job, str(source), str(folder),
        str(limits.pixels), str(limits.cpu_seconds), str(limits.memory_bytes),
        str(limits.output_bytes),
    ]
    try:
        done = subprocess.run(  # noqa: S603  our own program with our own paths
            command,
            timeout=limits.wall_seconds,
            # The secrets of the app stay out of a process that a file may take over.
            env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return child_main.UNREADABLE
    return done.returncode
