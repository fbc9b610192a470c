"""Tasks on event that an act in the app opens: a new branch secretary."""

from datetime import date

import pytest
from django.core.management import call_command

from apps.checklists import tasks
from apps.checklists.models import Checklist, Item, ListYear, Occurrence
from apps.checklists.services import events
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import NotAllowed
from apps.core.models import AuditEvent
from apps.dashboard.management.commands import daily
from apps.duties.models import Duty
from apps.organizations import services
from apps.organizations.models import Organization
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD, TODAY, YEAR

FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _opened_by_appointment(city):
    Duty.objects.filter(code="JG-02").update(opened_by="appointment")


@pytest.fixture
def newcomer(city):
    return services.create_user(username="xinshuji", name="高远", password=PASSWORD, by=SYSTEM)


def appoint(city, user, key="jyj_zb2", on=FRIDAY, role=RoleCode.BRANCH_SECRETARY, **values):
    return services.appoint(user=user, role=role, organization=city.place(key), starts_on=on,
                            by=SYSTEM, **values)


def pull(day=TODAY) -> int:
    return events.pull(by=SYSTEM, day=day)


def opened() -> list[Occurrence]:
    return list(Occurrence.unscoped.for_page().filter(opened_by__startswith="appointment:"))


def test_a_new_secretary_opens_the_talk_on_the_list_of_the_body_above(city, newcomer):
    post = appoint(city, newcomer)
    assert pull() == 1
    (row,) = opened()
    assert (row.item, row.organization.code) == (city.item("jyj_jgdw", "JG-02"), "JYJ_JGDW")
    assert str(row) == "新任书记任职谈话：第二党支部新任书记高远"
    assert (row.opened_by, row.starts_on, row.due_on) == (
        f"appointment:{post.pk}", FRIDAY, date(2026, 12, 4))
    assert audit.sentence(audit.last_event(row)) == f"系统登记了{row}"


def test_it_is_in_the_clerks_to_do(city, login, newcomer):
    appoint(city, newcomer)
    pull()
    assert "第二党支部新任书记高远" in login("jyj_jgdw").get("/").text
    assert "新任书记高远" not in login("czj_zz").get("/").text


def test_where_the_body_is_a_general_branch_it_is_that_ones(city, newcomer):
    appoint(city, newcomer, key="czj_zb1")
    pull()
    assert [row.organization.code for row in opened()] == ["CZJ_ZZ"]


def test_pulling_again_opens_nothing_more(city, newcomer):
    appoint(city, newcomer)
    assert [pull(), pull(), len(opened())] == [1, 0, 1]


def test_what_was_opened_is_not_opened_again_on_another_list(city, newcomer):
    """The branch went to another body, or the item came anew with an edition."""
    appoint(city, newcomer)
    pull()
    Occurrence.unscoped.filter(opened_by__startswith="appointment:").update(
        item=city.item("czj_zz", "JG-02"))
    assert pull() == 0


def test_those_who_were_there_at_the_founding_open_nothing():
    assert pull() == 0


def test_the_first_secretary_of_a_branch_just_founded_opens_nothing(city, newcomer):
    services.found(kind=Organization.Kind.BRANCH, name="市教育局机关第五党支部",
                   short_name="第五党支部", code="JYJ_ZB5", parent=city.place("jyj_jgdw"),
                   founded_on=FRIDAY, by=SYSTEM)
    appoint(city, newcomer, key="jyj_zb5")
    assert pull() == 0


def test_his_successor_does(city, newcomer):
    services.found(kind=Organization.Kind.BRANCH, name="市教育局机关第五党支部",
                   short_name="第五党支部", code="JYJ_ZB5", parent=city.place("jyj_jgdw"),
                   founded_on=date(2026, 10, 9), by=SYSTEM)
    appoint(city, newcomer, key="jyj_zb5")
    assert pull() == 1


def test_who_was_appointed_before_the_list_counts_opens_nothing(city, newcomer):
    appoint(city, newcomer)
    Checklist.unscoped.filter(organization=city.place("jyj_jgdw")).update(counts_from=FRIDAY)
    assert pull() == 0
    Checklist.unscoped.filter(organization=city.place("jyj_jgdw")).update(
        counts_from=date(2026, 11, 19))
    assert pull() == 1


def test_a_deputy_opens_nothing(city, newcomer):
    post = city.user("jyj_zb2").posts[0]
    appoint(city, newcomer, acting_for=post, ends_on=date(2026, 12, 31))
    assert pull() == 0


def test_who_held_the_post_before_opens_nothing(city):
    ma = city.user("jyj_zb2")
    services.end(appointment=ma.posts[0], last_day=date(2026, 11, 19), by=SYSTEM)
    appoint(city, ma)
    assert pull() == 0


def test_who_changes_from_another_branch_is_new_there(city):
    appoint(city, city.user("jyj_zb3"))
    assert pull() == 1


@pytest.mark.parametrize("role", [RoleCode.BRANCH_CLERK, RoleCode.ORGAN_SECRETARY])
def test_other_posts_open_nothing(city, newcomer, role):
    appoint(city, newcomer, key="jyj_jgdw", role=role)
    assert pull() == 0


def test_a_single_branch_opens_nothing_for_itself(city, newcomer):
    """Even where it bears the duty: nobody speaks with himself."""
    item = Item.unscoped.create(checklist=city.checklist("dag_zb"),
                                duty=Duty.objects.get(code="JG-02"))
    appoint(city, newcomer, key="dag_zb")
    assert pull() == 0 and not item.occurrences.exists()


def test_a_post_to_come_waits_for_its_day(city, newcomer):
    appoint(city, newcomer, on=date(2026, 11, 25))
    assert pull() == 0
    assert pull(day=date(2026, 11, 25)) == 1


def test_a_post_that_has_ended_opens_nothing(city, newcomer):
    appoint(city, newcomer, on=date(2026, 11, 2), ends_on=date(2026, 11, 18))
    assert pull() == 0


def test_what_is_registered_late_is_due_counted_from_today(city, newcomer):
    appoint(city, newcomer, on=date(2026, 9, 1))
    pull()
    assert opened()[0].starts_on == date(2026, 9, 1)
    assert opened()[0].due_on == date(2026, 12, 7)


def test_a_post_of_december_is_caught_in_january_on_its_own_years_list(city, newcomer):
    appoint(city, newcomer, on=date(2026, 12, 30))
    assert pull(day=date(2027, 1, 4)) == 1
    assert opened()[0].item.checklist.year == YEAR


def test_a_closed_year_is_left_alone(city, newcomer):
    appoint(city, newcomer, on=date(2026, 12, 30))
    ListYear.objects.create(year=YEAR, state="closed", closed_on=date(2027, 1, 31))
    assert pull(day=date(2027, 2, 1)) == 0


def test_an_item_that_is_not_in_force_opens_nothing(city, newcomer):
    appoint(city, newcomer)
    Item.unscoped.filter(duty__code="JG-02").update(not_applicable_since=TODAY)
    assert pull() == 0


def test_a_duty_that_waits_for_nobody_is_not_opened(city, newcomer):
    appoint(city, newcomer)
    Duty.objects.update(opened_by="")
    assert pull() == 0


def test_a_person_does_not_pull(city):
    with pytest.raises(NotAllowed):
        events.pull(by=city.user("gongwei_admin"), day=TODAY)


def test_the_daily_run_pulls(city, newcomer, monkeypatch):
    monkeypatch.setattr(daily, "close_old_connections", lambda: None)
    appoint(city, newcomer)
    call_command("daily")
    assert len(opened()) == 1


def test_a_page_that_registers_a_post_can_queue_it(city, newcomer):
    appoint(city, newcomer)
    tasks.pull_events.enqueue()
    assert len(opened()) == 1


def test_a_run_without_news_writes_nothing(city):
    before = AuditEvent.objects.count()
    pull()
    assert AuditEvent.objects.count() == before


def test_what_the_unit_opens_itself_is_another_task(city, newcomer):
    appoint(city, newcomer)
    pull()
    events.open_event(item=city.item("jyj_jgdw", "JG-02"), event="第四党支部新任书记",
                      happened_on=FRIDAY, by=city.user("jyj_jgdw"))
    assert city.item("jyj_jgdw", "JG-02").occurrences.count() == 2
