"""The check of the audit's chain as a task: for the page of the auditor and every night."""

import logging

from django_tasks import task

from apps.core import audit, jobs
from apps.core.act import SYSTEM, act, record
from apps.core.errors import Conflict
from apps.core.models import AuditEvent, Job

KIND = "verify"
TITLE = "校验审计链"
log = logging.getLogger("fangzhen.audit")


def head() -> AuditEvent | None:
    """The last event: its hash stands for the whole chain."""
    return AuditEvent.objects.order_by("-number").first()


def last_check() -> Job | None:
    """The latest check that came to an end."""
    done = Job.objects.filter(kind=KIND).exclude(state=Job.State.RUNNING)
    return done.order_by("-pk").first()


def start(*, by) -> Job:
    """Queue a check; returns its job. Raises Conflict while one is running."""
    with act(by=by):
        job = jobs.start(kind=KIND, title=TITLE, by=by)
        record("core.auditevent.verify", None)
    verify.enqueue(job_id=job.pk)
    return job


@task()
def verify(job_id: int) -> None:
    """Check from the first event to the last and say in the job what was found."""
    job = Job.objects.get(pk=job_id)
    try:
        check(job)
    except Exception as error:
        log.exception("the check of the audit failed", extra={"fields": {"job": job_id}})
        jobs.fail(job, error)


def check(job: Job) -> bool:
    """Whether the chain holds; closes the job with the result."""
    last = head()
    total = last.number if last else 0
    step = jobs.steps(job)
    broken = audit.broken_at(lambda number: step(number, total))
    if broken:
        log.error("the audit does not hold", extra={"fields": {"number": broken[0]}})
        jobs.progress(job, broken[0], total)
        jobs.stop(job, f"审计链在第{broken[0]}条断开：{broken[1]}。请保留现场，马上报告部署单位。")
        return False
    jobs.progress(job, total, total)
    jobs.finish(job, f"审计链完整，共{total}条，末条校验值{last.hash if last else audit.GENESIS}。")
    return True


def nightly() -> str:
    """The check of the night, by the system; what it found, in a word for the log."""
    try:
        return "holds" if check(jobs.start(kind=KIND, title=TITLE, by=SYSTEM)) else "broken"
    except Conflict:
        return "already running"
