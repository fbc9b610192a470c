"""A list lives through its year, clicked through as its people would."""

import pytest
from playwright.sync_api import expect

from apps.checklists.models import Adoption, Checklist, Item, Occurrence, Petition
from apps.checklists.services import tailoring
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import (
    add_duty,
    add_own_item,
    change_duty,
    compose_task,
    drop_duty,
    fill_all,
    report,
    say_not_applicable,
    wait_for_job,
)
from tests.checklists.sending import send

pytestmark = pytest.mark.browser


def test_a_party_group_takes_its_list_on_with_own_items_and_one_that_does_not_apply(
    person, standing_city
):
    clerk = person("jyj_jgdw", DESK)
    clerk.follow("中共云川市教育局党组")
    clerk.judge()
    add_own_item(clerk, "校园食堂专项督查", "每季度，一年报4次")
    add_own_item(clerk, "联系民办学校党建", "每半年，一年报2次")
    say_not_applicable(clerk, "新部署新文件跟进学习", "由市委教育工委统一组织，不单独组织。")
    assert "不适用待批" in clerk.text() and "/edit/" in clerk.page.url

    officer = person("gongwei", DESK)
    officer.follow("看申请")
    officer.judge()
    officer.follow("中共云川市教育局党组")
    officer.judge()
    officer.press("同意不适用")
    assert Petition.unscoped.get().state == "granted"

    clerk.page.reload()
    fill_all(clerk, 责任人="郑立群", 给勾选的事项写同一条措施="党组会定期听，办公室记账。")
    assert "5 / 5项已填好" in clerk.text()
    clerk.press("提交党组审议")
    clerk.judge()
    clerk.page.get_by_label("哪天开的会").fill("11月20日")
    clerk.page.get_by_label("会议纪要编号").fill("市教党组纪要〔2026〕18号")
    clerk.press("登记审议")
    assert "等郑立群签认" in clerk.text()
    clerk.judge()

    secretary = person("jyj_shuji", PHONE)
    secretary.judge()
    secretary.follow("中共云川市教育局党组")
    assert "校园食堂专项督查" in secretary.text()
    assert "新部署新文件跟进学习" not in secretary.text()
    secretary.judge()
    secretary.press("签认")
    secretary.judge()
    assert "党组审议（市教党组纪要〔2026〕18号）" in secretary.text()
    assert "已报工委备案" in secretary.text()
    assert Adoption.unscoped.get(checklist__organization__code="JYJ",
                                 checklist__subject="party_group").state == "adopted"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_the_pages_of_a_list_that_is_tailored_are_fit_for_their_screen(
    person, standing_city, size
):
    checklist = standing_city.checklist("jyj_jgdw")
    clerk = person("jyj_jgdw", size)
    for page in ("edit/", "own/", "uppers/", "coverage/", "print/", "history/"):
        clerk.show(f"/lists/{checklist.pk}/{page}")
    item = standing_city.item("jyj_jgdw", "JG-03")
    for address in (f"/duties/{item.duty_id}/", f"/items/{item.pk}/not-applicable/",
                    "/petitions/", "/outstanding/"):
        clerk.show(address)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_the_committees_pages_of_the_year_are_fit_for_their_screen(person, standing_city, size):
    task = send(standing_city, "jyj", "dag")
    admin = person("gongwei_admin", size)
    version = standing_city.version()
    for page in ("", "ad-hoc/", "ad-hoc/new/", "ad-hoc/open/", f"ad-hoc/{task.pk}/",
                 f"ad-hoc/{task.pk}/withdraw/", "outstanding/", "petitions/", "years/",
                 "publish/", "calendar/2027/", "catalogue/", f"catalogue/{version.pk}/"):
        admin.show(f"/admin/{page}")


def test_words_typed_into_a_list_are_not_lost_by_a_link(person, standing_city):
    clerk = person("jyj_jgdw", DESK)
    checklist = standing_city.checklist("jyj_jgdw")
    clerk.open(f"/lists/{checklist.pk}/edit/")
    clerk.page.on("dialog", lambda dialog: dialog.dismiss())
    owner = clerk.page.get_by_label("责任人：开展警示教育")
    owner.fill("宋为民")
    with clerk.page.expect_event("dialog") as asked:
        clerk.page.get_by_role("link", name="添加自定事项").click()
    assert asked.value.type == "beforeunload"
    expect(owner).to_have_value("宋为民")
    clerk.press("保存改动")
    assert "已保存1项。" in clerk.text()


def test_a_task_goes_to_all_window_units_and_those_who_have_not_reported_are_chased(
    person, standing_city
):
    officer = person("gongwei", DESK)
    officer.judge()
    officer.follow("后台")
    officer.judge()
    officer.follow("临时任务")
    officer.judge()
    officer.follow("下发临时任务")
    compose_task(officer, "窗口服务情况统计", "党支部")
    officer.page.get_by_label("窗口单位").check()
    officer.press("按条件勾选")
    expect(officer.page.get_by_label("市财政局党组")).not_to_be_checked()
    officer.press("预览负担")
    officer.judge()
    assert "2个单位，共5项，合计约50分钟。" in officer.text()
    officer.press("下发给2个单位")
    officer.judge()
    assert "没有报的（5）" in officer.text()

    archive = person("dag_zb", PHONE)
    archive.follow("窗口服务情况统计")
    assert "报窗口数和党员示范岗数。" in archive.text()
    assert "市直工委〔2026〕12号" in archive.text()
    archive.judge()
    report(archive, "窗口6个，党员示范岗2个。")

    officer.page.reload()
    names = officer.page.get_by_role("textbox", name="复制名单").input_value()
    assert "还没有报《窗口服务情况统计》的支部（4个）：市教育局机关第一党支部、" in names
    assert "档案馆" not in names
    officer.press("复制这1行")
    expect(officer.page.get_by_text("已复制。")).to_be_visible()
    officer.page.get_by_label("捎一句话").fill("请周三下班前报上来。")
    officer.press("催办全部4项")
    assert "已催办4项。" in officer.page.content()
    officer.judge()

    branch = person("jyj_zb1", PHONE)
    assert "王启明 11月23日催办：请周三下班前报上来。" in branch.text()
    branch.judge()
    archive.open("/")
    assert "催办" not in archive.text()


def test_a_red_mark_is_appealed_on_a_phone_and_withdrawn(person, standing_city):
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-10")
    branch = person("jyj_zb1", PHONE)
    branch.follow("三会一课（10月）")
    assert "逾期14个工作日" in branch.text()
    branch.follow("申诉")
    expect(branch.page.get_by_label("申诉")).to_be_checked()
    branch.judge()
    branch.page.get_by_label("理由").fill("10月15日已经用纸质台账报过，有签收。")
    branch.press("提出申请")
    assert "申诉待答复" in branch.text()
    branch.judge()

    clerk = person("jyj_jgdw", PHONE)
    clerk.follow("看申请")
    clerk.judge()
    clerk.follow("申诉：三会一课（10月）")
    clerk.judge()
    clerk.press("同意申诉，撤销标记")
    assert "没有等答复" not in clerk.text()

    branch.open("/")
    branch.judge()
    late = branch.page.get_by_role("region", name="已逾期").inner_text()
    assert "三会一课（9月）" in late and "三会一课（10月）" not in late
    branch.follow("三会一课（10月）")
    assert "机关党委陈立新同意申诉" in branch.text() and "逾期" not in branch.text()
    branch.judge()
    branch.follow("看申请：申诉")
    branch.judge()
    assert Occurrence.unscoped.get(pk=task.pk).due_on.isoformat() == "2026-11-30"


def test_the_catalogue_changes_in_mid_year_and_the_lists_follow(person, standing_city):
    admin = person("gongwei_admin", DESK)
    admin.open("/admin/")
    admin.follow("责任目录")
    admin.judge()
    admin.press("起草新版")
    admin.judge()
    change_duty(admin, "ZB-03", 做什么="支部每年至少开一次组织生活会，会前谈心，会后列出整改清单。")
    drop_duty(admin, "ZB-02")
    add_duty(admin, "联系服务群众")
    admin.judge()
    assert "新增1项、修改1项、撤下1项" in admin.text()
    admin.follow("看差异")
    admin.judge()
    assert "会前谈心" in admin.text()
    admin.follow("市教育局党组")
    admin.judge()
    assert "ZB-04 联系服务群众" in admin.text()
    admin.page.go_back()
    admin.follow("看2026.2的职责")
    admin.follow("发布并用于今年")
    admin.judge()
    admin.press("发布并调整3个单位的清单")
    wait_for_job(admin)
    admin.judge()

    branch = person("jyj_zb1", PHONE)
    branch.page.get_by_role("link", name="清单", exact=True).click()
    branch.page.get_by_text("不适用和撤下的").click()
    branch.judge()
    rest = branch.page.locator("details").filter(has_text="不适用和撤下的").inner_text()
    assert "主题党日" in rest and "联系服务群众（下半年）" in branch.text()
    assert Item.unscoped.get(checklist__organization__code="JYJ_ZB1",
                             duty__code="ZB-02").archived_on


def test_the_next_year_is_begun_with_what_was_carried_over_and_the_last_one_closed(
    person, standing_city, monday
):
    clerk, meeting = standing_city.user("jyj_jgdw"), standing_city.item("jyj", "DZ-02")
    tailoring.tailor(items=[meeting], by=clerk, owner="郑立群", measures="每季度定一个题目。")
    admin = person("gongwei_admin", DESK)
    admin.open("/admin/")
    admin.follow("看各年度")
    admin.judge()
    assert "填了责任人、措施或提前天数的事项1项" in admin.text()
    admin.follow("开始2027年")
    admin.judge()
    admin.press("下发清单")
    wait_for_job(admin)

    monday.move_to("2027-01-20T02:00:00Z")
    coming = Checklist.unscoped.get(organization__code="JYJ", subject="party_group", year=2027)
    desk = person("jyj_jgdw", DESK)
    desk.show(f"/lists/{coming.pk}/edit/")
    row = desk.page.get_by_role("row").filter(has_text="理论学习中心组学习")
    expect(row).to_contain_text("沿用去年")
    expect(row.get_by_label("责任人")).to_have_value("郑立群")

    admin = person("gongwei_admin", DESK)
    admin.show("/admin/years/")
    assert "可以补报" in admin.text()
    admin.follow("把2026年度封账")
    admin.judge()
    assert "补报到1月31日" in admin.text()
    admin.press("把2026年度封账")
    admin.judge()
    assert "已封账" in admin.text()

    branch = person("jyj_zb1", PHONE)
    assert "三会一课（1月）" in branch.text() and "12月" not in branch.text()
    branch.show(f"/lists/{standing_city.checklist('jyj_zb1').pk}/")
    assert "这一年已封账" in branch.text() and "未履行" in branch.text()
