"""What becomes of lists, tasks and history when the tree or a post changes."""

from datetime import date
from uuid import uuid4

import pytest

from apps.checklists.models import Checklist, Item, Occurrence
from apps.checklists.services import reporting, reviewing, succession
from apps.core import drafts
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.organizations import services
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.roles import RoleCode
from tests.city import TODAY, YEAR

DECEMBER = date(YEAR, 12, 1)


def tasks(key: str, **only):
    return Occurrence.unscoped.filter(organization__code=key.upper(), **only)


def states(key: str, **only) -> set[str]:
    return set(tasks(key, **only).values_list("state", flat=True))


def post(city, username: str) -> Appointment:
    return city.user(username).posts[0]


def report(task, by):
    return reporting.submit(occurrence=task, by=by, activity_on=TODAY, words="开了支委会。",
                            document_number="", submit_key=uuid4())


def is_in_order() -> bool:
    return not any(Organization.objects.find_problems())


# --- a post changes hands ---------------------------------------------------------------


def test_the_branch_list_goes_on_with_the_successor(city, newcomer):
    before = set(tasks("jyj_zb1").values_list("pk", "state", "due_on"))
    succession.hand_over(appointment=post(city, "jyj_zb1"), to=newcomer, on=TODAY, by=SYSTEM)
    assert set(tasks("jyj_zb1").values_list("pk", "state", "due_on")) == before
    task = city.task("jyj_zb1", "ZB-01", f"{YEAR}-11")
    assert reporting.may_fill(task, city.user("xinren"))
    assert not reporting.may_fill(task, city.user("jyj_zb1"))


def test_what_was_being_typed_is_the_successors(city, newcomer):
    task, leaver = city.task("jyj_zb1", "ZB-01", f"{YEAR}-11"), city.user("jyj_zb1")
    drafts.save(user=leaver, target=task, data={"words": "写了一半"})
    succession.hand_over(appointment=post(city, "jyj_zb1"), to=newcomer, on=TODAY, by=SYSTEM)
    assert drafts.load(user=newcomer, target=task).data["words"] == "写了一半"
    assert drafts.load(user=leaver, target=task) is None


def test_a_draft_of_the_successor_is_not_overwritten(city):
    task = city.task("jyj_zb1", "ZB-01", f"{YEAR}-11")
    clerk = city.user("jyj_zb1_jb")
    drafts.save(user=city.user("jyj_zb1"), target=task, data={"words": "书记写的"})
    drafts.save(user=clerk, target=task, data={"words": "经办人写的"})
    succession.hand_over(appointment=post(city, "jyj_zb1"), to=clerk, on=TODAY, by=SYSTEM)
    assert drafts.load(user=clerk, target=task).data["words"] == "经办人写的"


def test_a_leaders_own_list_ends_and_his_successor_gets_one_with_his_measures(city, newcomer):
    old = city.checklist("jyj", "secretary")
    Item.unscoped.filter(checklist=old).update(measures="带头讲。")
    Occurrence.unscoped.filter(item__checklist=old).update(
        starts_on=DECEMBER, ends_on=DECEMBER, due_on=date(YEAR, 12, 20))
    succession.hand_over(appointment=post(city, "jyj_shuji"), to=newcomer, on=DECEMBER, by=SYSTEM)
    new = Checklist.unscoped.get(organization=old.organization, subject="secretary",
                                 holder=newcomer)
    assert new.counts_from == DECEMBER
    assert set(new.items.values_list("measures", flat=True)) == {"带头讲。"}
    assert Occurrence.unscoped.get(item__checklist=old).state == "excused"


def test_what_a_leader_owed_before_he_left_stays(city, newcomer):
    succession.hand_over(appointment=post(city, "jyj_shuji"), to=newcomer, on=DECEMBER, by=SYSTEM)
    assert city.task("jyj", "SJ-01").state == "open"


def test_the_clerk_types_for_the_new_leader_as_for_the_old(city, newcomer):
    handed = succession.hand_over(appointment=post(city, "jyj_shuji"), to=newcomer, on=TODAY,
                                  by=SYSTEM)
    assert handed.drafter == city.user("jyj_jgdw")


def test_a_post_is_not_handed_to_its_holder_nor_before_its_start(city, newcomer):
    branch = post(city, "jyj_zb1")
    with pytest.raises(Invalid, match="已经任"):
        succession.hand_over(appointment=branch, to=city.user("jyj_zb1"), on=TODAY, by=SYSTEM)
    with pytest.raises(Invalid, match="要晚于"):
        succession.hand_over(appointment=branch, to=newcomer, on=branch.starts_on, by=SYSTEM)
    assert city.user("jyj_zb1").posts[0].ends_on is None


@pytest.mark.parametrize("username", ["jyj_jgdw", "gongwei_admin"])
def test_who_gives_the_post_hands_it_over(city, newcomer, username):
    post_ = succession.hand_over(appointment=post(city, "jyj_zb1"), to=newcomer, on=TODAY,
                                 by=city.user(username))
    assert city.user("xinren").posts == [post_]


@pytest.mark.parametrize("username", ["jyj_zb1", "czj_zz", "gongwei", "xitong"])
def test_nobody_else_does_and_then_nothing_has_changed(city, newcomer, username):
    with pytest.raises(NotAllowed):
        succession.hand_over(appointment=post(city, "jyj_zb1"), to=newcomer, on=TODAY,
                             by=city.user(username))
    assert Appointment.unscoped.filter(user=newcomer).count() == 0


def test_a_clerk_leaves_his_successor_whom_he_typed_for_and_what_he_had_begun(city, newcomer):
    leaver, task = city.user("czj_zz"), city.task("czj", "SJ-01")
    drafts.save(user=leaver, target=task, data={"words": "替书记写了一半"})
    for each in leaver.posts:
        succession.hand_over(appointment=each, to=newcomer, on=TODAY, by=SYSTEM)
    leader = post(city, "czj_shuji")
    assert leader.drafter == newcomer
    assert drafts.load(user=newcomer, target=task).data["words"] == "替书记写了一半"


def test_while_he_keeps_another_post_in_the_unit_he_goes_on_typing(city, newcomer):
    leaver = city.user("czj_zz")
    succession.hand_over(appointment=leaver.posts[0], to=newcomer, on=TODAY, by=SYSTEM)
    assert post(city, "czj_shuji").drafter == leaver


# --- a post is given and ended ----------------------------------------------------------


def test_a_new_member_gets_his_own_list_at_once(city, newcomer):
    like = city.item("czj", "SJ-01").duty
    type(like).every.filter(pk=like.pk).update(subject="member")
    succession.appoint(user=newcomer, role=RoleCode.MEMBER, organization=city.place("czj"),
                       starts_on=TODAY, by=city.user("gongwei_admin"))
    assert Checklist.unscoped.filter(holder=newcomer, year=YEAR).count() == 1


def asked_in_december(leader: Appointment):
    """What the leader's own list asks; the small catalogue has nothing so late in the year."""
    found = Occurrence.unscoped.filter(item__checklist__holder=leader.user)
    found.update(due_on=DECEMBER)
    return found


def test_when_a_leaders_post_ends_nothing_more_is_asked_of_him(city):
    leader = post(city, "jyj_shuji")
    tasks_ = asked_in_december(leader)
    assert tasks_.to_do().filter(due_on__gte=TODAY).exists()
    succession.end(appointment=leader, by=city.user("gongwei_admin"))
    assert not tasks_.to_do().filter(due_on__gte=TODAY).exists()


def test_a_term_that_runs_out_by_itself_is_settled_by_the_daily_run(city):
    leader = post(city, "jyj_shuji")
    services.end(appointment=leader, by=SYSTEM, last_day=TODAY)
    tasks_ = asked_in_december(leader)
    assert succession.settle_leavers(day=TODAY, by=SYSTEM) == 0
    tomorrow = TODAY + succession.DAY
    assert succession.settle_leavers(day=tomorrow, by=SYSTEM) == 1
    assert not tasks_.to_do().filter(due_on__gte=tomorrow).exists()
    assert succession.settle_leavers(day=tomorrow, by=SYSTEM) == 0


# --- opening ----------------------------------------------------------------------------


def test_a_new_branch_gets_its_list_from_its_first_day(city):
    branch = services.found(kind="branch", name="市教育局机关第四党支部", short_name="第四党支部",
                            code="JYJ_ZB9", parent=city.place("jyj_jgdw"), by=SYSTEM)
    made = succession.opened(organization=branch, by=SYSTEM)
    assert (made.lists, made.items) == (1, 3)
    assert tasks("jyj_zb9").order_by("due_on").first().due_on >= TODAY


def test_a_second_branch_takes_the_organ_duties_off_the_first_when_a_body_is_founded(city):
    assert city.item("dag_zb", "JG-01").archived_on is None
    body = services.found(kind="general_branch", name="市档案馆机关党总支", short_name="机关党总支",
                          code="DAG_ZZ", parent=city.place("dag"), by=SYSTEM)
    succession.opened(organization=body, by=SYSTEM)
    assert city.item("dag_zb", "JG-01").archived_on == TODAY
    assert Item.unscoped.get(checklist__organization=body, duty__code="JG-01").is_in_force
    assert states("dag_zb", item__duty__code="JG-03", due_on__gte=TODAY) <= {"excused"}
    assert "excused" not in states("dag_zb", item__duty__code="ZB-01")


def test_a_list_of_an_earlier_year_bears_the_name_of_its_time(city):
    """Renamed in November: this year's list bears the new name, last year's the old one."""
    Organization.objects.update(founded_on=date(YEAR - 2, 1, 1))
    services.rename(organization=city.place("jyj"), name="中共云川市教育和体育局党组",
                    short_name="市教体局党组", on=TODAY, by=SYSTEM)
    now = city.checklist("jyj", "secretary")
    Checklist.unscoped.filter(pk=city.checklist("czj", "secretary").pk).update(
        organization=now.organization, year=YEAR - 1)
    before = Checklist.unscoped.get(organization=now.organization, year=YEAR - 1)
    assert now.bearer_then == "市教体局党组书记郑立群"
    assert before.bearer_then == "市教育局党组书记丁学文"


# --- moving -----------------------------------------------------------------------------


def test_a_moved_branch_takes_its_list_along_and_is_reviewed_by_the_new_superior(city):
    before = tasks("jyj_zb2").count()
    sent = report(city.task("jyj_zb2", "ZB-01", f"{YEAR}-10"), city.user("jyj_zb2"))
    Appointment.unscoped.filter(organization__code="JYJ_JGDW").update(ends_on=date(YEAR, 11, 1))
    succession.move(organization=city.place("jyj_zb2"), parent=city.place("czj_zz"), on=TODAY,
                    by=SYSTEM)
    assert tasks("jyj_zb2").count() == before
    assert city.task("jyj_zb2", "ZB-01", f"{YEAR}-10").reviewed_by == city.place("czj_zz")
    assert sent.reviewed_by == city.place("jyj_jgdw")
    assert is_in_order()


def test_the_old_superior_reads_it_no_more_and_the_new_one_does(city):
    succession.move(organization=city.place("jyj_zb2"), parent=city.place("czj_zz"), on=TODAY,
                    by=SYSTEM)
    path = city.place("jyj_zb2").path
    assert city.user("czj_zz").may(Permission.CHECKLIST_VIEW, at=path)
    assert not city.user("jyj_jgdw").may(Permission.CHECKLIST_VIEW, at=path)


def test_links_to_the_old_superiors_items_are_cut(city):
    lower, upper = city.item("jyj_zb2", "ZB-01"), city.item("jyj_jgdw", "JG-03")
    Item.unscoped.filter(pk=lower.pk).update(upper=upper)
    succession.move(organization=city.place("jyj_zb2"), parent=city.place("czj_zz"), on=TODAY,
                    by=SYSTEM)
    assert city.item("jyj_zb2", "ZB-01").upper_id is None


def test_nothing_is_moved_below_itself(city):
    with pytest.raises(Invalid, match="不能移到它下面"):
        succession.move(organization=city.place("jyj"), parent=city.place("jyj_jgdw"), on=TODAY,
                        by=SYSTEM)
    assert is_in_order()


# --- merging and closing ----------------------------------------------------------------


def test_merged_branches_go_on_under_the_other_units_body(city):
    before = set(tasks("dag_zb", item__duty__subject="branch").values_list("pk", "state"))
    succession.merge(unit=city.place("dag"), into=city.place("czj"), on=TODAY, by=SYSTEM)
    branch = city.place("dag_zb")
    assert branch.path.startswith(city.place("czj_zz").path) and branch.closed_on is None
    assert set(tasks("dag_zb", item__duty__subject="branch").values_list("pk", "state")) == before
    assert is_in_order()


def test_the_merged_units_own_lists_end_and_stay_readable_from_the_other(city):
    late = tasks("dag", due_on__lt=TODAY, state="open").count()
    succession.merge(unit=city.place("dag"), into=city.place("czj"), on=TODAY, by=SYSTEM)
    unit = city.place("dag")
    assert (unit.closed_on, unit.successor) == (TODAY, city.place("czj"))
    assert states("dag", due_on__gte=TODAY) == {"excused"}
    assert tasks("dag", due_on__lt=TODAY, state="open").count() == late > 0
    assert city.user("czj_shuji").may(Permission.CHECKLIST_VIEW, at=unit.path)
    assert city.user("dag_shuji").posts == []


def test_the_joined_branch_no_longer_bears_the_organ_duties(city):
    succession.merge(unit=city.place("dag"), into=city.place("czj"), on=TODAY, by=SYSTEM)
    assert city.item("dag_zb", "JG-01").archived_on == TODAY


def test_a_closed_branch_keeps_what_was_due_and_owes_nothing_more(city):
    early = set(tasks("jyj_zb2", due_on__lt=TODAY).values_list("pk", "state"))
    succession.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM, reason="支部撤并")
    assert set(tasks("jyj_zb2", due_on__lt=TODAY).values_list("pk", "state")) == early
    assert states("jyj_zb2", due_on__gte=TODAY) == {"excused"}
    assert city.user("jyj_zb2").posts == []


def test_a_report_that_waits_is_still_reviewed_after_closing(city):
    row = report(city.task("jyj_zb2", "ZB-01", f"{YEAR}-10"), city.user("jyj_zb2"))
    succession.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM, reason="支部撤并")
    row = city.task("jyj_zb2", "ZB-01", f"{YEAR}-10")
    assert reviewing.accept(occurrence=row, by=city.user("jyj_jgdw"), seen=row.version)


def test_nothing_is_closed_twice(city):
    succession.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM, reason="撤并")
    with pytest.raises(Conflict, match="已经撤销"):
        succession.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM, reason="撤并")


def test_the_nightly_run_changes_nothing_afterwards(city):
    succession.merge(unit=city.place("dag"), into=city.place("czj"), on=TODAY, by=SYSTEM)
    before = set(Occurrence.unscoped.values_list("pk", "state", "due_on"))
    succession.publishing.publish(version=city.version(), year=YEAR, by=SYSTEM)
    assert set(Occurrence.unscoped.values_list("pk", "state", "due_on")) == before


def test_the_role_of_a_closed_post_grants_nothing(city):
    succession.close(organization=city.place("jyj_zb2"), on=TODAY, by=SYSTEM, reason="撤并")
    assert not Appointment.unscoped.on(TODAY).filter(
        organization__code="JYJ_ZB2", role=RoleCode.BRANCH_SECRETARY).exists()
