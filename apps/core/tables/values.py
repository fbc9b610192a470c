"""What a cell says, as offices type it: full-width signs, padded names, days in every way."""

import re
import unicodedata
from datetime import date, timedelta

from apps.core.dates import parse_date

# Digits that a number in Excel keeps; beyond, it has been rounded already.
KEPT_DIGITS = 15
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_SERIAL = range(15_000, 80_000)  # 1941 to 2119
# Dots that people type between the parts of a name; the right one is U+00B7.
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●･˙", "·"))
# Format characters that turn text round or hide in it, controls, halves of surrogates.
_HIDDEN = {"Cc", "Cf", "Cs"}


class Unreadable(ValueError):
    """The cell says nothing that can be taken; the sentence says why."""


def text(cell) -> str:
    """The words of a cell, without the blanks around them; "" for an empty one.

    Raises Unreadable for a formula without its value, an error, a number that Excel has rounded
    and characters that cannot be seen.
    """
    found = _spelled(cell)
    found = re.sub(r"\s+", " ", found).strip().removeprefix("\ufeff")
    if any(unicodedata.category(sign) in _HIDDEN for sign in found):
        raise Unreadable("里有看不见的字符，请重新输入")
    return found


def plain(cell) -> str:
    """Words in half-width signs: for codes, accounts and choices. Raises Unreadable."""
    found = unicodedata.normalize("NFKC", text(cell)).strip().removeprefix("'")
    if _ROUNDED.fullmatch(found):
        raise Unreadable(f"“{found}”已经被Excel取整，请把这一列设为文本再填")
    return found


def name(cell) -> str:
    """The name of a person: · in one spelling, no blanks between characters. Raises Unreadable."""
    found = unicodedata.normalize("NFC", text(cell)).translate(_DOTS)
    found = re.sub(r"\s*·\s*", "·", found)
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", found)


def day(cell, *, is_1904: bool = False) -> date | None:
    """The day of a cell, None for an empty one. Raises Unreadable."""
    if isinstance(cell, list) and cell[0] == "d":
        try:
            return date.fromisoformat(cell[1])
        except ValueError:
            raise Unreadable(f"“{cell[1]}”没有这一天") from None
    found = plain(cell)
    if not found:
        return None
    if found.isascii() and found.isdigit() and int(found[:9]) in _SERIAL:
        start = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
        return start + timedelta(days=int(found))
    # A time behind the day, as other programs export it.
    found = re.sub(r"[ T]0?0:00(:00)?(\.0+)?$", "", found)
    try:
        if "年" not in found and "月" in found:
            raise ValueError(f"“{found[:20]}”没有写年份。")
        return parse_date(found)
    except ValueError as wrong:
        raise Unreadable(str(wrong).rstrip("。")) from None


def _spelled(cell) -> str:
    """A cell of any kind as text."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    kind, value = cell
    if kind == "n":
        return _number(value)
    if kind == "f":
        raise Unreadable("是公式，没有算出的值，请复制后选择性粘贴为数值")
    if kind == "e":
        raise Unreadable(f"是错误值{value}")
    if kind == "x":
        raise Unreadable(f"的数字{value}不是一个日期")
    if kind == "b":
        return "是" if value in ("1", "true") else "否"
    return value


def _number(value: str) -> str:
    """A number as it was typed; refused where Excel has kept only its first digits."""
    try:
        found = float(value)
    except ValueError:
        raise Unreadable(f"的数字{value}读不出来") from None
    if not abs(found) < 10 ** KEPT_DIGITS:
        raise Unreadable(f"的数字{value}太长，Excel已经取整，请把这一列设为文本再填")
    return str(int(found)) if found == int(found) else value
