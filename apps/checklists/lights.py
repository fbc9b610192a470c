"""The light of an occurrence: one rule, in Python here and in SQL in `lights_sql`. Pure."""

from datetime import date
from enum import StrEnum


class Light(StrEnum):
    """Four lights, from the calmest to the most urgent; `word` is what people read."""

    GREEN = "green", "办结"
    BLUE = "blue", "正常"
    YELLOW = "yellow", "临期"
    RED = "red", "逾期"

    word: str

    def __new__(cls, value: str, word: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.word = word
        return member


DONE = ("accepted", "excused")
WAITING = ("submitted",)
OWED = ("open", "returned")


def light(
    state: str, due_on: date, correct_by: date | None, today: date, soon_until: date
) -> Light:
    """The light of an occurrence on `today`.

    What is done is green; what waits for a reviewer is blue, however late: a late
    reviewer never colours the unit. What is owed is judged by its deadline, `correct_by`
    after a return and `due_on` otherwise: red past it, yellow up to and including
    `soon_until` (today plus the working days of SOON_WORKING_DAYS), blue after that.
    Raises ValueError for an unknown state.
    """
    if state in DONE:
        return Light.GREEN
    if state in WAITING:
        return Light.BLUE
    if state not in OWED:
        raise ValueError(f"unknown state: {state}")
    deadline = correct_by or due_on
    if deadline < today:
        return Light.RED
    return Light.YELLOW if deadline <= soon_until else Light.BLUE
