"""Publishing: from catalogue and tree to lists, items and tasks of a year."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from apps.checklists import daily
from apps.checklists.models import Checklist, Item, Occurrence, Slot
from apps.checklists.services import publishing
from apps.checklists.services.plans import plan
from apps.core.act import SYSTEM
from apps.core.models import AuditEvent
from apps.duties.models import Duty
from apps.organizations import services
from apps.organizations.models import Appointment, Organization
from apps.organizations.roles import RoleCode
from tests.city import TODAY, YEAR

NEXT = YEAR + 1


def publish(city, year=NEXT, **options) -> publishing.Made:
    return publishing.publish(version=city.version(), year=year, by=SYSTEM, **options)


def rows(year=NEXT) -> set[tuple]:
    """Every task of the year as (organisation, subject, duty, period)."""
    tasks = Occurrence.unscoped.filter(item__checklist__year=year)
    return set(tasks.values_list("organization__code", "item__checklist__subject",
                                 "item__duty__code", "period"))


def events(year=NEXT):
    return AuditEvent.objects.filter(code="checklists.checklist.publish", details__year=year)


def of_unit(key: str, year=YEAR) -> tuple[int, int, int]:
    """Lists, items and tasks of a unit and everything below it."""
    path = "organization__code__startswith"
    lists = Checklist.unscoped.filter(year=year, **{path: key.upper()})
    items = Item.unscoped.filter(checklist__in=lists)
    return (lists.count(), items.count(), Occurrence.unscoped.filter(item__in=items).count())


# --- what is created --------------------------------------------------------------------


@pytest.mark.parametrize("key, expected", [
    # 党组 4 duties, 书记 2, 机关党委 3, four branches with 3 each
    ("jyj", (7, 4 + 2 + 3 + 4 * 3, 6 + 1 + 5 + 4 * 25)),
    # 党总支 for the 机关党委, two branches
    ("czj", (5, 4 + 2 + 3 + 2 * 3, 6 + 1 + 5 + 2 * 25)),
    # the single branch takes JG-01 and JG-03; JG-02 asks for several branches
    ("dag", (3, 4 + 2 + 5, 6 + 1 + 25 + 5)),
])
def test_what_each_unit_of_the_demo_gets(city, key, expected):
    assert of_unit(key) == expected


def test_a_place_without_any_duty_gets_no_list(city):
    assert not Checklist.unscoped.filter(organization__code="JYJ_JW").exists()


def test_the_lists_of_a_unit_by_bearer(city):
    lists = Checklist.unscoped.for_page().filter(organization__code__startswith="DAG")
    assert {(each.subject, each.bearer) for each in lists} == {
        ("party_group", "中共云川市档案馆党组"),
        ("secretary", "市档案馆党组书记田秀英"),
        ("branch", "市档案馆党支部"),
    }


def test_the_single_branch_bears_the_organ_committees_duties(city):
    items = city.checklist("dag_zb").items.values_list("duty__code", flat=True)
    assert set(items) == {"ZB-01", "ZB-02", "ZB-03", "JG-01", "JG-03"}


def test_a_monthly_duty_has_twelve_tasks_with_the_dates_of_its_slots(city):
    tasks = Occurrence.unscoped.filter(organization__code="JYJ_ZB1", item__duty__code="ZB-01")
    assert {task.period for task in tasks} == {f"2026-{month:02}" for month in range(1, 13)}
    for task in tasks.select_related("slot"):
        same = (task.slot.starts_on, task.slot.ends_on, task.slot.due_on)
        assert (task.starts_on, task.ends_on, task.due_on) == same


def test_a_new_task_is_open_and_untouched(city):
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    assert (task.state, task.version, task.is_confirmed, task.event) == ("open", 0, True, "")
    assert (task.report, task.reviewed_by, task.correct_by, task.first_filed_on) == (None,) * 4


@pytest.mark.parametrize("duty", ["SJ-02", "DZ-04"])
def test_standing_duties_and_duties_on_event_have_an_item_and_no_task(city, duty):
    assert not city.item("jyj", duty).occurrences.exists()


def test_a_former_leader_gets_no_list(city):
    post = city.user("jyj_shuji").posts[0]
    services.end(appointment=post, by=SYSTEM)
    publish(city)
    assert not Checklist.unscoped.filter(year=NEXT, holder__username="jyj_shuji").exists()


def test_a_deputy_gets_no_list_of_his_own(city):
    post = city.user("jyj_shuji").posts[0]
    services.appoint(user=city.user("jyj_chengyuan"), role=post.role, by=SYSTEM,
                     organization=post.organization, starts_on=TODAY,
                     ends_on=date(2026, 12, 31), acting_for=post)
    publish(city)
    assert not Checklist.unscoped.filter(year=NEXT, subject="secretary",
                                         holder__username="jyj_chengyuan").exists()


def test_a_closed_branch_gets_nothing(city):
    place = city.place("jyj_zb4")
    place.closed_on = TODAY
    place.save()
    publish(city)
    assert not Checklist.unscoped.filter(year=NEXT, organization=place).exists()


def test_the_committee_has_its_own_list(city):
    Duty.objects.filter(code="JG-03").update(subject="committee")
    publish(city)
    assert of_unit("gw", NEXT) == (1, 1, 4)
    event = events().get(target_label=city.place("gw").name)
    assert (event.details["lists"], event.details["tasks"]) == (1, 4)


def test_publishing_to_the_committee_reaches_no_unit(city):
    """Every unit lies in its subtree; its own rows are not theirs."""
    Occurrence.unscoped.filter(organization__code="DAG_ZB").delete()
    made = publishing.publish_unit(plan=plan(city.place("gw")), year=YEAR, by=SYSTEM,
                                   duties=publishing.Duties(city.version()))
    assert made == publishing.Made()


# --- again ------------------------------------------------------------------------------


def test_publishing_again_changes_nothing_and_writes_no_event(city):
    before = (rows(YEAR), Slot.objects.count(), AuditEvent.objects.count())
    assert publish(city, YEAR) == publishing.Made()
    assert (rows(YEAR), Slot.objects.count(), AuditEvent.objects.count()) == before


def test_publishing_again_leaves_a_moved_date_alone(city):
    task = city.task("jyj_zb1", "ZB-01", "2026-12")
    Occurrence.unscoped.filter(pk=task.pk).update(due_on=date(2027, 1, 20))
    publish(city, YEAR)
    task.refresh_from_db()
    assert task.due_on == date(2027, 1, 20)


def test_one_event_a_unit_with_its_figures(city):
    made = publish(city)
    assert events().count() == made.units == 3
    event = events().get(target_label="中共云川市档案馆党组")
    assert event.details == {"year": NEXT, "lists": 3, "items": 11, "tasks": 37,
                             "version": "2026.1"}


def test_the_whole_city_is_the_sum_of_its_units(city):
    made = publish(city)
    assert (made.lists, made.items, made.tasks) == (15, 47, 211)


def test_progress_is_told_after_each_place(city):
    told = []
    publish(city, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_broken_off_after_one_unit_and_started_again_gives_the_same(city):
    publish(city, YEAR + 2)
    expected = {(*row[:3], row[3].replace(str(YEAR + 2), str(NEXT))) for row in rows(YEAR + 2)}

    def stop(done, total):
        if done == 2:  # the committee and one unit
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(city, progress=stop)
    assert 0 < len(rows()) < len(expected)
    publish(city)
    assert rows() == expected
    assert events().count() == 3


def test_broken_off_within_a_unit_leaves_nothing_of_it(city, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("power")

    monkeypatch.setattr(publishing, "record", fail)
    with pytest.raises(OSError, match="power"):
        publish(city)
    assert not Checklist.unscoped.filter(year=NEXT).exists()


# --- from when on -----------------------------------------------------------------------


def found_branch(city, founded_on):
    return services.found(kind="branch", name="市教育局机关第五党支部", short_name="第五党支部",
                          code="JYJ_ZB5", parent=city.place("jyj_jgdw"), by=SYSTEM,
                          founded_on=founded_on)


def meetings_of(code, year=YEAR) -> set[str]:
    return {period for own, _, duty, period in rows(year) if (own, duty) == (code, "ZB-01")}


def test_a_list_counts_from_the_first_of_january(city):
    """Everybody was there on 4 January; the next year begins with its first day."""
    assert set(Checklist.unscoped.values_list("counts_from", flat=True)) == {date(YEAR, 1, 4)}
    publish(city)
    new = Checklist.unscoped.filter(year=NEXT)
    assert set(new.values_list("counts_from", flat=True)) == {date(NEXT, 1, 1)}


def test_a_branch_owes_nothing_that_was_due_before_it_was_founded(city):
    branch = found_branch(city, date(YEAR, 11, 3))
    publish(city, YEAR)
    assert Checklist.unscoped.get(organization=branch).counts_from == date(YEAR, 11, 3)
    # October's meeting is due on the very day.
    assert meetings_of("JYJ_ZB5") == {f"{YEAR}-{month}" for month in (10, 11, 12)}


def test_a_branch_founded_a_day_later_owes_one_less(city):
    found_branch(city, date(YEAR, 11, 4))
    publish(city, YEAR)
    assert meetings_of("JYJ_ZB5") == {f"{YEAR}-11", f"{YEAR}-12"}


def test_without_its_first_day_it_would_owe_the_whole_year(city, monkeypatch):
    found_branch(city, date(YEAR, 11, 4))
    monkeypatch.setattr(publishing, "max", lambda first, since: first, raising=False)
    publish(city, YEAR)
    assert len(meetings_of("JYJ_ZB5")) == 12


def test_a_leaders_list_counts_from_his_post_and_not_from_his_units_founding(city):
    services.end(appointment=Appointment.unscoped.get(user__username="jyj_shuji"), by=SYSTEM)
    services.appoint(user=city.user("jyj_chengyuan"), role=RoleCode.PARTY_GROUP_SECRETARY,
                     organization=city.place("jyj"), starts_on=date(YEAR, 6, 1), by=SYSTEM)
    assert publish(city, YEAR).tasks == 1  # the lecture before 1 July is his
    own = Checklist.unscoped.get(holder=city.user("jyj_chengyuan"))
    assert own.counts_from == date(YEAR, 6, 1)


def test_a_list_that_came_late_gets_no_past_tasks_from_another_run(city):
    found_branch(city, TODAY)
    publish(city, YEAR)
    before = rows(YEAR)
    assert publish(city, YEAR) == publishing.Made()
    assert rows(YEAR) == before


def test_a_leader_owes_from_the_day_of_his_appointment(city, later):
    old = Appointment.unscoped.get(user__username="jyj_shuji")
    services.end(appointment=old, by=SYSTEM)
    services.appoint(user=city.user("jyj_chengyuan"), role=RoleCode.PARTY_GROUP_SECRETARY,
                     organization=city.place("jyj"), starts_on=TODAY, by=SYSTEM)
    assert publish(city, year=YEAR).tasks == 0  # the lecture before 1 July was not his to give
    assert Checklist.unscoped.filter(holder=city.user("jyj_chengyuan"), year=YEAR).count() == 1
    assert Checklist.unscoped.filter(holder=old.user, year=YEAR).count() == 1


# --- along with -------------------------------------------------------------------------


def test_what_is_fulfilled_along_has_no_task_of_its_own(city):
    item = city.item("jyj", "DZ-03")
    assert item.fulfilled_by == city.item("jyj", "DZ-01")
    assert not item.occurrences.exists()


def test_where_the_bearing_duty_is_not_borne_it_has_its_own(city):
    Duty.objects.filter(code="DZ-01").update(applies_to=["party_committee"])
    publish(city)
    item = Item.unscoped.get(checklist__year=NEXT, checklist__organization__code="JYJ",
                             duty__code="DZ-03")
    assert item.fulfilled_by is None
    assert set(item.occurrences.values_list("period", flat=True)) == {f"{NEXT}-H1", f"{NEXT}-H2"}


def test_a_duty_is_linked_within_its_own_unit_and_year(city):
    publish(city)
    for item in Item.unscoped.exclude(fulfilled_by=None).select_related(
            "checklist__organization", "fulfilled_by__checklist__organization"):
        own, bearing = item.checklist, item.fulfilled_by.checklist
        assert (own.organization, own.year) == (bearing.organization, bearing.year)


# --- later ------------------------------------------------------------------------------


@pytest.fixture
def new_branch(city):
    return found_branch(city, founded_on=TODAY)


def test_a_branch_founded_later_gets_its_list_by_the_daily_run(city, new_branch):
    assert daily.run(TODAY)["tasks"] == 4
    assert {row[2:] for row in rows(YEAR) if row[0] == "JYJ_ZB5"} == {
        ("ZB-01", "2026-11"), ("ZB-01", "2026-12"), ("ZB-02", "2026-11"), ("ZB-02", "2026-12")}


def test_the_daily_run_twice_adds_once(city, new_branch):
    daily.run(TODAY)
    assert not any(daily.run(TODAY).values())
    assert events(YEAR).filter(details__lists=1, details__items=3, details__tasks=4).count() == 1


def test_the_daily_run_before_anything_was_published_does_nothing(city):
    done = daily.run(date(YEAR + 3, 1, 5))
    assert set(done.values()) == {0}


# --- how much work ----------------------------------------------------------------------


def statements(city, year, since) -> int:
    Organization.objects.update(founded_on=since)
    unit = city.place("jyj")
    duties = publishing.Duties(city.version())
    publishing.due_dates.write_slots(version=city.version(), year=year)
    with CaptureQueriesContext(connection) as done:
        publishing.publish_unit(plan=plan(unit), duties=duties, year=year, by=SYSTEM)
    return len(done)


def test_the_number_of_statements_does_not_grow_with_the_tasks(city):
    few = statements(city, NEXT, since=date(NEXT, 12, 1))
    many = statements(city, NEXT + 1, since=date(NEXT + 1, 1, 1))
    assert len(rows(NEXT)) < 30 and len(rows(NEXT + 1)) == 112
    assert few == many


# --- two at once ------------------------------------------------------------------------


@pytest.mark.postgresql
def test_two_runs_at_once_make_no_double_row_and_one_event_a_unit(standing_city):
    version, together, failed = standing_city.version(), Barrier(2), []

    def run():
        try:
            together.wait(timeout=10)
            publishing.publish(version=version, year=NEXT, by=SYSTEM)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert failed == []
    assert (Checklist.unscoped.filter(year=NEXT).count(), len(rows())) == (15, 211)
    assert Occurrence.unscoped.filter(item__checklist__year=NEXT).count() == 211
    assert events().count() == 3
