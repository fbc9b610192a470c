"""The page of a person: posts in the reader's scope, the number masked until it is asked for."""

from datetime import date

import pytest

from apps.core.act import SYSTEM
from apps.core.errors import Invalid, NotAllowed, NotVisible
from apps.core.models import AuditEvent
from apps.organizations import services
from apps.organizations.models import User
from apps.organizations.roles import RoleCode
from apps.organizations.services import personal_data
from tests.city import TODAY

PHONE = "13800001234"
VIEWED = "organizations.user.phone_view"


@pytest.fixture
def li(city):
    """李一帆, who has given his work telephone."""
    user = city.user("jyj_zb1")
    return personal_data.set_phone(user=user, work_phone=PHONE, by=user)


def viewed() -> list[str]:
    return list(AuditEvent.objects.filter(code=VIEWED).values_list("actor_name", flat=True))


@pytest.mark.parametrize("who, status", [
    ("jyj_zb1", 200), ("jyj_jgdw", 200), ("jyj_shuji", 200), ("gongwei", 200), ("ducha", 200),
    ("jyj_chengyuan", 200),  # the branch is in her portfolio
    ("jyj_zb2", 404), ("czj_zb1", 404), ("czj_zz", 404), ("xitong", 403), ("shenji", 403)])
def test_a_person_is_seen_where_he_holds_a_post(li, login, who, status):
    phone = login(who)
    assert phone.get(f"/people/{li.pk}/").status_code == status
    assert phone.post(f"/people/{li.pk}/phone/").status_code == status
    assert viewed() == ([User.objects.get(username=who).name] if status == 200 else [])


def test_the_number_is_masked_until_it_is_asked_for(li, login):
    desk = login("jyj_jgdw")
    page = desk.get(f"/people/{li.pk}/").text
    assert "138****1234" in page and PHONE not in page and not viewed()
    page = desk.post(f"/people/{li.pk}/phone/").text
    assert PHONE in page and "这次查看已经记入审计" in page and viewed() == ["陈立新"]
    assert PHONE not in desk.get(f"/people/{li.pk}/").text


def test_the_audit_says_who_looked_and_never_the_number(li, login):
    login("jyj_jgdw").post(f"/people/{li.pk}/phone/")
    assert "陈立新查看李一帆的工作电话" in login("shenji").get("/admin/audit/").text
    assert not any(PHONE in f"{each.details}{each.target_label}"
                   for each in AuditEvent.objects.all())


def test_looking_is_no_get(li, login):
    assert login("jyj_jgdw").get(f"/people/{li.pk}/phone/").status_code == 405


def test_where_no_number_is_there_is_nothing_to_look_at(city, login):
    desk, user = login("jyj_jgdw"), city.user("jyj_zb1")
    assert "没有登记工作电话" in desk.get(f"/people/{user.pk}/").text
    assert desk.post(f"/people/{user.pk}/phone/").status_code == 404 and not viewed()


def test_posts_now_to_come_and_before(city, login, li):
    services.appoint(user=li, role=RoleCode.BRANCH_CLERK, organization=city.place("jyj_zb2"),
                     starts_on=date(2025, 3, 1), ends_on=date(2025, 12, 31), by=SYSTEM)
    services.appoint(user=li, role=RoleCode.BRANCH_CLERK, organization=city.place("jyj_zb3"),
                     starts_on=date(2026, 12, 1), by=SYSTEM)
    context = login("jyj_jgdw").get(f"/people/{li.pk}/").context
    assert [[row["note"] for row in context[part]] for part in ("now", "to_come", "before")] == [
        ["1月4日起"], ["12月1日起"], ["2025年3月1日至2025年12月31日"]]


def test_posts_out_of_scope_are_not_shown(city, login, li):
    services.appoint(user=li, role=RoleCode.BRANCH_CLERK, organization=city.place("czj_zb1"),
                     starts_on=TODAY, by=SYSTEM)
    assert "财政局" not in login("jyj_jgdw").get(f"/people/{li.pk}/").text
    assert "教育局" not in login("czj_zz").get(f"/people/{li.pk}/").text.partition("<main")[2]
    seen = login("gongwei").get(f"/people/{li.pk}/").text
    assert "市财政局机关第一党支部" in seen and "市教育局机关第一党支部" in seen


def test_who_has_left_is_out_of_view_but_stays_readable_for_the_committee(city, login, li):
    services.end(appointment=li.posts[0], last_day=date(2026, 11, 20), by=SYSTEM)
    assert login("jyj_jgdw").get(f"/people/{li.pk}/").status_code == 404
    page = login("gongwei").get(f"/people/{li.pk}/")
    assert [row["note"] for row in page.context["before"]] == ["1月4日至11月20日"]


def test_the_page_of_an_organisation_leads_to_people_and_names_who_was_there(city, login, li):
    place = city.place("jyj_zb1")
    services.hand_over(appointment=li.posts[0], to=city.user("jyj_zb1_jb"), on=TODAY, by=SYSTEM)
    page = login("jyj_jgdw").get(f"/organizations/{place.pk}/")
    assert [(row["name"], row["note"], row["url"]) for row in page.context["before"]] == [
        ("李一帆", "1月4日至11月22日", "")]
    assert f'href="/people/{city.user("jyj_zb1_jb").pk}/"' in page.text
    assert "以前的任职（1个）" in page.text


def test_a_portfolio_stands_on_the_page(city, login):
    page = login("jyj_jgdw").get(f"/people/{city.user('jyj_chengyuan').pk}/")
    assert [row["name"] for row in page.context["care"]] == ["市教育局机关第一党支部"]


# --- the number ---------------------------------------------------------------------------


@pytest.mark.parametrize("typed, kept, masked", [
    ("13800001234", "13800001234", "138****1234"),
    (" １３８ ０００ ０１２３４ ", "13800001234", "138****1234"),
    ("0571-88886666", "0571-88886666", "057****6666"),
    ("0571－88886666转802", "0571-88886666-802", "057****6802"),
    ("88886666", "88886666", "****66"), ("6123", "6123", "****23"), ("", "", ""), (" ", "", "")])
def test_a_telephone_is_kept_in_one_spelling(city, typed, kept, masked):
    user = city.user("jyj_zb1")
    row = personal_data.set_phone(user=user, work_phone=typed, by=user)
    assert (row.work_phone, row.masked_phone) == (kept, masked)


@pytest.mark.parametrize("typed", [
    "110101199003071234", "11010119900307123X", "li@example.com", "机密★", "13", "=1+1", "1" * 16,
    "+8613800001234567890"])
def test_what_is_no_telephone_is_refused(city, typed):
    user = city.user("jyj_zb1")
    with pytest.raises(Invalid) as refusal:
        personal_data.set_phone(user=user, work_phone=typed, by=user)
    assert set(refusal.value.fields) == {"work_phone"}


def test_nobody_writes_the_number_of_another(city):
    with pytest.raises(NotAllowed):
        personal_data.set_phone(user=city.user("jyj_zb1"), work_phone=PHONE,
                                by=city.user("gongwei_admin"))


def test_the_verb_itself_hides_whom_one_does_not_see(li, city):
    with pytest.raises(NotVisible):
        personal_data.view_phone(user=li, by=city.user("czj_zb1"))
    assert personal_data.view_phone(user=li, by=city.user("jyj_jgdw")) == PHONE
