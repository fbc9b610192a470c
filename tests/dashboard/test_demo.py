"""The demo: an empty database becomes a city with a past. Built once for this file, with the
told units and a slice of the departments that has every shape; what the whole city is stands
in its table and needs no database."""

import re
import stat
import zipfile
from collections import Counter
from io import StringIO
from itertools import pairwise
from types import SimpleNamespace

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client, override_settings

from apps.checklists import reviewers
from apps.checklists.models import (
    AdHocTask,
    Adoption,
    Checklist,
    Evidence,
    Item,
    ListYear,
    Nudge,
    Occurrence,
    Petition,
    Report,
    Review,
)
from apps.checklists.states import Day, badge
from apps.core import audit, calendar
from apps.core.errors import Refused
from apps.core.files import verify
from apps.core.models import AuditEvent, StoredFile
from apps.dashboard.demo import build
from apps.dashboard.demo.departments import departments, people, places
from apps.dashboard.demo.people import PEOPLE, PLACES
from apps.dashboard.management.commands import demo as command
from apps.duties.models import Duty
from apps.organizations.models import Organization, Partnership, Portfolio, User
from apps.organizations.roles import RoleCode
from tests.city import NOW, TODAY, YEAR

State, Kind = Occurrence.State, Organization.Kind
# Every shape: 机关党委, without 机关纪委, with 党总支 below and a 党委, 党总支, single, joint
# and the two that share it, a vacant post, a window.
SLICE = ("rbs", "zrzy", "gaj", "dsj", "fl", "kx", "skl", "ql", "tjj")
CHOSEN = tuple(each for each in departments() if each.key in SLICE)


def tell() -> str:
    """Empty the database and build the demo in it; what the command says."""
    out = StringIO()
    with time_machine.travel(NOW), pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "departments", lambda: CHOSEN)
        calendar.forget()
        connection.check_constraints()  # PostgreSQL truncates nothing while checks are pending
        call_command("flush", interactive=False, inhibit_post_migrate=True)
        call_command("demo", stdout=out)
        calendar.forget()
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo")
    with override_settings(DATA_DIR=path, STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage",
                        "OPTIONS": {"location": str(path / "files"), "base_url": None}},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):
        yield path


@pytest.fixture(scope="module")
def told(folder, django_db_setup, django_db_blocker):
    """The demo in a transaction around all tests of this file; the city comes back after."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # as in Django's own TestCase: files may be stored inside
        with around:
            yield SimpleNamespace(said=tell(), folder=folder)
            transaction.set_rollback(True)


@pytest.fixture
def demo(told, db):
    return told


def story() -> list[tuple]:
    """Everything that was done, and the words of every report, without numbers of rows."""
    done = [(event.at, event.actor_name, audit.sentence(event), event.outcome)
            for event in AuditEvent.objects.order_by("number")]
    words = Report.unscoped.values_list(
        "occurrence__organization__code", "occurrence__item__duty__code", "occurrence__period",
        "occurrence__event", "number", "words", "submitted_at", "drafted_by__username")
    return done + sorted(words)


# --- the whole city, as it stands in its table ------------------------------------------------


def test_the_city_has_about_seventy_units_and_four_hundred_fifty_branches():
    kinds = Counter(place.kind for place in (*PLACES, *places(departments())))
    assert 68 <= kinds[Kind.UNIT] <= 75
    assert 430 <= kinds[Kind.BRANCH] <= 470
    assert kinds[Kind.GROUP] > 100
    assert kinds[Kind.GENERAL_BRANCH] > kinds[Kind.COMMITTEE] == 1


def test_every_shape_of_a_unit_is_there():
    shapes = Counter(each.shape for each in departments())
    assert set(shapes) == {"committee", "plain", "nested", "general", "single", "joint", "none"}
    assert {each.body for each in departments()} == {"party_group", "party_committee"}
    sizes = [each.size for each in departments() if each.shape in ("committee", "nested")]
    assert min(sizes) >= 3 and max(sizes) >= 12


def test_who_shares_a_joint_branch_is_in_the_city():
    keys = {each.key for each in departments()}
    shared = [key for each in departments() for key in each.shares]
    assert shared and set(shared) <= keys
    alone = {each.key for each in departments() if each.shape == "none"}
    assert alone <= set(shared), "a unit without a branch takes part in somebody's"


def test_nobody_has_the_name_or_the_account_of_another():
    everybody = [*PEOPLE, *people(departments())]
    assert len({person.username for person in everybody}) == len(everybody) > 900
    assert len({person.name for person in everybody}) == len(everybody)


def test_every_unit_has_its_people_but_for_the_vacant_posts():
    posts = {(role, key) for person in people(departments()) for role, key in person.posts}
    for unit in departments():
        has_secretary = (RoleCode.PARTY_GROUP_SECRETARY, unit.key) in posts
        assert has_secretary != ("secretary" in unit.vacant)
        assert (RoleCode.PARTY_GROUP_CLERK, unit.key) in posts
        for number in range(unit.size):
            assert (RoleCode.BRANCH_SECRETARY, f"{unit.key}_zb{number + 1}") in posts
    assert any(role == RoleCode.BRANCH_CLERK for role, _key in posts)


# --- when it is refused ---------------------------------------------------------------------


def test_without_demo_nothing_is_built(city, settings):
    settings.DEMO = False
    with pytest.raises(Refused, match="只在DEMO=1时装入"):
        build.build()
    with pytest.raises(CommandError, match="只在DEMO=1时装入"):
        call_command("demo")


def test_a_database_that_is_not_empty_is_left_alone(city):
    before = AuditEvent.objects.count()
    with pytest.raises(Refused, match="只装入空的数据库"):
        build.build()
    assert AuditEvent.objects.count() == before


def test_the_command_again_only_prints(city):
    before, out = AuditEvent.objects.count(), StringIO()
    call_command("demo", stdout=out)
    assert "演示数据已装入" not in out.getvalue()
    assert "密码: " in out.getvalue()
    assert AuditEvent.objects.count() == before


# --- what is built --------------------------------------------------------------------------


def test_places_and_people_stand(demo):
    assert Organization.objects.count() == len(PLACES) + len(places(CHOSEN))
    accounts = len(PEOPLE) + len(people(CHOSEN))
    assert User.objects.filter(is_demo=True).count() == User.objects.count() == accounts


def test_the_tree_is_sound(demo):
    assert Organization.objects.find_problems() == ([], [], [], [], [])
    assert Organization.objects.get(code="GAJ_ZB9").parent_paths()[0] == \
        Organization.objects.get(code="GAJ_ZZ1").path


def test_every_unit_has_an_officer_and_the_joint_branch_its_partners(demo):
    units = set(Organization.objects.units().values_list("pk", flat=True))
    cared = Portfolio.unscoped.filter(appointment__role=RoleCode.COMMITTEE_OFFICER)
    assert set(cared.values_list("organization", flat=True)) == units
    partners = Partnership.unscoped.values_list("branch__code", "unit__code")
    assert set(partners) == {("KX_ZB1", "SKL"), ("KX_ZB1", "QL")}


def test_a_unit_without_a_secretary_has_no_list_for_one(demo):
    lists = Checklist.unscoped.filter(organization__code="TJJ", year=YEAR)
    assert "secretary" not in set(lists.values_list("subject", flat=True))
    assert "party_group" in set(lists.values_list("subject", flat=True))


def test_last_year_is_closed_and_this_year_runs(demo):
    assert ListYear.objects.get().year == YEAR - 1
    assert ListYear.objects.get().state == ListYear.State.CLOSED
    years = Counter(Checklist.unscoped.values_list("year", flat=True))
    assert years[YEAR - 1] == years[YEAR] > 100


def test_every_state_of_a_task_is_there(demo):
    assert set(Occurrence.unscoped.values_list("state", flat=True)) == set(State.values)
    day = Day.now()
    rows = Occurrence.unscoped.select_related("report", "item__checklist")
    found = {re.sub(r"\d+", "N", badge(row, day).word) for row in rows}
    assert found >= {"审核通过", "迟报N个工作日", "待审核", "待本人确认", "退回修改", "本期免报",
                     "逾期N个工作日", "剩N个工作日", "未履行"}


def test_every_light_is_there(demo):
    day = Day.now()
    rows = Occurrence.unscoped.filter(item__checklist__year=YEAR)
    assert {str(day.light(row)) for row in rows} == {"green", "blue", "yellow", "red"}


def test_every_kind_of_decision_and_a_mended_version_are_there(demo):
    assert set(Review.unscoped.values_list("decision", flat=True)) >= {"accept", "return"}
    mended = Report.unscoped.filter(number=2, occurrence__state=State.ACCEPTED)
    assert mended.filter(occurrence__item__checklist__year=YEAR - 1).exists()
    assert mended.filter(occurrence__item__checklist__year=YEAR).exists()
    assert Report.unscoped.exclude(confirmed_by=None).exists()


def test_what_happened_beside_the_lists(demo):
    assert Occurrence.unscoped.exclude(event="").count() > 20
    assert set(Petition.unscoped.values_list("state", flat=True)) >= {"asked", "granted"}
    assert set(Adoption.unscoped.filter(checklist__year=YEAR).values_list(
        "state", flat=True)) >= {"tailoring", "adopted"}
    assert AdHocTask.unscoped.get().state == AdHocTask.State.SENT
    assert Nudge.unscoped.exists()
    assert Item.unscoped.filter(duty__origin=Duty.Origin.OWN).count() == 3


def test_owners_and_measures_are_carried_into_this_year(demo):
    carried = Item.unscoped.filter(checklist__year=YEAR, carried_from__isnull=False)
    assert carried.exclude(measures="").exists()
    assert not carried.exclude(measures=F("carried_from__measures")).exists()


# --- it keeps to the rules --------------------------------------------------------------------


def test_nothing_happened_in_the_future(demo):
    for report in Report.unscoped.select_related("occurrence"):
        assert report.activity_on <= report.submitted_at.astimezone(NOW.tzinfo).date() < TODAY
    assert max(AuditEvent.objects.values_list("at", flat=True)) <= NOW
    assert Review.unscoped.filter(at__gt=NOW).count() == 0


def test_people_file_and_decide_on_working_days(demo):
    days = {report.submitted_at.astimezone(NOW.tzinfo).date()
            for report in Report.unscoped.all()}
    days |= {review.at.astimezone(NOW.tzinfo).date() for review in Review.unscoped.all()}
    assert [day for day in days if not calendar.is_working_day(day)] == []


def test_reports_of_a_task_and_their_reviews_follow_each_other(demo):
    rows = Report.unscoped.order_by("occurrence", "number").prefetch_related("reviews")
    for one, two in pairwise(rows):
        if one.occurrence_id == two.occurrence_id:
            returned = one.reviews.get()
            assert returned.decision == Review.Decision.RETURN and returned.reason
            assert one.submitted_at < returned.at < two.submitted_at
    for review in Review.unscoped.select_related("report"):
        assert review.at > (review.report.confirmed_at or review.report.submitted_at)


def test_a_task_agrees_with_its_reports(demo):
    for row in Occurrence.unscoped.filter(report__isnull=False).select_related("report"):
        reports = list(row.reports.order_by("number")) if row.report.number > 1 else [row.report]
        assert row.report == reports[-1]
        assert row.first_filed_on == reports[0].submitted_at.astimezone(NOW.tzinfo).date()
        assert row.version >= 1 and row.reviewed_by_id
        assert (row.correct_by is not None) == (len(reports) > 1 or row.state == State.RETURNED)


def test_who_reviews_is_who_the_rule_says(demo):
    """A sample of each subject, reckoned anew by the rule that the verbs ask."""
    rows = Occurrence.unscoped.exclude(report=None).for_page().order_by("pk")
    for subject in Duty.Subject.values:
        sample = rows.filter(item__duty__subject=subject, is_confirmed=True)[:6]
        for row in sample:
            found = reviewers.reviewer(row.item.checklist, row.item.duty, own=row.own)
            assert row.reviewed_by == found, f"{row.organization} {row}"
            review = row.report.reviews.first()
            assert review is None or (review.organization == found
                                      and review.by_id not in row.own)


def test_the_chain_of_the_past_holds_and_nothing_was_refused(demo):
    assert AuditEvent.objects.count() > 300
    assert audit.broken_at() is None
    assert not AuditEvent.objects.filter(outcome="refused").exists()


def test_an_import_is_one_event_a_unit_and_year(demo):
    events = AuditEvent.objects.filter(code="checklists.report.import")
    keys = [(event.target_id, event.details["year"]) for event in events]
    assert len(keys) == len(set(keys)) > 2 * len(CHOSEN)


def test_where_a_file_is_asked_there_is_a_sound_one(demo):
    bare = Report.unscoped.filter(occurrence__item__duty__evidence="file", evidence=None)
    assert Evidence.unscoped.exists() and not bare.exists()
    files = StoredFile.objects.order_by("pk")
    assert all(verify(stored) for stored in files[:40])
    word = next(stored for stored in files if stored.name.endswith(".docx"))
    with default_storage.open(word.path) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None and "word/document.xml" in archive.namelist()


# --- the words --------------------------------------------------------------------------------


def test_words_have_no_gaps_left(demo):
    assert not Report.unscoped.filter(words__contains="{").exists()


def test_where_words_are_asked_there_are_some_of_the_unit(demo):
    asked = Report.unscoped.filter(occurrence__item__duty__evidence__in=["words", "number"])
    assert not asked.filter(words="").exists()
    assert Report.unscoped.filter(words__contains="不动产登记窗口").exists()
    assert not Report.unscoped.filter(
        words__contains="窗口", occurrence__organization__code__startswith="TJJ_").exists()


# --- the accounts ---------------------------------------------------------------------------


def test_accounts_are_printed_with_their_password(demo):
    assert re.search(r"^密码: \S{16}$", demo.said, re.MULTILINE)
    for person in PEOPLE:
        assert person.username in demo.said
    assert command.OTHERS in demo.said


@pytest.mark.parametrize("username", ["jyj_zb1", "zrzy_zb1", "gaj_jb", "gongwei2"])
def test_the_printed_password_opens_the_door(demo, username):
    password = re.search(r"^密码: (\S+)$", demo.said, re.MULTILINE)[1]
    phone = Client()
    phone.post("/accounts/login/", {"login": username, "password": password})
    assert phone.get("/").status_code == 200


def test_the_password_lies_in_a_file_for_the_service_alone(demo):
    path = demo.folder / "demo_password"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert build.password() == path.read_text()[:16]


def test_another_installation_has_another_password(demo, tmp_path, settings):
    here = build.password()
    settings.DATA_DIR = tmp_path
    assert build.password() != here


# --- again ----------------------------------------------------------------------------------


def test_the_same_day_tells_the_same_story(demo):
    first = story()
    tell()
    assert story() == first
