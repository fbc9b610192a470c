"""Lines pasted from a notice: what is read, and one sentence for each that cannot be."""

from datetime import date

import pytest

from apps.core.working_day_lines import Line, read, with_year

NEW_YEAR = Line(1, date(2027, 1, 1), False, "元旦")


@pytest.mark.parametrize("written", [
    "2027-01-01 放假 元旦", "2027.1.1\t放假\t元旦", "2027/1/1，放假，元旦",
    "２０２７年１月１日　放假　元旦", "2027年1月1日（周五）放假 元旦", "1月1日 放假 元旦",
    "20270101 放假、元旦", "2027年1月1日 星期五 放假：元旦。", " 2027-01-01放假元旦 ",
    "1月1日（星期五）休息 元旦", "2027—01—01 放假 元旦",
])
def test_a_day_off_is_read_however_it_is_written(written):
    assert read(written, year=2027) == ([NEW_YEAR], [])


@pytest.mark.parametrize("kind", ["上班", "调休上班", "补班"])
def test_a_worked_weekend_is_read(kind):
    [line], wrong = read(f"2月7日（周日）{kind} 春节", year=2027)
    assert (line.day, line.is_working, line.name, wrong) == (date(2027, 2, 7), True, "春节", [])


@pytest.mark.parametrize("written, sentence", [
    ("2027-01-01 元旦", "第1行：没有写放假还是上班。请写成2027-01-01 放假 元旦。"),
    ("2027-01-01 放假", "第1行：后面要写是哪个节。请写成2027-01-01 放假 元旦。"),
    ("2027-02-06 调休 春节", "第1行：“调休”看不出是放假还是上班，请写放假或上班。"),
    ("放假 元旦", "第1行：请填日期。"),
])
def test_what_is_missing_is_said(written, sentence):
    assert read(written, year=2027) == ([], [sentence])


@pytest.mark.parametrize("written, part", [
    ("2027-02-30 放假 春节", "“2027-02-30”没有这一天"), ("一月一日 放假 元旦", "看不懂"),
    ("3027-01-01 放假 元旦", "年份不对"), ("２０２７１３０１ 放假 元旦", "没有这一天"),
    ("٢٠٢٧-01-01 放假 元旦", "看不懂"),
])
def test_a_date_that_is_none_is_said(written, part):
    lines, [sentence] = read(written, year=2027)
    assert lines == [] and sentence.startswith("第1行：") and part in sentence


def test_every_line_has_its_number_and_empty_lines_count_along():
    lines, wrong = read("1月1日 放假 元旦\n\n　\n1月4日\n2027-01-01 放假 元旦\n4月5日 放假 清明",
                        year=2027)
    assert [line.number for line in lines] == [1, 6]
    assert wrong == ["第4行：没有写放假还是上班。请写成2027-01-01 放假 元旦。",
                     "第5行：这一天在第1行已经写了，留一行。"]


def test_nothing_is_read_from_nothing():
    assert read("", year=2027) == read(" \n　\n", year=2027) == ([], [])


def test_the_year_of_the_page_stands_in_for_a_missing_one():
    assert with_year("2月6日", 2027) == "2027年2月6日"
    assert with_year("2026年12月31日", 2027) == "2026年12月31日"
    assert with_year(" ", 2027) == " "
