from datetime import UTC, date, datetime

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from apps.core.clock import SHANGHAI
from apps.core.dates import (
    ChineseDateField,
    day_label,
    long_label,
    moment_label,
    parse_date,
    weekday_label,
)

THE_DAY = date(2026, 2, 28)
WAYS = "请写成2026年2月28日、2026.2.28或20260228。"


@pytest.mark.parametrize(
    "text",
    [
        "2026年2月28日",
        "2026年02月28日",
        "2026年2月28",
        "2026年2月28号",
        "2026 年 2 月 28 日",
        "2026.2.28",
        "2026.02.28",
        "2026-2-28",
        "2026-02-28",
        "2026/2/28",
        "20260228",
        "２０２６年２月２８日",
        "２０２６．２．２８",
        "２０２６０２２８",
        "2026。2。28",
        "2026—2—28",
        " 2026.2.28\u3000",
    ],
)
def test_a_date_is_read_in_all_the_usual_ways(text):
    assert parse_date(text) == THE_DAY


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_back_from_every_way(day):
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        day.isoformat(),
    ):
        assert parse_date(text) == day


def test_a_day_that_does_not_exist_is_named():
    with pytest.raises(ValueError) as wrong:
        parse_date("2026年2月30日")
    assert str(wrong.value) == f"“2026年2月30日”没有这一天。{WAYS}"


@pytest.mark.parametrize(
    "text",
    [
        "abc", "2.28", "28/2/2026", "2026-2.28", "2026228", "202602281", "٢٠٢٦.٢.٢٨",
        "2_026.2.28", "1e3", "2026年2月28日周六", "2026-2", "0", "-2026-2-28",
        "<script>", "2026.2.28; DROP TABLE",
    ],
)
def test_what_is_no_date_is_refused_with_the_ways_to_write_it(text):
    with pytest.raises(ValueError, match="看不懂") as wrong:
        parse_date(text)
    assert str(wrong.value).endswith(WAYS)


@pytest.mark.parametrize(
    "text", ["0206.2.28", "18991231", "2101年1月1日", "00000000", "9999-12-31"]
)
def test_a_year_that_cannot_be_meant_is_refused(text):
    with pytest.raises(ValueError, match="年份不对"):
        parse_date(text)


@pytest.mark.parametrize("today, text, day", [
    (date(2027, 1, 5), "12月28日", date(2026, 12, 28)),
    (date(2027, 1, 5), "1月4日", date(2027, 1, 4)),
    (date(2027, 1, 5), "2月28日", date(2027, 2, 28)),
    (date(2026, 11, 23), "11月30日", date(2026, 11, 30)),
    (date(2026, 11, 23), "11月23日", date(2026, 11, 23)),
    (date(2026, 11, 23), "２ 月 28 号", date(2026, 2, 28)),
    (date(2026, 11, 23), "02月28", date(2026, 2, 28)),
    (date(2028, 3, 1), "2月29日", date(2028, 2, 29)),
])
def test_a_day_without_a_year_is_the_nearest_such_day(monday, today, text, day):
    monday.move_to(datetime(today.year, today.month, today.day, 10, tzinfo=SHANGHAI))
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["2月29日", "2月30日", "13月1日", "0月5日", "00月00日"])
def test_a_day_without_a_year_that_does_not_exist_is_named(text):
    """2026 has no 29 February."""
    with pytest.raises(ValueError) as wrong:
        parse_date(text)
    assert str(wrong.value) == f"“{text}”没有这一天。{WAYS}"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_short_sentence(text):
    try:
        parse_date(text)
    except ValueError as wrong:
        assert len(str(wrong)) < 80
        assert str(wrong).isprintable()


class Form(forms.Form):
    held_on = ChineseDateField(label="日期")
    due_on = ChineseDateField(label="期限", required=False)


def test_the_field_takes_what_people_write():
    form = Form({"held_on": "２０２６年２月２８日", "due_on": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"held_on": THE_DAY, "due_on": None}


def test_the_field_says_what_is_wrong():
    form = Form({"held_on": "2026年2月30日"})
    assert form.errors["held_on"] == [f"“2026年2月30日”没有这一天。{WAYS}"]


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_an_empty_field_asks_for_the_date(text):
    assert Form({"held_on": text}).errors["held_on"] == ["请填日期。"]


def test_the_field_is_a_text_box_for_digits_that_shows_the_date_in_chinese():
    box = str(Form(initial={"held_on": THE_DAY})["held_on"])
    assert 'type="text"' in box
    assert 'inputmode="numeric"' in box
    assert 'value="2026年2月28日"' in box


def test_what_was_shown_and_sent_back_has_not_changed():
    form = Form({"held_on": "2026年2月28日"}, initial={"held_on": THE_DAY})
    assert "held_on" not in form.changed_data


def test_a_year_is_shown_only_when_it_is_not_this_one():
    today = date(2026, 11, 23)
    assert day_label(date(2026, 11, 23), today) == "11月23日"
    assert day_label(date(2025, 12, 3), today) == "2025年12月3日"


def test_days_of_the_week():
    assert weekday_label(date(2026, 11, 23)) == "周一"
    assert weekday_label(date(2026, 11, 29)) == "周日"
    assert long_label(date(2026, 11, 23)) == "11月23日 星期一"


def test_a_moment_is_shown_in_shanghai():
    today = date(2026, 11, 23)
    assert moment_label(datetime(2026, 11, 20, 8, 5, tzinfo=UTC), today) == "11月20日 16:05"
    late = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert moment_label(late, today) == "1月1日 00:30"
