"""The daily run: every app's work, one failure is not another's."""

import logging
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from apps.checklists.models import Checklist
from apps.core import drafts
from apps.core.act import SYSTEM
from apps.core.clock import SHANGHAI
from apps.core.models import AuditEvent, Draft
from apps.dashboard.management.commands import daily
from apps.organizations import services


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    """The command drops a connection that died overnight; here it is the test's own."""
    monkeypatch.setattr(daily, "close_old_connections", lambda: None)


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, logger="fangzhen.daily")
    return caplog


def told(log) -> list[tuple]:
    return [(each.levelname, each.fields["app"]) for each in log.records
            if each.name == "fangzhen.daily"]


def test_each_app_has_its_turn_and_a_line_in_the_log(city, log):
    call_command("daily")
    assert told(log) == [("INFO", "core"), ("INFO", "organizations"), ("INFO", "checklists")]


def test_a_day_on_which_nothing_is_to_do_changes_nothing(city):
    before = AuditEvent.objects.count()
    call_command("daily")
    assert AuditEvent.objects.count() == before


def test_a_unit_founded_since_has_its_lists_in_the_morning(city):
    unit = services.found(kind="unit", name="中共云川市统计局党组", short_name="市统计局党组",
                          code="TJJ", parent=city.place("gw"), by=SYSTEM)
    call_command("daily")
    assert Checklist.unscoped.filter(organization=unit).exists()


def test_old_drafts_are_forgotten_and_newer_ones_kept(city, later, settings):
    task, li = city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1")
    drafts.save(user=li, target=task, data={"words": "旧的"})
    later(days=settings.DRAFT_KEEP_DAYS - 1)
    call_command("daily")
    assert Draft.objects.count() == 1
    later(days=2)
    call_command("daily")
    assert Draft.objects.count() == 0


def test_the_failure_of_one_app_does_not_keep_the_others_from_their_work(city, log, monkeypatch):
    monkeypatch.setitem(daily.STEPS, "core", lambda day: 1 / 0)
    call_command("daily")
    assert told(log) == [("ERROR", "core"), ("INFO", "organizations"), ("INFO", "checklists")]


@pytest.mark.parametrize("now, hours", [
    (datetime(2026, 11, 23, 2, 0, tzinfo=SHANGHAI), 0.5),
    (datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI), 16.5),
    (datetime(2026, 11, 23, 23, 59, tzinfo=SHANGHAI), 2.5 + 1 / 60),
])
def test_the_next_run_is_at_half_past_two(now, hours):
    with time_machine.travel(now, tick=False):
        assert daily.Command().seconds_until_next() == pytest.approx(hours * 3600)


def test_at_half_past_two_sharp_the_next_run_is_tomorrow():
    with time_machine.travel(datetime(2026, 11, 23, 2, 30, tzinfo=SHANGHAI), tick=False):
        assert daily.Command().seconds_until_next() == timedelta(days=1).total_seconds()


def test_forever_sleeps_between_the_nights(city, monkeypatch):
    """It runs at once and after each sleep, until it is stopped."""
    runs, slept = [], []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(daily.Command, "run", lambda self: runs.append(1))
    monkeypatch.setattr(daily.time, "sleep", sleep)
    with pytest.raises(KeyboardInterrupt):
        call_command("daily", forever=True)
    assert len(runs) == 3 and all(0 < each <= 24 * 3600 for each in slept)
