from django.shortcuts import redirect, render

from apps.checklists import list_page, pages
from apps.checklists.access import visible_list
from apps.checklists.models import Checklist
from apps.core.access import requires
from apps.organizations.permissions import Permission


@requires(Permission.CHECKLIST_VIEW)
def checklist_list(request):
    """The lists that this person fills in and reads; a single one opens at once."""
    own = list_page.own_lists(request.user)
    below = list_page.lists_below(request.user, own)
    if len(own) == 1 and not below:
        return redirect("checklists:checklist_detail", pk=own[0].pk)
    rows = list_page.list_rows(own)
    return render(request, "checklists/checklist_list.html", {"lists": rows, "below": below})


@requires(Permission.CHECKLIST_VIEW)
def checklist_detail(request, pk: int):
    """One list by chapters."""
    checklist = visible_list(request, pk)
    page = list_page.page(checklist, request.user, chosen=request.GET.get("state", ""))
    return render(request, "checklists/checklist_detail.html", page)


@requires(Permission.CHECKLIST_VIEW)
def checklist_history(request, pk: int):
    """What was done to a list and its tasks."""
    checklist: Checklist = visible_list(request, pk)
    return render(request, "checklists/history.html", {
        "title": str(checklist), "events": pages.list_history(checklist),
        "back_url": request.path.removesuffix("history/"),
    })
