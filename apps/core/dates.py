"""Dates as people write them here, in and out. Labels say the year only when it is not this one."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError

from apps.core.clock import SHANGHAI
from apps.core.clock import today as this_day

WEEKDAYS = "一二三四五六日"
# Nobody in these lists was born before; a four-digit typo such as 0206 is caught.
FIRST_YEAR, LAST_YEAR = 1900, 2100
SHOWN_LENGTH = 20

WAYS = "请写成2026年2月28日、2026.2.28或20260228。"
# \d would also take Arabic and other digits, which NFKC leaves alone.
_PATTERNS = (
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?"),
    re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_WITHOUT_YEAR = re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]?")
# In January 12月28日 is last year's, in November 11月30日 is this year's.
HALF_A_YEAR = timedelta(days=183)
# A Chinese keyboard types 。 for the dot and a dash for the hyphen.
_SEPARATORS = str.maketrans({"。": ".", "–": "-", "—": "-", "−": "-"})


def parse_date(text: str) -> date:
    """The date written in `text`: 2026年2月28日, 2026.2.28, 2026-2-28, 2026/2/28, 20260228,
    or 2月28日 for this year's, unless that lies more than half a year ahead: then last year's.

    Full-width digits and spaces do not matter. Raises ValueError with a Chinese sentence.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SEPARATORS)
    plain = re.sub(r"\s", "", plain)
    if not plain:
        raise ValueError("请填日期。")
    if short := _WITHOUT_YEAR.fullmatch(plain):
        return _nearest(int(short[1]), int(short[2]), text)
    found = next(filter(None, (pattern.fullmatch(plain) for pattern in _PATTERNS)), None)
    if found is None:
        raise ValueError(f"看不懂“{_shown(text)}”。{WAYS}")
    year, month, day = (int(part) for part in found.groups() if part.isdigit())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"“{_shown(text)}”的年份不对。{WAYS}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"“{_shown(text)}”没有这一天。{WAYS}") from None


def _nearest(month: int, day: int, text: str) -> date:
    try:
        found = date(this_day().year, month, day)
        return found.replace(year=found.year - 1) if found - this_day() > HALF_A_YEAR else found
    except ValueError:
        raise ValueError(f"“{_shown(text)}”没有这一天。{WAYS}") from None


class ChineseDateField(forms.DateField):
    """A date typed as text: the browser's own date box follows the browser's language."""

    widget = forms.TextInput
    default_error_messages = {"required": "请填日期。"}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.error_messages["invalid"] = WAYS

    def to_python(self, value):
        """The date, or None when nothing was typed; ValidationError names the ways."""
        if isinstance(value, datetime):
            return value.date()
        if value in self.empty_values or isinstance(value, date):
            return value or None
        if not str(value).strip():
            return None
        try:
            return parse_date(str(value))
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from wrong

    def prepare_value(self, value):
        """Shown as it would be written: 2026年2月28日."""
        return full_label(value) if isinstance(value, date) else value

    def widget_attrs(self, widget):
        """A keyboard of digits on a phone; 20260228 needs nothing else."""
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}


def full_label(day: date) -> str:
    """2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_label(day: date, today: date | None = None) -> str:
    """11月23日, with the year only when it is not this year's."""
    this_year = (today or this_day()).year
    return f"{day.month}月{day.day}日" if day.year == this_year else full_label(day)


def weekday_label(day: date) -> str:
    """周一 … 周日."""
    return f"周{WEEKDAYS[day.weekday()]}"


def long_label(day: date) -> str:
    """11月23日 星期一, for the head of a page about today."""
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def local_day(moment: datetime) -> date:
    """The date of a moment in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def moment_label(moment: datetime, today: date | None = None) -> str:
    """11月20日 16:05 in Asia/Shanghai, with the year only when it is not this year's."""
    return f"{day_label(local_day(moment), today)} {moment.astimezone(SHANGHAI):%H:%M}"


def _shown(text: str) -> str:
    """What was typed, fit to stand in a sentence: one line, no unprintable characters."""
    line = "".join(c for c in text.strip() if c.isprintable())
    return line if len(line) <= SHOWN_LENGTH else f"{line[:SHOWN_LENGTH]}…"
