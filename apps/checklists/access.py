"""How a view gets at a row: visible in the person's scope, or not there."""

from apps.checklists.models import (
    AdHocTask,
    Checklist,
    Item,
    Occurrence,
    Petition,
    with_doors,
)
from apps.checklists.services import nudging, reporting
from apps.core.scoping import get_visible_or_404
from apps.organizations.permissions import Permission


def visible_task(request, pk: int) -> Occurrence:
    """A task that the person may read; NotVisible otherwise."""
    rows = with_doors(Occurrence.unscoped.for_page()).annotate(**nudging.latest())
    return get_visible_or_404(rows, request.user, for_=Permission.CHECKLIST_VIEW, pk=pk)


def fillable_task(request, pk: int) -> Occurrence:
    """A task that the person may fill in; NotVisible outside the scope, NotAllowed inside."""
    task = visible_task(request, pk)
    reporting.ensure_may_fill(task, request.user)
    return task


def visible_list(request, pk: int) -> Checklist:
    """A list that the person may read."""
    return get_visible_or_404(Checklist.unscoped.for_page(), request.user,
                              for_=Permission.CHECKLIST_VIEW, pk=pk)


def visible_item(request, pk: int) -> Item:
    """An item of a list that the person may read."""
    rows = Item.unscoped.select_related("duty", "checklist__organization", "checklist__holder")
    return get_visible_or_404(rows, request.user, for_=Permission.CHECKLIST_VIEW, pk=pk)


def visible_petition(request, pk: int) -> Petition:
    """A petition that the person may read: his lists' and those addressed to his place."""
    return get_visible_or_404(Petition.unscoped.for_page(), request.user,
                              for_=Permission.CHECKLIST_VIEW, pk=pk)


def visible_ad_hoc(request, pk: int) -> AdHocTask:
    """A task that was sent and that the person manages."""
    rows = AdHocTask.unscoped.select_related("duty__chapter", "sent_by", "organization")
    return get_visible_or_404(rows, request.user, for_=Permission.TASK_SEND, pk=pk)
