"""Publishing a year from the admin: form, progress, refusal, failure."""

from types import SimpleNamespace

import pytest

from apps.checklists import tasks
from apps.checklists.models import Checklist
from apps.core import jobs
from apps.core.models import AuditEvent, Job
from apps.duties.models import CatalogueVersion
from tests.city import YEAR

PAGE = "/admin/publish/"


@pytest.fixture
def admin(login):
    return login("gongwei_admin")


@pytest.fixture
def queued(monkeypatch):
    """The task stays in the queue, as with a worker that is busy."""
    monkeypatch.setattr(tasks, "publish_year", SimpleNamespace(enqueue=lambda **values: None))


def start(admin, **typed):
    version = CatalogueVersion.objects.get().pk
    return admin.post(PAGE, {"version": version, "year": YEAR + 1} | typed)


@pytest.mark.parametrize("who, status", [
    ("gongwei_admin", 200), ("gongwei", 403), ("ducha", 403), ("xitong", 403), ("shenji", 403),
    ("jyj_jgdw", 403)])
def test_only_an_administrator_publishes(login, who, status):
    phone = login(who)
    assert phone.get(PAGE).status_code == status
    if status == 403:
        assert phone.post(PAGE, {"version": 1, "year": YEAR + 1}).status_code == 403
        assert not Job.objects.exists()


def test_this_year_is_proposed(admin):
    assert admin.get(PAGE).context["form"].initial == {"year": YEAR}


@pytest.mark.parametrize("typed, sentence", [
    ({"year": YEAR - 1}, f"只能下发{YEAR}年和{YEAR + 1}年的清单。"),
    ({"year": YEAR + 2}, f"只能下发{YEAR}年和{YEAR + 1}年的清单。"),
    ({"year": "明年"}, "年度要填数字，如2026。"), ({"year": ""}, "请填年度。"),
    ({"version": ""}, "请选一个责任目录。"), ({"version": 999}, "没有这个责任目录。")])
def test_what_cannot_be_published_is_said(admin, typed, sentence):
    page = start(admin, **typed)
    assert page.status_code == 200 and sentence in page.text
    assert not Job.objects.exists()


def test_a_version_that_was_only_loaded_is_published_with_the_lists(admin):
    CatalogueVersion.objects.update(state="loaded", published_on=None)
    assert "下发后不再改动" in admin.get("/admin/publish/").text
    start(admin)
    assert CatalogueVersion.objects.get().state == "published"
    assert AuditEvent.objects.filter(code="duties.catalogueversion.publish").count() == 2


def test_an_unknown_version_is_refused(admin):
    assert "没有这个责任目录。" in start(admin, version=0).text


def test_a_run_leads_to_its_progress_and_makes_the_lists(admin):
    answer = start(admin)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert (job.state, job.done, job.total) == (Job.State.DONE, 4, 4)
    assert job.message == "3个单位有新内容：清单15份、事项47项、任务211次。"
    assert Checklist.unscoped.filter(year=YEAR + 1).count() == 15


def test_the_runs_before_are_listed(admin):
    start(admin)
    page = admin.get(PAGE)
    (shown,) = page.context["jobs"]
    assert (shown["state"], shown["by"]) == ("已完成", "周海宁")
    for text in (shown["title"], shown["when"], shown["message"]):
        assert text in page.text


def test_a_second_run_is_refused_while_one_is_going_on(admin, queued):
    start(admin)
    page = start(admin)
    assert page.status_code == 200 and "正在进行，做完再开始下一次。" in page.text
    assert Job.objects.count() == 1


def test_a_run_whose_worker_died_does_not_block_for_ever(admin, queued, later):
    start(admin)
    later(minutes=6)
    assert start(admin).status_code == 302


def test_a_run_that_moves_blocks_on(admin, queued, later):
    start(admin)
    later(minutes=4)
    jobs.progress(Job.objects.get(), 1, 4)
    later(minutes=4)
    assert start(admin).status_code == 200


def test_a_failing_run_says_so_and_what_to_do(admin, monkeypatch):
    def fail(**values):
        values["progress"](2, 4)
        raise OSError("disk")

    monkeypatch.setattr(tasks.publishing, "publish", fail)
    page = admin.get(start(admin)["Location"])
    assert "没有做完：出了意外，已记入运行日志。已做的保留，可以再做一次接着做。" in page.text
    assert "停在了第2步" in page.text and "disk" not in page.text
    assert Job.objects.get().state == Job.State.FAILED


def test_after_a_failure_the_next_run_may_start(admin, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tasks.publishing, "publish", lambda **values: 1 / 0)
        start(admin)
    start(admin)
    assert Job.objects.order_by("-pk").first().state == Job.State.DONE


# --- progress -------------------------------------------------------------------------------


@pytest.fixture
def running(city):
    job = jobs.start(kind="publish", title="下发2027年清单", by=city.user("gongwei_admin"))
    jobs.progress(job, 1, 4)
    return job


def test_progress_is_a_page_with_a_bar(admin, running):
    page = admin.get(f"/jobs/{running.pk}/")
    assert page.context["job"]["width"] == "25.0"
    for text in ("下发2027年清单", "1 / 4", f'hx-get="/jobs/{running.pk}/"', "<noscript>"):
        assert text in page.text


def test_htmx_gets_the_bar_alone(admin, running):
    page = admin.get(f"/jobs/{running.pk}/", HTTP_HX_REQUEST="true")
    assert page.text.strip().startswith('<div class="fz-job"')
    assert "<html" not in page.text


def test_a_finished_run_no_longer_asks(admin, running):
    jobs.finish(running, "好了")
    page = admin.get(f"/jobs/{running.pk}/", HTTP_HX_REQUEST="true")
    assert "hx-get" not in page.text and "做完了" in page.text


def test_a_run_that_has_not_begun_shows_an_empty_bar(admin, city):
    job = jobs.start(kind="publish", title="下发", by=city.user("gongwei_admin"))
    assert admin.get(f"/jobs/{job.pk}/").context["job"]["width"] == "0"


@pytest.mark.parametrize("who", ["gongwei_admin2", "gongwei", "jyj_zb1"])
def test_progress_is_seen_by_who_started_it(login, running, who):
    assert login(who).get(f"/jobs/{running.pk}/").status_code == 404
