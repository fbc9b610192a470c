from django.shortcuts import render
from django.urls import reverse

from apps.checklists import pages, petition_pages
from apps.checklists.access import visible_task
from apps.checklists.services import reporting
from apps.checklists.states import Day
from apps.core import drafts
from apps.core.access import requires
from apps.core.dates import moment_label
from apps.core.workflow import available
from apps.organizations.permissions import Permission

# Steps that have a page of their own for whoever reads a task; review has the desk.
PAGES = {
    "submit": ("checklists:report_submit", "填报"),
    "withdraw": ("checklists:report_withdraw", "撤回"),
    "confirm": ("checklists:confirm", "去确认"),
    "accept": ("checklists:review_detail", "去审核"),
}


@requires(Permission.CHECKLIST_VIEW)
def task(request, pk: int):
    """One task: what was reported, whose turn it is, what this person can do."""
    row = visible_task(request, pk)
    reports = pages.reports(row)
    return render(request, "checklists/task.html", {
        "task": pages.head(row, Day.now()),
        "report": reports[0] if reports else None,
        "reports": reports[1:],
        "returned": pages.returned(row),
        "waits_for": pages.waits_for(row),
        "reasons": pages.reasons(row.item.duty),
        "actions": actions(row, request.user),
        **petition_pages.beside(row, request.user),
        "unsent": unsent(row, request.user),
    })


def unsent(row, user) -> dict | None:
    """What this person typed while somebody else was quicker: it is still there to compare."""
    draft = drafts.load(user=user, target=row)
    if draft is None or row.state in (row.State.OPEN, row.State.RETURNED):
        return None
    return {"words": draft.data.get("words", ""),
            "document_number": draft.data.get("document_number", ""),
            "saved_label": moment_label(draft.saved_at)}


def actions(row, user) -> list[dict]:
    """Buttons of the steps that the person may take now."""
    found = []
    for name, _step in available(row, user):
        if name not in PAGES or (name == "submit" and not reporting.may_fill(row, user)):
            continue
        url_name, label = PAGES[name]
        args = [] if name == "confirm" else [row.pk]
        found.append({"url": reverse(url_name, args=args), "label": label,
                      "is_primary": name != "withdraw"})
    return found


@requires(Permission.CHECKLIST_VIEW)
def task_history(request, pk: int):
    """What was done to a task, in sentences."""
    row = visible_task(request, pk)
    return render(request, "checklists/history.html", {
        "title": str(row), "events": pages.task_history(row),
        "back_url": reverse("checklists:task", args=[row.pk]),
    })
