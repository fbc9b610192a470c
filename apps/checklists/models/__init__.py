"""Models of checklists, one file a subject."""

from apps.checklists.models.lists import Checklist, Item
from apps.checklists.models.occurrences import Occurrence, Slot
from apps.checklists.models.reports import Evidence, Report, Review

__all__ = ["Checklist", "Evidence", "Item", "Occurrence", "Report", "Review", "Slot"]
