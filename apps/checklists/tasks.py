"""Long work of checklists, outside of requests."""

import logging

from django_tasks import task

from apps.checklists.services import calendar_year, due_dates, events, publishing, versions
from apps.core import jobs
from apps.core.act import SYSTEM
from apps.core.calendar import forget, today
from apps.core.models import Job
from apps.duties.models import CatalogueVersion
from apps.organizations.models import User

log = logging.getLogger("fangzhen.tasks")


def start_publishing(*, version, year: int, by) -> Job:
    """Queue the publishing of a year; returns the job whose progress can be watched.

    Raises NotAllowed, or Conflict while another run is going on or the year's lists stand on
    another version.
    """
    publishing.check(version=version, year=year, by=by)
    job = jobs.start(kind="publish", title=f"下发{year}年清单（{version.title}）", by=by)
    publish_year.enqueue(job_id=job.pk, version_id=version.pk, year=year, user_id=by.pk)
    return job


@task()
def publish_year(job_id: int, version_id: int, year: int, user_id: int) -> None:
    """Publish, unit by unit, and say in the job how far it is."""
    job = Job.objects.get(pk=job_id)
    try:
        made = publishing.publish(
            version=CatalogueVersion.objects.get(pk=version_id), year=year,
            by=User.objects.get(pk=user_id),
            progress=jobs.steps(job))
    except Exception as error:
        log.exception("publishing failed", extra={"fields": {"job": job_id}})
        jobs.fail(job, error)
    else:
        jobs.finish(job, f"{made.units}个单位有新内容：清单{made.lists}份、事项{made.items}项、"
                         f"任务{made.tasks}次。")


def start_settling(*, year: int, by) -> Job:
    """Say that the working days of `year` are entered, and queue the move of its provisional
    dates; returns the job whose progress can be watched.

    Raises NotAllowed or Invalid, or Conflict while another run is going on. For a year that is
    entered already only the move is queued: it goes on where it was broken off.
    """
    calendar_year.settle(year=year, by=by)
    job = jobs.start(kind="settle", title=f"按{year}年工作日安排定下最迟日期", by=by)
    settle_dates.enqueue(job_id=job.pk, year=year)
    return job


@task()
def settle_dates(job_id: int, year: int) -> None:
    """Move the provisional dates of `year` and of the year before, whose last ones lie in its
    January, and say in the job how many."""
    job = Job.objects.get(pk=job_id)
    try:
        forget()  # the page that entered the year runs in another process
        counts = {each: len(due_dates.ready(year=each)) for each in (year - 1, year)}
        total, moved, before = sum(counts.values()), 0, 0
        for each, count in counts.items():
            moved += due_dates.settle(
                year=each, by=SYSTEM,
                progress=lambda done, before=before: jobs.progress(job, before + done, total))
            before += count
    except Exception as error:
        log.exception("settling failed", extra={"fields": {"job": job_id}})
        jobs.fail(job, error)
    else:
        jobs.finish(job, f"定下{total}个期限，{moved}次任务换了最迟日期。" if total
                    else "没有暂定的日期要定。")


def start_applying(*, version, year: int, by) -> Job:
    """Queue the change of a year's lists to another version of the catalogue.

    Raises what `versions.check` raises, or Conflict while another run is going on.
    """
    versions.check(version=version, year=year, by=by)
    job = jobs.start(kind="apply", title=f"{year}年清单改用责任目录{version.code}", by=by)
    apply_version.enqueue(job_id=job.pk, version_id=version.pk, year=year, user_id=by.pk)
    return job


@task()
def apply_version(job_id: int, version_id: int, year: int, user_id: int) -> None:
    """Apply, unit by unit, and say in the job how far it is."""
    job = Job.objects.get(pk=job_id)
    try:
        done = versions.apply(
            version=CatalogueVersion.objects.get(pk=version_id), year=year,
            by=User.objects.get(pk=user_id),
            progress=lambda count, total: jobs.progress(job, count, total))
    except Exception as error:
        log.exception("applying failed", extra={"fields": {"job": job_id}})
        jobs.fail(job, error)
    else:
        all_ = done.total
        jobs.finish(job, f"{done.units}个单位的清单有变化：事项新增{all_.added}项、"
                         f"修改{all_.changed}项、撤下{all_.withdrawn}项、恢复{all_.returned}项；"
                         f"任务新增{all_.tasks}次、改期{all_.moved}次、免报{all_.excused}次。")


@task()
def pull_events() -> None:
    """Open the tasks of appointments not yet answered for. A page that registers one queues
    this after its commit; the daily timer catches up."""
    events.pull(by=SYSTEM, day=today())
