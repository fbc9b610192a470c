"""The import cases of reliability.md T6 in one table: a file, and what the check says of it."""

from datetime import date
from functools import partial

import pytest

from apps.core.act import SYSTEM
from apps.core.errors import Invalid
from apps.organizations import services
from apps.organizations.models import Organization, Roster, User
from apps.organizations.roster import apply as rosters
from tests.core import hostile_files
from tests.organizations import roster_files as made
from tests.organizations.roster_files import BRANCH, PERSON, POST, raw, text_table, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
RARE = ("rare", "𠮷野䶮")


def with_head_in_row_three(book):
    book["人员"].insert_rows(1, 2)
    book["人员"]["A1"] = "市直机关党组织人员名册"
    book["人员"].merge_cells("A1:B1")


def with_merged_superior(book):
    sheet = book["组织"]
    sheet.append(["C2", "市档案馆第三党支部", "第三党支部", "党支部", None, "", "否", ""])
    sheet.merge_cells("E2:E3")


def hiding(book):
    book.create_sheet("旧人员").append(["账号", "姓名"])
    book["旧人员"].append(["jiu", "旧人"])
    book["旧人员"].sheet_state = "hidden"


def hide_row(book):
    book["人员"].row_dimensions[2].hidden = True


def put(sheet: str, place: str, value, style: str = ""):
    """A change of one cell."""
    def touch(book):
        book[sheet][place] = value
        if style:
            book[sheet][place].number_format = style
    return touch


def renamed(book):
    for sheet, place, title in (("组织", "A1", "党组织 编号"), ("组织", "B1", "单位名称（必填）"),
                                ("组织", "D1", "*类 型："), ("组织", "E1", "上级党组织"),
                                ("人员", "A1", "登录账号"), ("任职", "C1", "党内职务")):
        book[sheet][place] = title


def serials(**options):
    """A post whose first day is a number without the format of a day."""
    return raw(
        made.cells("账号", "职务", "组织编号", "任职日期", number=1)
        + made.cells("jyj_zb2", "支部经办人", "jyj_zb2", number=2).removesuffix("</row>")
        + options.pop("cell", "<c><v>46328</v></c>") + "</row>", sheet_name="任职", **options)


def one_person(second: str) -> object:
    """A person whose account is this cell."""
    return raw(made.cells("姓名", "账号", number=1)
               + f'<row r="2"><c t="inlineStr"><is><t>辛仁</t></is></c>{second}</row>')


def twice(rows):
    return workbook(people=[*rows, *rows])


DAYS = ('<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>')
PLACE = {"places": [BRANCH]}
ALL = {"places": [BRANCH], "people": [PERSON], "posts": [POST]}


def place(**changes):
    """A new branch that differs in some columns."""
    heads = dict(zip(made.HEADS["places"], BRANCH, strict=True)) | changes
    return [tuple(heads.values())]


def post(**changes):
    """Another post that differs in some columns."""
    heads = dict(zip(made.HEADS["posts"], POST, strict=True)) | {
        "账号": "jyj_zb2", "姓名": "", "职务": "支部经办人", "组织编号": "JYJ_ZB2"} | changes
    return [tuple(heads.values())]


# name -> (files, what becomes of them). A dict is counts that must be; ("file", …) a sentence
# with which the file is refused; ("line", …) the reason of the only refused row; ("note", …).
CASES = {
    "CSV in GBK": (lambda: text_table([PERSON], "gbk"), {"new": 1}),
    "CSV in GB18030 with a rare character": (lambda: text_table([RARE], "gb18030"), {"new": 1}),
    "CSV in UTF-8": (lambda: text_table([PERSON], "utf-8"), {"new": 1}),
    "CSV in UTF-8 with its mark": (lambda: text_table([PERSON], "utf-8-sig"), {"new": 1}),
    "CSV in UTF-16": (lambda: text_table([PERSON], "utf-16", mark="\t"), {"new": 1}),
    "CSV with semicolons": (lambda: text_table([PERSON], "utf-8", mark=";"), {"new": 1}),
    "CSV in Latin letters of another world": (
        lambda: made.upload("账号,姓名\n".encode("gbk") + b"a,\xff\xff\n", "人员.csv"),
        ("file", "文字编码认不出来")),
    "Excel 97": (lambda: made.upload(OLE, "名册.xls"), ("file", "旧版Excel")),
    "WPS et": (lambda: made.upload(OLE, "名册.et"), ("file", "另存为.xlsx")),
    "a Word file": (lambda: made.upload(hostile_files.open_xml(), "名册.xlsx"),
                    ("file", "不是表格")),
    "a PDF": (lambda: made.upload(hostile_files.pdf(), "名册.xlsx"), ("file", "只收.xlsx和CSV")),
    "an empty file": (lambda: made.upload(b"", "名册.xlsx"), ("file", "是空的")),
    "a broken archive": (lambda: made.upload(b"PK\x03\x04" + bytes(99)), ("file", "打不开")),
    "merged cells": (lambda: workbook(**PLACE, touch=with_merged_superior), {"new": 2}),
    "a hidden sheet": (lambda: workbook(**ALL, touch=hiding), ("note", "“旧人员”是隐藏的工作表")),
    "hidden rows": (lambda: workbook(**ALL, touch=hide_row), ("note", "第2行")),
    "a formula with its value": (
        lambda: one_person('<c t="str"><f>LOWER("X")</f><v>xinren</v></c>'), {"new": 1}),
    "a formula without its value": (
        lambda: one_person("<c><f>A1</f></c>"), ("line", "B2“账号”是公式，没有算出的值")),
    "an error value": (lambda: one_person('<c t="e"><v>#N/A</v></c>'), ("line", "错误值#N/A")),
    "a day as text": (lambda: workbook(posts=post(任职日期="2026 年 11 月 2 日")), {"new": 1}),
    "a day with dots": (lambda: workbook(posts=post(任职日期="2026.11.2")), {"new": 1}),
    "a day as eight digits": (lambda: workbook(posts=post(任职日期=20261102)), {"new": 1}),
    "a day without its year": (lambda: workbook(posts=post(任职日期="11月2日")),
                               ("line", "没有写年份")),
    "a day as a serial number": (serials, {"new": 1}),
    "a day as Excel shows it": (
        lambda: serials(styles=DAYS, cell='<c s="1"><v>46328</v></c>'), {"new": 1}),
    "a day of the 1904 system": (
        lambda: serials(styles=DAYS, cell='<c s="1"><v>44866</v></c>',
                        workbook_pr='<workbookPr date1904="1"/>'), {"new": 1}),
    "29 February 1900": (
        lambda: serials(styles=DAYS, cell='<c s="1"><v>60</v></c>'), ("line", "不是一个日期")),
    "a day that never was": (lambda: workbook(posts=post(任职日期="2026年2月30日")),
                             ("line", "没有这一天")),
    "numbers as text with an apostrophe": (
        lambda: text_table([("'001", "辛仁")], "utf-8"), {"new": 1}),
    "a number as an account": (lambda: one_person("<c><v>1001</v></c>"), {"new": 1}),
    "a long number that Excel has rounded": (
        lambda: one_person("<c><v>1.23E+17</v></c>"), ("line", "Excel已经取整")),
    "a rounded number in a CSV": (
        lambda: text_table([("1.23E+17", "辛仁")], "utf-8"), ("line", "Excel取整")),
    "full-width signs": (
        lambda: workbook(places=place(编号="Ｃ１", 设立日期="２０２６年１１月１日")), {"new": 1}),
    "blanks around and inside": (
        lambda: workbook(people=[("　xinren ", "辛　仁\n")]), {"new": 1}),
    "a head in row three": (lambda: workbook(**ALL, touch=with_head_in_row_three), {"new": 3}),
    "renamed columns": (lambda: workbook(**ALL, touch=renamed), {"new": 3}),
    "columns that nobody knows": (
        lambda: workbook(**ALL, touch=put("人员", "C1", "籍贯")), ("note", "籍贯")),
    "a missing column": (
        lambda: workbook(**ALL, touch=put("人员", "B1", "籍贯")), ("file", "缺少：姓名")),
    "a column twice": (
        lambda: workbook(**ALL, touch=put("人员", "C1", "名字")), ("file", "“姓名”有两列")),
    "no sheet of a roster": (
        lambda: text_table([("1", "2")], "utf-8", heads=("甲", "乙")), ("file", "没有找到")),
    "the same row twice": (lambda: twice([PERSON]), ("line", "和第2行重复")),
    "what stands already": (lambda: workbook(people=[("jyj_zb1", "李一帆")]), {"same": 1}),
    "an unknown organisation": (
        lambda: workbook(posts=post(组织编号="XYZ")), ("line", "“XYZ”：没有这个组织")),
    "an unknown superior": (lambda: workbook(places=place(上级编号="XYZ")), ("line", "上级“XYZ”")),
    "two organisations of one name": (
        lambda: workbook(places=place(全称="市档案馆党支部")), ("line", "已经有“市档案馆党支部”")),
    "an unknown account": (lambda: workbook(posts=post(账号="wuren")), ("line", "账号wuren")),
    "a superior that cannot be": (
        lambda: workbook(places=place(类别="机关纪委")), ("line", "机关纪委不能设在单位下面")),
    "a post that does not fit": (
        lambda: workbook(posts=post(职务="班子成员")), ("line", "党支部没有班子成员这个职务")),
    "a title that the place explains": (lambda: workbook(posts=post(职务="经办人")), {"new": 1}),
    "a second secretary": (
        lambda: workbook(posts=post(账号="jyj_zb1_jb", 职务="支部书记")), ("line", "由马春燕担任")),
    "days the wrong way round": (
        lambda: workbook(posts=post(结束日期="2026年1月2日")), ("line", "结束日期早于任职日期")),
    "a name that is another's": (
        lambda: workbook(posts=post(姓名="张三")), ("line", "账号jyj_zb2是马春燕，不是张三")),
    "business and technical posts in one hand": (
        lambda: workbook(posts=post(职务="系统管理员", 组织编号="GW")),
        ("line", "业务职务和技术职务不能由同一人担任")),
    "an unheard-of kind": (lambda: workbook(places=place(类别="工会")), ("line", "没有“工会”")),
    "a mark of secrecy": (
        lambda: workbook(people=[("xinren", "机密★辛仁")]), ("line", "密级标志")),
    "signs that cannot be seen": (
        lambda: workbook(people=[("xinren", "辛\u202e仁")]), ("line", "看不见的字符")),
    "a name that is too long": (
        lambda: workbook(people=[("xinren", "辛" * 61)]), ("line", "超过60个字")),
    "entities that multiply": (made.entities, ("file", "打不开")),
    "a million rows with nothing in them": (partial(made.empty_rows, 1_000_000), {"new": 1}),
    "5,001 rows": (
        lambda: workbook(people=[(f"n{n}", "辛仁") for n in range(5001)]), ("file", "最多5000行")),
    "20,000 rows": (
        lambda: workbook(people=[(f"n{n}", "辛仁") for n in range(20_000)]),
        ("file", "数据超过5000行")),
    "an error in the last row": (
        lambda: workbook(people=[*((f"n{n}", "辛仁") for n in range(50)), ("n50", "")]),
        ("line", "“姓名”没有填")),
}


def check(city, *uploads, by="gongwei_admin") -> Roster:
    """What the page does when a file is handed in."""
    return rosters.check(uploads=list(uploads), by=city.user(by))


def refused(roster: Roster) -> list[str]:
    """The reasons of the refused rows."""
    return [words for _sheet, _row, _label, outcome, words in roster.lines
            if outcome == "refused"]


@pytest.mark.parametrize("case", CASES)
def test_a_file_of_the_table_is_taken_or_refused(city, case):
    make, expected = CASES[case]
    users, places = User.objects.count(), Organization.objects.count()
    if isinstance(expected, tuple) and expected[0] == "file":
        with pytest.raises(Invalid, match=expected[1]):
            check(city, make())
        return
    roster = check(city, make())
    if isinstance(expected, dict):
        wanted = dict.fromkeys(("new", "changed", "same", "refused"), 0) | expected
        assert roster.counts == wanted, refused(roster)
    elif expected[0] == "note":
        assert refused(roster) == []
        assert any(expected[1] in note for note in roster.rows["notes"])
    else:
        assert len(refused(roster)) == 1
        assert expected[1] in refused(roster)[0]
    assert (User.objects.count(), Organization.objects.count()) == (users, places)


def test_the_table_covers_the_forty_five_cases_of_the_plan():
    assert len(CASES) >= 45


def test_days_come_out_as_they_were_meant(city):
    for case in ("a day as text", "a day with dots", "a day as eight digits",
                 "a day as a serial number", "a day as Excel shows it",
                 "a day of the 1904 system"):
        roster = check(city, CASES[case][0]())
        assert roster.rows["posts"][0]["values"]["starts_on"] == "2026-11-02", case


def test_names_keep_their_rare_characters_and_get_one_kind_of_dot(city):
    roster = check(city, text_table(
        [RARE, ("abd", "阿卜杜拉•买买提"), ("ou", "欧 阳 锋"), ("jo", "John Li")], "gb18030"))
    assert [row["values"]["name"] for row in roster.rows["people"]] == [
        "𠮷野䶮", "阿卜杜拉·买买提", "欧阳锋", "John Li"]


def test_nothing_is_kept_of_a_row_with_a_mark_of_secrecy(city):
    roster = check(city, workbook(people=[("xinren", "秘密★辛仁"), PERSON]))
    assert roster.counts["refused"] == 1
    assert "秘密★" not in str(roster.rows) + str(roster.lines)
    assert roster.lines[0][:3] == ["人员", 2, ""]


def test_superiors_that_go_in_a_circle_are_refused_each(city):
    roster = check(city, workbook(places=[
        ("C1", "甲支部", "", "党支部", "C2", "", "", ""),
        ("C2", "乙总支", "", "党总支", "C1", "", "", ""),
        ("DAG", "中共云川市档案馆党组", "", "单位", "DAG_ZB", "", "", "")]))
    words = refused(roster)
    assert len(words) == 3
    assert all("绕成了一圈" in each for each in words)


def test_what_lies_outside_is_refused_by_row_and_not_described(city):
    roster = check(city, workbook(
        places=[("CZJ_ZB1", "市财政局机关第一党支部", "", "党支部", "CZJ_ZZ", "", "", ""),
                ("JYJ_ZB1", "市教育局机关第一党支部", "", "党支部", "JYJ_JGDW", "", "", "")],
        people=[("czj_zb1", "孙晓东"), ("jyj_zb2", "马春燕")],
        posts=[*post(组织编号="CZJ_ZB2"), *post(), *post(账号="czj_zb1"),
               *post(账号="jyj_jgdwsj", 职务="机关党委经办人", 组织编号="JYJ_JGDW")]),
        by="jyj_jgdw")
    words = {(sheet, row): (outcome, said) for sheet, row, _label, outcome, said in roster.lines}
    assert words["组织", 2] == ("refused", "编号CZJ_ZB1：没有这个组织，或者不在您的范围内")
    assert words["组织", 3] == ("refused", "单位和组织由工委管理员设立、更名")
    assert words["人员", 2] == ("refused", "账号czj_zb1已经有人用了")
    assert words["人员", 3][0] == "same"
    assert words["任职", 2] == ("refused", "“CZJ_ZB2”：没有这个组织，或者不在您的范围内")
    assert words["任职", 3][0] == "new"
    assert words["任职", 5] == ("refused", "机关党委经办人由工委管理员登记")


def test_an_importer_gives_nothing_to_himself(city):
    services.create_user(username="x", name="X", password="x" * 12, by=city.user("xitong"))
    roster = check(city, workbook(posts=[
        ("gongwei_admin", "", "支部经办人", "DAG_ZB", "", "", "", ""),
        ("gongwei_admin", "", "工委经办人", "GW", "", "", "", "")]))
    assert refused(roster) == ["自己的任职要由别人登记"] * 2


def test_a_row_says_what_would_change(city):
    roster = check(city, workbook(
        places=place(编号="DAG", 全称="中共云川市档案局党组", 简称="市档案局党组", 类别="单位",
                     上级编号="GW", 窗口单位="否", 设立日期=""),
        people=[("dag_zb", "彭韬")],
        posts=[("dag_zb", "彭韬", "支部书记", "DAG_ZB", "", "", "2026年12月31日", ""),
               ("dag_shuji", "", "书记", "DAG", "", "", "", "无")]))
    assert [line[4] for line in roster.lines] == [
        "全称：中共云川市档案馆党组→中共云川市档案局党组；简称：市档案馆党组→市档案局党组；窗口单位：是→否",
        "姓名：彭涛→彭韬", "结束日期：无→2026年12月31日", "代填人：蒋雯→无"]
    assert roster.counts == {"new": 0, "changed": 4, "same": 0, "refused": 0}


def test_an_empty_cell_leaves_what_stands(city):
    roster = check(city, workbook(
        places=[("DAG", "中共云川市档案馆党组", "", "单位", "", "", "", "")],
        posts=[("dag_shuji", "", "书记", "中共云川市档案馆党组", "", "", "", "")]))
    assert roster.counts == {"new": 0, "changed": 0, "same": 2, "refused": 0}


def test_the_first_day_of_a_post_is_not_rewritten(city):
    roster = check(city, workbook(posts=[
        ("dag_zb", "", "支部书记", "DAG_ZB", "", date(2026, 2, 1), "", "")]))
    assert "任职日期登记的是2026年1月4日" in refused(roster)[0]


@pytest.mark.parametrize("until", ["无", "2026年12月31日"])
def test_a_post_that_is_over_does_not_begin_again_by_its_old_row(city, until):
    services.end(appointment=city.user("dag_zb").posts[0], by=SYSTEM)
    roster = check(city, workbook(posts=[
        ("dag_zb", "", "支部书记", "DAG_ZB", "", "2026年1月4日", until, "")]))
    assert refused(roster) == ["这段任职已经结束，不能用名册改；重新任职请填新的任职日期"]
    again = check(city, workbook(posts=[
        ("dag_zb", "", "支部书记", "DAG_ZB", "", "2026年11月23日", "", "")]))
    assert again.counts["new"] == 1


def test_the_system_administrator_does_not_rename_an_auditor_by_roster(city):
    file = workbook(people=[("shenji", "李一"), ("dag_zb", "彭韬")])
    assert len(refused(check(city, file, by="xitong"))) == 1
    file.seek(0)
    assert not refused(check(city, file))


def marked_title(book):
    book["人员"].insert_rows(1)
    book["人员"]["A1"] = "机密★5年　市直机关人员名册"


def marked_cover(book):
    book.create_sheet("封面").append(["秘密 ★"])


def marked_and_hidden(book):
    marked_cover(book)
    book["封面"].sheet_state = "hidden"


def marked_name(book):
    book.create_sheet("机密★附表").append(["一"])


@pytest.mark.parametrize("touch", [marked_title, marked_cover, marked_and_hidden, marked_name])
def test_a_mark_of_secrecy_outside_the_rows_refuses_the_whole_file(city, touch):
    with pytest.raises(Invalid, match="密★"):
        check(city, workbook(people=[PERSON], touch=touch))
    assert not Roster.objects.exists()
