"""What became of a task, and when: pure chance with a seed, within the rules of the house.

Everything happens on working days, before today, and in the order in which people act:
filed, confirmed, returned, filed again, accepted.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from apps.core.clock import SHANGHAI
from apps.core.working_calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)
MONTH = 40


@dataclass(frozen=True)
class Chances:
    """How a unit works: how often it misses, files late, writes too thinly."""

    missed: float = 0.008
    late: float = 0.05
    thin: float = 0.05

    @classmethod
    def of(cls, random: Random) -> "Chances":
        """Most units are steady; one in ten is not."""
        if random.random() < 0.1:
            return cls(missed=0.06, late=0.16, thin=0.1)
        return cls(missed=random.uniform(0, 0.012), late=random.uniform(0.01, 0.07),
                   thin=random.uniform(0.02, 0.06))


@dataclass
class Fate:
    """The acts on one task, each with its moment; None where it did not come to that."""

    outcome: str  # a state of the task
    worked_on: date
    filed: list[datetime] = field(default_factory=list)
    confirmed: list[datetime] = field(default_factory=list)
    returned: datetime | None = None
    decided: datetime | None = None
    correct_by: date | None = None


@dataclass(frozen=True)
class Rules:
    """What chance has to keep to."""

    calendar: WorkingCalendar
    today: date
    correction: int  # working days to correct what was returned

    @property
    def last(self) -> date:
        """The last day on which anything has happened."""
        return self.calendar.add_working_days(self.today, -1)

    def fate(self, task, random: Random, chances: Chances, *, is_personal: bool,
             is_filed_away: bool) -> Fate | None:
        """What became of `task` (starts_on, ends_on, due_on); None while it is open."""
        filed_on = self._filed_on(task, random, chances)
        if filed_on is None:
            return None
        fate = Fate("submitted", self._worked_on(task, filed_on, random),
                    filed=[moment(filed_on, random, 8, 11)])
        if is_personal and not self._confirm(fate, filed_on, random):
            return fate
        if is_filed_away:
            fate.outcome = "accepted"
            return fate
        self._review(fate, task, random, chances)
        return fate

    def _filed_on(self, task, random: Random, chances: Chances) -> date | None:
        """The day of the first filing; None when it has not come, or never came."""
        if task.due_on > self.last:
            return self._early(task, random)
        is_recent = task.due_on > self.calendar.add_working_days(self.today, -8)
        if random.random() < chances.missed * (3 if is_recent else 1):
            return None
        if random.random() < chances.late * (1.3 if is_recent else 1):
            late = self.calendar.add_working_days(task.due_on, random.randint(1, 9))
            return late if late <= self.last else None
        length = (task.due_on - task.starts_on).days
        day = task.due_on - timedelta(days=random.randint(0, min(14, max(length - 2, 0))))
        return self._worked(max(day, task.starts_on), task.starts_on)

    def _early(self, task, random: Random) -> date | None:
        """Before it is due: seldom in a month, more often the nearer the end of a year."""
        gone = (self.last - task.starts_on).days
        length = (task.due_on - task.starts_on).days
        if gone < 4:
            return None
        share = gone / max(length, 1)
        if random.random() > (0.6 if length <= MONTH else 0.62) * share ** 2:
            return None
        day = self.last - timedelta(days=random.randint(0, min(gone - 2, 45)))
        return self._worked(day, task.starts_on)

    def _worked(self, day: date, first: date) -> date:
        """The working day at or before `day`, or the first one there is."""
        shifted = self.calendar.shift(day, "earlier")
        return shifted if shifted >= first else min(self.calendar.shift(first, "later"), self.last)

    def _worked_on(self, task, filed_on: date, random: Random) -> date:
        """The day of the work: in the period, not after the filing."""
        high = max(min(task.ends_on, filed_on), task.starts_on)
        low = self.calendar.shift(max(task.starts_on, high - timedelta(days=20)), "later")
        if low > high:
            return min(high, filed_on)
        day = self.calendar.shift(low + timedelta(days=random.randint(0, (high - low).days)),
                                  "earlier")
        return min(max(day, low), filed_on)

    def _confirm(self, fate: Fate, filed_on: date, random: Random) -> bool:
        """The leader confirms on the same day or a little later."""
        day = self.calendar.add_working_days(filed_on, random.choice((0, 0, 1, 2)))
        if day > self.last or (day > self.last - 5 * ONE_DAY and random.random() < 0.3):
            return False
        fate.confirmed.append(moment(day, random, 14, 16))
        return True

    def _review(self, fate: Fate, task, random: Random, chances: Chances) -> None:
        """Accepted, or returned and corrected, as far as there was time for it."""
        day = self._after((fate.confirmed or fate.filed)[-1].date(), random)
        if day > self.last:
            return
        if random.random() >= chances.thin:
            fate.outcome, fate.decided = "accepted", moment(day, random, 9, 17)
            return
        fate.outcome, fate.returned = "returned", moment(day, random, 9, 17)
        fate.correct_by = max(task.due_on,
                              self.calendar.add_working_days(day, self.correction))
        again = self._after(day, random)
        if again > self.last or random.random() < 0.02:
            return
        fate.outcome = "submitted"
        fate.filed.append(moment(again, random, 8, 11))
        if fate.confirmed:
            fate.confirmed.append(moment(again, random, 14, 16))
        day = self._after(again, random)
        if day <= self.last:
            fate.outcome, fate.decided = "accepted", moment(day, random, 9, 17)

    def _after(self, day: date, random: Random) -> date:
        return self.calendar.add_working_days(day, random.choice((1, 1, 2, 2, 3, 4, 6)))


def moment(day: date, random: Random, first: int, last: int) -> datetime:
    """A minute of the day between two hours."""
    return datetime.combine(day, time(random.randint(first, last), random.randint(0, 59)),
                            tzinfo=SHANGHAI)
