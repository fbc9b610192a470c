"""What one act leaves behind, and what the next one makes of it."""

from datetime import date

from apps.checklists import daily
from apps.checklists.models import Checklist, Item, Occurrence, Petition
from apps.checklists.services import (
    events,
    petitioning,
    publishing,
    reporting,
    reviewing,
    succession,
    tailoring,
    versions,
)
from apps.core.act import SYSTEM
from apps.core.models import AuditEvent
from apps.duties.models import Duty
from apps.organizations import services
from apps.organizations.models import Appointment
from apps.organizations.roles import RoleCode
from tests.checklists.drafts import apply, change, drop, new_draft
from tests.checklists.interplay import item, leader, owed, own_item, still_owed, year_end
from tests.checklists.petition_steps import ask_for, grant
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY, YEAR

State = Occurrence.State


# --- what comes back ----------------------------------------------------------------------


def test_what_the_facts_ask_again_comes_back(city):
    succession.close(organization=city.place("czj_zb2"), on=TODAY, by=SYSTEM, reason="撤并")
    assert not item("czj_zz", "JG-02").is_in_force
    succession.found(parent=city.place("czj_zz"), by=SYSTEM, kind="branch", name="第三党支部",
                     short_name="第三党支部", code="CZJ_ZB3", founded_on=TODAY)
    row = item("czj_zz", "JG-02")
    assert row.is_in_force and row.archive_reason == ""
    assert AuditEvent.objects.filter(code="checklists.item.ask_again").count() == 1


def test_it_is_the_same_item_though_the_lists_stand_on_another_version_by_then(city):
    succession.close(organization=city.place("czj_zb2"), on=TODAY, by=SYSTEM, reason="撤并")
    draft, before = new_draft(), item("czj_zz", "JG-02")
    apply(draft)
    succession.found(parent=city.place("czj_zz"), by=SYSTEM, kind="branch", name="第三党支部",
                     short_name="第三党支部", code="CZJ_ZB3", founded_on=TODAY)
    row = item("czj_zz", "JG-02")
    assert (row.pk, row.is_in_force, row.duty.version) == (before.pk, True, draft)


def test_what_an_edition_withdrew_is_not_brought_back_by_facts(city):
    draft = new_draft()
    drop(draft, "JG-02")
    apply(draft)
    succession.set_facts(organization=city.place("jyj"), by=SYSTEM, is_window=False)
    assert not item("jyj_jgdw", "JG-02").is_in_force


def test_a_leader_who_takes_his_post_back_owes_his_list_again(city, newcomer):
    year_end()
    member = city.user("jyj_chengyuan")
    mine = Occurrence.unscoped.filter(item__checklist__holder=member)
    before = set(mine.values_list("pk", "state"))
    post = succession.hand_over(appointment=member.posts[0], to=newcomer, on=TODAY, by=SYSTEM)
    assert set(mine.values_list("pk", "state")) != before
    succession.end(appointment=post, by=SYSTEM, last_day=TODAY)
    succession.appoint(user=member, role=RoleCode.MEMBER, by=SYSTEM, starts_on=TODAY,
                       organization=city.place("jyj"))
    assert set(mine.values_list("pk", "state")) == before


def test_what_was_excused_by_itself_is_not_owed_again(city, newcomer):
    """Taken back with a 临时任务, or by petition."""
    ask = ask_for(city, Petition.Kind.EXCUSE)
    grant(ask, city.user("jyj_jgdw"))
    succession.set_facts(organization=city.place("jyj"), by=SYSTEM, is_window=False)
    ask.occurrence.refresh_from_db()
    assert ask.occurrence.state == State.EXCUSED


def test_when_an_item_applies_again_a_rhythm_that_was_changed_meanwhile_does_not_return(city):
    row = grant(ask_for(city, Petition.Kind.NOT_APPLICABLE), city.user("jyj_jgdw"))
    draft = new_draft()
    change(draft, "ZB-02", cadence="quarterly")
    apply(draft)
    petitioning.revoke(petition=row, by=city.user("jyj_jgdw"), seen=row.version, answer="改了。")
    states = dict(owed(city.item("jyj_zb1", "ZB-02")))
    assert (states["2026-11"], states["2026-12"], states["2026-Q4"]) == (
        State.EXCUSED, State.EXCUSED, State.OPEN)


# --- fulfilled along ----------------------------------------------------------------------


def test_what_was_fulfilled_along_stands_alone_when_the_other_is_withdrawn(city):
    along, bearing = city.item("jyj", "DZ-03"), city.item("jyj", "DZ-01")
    assert along.fulfilled_by_id == bearing.pk
    Duty.objects.filter(pk=bearing.duty_id).update(applies_to=["window_unit"])
    succession.set_facts(organization=city.place("jyj"), by=SYSTEM, is_window=False)
    along.refresh_from_db()
    assert not city.item("jyj", "DZ-01").is_in_force and along.fulfilled_by_id is None
    assert owed(along) == {("2026-H2", State.OPEN)}


def test_nothing_is_linked_to_what_is_not_in_force(city):
    along, bearing = city.item("jyj", "DZ-03"), city.item("jyj", "DZ-01")
    Item.unscoped.filter(pk=bearing.pk).update(not_applicable_since=TODAY)
    Item.unscoped.filter(pk=along.pk).update(fulfilled_by=None)
    duties = publishing.Duties(city.version())
    place = city.place("jyj")
    publishing.link_fulfilled(path=place.path, end=publishing.own_end(place), year=YEAR,
                              duties=duties)
    along.refresh_from_db()
    assert along.fulfilled_by_id is None


def test_a_moved_branch_owes_from_the_day_of_its_move(city):
    """Fulfilled along with an item of the unit that it leaves, it has no tasks so far."""
    row = city.item("jyj_zb1", "ZB-02")
    Occurrence.unscoped.filter(item=row).delete()
    Item.unscoped.filter(pk=row.pk).update(fulfilled_by=city.item("jyj", "DZ-01"))
    succession.move(organization=city.place("jyj_zb1"), parent=city.place("czj_zz"), on=TODAY,
                    by=SYSTEM)
    row.refresh_from_db()
    assert row.fulfilled_by_id is None
    assert owed(row) == {("2026-11", State.OPEN), ("2026-12", State.OPEN)}


# --- a successor ------------------------------------------------------------------------


def test_the_days_of_a_predecessor_move_the_successors_tasks(city, newcomer):
    year_end()
    row = Item.unscoped.get(checklist__holder=city.user("jyj_shuji"), duty__code="SJ-01")
    tailoring.tailor(items=[row], days_earlier=10, by=city.user("jyj_shuji"))
    succession.hand_over(appointment=leader(city), to=newcomer, on=TODAY, by=SYSTEM)
    after = Item.unscoped.get(checklist__holder=newcomer, duty__code="SJ-01")
    assert after.days_earlier == 10
    assert after.occurrences.get().due_on == date(YEAR, 12, 18)


def test_a_petition_goes_on_to_who_decides_after_a_post_has_ended(city):
    row = ask_for(city, Petition.Kind.EXCUSE)
    for who in ("jyj_jgdw", "jyj_jgdwsj"):
        for post in city.user(who).posts:
            if post.organization_id == row.addressed_to_id:
                succession.end(appointment=post, by=SYSTEM)
    row.refresh_from_db()
    assert row.addressed_to == city.place("jyj")


def test_a_member_who_becomes_secretary_bears_one_list(city, later):
    """Appointed for a later day, he still holds the post of a member when the day has come."""
    member = city.user("jyj_chengyuan")
    year_end()

    def subjects():
        return set(still_owed(item__checklist__holder=member).values_list(
            "item__checklist__subject", flat=True))

    assert subjects() == {"member"}
    Appointment.unscoped.filter(pk=leader(city).pk).update(ends_on=TODAY)
    services.appoint(user=member, role=RoleCode.PARTY_GROUP_SECRETARY, by=SYSTEM,
                     organization=city.place("jyj"), starts_on=date(YEAR, 11, 24))
    later(days=1)
    daily.run(date(YEAR, 11, 24))
    assert subjects() == {"secretary"}


# --- another version ----------------------------------------------------------------------


def test_a_list_that_nobody_bears_gets_nothing_new(city):
    succession.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM, reason="撤并")
    draft = new_draft()
    change(draft, "ZB-01", cadence="quarterly")
    shown = versions.preview(version=draft, year=YEAR)
    done = apply(draft)
    assert not still_owed(organization=city.place("jyj_zb2")).exists()
    assert sum(each.total.tasks for each in shown) == done.total.tasks == 6


def test_what_has_happened_is_not_asked_any_more_when_its_duty_is_withdrawn(city):
    base, talk = city.version(), city.item("jyj_jgdw", "JG-02")
    task = events.open_event(item=talk, event="新任书记", happened_on=TODAY,
                             by=city.user("jyj_jgdw"))
    draft = new_draft()
    drop(draft, "JG-02")
    apply(draft)
    task.refresh_from_db()
    assert (task.state, task.withdrawn_in) == (State.EXCUSED, draft)
    versions.apply(version=base, year=YEAR, by=SYSTEM)
    task.refresh_from_db()
    assert (task.state, task.withdrawn_in) == (State.OPEN, None)


def test_a_change_that_was_broken_off_does_not_stop_the_night(city, later):
    other = new_draft()
    Checklist.unscoped.filter(pk=city.checklist("jyj_zb1").pk).update(version=other)
    row = ask_for(city, Petition.Kind.EXTENSION)
    hand_in(row.occurrence, city.user("jyj_zb1"))
    assert daily.run(TODAY)["petitions_lapsed"] == 1


# --- withdrawn, and then? -----------------------------------------------------------------


def test_a_report_taken_back_of_what_is_asked_no_more_is_not_owed(city):
    clerk = city.user("jyj_zb1")
    early = hand_in(city.task("jyj_zb1", "ZB-02", "2026-11"), clerk)
    late = hand_in(city.task("jyj_zb1", "ZB-02", "2026-10"), clerk)
    draft = new_draft()
    drop(draft, "ZB-02")
    apply(draft)
    early = reporting.withdraw(occurrence=early, by=clerk, seen=early.version)
    late = reporting.withdraw(occurrence=late, by=clerk, seen=late.version)
    assert (early.state, late.state) == (State.EXCUSED, State.OPEN)
    assert codes(early)[-2:] == ["withdraw", "excuse"]


def test_a_mark_on_an_item_that_is_gone_can_still_be_appealed(city):
    draft = new_draft()
    drop(draft, "ZB-02")
    apply(draft)
    row = ask_for(city, Petition.Kind.APPEAL, task=city.task("jyj_zb1", "ZB-02", "2026-10"))
    daily.run(TODAY)
    row.refresh_from_db()
    assert row.state == Petition.State.ASKED
    assert grant(row, city.user("jyj_jgdw")).state == Petition.State.GRANTED


def test_an_own_item_that_is_overdue_is_not_washed_off_by_its_withdrawal(city, later):
    clerk = city.user("jyj_jgdw")
    row = own_item(city, clerk)
    later(days=14)
    tailoring.withdraw_own(item=row, by=clerk, reason="学校已并入集团")
    assert owed(row) == {("2026-11", State.OPEN), ("2026-12", State.EXCUSED)}


# --- as the city grows --------------------------------------------------------------------


def test_who_decides_is_asked_once_however_much_waits(city, django_assert_max_num_queries):
    for period in ("2026-08", "2026-09", "2026-10", "2026-11"):
        hand_in(city.task("jyj_zb1", "ZB-01", period), city.user("jyj_zb1"))
        ask_for(city, Petition.Kind.EXCUSE, task=city.task("jyj_zb1", "ZB-02", period))
    with django_assert_max_num_queries(3):
        assert reviewing.reroute(by=SYSTEM) == 0
    with django_assert_max_num_queries(3):
        assert petitioning.reroute(by=SYSTEM) == 0
