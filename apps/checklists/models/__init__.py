"""Models of checklists, one file a subject."""

from apps.checklists.models.ad_hoc import AdHocTask, Nudge
from apps.checklists.models.adoption import Adoption
from apps.checklists.models.lists import Checklist, Item
from apps.checklists.models.occurrences import Occurrence, Slot
from apps.checklists.models.petitions import Petition, with_doors, with_item_doors
from apps.checklists.models.reports import Evidence, Report, Review
from apps.checklists.models.years import ListYear

__all__ = [
    "AdHocTask", "Adoption", "Checklist", "Evidence", "Item", "ListYear", "Nudge", "Occurrence",
    "Petition", "Report", "Review", "Slot", "with_doors", "with_item_doors",
]
