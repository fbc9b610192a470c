"""The page of a year's working days: twelve months, what differs from the week, what to do."""

from calendar import Calendar
from itertools import groupby

from apps.checklists.services import calendar_year, due_dates
from apps.core.badges import Badge
from apps.core.calendar import current, today
from apps.core.dates import WEEKDAYS
from apps.core.models import CalendarYear, WorkingDay
from apps.core.working_calendar import ONE_DAY, is_weekday
from apps.core.working_days import is_known, known_days

ENTERED = Badge("is-done", "m-done", "已录完")
OPEN = Badge("is-soon", "m-soon", "还没有录完")
# How a day is marked: class of the cell, word under the figure.
OFF, WORKED = ("is-rest", "休"), ("is-worked", "班")


def page(year: int) -> dict:
    """Everything that the page of `year` shows, but its forms."""
    rows = {row.day: row for row in WorkingDay.objects.filter(day__year=year).order_by("day")}
    is_entered = CalendarYear.objects.filter(year=year).exists()
    waiting = len(changes(year)["slots"])
    return {
        "year": year, "badge": ENTERED if is_entered else OPEN, "is_entered": is_entered,
        "years": [{"year": each, "is_current": each == year} for each in calendar_year.years()],
        "months": [month(year, number, rows) for number in range(1, 13)],
        "holidays": holidays(rows.values()), "has_days": bool(rows), "waiting": waiting,
        "missing": missing(year, rows), "is_known": is_known(year),
        "can_reopen": is_entered and not due_dates.settled_from(year=year),
    }


def changes(year: int) -> dict:
    """What becomes final with `year`: how many dates, and those that get another day."""
    calendar = current().as_if(year, is_entered=True)
    slots = [pair for each in (year - 1, year)
             for pair in due_dates.ready(year=each, calendar=calendar)]
    return {"slots": slots, "moved": [(slot, plan) for slot, plan in slots
                                      if slot.due_on != plan.due_on]}


def month(year: int, number: int, rows) -> dict:
    """One month as weeks of cells; days of other months are empty cells."""
    return {"label": f"{number}月", "weeks": [
        [cell(day, rows.get(day)) if day.month == number else None for day in week]
        for week in Calendar().monthdatescalendar(year, number)]}


def cell(day, row: WorkingDay | None) -> dict:
    """One day: its figure, and the word where it differs from the week."""
    css, word = ("", "") if row is None else (WORKED if row.is_working else OFF)
    if row is None and not is_weekday(day):
        css = "is-weekend"
    return {"figure": day.day, "class": css, "word": word, "name": row.name if row else "",
            "is_today": day == today()}


def holidays(rows) -> list[dict]:
    """What differs from the week, by holiday: its days off and the days worked for it."""
    found: dict[str, dict[bool, list]] = {}
    for row in rows:
        name = row.name.removesuffix("调休") or "没有写名称"
        found.setdefault(name, {True: [], False: []})[row.is_working].append(row.day)
    return [{"name": name, "off": spans(days[False]), "worked": spans(days[True])}
            for name, days in found.items()]


def spans(days) -> str:
    """Days as they are read: 10月1日 周四至10月2日 周五、10月5日 周一."""
    counted = enumerate(sorted(days))
    runs = [[day for _n, day in group]
            for _start, group in groupby(counted, key=lambda pair: pair[1] - pair[0] * ONE_DAY)]
    return "、".join(said(run[0]) if len(run) == 1 else f"{said(run[0])}至{said(run[-1])}"
                    for run in runs)


def said(day) -> str:
    """10月1日 周四: the year stands in the title."""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def missing(year: int, rows) -> int:
    """How many days the State Council's notice has that the table lacks."""
    return sum(day not in rows for day, _works, _name in known_days(year)) if is_known(year) else 0
