"""A list on paper: print, Excel and Word open again and say what the page says."""

from io import BytesIO
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT

from apps.checklists import exports
from apps.checklists.models import Item
from apps.checklists.services import adopting, reviewing, tailoring
from apps.core import documents, spreadsheets
from apps.core.texts import plain
from tests.checklists.steps import hand_in
from tests.city import TODAY

HEADS = ["序号", "责任内容", "具体任务（工作要求）", "依据", "工作措施", "责任人", "周期",
         "完成时限", "佐证材料", "上级事项", "完成情况"]
HOSTILE = ("=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1",
           "=HYPERLINK(\"x\")", "http://example.invalid/", "{=1+1}", "12")


@pytest.fixture
def clerk(city):
    return city.user("jyj_jgdw")


@pytest.fixture
def take(login, city):
    """`take("excel")`: the file as the clerk gets it, and the answer."""

    def download(kind, who="jyj_jgdw", key="jyj", subject="party_group", **query):
        answer = login(who).get(f"/lists/{city.checklist(key, subject).pk}/{kind}/", query)
        return BytesIO(b"".join(answer)) if answer.streaming else None, answer

    return download


def cells(file) -> list[tuple]:
    sheet = openpyxl.load_workbook(file).active
    return list(sheet.iter_rows())


def table(file) -> list[list[str]]:
    grid = docx.Document(file).tables[0]
    return [[cell.text for cell in row.cells] for row in grid.rows]


# --- both files ---------------------------


def test_excel_opens_again_with_head_columns_and_rows(city, clerk, take):
    item = city.item("jyj", "DZ-01")
    tailoring.tailor(items=[item], by=clerk, owner="郑立群", measures="看进度", days_earlier=5)
    file, _answer = take("excel")
    rows = [[cell.value for cell in row] for row in cells(file)]
    assert rows[0][0] == "2026年度责任清单（党组）"
    assert rows[1][0] == "责任主体：中共云川市教育局党组　　年度：2026年　　责任目录：2026.1版"
    assert rows[2][0] == "审定：尚未审定"
    assert rows[3][0] == "共4项　　2026年11月23日　　陈立新从方阵导出"
    assert rows[4] == HEADS
    found = {row[1]: row for row in rows[5:]}
    assert found["专题研究全面从严治党"][3:] == [
        "专题党课、机关基层组织工作条例、主体责任规定", "看进度", "郑立群", "每半年",
        "半年末前5天，提前5天", "文号", "", "全年2次"]
    assert found["专题研究全面从严治党"][0] == 4
    assert found["思想动态分析"][-1] == "随“专题研究全面从严治党”一并履行"
    assert found["新部署新文件跟进学习"][-1] == "今年还没有发生"
    assert "二、举旗人　党的政治建设" in [row[0] for row in rows]


def test_word_opens_again_lying_with_a_head_on_every_page_and_a_line_to_sign(city, clerk, take):
    tailoring.tailor(items=[city.item("jyj", "DZ-02")], by=clerk, owner="吴敏")
    file, _answer = take("word")
    document = docx.Document(file)
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == HEADS
    head = document.tables[0].rows[0]._tr.trPr
    assert [each.tag.rpartition("}")[2] for each in head] == ["tblHeader"]
    assert next(row for row in rows if row[1] == "理论学习中心组学习")[5] == "吴敏"
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[0] == "2026年度责任清单（党组）"
    assert words[-1].startswith("党组书记签字：") and "日期：" in words[-1]


def test_a_leaders_paper_is_signed_by_himself(take):
    file, _answer = take("word", subject="secretary")
    assert docx.Document(file).paragraphs[-1].text.startswith("本人签字：")


def test_what_was_adopted_stands_in_the_head(city, take):
    adopting.sign_own(checklist=city.checklist("jyj", "secretary"), by=city.user("jyj_shuji"))
    file, _answer = take("excel", subject="secretary")
    assert cells(file)[2][0].value == "审定：郑立群11月23日签认，11月23日已报工委备案"


def test_progress_and_the_item_above_are_said(city, clerk, take):
    tailoring.link_upper(item=city.item("jyj_jgdw", "JG-03"), upper=city.item("jyj", "DZ-01"),
                         by=clerk)
    task = city.task("jyj_jgdw", "JG-03", "2026-Q3")
    row = hand_in(task, clerk, document_number="3号")
    reviewing.accept(occurrence=row, by=city.user("gongwei"), seen=row.version)
    hand_in(city.task("jyj_jgdw", "JG-03", "2026-Q2"), clerk, document_number="2号")
    file, _answer = take("excel", key="jyj_jgdw", subject="organ_committee")
    found = {row[1].value: [cell.value for cell in row] for row in cells(file)[5:]}
    title = city.item("jyj_jgdw", "JG-03").duty.title
    assert found[title][-2:] == ["专题研究全面从严治党", "全年4次，办结1次，待审核1次"]


def test_the_filter_of_the_page_goes_with_it(city, clerk, take):
    tailoring.tailor(items=[city.item("jyj", "DZ-02")], by=clerk, owner="吴敏", measures="看进度")
    file, _answer = take("excel", show="unfilled")
    rows = cells(file)
    assert rows[3][0].value.startswith("共2项，只列“未填好”的")
    assert "理论学习中心组学习" not in [row[1].value for row in rows]


def test_what_was_withdrawn_is_not_on_paper(city, take):
    Item.unscoped.filter(pk=city.item("jyj", "DZ-02").pk).update(archived_on=TODAY)
    assert "理论学习中心组学习" not in [row[1] for row in table(take("word")[0])]


# --- the answer ---------------------------


@pytest.mark.parametrize("kind, extension, content_type", [
    ("excel", "xlsx", spreadsheets.CONTENT_TYPE), ("word", "docx", documents.CONTENT_TYPE)])
def test_the_file_has_its_chinese_name(take, kind, extension, content_type):
    _file, answer = take(kind)
    assert answer["Content-Type"] == content_type
    name = f"中共云川市教育局党组2026年责任清单20261123.{extension}"
    value = answer["Content-Disposition"]
    assert value.startswith("attachment; filename*=utf-8''") and name in unquote(value)
    assert "no-store" in answer["Cache-Control"]


def test_who_reads_a_list_takes_it_along(city, login):
    pk = city.checklist("jyj", "party_group").pk
    for who, status in (("gongwei", 200), ("ducha", 200), ("jyj_chengyuan", 200),
                        ("jyj_zb1", 404), ("czj_zz", 404)):
        for kind in ("excel", "word", "print"):
            assert login(who).get(f"/lists/{pk}/{kind}/").status_code == status, (who, kind)


def test_the_print_page_says_what_is_on_the_paper(city, clerk, take):
    tailoring.tailor(items=[city.item("jyj", "DZ-01")], by=clerk, measures="看进度\n对账<b>")
    _file, answer = take("print")
    assert "看进度<br>对账&lt;b&gt;" in answer.text
    for words in (*HEADS, "陈立新从方阵导出", "责任目录：2026.1版", "党组书记签字："):
        assert words in answer.text


# --- hostile words ---------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words_in_excel(words):
    file = spreadsheets.table(title=words, facts=[words], rows=[[1, words], [words]],
                              columns=[spreadsheets.Column("序号", 5),
                                       spreadsheets.Column(words, 20)])
    sheet = openpyxl.load_workbook(file).active
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s", "n"}
    assert [cell.value for cell in found if cell.data_type == "n"] == [1]
    assert [cell.value for cell in found].count(plain(words)) == 5
    assert not any(cell.hyperlink for cell in found)


def test_what_a_formula_looks_like_to_this_test():
    """The check above would see one."""
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    assert book.active["A1"].data_type == "f"


@pytest.mark.parametrize("words", [*HOSTILE, "控制符\x00\x0b\x1f", "半个\ud83d", "a\ufffe"])
def test_nothing_that_is_typed_breaks_a_file(words):
    columns = [("事项", 30), ("措施", 60)]
    file = documents.table(title=words, facts=[words], columns=columns,
                           rows=[[words], [words, words]], signatures=[words])
    # python-docx shows a line break and a tab as what they are.
    assert table(file)[2][1] == plain(words)
    sheet = spreadsheets.table(title=words, facts=[], rows=[[words]],
                               columns=[spreadsheets.Column("一", 5)])
    assert cells(sheet)[0][0].value == plain(words)


def test_plain_text_keeps_tabs_and_one_kind_of_line_break():
    assert plain("甲\r\n乙\r丙\t丁\x07") == "甲\n乙\n丙\t丁"


def test_a_cell_of_excel_is_cut_where_excel_would_refuse_it():
    long = "字" * (spreadsheets.LONGEST_CELL + 10)
    file = spreadsheets.table(title="长", facts=[], rows=[[long]],
                              columns=[spreadsheets.Column("一", 5)])
    assert len(cells(file)[2][0].value) == spreadsheets.LONGEST_CELL


@pytest.mark.parametrize("title", ["[a]:*?/\\'", "字" * 60, "\x00"])
def test_any_title_makes_a_sheet(title):
    file = spreadsheets.table(title=title, facts=[], rows=[],
                              columns=[spreadsheets.Column("一", 5)])
    assert 0 < len(openpyxl.load_workbook(file).sheetnames[0]) <= 31


def test_the_widths_of_the_word_table_fit_its_page():
    assert sum(mm for _head, _width, mm in exports.COLUMNS) <= 297 - 2 * 15
