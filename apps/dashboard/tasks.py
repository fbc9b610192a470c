"""Long work that needs several apps, outside of requests."""

import logging

from django_tasks import task

from apps.checklists.services import succession
from apps.core import jobs
from apps.core.act import SYSTEM, act
from apps.core.calendar import today
from apps.core.models import Job
from apps.organizations.models import Organization, Roster, User
from apps.organizations.roster import apply as rosters
from apps.organizations.tree import unit_of

log = logging.getLogger("fangzhen.tasks")
NOTHING_DONE = "一行也没有装入，可以再装入一次。"
# What the duties of a unit are chosen by.
FACTS = {"leading_body", "is_window"}


def start_roster(*, roster: Roster, by) -> Job:
    """Queue the writing of a checked roster; returns the job whose progress can be watched.

    Raises NotAllowed, or Conflict when it was applied, has refused rows, or another is running.
    """
    with act(by=by):
        rosters.ready(roster=roster, by=by)
    job = jobs.start(kind="roster", title=f"装入名册“{roster.name}”"[:200], by=by)
    Roster.objects.filter(pk=roster.pk).update(job=job)
    apply_roster.enqueue(job_id=job.pk, roster_id=roster.pk, user_id=by.pk)
    return job


@task()
def apply_roster(job_id: int, roster_id: int, user_id: int) -> None:
    """Write everything at once, then bring the lists of units in line whose facts changed; lists
    of what is new are given by the nightly run, or by publishing again."""
    job = Job.objects.get(pk=job_id)
    try:
        roster = Roster.objects.get(pk=roster_id)
        total = sum(roster.counts.values())
        jobs.progress(job, 0, total)
        plan = rosters.apply(roster=roster, by=User.objects.get(pk=user_id))
    except Exception as error:
        log.exception("roster failed", extra={"fields": {"job": job_id}})
        jobs.fail(job, error, kept=NOTHING_DONE)
        return
    jobs.progress(job, total, total)
    follow(place for place, changes, _words in plan.place_changes if FACTS & set(changes))
    counts = plan.counts
    jobs.finish(job, f"新增{counts['new']}行，变更{counts['changed']}行，不变{counts['same']}行。")


def follow(places) -> None:
    """The lists of units whose facts changed follow, a transaction a unit; what fails here is
    caught up by the nightly run."""
    for place in places:
        unit = unit_of(Organization.objects.get(pk=place.pk))
        try:
            succession.reconcile(unit=unit, on=today(), by=SYSTEM,
                                 reason=f"{place.name}的基本情况改了")
        except Exception:
            log.exception("lists did not follow", extra={"fields": {"unit": unit.code}})
