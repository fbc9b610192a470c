"""Working days as arithmetic, without a database: Monday to Friday and its exceptions."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class WorkingCalendar:
    """Which days are worked. `exceptions` maps a day to whether it is worked.

    `years` are those whose exceptions are complete; without it, every year that has one.
    What is computed from any other year is provisional (`has_year`).
    """

    def __init__(
        self,
        exceptions: Mapping[date, bool] | Iterable[tuple[date, bool]] = (),
        years: Iterable[int] | None = None,
    ):
        self._exceptions = dict(exceptions)
        known = (day.year for day in self._exceptions) if years is None else years
        self._years = frozenset(known)
        days = sorted(self._exceptions)
        self._ordinals = [day.toordinal() for day in days]
        # corrections[i]: what the first i exceptions add to a plain count of weekdays.
        changes = (int(self._exceptions[day]) - int(is_weekday(day)) for day in days)
        self._corrections = list(accumulate(changes, initial=0))

    def has_year(self, year: int) -> bool:
        """True when the holidays of `year` are announced and loaded."""
        return year in self._years

    def as_if(self, year: int, *, is_entered: bool) -> "WorkingCalendar":
        """The same days, as if those of `year` were entered completely, or were not."""
        years = self._years | {year} if is_entered else self._years - {year}
        return WorkingCalendar(self._exceptions, years)

    def is_working_day(self, day: date) -> bool:
        """True when `day` is worked."""
        return self._exceptions.get(day, is_weekday(day))

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it when n < 0); `day` itself for 0."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day = self._next(day, step)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when end < start."""
        return self._count_until(end) - self._count_until(start)

    def shift(self, day: date, direction: str) -> date:
        """`day` when it is worked, else the nearest working day "earlier" or "later"."""
        step = {"earlier": -ONE_DAY, "later": ONE_DAY}[direction]
        return day if self.is_working_day(day) else self._next(day, step)

    def _next(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_working_day(day):
            day += step
        return day

    def _count_until(self, day: date) -> int:
        # Day 1 of the proleptic calendar is a Monday, so weekdays need no loop: a page of
        # 300 rows counts to each due date.
        weeks, rest = divmod(day.toordinal(), 7)
        corrections = self._corrections[bisect_right(self._ordinals, day.toordinal())]
        return weeks * 5 + min(rest, 5) + corrections


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY
