"""Pages on which posts and organisations change, as the people who use them see them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from apps.checklists.models import Occurrence
from apps.core import drafts
from apps.core.act import SYSTEM
from apps.organizations import services
from apps.organizations.models import Appointment, AppointmentProposal, User
from apps.organizations.roles import RoleCode as R
from tests.city import PASSWORD, TODAY, YEAR

DAY = timedelta(days=1)


@pytest.fixture
def newcomer(city):
    """Somebody whom the organ committee sees: a clerk of its second branch."""
    user = services.create_user(username="xinren", name="余新人", password=PASSWORD, by=SYSTEM)
    services.appoint(user=user, role=R.BRANCH_CLERK, organization=city.place("jyj_zb2"),
                     starts_on=TODAY, by=SYSTEM)
    return user


def held(username: str) -> Appointment:
    return Appointment.unscoped.get(user__username=username, acting_for=None)


def at(name: str, row, query: str = "") -> str:
    return reverse(name, args=[row.pk]) + query


def text(response) -> str:
    return response.content.decode()


def counted(page: str, title: str) -> int:
    """The figure behind a heading of the preview."""
    return int(re.search(rf'<h3>{title}</h3><span class="fz-count">(\d+)<', page)[1])


# --- who finds the door ---------------------------------------------------------------------


@pytest.mark.parametrize("username, status", [
    ("jyj_jgdw", 200), ("jyj_jgdwsj", 200), ("gongwei_admin", 200), ("jyj_zb1", 403),
    ("jyj_shuji", 403), ("gongwei", 403), ("czj_zz", 404), ("xitong", 403)])
def test_the_changes_of_a_branch_are_for_who_gives_its_posts(city, login, username, status):
    url = at("dashboard:organization_changes", city.place("jyj_zb1"))
    assert login(username).get(url).status_code == status


def test_the_page_offers_what_the_rule_gives_and_no_more(city, login):
    page = text(login("jyj_jgdw").get(at("dashboard:organization_changes", city.place("jyj_zb1"))))
    assert "移交" in page and "免去" in page and "登记任职" in page
    assert "撤销" not in page and "更名" not in page
    page = text(login("jyj_jgdw").get(at("dashboard:organization_changes", city.place("jyj_jgdw"))))
    assert "移交" not in page and "登记任职" not in page
    page = text(login("gongwei_admin").get(at("admin:organization_changes", city.place("jyj"))))
    assert all(word in page for word in ("移交", "更名", "并入别的单位", "划转", "撤销"))


def test_the_page_of_the_organisation_leads_here_for_who_may(city, login):
    url = at("dashboard:organization", city.place("jyj_zb1"))
    door = at("dashboard:organization_changes", city.place("jyj_zb1"))
    assert door in text(login("jyj_jgdw").get(url))
    assert door not in text(login("jyj_zb1").get(url))


# --- appointing -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["余新", "yx", "YXR", "xinren", "ｘｉｎ"])
def test_a_person_is_found_by_name_initials_or_account(city, login, newcomer, words):
    url = at("dashboard:post_appoint", city.place("jyj_zb1"))
    page = text(login("jyj_jgdw").get(url, {"q": words}))
    assert "余新人（xinren）第二党支部经办人" in page


def test_nobody_is_found_beyond_the_scope_nor_oneself(city, login):
    client, url = login("jyj_jgdw"), at("dashboard:post_appoint", city.place("jyj_zb1"))
    assert "没有找到“孙晓东”" in text(client.get(url, {"q": "孙晓东"}))
    assert "没有找到“陈立新”" in text(client.get(url, {"q": "陈立新"}))
    body = {"user": city.user("czj_zb1").pk, "role": "branch_clerk", "starts_on": "2026-11-23",
            "q": "孙"}
    client.post(url, body)
    assert Appointment.unscoped.filter(user__username="czj_zb1").count() == 1


def test_the_clerk_appoints_and_reads_it_on_the_next_page(city, login, newcomer):
    client, place = login("jyj_jgdw"), city.place("jyj_zb1")
    answer = client.post(at("dashboard:post_appoint", place), {
        "user": newcomer.pk, "role": "branch_clerk", "starts_on": "2026年11月23日", "q": "余"})
    assert answer.url == at("dashboard:organization_changes", place)
    page = text(client.get(answer.url))
    assert "已登记余新人任市教育局机关第一党支部经办人。" in page


def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(city, login, newcomer):
    page = text(login("jyj_jgdw").post(at("dashboard:post_appoint", city.place("jyj_zb1")), {
        "user": newcomer.pk, "role": "branch_secretary", "starts_on": "2026-11-23", "q": "余"}))
    assert "职务：支部书记现在由李一帆担任，请先免去，或者用移交。" in page
    assert f'value="{newcomer.pk}"' in page and 'value="2026-11-23"' in page


def test_a_role_that_is_not_offered_is_not_taken(city, login, newcomer):
    login("jyj_jgdw").post(at("dashboard:post_appoint", city.place("jyj_zb1")), {
        "user": newcomer.pk, "role": "committee_admin", "starts_on": "2026-11-23", "q": "余"})
    assert not Appointment.unscoped.filter(user=newcomer, role="committee_admin").exists()


def test_a_new_account_shows_its_password_once_and_must_change_it(city, login):
    client, url = login("jyj_jgdw"), at("dashboard:account_new", city.place("jyj_zb1"))
    body = {"name": "韩新", "username": "hanxin", "role": "branch_clerk",
            "starts_on": "2026-11-23"}
    page = text(client.post(url, body))
    password = re.search(r'id="password" value="([^"]+)"', page)[1]
    user = User.objects.get(username="hanxin")
    assert user.check_password(password) and user.must_change_password
    assert held("hanxin").organization == city.place("jyj_zb1")
    again = text(client.post(url, body))
    assert "账号hanxin已经有人用了" in again and password not in again


def test_an_account_whose_post_is_refused_is_not_left_behind(city, login):
    login("jyj_jgdw").post(at("dashboard:account_new", city.place("jyj_zb1")), {
        "name": "韩新", "username": "hanxin", "role": "branch_secretary",
        "starts_on": "2026-11-23"})
    assert not User.objects.filter(username="hanxin").exists()


def test_the_system_administrator_makes_an_account_without_a_post(city, login):
    page = text(login("xitong").post(reverse("admin:account_add"),
                                     {"name": "韩新", "username": "hanxin"}))
    assert "一次性密码" in page
    assert not Appointment.unscoped.filter(user__username="hanxin").exists()


# --- handing over ---------------------------------------------------------------------------


def half_written(city) -> Occurrence:
    """A task of the first branch for which its secretary has begun to type."""
    task = city.task("jyj_zb1", "ZB-01", f"{YEAR}-11")
    drafts.save(user=city.user("jyj_zb1"), target=task, data={"words": "写了一半"})
    return task


def test_everything_that_follows_is_shown_and_only_then_done(city, login, newcomer):
    task, post = half_written(city), held("jyj_zb1")
    client, url = login("jyj_jgdw"), at("dashboard:post_hand_over", held("jyj_zb1"))
    body = {"to": newcomer.pk, "on": "2026-11-23", "q": "余", "step": "look"}
    answer = client.post(url, body)
    page = text(answer)
    owed = Occurrence.unscoped.to_do().filter(
        organization__code="JYJ_ZB1", starts_on__lte=TODAY).for_page().order_by("due_on", "pk")
    assert len(owed) >= 3
    assert counted(page, "没有报的") == len(owed) and str(owed[0]) in page
    assert counted(page, "写了一半的草稿") == 1
    assert Appointment.unscoped.get(pk=post.pk).ends_on is None
    body |= {"step": "do", "shown": answer.context["shown"]}
    assert client.post(url, body).status_code == 302
    assert Appointment.unscoped.get(pk=post.pk).ends_on == TODAY - DAY
    assert drafts.load(user=newcomer, target=task).data["words"] == "写了一半"


def test_what_has_changed_in_the_meantime_is_shown_again(city, login, newcomer):
    client, url = login("jyj_jgdw"), at("dashboard:post_hand_over", held("jyj_zb1"))
    body = {"to": newcomer.pk, "on": "2026-11-23", "q": "余", "step": "look"}
    shown = client.post(url, body).context["shown"]
    half_written(city)
    answer = client.post(url, body | {"step": "do", "shown": shown})
    assert (answer.status_code, held("jyj_zb1").ends_on) == (200, None)
    assert answer.context["shown"] != shown


def test_a_clerks_page_names_the_leaders_for_whom_he_types(city, login):
    by, post = login("gongwei_admin"), city.user("dag_bgs").posts[0]
    page = text(by.post(at("admin:post_hand_over", post), {
        "to": city.user("dag_zb").pk, "on": "2026-11-23", "q": "彭", "step": "look"}))
    assert counted(page, "代填") == 1 and "田秀英" in page


def test_who_types_for_a_leader_is_chosen_among_the_clerks_of_his_unit(city, login):
    client, url = login("gongwei_admin"), at("admin:post_drafter", held("jyj_chengyuan"))
    form = client.get(url).context["form"]
    assert list(form.fields["drafter"].queryset) == [city.user("jyj_jgdw")]
    client.post(url, {"drafter": ""})
    assert held("jyj_chengyuan").drafter is None
    client.post(url, {"drafter": city.user("czj_zz").pk})
    assert held("jyj_chengyuan").drafter is None
    client.post(url, {"drafter": city.user("jyj_jgdw").pk})
    assert held("jyj_chengyuan").drafter == city.user("jyj_jgdw")


def test_a_name_is_put_right_on_its_page(city, login):
    client, url = login("jyj_jgdw"), at("dashboard:account_correct", city.user("jyj_zb1"))
    assert "姓名要填" in text(client.post(url, {"name": "李\u202e一凡"}))
    client.post(url, {"name": "李一凡"})
    assert city.user("jyj_zb1").name == "李一凡"
    assert login("czj_zz").get(url).status_code == 404


# --- ending, deputies -----------------------------------------------------------------------


def test_a_post_is_ended_on_its_page(city, login):
    client = login("jyj_jgdw")
    client.post(at("dashboard:post_end", held("jyj_zb1_jb")), {"last_day": "2026-11-22"})
    assert held("jyj_zb1_jb").ends_on == TODAY - DAY


def test_a_committee_post_is_proposed_confirmed_and_ended(city, login, newcomer):
    first, second = login("gongwei_admin"), login("gongwei_admin2")
    first.post(at("admin:post_appoint", city.place("gw")), {
        "user": newcomer.pk, "role": "committee_officer", "starts_on": "2026-11-23", "q": "余"})
    proposal = AppointmentProposal.unscoped.get()
    page = text(first.get(at("admin:proposal_detail", proposal)))
    assert 'value="withdraw"' in page and 'value="confirm"' not in page
    assert "不能由自己确认" in page
    todo = text(second.get(reverse("dashboard:todo")))
    assert "1件任免等您确认" in todo
    assert "件任免等您确认" not in text(first.get(reverse("dashboard:todo")))
    url = at("admin:proposal_detail", proposal)
    assert "请写一句" in text(second.post(url, {"step": "refuse", "seen": 0, "reason": ""}))
    second.post(url, {"step": "confirm", "seen": 0})
    post = Appointment.unscoped.get(user=newcomer, role="committee_officer")
    assert "提请免职" in text(first.get(at("admin:post_end", post)))
    first.post(at("admin:post_end", post), {"last_day": "2026-11-23"})
    assert AppointmentProposal.unscoped.filter(kind="end", state="proposed").count() == 1


def test_who_proposed_gets_403_for_a_forged_confirmation(city, login):
    proposal = services.propose_appointment(
        user=city.user("jyj_jw"), role=R.INSPECTOR, organization=city.place("gw"),
        starts_on=TODAY, by=city.user("gongwei_admin"))
    url = at("admin:proposal_detail", proposal)
    answer = login("gongwei_admin").post(url, {"step": "confirm", "seen": 0})
    assert answer.status_code == 403
    assert AppointmentProposal.unscoped.get().state == "proposed"


def test_a_holder_names_his_deputy_from_his_own_page_and_stops_him(city, login):
    client = login("jyj_zb1")
    url = at("dashboard:post_leave", held("jyj_zb1"))
    assert url in text(client.get(reverse("dashboard:me")))
    clerk = city.user("jyj_zb1_jb")
    client.post(url, {"to": clerk.pk, "starts_on": "2026-11-23", "ends_on": "2026-12-06"})
    acting = Appointment.unscoped.get(acting_for=held("jyj_zb1"))
    me = text(client.get(reverse("dashboard:me")))
    assert "11月23日至12月6日由吴敏代行" in me and url not in me
    end = at("dashboard:post_end", acting)
    assert end in me and "停止代行" in text(client.get(end))
    assert client.post(end, {"last_day": "2026-11-23"}).url == reverse("dashboard:me")
    assert Appointment.unscoped.get(pk=acting.pk).ends_on == TODAY


@pytest.mark.parametrize("post, by", [("jyj_zb1", "jyj_zb2"), ("jyj_zb1", "jyj_jgdw")])
def test_nobody_leaves_from_anothers_post(city, login, post, by):
    assert login(by).get(at("dashboard:post_leave", held(post))).status_code == 404


def test_an_officer_lays_his_post_down_from_his_own_page(city, login):
    client, post = login("gongwei"), held("gongwei")
    assert at("dashboard:post_end", post) in text(client.get(reverse("dashboard:me")))
    client.post(at("dashboard:post_end", post), {"last_day": "2026-11-22"})
    assert city.user("gongwei").posts == []


# --- vacancies ------------------------------------------------------------------------------


def test_a_vacant_branch_stands_in_the_clerks_todo_with_the_way_to_fill_it(city, login):
    services.end(appointment=held("jyj_zb2"), by=SYSTEM)
    page = text(login("jyj_jgdw").get(reverse("dashboard:todo")))
    assert "市教育局机关第二党支部书记空缺" in page
    door = at("dashboard:post_appoint", city.place("jyj_zb2"), "?role=branch_secretary")
    assert door in page
    assert "空缺" in text(login("jyj_jgdw").get(reverse("dashboard:vacancy_list")))
    assert "空缺" not in text(login("jyj_zb1").get(reverse("dashboard:todo")))


def test_a_deputy_fills_no_vacancy_and_what_a_clerk_cannot_fill_is_not_his(city, login):
    services.deputize(appointment=held("jyj_zb2"), to=city.user("jyj_jw"), starts_on=TODAY,
                      ends_on=TODAY + DAY, by=SYSTEM)
    post = held("jyj_zb2")
    Appointment.unscoped.filter(pk=post.pk).update(ends_on=TODAY - DAY)
    Appointment.unscoped.filter(organization__code="JYJ_JW").update(ends_on=TODAY - DAY)
    page = text(login("jyj_jgdw").get(reverse("dashboard:todo")))
    assert "第二党支部书记空缺" in page and "机关纪委书记空缺" not in page


# --- organisations --------------------------------------------------------------------------


def test_a_branch_is_founded_with_its_list(city, login):
    client, parent = login("gongwei_admin"), city.place("jyj_jgdw")
    client.post(at("admin:organization_found", parent), {
        "kind": "branch", "name": "市教育局机关第五党支部", "short_name": "第五党支部",
        "code": "JYJ_ZB5", "founded_on": "2026-11-23"})
    assert city.checklist("jyj_zb5").counts_from == TODAY


def test_only_a_unit_has_a_leading_body(city, login):
    client, unit = login("gongwei_admin"), city.place("czj")
    body = {"kind": "branch", "name": "市财政局第五党支部", "short_name": "第五党支部",
            "code": "CZJ5", "founded_on": "2026-11-23", "leading_body": "party_group",
            "is_window": "on"}
    client.post(at("admin:organization_found", unit), body)
    assert (city.place("czj5").leading_body, city.place("czj5").is_window) == ("", False)
    page = text(client.post(at("admin:organization_found", city.place("gw")), body | {
        "kind": "unit", "code": "X", "leading_body": ""}))
    assert "请选单位设的是党组还是党委。" in page


def test_a_unit_is_renamed_and_the_old_name_is_read_on_its_page(city, login):
    client, unit = login("gongwei_admin"), city.place("jyj")
    page = text(client.post(at("admin:organization_rename", unit), {
        "name": unit.name, "short_name": unit.short_name, "on": "2026-11-23"}))
    assert "新全称：名称没有变。" in page
    client.post(at("admin:organization_rename", unit), {
        "name": "中共云川市教育和体育局党组", "short_name": "市教体局党组", "on": "2026-11-23"})
    assert "中共云川市教育局党组" in text(client.get(at("dashboard:organization", unit)))


def test_moving_offers_only_where_it_can_stand(city, login):
    client, branch = login("gongwei_admin"), city.place("jyj_zb2")
    form = client.get(at("admin:organization_move", branch)).context["form"]
    kinds = set(form.fields["parent"].queryset.values_list("kind", flat=True))
    assert kinds == {"unit", "organ_committee", "general_branch"}
    client.post(at("admin:organization_move", branch), {"parent": city.place("czj_zz").pk})
    assert city.place("jyj_zb2").path.startswith(city.place("czj_zz").path)


def test_merging_shows_what_goes_on_and_what_ends_and_only_then_merges(city, login):
    client, url = login("gongwei_admin"), at("admin:organization_merge", city.place("dag"))
    body = {"into": city.place("czj").pk, "on": "2026-11-23", "step": "look"}
    answer = client.post(url, body)
    page = text(answer)
    assert counted(page, "划过去的支部") == 1
    assert counted(page, "终止的任职") == 2 and "田秀英" in page
    assert city.place("dag").closed_on is None
    client.post(url, body | {"step": "do"})
    assert city.place("dag").closed_on is None
    client.post(url, body | {"step": "do", "shown": answer.context["shown"]})
    assert city.place("dag").closed_on == TODAY
    assert city.place("dag_zb").path.startswith(city.place("czj_zz").path)


def test_closing_asks_for_a_reason_and_shows_what_ends(city, login):
    client, url = login("gongwei_admin"), at("admin:organization_close", city.place("jyj_zb2"))
    assert "为什么撤销：这里不能空着。" in text(client.post(url, {"on": "2026-11-23"}))
    body = {"on": "2026-11-23", "reason": "人员并入第一支部"}
    answer = client.post(url, body | {"step": "look"})
    assert counted(text(answer), "终止的任职") == 1
    client.post(url, body | {"step": "do", "shown": answer.context["shown"]})
    assert city.place("jyj_zb2").closed_on == TODAY
    assert client.get(url).status_code == 409


@pytest.mark.parametrize("name", ["found", "rename", "facts", "move", "merge", "close"])
@pytest.mark.parametrize("username, status", [("jyj_jgdw", 403), ("gongwei", 403),
                                              ("xitong", 403), ("gongwei_admin", 200)])
def test_the_tree_is_changed_by_the_administrator_alone(city, login, name, username, status):
    url = at(f"admin:organization_{name}", city.place("jyj"))
    assert login(username).get(url).status_code == status
