"""How the lists of a year were taken on, as sets: owners, measures, meetings, signatures.

The told units do this by the verbs; for the others the rows are what those would have
written, with one event a unit.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from django.db import connection

from apps.checklists.models import Adoption, Item
from apps.core.act import SYSTEM, act, record
from apps.core.calendar import current
from apps.dashboard.demo import facts, texts
from apps.dashboard.demo.departments import SEED
from apps.dashboard.demo.staff import Staff
from apps.duties.models import Duty
from apps.organizations.models import Organization

State, Subject = Adoption.State, Duty.Subject
MEETING = (Subject.PARTY_GROUP, Subject.ORGAN_COMMITTEE, Subject.DISCIPLINE_COMMITTEE,
           Subject.COMMITTEE)
UPDATE = """
UPDATE checklists_adoption SET state = %s, version = %s, deliberated_on = %s, minutes_number = %s,
    signed_by_id = %s, signed_on = %s, approved_by_id = %s, adopted_on = %s WHERE id = %s
"""
WORDS = "UPDATE checklists_item SET owner = %s, measures = %s WHERE id = %s AND measures = ''"
# Two months into the year the lists are read, and one unit in twelve is slow about it.
BEGINS, LASTS, SLOW = (2, 20), 46, 0.08


class Adopting:
    """Adopts the lists of one year, up to the day `until`, except in the units `told`."""

    def __init__(self, year: int, *, until: date, told: Iterable[str] = ()):
        self.year, self.until, self.told = year, until, set(told)
        self.staff, self.calendar, self.departments = Staff(), current(), facts.units()
        self.units = {node.path: node for node in Organization.objects.all() if node.depth <= 2}

    def write(self) -> int:
        """Returns how many lists are adopted."""
        found = defaultdict(list)
        rows = Adoption.unscoped.filter(checklist__year=self.year, state=State.TAILORING)
        for row in rows.select_related("checklist__organization").order_by("pk"):
            path = row.checklist.organization.path
            found[path[:2 * Organization.steplen]].append(row)
        return sum(self._unit(self.units[path], rows) for path, rows in found.items())

    def _unit(self, unit: Organization, rows: list[Adoption]) -> int:
        key = unit.code.lower()
        values = [] if key in self.told else [
            (*step, row.pk) for row in rows if (step := self._step(unit, row.checklist))]
        with act(by=SYSTEM), connection.cursor() as cursor:
            cursor.executemany(WORDS, self._words(key, [row.checklist for row in rows]))
            cursor.executemany(UPDATE, values)
            adopted = sum(value[0] == State.ADOPTED for value in values)
            if values:
                record("checklists.adoption.import", unit, year=self.year, adopted=adopted)
        return adopted

    def _words(self, key: str, lists) -> list[tuple]:
        """Owner and measure of every item on the lists of bodies."""
        unit = facts.of_unit(self.departments[key])
        items = Item.unscoped.filter(checklist__in=[
            each for each in lists if each.subject in MEETING], measures="")
        found = []
        for pk, code in items.order_by("pk").values_list("pk", "duty__code"):
            random = Random(f"{SEED} measures {key} {code}")
            words = texts.measure(code, unit | facts.figures(unit, random))
            if words:
                found.append((*words, pk))
        return found

    def _step(self, unit: Organization, checklist) -> tuple | None:
        """How far a list has come: the columns of UPDATE; None while it is being tailored."""
        place, subject = checklist.organization, checklist.subject
        random = Random(f"{SEED} adopted {self.year} {place.code} {subject}")
        first = self._day(date(self.year, *BEGINS) + timedelta(days=random.randint(0, LASTS)))
        second = self.calendar.add_working_days(first, random.randint(1, 5))
        slow = random.random() < SLOW
        if first > self.until:
            return None
        if subject in MEETING:
            number = f"纪要〔{self.year}〕{random.randint(1, 9)}号"
            signer = self.staff.signer(place, subject)
            if slow or signer is None or second > self.until:
                return State.DELIBERATED, 1, first, number, None, None, None, None
            return State.ADOPTED, 2, first, number, signer, second, None, second
        if slow:
            return None
        signer = checklist.holder_id or self.staff.signer(place, subject)
        if signer is None:
            return None
        if subject == Subject.MEMBER:
            secretary = self.staff.secretary(unit)
            if secretary is None or second > self.until:
                return State.SIGNED, 1, None, "", signer, first, None, None
            return State.ADOPTED, 2, None, "", signer, first, secretary, second
        return State.ADOPTED, 1, None, "", signer, first, None, first

    def _day(self, day: date) -> date:
        return self.calendar.shift(day, "later")
