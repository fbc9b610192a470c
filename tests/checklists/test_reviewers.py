"""Who reviews whose list; nobody his own; nothing without a reviewer."""

from datetime import timedelta

import pytest

from apps.checklists import pages, reviewers
from apps.checklists.models import Checklist
from apps.core.act import SYSTEM
from apps.duties.models import Duty
from apps.organizations import services
from apps.organizations.models import Appointment, User
from apps.organizations.roles import RoleCode
from tests.checklists.steps import attach, hand_in
from tests.city import TODAY, YEAR

Subject = Duty.Subject


@pytest.fixture
def list_of(city):
    """An unsaved list of any organisation and subject."""
    return lambda key, subject: Checklist(
        organization=city.place(key), subject=subject, year=YEAR, version=city.version())


def codes(organizations) -> list[str]:
    return [each.code for each in organizations]


def vacate(*keys):
    """Let every post at these places end."""
    for post in Appointment.unscoped.filter(organization__code__in=[k.upper() for k in keys]):
        services.end(appointment=post, by=SYSTEM)


@pytest.mark.parametrize("key, subject, expected", [
    ("jyj_zb1", Subject.BRANCH, ["JYJ_JGDW", "JYJ", "GW"]),
    ("czj_zb1", Subject.BRANCH, ["CZJ_ZZ", "CZJ", "GW"]),
    ("dag_zb", Subject.BRANCH, ["DAG", "GW"]),
    ("jyj_jw", Subject.DISCIPLINE_COMMITTEE, ["JYJ_JGDW", "GW"]),
    ("jyj_jgdw", Subject.ORGAN_COMMITTEE, ["GW"]),
    ("czj_zz", Subject.ORGAN_COMMITTEE, ["GW"]),
    ("jyj", Subject.PARTY_GROUP, ["GW"]),
    ("jyj", Subject.SECRETARY, ["GW"]),
    ("jyj", Subject.MEMBER, ["JYJ", "GW"]),
    ("gw", Subject.COMMITTEE, ["GW"]),
])
def test_the_ladder_of_each_subject(list_of, key, subject, expected):
    assert codes(reviewers.ladder(list_of(key, subject))) == expected


@pytest.mark.parametrize("duty, expected", [("JG-01", ["GW"]), ("JG-03", ["GW"]),
                                            ("ZB-01", ["DAG", "GW"])])
def test_a_duty_taken_over_goes_its_own_subjects_way(city, duty, expected):
    """The single branch does the organ committee's work, and the committee looks at it."""
    item = city.item("dag_zb", duty)
    assert codes(reviewers.ladder(item.checklist, item.duty)) == expected
    assert reviewers.usual(item.checklist, item.duty).code == expected[0]


@pytest.mark.parametrize("duty, period, place", [
    ("JG-01", None, "GW"), ("JG-03", "2026-Q4", "GW"), ("ZB-01", "2026-11", "DAG")])
def test_what_the_single_branch_submits_goes_to_who_reviews_the_duty(city, duty, period, place):
    by = city.user("dag_zb")
    task = city.task("dag_zb", duty, period)
    attach(task, by)
    row = hand_in(task, by, document_number="9号")
    assert row.reviewed_by.code == place
    assert pages.waits_for(row) in ("", f"由{city.place(place.lower()).name}审核。")


def test_every_subject_has_a_ladder():
    assert set(reviewers.LADDERS) == set(Subject)


def test_a_branch_under_a_general_branch_under_an_organ_committee_goes_to_the_nearer(city, list_of):
    general = services.found(kind="general_branch", name="二级单位党总支", short_name="党总支",
                             code="JYJ_ZZ", parent=city.place("jyj_jgdw"), by=SYSTEM)
    services.found(kind="branch", name="第五党支部", short_name="第五党支部", code="JYJ_ZB5",
                   parent=general, by=SYSTEM)
    found = codes(reviewers.ladder(list_of("jyj_zb5", Subject.BRANCH)))
    assert found == ["JYJ_ZZ", "JYJ_JGDW", "JYJ", "GW"]


def test_the_first_rung_with_a_holder_reviews(list_of):
    branch = list_of("jyj_zb1", Subject.BRANCH)
    assert reviewers.reviewer(branch, own=set()).code == "JYJ_JGDW"
    assert reviewers.usual(branch).code == "JYJ_JGDW"


def test_a_vacant_rung_is_passed_over(list_of):
    vacate("jyj_jgdw")
    assert reviewers.reviewer(list_of("jyj_zb1", Subject.BRANCH), own=set()).code == "JYJ"


def test_a_rung_whose_holder_may_not_log_in_is_vacant(list_of):
    people = User.objects.filter(username__in=["jyj_jgdw", "jyj_jgdwsj", "jyj_shuji"])
    people.update(is_active=False)
    assert reviewers.reviewer(list_of("jyj_zb1", Subject.BRANCH), own=set()).code == "GW"


def test_a_rung_whose_holder_comes_tomorrow_is_vacant(city, list_of):
    vacate("jyj_jgdw")
    services.appoint(user=city.user("jyj_jw"), role=RoleCode.ORGAN_SECRETARY, by=SYSTEM,
                     organization=city.place("jyj_jgdw"), starts_on=TODAY.replace(day=24))
    assert reviewers.reviewer(list_of("jyj_zb1", Subject.BRANCH), own=set()).code == "JYJ"


def test_the_last_rung_takes_it_even_when_it_is_vacant(list_of):
    vacate("jyj_jgdw", "jyj", "gw")
    assert reviewers.reviewer(list_of("jyj_zb1", Subject.BRANCH), own=set()).code == "GW"
    assert reviewers.usual(list_of("jyj_zb1", Subject.BRANCH)) is None


def test_a_second_holder_keeps_it_on_the_rung(city, list_of):
    own = {city.user("jyj_jgdw").pk}
    assert reviewers.reviewer(list_of("jyj_zb1", Subject.BRANCH), own=own).code == "JYJ_JGDW"


def test_a_clerk_who_typed_it_leaves_it_to_the_secretary(city, list_of):
    own = {city.user("dag_bgs").pk}
    assert reviewers.reviewer(list_of("dag_zb", Subject.BRANCH), own=own).code == "DAG"


def test_where_all_holders_are_concerned_the_next_upward_takes_it(city, list_of):
    own = {city.user("dag_bgs").pk, city.user("dag_shuji").pk}
    assert reviewers.reviewer(list_of("dag_zb", Subject.BRANCH), own=own).code == "GW"


def test_a_members_report_goes_to_his_secretary_and_not_to_himself(city, list_of):
    member = list_of("jyj", Subject.MEMBER)
    clerk, secretary = city.user("jyj_jgdw").pk, city.user("jyj_shuji").pk
    assert reviewers.reviewer(member, own={clerk}).code == "JYJ"
    assert reviewers.reviewer(member, own={clerk, secretary}).code == "GW"


def test_the_page_says_why_it_went_upward(city, login):
    services.end(appointment=city.user("dag_shuji").posts[0], by=SYSTEM)
    services.appoint(user=city.user("dag_bgs"), role=RoleCode.BRANCH_CLERK, by=SYSTEM,
                     organization=city.place("dag_zb"), starts_on=TODAY)
    row = hand_in(city.task("dag_zb", "ZB-01", "2026-11"), city.user("dag_bgs"))
    assert row.reviewed_by.code == "GW"
    sentence = ("由中共云川市委市直机关工作委员会审核："
                "中共云川市档案馆党组的审核人就是填报人，转上一级。")
    assert pages.waits_for(row) == sentence
    assert sentence in login("dag_bgs").get(f"/tasks/{row.pk}/").text


def test_the_page_says_nothing_of_it_where_it_took_its_usual_way(city):
    row = hand_in(city.task("dag_zb", "ZB-01", "2026-11"), city.user("dag_zb"))
    assert pages.waits_for(row) == "由中共云川市档案馆党组审核。"


def test_a_vacant_rung_is_no_reason_to_speak_of_the_drafter(city):
    vacate("jyj_jgdw")
    row = hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"))
    assert pages.waits_for(row) == "由中共云川市教育局党组审核。"


def test_a_right_to_read_the_subtree_makes_no_reviewer(list_of):
    """孟庆和 reads everything and staffs no rung."""
    others = Appointment.unscoped.exclude(user__username="ducha")
    others.update(ends_on=TODAY - timedelta(days=1))
    assert reviewers.usual(list_of("jyj_zb1", Subject.BRANCH)) is None


# --- for many lists at once, and in words -----------------------------------------------


@pytest.mark.parametrize("vacated", [(), ("jyj_jgdw",), ("jyj_jgdw", "jyj")])
def test_the_desks_answer_as_the_rule_for_one_list(city, list_of, vacated):
    vacate(*vacated)
    desks = reviewers.Desks()
    for key, subject in (("jyj_zb1", Subject.BRANCH), ("jyj_jw", Subject.DISCIPLINE_COMMITTEE),
                         ("jyj", Subject.MEMBER), ("czj", Subject.PARTY_GROUP),
                         ("gw", Subject.COMMITTEE)):
        checklist = list_of(key, subject)
        for own in (set(), {city.user("jyj_shuji").pk}):
            found = desks.reviewer(checklist.organization.path, subject, own=own)
            assert found == reviewers.reviewer(checklist, own=own)


def test_desks_of_one_place_read_only_those_above_it(city):
    desks = reviewers.Desks(at=city.place("jyj_zb1"))
    assert {place.code for place in desks.places.values()} == {
        "JYJ_ZB1", "JYJ_JGDW", "JYJ", "GW"}


@pytest.mark.parametrize("key, subject, vacated, sentence", [
    ("jyj_zb1", Subject.BRANCH, (), "支部的填报由机关党委审核。"),
    ("czj_zb1", Subject.BRANCH, (), "支部的填报由所在的党总支审核。"),
    ("dag_zb", Subject.BRANCH, (), "上面没有机关党委或党总支，支部的填报由单位审核。"),
    ("jyj_zb1", Subject.BRANCH, ("jyj_jgdw",),
     "支部的填报由机关党委审核；机关党委现在没有审核人，转市教育局党组。"),
    ("jyj_zb1", Subject.BRANCH, ("jyj_jgdw", "jyj", "gw"),
     "支部的填报由机关党委审核；现在没有审核人，任职登记以后才有人审。"),
    ("dag_zb", Subject.DISCIPLINE_COMMITTEE, (),
     "上面没有机关党委，机关纪委的填报由工委审核。"),
    ("jyj", Subject.MEMBER, (), "班子成员的填报由本单位书记审核。"),
])
def test_the_reason_says_the_rule_and_who_is_missing(city, key, subject, vacated, sentence):
    vacate(*vacated)
    place = city.place(key)
    assert reviewers.Desks(at=place).reason(place.path, subject) == sentence


def test_every_rung_has_its_reason():
    rungs = {(subject, kind) for subject, kinds in reviewers.LADDERS.items() for kind in kinds}
    assert rungs == set(reviewers.REASONS)
