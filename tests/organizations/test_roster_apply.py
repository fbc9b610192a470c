"""A roster that was checked is written whole or not at all; what goes out comes in again."""

from functools import partial
from io import BytesIO, StringIO
from threading import Barrier

import openpyxl
import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import IntegrityError

from apps.core.act import SYSTEM
from apps.core.calendar import today
from apps.core.errors import Conflict, NotAllowed
from apps.core.models import AuditEvent
from apps.dashboard.demo import city as demo_city
from apps.dashboard.demo import people as demo_people
from apps.dashboard.demo.departments import departments
from apps.organizations import services
from apps.organizations.models import (
    Appointment,
    AppointmentProposal,
    Organization,
    OrganizationName,
    PasswordHash,
    Roster,
    User,
)
from apps.organizations.roster import apply as rosters
from apps.organizations.roster import present, read, sheets
from apps.organizations.roster.plan import build
from tests.organizations import roster_files as made
from tests.organizations.roster_files import BRANCH, PERSON, POST, workbook
from tests.organizations.test_roster_cases import check
from tests.test_race import together

HOSTILE = ("=1+1", "+CMD", "@SUM(A1)", "-2+3", "＝1+1")


def new_city() -> object:
    """A branch, its secretary, his post, and a branch below a body that is new itself."""
    return workbook(
        places=[("D1", "市档案馆第三党支部", "", "支部", "D2", "", "", ""), BRANCH,
                ("D2", "市档案馆党总支", "党总支", "党总支", "中共云川市档案馆党组", "", "", "")],
        people=[PERSON, ("liu", "刘子·墨")], posts=[POST, ("liu", "", "书记", "D2", "", "", "",
                                                           "xinren")])


def cells(data) -> dict[str, list[tuple]]:
    """The sheets of a workbook as rows of values."""
    book = openpyxl.load_workbook(data if isinstance(data, BytesIO) else BytesIO(data))
    return {sheet.title: list(sheet.values) for sheet in book}


def rows_of(model) -> int:
    return model._base_manager.count()


def standing() -> list[int]:
    """How many rows there are of what a roster writes."""
    return [rows_of(model) for model in (Organization, User, Appointment, OrganizationName,
                                         AppointmentProposal)]


def test_a_roster_is_written_as_it_was_shown(city):
    by = city.user("gongwei_admin")
    roster = check(city, new_city())
    assert roster.counts == {"new": 7, "changed": 0, "same": 0, "refused": 0}
    rosters.apply(roster=roster, by=by)
    body = Organization.objects.get(code="D2")
    branch = Organization.objects.get(code="D1")
    assert branch.path.startswith(body.path)
    assert body.path.startswith(city.place("dag").path)
    assert (branch.depth, branch.founded_on, branch.short_name) == (
        4, today(), "市档案馆第三党支部")
    assert Organization.objects.find_problems() == ([], [], [], [], [])
    post = Appointment.unscoped.get(user__username="liu")
    assert (post.role, post.organization, post.drafter.name) == ("organ_secretary", body, "辛仁")
    assert User.objects.get(username="liu").name == "刘子·墨"


def test_the_same_file_twice_changes_nothing_the_second_time(city):
    by = city.user("gongwei_admin")
    rosters.apply(roster=check(city, new_city()), by=by)
    before = standing()
    again = check(city, new_city())
    assert again.counts == {"new": 0, "changed": 0, "same": 7, "refused": 0}
    rosters.apply(roster=again, by=by)
    assert standing() == before


def test_one_roster_is_not_applied_twice_nor_by_another(city):
    roster = check(city, new_city())
    with pytest.raises(NotAllowed, match="由检查它的人装入"):
        rosters.apply(roster=roster, by=city.user("gongwei_admin2"))
    rosters.apply(roster=roster, by=city.user("gongwei_admin"))
    with pytest.raises(Conflict, match="已经装入"):
        rosters.apply(roster=roster, by=city.user("gongwei_admin"))


def test_with_one_refused_row_nothing_is_written(city):
    before = standing()
    roster = check(city, workbook(people=[PERSON, ("", "辛仁")]))
    with pytest.raises(Conflict, match="还有1行没有通过"):
        rosters.apply(roster=roster, by=city.user("gongwei_admin"))
    assert standing() == before


@pytest.mark.parametrize("broken", ["_posts", "_record_by_unit"])
def test_a_failure_in_the_middle_leaves_nothing_behind(city, monkeypatch, broken):
    roster, before, events = check(city, new_city()), standing(), AuditEvent.objects.count()

    def fail(_plan):
        raise IntegrityError("power cut")

    monkeypatch.setattr(rosters, broken, fail)
    with pytest.raises(IntegrityError):
        rosters.apply(roster=roster, by=city.user("gongwei_admin"))
    assert (standing(), AuditEvent.objects.count()) == (before, events)
    roster.refresh_from_db()
    assert roster.applied_at is None
    assert city.place("dag").numchild == Organization.objects.get(code="DAG").numchild


def test_of_two_rosters_the_second_is_checked_again(city):
    one, other = check(city, new_city()), check(city, new_city())
    by = city.user("gongwei_admin")
    rosters.apply(roster=one, by=by)
    before = standing()
    with pytest.raises(Conflict, match="请重新检查"):
        rosters.apply(roster=other, by=by)
    assert standing() == before


def together_applied(city, by) -> list:
    """Two checked files of the same rows, applied at the same moment."""
    files = [check(city, new_city()) for _number in range(2)]
    return together(*(partial(rosters.apply, roster=each, by=by) for each in files))


@pytest.mark.postgresql
def test_of_two_rosters_at_once_one_is_written(standing_city):
    endings = together_applied(standing_city, standing_city.user("gongwei_admin"))
    refusals = [each for each in endings if isinstance(each, Conflict)]
    assert len(refusals) == 1, endings
    assert "请重新检查" in refusals[0].message
    assert User.objects.filter(username="xinren").count() == 1


@pytest.mark.postgresql
def test_without_the_lock_both_write_until_the_database_stops_one(standing_city, monkeypatch):
    both_have_read, real = Barrier(2), rosters.build

    def build_slowly(*given, **options):
        plan = real(*given, **options)
        both_have_read.wait(timeout=20)
        return plan

    by = standing_city.user("gongwei_admin")
    files = [check(standing_city, new_city()) for _number in range(2)]
    monkeypatch.setattr(rosters, "_lock", lambda: None)
    monkeypatch.setattr(rosters, "build", build_slowly)
    endings = together(*(partial(rosters.apply, roster=each, by=by) for each in files))
    assert [type(each) for each in endings if isinstance(each, Exception)] == [IntegrityError]


def test_what_changed_since_the_check_is_not_overwritten(city):
    roster = check(city, workbook(posts=[("dag_bgs", "", "支部经办人", "DAG_ZB", "", "", "", "")]))
    services.appoint(user=city.user("dag_bgs"), role="branch_clerk", by=SYSTEM,
                     organization=city.place("dag_zb"), starts_on=today())
    with pytest.raises(Conflict, match="又有变化"):
        rosters.apply(roster=roster, by=city.user("gongwei_admin"))


def test_changes_are_written_with_their_history(city):
    by = city.user("gongwei_admin")
    roster = check(city, workbook(
        places=[("DAG", "中共云川市档案局党组", "市档案局党组", "单位", "GW", "", "否", "")],
        people=[("dag_zb", "彭韬")],
        posts=[("dag_zb", "", "支部书记", "DAG_ZB", "", "", "2026年11月20日", ""),
               ("dag_shuji", "", "书记", "DAG", "", "", "", "无")]))
    rosters.apply(roster=roster, by=by)
    unit = city.place("dag")
    assert (unit.name, unit.is_window, unit.initials) == ("中共云川市档案局党组", False, "sdajdz")
    assert unit.names.get().name == "中共云川市档案馆党组"
    assert city.user("dag_zb").name == "彭韬"
    assert city.user("dag_zb").posts == []
    assert Appointment.unscoped.get(user__username="dag_shuji").drafter is None
    event = AuditEvent.objects.get(code="organizations.organization.roster")
    assert (event.path, event.details["count"]) == (unit.path, 3)
    assert "代填人：蒋雯→无" in "".join(event.details["rows"])
    again = check(city, workbook(posts=[
        ("dag_zb", "", "支部书记", "DAG_ZB", "", "2026年1月4日", "2026年11月20日", "")]))
    assert again.counts["same"] == 1


def test_a_secretary_is_followed_by_another_in_one_file(city):
    roster = check(city, workbook(people=[PERSON], posts=[
        ("xinren", "", "支部书记", "DAG_ZB", "", "2026年11月23日", "", ""),
        ("dag_zb", "", "支部书记", "DAG_ZB", "", "", "2026年11月22日", "")]))
    rosters.apply(roster=roster, by=city.user("gongwei_admin"))
    posts = Appointment.unscoped.filter(organization__code="DAG_ZB").on(today())
    assert [post.user.username for post in posts] == ["xinren"]


def test_committee_and_technical_posts_wait_for_a_second_administrator(city):
    by = city.user("gongwei_admin")
    file = workbook(people=[PERSON, ("jishu", "季数")], posts=[
        ("xinren", "", "工委经办人", "GW", "", "", "", ""),
        ("jishu", "", "系统管理员", "GW", "", "", "", "")])
    roster = check(city, file)
    assert all("等另一位工委管理员确认" in line[4] for line in roster.lines if line[0] == "任职")
    rosters.apply(roster=roster, by=by)
    waiting = list(AppointmentProposal.unscoped.waiting())
    assert len(waiting) == 2
    assert city.user("xinren").posts == []
    file.seek(0)
    assert check(city, file).counts == {"new": 0, "changed": 0, "same": 4, "refused": 0}
    for each in waiting:
        services.confirm(proposal=each, by=city.user("gongwei_admin2"), seen=each.version)
    assert city.user("jishu").posts[0].role == "system_admin"
    changed = check(city, workbook(posts=[
        ("xinren", "", "工委经办人", "GW", "", "", "2027年1月1日", "")]))
    assert changed.counts["refused"] == 1


def test_the_system_administrator_enters_people_and_nothing_else(city):
    roster = check(city, workbook(places=[BRANCH], people=[PERSON], posts=[
        ("jyj_zb2", "", "支部经办人", "JYJ_ZB2", "", "", "", "")]), by="xitong")
    assert [line[3] for line in sorted(roster.lines)] == ["new", "refused", "refused"]


def test_passwords_are_given_once_and_kept_as_hashes_only(city):
    by = city.user("gongwei_admin")
    roster = check(city, new_city())
    rosters.apply(roster=roster, by=by)
    user = city.user("xinren")
    assert not user.has_usable_password()
    given = {name: password for name, _person, password in rosters.fetch(roster=roster, by=by)}
    user = city.user("xinren")
    assert set(given) == {"xinren", "liu"}
    assert len(set(given.values())) == 2
    assert check_password(given["xinren"], user.password)
    assert user.must_change_password
    assert PasswordHash.objects.get(user=user).hash == user.password
    kept = str(list(Roster.objects.values())) + str(list(AuditEvent.objects.values()))
    assert not any(password in kept for password in given.values())
    user.last_login = user.created_at
    user.save(update_fields=["last_login"])
    again = rosters.fetch(roster=roster, by=by)
    assert [name for name, _person, _password in again] == ["liu"]
    with pytest.raises(NotAllowed):
        rosters.fetch(roster=roster, by=city.user("gongwei_admin2"))


def test_hostile_cells_stay_text_all_the_way(city):
    by = city.user("gongwei_admin")
    people = [(f"boese{number}", name) for number, name in enumerate(HOSTILE)]

    def as_text(book):
        for row in book["人员"].iter_rows(min_row=2):
            row[1].data_type = "s"

    roster = check(city, workbook(people=people, touch=as_text))
    rosters.apply(roster=roster, by=by)
    for file in (sheets.export(by=by), sheets.checked(roster),
                 sheets.passwords(roster, rosters.fetch(roster=roster, by=by))):
        book = openpyxl.load_workbook(file)
        found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in found} <= {"s", "n"}
        assert set(HOSTILE) <= {cell.value for cell in found} or "=1+1" in str(
            [cell.value for cell in found])


def test_the_template_is_empty_explains_itself_and_is_taken_back(city):
    book = openpyxl.load_workbook(sheets.template())
    assert book.sheetnames == ["组织", "人员", "任职", "填写说明"]
    rules = {rule.sqref: rule.formula1 for rule in book["任职"].data_validations.dataValidation}
    assert any("支部书记" in (formula or "") for formula in rules.values())
    book["人员"].append(list(PERSON))
    roster = check(city, made.upload(made.saved(book)))
    assert roster.counts["new"] == 1
    assert roster.rows["notes"] == []


def export_of(username: str = "gongwei_admin") -> dict:
    """What that person exports, as values."""
    return cells(sheets.export(by=User.objects.get(username=username)))


def test_the_city_goes_into_an_empty_installation_and_comes_out_equal(standing_city):
    before = export_of()
    assert len(before["组织"]) == 15
    assert len(before["任职"]) == 26
    data = sheets.export(by=User.objects.get(username="gongwei_admin")).read()
    call_command("flush", interactive=False, verbosity=0)
    rows = read.take([made.upload(data)])
    plan = rosters.write(rows=rows, by=SYSTEM)
    assert plan.counts["refused"] == 0
    assert export_of() == before
    assert build(rows, present.load(SYSTEM), by=SYSTEM, today=today()).counts["same"] == 62


def test_the_whole_demo_city_goes_in_and_comes_out_equal(standing_city):
    call_command("flush", interactive=False, verbosity=0)
    since = today().replace(month=1, day=4)
    places, users = demo_people.build(password="x" * 12, since=since)
    demo_city.build(departments(), places=places, users=users, since=since,
                    hashed=users["gongwei"].password)
    before = export_of()
    assert len(before["组织"]) > 500
    data = sheets.export(by=User.objects.get(username="gongwei_admin")).read()
    call_command("flush", interactive=False, verbosity=0)
    plan = rosters.write(rows=read.take([made.upload(data)]), by=SYSTEM)
    assert plan.counts["refused"] == 0
    assert Organization.objects.find_problems() == ([], [], [], [], [])
    assert export_of() == before


def test_the_first_administrators_bring_the_city_in_by_two_hands(standing_city):
    before = export_of()
    data = sheets.export(by=User.objects.get(username="gongwei_admin")).read()
    call_command("flush", interactive=False, verbosity=0)
    call_command("create_first_administrator", committee="中共云川市委市直机关工作委员会",
                 admin1="gongwei_admin:周海宁", admin2="gongwei_admin2:许静", system="xitong:冯工",
                 auditor="shenji:曹谨", stdout=StringIO())
    first = User.objects.get(username="gongwei_admin")
    roster = rosters.check(uploads=[made.upload(data)], by=first)
    told = {line[4] for line in roster.lines if line[3] == "refused"}
    assert told == {"任职日期登记的是2026年11月23日，不能用名册改，这一格可以空着"}
    book = openpyxl.load_workbook(BytesIO(data))
    for row in book["任职"].iter_rows(min_row=2):
        if row[3].value == "GW":
            row[5].value = None  # the committee's own posts begin today
    roster = rosters.check(uploads=[made.upload(made.saved(book))], by=first)
    assert roster.counts["refused"] == 0
    rosters.apply(roster=roster, by=first)
    for each in AppointmentProposal.unscoped.waiting():
        services.confirm(proposal=each, by=User.objects.get(username="gongwei_admin2"),
                         seen=each.version)
    after = export_of()
    assert after["组织"] == before["组织"]
    assert after["人员"] == before["人员"]
    keys = [[row[:5] for row in each["任职"]] for each in (after, before)]
    assert keys[0] == keys[1]
