import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from apps.core.errors import Invalid
from apps.core.files import child, child_main
from apps.core.files.limits import MIB, Limits
from tests.core import hostile_files as made

BESIDE = str(Path(child_main.__file__).parent)


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Runs another program in place of the child."""

    def _stand_in(body):
        program = tmp_path / "stand_in.py"
        program.write_text(body)
        monkeypatch.setattr(child_main, "__file__", str(program))

    return _stand_in


@pytest.fixture
def sent(tmp_path):
    """A file as it was sent, in a folder of its own."""

    def _sent(data) -> Path:
        path = tmp_path / "sent"
        path.write_bytes(data)
        return path

    return _sent


def assert_picture_refused(source, limits):
    with pytest.raises(Invalid, match="这张图片打不开，请换一张或重新拍"):
        child.clean_picture(source, source.parent, limits)


@pytest.mark.parametrize("body", ["import time; time.sleep(60)", "while True: pass"])
def test_a_child_that_hangs_is_killed(stand_in, sent, body):
    stand_in(body)
    limits = replace(Limits(), wall_seconds=1)
    started = time.perf_counter()
    assert_picture_refused(sent(made.jpg()), limits)
    assert child.open_pdf(sent(made.pdf()), sent(b"").parent, limits).preview is None
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("body", ["import os; os.abort()", "raise SystemExit(1)"])
def test_a_child_that_crashes_costs_a_pdf_only_its_preview(stand_in, sent, body):
    stand_in(body)
    assert_picture_refused(sent(made.jpg()), Limits())
    assert child.open_pdf(sent(made.pdf()), sent(b"").parent, Limits()).preview is None


def test_the_child_sees_no_secret_of_the_app(stand_in, sent, tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    stand_in(f"import os; open({str(seen)!r}, 'w').write(str(dict(os.environ)))")
    monkeypatch.setenv("SECRET_KEY", "canary-of-the-secret")
    child.clean_picture(sent(made.jpg()), tmp_path, Limits())
    assert seen.read_text()
    assert "canary" not in seen.read_text()


def run_limited(body, **limits) -> subprocess.CompletedProcess:
    figures = {"cpu_seconds": 8, "memory_bytes": 1024 * MIB, "output_bytes": MIB} | limits
    program = (
        f"import sys; sys.path.insert(0, {BESIDE!r})\n"
        f"import child_main; child_main.limit(**{figures})\n{textwrap.dedent(body)}"
    )
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=30, check=False
    )


def test_the_child_cannot_take_more_memory_than_its_limit():
    take = "bytearray(300 << 20)"
    assert run_limited(take).returncode == 0
    assert b"MemoryError" in run_limited(take, memory_bytes=200 * MIB).stderr


def test_the_child_cannot_compute_longer_than_its_limit():
    assert run_limited("while True: pass", cpu_seconds=1).returncode < 0


def test_the_child_cannot_fill_the_disk(tmp_path):
    target = tmp_path / "large"
    done = run_limited(f"open({str(target)!r}, 'wb').write(bytes(2 << 20))")
    assert done.returncode != 0
    assert target.stat().st_size <= MIB


@pytest.mark.parametrize("mode", ["RGBA", "P", "I;16"])
def test_the_largest_picture_allowed_fits_into_the_child(sent, tmp_path, mode):
    path = sent(made.png(8000, 5000, mode))
    assert child.clean_picture(path, tmp_path, Limits()).clean.exists()


def test_the_child_refuses_too_many_pixels_by_itself(sent, tmp_path):
    with pytest.raises(Invalid, match="太大"):
        child.clean_picture(sent(made.png(100, 100)), tmp_path, replace(Limits(), pixels=9_999))


def test_the_child_runs_under_the_limits(sent, tmp_path):
    tight = replace(Limits(), memory_bytes=24 * MIB)
    assert_picture_refused(sent(made.jpg()), tight)
