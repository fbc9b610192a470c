import pytest
from django.db import IntegrityError, transaction

from apps.core import jobs
from apps.core.act import SYSTEM
from apps.core.calendar import now
from apps.core.errors import Conflict, Invalid
from apps.core.models import Job


@pytest.fixture
def start(city):
    """`start(kind)`: a job of the administrator."""
    return lambda kind="publish": jobs.start(kind=kind, title="下发2026年清单",
                                             by=city.user("gongwei_admin"))


def test_a_job_starts_running_and_belongs_to_who_started_it(city, start):
    job = start()
    assert (job.state, job.done, job.total, job.finished_at) == (Job.State.RUNNING, 0, 0, None)
    assert list(Job.objects.of(city.user("gongwei_admin"))) == [job]
    assert not Job.objects.of(city.user("gongwei_admin2")).exists()


def test_a_job_of_the_system_belongs_to_nobody(city):
    assert jobs.start(kind="publish", title="下发", by=SYSTEM).created_by is None


def test_a_second_job_of_a_kind_is_refused_while_one_runs(start):
    start()
    with pytest.raises(Conflict, match="正在进行"):
        start()
    assert Job.objects.count() == 1


def test_the_database_keeps_it_to_one_running_job_a_kind(start):
    job = start()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind=job.kind, title="x", created_at=now(), moved_at=now())
    jobs.finish(job, "做完了")
    assert Job.objects.create(kind=job.kind, title="x", created_at=now(), moved_at=now()).pk


def test_a_job_is_silent_once_it_runs_without_moving_for_too_long(start, later):
    job = start()
    later(minutes=4, seconds=59)
    assert not jobs.is_silent(job)
    later(seconds=2)
    assert jobs.is_silent(job)
    jobs.finish(job, "做完了")
    later(minutes=6)
    assert not jobs.is_silent(job)


def test_a_job_of_another_kind_is_not(start):
    start()
    assert start("import").pk


def test_a_job_that_was_silent_too_long_is_taken_over(start, later):
    silent = start()
    later(minutes=5, seconds=1)
    assert start().pk
    silent.refresh_from_db()
    assert (silent.state, silent.message) == (Job.State.FAILED, jobs.STOPPED)


def test_a_job_that_was_silent_a_little_is_not(start, later):
    start()
    later(minutes=4, seconds=59)
    with pytest.raises(Conflict):
        start()


def test_progress_is_a_sign_of_life(start, later):
    job = start()
    later(minutes=4)
    jobs.progress(job, 3, 14)
    later(minutes=4)
    with pytest.raises(Conflict):
        start()
    job.refresh_from_db()
    assert (job.done, job.total) == (3, 14)


@pytest.mark.parametrize("close", [
    lambda job: jobs.finish(job, "做完了"), lambda job: jobs.fail(job, ValueError("x"))])
def test_a_closed_job_stands_in_nobodys_way(start, close):
    close(start())
    assert start().pk


def test_a_finished_job_says_what_it_made(start):
    job = start()
    jobs.finish(job, "做完了")
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.DONE, "做完了")
    assert job.finished_at is not None


def test_a_refused_job_says_the_rule(start):
    job = start()
    jobs.fail(job, Invalid("目录没有发布"))
    assert job.state == Job.State.FAILED
    assert job.message.startswith("没有做完：目录没有发布。")


def test_a_broken_job_keeps_its_inner_life_to_the_log(start):
    job = start()
    jobs.fail(job, ValueError("password=geheim"))
    assert "geheim" not in job.message
    assert "出了意外" in job.message


def test_a_long_message_is_cut_to_what_the_column_takes(start):
    job = start()
    jobs.finish(job, "长" * 600)
    job.refresh_from_db()
    assert len(job.message) == jobs.MESSAGE_LENGTH


def test_small_steps_are_noted_once_a_second_and_at_the_end(start, later):
    job = start()
    note = jobs.steps(job)
    shown = []
    for done, seconds in ((1, 0), (2, 0), (3, 2), (4, 0), (6, 0)):
        later(seconds=seconds)
        note(done, 6)
        shown.append(Job.objects.get().done)
    assert shown == [0, 0, 3, 3, 6]


def test_a_job_that_fails_between_two_notes_keeps_how_far_it_came(start):
    job = start()
    jobs.steps(job)(2, 6)
    jobs.fail(job, OSError("disk"))
    assert (Job.objects.get().done, Job.objects.get().total) == (2, 6)
