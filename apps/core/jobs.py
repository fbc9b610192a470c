"""Progress of long work. Written outside the work's transactions, so that it shows."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from apps.core.calendar import now
from apps.core.errors import Conflict, Refused
from apps.core.models import Job

MESSAGE_LENGTH = 500
# A job that has not moved for so long has lost its worker.
SILENCE = timedelta(minutes=5)
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


def finish(job: Job, message: str) -> None:
    """Close the job with what it has made."""
    _close(job, Job.State.DONE, message)


def fail(job: Job, error: Exception) -> None:
    """Close the job with a sentence; what was done stays, and the next run goes on from there."""
    reason = error.message if isinstance(error, Refused) else "出了意外，已记入运行日志"
    _close(job, Job.State.FAILED, f"没有做完：{reason}。已做的保留，可以再下发一次接着做。")


def _close(job: Job, state: str, message: str) -> None:
    job.state, job.message, job.finished_at = state, message[:MESSAGE_LENGTH], now()
    job.save(update_fields=["state", "message", "finished_at"])
