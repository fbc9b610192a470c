"""A year of reports and reviews as sets: what the verbs would have written, one event a unit.

A city files some twenty thousand reports a year; by the verbs that would take half an hour.
Every row keeps to the constraints and to the rules (who reviews, working days, dates of
correction); the tests hold a sample against the rules themselves.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.checklists.models import Checklist, Evidence, Item, Occurrence, Report, Review
from apps.checklists.services import events
from apps.core.act import SYSTEM, act, record
from apps.core.calendar import current
from apps.core.models import StoredFile
from apps.dashboard.demo import facts, files, texts
from apps.dashboard.demo.departments import SEED
from apps.dashboard.demo.fates import Chances, Fate, Rules
from apps.dashboard.demo.staff import Staff
from apps.dashboard.demo.story import TOLD_UNITS
from apps.duties.models import Duty
from apps.organizations.models import Organization

State = Occurrence.State
BATCH = 500
# The one place beside the workflow where a state is written: rows of an import.
UPDATE = """
UPDATE checklists_occurrence SET state = %s, version = %s, correct_by = %s, first_filed_on = %s,
    is_confirmed = %s, reviewed_by_id = %s, report_id = %s WHERE id = %s
"""


@dataclass
class Written:
    """The rows of one run."""

    reports: list[Report] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    # Of each task what changes, with its last report still without an id.
    tasks: list[tuple[list, Report]] = field(default_factory=list)


class History:
    """Writes what happened in one year up to `until`, except for the tasks in `told`."""

    def __init__(self, year: int, *, until: date, told: Iterable[int] = ()):
        self.year, self.told = year, set(told)
        self.rules = Rules(current(), until, settings.CORRECTION_WORKING_DAYS)
        self.staff, self.book = Staff(), facts.Book()
        self.nodes = {node.pk: node for node in Organization.objects.all()}
        self.duties = {duty.pk: duty for duty in Duty.objects.all()}
        self.keys = {node.path: node.code.lower() for node in self.nodes.values()}
        self.chances: dict[str, Chances] = {}

    def write(self) -> int:
        """Open the events, then report and review; returns how many reports there are."""
        with act(by=SYSTEM):
            self._open_events()
        written = 0
        for unit, tasks in self._tasks_by_unit().items():
            rows = Written()
            for task in tasks:
                self._task(task, rows)
            if rows.reports:
                self._save(unit, rows)
                written += len(rows.reports)
        return written

    # --- which tasks --------------------------------------------------------------------

    def _open_events(self) -> None:
        """Something happened now and then: each duty on event in a part of the lists."""
        items = Item.unscoped.in_force().filter(
            checklist__year=self.year, duty__cadence=Duty.Cadence.ON_EVENT,
            duty__origin=Duty.Origin.CATALOGUE, fulfilled_by=None)
        found = defaultdict(list)
        for item in items.select_related("checklist", "duty").order_by("pk"):
            key = self.keys[self.nodes[item.checklist.organization_id].path]
            if key.split("_")[0] in TOLD_UNITS and self.told:
                continue
            random = Random(f"{SEED} events {self.year} {key} {item.duty.code}")
            happened, event = self._event(item, random)
            if happened:
                found[item.duty, happened, event].append(item)
        for (duty, happened, event), those in found.items():
            due = self.rules.calendar.add_working_days(happened, duty.days_after_event)
            events.open_all(items=those, opened_by="", event=event, starts_on=happened, due=due)

    def _event(self, item, random: Random) -> tuple[date | None, str]:
        share = min(0.7, 0.12 * (item.duty.events_a_year or 1))
        names = texts.events(item.duty.code)
        if not names or random.random() > share:
            return None, ""
        first = max(item.checklist.counts_from, date(self.year, 1, 5))
        last = min(self.rules.last, date(self.year, 12, 20))
        if last <= first:
            return None, ""
        # Few days of the year, so that many units meet the same event.
        day = date.fromordinal(random.randrange(first.toordinal(), last.toordinal() + 1, 9))
        return self.rules.calendar.shift(day, "earlier"), random.choice(names)

    def _tasks_by_unit(self) -> dict[Organization, list[Occurrence]]:
        lists = {each.pk: each for each in Checklist.unscoped.filter(year=self.year)}
        items = dict(Item.unscoped.filter(checklist__year=self.year).values_list(
            "pk", "checklist_id"))
        duties = dict(Item.unscoped.filter(checklist__year=self.year).values_list(
            "pk", "duty_id"))
        rows = Occurrence.unscoped.filter(
            item__checklist__year=self.year, state=State.OPEN, report=None,
            starts_on__lte=self.rules.last).order_by("pk")
        units = {node.path: node for node in self.nodes.values()}
        found = defaultdict(list)
        for task in rows:
            task.list, task.duty = lists[items[task.item_id]], self.duties.get(
                duties[task.item_id])
            if task.pk in self.told or task.duty is None:
                continue
            place = self.nodes[task.organization_id]
            found[units[place.path[:2 * place.steplen]]].append(task)
        return found

    # --- one task -----------------------------------------------------------------------

    def _task(self, task, rows: Written) -> None:
        place, duty, holder = self.nodes[task.organization_id], task.duty, task.list.holder_id
        key = self.keys[place.path]
        random = Random(f"{SEED} {key} {duty.code} {task.period}{task.event} {task.starts_on} "
                        f"{task.list.subject}{self._rank(task)}")
        drafter = self.staff.typist(place, holder)
        if drafter is None:
            return
        fate = self.rules.fate(
            task, random, self._chances(key), is_personal=holder not in (None, drafter),
            is_filed_away=duty.review_mode == Duty.ReviewMode.FILE)
        if fate is None:
            return
        confirmer = holder if fate.confirmed else None
        desk = self.staff.reviewer(place, duty.subject, {drafter, confirmer, holder} - {None})
        if desk is None:
            return
        reports = self._reports(task, fate, random, drafter, confirmer)
        self._reviews(fate, reports, desk, rows)
        rows.reports += reports
        if duty.evidence == Duty.Evidence.FILE:
            self._attach(task, reports, random, rows)
        rows.tasks.append(([
            fate.outcome, len(reports) + len(fate.confirmed) + bool(fate.returned)
            + (fate.outcome == State.ACCEPTED), fate.correct_by, fate.filed[0].date(),
            bool(holder in (None, drafter) or fate.confirmed), desk[0].pk], reports[-1]))

    def _rank(self, task) -> str:
        """Which of several members a personal list is of: by order, since ids change."""
        holder = task.list.holder_id
        posts = self.staff.posts.get((task.organization_id, "member"), [])
        return str(posts.index(holder)) if holder in posts else ""

    def _chances(self, key: str) -> Chances:
        unit = key.split("_")[0]
        if unit not in self.chances:
            self.chances[unit] = Chances.of(Random(f"{SEED} chances {unit} {self.year}"))
        return self.chances[unit]

    def _reports(self, task, fate: Fate, random: Random, drafter: int, confirmer) -> list[Report]:
        place = self.nodes[task.organization_id]
        slots = self.book.of(place) | facts.of_day(
            fate.worked_on, max(task.starts_on, fate.worked_on.replace(day=1)), fate.worked_on,
            self.rules.calendar, random)
        slots |= facts.figures(slots, random)
        words = [texts.report(task.duty.code, slots, random)]
        if fate.returned:
            words.insert(0, random.choice(texts.THIN)[0])
        number = ""
        if task.duty.evidence == Duty.Evidence.NUMBER:
            sign = self.book.unit_of(place).sign
            number = f"云{sign}党〔{fate.worked_on.year}〕{random.randint(3, 60)}号"
        return [
            Report(
                occurrence_id=task.pk, number=order + 1, activity_on=fate.worked_on,
                words=words[order if fate.returned else 0], document_number=number,
                drafted_by_id=drafter, submitted_at=filed,
                confirmed_by_id=confirmer if order < len(fate.confirmed) else None,
                confirmed_at=fate.confirmed[order] if order < len(fate.confirmed) else None,
                submit_key=UUID(int=random.getrandbits(128), version=4))
            for order, filed in enumerate(fate.filed)
        ]

    def _reviews(self, fate: Fate, reports: list[Report], desk, rows: Written) -> None:
        place, reviewer = desk
        decided: list[tuple[Report, str, str, datetime]] = []
        if fate.returned:
            reason = dict(texts.THIN)[reports[0].words]
            decided.append((reports[0], Review.Decision.RETURN, reason, fate.returned))
        if fate.decided:
            decided.append((reports[-1], Review.Decision.ACCEPT, "", fate.decided))
        rows.reviews += [
            Review(report=report, decision=decision, reason=reason, by_id=reviewer,
                   organization=place, at=at)
            for report, decision, reason, at in decided]

    def _attach(self, task, reports: list[Report], random: Random, rows: Written) -> None:
        """A paper of its own for each report; a corrected one keeps it."""
        place = self.nodes[task.organization_id]
        stored = files.paper(place.name, task.duty.title, reports[0].activity_on, random,
                             by=reports[0].drafted_by_id)
        rows.files.append(stored)
        rows.evidence += [Evidence(report=report, file=stored, position=1) for report in reports]

    # --- into the database ----------------------------------------------------------------

    def _save(self, unit: Organization, rows: Written) -> None:
        with act(by=SYSTEM):
            Report.unscoped.bulk_create(rows.reports, batch_size=BATCH)
            for review in rows.reviews:
                review.report_id = review.report.pk
            Review.unscoped.bulk_create(rows.reviews, batch_size=BATCH)
            StoredFile.objects.bulk_create(rows.files, batch_size=BATCH)
            for each in rows.evidence:
                each.report_id = each.report.pk
            Evidence.unscoped.bulk_create(rows.evidence, batch_size=BATCH)
            with connection.cursor() as cursor:
                cursor.executemany(UPDATE, [(*values, report.pk, report.occurrence_id)
                                            for values, report in rows.tasks])
            record("checklists.report.import", unit, year=self.year, reports=len(rows.reports),
                   reviews=len(rows.reviews))
