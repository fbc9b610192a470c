"""The first administrators, and no superuser."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.core.models import AuditEvent
from apps.organizations.models import Appointment, Organization, User

PEOPLE = {"admin1": "zhn:周海宁", "admin2": "xj:许静", "system": "fg:冯工", "auditor": "cj:曹谨"}


@pytest.fixture
def empty(city):
    """A committee without any holder of an administrative post."""
    Appointment.unscoped.filter(role__in=["committee_admin", "system_admin", "auditor"]).delete()


def run(**people) -> str:
    out = StringIO()
    call_command("create_first_administrator", committee="中共云川市委市直机关工作委员会",
                 stdout=out, **PEOPLE | people)
    return out.getvalue()


def passwords(said: str) -> dict[str, str]:
    return dict(re.findall(r"账号 (\S+)　密码 (\S+)", said))


def test_it_makes_four_people_with_a_password_each(empty):
    said = run()
    posts = {post.user.username: post.role for post in
             Appointment.unscoped.filter(user__username__in=["zhn", "xj", "fg", "cj"])}
    assert posts == {"zhn": "committee_admin", "xj": "committee_admin", "fg": "system_admin",
                     "cj": "auditor"}
    assert len(set(passwords(said).values())) == 4
    assert "密码只显示这一次" in said


def test_the_passwords_open_the_door(empty):
    for username, password in passwords(run()).items():
        phone = Client()
        phone.post("/accounts/login/", {"login": username, "password": password})
        assert "_auth_user_id" in phone.session, username


def test_the_passwords_are_kept_nowhere(empty):
    found = passwords(run()).values()
    kept = str(list(AuditEvent.objects.values())) + str(list(User.objects.values()))
    assert len(list(found)) == 4 and not any(password in kept for password in found)


def test_they_are_no_demo_accounts(empty):
    run()
    assert not User.objects.filter(username="zhn", is_demo=True).exists()


def test_it_founds_the_committee_in_an_empty_database(db):
    call_command("flush", interactive=False, inhibit_post_migrate=True)
    run()
    committee = Organization.objects.get()
    assert (committee.kind, committee.name, committee.depth) == (
        "committee", "中共云川市委市直机关工作委员会", 1)
    assert set(Appointment.unscoped.values_list("organization", flat=True)) == {committee.pk}


def test_the_second_time_it_is_refused(empty):
    run()
    with pytest.raises(CommandError, match="已经有管理员了"):
        run(admin1="a:甲", admin2="b:乙", system="c:丙", auditor="d:丁")
    assert not User.objects.filter(username="a").exists()


@pytest.mark.parametrize("role", ["committee_admin", "system_admin", "auditor"])
def test_one_of_them_is_enough_to_refuse(city, role):
    others = {"committee_admin", "system_admin", "auditor"} - {role}
    Appointment.unscoped.filter(role__in=others).delete()
    with pytest.raises(CommandError, match="已经有管理员了"):
        run()


@pytest.mark.parametrize("people, sentence", [
    ({"auditor": "zhn:周海宁"}, "四个职务要由四个不同的人担任"),
    ({"admin1": "zhn"}, "每个人都写成"), ({"admin1": ":周海宁"}, "每个人都写成"),
    ({"admin1": "zhn:"}, "每个人都写成")])
def test_the_four_are_different_and_named(empty, people, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(**people)
    assert not User.objects.filter(username="zhn").exists()


@pytest.mark.parametrize("spelling", ["ZHN:周海宁", "ｚｈｎ:周海宁", " zhn:周海宁"])
def test_one_person_in_two_spellings_is_refused_and_leaves_nobody(empty, spelling):
    with pytest.raises(CommandError):
        run(auditor=spelling)
    assert not User.objects.filter(username="zhn").exists()


def test_an_account_that_exists_is_refused_and_leaves_nobody(empty):
    with pytest.raises(CommandError, match="账号jyj_zb1已经有人用了"):
        run(auditor="jyj_zb1:李一帆")
    assert not User.objects.filter(username="zhn").exists()


def test_there_is_no_superuser(city):
    with pytest.raises(CommandError, match="这里没有超级用户"):
        call_command("createsuperuser")
