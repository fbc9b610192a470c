"""Who publishes, and what a year that stands on one version refuses."""

import pytest
from django.core.management import CommandError, call_command

from apps.checklists.models import Checklist, Slot
from apps.checklists.services import publishing
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, NotAllowed
from apps.core.models import AuditEvent
from apps.duties.models import CatalogueVersion
from tests.city import YEAR

NEXT = YEAR + 1
State = CatalogueVersion.State


@pytest.fixture
def other(city):
    """Another version, loaded and not yet published."""
    row = city.version()
    row.pk, row.code, row.state, row.published_on = None, "2026.2", State.LOADED, None
    row.save(force_insert=True)
    return row


@pytest.fixture
def own(city, other):
    """The version on which the year stands."""
    return CatalogueVersion.objects.exclude(pk=other.pk).get()


def written() -> tuple:
    return (Checklist.unscoped.count(), Slot.objects.count(),
            AuditEvent.objects.done().count())


# --- another version ------------------------------------------------------------------------


def test_another_version_into_a_year_that_stands_on_one_is_a_conflict(own, other):
    before = written()
    with pytest.raises(Conflict, match=f"{YEAR}年的清单按责任目录{own.code}下发"):
        publishing.publish(version=other, year=YEAR, by=SYSTEM)
    other.refresh_from_db()
    assert (other.state, other.published_on) == (State.LOADED, None)
    assert written() == before


def test_another_version_starts_another_year(other):
    publishing.publish(version=other, year=NEXT, by=SYSTEM)
    other.refresh_from_db()
    assert other.state == State.PUBLISHED


def test_without_the_look_at_the_year_it_would_be_published(other, monkeypatch):
    monkeypatch.setattr(publishing, "check", lambda **of: None)
    publishing.publish(version=other, year=YEAR, by=SYSTEM)
    other.refresh_from_db()
    assert other.state == State.PUBLISHED


# --- who ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["gongwei", "ducha", "xitong", "shenji", "jyj_jgdw", "jyj_zb1"])
def test_only_an_administrator_of_the_committee_publishes(city, who):
    before = written()
    with pytest.raises(NotAllowed, match="清单由工委管理员下发"):
        publishing.publish(version=city.version(), year=NEXT, by=city.user(who))
    assert written() == before
    last = AuditEvent.objects.order_by("-number").first()
    assert (last.code, last.actor_name) == (audit.REFUSED, city.user(who).name)


def test_the_administrator_does(city):
    made = publishing.publish(version=city.version(), year=NEXT, by=city.user("gongwei_admin"))
    assert made.lists == 15


def test_without_the_look_at_the_right_anybody_would(city, monkeypatch):
    monkeypatch.setattr(publishing, "check", lambda **of: None)
    made = publishing.publish(version=city.version(), year=NEXT, by=city.user("jyj_zb1"))
    assert made.lists == 15


def test_the_command_says_what_stands_in_the_way(other):
    with pytest.raises(CommandError, match="不能再按另一版下发"):
        call_command("publish", catalogue=other.code)
