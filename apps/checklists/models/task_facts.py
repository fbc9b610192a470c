from datetime import date
from functools import cached_property
from typing import Any

from apps.checklists.models.years import ListYear


class TaskFacts:
    """What follows from the columns of an Occurrence: whose it is, what counts, what is late."""

    item: Any
    organization: Any
    report: Any
    due_on: date
    correct_by: date | None
    first_filed_on: date | None
    is_confirmed: bool

    @property
    def audit_parent(self):
        return self.item.checklist

    @property
    def audit_path(self) -> str:
        return self.organization.path

    @property
    def deadline_on(self):
        """The day that counts now: the date of correction once returned, else the due date."""
        return self.correct_by or self.due_on

    @property
    def holder_id(self) -> int | None:
        return self.item.checklist.holder_id

    @property
    def drafted_by_id(self) -> int | None:
        return self.report.drafted_by_id if self.report else None

    @property
    def confirmed_by_id(self) -> int | None:
        return self.report.confirmed_by_id if self.report else None

    @property
    def own(self) -> set[int]:
        """Those to whom this report is their own: drafter, confirmer and holder."""
        return {self.drafted_by_id, self.confirmed_by_id, self.holder_id} - {None}

    @cached_property
    def is_year_open(self) -> bool:
        """Whether the year of its list is not closed (封账). A running year never is."""
        return ListYear.objects.is_open(self.item.checklist.year)

    @property
    def awaits_confirmation(self) -> bool:
        return not self.is_confirmed

    @property
    def is_filed_late(self) -> bool:
        """First filed after the due date (迟报): a mark, not a colour."""
        return self.first_filed_on is not None and self.first_filed_on > self.due_on
