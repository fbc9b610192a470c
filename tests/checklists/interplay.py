"""Rows and posts that several tests of what follows from what talk about."""

from apps.checklists.models import Item, Occurrence
from apps.checklists.services import tailoring
from apps.core.act import SYSTEM
from apps.duties.services import drafting
from apps.organizations.models import Appointment
from tests.checklists.drafts import apply, change, new_draft
from tests.checklists.test_own_items import words
from tests.city import TODAY, YEAR
from tests.duties.test_drafting import NEW

State = Occurrence.State


def item(key: str, code: str, year: int = YEAR, **more) -> Item:
    return Item.unscoped.select_related("checklist", "duty").get(
        checklist__organization__code=key.upper(), checklist__year=year, duty__code=code, **more)


def owed(row: Item) -> set[tuple[str, str]]:
    """Period and state of its tasks."""
    return set(Occurrence.unscoped.filter(item=row).values_list("period", "state"))


def still_owed(year: int = YEAR, **lookup):
    return Occurrence.unscoped.filter(
        item__checklist__year=year, state=State.OPEN, due_on__gte=TODAY, **lookup)


def year_end() -> None:
    """A secretary and a member each owe something on 30 December."""
    draft, due = new_draft(), {"month": 12, "day": 30, "shift": "earlier"}
    change(draft, "SJ-01", cadence="yearly", due=due)
    drafting.add_duty(version=draft, by=SYSTEM, **NEW | {
        "subject": "member", "title": "分管领域党建", "cadence": "yearly", "due": due})
    apply(draft)


def leader(city) -> Appointment:
    return city.user("jyj_shuji").posts[0]


def own_item(city, clerk, cadence="monthly", **due) -> Item:
    return tailoring.add_own(checklist=city.checklist("jyj", "party_group"), by=clerk,
                             **words(cadence=cadence, due=tailoring.due_rule(
                                 cadence=cadence, **due)))
