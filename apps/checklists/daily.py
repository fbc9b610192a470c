"""What the daily timer does for checklists. It only catches up: lateness is never written."""

from datetime import date

from apps.checklists.models import Checklist
from apps.checklists.services import (
    due_dates,
    events,
    petitioning,
    publishing,
    reporting,
    reviewing,
    succession,
    years,
)
from apps.core.act import SYSTEM
from apps.duties.models import CatalogueVersion


def run(day: date) -> dict[str, int]:
    """Lists of units that came later, tasks that appointments open, provisional dates that
    are now settled, lists of leaders whose term has ended, and waiting reports whose holder or
    reviewers have left. Safe to run twice."""
    made, standing = publishing.Made(), CatalogueVersion.objects.filter(
        pk__in=Checklist.unscoped.filter(year=day.year).values("version"))
    # Two: a change to another version was broken off, and goes on before anything is added.
    if len(standing) == 1:
        made = publishing.publish(version=standing[0], year=day.year, by=SYSTEM)
    return {
        "tasks": made.tasks,
        "pulled": events.pull(by=SYSTEM, day=day),
        "closed": len(years.close_due()),
        # The last dates of a year lie in the January of the next.
        "settled": sum(due_dates.settle(year=y, by=SYSTEM) for y in (day.year - 1, day.year)),
        "released": reporting.release(by=SYSTEM),
        "left": succession.settle_leavers(day=day, by=SYSTEM),
        "rerouted": reviewing.reroute(by=SYSTEM),
        "petitions_lapsed": petitioning.lapse(by=SYSTEM),
        "petitions_rerouted": petitioning.reroute(by=SYSTEM),
    }
