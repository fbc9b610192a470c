"""What the daily timer does for checklists. It only catches up: lateness is never written."""

from datetime import date

from apps.checklists.models import Checklist
from apps.checklists.services import due_dates, publishing, reporting, reviewing
from apps.core.act import SYSTEM


def run(day: date) -> dict[str, int]:
    """Lists of units that came later, provisional dates that are now settled, and waiting
    reports whose holder or reviewers have left. Safe to run twice."""
    newest = (Checklist.unscoped.filter(year=day.year).select_related("version")
              .order_by("-version").first())
    made = publishing.Made()
    if newest:
        made = publishing.publish(version=newest.version, year=day.year, by=SYSTEM)
    return {
        "tasks": made.tasks,
        # The last dates of a year lie in the January of the next.
        "settled": sum(due_dates.settle(year=y, by=SYSTEM) for y in (day.year - 1, day.year)),
        "released": reporting.release(by=SYSTEM),
        "rerouted": reviewing.reroute(by=SYSTEM),
    }
