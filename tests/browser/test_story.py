"""The story of the app, told by its people in a real browser."""

import io

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import expect

from apps.checklists.models import Occurrence, Report
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser


def photo(name: str, shade: int = 120) -> dict:
    """A photograph as a phone would hand it over: larger than anybody needs."""
    data = io.BytesIO()
    Image.new("RGB", (3000, 2200), (shade, 90, 60)).save(data, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def test_a_branch_reports_the_clerk_returns_it_and_it_is_corrected_and_accepted(
    person, standing_city
):
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-11")
    branch = person("jyj_zb1", PHONE)
    branch.judge()
    branch.follow("三会一课（11月）")
    branch.judge()
    branch.page.get_by_label("哪天做的").fill("2026年11月20日")
    branch.page.get_by_label("做了什么").fill("召开支委会，应到5人，实到5人。")
    branch.press("提交给机关党委")
    assert "待审核" in branch.text()
    branch.judge()

    clerk = person("jyj_jgdw", PHONE)
    clerk.follow("去审核")
    clerk.follow("市教育局机关第一党支部")
    clerk.judge()
    clerk.page.get_by_label("请补一句做了什么、定了什么。").check()
    clerk.page.get_by_label("自己写").fill("写明议题。")
    clerk.press("退回修改")
    clerk.judge()

    branch.open("/")
    assert "请补一句做了什么、定了什么。写明议题。" in branch.text()
    branch.follow("三会一课（11月）")
    assert "写明议题。" in branch.text()
    words = branch.page.get_by_label("做了什么")
    expect(words).to_have_value("召开支委会，应到5人，实到5人。")
    words.fill("召开支委会，应到5人，实到5人，研究了党课安排。")
    branch.press("提交给机关党委")

    clerk.open(f"/review/{task.pk}/")
    assert "研究了党课安排" in clerk.text()
    clerk.press("审核通过")
    branch.open(f"/tasks/{task.pk}/")
    assert "审核通过" in branch.text()
    branch.follow("经过")
    assert "陈立新审核通过了三会一课（11月）第2稿" in branch.text()
    branch.judge()
    assert Occurrence.unscoped.get(pk=task.pk).state == "accepted"


def test_several_photos_and_a_bad_file_are_answered_one_by_one_and_nothing_typed_is_lost(
    person, standing_city
):
    task = standing_city.task("jyj_jgdw", "JG-01")
    clerk = person("jyj_jgdw", PHONE)
    clerk.open(f"/tasks/{task.pk}/report/")
    clerk.page.get_by_label("做了什么").fill("全年党建工作报告已经党组会审议。")
    expect(clerk.page.get_by_text("草稿已保存")).to_be_visible(timeout=15_000)
    bad = {"name": "会议.mp4", "mimeType": "video/mp4", "buffer": b"\0\0\0\x18ftypmp42" * 20}
    clerk.page.locator("input[data-files]").set_input_files(
        [photo("报告第1页.jpg"), photo("报告第2页.jpg", 140), bad])
    expect(clerk.page.get_by_text("已上传")).to_have_count(2, timeout=30_000)
    expect(clerk.page.get_by_text("没有上传").first).to_be_visible()
    clerk.judge()
    clerk.page.get_by_label("哪天做的").fill("2026年2月30日")
    clerk.press("提交给工委")
    assert "没有这一天" in clerk.text()
    clerk.judge()
    expect(clerk.page.get_by_label("做了什么")).to_have_value("全年党建工作报告已经党组会审议。")
    clerk.page.get_by_label("哪天做的").fill("20261120")
    clerk.press("提交给工委")
    report = Report.unscoped.get(occurrence=task)
    assert [each.file.name for each in report.evidence.order_by("position")] == [
        "报告第1页.jpg", "报告第2页.jpg"]
    clerk.judge()


def test_the_committee_accepts_a_units_own_report_in_the_admin(person, standing_city):
    task = standing_city.task("jyj_jgdw", "JG-03", "2026-Q3")
    clerk = person("jyj_jgdw", DESK)
    clerk.open(f"/tasks/{task.pk}/report/")
    clerk.page.get_by_label("哪天做的").fill("2026.9.18")
    clerk.page.get_by_label("做了什么").fill("组织76人参观警示教育基地，讨论了两个岗位的风险点。")
    clerk.press("提交给工委")
    officer = person("gongwei", DESK)
    assert "1份填报等您审核" in officer.text()
    officer.follow("去审核")
    officer.judge()
    officer.follow("市教育局机关党委")
    assert "组织76人参观警示教育基地" in officer.text()
    officer.judge()
    officer.page.keyboard.press("a")
    officer.page.wait_for_url("**/admin/review/")
    assert "都审完了" in officer.text()
    assert Occurrence.unscoped.get(pk=task.pk).state == "accepted"


def test_what_a_clerk_types_for_a_leader_waits_for_one_tap_of_his(person, standing_city):
    task = standing_city.task("jyj", "SJ-01")
    clerk = person("jyj_jgdw", PHONE)
    clerk.open(f"/tasks/{task.pk}/report/")
    clerk.page.get_by_label("哪天做的").fill("2026-06-28")
    clerk.page.get_by_label("做了什么").fill("讲了一堂专题党课，82人听课。")
    clerk.press("提交给郑立群确认")
    assert "等郑立群本人确认" in clerk.text()
    leader = person("jyj_shuji", PHONE)
    leader.follow("看这1条并确认")
    leader.judge()
    assert "82人听课" in leader.text()
    leader.press("确认这1条")
    assert "已确认1条" in leader.text()
    officer = person("gongwei", DESK)
    officer.open(f"/admin/review/{task.pk}/")
    officer.press("审核通过")
    assert Occurrence.unscoped.get(pk=task.pk).state == "accepted"


def test_a_returned_file_goes_along_with_the_correction(person, standing_city):
    task = standing_city.task("jyj_jgdw", "JG-01")
    clerk = person("jyj_jgdw", PHONE)
    clerk.open(f"/tasks/{task.pk}/report/")
    clerk.page.get_by_label("哪天做的").fill("11月20日")
    clerk.page.locator("input[data-files]").set_input_files([photo("报告.jpg")])
    expect(clerk.page.get_by_text("已上传")).to_have_count(1, timeout=30_000)
    clerk.press("提交给工委")
    officer = person("gongwei", DESK)
    officer.open(f"/admin/review/{task.pk}/")
    officer.page.get_by_label("自己写").fill("请写明会议名称。")
    officer.page.locator("#return").get_by_role("button", name="退回修改").click()
    officer.page.wait_for_load_state()
    clerk.open(f"/tasks/{task.pk}/report/")
    assert "上一稿的文件" in clerk.text()
    clerk.judge()
    clerk.page.get_by_label("做了什么").fill("党组会审议通过。")
    clerk.press("提交给工委")
    latest = Report.unscoped.get(occurrence=task, number=2)
    assert [each.file.name for each in latest.evidence.all()] == ["报告.jpg"]


def test_something_that_happened_is_opened_and_reported(person, standing_city):
    clerk = person("jyj_jgdw", PHONE)
    item = standing_city.item("jyj_jgdw", "JG-02")
    clerk.show(f"/items/{item.pk}/open/")
    clerk.page.get_by_label("什么事").fill("第三党支部书记到任")
    clerk.page.get_by_label("哪天发生的").fill("2026.11.20")
    clerk.press("记下并填报")
    assert "新任书记任职谈话：第三党支部书记到任" in clerk.text()
    clerk.judge()


def test_a_second_person_typing_is_announced_and_the_slower_one_keeps_his_words(
    person, standing_city
):
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-11")
    secretary, clerk = person("jyj_zb1", PHONE), person("jyj_zb1_jb", PHONE)
    for one in (secretary, clerk):
        one.open(f"/tasks/{task.pk}/report/")
    secretary.page.get_by_label("做了什么").fill("书记写的。")
    expect(secretary.page.get_by_text("草稿已保存")).to_be_visible()
    clerk.page.get_by_label("做了什么").fill("经办人写的。")
    expect(clerk.page.get_by_text("李一帆")).to_be_visible()
    for one in (secretary, clerk):
        one.page.get_by_label("哪天做的").fill("20261120")
    secretary.press("提交给机关党委")
    clerk.press("提交给机关党委")
    assert "李一帆" in clerk.page.locator("body").inner_text()
    clerk.problems.clear()  # Chromium reports the 409 itself as an error
    clerk.open(f"/tasks/{task.pk}/")
    assert "经办人写的。" in clerk.text()
    assert Report.unscoped.filter(occurrence=task).count() == 1


def test_the_form_works_without_javascript(person, standing_city):
    task = standing_city.task("jyj_jgdw", "JG-01")
    clerk = person("jyj_jgdw", PHONE, java_script_enabled=False)
    clerk.open(f"/tasks/{task.pk}/report/")
    clerk.page.get_by_label("哪天做的").fill("20261120")
    clerk.page.get_by_label("做了什么").fill("报告已经党组会审议。")
    clerk.page.locator("input[name=files]").set_input_files([photo("报告.jpg")])
    clerk.press("稍后再填")
    clerk.open(f"/tasks/{task.pk}/report/")
    expect(clerk.page.get_by_label("做了什么")).to_have_value("报告已经党组会审议。")
    assert "已上传" in clerk.text()
    clerk.press("提交给工委")
    assert "待审核" in clerk.text()


def test_an_expired_login_costs_no_typed_word(person, standing_city):
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-11")
    branch = person("jyj_zb1", PHONE)
    branch.open(f"/tasks/{task.pk}/report/")
    Session.objects.all().delete()
    branch.page.get_by_label("哪天做的").fill("20261120")
    branch.page.get_by_label("做了什么").fill("半小时以后才写的话。")
    expect(branch.page.get_by_text("登录过期了")).to_be_visible(timeout=15_000)
    branch.press("提交给机关党委")
    assert "/report/" in branch.page.url
    form, branch.page = branch.page, branch.page.context.new_page()
    branch.log_in("jyj_zb1")
    branch.page.close()
    branch.page = form
    expect(form.get_by_text("草稿已保存")).to_be_visible(timeout=15_000)
    branch.press("提交给机关党委")
    assert "待审核" in branch.text()
    assert Report.unscoped.get(occurrence=task).words == "半小时以后才写的话。"
