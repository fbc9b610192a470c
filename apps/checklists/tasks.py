"""Long work of checklists, outside of requests."""

import logging

from django_tasks import task

from apps.checklists.services import publishing
from apps.core import jobs
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
            progress=lambda done, total: jobs.progress(job, done, total))
    except Exception as error:
        log.exception("publishing failed", extra={"fields": {"job": job_id}})
        jobs.fail(job, error)
    else:
        jobs.finish(job, f"{made.units}个单位有新内容：清单{made.lists}份、事项{made.items}项、"
                         f"任务{made.tasks}次。")
