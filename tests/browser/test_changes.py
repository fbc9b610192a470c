"""Posts and units change hands, clicked through as the people concerned would."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from apps.checklists.models import Occurrence
from apps.organizations.models import Appointment, Roster, User
from tests.browser.conftest import DESK, PHONE
from tests.city import TODAY
from tests.organizations.at_the_door import NEW
from tests.organizations.roster_files import saved

pytestmark = pytest.mark.browser
WORDS = "支委会通过了发展对象名单，还差群众意见。"
THREE = ["三会一课（10月）", "主题党日（11月）", "三会一课（11月）"]
BRANCH = "市教育局机关第一党支部"


def leave_open(code: str, titles: list[str]) -> None:
    """A branch that has nothing else to report so far."""
    tasks = Occurrence.unscoped.for_page().filter(organization__code=code, starts_on__lte=TODAY)
    others = [task.pk for task in tasks if str(task) not in titles]
    Occurrence.unscoped.filter(pk__in=others).update(state=Occurrence.State.EXCUSED)


def tasks_of(someone) -> list[str]:
    """The titles on the to-do page, the most pressing first."""
    return [each.strip() for each in someone.page.locator(
        "main a[href^='/tasks/'] .fz-task__t").all_inner_texts()]


def begin_a_report(someone, title: str) -> None:
    """Type some words into a task and leave it for later."""
    someone.follow(title)
    someone.page.get_by_label("做了什么").fill(WORDS)
    expect(someone.page.get_by_text("草稿已保存")).to_be_visible(timeout=15_000)


def to_the_changes_of(clerk, place: str) -> None:
    """From one's own page to the changes of one organisation."""
    clerk.page.get_by_role("link", name="我的", exact=True).first.click()
    clerk.follow("登记别人的任职")
    clerk.judge()
    clerk.follow(place)
    clerk.judge()


def make_account(clerk, name: str, username: str) -> str:
    """A new account with the post of a clerk; the password that is shown once."""
    page = clerk.page
    page.get_by_label("姓名").fill(name)
    page.get_by_label("账号").fill(username)
    page.get_by_label("职务").select_option(label="支部经办人")
    clerk.judge()
    clerk.press("建立账号")
    clerk.judge()
    return page.get_by_label("一次性密码").input_value()


def set_own_password(someone, username: str, given: str) -> None:
    """The first login with a password that somebody else knows."""
    someone.log_in(username, given)
    assert "先换密码，再办别的" in someone.text()
    someone.judge()
    someone.page.get_by_label("现在的密码").fill(given)
    someone.page.get_by_label("新密码", exact=True).fill(NEW)
    someone.page.get_by_label("再输一次新密码").fill(NEW)
    someone.press("修改密码")


def fetch(someone, name: str) -> bytes:
    """The file behind a link."""
    with someone.page.expect_download() as coming:
        someone.page.get_by_role("link", name=name).click()
    return Path(coming.value.path()).read_bytes()


def hand_in(someone, data: bytes) -> None:
    """Choose a roster and have it checked."""
    someone.open("/admin/roster/")
    someone.page.get_by_label("名册文件").set_input_files({
        "name": "名册.xlsx", "buffer": data,
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    someone.press("检查名册")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_a_secretarys_post_goes_over_with_his_open_tasks_and_what_he_had_begun(
    person, standing_city, size
):
    leave_open("JYJ_ZB1", THREE)
    leaver = person("jyj_zb1", PHONE)
    assert tasks_of(leaver) == THREE
    begin_a_report(leaver, "三会一课（11月）")

    clerk = person("jyj_jgdw", size)
    to_the_changes_of(clerk, BRANCH)
    clerk.page.get_by_role("row").filter(has_text="李一帆").get_by_role(
        "link", name="移交").click()
    clerk.judge()
    clerk.follow("新建账号并登记任职")
    given = make_account(clerk, "韩新", "hanxin")
    clerk.follow("交给他了")
    assert "韩新" in clerk.text()
    clerk.judge()
    clerk.page.get_by_role("row").filter(has_text="李一帆").get_by_role(
        "link", name="移交").click()
    clerk.page.get_by_label("找人").fill("hx")
    clerk.press("查找")
    clerk.page.get_by_label("韩新（hanxin）").check()
    clerk.judge()
    clerk.press("看看会带走什么")
    clerk.judge()
    preview = clerk.page.get_by_role("status", name="由韩新接任").inner_text()
    assert "没有报的\n3" in preview and all(title in preview for title in THREE)
    assert "写了一半的草稿\n1" in preview
    # So far it was only shown.
    leaver.open("/")
    assert tasks_of(leaver) == THREE
    clerk.page.get_by_role("button", name="移交", exact=True).click()
    clerk.page.wait_for_load_state()
    assert "支部书记已由李一帆移交韩新。" in clerk.page.locator("body").inner_text()
    clerk.judge()

    successor = person(size=PHONE)
    set_own_password(successor, "hanxin", given)
    successor.open("/")
    successor.judge()
    assert tasks_of(successor) == THREE
    successor.follow("三会一课（11月）")
    expect(successor.page.get_by_label("做了什么")).to_have_value(WORDS)
    successor.judge()
    successor.show("/me/")
    assert "支部书记" in successor.text()

    leaver.show("/")
    assert tasks_of(leaver) == [] and "三会一课" not in leaver.text()
    task = standing_city.task("jyj_zb1", "ZB-01", "2026-11")
    answer = leaver.page.goto(f"{leaver.base}/tasks/{task.pk}/report/")
    assert answer.status == 403 and WORDS not in leaver.page.content()
    leaver.problems.clear()  # the browser's own line about the 403


def test_two_units_become_one_and_the_closed_one_says_into_which(person, standing_city):
    archive, branch = standing_city.place("dag"), standing_city.place("dag_zb")
    admin = person("gongwei_admin", DESK)
    admin.open("/admin/")
    admin.follow("单位")
    admin.judge()
    admin.follow(archive.name)
    admin.judge()
    admin.follow("任免、移交、代行和变动")
    admin.judge()
    admin.follow("并入别的单位")
    admin.judge()
    admin.page.get_by_label("并入哪个单位").select_option(label="中共云川市财政局党组")
    admin.press("看看会有什么变化")
    admin.judge()
    preview = admin.page.get_by_role("status", name="并入中共云川市财政局党组").inner_text()
    assert "划过去的支部\n1" in preview and branch.name in preview
    assert "终止的任职\n2" in preview and "田秀英" in preview
    archive.refresh_from_db()
    assert archive.closed_on is None
    admin.page.get_by_role("button", name="合并", exact=True).click()
    admin.page.wait_for_load_state()
    assert "中共云川市档案馆党组已并入中共云川市财政局党组。" in admin.page.locator(
        "body").inner_text()
    admin.judge()

    admin.show("/organizations/?closed=closed")
    row = admin.page.get_by_role("row").filter(has_text=archive.name)
    expect(row).to_contain_text("2026年11月23日撤销，并入中共云川市财政局党组")
    admin.follow(archive.name)
    admin.judge()
    assert "撤销，并入中共云川市财政局党组" in admin.text() and "空缺" not in admin.text()
    admin.show(f"/organizations/{standing_city.place('czj_zz').pk}/")
    assert branch.name in admin.text()
    admin.show("/organizations/tree/")
    admin.page.get_by_text("中共云川市财政局党组").first.click()
    admin.page.get_by_text("市财政局机关党总支").first.click()
    expect(admin.page.get_by_role("link", name=branch.name)).to_be_visible()
    assert archive.name not in admin.text()
    admin.judge()

    secretary = person("dag_zb", PHONE)
    secretary.judge()
    assert "三会一课（11月）" in tasks_of(secretary)
    secretary.show(f"/organizations/{branch.pk}/")
    assert "市财政局机关党总支" in secretary.text()
    above = person("czj_zz", PHONE)
    above.show(f"/organizations/{branch.pk}/")
    assert "彭涛" in above.text()


def test_who_is_away_for_two_weeks_has_a_deputy_whose_power_ends_by_itself(
    person, standing_city, monday
):
    holder, deputy = person("jyj_zb1", PHONE), person("jyj_jw", PHONE)
    assert "三会一课" not in deputy.text()
    holder.page.get_by_role("link", name="我的", exact=True).click()
    holder.judge()
    holder.follow("离开几天，请人代行")
    holder.judge()
    holder.page.get_by_label("由谁代行").select_option(value=str(User.objects.get(
        username="jyj_jw").pk))
    holder.page.get_by_label("到哪天止").fill("12月6日")
    holder.press("登记代行")
    holder.judge()
    assert "11月23日至12月6日由何志远代行" in holder.text()

    deputy.open("/")
    deputy.judge()
    row = deputy.page.get_by_role("listitem").filter(has_text="三会一课（11月）")
    expect(row).to_contain_text(BRANCH)
    row.get_by_role("link").click()
    deputy.judge()
    expect(deputy.page.get_by_label("做了什么")).to_be_visible()
    deputy.show("/me/")
    assert "12月6日止，代行" in deputy.text()
    holder.open("/")
    assert "三会一课（11月）" in holder.text()

    monday.move_to("2026-12-06T10:00:00Z")
    last = person("jyj_jw", PHONE)
    assert "三会一课（11月）" in last.text()
    monday.move_to("2026-12-06T17:00:00Z")
    after = person("jyj_jw", PHONE)
    after.judge()
    assert "三会一课" not in after.text()
    after.show("/me/")
    assert BRANCH not in after.text() and "止，代行" not in after.text()
    assert "三会一课（11月）" in person("jyj_zb1", PHONE).text()
    assert Appointment.unscoped.get(acting_for__user__username="jyj_zb1").ends_on.day == 6


def test_a_roster_comes_back_unchanged_and_one_bad_row_is_refused(person, standing_city):
    admin = person("gongwei_admin", DESK)
    admin.open("/admin/")
    admin.follow("名册")
    admin.judge()
    template = openpyxl.load_workbook(BytesIO(fetch(admin, "下载模板")))
    assert {"组织", "人员", "任职"} <= set(template.sheetnames)
    standing = fetch(admin, "导出现有名册")

    hand_in(admin, standing)
    admin.judge()
    assert "和现有的完全一样，没有要装入的" in admin.text()
    chips = admin.page.get_by_role("navigation", name="按结果看").get_by_role("link")
    assert chips.all_inner_texts() == ["全部\n62", "不变\n62"]
    assert admin.page.get_by_role("button", name="装入名册").count() == 0

    book = openpyxl.load_workbook(BytesIO(standing))
    people = book["人员"]
    people.append([None, "无账号"])
    bad = people.max_row
    hand_in(admin, saved(book))
    admin.judge()
    assert "1行没有通过，一行也不会装入" in admin.text()
    first = admin.page.get_by_role("row").nth(1).inner_text()
    assert "拒绝" in first and f"\t{bad}\t" in first and "“账号”没有填" in first
    assert admin.page.get_by_role("button", name="装入名册").count() == 0
    admin.follow("拒绝")
    admin.judge()
    assert admin.page.get_by_role("row").count() == 2
    admin.show("/admin/roster/")
    assert "1行没有通过" in admin.text() and "和现有的一样，不用装入" in admin.text()
    assert Roster.objects.filter(applied_at=None).count() == 2
