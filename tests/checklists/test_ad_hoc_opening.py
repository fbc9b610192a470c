"""临时任务: a duty on event opened for many units; a task that is taken back."""

from datetime import date

import pytest

from apps.checklists.models import AdHocTask, Occurrence
from apps.checklists.services import ad_hoc
from apps.core import audit
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.duties.models import Duty
from tests.checklists.sending import opened, opening, places, send
from tests.checklists.steps import codes, hand_in
from tests.city import TODAY

State = Occurrence.State


@pytest.fixture
def wang(city):
    return city.user("gongwei")


def lacking(city, what) -> dict:
    with pytest.raises(Invalid) as refusal:
        send(city, "jyj", what=what)
    return refusal.value.fields


# --- a duty on event of the catalogue --------------------------------------------------------


def test_a_duty_on_event_is_opened_for_the_chosen_units(city):
    task = send(city, "jyj", "czj", what=opening())
    assert places(task) == ["JYJ", "CZJ"]
    row = opened(task)[0]
    assert str(row) == "新部署新文件跟进学习：学习市委全会精神"
    assert (row.starts_on, row.due_on) == (date(2026, 11, 20), date(2026, 12, 4))
    assert row.item == city.item("jyj", "DZ-04")
    assert not Duty.every.filter(origin="ad_hoc").exists()


def test_what_the_unit_opened_itself_stands_beside_it(city):
    one, other = send(city, "jyj", what=opening()), send(city, "jyj", what=opening(title="另一件"))
    assert [len(opened(task)) for task in (one, other)] == [1, 1]
    assert city.item("jyj", "DZ-04").occurrences.count() == 2


def test_an_item_that_is_not_in_force_is_not_opened(city, wang):
    item = city.item("czj", "DZ-04")
    type(item).unscoped.filter(pk=item.pk).update(archived_on=TODAY)
    units = [city.place("jyj").pk, city.place("czj").pk]
    plan = ad_hoc.preview(ask=opening(), units=units, by=wang)
    assert [unit.code for unit in plan.skipped] == ["CZJ"]
    assert places(send(city, "jyj", "czj", what=opening())) == ["JYJ"]


@pytest.mark.parametrize("values, fields", [
    ({"happened_on": date(2026, 11, 24)}, {"happened_on": "11月24日还没到，发生以后再登记。"}),
    ({"happened_on": date(2025, 12, 31)}, {"happened_on": "请填2026年内的日期。"}),
    ({"title": ""}, {"title": "这里不能空着。"}),
    ({"happened_on": date(2026, 11, 2)}, {"happened_on": (
        "这样算最迟是11月16日，单位来不及。请填近一些的日期，或者作为新任务下发。")})])
def test_what_cannot_be_opened_is_said(city, values, fields):
    assert lacking(city, opening(**values)) == fields


def test_a_duty_with_a_rhythm_is_not_opened(city):
    assert lacking(city, opening(duty=Duty.objects.get(code="DZ-02"))) == {
        "duty": "请选一项发生一次报一次的责任。"}


# --- withdrawing -----------------------------------------------------------------------------


@pytest.fixture
def half(city):
    """Sent to two units; one of them has reported."""
    task = send(city, "jyj", "czj")
    hand_in(opened(task)[0], city.user("jyj_jgdw"))
    return task


def test_what_is_not_reported_is_excused_and_what_is_reported_stays(half, wang):
    row = ad_hoc.withdraw(task=half, reason="数据已从别处取得。", by=wang)
    assert (row.state, row.withdrawn_reason) == ("withdrawn", "数据已从别处取得。")
    assert [each.state for each in opened(half)] == [State.SUBMITTED, State.EXCUSED]
    assert audit.sentence(audit.last_event(row)) == (
        "王启明撤回临时任务《窗口服务情况统计》：“数据已从别处取得。”")
    told = audit.sentence(audit.last_event(opened(half)[1]))
    assert told == "窗口服务情况统计免报：临时任务撤回，数据已从别处取得。"


def test_the_item_leaves_the_lists_where_nothing_was_reported(half, wang):
    ad_hoc.withdraw(task=half, reason="不用了。", by=wang)
    items = [each.item for each in opened(half)]
    assert [item.is_in_force for item in items] == [True, False]
    assert items[1].archive_reason == "撤回：不用了。"


def test_a_duty_of_the_catalogue_stays_on_the_list(city, wang):
    task = send(city, "jyj", what=opening())
    ad_hoc.withdraw(task=task, reason="不用了。", by=wang)
    assert city.item("jyj", "DZ-04").is_in_force
    assert opened(task)[0].state == State.EXCUSED


def test_what_was_reported_is_reviewed_all_the_same(half, wang):
    ad_hoc.withdraw(task=half, reason="不用了。", by=wang)
    row = opened(half)[0]
    assert codes(row) == ["submit"]
    assert row.reviewed_by.code == "GW"


def test_it_is_withdrawn_once_and_with_a_reason(half, wang):
    with pytest.raises(Invalid) as refusal:
        ad_hoc.withdraw(task=half, reason=" ", by=wang)
    assert refusal.value.fields == {"reason": "请写一句撤回的理由。"}
    assert AdHocTask.unscoped.get().state == "sent"
    ad_hoc.withdraw(task=half, reason="不用了。", by=wang)
    with pytest.raises(Conflict):
        ad_hoc.withdraw(task=half, reason="不用了。", by=wang)


@pytest.mark.parametrize("who", ["ducha", "jyj_shuji", "jyj_jgdw"])
def test_only_the_committee_withdraws(city, half, who):
    with pytest.raises(NotAllowed):
        ad_hoc.withdraw(task=half, reason="不用了。", by=city.user(who))
    assert [each.state for each in opened(half)] == [State.SUBMITTED, State.OPEN]
