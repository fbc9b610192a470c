"""Which items are carried further down, and the page on which they are linked."""

import pytest

from apps.checklists.models import Item
from apps.checklists.services import tailoring


@pytest.fixture
def clerk(city):
    return city.user("jyj_jgdw")


def titles(groups) -> list[str]:
    return [row["title"] for group in groups for row in group["rows"]]


def test_what_nobody_carries_stands_first(city, clerk, login):
    tailoring.link_upper(item=city.item("jyj_jgdw", "JG-01"), upper=city.item("jyj", "DZ-01"),
                         by=clerk)
    pk = city.checklist("jyj", "party_group").pk
    page = login("jyj_jgdw").get(f"/lists/{pk}/coverage/")
    assert titles(page.context["chapters"]) == ["专题研究全面从严治党"]
    assert titles(page.context["alone"]) == ["新部署新文件跟进学习", "理论学习中心组学习"]
    row, = page.context["chapters"][0]["rows"]
    assert row["carried"]["word"] == "1 / 1份"
    assert f'href="/lists/{city.checklist("jyj_jgdw").pk}/"' in page.text


def test_an_owner_here_makes_it_work_of_this_level(city, clerk, login):
    pk = city.checklist("jyj", "party_group").pk
    page = login("jyj_jgdw").get(f"/lists/{pk}/coverage/")
    assert page.context["flagged"] == 3
    tailoring.tailor(items=[city.item("jyj", "DZ-02")], by=clerk, owner="吴敏")
    page = login("jyj_jgdw").get(f"/lists/{pk}/coverage/")
    words = {row["title"]: row["carried"] for group in page.context["alone"]
             for row in group["rows"]}
    assert words["理论学习中心组学习"] == {"word": "本级办理", "badge": None}
    assert words["新部署新文件跟进学习"]["badge"].word == "无人承接"
    assert page.context["flagged"] == 2


def test_branches_are_counted_for_the_committee_above_them(city, clerk, login):
    upper = city.item("jyj_jgdw", "JG-03")
    for key in ("jyj_zb1", "jyj_zb2"):
        tailoring.link_upper(item=city.item(key, "ZB-01"), upper=upper, by=city.user(key))
    pk = upper.checklist_id
    page = login("jyj_jgdw").get(f"/lists/{pk}/coverage/")
    row, = page.context["chapters"][0]["rows"]
    assert row["carried"]["word"] == f"2 / {page.context['below']}份"
    assert [each["label"] for each in row["lists"]] == ["第一党支部", "第二党支部"]


def test_an_item_that_was_withdrawn_below_carries_nothing(city, clerk, login):
    item = city.item("jyj_jgdw", "JG-01")
    tailoring.link_upper(item=item, upper=city.item("jyj", "DZ-01"), by=clerk)
    Item.unscoped.filter(pk=item.pk).update(archived_on=item.checklist.published_on)
    pk = city.checklist("jyj", "party_group").pk
    assert login("jyj_jgdw").get(f"/lists/{pk}/coverage/").context["chapters"] == []


def test_a_list_at_the_foot_says_so(city, login):
    page = login("jyj_zb1").get(f"/lists/{city.checklist('jyj_zb1').pk}/coverage/")
    assert "下面没有清单" in page.text


def test_who_reads_the_list_reads_its_coverage(city, login):
    pk = city.checklist("jyj", "party_group").pk
    for who, status in (("gongwei", 200), ("jyj_shuji", 200), ("czj_zz", 404), ("jyj_zb1", 404)):
        assert login(who).get(f"/lists/{pk}/coverage/").status_code == status, who


# --- links ---------------------------


def test_suggestions_are_chosen_in_advance_and_saved_with_one_tap(city, login):
    item, upper = city.item("jyj_jgdw", "JG-01"), city.item("jyj", "DZ-01")
    phone, address = login("jyj_jgdw"), f"/lists/{item.checklist_id}/uppers/"
    page = phone.get(address)
    assert page.context["form"][f"upper-{item.pk}"].value() == str(upper.pk)
    assert page.context["suggested"] == 1
    assert Item.unscoped.get(pk=item.pk).upper is None
    sent = {field.html_name: field.value() for field in page.context["form"]}
    answer = phone.post(address, sent, follow=True)
    assert "已保存1项关联。" in answer.text
    assert Item.unscoped.get(pk=item.pk).upper == upper
    listed = phone.get(f"/lists/{item.checklist_id}/")
    link = f'<a href="/lists/{upper.checklist_id}/">专题研究全面从严治党</a>'
    assert f"上级事项：{link}" in listed.text


def test_a_branch_reads_the_title_above_but_not_the_list(city, login):
    item, upper = city.item("jyj_zb1", "ZB-01"), city.item("jyj_jgdw", "JG-03")
    tailoring.link_upper(item=item, upper=upper, by=city.user("jyj_zb1"))
    page = login("jyj_zb1").get(f"/lists/{item.checklist_id}/")
    assert f"上级事项：{upper.duty.title}" in page.text
    assert f'href="/lists/{upper.checklist_id}/"' not in page.text


def test_an_item_of_no_list_above_is_refused(city, login):
    item = city.item("jyj_jgdw", "JG-01")
    strange = city.item("czj", "DZ-01")
    phone, address = login("jyj_jgdw"), f"/lists/{item.checklist_id}/uppers/"
    page = phone.post(address, {f"upper-{item.pk}": str(strange.pk)})
    assert page.status_code == 200
    assert "请从上一级清单里选。" in page.text
    assert Item.unscoped.get(pk=item.pk).upper is None


def test_at_the_top_there_is_nothing_to_link(city, login):
    pk = city.checklist("jyj", "party_group").pk
    assert "没有上一级清单" in login("jyj_jgdw").get(f"/lists/{pk}/uppers/").text


def test_who_only_reads_does_not_link(city, login):
    pk = city.checklist("jyj_jgdw").pk
    for who, status in (("jyj_shuji", 403), ("gongwei", 403), ("czj_zz", 404)):
        assert login(who).get(f"/lists/{pk}/uppers/").status_code == status, who


def test_nothing_below_counts_twice(city, clerk, login):
    upper = city.item("jyj", "DZ-01")
    for code in ("JG-01", "JG-03"):
        tailoring.link_upper(item=city.item("jyj_jgdw", code), upper=upper, by=clerk)
    page = login("jyj_jgdw").get(f"/lists/{upper.checklist_id}/coverage/")
    row, = page.context["chapters"][0]["rows"]
    assert row["carried"]["word"] == "1 / 1份"
