"""The review desk, in front and in the admin."""

import pytest

from apps.checklists.models import Occurrence, Review
from apps.checklists.services import reporting
from tests.checklists.steps import hand_in
from tests.forms_on_page import form_on, forms

State = Occurrence.State


@pytest.fixture
def three(city, later):
    """Three waiting reports for the organ committee, in the order of its desk."""
    later_one = hand_in(city.task("jyj_zb2", "ZB-02", "2026-11"), city.user("jyj_zb2"))
    later(minutes=1)
    second = hand_in(city.task("jyj_zb3", "ZB-01", "2026-11"), city.user("jyj_zb3"))
    later(minutes=1)
    third = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    return [second, third, later_one]


@pytest.fixture
def for_committee(city):
    return hand_in(city.task("jyj", "DZ-02", "2026-Q4"), city.user("jyj_jgdw"),
                   document_number="9号")


def queue(page) -> list[tuple[str, str]]:
    return [(group["title"], row["title"]) for group in page.context["queue"]["groups"]
            for row in group["rows"]]


def state(row) -> str:
    return Occurrence.unscoped.get(pk=row.pk).state


# --- the queue ------------------------------------------------------------------------------


def test_the_queue_goes_by_duty_and_then_the_oldest_first(login, three):
    page = login("jyj_jgdw").get("/review/")
    assert queue(page) == [
        ("三会一课（11月）", "市教育局机关第三党支部"),
        ("三会一课（11月）", "市教育局机关第一党支部"),
        ("主题党日（11月）", "市教育局机关第二党支部")]
    assert page.context["queue"]["count"] == 3


def test_an_empty_queue_says_so(login, city):
    assert "都审完了" in login("jyj_jgdw").get("/review/").text


def test_the_committee_sees_what_is_addressed_to_it_alone(login, three, for_committee):
    page = login("gongwei").get("/admin/review/")
    assert queue(page) == [("理论学习中心组学习（四季度）", "中共云川市教育局党组")]


def test_another_units_desk_is_empty(login, three):
    assert queue(login("czj_zz").get("/review/")) == []


@pytest.mark.parametrize("who, address, status", [
    ("jyj_zb1", "/review/", 403), ("ducha", "/admin/review/", 403),
    ("jyj_jgdw", "/admin/review/", 403), ("gongwei", "/review/", 200)])
def test_who_has_a_desk(login, who, address, status):
    assert login(who).get(address).status_code == status


# --- one report -----------------------------------------------------------------------------


def test_a_report_shows_what_is_to_be_judged(login, three):
    page = login("jyj_jgdw").get(f"/review/{three[0].pk}/")
    for text in ("支委会研究了两件事。", "11月20日 周五", "阿卜杜拉·买买提", "第1稿",
                 "提交了三会一课（11月）第1稿", three[0].item.duty.standard.strip()[:20]):
        assert text in page.text


def test_the_neighbours_are_one_click_away(login, three):
    phone = login("jyj_jgdw")
    beside = [(page["current"]["previous_url"], page["current"]["next_url"]) for page in
              (phone.get(f"/review/{row.pk}/").context for row in three)]
    first, second, third = (f"/review/{row.pk}/" for row in three)
    assert beside == [("", second), (first, third), (second, "")]


def test_a_mended_version_shows_the_one_before(city, login, three):
    phone, row = login("jyj_jgdw"), three[0]
    page = phone.get(f"/review/{row.pk}/")
    phone.post(f"/review/{row.pk}/return/",
               form_on(page, f"/review/{row.pk}/return/", reason="补一句。"))
    hand_in(row, city.user("jyj_zb3"), words="补上了。")
    page = phone.get(f"/review/{row.pk}/")
    assert "补上了。" in page.text and "支委会研究了两件事。" in page.text


# --- accept ---------------------------------------------------------------------------------


def test_accepting_opens_the_next(login, three):
    phone = login("jyj_jgdw")
    page = phone.get(f"/review/{three[0].pk}/")
    address = f"/review/{three[0].pk}/accept/"
    answer = phone.post(address, form_on(page, address), follow=True)
    assert answer.redirect_chain[-1][0] == f"/review/{three[1].pk}/"
    assert "已审核通过三会一课（11月）（第三党支部）。" in answer.text
    assert state(three[0]) == State.ACCEPTED


def test_after_the_last_comes_what_was_put_off_and_then_the_empty_queue(login, three):
    phone = login("jyj_jgdw")
    onward = [
        phone.post(f"/review/{row.pk}/accept/", {"seen": row.version})["Location"]
        for row in (three[2], three[0], three[1])
    ]
    assert onward == [f"/review/{three[0].pk}/", f"/review/{three[1].pk}/", "/review/"]


def test_a_page_that_is_old_decides_nothing(city, login, three):
    phone, row = login("jyj_jgdw"), three[0]
    sent = form_on(phone.get(f"/review/{row.pk}/"), f"/review/{row.pk}/accept/")
    reporting.withdraw(occurrence=row, by=city.user("jyj_zb3"), seen=row.version)
    hand_in(row, city.user("jyj_zb3"), words="全换了。")
    answer = phone.post(f"/review/{row.pk}/accept/", sent)
    assert answer.status_code == 409
    assert state(row) == State.SUBMITTED


@pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": ""}])
def test_a_post_without_the_version_decides_nothing(login, three, sent):
    answer = login("jyj_jgdw").post(f"/review/{three[0].pk}/accept/", sent)
    assert (answer.status_code, state(three[0])) == (409, State.SUBMITTED)


def test_looking_at_the_address_decides_nothing(login, three):
    phone = login("jyj_jgdw")
    for step in ("accept", "return"):
        assert phone.get(f"/review/{three[0].pk}/{step}/").status_code == 405


# --- return ---------------------------------------------------------------------------------


def back(login, row, **typed):
    phone, address = login("jyj_jgdw"), f"/review/{row.pk}/return/"
    return phone.post(address, form_on(phone.get(f"/review/{row.pk}/"), address, **typed))


def test_returning_opens_the_next(login, three):
    answer = back(login, three[0], reason="补一句。")
    assert answer["Location"] == f"/review/{three[1].pk}/"
    assert state(three[0]) == State.RETURNED


@pytest.mark.parametrize("typed, sentence", [
    ({"canned": "what"}, "请补一句做了什么、定了什么。"),
    ({"reason": "没写人数。"}, "没写人数。"),
    ({"canned": "what", "reason": "没写人数。"}, "请补一句做了什么、定了什么。没写人数。"),
])
def test_a_ready_sentence_and_own_words_make_one(login, three, typed, sentence):
    back(login, three[0], **typed)
    assert Review.unscoped.get().reason == sentence


def test_without_a_reason_the_page_says_so(login, three):
    page = back(login, three[0])
    assert page.status_code == 200 and "请写一句退回修改的理由。" in page.text
    assert state(three[0]) == State.SUBMITTED


def test_a_reason_that_is_too_long_stays_on_the_page(login, three):
    page = back(login, three[0], reason="长" * 401)
    assert "理由太长了，请写在400字以内。" in page.text
    assert form_on(page, f"/review/{three[0].pk}/return/")["reason"] == "长" * 401
    assert state(three[0]) == State.SUBMITTED


# --- who may decide -------------------------------------------------------------------------


def test_who_may_only_read_is_told_why_and_has_no_buttons(login, three):
    """The committee reads the branch's report; the organ committee decides."""
    page = login("gongwei").get(f"/admin/review/{three[0].pk}/")
    assert page.context["current"]["why_not"] == "审核通过不在您的职权里，您可以查看。"
    assert not [form for form in forms(page) if "/review/" in form["action"]]
    answer = login("gongwei").post(f"/admin/review/{three[0].pk}/accept/", {"seen": 1})
    assert (answer.status_code, state(three[0])) == (403, State.SUBMITTED)


def test_a_report_of_another_unit_is_not_there(login, three):
    phone = login("czj_zz")
    assert phone.get(f"/review/{three[0].pk}/").status_code == 404
    assert phone.post(f"/review/{three[0].pk}/accept/", {"seen": 1}).status_code == 404


def test_what_waits_for_its_holder_cannot_be_decided(city, login):
    row = hand_in(city.task("jyj", "SJ-01"), city.user("jyj_jgdw"))
    page = login("gongwei").get(f"/admin/review/{row.pk}/")
    assert page.context["current"]["why_not"] == "这份填报还在等本人确认，确认后才能审核。"


# --- two bases ------------------------------------------------------------------------------


def test_the_admins_desk_stays_in_the_admin(login, for_committee):
    phone = login("gongwei")
    page = phone.get(f"/admin/review/{for_committee.pk}/")
    assert "admin/base_site.html" in [each.name for each in page.templates]
    address = f"/admin/review/{for_committee.pk}/accept/"
    answer = phone.post(address, form_on(page, address))
    assert answer["Location"] == "/admin/review/"
    assert state(for_committee) == State.ACCEPTED


def test_the_front_desk_stays_in_front(login, three):
    page = login("jyj_jgdw").get(f"/review/{three[0].pk}/")
    names = [each.name for each in page.templates]
    assert "base_desk.html" in names and "admin/base_site.html" not in names
    assert all(row["url"].startswith("/review/") for group in page.context["queue"]["groups"]
               for row in group["rows"])
