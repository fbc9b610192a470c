"""Close a year of lists (封账) and open it again.

Until then last year's reports can be filed late. From then on what was not reported is
not done (未履行); reviewers may still accept what has come in.
"""

from datetime import date

from django.conf import settings

from apps.checklists.models import Checklist, ListYear, Occurrence
from apps.core.act import SYSTEM, act
from apps.core.calendar import today
from apps.core.errors import NotAllowed
from apps.core.workflow import advance
from apps.duties.models import committee
from apps.organizations.permissions import Permission


def closes_on(year: int) -> date:
    """The last day on which the lists of `year` can be filed (setting YEAR_CLOSES_ON)."""
    month, day = settings.YEAR_CLOSES_ON
    return date(year + 1, month, day)


def close(*, year: int, by, seen: int | None = None) -> ListYear:
    """Close `year`. Raises NotAllowed without the right, Conflict while it runs or when it
    is closed already."""
    with act(by=by):
        _ensure_may_close(by)
        row, _is_new = ListYear.objects.get_or_create(year=year)
        return advance(row, "close", by=by, seen=seen, undone=undone(year).count())


def reopen(*, year: int, by, reason: str, seen: int | None = None) -> ListYear:
    """Open `year` again, with a reason; it stays open until somebody closes it."""
    with act(by=by):
        _ensure_may_close(by)
        row, _is_new = ListYear.objects.get_or_create(year=year)
        return advance(row, "reopen", by=by, seen=seen, note=reason)


def undone(year: int):
    """What is or was still to be reported of `year`."""
    return Occurrence.unscoped.to_do().filter(item__checklist__year=year)


def close_due() -> list[int]:
    """Close, as the system, the years whose last day has passed; returns them. A year that
    somebody has opened again waits for him."""
    years = set(Checklist.unscoped.filter(year__lt=today().year).values_list("year", flat=True))
    held = {row.year: row for row in ListYear.objects.filter(year__in=years)}
    closed = []
    for year in sorted(years):
        row = held.get(year)
        is_settled = row and (row.state == ListYear.State.CLOSED or row.is_reopened)
        if not is_settled and closes_on(year) < today():
            close(year=year, by=SYSTEM)
            closed.append(year)
    return closed


def _ensure_may_close(by) -> None:
    root = committee()
    if root is None or not by.may(Permission.YEAR_CLOSE, at=root.path):
        raise NotAllowed("清单年度由工委管理员封账和重新打开。")
