"""The pages of the roster: hand in, read what would happen, apply, fetch the passwords."""

from io import BytesIO
from urllib.parse import quote

import openpyxl
import pytest
from django.urls import reverse

from apps.core.models import AuditEvent, Job
from apps.dashboard import tasks
from apps.organizations import daily
from apps.organizations.models import Roster, User
from apps.organizations.roster import apply as rosters
from tests.city import TODAY
from tests.organizations.roster_files import BRANCH, PERSON, POST, workbook

HOME, CHECK = "/admin/roster/", "/admin/roster/check/"


@pytest.fixture
def desk(login):
    return login("gongwei_admin")


def hand_in(desk, file, follow=True):
    return desk.post(CHECK, {"files": file}, follow=follow)


def checked(desk, **rows) -> Roster:
    hand_in(desk, workbook(**rows))
    return Roster.objects.latest("pk")


def url(name: str, roster: Roster) -> str:
    return reverse(f"admin:roster_{name}", args=[roster.pk])


def test_the_first_page_offers_template_export_and_check(desk):
    text = desk.get(HOME).content.decode()
    assert "下载模板" in text
    assert "导出现有名册" in text
    assert 'enctype="multipart/form-data"' in text


def test_a_file_is_checked_and_shown_refusals_first(desk):
    answer = hand_in(desk, workbook(people=[PERSON, ("", "无账号")]))
    text = answer.content.decode()
    assert "1行没有通过，一行也不会装入" in text
    assert text.index("“账号”没有填") < text.index("xinren 辛仁")
    assert "装入名册" not in text


def test_without_a_file_or_with_a_bad_one_the_page_says_so(desk):
    assert "请选一个文件" in desk.post(CHECK).content.decode()
    bad = workbook(people=[PERSON])
    bad.name = "名册.docx"
    assert "没有读“名册.docx”" not in hand_in(desk, bad).content.decode()
    old = BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest")
    old.name = "名册.xls"
    assert "旧版Excel" in hand_in(desk, old).content.decode()
    four = [workbook(people=[PERSON]) for _number in range(4)]
    assert "一次最多3个文件" in desk.post(CHECK, {"files": four}).content.decode()


def test_many_rows_are_turned_page_by_page_and_chosen_by_outcome(desk):
    roster = checked(desk, people=[("jyj_zb1", "李一帆")] + [
        (f"n{number}", f"人员{number}") for number in range(60)])
    first = desk.get(url("detail", roster)).content.decode()
    second = desk.get(url("detail", roster), {"show": "new", "page": 2}).content.decode()
    assert first.count("<tr><td") == 50
    assert second.count("<tr><td") == 10
    assert "?show=same" in first


def test_the_result_is_a_sheet_with_one_line_a_row(desk):
    roster = checked(desk, people=[PERSON, ("", "无账号")])
    answer = desk.get(url("result", roster))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer))).active
    values = [row for row in sheet.values if row[3] in ("新增", "拒绝")]
    assert [row[:4] for row in values] == [("人员", 3, "无账号", "拒绝"),
                                           ("人员", 2, "xinren 辛仁", "新增")]


def test_files_go_out_under_their_chinese_name(desk):
    for name, title in (("template", "名册模板"), ("export", "名册")):
        answer = desk.get(f"{HOME}{name}/")
        disposition = answer.headers["Content-Disposition"]
        assert disposition == f"attachment; filename*=utf-8''{quote(f'{title}{TODAY:%Y%m%d}.xlsx')}"
        assert "no-store" in answer.headers["Cache-Control"]


def test_who_takes_the_names_along_is_recorded(desk):
    desk.get(f"{HOME}export/")
    event = AuditEvent.objects.get(code="organizations.organization.export")
    assert event.details == {"places": 14, "people": 23, "posts": 25}


def test_a_checked_roster_is_applied_as_a_job(desk):
    roster = checked(desk, places=[BRANCH], people=[PERSON], posts=[POST])
    answer = desk.post(url("apply", roster), follow=True)
    assert "新增3行，变更0行，不变0行" in answer.content.decode()
    job = Job.objects.get(kind="roster")
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    text = desk.get(url("detail", roster)).content.decode()
    assert "1个新账号要发一次性密码" in text
    again = desk.post(url("apply", roster), follow=True).content.decode()
    assert "这份名册已经装入" in again


def test_the_passwords_come_once_in_the_answer(desk, client):
    roster = checked(desk, people=[PERSON])
    desk.post(url("apply", roster))
    answer = desk.post(url("passwords", roster))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer))).active
    row = next(row for row in sheet.values if row[1] == "xinren")
    assert client.login(username="xinren", password=row[2])
    assert "没有要发的密码" in desk.post(url("passwords", roster), follow=True).content.decode()


def test_a_failure_is_said_and_leaves_nothing(desk, monkeypatch):
    roster = checked(desk, people=[PERSON])
    monkeypatch.setattr(rosters, "_people", lambda plan: 1 / 0)
    text = desk.post(url("apply", roster), follow=True).content.decode()
    assert "一行也没有装入" in text
    assert not User.objects.filter(username="xinren").exists()
    monkeypatch.undo()
    desk.post(url("apply", roster))
    assert User.objects.filter(username="xinren").exists()


def test_another_administrator_does_not_see_it(desk, login):
    roster = checked(desk, people=[PERSON])
    other = login("gongwei_admin2")
    assert [other.get(url("detail", roster)).status_code,
            other.post(url("apply", roster)).status_code,
            other.post(url("passwords", roster)).status_code] == [404, 404, 404]
    assert login("gongwei").get(HOME).status_code == 403


def test_the_lists_of_a_unit_follow_when_its_facts_change(desk, city, monkeypatch):
    followed = []
    monkeypatch.setattr(tasks.succession, "reconcile",
                        lambda **given: followed.append((given["unit"].code, given["on"])))
    roster = checked(desk, places=[
        ("DAG", "中共云川市档案馆党组", "", "单位", "GW", "", "否", ""),
        ("DAG_ZB", "市档案馆机关党支部", "", "党支部", "DAG", "", "", "")])
    desk.post(url("apply", roster))
    assert not city.place("dag").is_window
    assert followed == [("DAG", TODAY)]


def test_a_list_that_cannot_follow_does_not_undo_the_roster(desk, city, monkeypatch):
    monkeypatch.setattr(tasks.succession, "reconcile", lambda **given: 1 / 0)
    roster = checked(desk, places=[
        ("DAG", "中共云川市档案馆党组", "", "单位", "GW", "", "否", "")])
    desk.post(url("apply", roster))
    assert not city.place("dag").is_window
    assert Job.objects.get(kind="roster").state == "done"


def test_the_rows_of_an_old_roster_are_forgotten(desk, later):
    roster = checked(desk, people=[PERSON])
    later(days=6)
    assert daily.forget_rosters() == 0
    later(days=2)
    assert daily.forget_rosters() == 1
    roster.refresh_from_db()
    assert (roster.rows, roster.lines) == ({}, [])
    with pytest.raises(rosters.Conflict, match="检查过太久"):
        rosters.apply(roster=roster, by=roster.checked_by)
