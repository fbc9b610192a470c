"""自定事项: what a list sets itself, beside the catalogue."""

from datetime import date

import pytest

from apps.checklists.models import Checklist, Item, Occurrence, Slot
from apps.checklists.services import adopting, publishing, reviewing, tailoring
from apps.core import audit
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.duties.models import CatalogueVersion, Chapter, Duty
from tests.checklists.steps import hand_in
from tests.city import TODAY, YEAR

State = Occurrence.State


@pytest.fixture
def clerk(city):
    return city.user("jyj_jgdw")


@pytest.fixture
def add(city, clerk):
    """`add(title="…", cadence="monthly")`: an own item of the party group."""

    def make(*, by=None, checklist=None, cadence="quarterly", due=None, **values):
        words = {"title": "校园党建联建", "text": "与三所直属学校联建。", "why": "下属学校多。",
                 "chapter": Chapter.objects.get(number=4), "evidence": "words", "minutes": 10}
        rule = tailoring.due_rule(cadence=cadence, last_day=date(YEAR, 12, 10)) if due is None \
            else due
        return tailoring.add_own(
            checklist=checklist or city.checklist("jyj", "party_group"), by=by or clerk,
            cadence=cadence, due=rule, **words | values)

    return make


def tasks(item) -> list[tuple[str, date]]:
    return [(task.period, task.due_on) for task in item.occurrences.order_by("due_on")]


# --- add ---------------------------


def test_an_own_item_is_a_duty_outside_of_the_catalogue(city, add):
    item = add()
    duty = item.duty
    assert (duty.origin, duty.code, duty.version, duty.subject) == (
        Duty.Origin.OWN, "ZD-01", None, "party_group")
    assert not Duty.objects.filter(pk=duty.pk).exists()
    assert duty.standard and duty.evidence_why
    assert add(title="第二项").duty.code == "ZD-02"
    event = AuditEvent.objects.filter(code="checklists.item.add_own").order_by("number")[0]
    assert audit.sentence(event) == "陈立新添加了自定事项校园党建联建（每季度），任务1次"


@pytest.mark.parametrize("cadence, expected", [
    ("monthly", [("2026-11", date(2026, 11, 30)), ("2026-12", date(2026, 12, 31))]),
    ("quarterly", [("2026-Q4", date(2026, 12, 31))]),
    ("half_yearly", [("2026-H2", date(2026, 12, 31))]),
    ("yearly", [("2026", date(2026, 12, 10))]),
    ("once", [("once", date(2026, 12, 10))]),
    ("standing", []),
])
def test_its_tasks_are_those_of_periods_not_yet_due(add, cadence, expected):
    assert tasks(add(cadence=cadence)) == expected


def test_days_before_the_end_of_the_period_move_to_a_working_day_earlier(add):
    rule = tailoring.due_rule(cadence="monthly", days_before_end=3)
    # 27 November is a Friday, 28 December a Monday.
    assert [day for _period, day in tasks(add(cadence="monthly", due=rule))] == [
        date(2026, 11, 27), date(2026, 12, 28)]


def test_catching_up_adds_no_task_of_a_past_period(city, add):
    item = add(cadence="monthly")
    before = tasks(item)
    publishing.publish(version=CatalogueVersion.objects.get(), year=YEAR, by=SYSTEM)
    assert tasks(item) == before
    assert Slot.objects.filter(duty=item.duty, version=None).count() == 2


def test_a_day_that_has_passed_is_refused_and_nothing_stays(city, add):
    with pytest.raises(Invalid) as refusal:
        add(cadence="once", due=tailoring.due_rule(cadence="once", last_day=date(YEAR, 3, 1)))
    assert list(refusal.value.fields) == ["last_day"]
    assert not Duty.every.filter(origin=Duty.Origin.OWN).exists()


@pytest.mark.parametrize("values, field", [
    ({"title": " "}, "title"), ({"title": "字" * 15}, "title"), ({"text": ""}, "text"),
    ({"why": ""}, "why"), ({"why": "绝密★"}, "why"), ({"minutes": 0}, "minutes"),
    ({"cadence": "on_event", "due": {}}, "cadence")])
def test_what_cannot_be_taken_names_its_field(add, values, field):
    with pytest.raises(Invalid) as refusal:
        add(**values)
    assert list(refusal.value.fields) == [field]


def test_a_yearly_item_needs_its_day():
    with pytest.raises(Invalid) as refusal:
        tailoring.due_rule(cadence="yearly")
    assert list(refusal.value.fields) == ["last_day"]


@pytest.mark.parametrize("who", ["jyj_chengyuan", "jyj_zb1", "gongwei_admin", "czj_zz"])
def test_only_who_fills_in_the_list_adds_to_it(city, add, who):
    with pytest.raises(NotAllowed):
        add(by=city.user(who))


def test_an_adopted_list_takes_no_new_item(city, add):
    own, who = city.checklist("jyj", "secretary"), city.user("jyj_shuji")
    adopting.sign_own(checklist=own, by=who)
    with pytest.raises(Conflict):
        add(checklist=own, by=who)


def test_it_is_reported_and_reviewed_like_any_other(city, add, clerk):
    task = add(cadence="once").occurrences.get()
    row = hand_in(task, clerk)
    assert row.reviewed_by == city.place("gw")
    row = reviewing.accept(occurrence=row, by=city.user("gongwei"), seen=row.version)
    assert row.state == State.ACCEPTED


# --- change ---------------------------


def words(**values) -> dict:
    good = {"title": "智慧校园联建", "text": "每半年办一件实事。", "why": "学校提的。",
            "minutes": 20, "chapter": Chapter.objects.get(number=2), "evidence": "number"}
    return good | values


def test_its_words_are_changed_and_its_rhythm_stays(add, clerk):
    item = add()
    before = tasks(item)
    tailoring.change_own(item=item, by=clerk, **words())
    duty = Item.unscoped.get(pk=item.pk).duty
    assert (duty.pk, duty.title, duty.evidence, duty.chapter.number, duty.minutes) == (
        item.duty.pk, "智慧校园联建", "number", 2, 20)
    assert duty.cadence == "quarterly" and tasks(item) == before
    event = AuditEvent.objects.get(code="checklists.item.change_own")
    assert audit.sentence(event) == "陈立新改写了自定事项智慧校园联建，原为校园党建联建"


def test_what_another_year_shares_is_left_as_it_was(city, add, clerk):
    item = add()
    last = Checklist.objects.create(
        organization=item.checklist.organization, subject="party_group", year=YEAR - 1,
        version=item.checklist.version, published_on=TODAY, counts_from=TODAY)
    old = Item.unscoped.create(checklist=last, duty=item.duty)
    tailoring.change_own(item=item, by=clerk, **words())
    assert Item.unscoped.get(pk=old.pk).duty.title == "校园党建联建"
    assert Item.unscoped.get(pk=item.pk).duty.title == "智慧校园联建"


def test_what_comes_from_the_catalogue_is_neither_rewritten_nor_withdrawn(city, clerk):
    item = city.item("jyj", "DZ-02")
    with pytest.raises(Conflict, match="只有自定事项"):
        tailoring.change_own(item=item, by=clerk, **words())
    with pytest.raises(Conflict, match="只有自定事项"):
        tailoring.withdraw_own(item=item, by=clerk, reason="不想做")


# --- withdraw ---------------------------


def test_withdrawn_it_is_archived_and_its_open_tasks_are_excused(city, add, clerk):
    item = add(cadence="monthly")
    first, second = item.occurrences.order_by("due_on")
    hand_in(first, clerk)
    tailoring.withdraw_own(item=item, by=clerk, reason="学校已并入集团")
    row = Item.unscoped.get(pk=item.pk)
    assert (row.archived_on, row.archive_reason) == (TODAY, "学校已并入集团")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SUBMITTED, State.EXCUSED)
    event = AuditEvent.objects.get(code="checklists.item.withdraw_own")
    assert audit.sentence(event) == "陈立新撤下了自定事项校园党建联建：“学校已并入集团”"


def test_without_a_reason_it_stays(add, clerk):
    item = add()
    for reason in (" ", "字" * 201):
        with pytest.raises(Invalid) as refusal:
            tailoring.withdraw_own(item=item, by=clerk, reason=reason)
        assert list(refusal.value.fields) == ["reason"]
    assert Item.unscoped.get(pk=item.pk).archived_on is None


def test_a_number_is_not_given_twice(add, clerk):
    tailoring.withdraw_own(item=add(), by=clerk, reason="不办了")
    assert add(title="又一项").duty.code == "ZD-02"
