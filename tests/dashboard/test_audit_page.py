"""The auditor's page: events are found and exported, the chain is checked."""

import tracemalloc
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import models
from openpyxl import load_workbook

from apps.core import audit, chain, spreadsheets
from apps.core.act import SYSTEM, act, record
from apps.core.errors import Conflict
from apps.core.models import AuditEvent, Job
from apps.dashboard import audit_page
from apps.dashboard.audit_page import families, family
from apps.dashboard.management.commands import daily
from apps.organizations import lockout, services
from tests.city import TODAY

PAGE, EXPORT, VERIFY = "/admin/audit/", "/admin/audit/export/", "/admin/audit/verify/"
# Past the model: what somebody with the database in hand would do.
RAW = models.QuerySet(AuditEvent)


@pytest.fixture
def desk(login):
    """The auditor's browser."""
    return login("shenji")


def said(page) -> list[str]:
    return [row["sentence"] for row in page.context["rows"]]


def rename(city) -> None:
    services.rename(organization=city.place("jyj_zb1"), name="示范支部", short_name="示范",
                    on=TODAY, by=city.user("gongwei_admin"))


def sheet(response) -> list[list]:
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.mark.parametrize("who", ["gongwei_admin", "gongwei", "ducha", "xitong", "jyj_zb1"])
def test_nobody_else_reads_searches_exports_or_checks(login, who):
    phone = login(who)
    assert phone.get(PAGE).status_code == 403
    assert phone.post(EXPORT).status_code == phone.post(VERIFY).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("address", [
    "/organizations/", "/organizations/tree/", "/lists/", "/corrections/", "/review/",
    "/admin/organizations/organization/", "/admin/organizations/user/", "/admin/duties/duty/",
    "/admin/review/", "/admin/years/", "/admin/publish/"])
def test_the_auditor_reads_nothing_else(desk, address):
    assert desk.get(address).status_code == 403


def test_the_newest_sentence_comes_first(city, desk):
    rename(city)
    assert said(desk.get(PAGE))[0] == "周海宁把市教育局机关第一党支部更名为示范支部"


@pytest.mark.parametrize("query", [
    {"person": "周海宁"}, {"person": "海宁"}, {"target": "示范"}, {"since": "2026.11.23"},
    {"about": "organizations.organization"}, {"since": "11月23日", "until": "11月23日"},
    {"outcome": "done", "target": "示范支部"}])
def test_each_way_of_searching_finds_it(city, desk, later, query):
    later(days=-1)
    with act(by=SYSTEM):
        record("organizations.user.login_failed", None, username="昨天")
    later(days=1)
    rename(city)
    found = said(desk.get(PAGE, query))
    assert "周海宁把市教育局机关第一党支部更名为示范支部" in found and "昨天" not in str(found)


@pytest.mark.parametrize("query", [
    {"person": "没有这个人"}, {"target": "没有"}, {"until": "2026.11.22", "target": "示范"},
    {"about": "checklists.petition"}, {"outcome": "refused"}, {"request_id": "0" * 36}])
def test_what_does_not_fit_is_not_found(city, desk, query):
    rename(city)
    assert not any("示范支部" in each for each in said(desk.get(PAGE, query)))


def test_a_person_is_found_by_his_number_and_a_refusal_by_its_request(city, login, desk):
    answer = login("jyj_zb1").get("/admin/")
    request = answer["X-Request-Id"]
    (row,) = desk.get(PAGE, {"request_id": request}).context["rows"]
    assert "李一帆没有办成" in row["sentence"] and row["badge"].word == "未准"
    number = str(city.user("jyj_zb1").pk)
    assert {r["who"] for r in desk.get(PAGE, {"person": number}).context["rows"]} == {"李一帆"}


@pytest.mark.parametrize("query, field", [
    ({"since": "昨天"}, "since"), ({"until": "2026.13.1"}, "until"), ({"about": "x"}, "about"),
    ({"since": "2026.11.23", "until": "2026.11.1"}, "until"), ({"outcome": "x"}, "outcome")])
def test_a_condition_that_is_none_is_said_at_its_field(desk, query, field):
    page = desk.get(PAGE, query)
    assert page.status_code == 200 and set(page.context["form"].errors) == {field}


def test_every_code_has_a_family_with_a_chinese_name():
    names = dict(families())
    assert {family(code) for code in audit.codes()} == set(names)
    assert not any(name.isascii() for name in names.values())


def test_older_events_follow_without_being_counted(desk, monkeypatch):
    monkeypatch.setattr(audit_page, "PAGE", 10)
    first = desk.get(PAGE)
    second = desk.get(PAGE + first.context["older_url"])
    numbers = [row["number"] for row in first.context["rows"]]
    assert [row["number"] for row in second.context["rows"]] == [
        number - 10 for number in numbers]
    assert second.context["newest_url"] and not first.context["newest_url"]
    assert desk.get(PAGE, {"before": "x"}).context["rows"]
    last = desk.get(PAGE, {"before": "3"})
    assert [row["number"] for row in last.context["rows"]] == [2, 1]
    assert not last.context["older_url"]


def test_filters_stay_while_one_goes_back(desk, monkeypatch):
    monkeypatch.setattr(audit_page, "PAGE", 2)
    older = desk.get(PAGE, {"person": "系统"}).context["older_url"]
    assert "person=" in older and "before=" in older


# --- export -------------------------------------------------------------------------------


def test_the_file_says_in_its_head_what_was_asked(city, desk):
    rename(city)
    rows = sheet(desk.post(EXPORT, {"target": "示范", "since": "2026.11.1"}))
    assert rows[0][0] == "审计记录"
    assert rows[1][0] == "条件：对象：示范，从哪天：2026年11月1日"
    assert rows[2][0].startswith("共1条，11月23日 10:00由曹谨从方阵导出")
    assert rows[4][2:6] == [
        "周海宁", "周海宁把市教育局机关第一党支部更名为示范支部", "已办", "示范支部"]
    assert len(rows) == 5


def test_the_export_itself_stands_in_the_audit(desk):
    count = AuditEvent.objects.count()
    rows = sheet(desk.post(EXPORT))
    assert len(rows) == count + 4  # it is not part of its own file
    last = AuditEvent.objects.order_by("-number").first()
    assert audit.sentence(last) == f"曹谨导出审计记录{count}条，条件：全部"
    assert desk.get(EXPORT).status_code == 405


def test_words_of_people_do_not_become_formulas(city, desk):
    with act(by=SYSTEM):
        record("organizations.user.login_failed", None, username="=cmd|' /C calc'!A0")
    book = load_workbook(BytesIO(b"".join(desk.post(EXPORT).streaming_content)))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_too_many_rows_are_refused_with_a_way_out(desk, monkeypatch):
    monkeypatch.setattr("apps.dashboard.views.audit.MOST", 5)
    page = desk.post(EXPORT, follow=True)
    assert "没有导出：超过5条，请缩小日期范围" in page.text
    assert not AuditEvent.objects.filter(code="core.auditevent.export").exists()


def test_a_condition_that_is_none_exports_nothing(desk):
    page = desk.post(EXPORT, {"since": "昨天"}, follow=True)
    assert "查找条件要改" in page.text


def peak(rows: int) -> int:
    """Bytes at most while a file of so many rows is made."""
    columns = audit_page.COLUMNS
    line = (1, "2026-11-23 10:00", "李一帆", "李一帆提交" * 8, "已办", "任务", "code", "ip", "id")
    tracemalloc.start()
    try:
        spreadsheets.table(title="审计记录", facts=[], columns=columns,
                           rows=(line for _ in range(rows)), is_long=True).close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_file_takes_no_more_memory_than_a_short_one():
    peak(50)
    assert peak(3000) < peak(300) * 2


# --- the chain ----------------------------------------------------------------------------


def test_a_chain_that_nobody_has_checked_says_so(desk):
    page = desk.get(PAGE)
    assert page.context["state"]["badge"].word == "还没有校验"
    last = AuditEvent.objects.order_by("-number").first()
    assert last.hash in page.text


def test_the_button_checks_and_the_page_says_when_and_by_whom(desk):
    page = desk.post(VERIFY, follow=True)
    assert "审计链完整" in page.text and "做完了" in page.text
    job = Job.objects.get()
    assert (job.kind, job.state, job.done) == ("verify", "done", job.total)
    state = desk.get(PAGE).context["state"]
    assert (state["badge"].word, state["when"], state["by"]) == ("完整", "11月23日 10:00", "曹谨")
    assert AuditEvent.objects.filter(code="core.auditevent.verify").count() == 1


def test_a_changed_event_is_found_and_shown(city, desk):
    rename(city)
    number = AuditEvent.objects.get(code="organizations.organization.rename").number
    RAW.filter(number=number).update(actor_name="别人")
    desk.post(VERIFY)
    page = desk.get(PAGE)
    assert page.context["state"]["badge"].word == "断开"
    assert f"审计链在第{number}条断开：内容与校验值不符。" in page.text


def test_one_check_runs_at_a_time(city, desk):
    job = chain.start(by=city.user("shenji"))
    Job.objects.filter(pk=job.pk).update(state="running")
    with pytest.raises(Conflict, match="正在进行"):
        chain.start(by=city.user("shenji"))
    assert desk.get(PAGE).context["state"]["badge"].word == "正在校验"


def test_the_check_reads_in_pieces_and_tells_how_far_it_is(city, monkeypatch):
    monkeypatch.setattr(audit, "PIECE", 10)
    told = []
    assert audit.broken_at(told.append) is None
    assert told == list(range(10, AuditEvent.objects.count() + 1, 10))


def test_the_night_checks_too_and_leaves_no_event(city, monkeypatch):
    monkeypatch.setattr(daily, "close_old_connections", lambda: None)
    before = AuditEvent.objects.count()
    call_command("daily")
    assert AuditEvent.objects.count() == before
    assert audit_page.state()["by"] == "系统" and audit_page.state()["badge"].word == "完整"


def test_the_night_cries_when_the_chain_is_broken(city, caplog):
    RAW.filter(number=3).update(actor_name="别人")
    assert chain.nightly() == "broken"
    assert [record.levelname for record in caplog.records if record.name == "fangzhen.audit"] == [
        "ERROR"]


# --- accounts without content ---------------------------------------------------------------


def test_accounts_say_state_lock_and_sessions(city, login):
    lockout.lock("jyj_zb2")
    login("jyj_zb1").get("/me/")
    page = login("xitong").get("/admin/organizations/user/", {"q": "jyj_zb"})
    rows = {user.username: user for user in page.context["cl"].result_list}
    assert rows["jyj_zb2"].is_locked and not rows["jyj_zb1"].is_locked
    assert rows["jyj_zb1"].session_count == 1 and rows["jyj_zb2"].session_count == 0
    assert "连错多次，锁着" in page.text and "1处" in page.text
    for word in ("支部书记", "第一党支部", "工作电话"):
        assert word not in page.text
    lockout.lift(city.user("jyj_zb2"))


@pytest.mark.parametrize("chosen, names", [("shut", {"jyj_zb1"}), ("open", None)])
def test_accounts_are_filtered_by_state(city, login, chosen, names):
    user = city.user("jyj_zb1")
    user.is_active = False
    user.save(update_fields=["is_active"])
    page = login("xitong").get("/admin/organizations/user/", {"standing": chosen})
    found = {each.username for each in page.context["cl"].result_list}
    assert found == names if names else "jyj_zb1" not in found and len(found) > 5
