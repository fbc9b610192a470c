"""Pages of 临时任务: fill in, tick, preview, send; follow, chase, withdraw."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists.models import AdHocTask, Nudge, Occurrence
from apps.checklists.services import ad_hoc
from apps.duties.models import Chapter, Duty
from tests.checklists.sending import ask, send
from tests.checklists.steps import hand_in
from tests.forms_on_page import form_on

NEW, OPEN = "/admin/ad-hoc/new/", "/admin/ad-hoc/open/"


@pytest.fixture
def desk(login):
    return login("gongwei")


@pytest.fixture
def typed(city):
    """What an officer types for something new."""
    return {
        "title": "窗口服务情况统计", "basis": "市直工委〔2026〕12号", "subject": "party_group",
        "chapter": Chapter.objects.get(number=4).pk, "text": "报窗口数和党员示范岗数。",
        "standard": "", "evidence": "words", "evidence_why": "两个数写清就够。", "minutes": "10",
        "due_on": "2026年11月30日", "units": [city.place("jyj").pk, city.place("czj").pk]}


def preview(desk, typed, address=NEW):
    return desk.post(address, typed | {"step": "preview"})


def shown(page) -> str:
    return page.context["shown"]


def ticked(page) -> list[str]:
    """Short names of the units that are ticked on the page."""
    return [choice.data["label"] for choice in page.context["fields"]["units"]
            if choice.data["selected"]]


# --- filling in -----------------------------------------------------------------------------


def test_filters_tick_units_and_typed_words_stay(desk, typed):
    page = desk.post(NEW, typed | {"step": "pick", "facts": ["window_unit"], "units": []})
    assert ticked(page) == ["市教育局党组", "市档案馆党组"]
    sent = form_on(page, "ad-hoc")
    assert (sent["title"], sent["due_on"], sent["text"]) == (
        "窗口服务情况统计", "2026年11月30日", "报窗口数和党员示范岗数。")
    assert sent["facts"] == "window_unit"
    assert not page.context["form"].errors


def test_the_shape_and_the_officer_tick_too(city, desk, typed):
    page = desk.post(NEW, typed | {"step": "pick", "shape": "single_branch"})
    assert ticked(page) == ["市档案馆党组"]
    officer = city.user("gongwei").pk
    assert ticked(desk.post(NEW, typed | {"step": "pick", "officer": officer})) == [
        "市教育局党组"]


def test_without_filters_all_are_ticked(desk, typed):
    assert len(ticked(desk.post(NEW, {"step": "pick"}))) == 3


def test_the_preview_shows_the_load_and_sends_nothing(desk, typed):
    page = preview(desk, typed | {"subject": "branch"})
    for text in ("2个单位，共6项，合计约1小时。", "党支部4份清单", "40分钟", "下发给2个单位"):
        assert text in page.text, text
    assert not AdHocTask.unscoped.exists()
    assert form_on(page, "ad-hoc")["title"] == "窗口服务情况统计"


def test_what_cannot_be_sent_is_named_and_nothing_is_lost(desk, typed):
    page = preview(desk, typed | {"due_on": "11月23日", "evidence_why": ""})
    assert page.status_code == 200
    assert "这里不能空着。" in page.text and "下发给" not in page.text
    again = preview(desk, typed | {"due_on": "11月23日"})
    assert "最早填明天：今天下发，单位要有时间办。" in again.text
    assert form_on(again, "ad-hoc")["due_on"] == "11月23日"


def test_without_a_unit_it_says_so(desk, typed):
    assert "请至少选一个单位。" in preview(desk, typed | {"units": []}).text


def test_what_is_asked_already_is_pointed_out(desk, typed):
    page = preview(desk, typed | {"title": "思想动态分析"})
    assert "责任目录里已有“思想动态分析”（DZ-03，每半年），问的是同一件事。" in page.text


def test_units_without_such_a_list_are_named(desk, typed):
    page = preview(desk, typed | {"subject": "discipline_committee"})
    assert "这些单位没有这类清单，不会下发" in page.text
    assert page.context["preview"]["skipped"] == "市教育局党组"


def test_where_no_unit_has_such_a_list_there_is_nothing_to_send(city, desk, typed):
    page = preview(desk, typed | {"subject": "member"})
    assert "下发给" not in page.text


# --- sending --------------------------------------------------------------------------------


def test_what_was_previewed_is_sent(desk, typed):
    page = preview(desk, typed)
    answer = desk.post(NEW, typed | {"step": "send", "shown": shown(page)}, follow=True)
    task = AdHocTask.unscoped.get()
    assert answer.redirect_chain[-1][0] == f"/admin/ad-hoc/{task.pk}/"
    assert "已下发《窗口服务情况统计》：2个单位，2项。" in answer.text
    assert Occurrence.unscoped.filter(opened_by=task.key).count() == 2


@pytest.mark.parametrize("changed", [{"minutes": "20"}, {"due_on": "12月1日"},
                                     {"subject": "branch"}, {"units": "dag"}])
def test_what_was_changed_since_is_shown_once_more(city, desk, typed, changed):
    page = preview(desk, typed)
    if "units" in changed:
        changed = {"units": [city.place("dag").pk]}
    answer = desk.post(NEW, typed | changed | {"step": "send", "shown": shown(page)})
    assert "内容或名单改过了，还没有下发" in answer.text
    assert not AdHocTask.unscoped.exists()
    desk.post(NEW, typed | changed | {"step": "send", "shown": shown(answer)})
    assert AdHocTask.unscoped.count() == 1


def test_nothing_is_sent_without_a_preview(desk, typed):
    desk.post(NEW, typed | {"step": "send"})
    assert not AdHocTask.unscoped.exists()


def test_a_second_tap_says_that_it_was_sent(desk, typed):
    send_it = typed | {"step": "send", "shown": shown(preview(desk, typed))}
    desk.post(NEW, send_it)
    assert "今天已经下发过“窗口服务情况统计”，没有再下发一次。" in desk.post(NEW, send_it).text
    assert AdHocTask.unscoped.count() == 1


def test_a_duty_on_event_is_opened_for_many(city, desk):
    duty = Duty.objects.get(code="DZ-04")
    typed = {"duty": duty.pk, "title": "学习市委全会精神", "basis": "市委〔2026〕9号",
             "happened_on": "11月20日", "units": [city.place("jyj").pk]}
    page = preview(desk, typed, OPEN)
    assert "下发给1个单位" in page.text
    desk.post(OPEN, typed | {"step": "send", "shown": shown(page)})
    row = Occurrence.unscoped.get(opened_by=AdHocTask.unscoped.get().key)
    assert str(row) == "新部署新文件跟进学习：学习市委全会精神"


def test_only_duties_on_event_are_offered(desk):
    form = desk.get(OPEN).context["form"]
    assert [duty.code for duty in form.fields["duty"].queryset] == ["DZ-04", "JG-02"]


def test_an_unknown_unit_or_duty_is_refused(city, desk, typed):
    branch = city.place("jyj_zb1").pk
    assert "没有这个单位。" in preview(desk, typed | {"units": [branch]}).text
    assert "没有这一项。" in preview(desk, {"duty": 0, "title": "x"}, OPEN).text


@pytest.mark.parametrize("who", ["ducha", "jyj_shuji", "jyj_jgdw", "xitong"])
def test_nobody_else_has_these_pages(city, login, typed, who):
    task, phone = send(city, "jyj"), login(who)
    for address in ("/admin/ad-hoc/", NEW, OPEN, f"/admin/ad-hoc/{task.pk}/",
                    f"/admin/ad-hoc/{task.pk}/withdraw/"):
        assert phone.get(address).status_code == 403, address
        assert phone.post(address, typed | {"step": "send"}).status_code in (403, 405)
    assert AdHocTask.unscoped.get().state == "sent"


# --- following ------------------------------------------------------------------------------


@pytest.fixture
def half(city):
    """Sent to two units; 市教育局 has reported."""
    task = send(city, "jyj", "czj")
    hand_in(Occurrence.unscoped.for_page().get(opened_by=task.key, organization__code="JYJ"),
            city.user("jyj_jgdw"))
    return task


def test_the_list_says_how_far_each_is(desk, half):
    (row,) = desk.get("/admin/ad-hoc/").context["tasks"]
    assert (row["title"], row["total"], row["filed"], row["left"]) == (half.title, 2, 1, 1)


def test_before_the_first_there_is_a_sentence(desk):
    assert "还没有下发过临时任务" in desk.get("/admin/ad-hoc/").text


def test_the_page_of_a_task_shows_each_unit(desk, half):
    page = desk.get(f"/admin/ad-hoc/{half.pk}/")
    (done,) = page.context["done"]
    assert (done["name"], done["badge"].word, done["when"]) == (
        "中共云川市教育局党组", "待审核", "11月23日")
    assert "支委会研究了两件事。" in desk.get(done["url"]).text
    assert page.context["table"]["names"] == (
        "还没有报《窗口服务情况统计》的单位（1个）：市财政局党组")
    for text in ("市直工委〔2026〕12号", "王启明 11月23日 10:00下发", "最迟11月30日 周一",
                 "两个数写清就够，不要材料。"):
        assert text in page.text, text


def test_who_has_not_reported_is_nudged_from_there(desk, half):
    page = desk.get(f"/admin/ad-hoc/{half.pk}/")
    (row,) = page.context["table"]["groups"][0]["rows"]
    url = page.context["table"]["nudge_url"]
    answer = desk.post(url, {"row": [row["pk"]], "words": "请今天报。"}, follow=True)
    assert "已催办1项。" in answer.text
    assert f'href="/admin/ad-hoc/{half.pk}/"' in answer.text
    assert Nudge.unscoped.get().occurrence_id == row["pk"]


def test_the_unit_reads_what_why_and_how_much(login, half, city):
    row = Occurrence.unscoped.get(opened_by=half.key, organization__code="CZJ")
    page = login("czj_zz").get(f"/tasks/{row.pk}/")
    for text in ("窗口服务情况统计", "依据：市直工委〔2026〕12号", "报窗口数和党员示范岗数。"):
        assert text in page.text, text
    form = login("czj_zz").get(f"/tasks/{row.pk}/report/")
    assert form.context["task"]["asked"] == {
        "text": "报窗口数和党员示范岗数。", "basis": "依据：市直工委〔2026〕12号"}
    assert form.context["task"]["cadence_label"] == "临时任务"
    listed = login("czj_zz").get(f"/lists/{row.item.checklist_id}/")
    assert "窗口服务情况统计" in listed.text


def test_the_history_of_the_list_says_who_sent_it(login, city, half):
    page = login("czj_zz").get(f"/lists/{city.checklist('czj', 'party_group').pk}/history/")
    assert "王启明向中共云川市财政局党组下发临时任务《窗口服务情况统计》：1项" in page.text
    assert "教育局" not in page.text


def test_withdrawing_is_a_page_with_a_reason(desk, half):
    address = f"/admin/ad-hoc/{half.pk}/withdraw/"
    page = desk.get(address)
    assert "没有报的1项不用再报" in page.text and "已经报的1项保留" in page.text
    assert "这里不能空着。" in desk.post(address, form_on(page, "withdraw")).text
    answer = desk.post(address, form_on(page, "withdraw", reason="数据已从别处取得。"), follow=True)
    assert "数据已从别处取得。" in answer.text and "撤回这项任务" not in answer.text
    assert [row["left"] for row in desk.get("/admin/ad-hoc/").context["tasks"]] == [0]


def test_what_is_withdrawn_has_no_such_page(city, desk, half):
    ad_hoc.withdraw(task=half, reason="不用了。", by=city.user("gongwei"))
    assert desk.get(f"/admin/ad-hoc/{half.pk}/withdraw/").status_code == 409


def test_an_old_page_does_not_withdraw(city, desk, half):
    answer = desk.post(f"/admin/ad-hoc/{half.pk}/withdraw/", {"reason": "不用了。", "seen": 99})
    assert answer.status_code == 409
    assert AdHocTask.unscoped.get().state == "sent"


def test_the_pages_ask_as_often_for_many_units_as_for_one(city, desk):
    def count(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        return len(queries)

    one = send(city, "jyj")
    listed, alone = count("/admin/ad-hoc/"), count(f"/admin/ad-hoc/{one.pk}/")
    many = send(city, "jyj", "czj", "dag", what=ask(title="又一项统计", subject="branch"))
    assert count("/admin/ad-hoc/") == listed
    assert count(f"/admin/ad-hoc/{many.pk}/") == alone
