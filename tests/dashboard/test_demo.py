"""The demo: an empty database becomes a city with a past. Built once for this file."""

import re
import stat
from io import StringIO
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from apps.checklists.models import Evidence, Occurrence, Report, Review
from apps.checklists.states import Day, badge
from apps.core import audit, calendar
from apps.core.errors import Refused
from apps.core.files import verify
from apps.core.models import AuditEvent, StoredFile
from apps.dashboard.demo import build
from apps.dashboard.demo.people import PEOPLE, PLACES
from apps.organizations.models import Organization, User
from tests.city import NOW, TODAY

State = Occurrence.State


def tell() -> str:
    """Empty the database and build the demo in it; what the command says."""
    out = StringIO()
    with time_machine.travel(NOW):
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
    """Everything that was done, without what is new by nature: numbers of rows."""
    return [(event.at, event.actor_name, audit.sentence(event), event.outcome)
            for event in AuditEvent.objects.order_by("number")]


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
    assert Organization.objects.count() == len(PLACES)
    assert User.objects.filter(is_demo=True).count() == User.objects.count() == len(PEOPLE)


def test_every_state_of_the_story_is_there(demo):
    day = Day.now()
    found = {re.sub(r"\d+", "N", badge(row, day).word)
             for row in Occurrence.unscoped.select_related("report")}
    assert found >= {"审核通过", "迟报N个工作日", "待审核", "待本人确认", "退回修改",
                     "逾期N个工作日", "剩N个工作日"}


def test_every_light_is_there(demo):
    day = Day.now()
    assert {str(day.light(row)) for row in Occurrence.unscoped.all()} == {
        "green", "blue", "yellow", "red"}


def test_every_kind_of_decision_and_a_mended_version_are_there(demo):
    assert set(Review.unscoped.values_list("decision", flat=True)) >= {"accept", "return"}
    assert Report.unscoped.filter(number=2, occurrence__state=State.ACCEPTED).exists()
    assert Report.unscoped.exclude(confirmed_by=None).exists()


def test_events_were_opened(demo):
    assert Occurrence.unscoped.exclude(event="").count() >= 3


def test_nothing_happened_in_the_future_or_before_the_year(demo):
    for report in Report.unscoped.select_related("occurrence"):
        assert report.activity_on <= report.submitted_at.astimezone(NOW.tzinfo).date() <= TODAY
    moments = AuditEvent.objects.values_list("at", flat=True)
    assert all(moment.astimezone(NOW.tzinfo).year == TODAY.year for moment in moments)
    assert max(moments) <= NOW


def test_the_chain_of_the_told_past_holds(demo):
    assert AuditEvent.objects.count() > 300
    assert audit.broken_at() is None


def test_no_act_of_the_story_was_refused(demo):
    assert not AuditEvent.objects.filter(outcome="refused").exists()


def test_where_a_file_is_asked_there_is_a_sound_one(demo):
    assert Evidence.unscoped.exists()
    assert all(verify(stored) for stored in StoredFile.objects.all())
    bare = Report.unscoped.filter(occurrence__item__duty__evidence="file", evidence=None)
    assert not bare.exists()


def test_words_have_no_gaps_left(demo):
    assert not Report.unscoped.filter(words__contains="{").exists()


# --- the accounts ---------------------------------------------------------------------------


def test_accounts_are_printed_with_their_password(demo):
    assert re.search(r"^密码: \S{16}$", demo.said, re.MULTILINE)
    for person in PEOPLE:
        assert person.username in demo.said


def test_the_printed_password_opens_the_door(demo):
    password = re.search(r"^密码: (\S+)$", demo.said, re.MULTILINE)[1]
    phone = Client()
    phone.post("/accounts/login/", {"login": "jyj_zb1", "password": password})
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
