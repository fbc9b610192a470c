"""Models of core, one file a subject."""

from apps.core.models.audit import AppendOnly, AuditEvent
from apps.core.models.calendar import CalendarYear, WorkingDay
from apps.core.models.drafts import Draft, DraftFile
from apps.core.models.files import StoredFile
from apps.core.models.jobs import Job

__all__ = [
    "AppendOnly",
    "AuditEvent",
    "CalendarYear",
    "Draft",
    "DraftFile",
    "Job",
    "StoredFile",
    "WorkingDay",
]
