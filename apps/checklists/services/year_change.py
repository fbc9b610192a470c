"""Begin a new year from the last: owners, measures, own items and links are taken over.

Set-based and run by publishing, unit by unit, right after the new year's items stand.
What is carried says from which item (`carried_from`), so that the unit sees it and may
change it while it adopts the list.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q

from apps.checklists.models import Item, Slot
from apps.checklists.services import due_dates
from apps.duties.models import Duty

# Items of two following years on lists of the same bearer: `was` and `now`.
_LISTS = """
    checklists_checklist was_list, checklists_checklist now_list, organizations_organization place
WHERE now_list.year = %(year)s AND was_list.year = %(year)s - 1
  AND was_list.organization_id = now_list.organization_id
  AND was_list.subject = now_list.subject
  AND COALESCE(was_list.holder_id, 0) = COALESCE(now_list.holder_id, 0)
  AND place.id = now_list.organization_id AND place.path >= %(path)s AND place.path < %(end)s
  AND was.checklist_id = was_list.id AND was.archived_on IS NULL
"""
# Not what was to be done once; nor twice, where the new year's list has worded it anew since.
OWN_ITEMS = f"""
INSERT INTO checklists_item
    (checklist_id, duty_id, measures, owner, days_earlier, archive_reason, carried_from_id)
SELECT now_list.id, was.duty_id, was.measures, was.owner, was.days_earlier, '', was.id
FROM checklists_item was, duties_duty duty, {_LISTS}
  AND duty.id = was.duty_id AND duty.origin = 'own' AND duty.cadence <> 'once'
  AND NOT EXISTS (SELECT 1 FROM checklists_item taken WHERE taken.carried_from_id = was.id)
ON CONFLICT DO NOTHING
"""
# Only what nobody has touched yet.
OWN_WORDS = f"""
UPDATE checklists_item
SET measures = was.measures, owner = was.owner, days_earlier = was.days_earlier,
    carried_from_id = was.id
FROM checklists_item was, duties_duty was_duty, duties_duty now_duty, {_LISTS}
  AND checklists_item.checklist_id = now_list.id AND checklists_item.carried_from_id IS NULL
  AND was_duty.id = was.duty_id AND now_duty.id = checklists_item.duty_id
  AND was_duty.code = now_duty.code AND was_duty.origin = 'catalogue'
  AND now_duty.origin = 'catalogue' AND checklists_item.measures = ''
  AND checklists_item.owner = '' AND checklists_item.days_earlier = 0
"""
LINKS = f"""
UPDATE checklists_item SET upper_id = upper_now.id
FROM checklists_item was, checklists_item upper_was, checklists_item upper_now,
    duties_duty upper_was_duty, duties_duty upper_now_duty,
    checklists_checklist upper_was_list, checklists_checklist upper_now_list, {_LISTS}
  AND checklists_item.carried_from_id = was.id AND checklists_item.upper_id IS NULL
  AND upper_was.id = was.upper_id AND upper_was_list.id = upper_was.checklist_id
  AND upper_was_duty.id = upper_was.duty_id
  AND upper_now_list.year = %(year)s
  AND upper_now_list.organization_id = upper_was_list.organization_id
  AND upper_now_list.subject = upper_was_list.subject
  AND upper_now.checklist_id = upper_now_list.id AND upper_now_duty.id = upper_now.duty_id
  AND upper_now_duty.code = upper_was_duty.code
"""


@dataclass(frozen=True)
class Carried:
    """How many items a new year takes over: with owner, measures or days of their own; own
    items (自定事项); with a link to an upper item."""

    words: int
    own: int
    links: int


def to_carry(*, year: int) -> Carried:
    """What the lists of `year - 1` hold for those of `year`; an item may count twice."""
    once = Q(duty__origin=Duty.Origin.OWN, duty__cadence=Duty.Cadence.ONCE)
    return _count(Item.unscoped.filter(checklist__year=year - 1, archived_on=None).exclude(once))


def taken_over(*, year: int) -> Carried:
    """What the lists of `year` have from the year before."""
    return _count(Item.unscoped.filter(checklist__year=year, carried_from__isnull=False))


def _count(items) -> Carried:
    is_own = Q(duty__origin=Duty.Origin.OWN)
    has_words = ~Q(measures="") | ~Q(owner="") | Q(days_earlier__gt=0)
    return Carried(**items.aggregate(
        words=Count("pk", filter=has_words & ~is_own), own=Count("pk", filter=is_own),
        links=Count("pk", filter=Q(upper__isnull=False))))


def carry_over(*, path: str, end: str, year: int) -> int:
    """Take over from `year - 1` what the lists between two paths have set; how many items.

    The slots of own items are written for `year`; their tasks come with publishing's own.
    Links to upper items follow once both lists stand, so publishing calls this from the
    superior down.
    """
    values: dict[str, str | int] = {"path": path, "end": end, "year": year}
    with connection.cursor() as cursor:
        carried = 0
        for statement in (OWN_ITEMS, OWN_WORDS):
            cursor.execute(statement, values)
            carried += max(cursor.rowcount, 0)
        if carried:
            cursor.execute(LINKS, values)
    if carried:
        _write_own_slots(path=path, end=end, year=year)
    return carried


def _write_own_slots(*, path: str, end: str, year: int) -> None:
    items = Item.unscoped.in_force().filter(
        checklist__year=year, duty__origin=Duty.Origin.OWN,
        checklist__organization__path__gte=path, checklist__organization__path__lt=end)
    standing = Slot.objects.filter(year=year).values("duty")
    duties = Duty.every.filter(pk__in=items.values("duty")).exclude(pk__in=standing)
    due_dates.write_slots_of(duties, year=year)
