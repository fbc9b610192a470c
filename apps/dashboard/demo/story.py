"""The three told units up to today: each act in the order of time, by the verbs, at its moment."""

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from apps.checklists.models import Item, ListYear, Occurrence
from apps.checklists.services import events, reporting, reviewing
from apps.core import clock, drafts
from apps.core.calendar import add_working_days, current, today
from apps.core.files import store
from apps.dashboard.demo import texts
from apps.dashboard.demo.facts import Book, figures, of_day
from apps.duties.models import Duty
from apps.organizations.models import Organization, User

SEED = 20200313
TOLD_UNITS = ("jyj", "czj", "dag")
# How far back the verbs go; what was due before comes with the imported history.
TOLD_DAYS = 75
# What is left to be seen of one organisation's latest tasks: (place, duty) -> ending.
ENDINGS = {
    ("jyj_zb1", "ZB-01"): ("accepted_late", "waiting", "returned"),
    ("jyj_zb1", "ZB-07"): ("accepted",),
    ("jyj_zb1", "ZB-11"): ("waiting",),
    ("jyj_zb2", "ZB-01"): ("accepted", "accepted", "waiting"),
    ("jyj_zb2", "ZB-11"): ("returned",),
    ("jyj_zb3", "ZB-01"): ("accepted", "corrected", "waiting"),
    ("jyj_zb4", "ZB-01"): ("late", "open"),
    ("czj_zb1", "ZB-01"): ("accepted", "waiting", "open"),
    ("czj_zb1", "ZB-11"): ("returned",),
    ("czj_zb2", "ZB-01"): ("corrected", "accepted_late", "open"),
    ("jyj", "SJ-04"): ("unconfirmed",),
    ("jyj", "CY-01"): ("accepted", "unconfirmed"),
    ("jyj", "DZ-02"): ("accepted", "accepted_late", "open"),
    ("jyj", "DZ-20"): ("corrected",),
    ("jyj", "DZ-21"): ("waiting",),
    ("jyj", "DZ-01"): ("accepted", "waiting"),
    ("jyj", "DZ-04"): ("waiting",),
    ("jyj_jgdw", "JG-02"): ("late",),
    ("jyj_jgdw", "JG-03"): ("accepted", "accepted", "waiting"),
    ("jyj_jgdw", "JG-09"): ("corrected",),
    ("jyj_jgdw", "JG-01"): ("open",),
    ("jyj_jw", "JW-05"): ("accepted_late",),
    ("czj", "DZ-02"): ("accepted", "accepted", "returned"),
    ("czj", "DZ-01"): ("accepted", "waiting"),
    ("czj", "SJ-06"): ("accepted",),
    ("czj_zz", "JG-10"): ("late",),
    ("dag_zb", "JG-03"): ("accepted", "accepted", "waiting"),
    ("dag_zb", "ZB-01"): ("accepted", "accepted", "waiting"),
}
# Who decides where the told units' reports go.
DESKS = {"gw": "gongwei", "jyj_jgdw": "jyj_jgdw", "jyj": "jyj_shuji", "czj_zz": "czj_zz",
         "czj": "czj_shuji", "dag": "dag_bgs"}
# Of an item that a unit has set itself.
OWN_WORDS = "带班领导到场半天，听办事人说了三件不方便的事，两件当场改了，一件交业务科。"
CLERKS = {"jyj": "jyj_jgdw", "czj": "czj_zz", "dag": "dag_bgs"}


@dataclass(frozen=True)
class Moment:
    """One act to come: when, and what to do then."""

    at: datetime
    order: int
    act: object


class Story:
    """Builds the told part of the demo. Deterministic: the same day gives the same story."""

    def __init__(self):
        self.random, self.today = Random(SEED), today()
        self.users = {user.username: user for user in User.objects.filter(is_demo=True)}
        self.keys = {place.pk: place.code.lower() for place in Organization.objects.all()}
        self.book = Book()
        self.tasks: set[int] = set()
        self.moments: list[Moment] = []
        self.told: list[Moment] = []

    def tell(self) -> int:
        """Perform every act; returns how many there were."""
        closed = ListYear.objects.closed().values("year")
        items = Item.unscoped.in_force().filter(fulfilled_by=None).exclude(
            checklist__year__in=closed).order_by("pk").select_related(
            "duty", "checklist__organization", "checklist__holder")
        told = [item for item in items
                if self.keys[item.checklist.organization_id].split("_")[0] in TOLD_UNITS]
        for item in told:
            if item.duty.cadence != Duty.Cadence.ON_EVENT:
                self.plan(item)
        for item in told:
            if item.duty.cadence == Duty.Cadence.ON_EVENT:
                self.open_event(item)
        for moment in self.in_time():
            with clock.at(moment.at):
                moment.act()
        return len(self.told)

    def in_time(self):
        """The acts by their moments; an act may add later ones."""
        while self.moments:
            following = min(self.moments, key=lambda each: (each.at, each.order))
            self.moments.remove(following)
            self.told.append(following)
            yield following

    def open_event(self, item) -> None:
        """Something happened a few weeks ago in each unit that has a telling duty for it."""
        key, happened = self.keys[item.checklist.organization_id], self.today - timedelta(days=24)
        if item.checklist.year != happened.year or (key, item.duty.code) not in ENDINGS:
            return
        event = texts.events(item.duty.code)[0]

        def happen():
            events.open_event(item=item, event=event, happened_on=happened, by=self.filler(key))
            self.plan(item)

        self.later(happened, 9, happen)

    def plan(self, item) -> None:
        """Give every begun task of the last weeks its fate; the latest ones as in ENDINGS."""
        key = self.keys[item.checklist.organization_id]
        begun = list(item.occurrences.filter(
            starts_on__lte=self.today, due_on__gte=self.today - timedelta(days=TOLD_DAYS),
            state=Occurrence.State.OPEN).order_by("due_on", "pk"))
        usual = ("accepted", "open") if len(begun) > 1 else ("accepted",)
        fates = list(ENDINGS.get((key, item.duty.code), usual))
        if len(begun) < len(fates):
            fates = fates[-len(begun):] if begun else []
        fates = ["accepted"] * (len(begun) - len(fates)) + fates
        for task, fate in zip(begun, fates, strict=True):
            self.tasks.add(task.pk)
            if fate != "accepted" or task.due_on <= self.today:
                self.fate(task, key, fate)

    def fate(self, task, key: str, fate: str) -> None:
        """Schedule the acts that bring a task to its ending."""
        if fate in ("open", "late") or task.starts_on > add_working_days(self.today, -5):
            return
        filed = self.filing_day(task, late=fate == "accepted_late")
        self.later(filed, 10, lambda: self.submit(task, key, filed))
        reviewed = add_working_days(filed, 1)
        if fate in ("returned", "corrected"):
            self.later(reviewed, 16, lambda: self.decide(task, "return"))
        if fate == "corrected":
            again = add_working_days(reviewed, 1)
            self.later(again, 11, lambda: self.submit(task, key, again))
            reviewed = add_working_days(again, 1)
        if fate in ("accepted", "accepted_late", "corrected"):
            self.later(filed, 15, lambda: self.confirm(task))
            self.later(reviewed, 16, lambda: self.decide(task, "accept"))

    def filing_day(self, task, *, late: bool) -> date:
        """A working day within the period, or just after the due date; never to come."""
        if late:
            day = add_working_days(task.due_on, 3)
        else:
            day = task.due_on - timedelta(days=self.random.randint(0, 6))
        # Time is left to return it, to file it again and to accept it before today.
        day = max(min(day, add_working_days(self.today, -5)), task.starts_on)
        return add_working_days(day - timedelta(days=1), 1)

    def submit(self, task, key: str, filed: date) -> None:
        """Type and submit, with a picture where the catalogue asks a file."""
        row = Occurrence.unscoped.for_page().get(pk=task.pk)
        by, duty = self.filler(key), row.item.duty
        worked = max(min(filed, row.ends_on), row.starts_on)
        slots = self.book.of(row.organization) | of_day(
            worked, max(row.starts_on, worked.replace(day=1)), worked, current(), self.random)
        slots |= figures(slots, self.random)
        if duty.evidence == Duty.Evidence.FILE:
            draft = drafts.save(user=by, target=row, data={})
            drafts.add_file(draft=draft, file=store(picture(self.random), by=by))
        number = f"云党组纪〔{worked.year}〕{self.random.randint(2, 60)}号"
        reporting.submit(
            occurrence=row, by=by, activity_on=worked,
            words=texts.report(duty.code, slots, self.random) or OWN_WORDS,
            document_number=number if duty.evidence == Duty.Evidence.NUMBER else "",
            submit_key=UUID(int=self.random.getrandbits(128), version=4))

    def confirm(self, task) -> None:
        """The leader confirms what was typed for him."""
        row = Occurrence.unscoped.for_page().get(pk=task.pk)
        if not row.is_confirmed:
            reporting.confirm(occurrence=row, by=row.item.checklist.holder, seen=row.version)

    def decide(self, task, decision: str) -> None:
        """The reviewing organisation accepts or returns; 备查 is accepted already."""
        row = Occurrence.unscoped.for_page().get(pk=task.pk)
        if row.state != Occurrence.State.SUBMITTED:
            return
        by = self.reviewer(row)
        if decision == "accept":
            reviewing.accept(occurrence=row, by=by, seen=row.version)
        else:
            reviewing.return_(occurrence=row, by=by, seen=row.version,
                              reason="请补一句研究了哪些议题。")

    def filler(self, key: str) -> User:
        """Who types at a place: the clerk where there is one."""
        return self.users[CLERKS.get(key, key)]

    def reviewer(self, row) -> User:
        """Who decides at the reviewing organisation."""
        return self.users[DESKS[self.keys[row.reviewed_by_id]]]

    def later(self, day: date, hour: int, act) -> None:
        """Queue an act for a day and an hour, with a few minutes' difference."""
        at = self.noon(day).replace(hour=hour, minute=self.random.randint(0, 59))
        order = len(self.moments) + len(self.told)
        self.moments.append(Moment(at, order, act))

    def noon(self, day: date) -> datetime:
        """Noon of a day in Asia/Shanghai."""
        return datetime.combine(day, time(12), tzinfo=clock.SHANGHAI)


def picture(random: Random) -> SimpleUploadedFile:
    """A drawn page that stands for a photographed record."""
    image = Image.new("RGB", (900, 1200), "#f4f1e8")
    pen = ImageDraw.Draw(image)
    pen.rectangle((80, 90, 820, 150), fill="#3c4654")
    for line in range(18):
        pen.rectangle((80, 210 + line * 50, random.randint(500, 820), 224 + line * 50),
                      fill="#8a929c")
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return SimpleUploadedFile("会议记录.jpg", data.getvalue(), "image/jpeg")
