"""What the people of the year's story do on one page, so that a test reads as the story."""

import re

from playwright.sync_api import expect


def add_own_item(clerk, title: str, rhythm: str) -> None:
    """An own item, from the table in which a list is tailored."""
    clerk.follow("添加自定事项")
    page = clerk.page
    page.get_by_label("叫什么").fill(title)
    page.get_by_label("做什么").fill(f"{title}，由党组听一次汇报。")
    page.get_by_label("为什么要做").fill("党组会定的。")
    page.get_by_label("归到哪一章").select_option(index=4)
    page.get_by_label(rhythm).check()
    clerk.press("添加到清单")


def say_not_applicable(clerk, title: str, reason: str) -> None:
    """Ask that an item does not apply, from its row in the table."""
    row = clerk.page.get_by_role("row").filter(has_text=title)
    row.get_by_role("link", name="标为不适用").click()
    clerk.page.get_by_label("为什么不适用").fill(reason)
    clerk.judge()
    clerk.press("申请不适用")


def fill_all(clerk, **words: str) -> None:
    """The same owner, measures or days for every row of the table."""
    page = clerk.page
    page.get_by_label("全选").check()
    bulk = page.get_by_role("group", name="填入勾选的事项")
    for placeholder, value in words.items():
        bulk.get_by_placeholder(placeholder).fill(value)
    bulk.get_by_role("button", name="填入").click()
    page.wait_for_load_state()


def compose_task(officer, title: str, subject: str) -> None:
    """What an ad-hoc task asks for."""
    page = officer.page
    page.get_by_label("名称").fill(title)
    page.get_by_label("依据").fill("市直工委〔2026〕12号")
    page.get_by_label("要做什么").fill("报窗口数和党员示范岗数。")
    page.get_by_label("由谁的清单办").select_option(label=subject)
    page.get_by_label("归入哪一章").select_option(index=5)
    page.get_by_label("要什么佐证").select_option(label="几句话")
    page.get_by_label("为什么要这种佐证").fill("两个数写清就够，不要材料。")
    page.get_by_label("最迟哪天报").fill("11月30日")


def report(person, words: str) -> None:
    """Fill in the report that is open and hand it in."""
    person.page.get_by_label("哪天做的").fill("11月20日")
    person.page.get_by_label("做了什么").fill(words)
    person.page.get_by_role("button", name="提交给").click()
    person.page.wait_for_load_state()
    assert "待审核" in person.text()


def change_duty(admin, code: str, **values: str) -> None:
    """Open a duty of the draft, write into the fields named, save, and go back."""
    row = admin.page.get_by_role("row").filter(has_text=code)
    row.get_by_role("link", name="修改").click()
    for label, value in values.items():
        admin.page.get_by_label(label, exact=True).fill(value)
    admin.judge()
    admin.press("保存在草稿里")
    admin.follow("回到草稿")


def drop_duty(admin, code: str) -> None:
    """Take a duty out of the draft, after the question."""
    row = admin.page.get_by_role("row").filter(has_text=code)
    row.get_by_role("link", name="去掉").click()
    admin.judge()
    admin.press("从草稿里去掉")


def add_duty(admin, title: str) -> None:
    """A duty of the branches, twice a year."""
    admin.follow("新增职责")
    page = admin.page
    for label, value in {
        "名称": title, "做什么": "支部每半年走访一次结对社区，回来议一次。",
        "写到什么程度就够": "写清哪天去的、几人去、办了什么，50字左右。",
        "为什么要做": "专题党课第四部分要求联系服务群众。每半年一次是本目录的安排。",
        "例子": "5月12日6人到结对社区，听了4条意见，当场办了2条，剩下2条转给物业，6月底前回复。",
        "条文号": "4.1.5", "为什么要这种佐证": "几句话就能核对。", "几天": "0",
        "填报一次几分钟": "5",
    }.items():
        page.get_by_label(re.compile(f"^{label}")).fill(value)
    for label, option in {"责任主体": "党支部", "频次": "每半年", "佐证": "几句话",
                          "最迟哪天": "每期结束前几天"}.items():
        page.get_by_label(re.compile(f"^{label}")).select_option(label=option)
    page.get_by_label("强化政治机关意识").check()
    admin.judge()
    admin.press("加进草稿")
    admin.follow("回到草稿")


def wait_for_job(person) -> None:
    """The page of a long run says that it is done."""
    expect(person.page.get_by_text("做完了")).to_be_visible(timeout=30_000)
