"""Drafts that change something, for tests of what follows in the lists."""

from apps.checklists.models import Item, Occurrence
from apps.checklists.services import versions
from apps.core.act import SYSTEM
from apps.duties.models import CatalogueVersion, Duty
from apps.duties.services import drafting
from tests.city import YEAR
from tests.duties.test_drafting import NEW

LATER = {"month": 12, "day": 20, "shift": "earlier"}


def new_draft() -> CatalogueVersion:
    """A copy of the version in force."""
    base = CatalogueVersion.objects.get(code="2026.1")
    return drafting.begin(based_on=base, by=SYSTEM)


def change(draft, code, **values):
    """Change a duty of the draft."""
    drafting.change_duty(duty=Duty.objects.get(version=draft, code=code), by=SYSTEM, **values)


def drop(draft, code):
    """Take a duty out of the draft."""
    drafting.drop_duty(duty=Duty.objects.get(version=draft, code=code), by=SYSTEM)


def change_everything(draft):
    """Something of every kind: withdrawn, slower, later, alone, elsewhere, new."""
    drop(draft, "ZB-02")
    change(draft, "ZB-01", cadence="quarterly")
    change(draft, "JG-01", due=LATER)
    change(draft, "DZ-01", also_fulfils=[])
    change(draft, "JG-03", applies_to=["has_organ_committee"])
    drafting.add_duty(version=draft, by=SYSTEM, **NEW)


def apply(version, **options) -> versions.Applied:
    """Put this year's lists on a version."""
    return versions.apply(version=version, year=YEAR, by=SYSTEM, **options)


def picture() -> tuple[list, list]:
    """Everything that an undo has to bring back, with the counters of the steps left out."""
    items = Item.unscoped.order_by("pk").values_list(
        "pk", "duty__code", "duty__version", "measures", "owner", "days_earlier", "upper",
        "fulfilled_by", "archived_on", "archive_reason", "withdrawn_in")
    rows = Occurrence.unscoped.order_by("pk").values_list(
        "pk", "state", "period", "starts_on", "ends_on", "due_on", "slot", "withdrawn_in", "report")
    return list(items), list(rows)
