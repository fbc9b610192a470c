from django.http import JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.checklists.access import fillable_task
from apps.checklists.forms import ReportForm
from apps.checklists.models import Evidence
from apps.checklists.views.reports import file_row, keep
from apps.core import drafts
from apps.core.access import requires
from apps.core.errors import NotVisible
from apps.core.files import as_attachment, as_preview
from apps.core.models import DraftFile
from apps.core.scoping import get_visible_or_404
from apps.organizations.permissions import Permission


@requires(Permission.REPORT_FILL)
@require_POST
def draft_file_add(request, pk: int):
    """Take files while the person types; each gets its own answer."""
    task = fillable_task(request, pk)
    before = drafts.load(user=request.user, target=task)
    known = {each.pk for each in before.files.all()} if before else set()
    draft, errors = keep(request, task, ReportForm(request.POST, duty=task.item.duty))
    added = draft.files.exclude(pk__in=known).select_related("file", "draft") if draft else []
    return JsonResponse({"files": [file_row(each) for each in added], "errors": errors})


@requires(Permission.REPORT_FILL)
@require_POST
def draft_file_remove(request, pk: int, file_pk: int):
    """Take a file off the draft again."""
    task = fillable_task(request, pk)
    draft, _errors = keep(request, task, ReportForm(request.POST, duty=task.item.duty))
    if draft:
        drafts.remove_file(draft=draft, pk=file_pk)
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"removed": True})
    return redirect("checklists:report_submit", pk=pk)


def own_draft_file(request, pk: int):
    """A file of the person's own draft."""
    found = DraftFile.objects.filter(draft__user=request.user, pk=pk).select_related("file").first()
    if found is None:
        raise NotVisible("没有找到这个文件。")
    return found.file


@requires(Permission.REPORT_FILL)
def draft_file(request, pk: int):
    """Download a file of one's own draft."""
    return as_attachment(own_draft_file(request, pk))


@requires(Permission.REPORT_FILL)
def draft_file_preview(request, pk: int):
    """The small picture of a file of one's own draft."""
    return as_preview(own_draft_file(request, pk))


def visible_evidence(request, pk: int):
    """A file of a report that the person may read."""
    return get_visible_or_404(Evidence.unscoped.select_related("file"), request.user,
                              for_=Permission.CHECKLIST_VIEW, pk=pk).file


@requires(Permission.CHECKLIST_VIEW)
def evidence(request, pk: int):
    """Download a file of a report."""
    return as_attachment(visible_evidence(request, pk))


@requires(Permission.CHECKLIST_VIEW)
def evidence_preview(request, pk: int):
    """The small picture of a file of a report."""
    return as_preview(visible_evidence(request, pk))
