"""Working days as they are pasted from a notice: one line a day. Pure but for today's year.

`2027-01-01 放假 元旦`, `２０２７年２月６日（周六）　调休上班　春节`, `1月1日，放假，元旦`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from apps.core.dates import parse_date

WAY = "请写成2027-01-01 放假 元旦。"
OFF, WORK = ("放假", "休息"), ("调休上班", "上班", "补班")
_KIND = re.compile(rf"^(.*?)({'|'.join((*OFF, *WORK, '调休'))})(.*)$")
# What a notice adds to a date and the date says itself: （星期六）, 周六.
_WEEKDAY = re.compile(r"\(?(?:周|星期)[一二三四五六日天]\)?")
_HAS_YEAR = re.compile(r"\s*[0-9]{4}")
_EDGES = " \t,、;:。"


@dataclass(frozen=True)
class Line:
    """What one line says of one day."""

    number: int
    day: date
    is_working: bool
    name: str


def read(text: str, *, year: int) -> tuple[list[Line], list[str]]:
    """The lines that can be read, and for each other one a sentence that begins with its
    number. A date without a year is of `year`; empty lines do not matter."""
    lines: list[Line] = []
    wrong: list[str] = []
    first: dict[date, int] = {}
    for number, written in enumerate(text.splitlines(), start=1):
        if not unicodedata.normalize("NFKC", written).strip():
            continue
        try:
            line = read_line(written, number=number, year=year)
            if line.day in first:
                raise ValueError(f"这一天在第{first[line.day]}行已经写了，留一行。")
        except ValueError as error:
            wrong.append(f"第{number}行：{error}")
        else:
            first[line.day] = number
            lines.append(line)
    return lines, wrong


def read_line(written: str, *, number: int, year: int) -> Line:
    """One line. Raises ValueError with a Chinese sentence."""
    plain = unicodedata.normalize("NFKC", written)
    found = _KIND.match(_WEEKDAY.sub(" ", plain))
    if found is None:
        raise ValueError(f"没有写放假还是上班。{WAY}")
    day, kind, name = (part.strip(_EDGES) for part in found.groups())
    if kind == "调休":
        raise ValueError("“调休”看不出是放假还是上班，请写放假或上班。")
    if not name:
        raise ValueError(f"后面要写是哪个节。{WAY}")
    return Line(number, parse_date(with_year(day, year)), kind in WORK, name)


def with_year(text: str, year: int) -> str:
    """`text` with `year` in front where a date was written without one."""
    if not text.strip() or _HAS_YEAR.match(unicodedata.normalize("NFKC", text)):
        return text
    return f"{year}年{text.strip()}"
