"""Progress of long work. Written outside the work's transactions, so that it shows."""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction

from apps.core.calendar import now
from apps.core.errors import Conflict, Refused
from apps.core.models import Job

MESSAGE_LENGTH = 500
# A job that has not moved for so long has lost its worker.
SILENCE = timedelta(minutes=5)
# How long a step is shown before the next.
STEP = timedelta(seconds=1)
STOPPED = "没有做完：后台进程停了。已做的保留，可以再做一次接着做。"


def start(*, kind: str, title: str, by) -> Job:
    """Open a job. Raises Conflict while one of the same kind is running."""
    Job.objects.silent_since(now() - SILENCE).filter(kind=kind).update(
        state=Job.State.FAILED, message=STOPPED, finished_at=now())
    try:
        with transaction.atomic():
            return Job.objects.create(kind=kind, title=title, created_by=by if by.pk else None,
                                      created_at=now(), moved_at=now())
    except IntegrityError:
        raise Conflict("同样的事项正在进行，做完再开始下一次。") from None


def is_silent(job: Job) -> bool:
    """Running by its row, but without a sign of its worker."""
    return job.state == Job.State.RUNNING and job.moved_at < now() - SILENCE


def progress(job: Job, done: int, total: int) -> None:
    """Note how far it is."""
    job.done, job.total, job.moved_at = done, total, now()
    job.save(update_fields=["done", "total", "moved_at"])


def steps(job: Job) -> Callable[[int, int], None]:
    """`progress` for work of many small steps: the end always, before that no oftener than
    somebody can read, since each note is a commit of its own."""

    def note(done: int, total: int) -> None:
        job.done, job.total = done, total  # kept for whoever closes the job
        if done == total or now() - job.moved_at >= STEP:
            progress(job, done, total)

    return note


def finish(job: Job, message: str) -> None:
    """Close the job with what it has made."""
    _close(job, Job.State.DONE, message)


def stop(job: Job, finding: str) -> None:
    """Close the job as one that could not go on, with what it has found."""
    _close(job, Job.State.FAILED, finding)


KEPT = "已做的保留，可以再做一次接着做。"


def fail(job: Job, error: Exception, *, kept: str = KEPT) -> None:
    """Close the job with a sentence; `kept` says what has become of what was done."""
    reason = error.message if isinstance(error, Refused) else "出了意外，已记入运行日志"
    _close(job, Job.State.FAILED, f"没有做完：{reason.rstrip('。')}。{kept}")


def _close(job: Job, state: str, message: str) -> None:
    job.state, job.message, job.finished_at = state, message[:MESSAGE_LENGTH], now()
    job.save(update_fields=["state", "message", "finished_at", "done", "total"])
