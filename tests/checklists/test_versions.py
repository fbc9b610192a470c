"""The catalogue changes in mid-year: what follows, and what stays."""

from datetime import date

import pytest

from apps.checklists.models import Adoption, Checklist, Item, Occurrence, Petition
from apps.checklists.services import publishing, versions
from apps.checklists.services.versions import Numbers
from apps.core.act import SYSTEM
from apps.core.calendar import now
from apps.core.errors import Conflict, NotAllowed
from apps.core.models import AuditEvent
from apps.duties.services import drafting
from tests.checklists.drafts import (
    LATER,
    apply,
    change,
    change_everything,
    drop,
    new_draft,
    picture,
)
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY, YEAR
from tests.duties.test_drafting import NEW

State = Occurrence.State
MONTHLY = {"cadence": "monthly", "due": {"anchor": "period_end", "days": 0, "shift": "earlier"}}


@pytest.fixture
def draft(city):
    return new_draft()


@pytest.fixture
def everything(draft):
    change_everything(draft)
    return draft


def tasks(item, **lookup) -> list[Occurrence]:
    rows = Occurrence.unscoped.filter(item=item, **lookup).select_related("slot", "report")
    return list(rows.order_by("starts_on", "pk"))


# --- nothing changes but the pointer ------------------------------------------------------


def test_a_copy_without_changes_moves_the_pointers_and_nothing_else(draft):
    items, rows = picture()
    done = apply(draft)
    assert done.units == 0 and done.total == Numbers()
    assert set(Checklist.unscoped.values_list("version__code", flat=True)) == {draft.code}
    after, same = picture()
    assert [each[:2] for each in after] == [each[:2] for each in items]
    assert {each[2] for each in after} == {draft.pk}
    assert [each[:6] for each in same] == [each[:6] for each in rows]


def test_the_draft_is_published_with_it(draft):
    apply(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.published_on) == ("published", TODAY)


def test_each_unit_has_one_event_of_the_run(draft, city):
    drafting.add_duty(version=draft, by=SYSTEM, **NEW)
    apply(draft)
    events = AuditEvent.objects.filter(code="checklists.checklist.apply").order_by("path")
    assert [e.path for e in events] == [city.place(k).path for k in ("gw", "jyj", "czj", "dag")][1:]
    assert events[0].details["added"] == 4 and events[0].details["tasks"] == 4


def test_a_second_run_finds_nothing_to_do(draft):
    drop(draft, "ZB-02")
    change(draft, "ZB-01", **MONTHLY)
    change(draft, "DZ-02", cadence="half_yearly")
    drafting.add_duty(version=draft, by=SYSTEM, **NEW)
    apply(draft)
    before, events = picture(), AuditEvent.objects.count()
    again = apply(draft)
    assert (again.units, again.total) == (0, Numbers())
    assert (picture(), AuditEvent.objects.count()) == (before, events)


def test_a_broken_run_is_finished_by_the_next(draft, monkeypatch):
    drop(draft, "ZB-02")
    real, seen = versions.apply_to_unit, []

    def breaks(*, plan, **values):
        seen.append(plan.place)
        if len(seen) == 3:
            raise OSError("power")
        return real(plan=plan, **values)

    with monkeypatch.context() as patch:
        patch.setattr(versions, "apply_to_unit", breaks)
        with pytest.raises(OSError, match="power"):
            apply(draft)
    assert len(set(Checklist.unscoped.values_list("version", flat=True))) == 2
    apply(draft)
    assert len(set(Checklist.unscoped.values_list("version", flat=True))) == 1
    assert not Item.unscoped.filter(duty__code="ZB-02", archived_on=None).exists()


def test_progress_is_told_after_each_unit(draft):
    told = []
    apply(draft, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


# --- own edits, ended periods ----------------------------------------------------------------


def test_what_the_unit_has_set_survives(draft, city):
    item, upper = city.item("jyj_zb1", "ZB-01"), city.item("jyj", "DZ-02")
    Item.unscoped.filter(pk=item.pk).update(
        measures="每月第一个周五。", owner="李一帆", days_earlier=2, upper=upper)
    change(draft, "ZB-01", title="每月三会一课", minutes=9)
    done = apply(draft)
    item = Item.unscoped.get(pk=item.pk)
    assert (item.measures, item.owner, item.days_earlier, item.upper) == (
        "每月第一个周五。", "李一帆", 2, upper)
    assert (item.duty.version, item.duty.title) == (draft, "每月三会一课")
    assert done.total == Numbers(changed=7, own_edits=1)


def test_ended_periods_are_untouched_whatever_is_changed(draft, city):
    ended = Occurrence.unscoped.filter(ends_on__lt=TODAY).order_by("pk")
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-09"), city.user("jyj_zb1"))
    before = list(ended.values())
    change(draft, "ZB-01", cadence="quarterly")
    change(draft, "DZ-02", **MONTHLY)
    drop(draft, "ZB-02")
    change(draft, "DZ-01", also_fulfils=[], due={"anchor": "period_start", "days": 3,
                                                 "shift": "later"})
    apply(draft)
    assert list(ended.filter(pk__in=[row["id"] for row in before]).values()) == before


# --- withdrawn ------------------------------------------------------------------------------


def test_a_withdrawn_duty_is_archived_with_its_reports(draft, city):
    item, clerk = city.item("jyj_zb1", "ZB-02"), city.user("jyj_zb1")
    reported = hand_in(city.task("jyj_zb1", "ZB-02", "2026-11"), clerk)
    drop(draft, "ZB-02")
    done = apply(draft)
    item.refresh_from_db()
    assert (item.archived_on, item.archive_reason) == (TODAY, "责任目录2026.2不再要求")
    assert item.duty.version.code == "2026.1"
    states = {task.period: task.state for task in tasks(item)}
    assert states["2026-11"] == State.SUBMITTED and states["2026-10"] == State.OPEN
    assert states["2026-12"] == State.EXCUSED
    assert Occurrence.unscoped.get(pk=reported.pk).report.words == "支委会研究了两件事。"
    assert done.total == Numbers(withdrawn=7, excused=13)
    assert codes(tasks(item, period="2026-12")[0]) == ["excuse"]


def test_a_duty_that_no_longer_applies_to_the_unit_is_withdrawn_there_only(draft, city):
    change(draft, "ZB-02", applies_to=["has_organ_committee"])
    apply(draft)
    assert city.item("jyj_zb1", "ZB-02").archived_on is None
    assert city.item("czj_zb1", "ZB-02").archived_on == TODAY


def test_facts_of_a_unit_that_have_changed_are_no_business_of_a_version(draft, city):
    type(city.place("jyj")).objects.filter(code="JYJ_JGDW").update(closed_on=TODAY)
    change(draft, "ZB-01", minutes=9)
    apply(draft)
    assert city.item("jyj_jgdw", "JG-03").duty.version == draft
    assert not Item.unscoped.exclude(archived_on=None).exists()


# --- new -------------------------------------------------------------------------------------


def test_a_new_duty_is_owed_from_the_day_of_applying(draft, city, settings):
    settings.LOAD_BRANCH_ENTRIES = 50
    code = drafting.add_duty(version=draft, by=SYSTEM, **NEW | MONTHLY).code
    apply(draft)
    item = city.item("jyj_zb1", code)
    assert [task.period for task in tasks(item)] == ["2026-11", "2026-12"]
    assert item.counts_from == TODAY
    publishing.publish(version=draft, year=YEAR, by=SYSTEM)
    assert [task.period for task in tasks(item)] == ["2026-11", "2026-12"]


def test_a_new_duty_is_given_to_the_units_that_it_applies_to(draft, city):
    code = drafting.add_duty(version=draft, by=SYSTEM, **NEW | {
        "applies_to": ["window_unit"]}).code
    apply(draft)
    places = Item.unscoped.filter(duty__code=code).values_list(
        "checklist__organization__code", flat=True)
    assert set(places) == {"JYJ_ZB1", "JYJ_ZB2", "JYJ_ZB3", "JYJ_ZB4", "DAG_ZB"}


def test_the_first_duty_of_a_subject_brings_its_lists(draft, city):
    assert not Checklist.unscoped.filter(subject="discipline_committee").exists()
    drafting.add_duty(version=draft, by=SYSTEM, **NEW | {"subject": "discipline_committee"})
    apply(draft)
    checklist = city.checklist("jyj_jw")
    assert (checklist.counts_from, checklist.version) == (TODAY, draft)
    assert [t.period for t in tasks(checklist.items.get())] == ["2026-H2"]
    assert Adoption.unscoped.filter(checklist=checklist).exists()


# --- dates and rhythm ----------------------------------------------------------------------


def test_open_tasks_follow_a_changed_due_rule(draft, city):
    change(draft, "JG-01", due=LATER)
    done = apply(draft)
    (task,) = tasks(city.item("jyj_jgdw", "JG-01"))
    assert (task.due_on, task.slot.version) == (date(2026, 12, 18), draft)
    assert done.total == Numbers(changed=3, moved=3)
    assert codes(task) == ["move"]


def test_a_date_that_has_passed_under_the_new_rule_stays(draft, city):
    change(draft, "JG-01", due={"month": 10, "day": 10, "shift": "earlier"})
    apply(draft)
    assert tasks(city.item("jyj_jgdw", "JG-01"))[0].due_on == date(2026, 12, 10)


def test_what_was_agreed_and_what_is_past_keep_their_dates(draft, city):
    agreed, past = city.task("jyj_jgdw", "JG-01"), city.task("dag_zb", "JG-01")
    Petition.unscoped.create(
        kind="extension", item=agreed.item, occurrence=agreed, reason="换届。", state="granted",
        asked_by=city.user("jyj_jgdw"), asked_at=now(), addressed_to=city.place("gw"),
        proposed_on=date(2026, 12, 15), due_after=date(2026, 12, 15))
    Occurrence.unscoped.filter(pk=agreed.pk).update(due_on=date(2026, 12, 15))
    Occurrence.unscoped.filter(pk=past.pk).update(due_on=date(2026, 11, 20))
    change(draft, "JG-01", due=LATER)
    apply(draft)
    dates = [Occurrence.unscoped.get(pk=t.pk).due_on for t in (agreed, past)]
    assert dates == [date(2026, 12, 15), date(2026, 11, 20)]


def test_a_list_that_wants_it_earlier_wants_the_new_date_earlier(draft, city):
    item = city.item("jyj_jgdw", "JG-01")
    Item.unscoped.filter(pk=item.pk).update(days_earlier=3)
    change(draft, "JG-01", due=LATER)
    apply(draft)
    assert tasks(item)[0].due_on == date(2026, 12, 15)


def test_a_faster_rhythm_begins_after_the_period_that_has_begun(draft, city):
    change(draft, "DZ-02", **MONTHLY)
    apply(draft)
    item = city.item("jyj", "DZ-02")
    assert [(t.period, t.state) for t in tasks(item)] == [
        ("2026-Q1", "open"), ("2026-Q2", "open"), ("2026-Q3", "open"), ("2026-Q4", "open")]
    publishing.publish(version=draft, year=YEAR, by=SYSTEM)
    assert len(tasks(item)) == 4


def test_a_slower_rhythm_replaces_what_has_not_begun(draft, city):
    change(draft, "ZB-02", cadence="quarterly")
    done = apply(draft)
    states = {t.period: t.state for t in tasks(city.item("jyj_zb1", "ZB-02"))}
    assert states["2026-11"] == State.OPEN and states["2026-12"] == State.EXCUSED
    assert states["2026-Q4"] == State.OPEN and "2026-Q3" not in states
    assert done.total == Numbers(changed=7, tasks=7, excused=7)
    publishing.publish(version=draft, year=YEAR, by=SYSTEM)
    assert len(tasks(city.item("jyj_zb1", "ZB-02"))) == len(states)


def test_a_duty_that_is_now_fulfilled_along_is_no_longer_asked_by_itself(draft, city):
    change(draft, "ZB-01", also_fulfils=["ZB-02"], **MONTHLY)
    apply(draft)
    item = city.item("jyj_zb1", "ZB-02")
    assert item.fulfilled_by == city.item("jyj_zb1", "ZB-01")
    states = {t.period: t.state for t in tasks(item)}
    assert (states["2026-11"], states["2026-12"]) == (State.OPEN, State.EXCUSED)


def test_a_duty_that_stands_alone_again_is_asked_from_today(draft, city):
    change(draft, "DZ-01", also_fulfils=[])
    done = apply(draft)
    item = city.item("jyj", "DZ-03")
    assert item.fulfilled_by is None
    assert [t.period for t in tasks(item)] == ["2026-H2"]
    assert done.total == Numbers(changed=3, tasks=3)


def test_an_item_agreed_to_be_not_applicable_stays_so(draft, city):
    item = city.item("jyj_zb1", "ZB-02")
    Item.unscoped.filter(pk=item.pk).update(not_applicable_since=TODAY)
    change(draft, "ZB-02", cadence="quarterly")
    apply(draft)
    item.refresh_from_db()
    assert item.not_applicable_since == TODAY and item.duty.version == draft
    assert not tasks(item, period="2026-Q4")


# --- preview, refusals ------------------------------------------------------------------------


def test_the_preview_says_what_the_run_then_does(everything, city):
    Item.unscoped.filter(duty__code="JG-01").update(owner="陈立新")
    before = picture()
    shown = {each.place.code: each for each in versions.preview(version=everything, year=YEAR)}
    assert picture() == before
    done = apply(everything)
    assert sum((each.total for each in shown.values()), Numbers()) == done.total
    jyj = shown["JYJ"].total
    assert (jyj.added, jyj.withdrawn, jyj.own_edits) == (4, 4, 1)
    assert shown["JYJ"].subjects["branch"].added == 4
    details = AuditEvent.objects.get(
        code="checklists.checklist.apply", path=city.place("jyj").path).details
    assert {name: details[name] for name in ("added", "changed", "tasks", "excused", "moved")} == {
        name: getattr(jyj, name) for name in ("added", "changed", "tasks", "excused", "moved")}


def test_the_preview_asks_few_statements(everything, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        versions.preview(version=everything, year=YEAR)


@pytest.mark.parametrize("who", ["gongwei", "ducha", "jyj_jgdw"])
def test_only_an_administrator_applies(draft, city, who):
    before = picture()
    with pytest.raises(NotAllowed):
        versions.apply(version=draft, year=YEAR, by=city.user(who))
    assert picture() == before


def test_a_year_without_lists_is_published_and_not_applied_to(draft):
    with pytest.raises(Conflict, match="还没有下发"):
        versions.apply(version=draft, year=YEAR + 1, by=SYSTEM)


def test_a_past_year_is_left_alone(draft, later):
    later(days=60)
    with pytest.raises(Conflict, match="已经过去"):
        apply(draft)


def test_a_draft_above_the_budget_is_not_applied(draft, settings):
    settings.LOAD_BRANCH_ENTRIES = 1
    before = picture()
    with pytest.raises(Conflict, match="超过了"):
        apply(draft)
    assert picture() == before


def test_publishing_another_version_stays_refused(draft):
    with pytest.raises(Conflict, match="不能再按另一版下发"):
        publishing.publish(version=draft, year=YEAR, by=SYSTEM)
