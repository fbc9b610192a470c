"""The audit for the 安全审计员 (/admin/audit/): search, export, the state of the chain."""

from django.contrib import admin, messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core import chain, spreadsheets
from apps.core.access import requires
from apps.core.act import act, record
from apps.core.calendar import now, today
from apps.core.dates import full_label, moment_label
from apps.dashboard import audit_page
from apps.dashboard.audit_page import MOST, SearchForm
from apps.organizations.permissions import Permission


@requires(Permission.AUDIT_VIEW)
def audit(request):
    """Search the events, the latest first."""
    form = SearchForm(request.GET)
    chosen = form.chosen if form.is_valid() else {}
    rows = audit_page.find(request.user, Permission.AUDIT_VIEW, chosen)
    query = {name: request.GET.get(name, "") for name in form.fields}
    return render(request, "admin/audit.html", {
        **admin.site.each_context(request), "title": "审计", "form": form,
        "state": audit_page.state(), "has_filter": any(query.values()),
        "query": [(name, value) for name, value in query.items() if value],
        **audit_page.page(rows, query, request.GET.get("before", ""))})


@requires(Permission.AUDIT_VIEW)
@require_POST
def audit_export(request):
    """The events that fit as an Excel file; that they left stands in the audit itself."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "没有导出：查找条件要改。")
        return redirect("admin:audit")
    last = chain.head()  # the export itself comes after what was asked for
    rows = audit_page.find(request.user, Permission.AUDIT_VIEW, form.chosen)
    rows = rows.filter(number__lte=last.number if last else 0)
    count = rows[:MOST + 1].count()
    if count > MOST:
        messages.warning(request, f"没有导出：超过{MOST}条，请缩小日期范围，分几次导出。")
        return redirect("admin:audit")
    with act(by=request.user):
        record("core.auditevent.export", None, count=count, chosen=form.words())
    return file_of(request, rows, count, form.words())


def file_of(request, rows, count: int, words: str) -> FileResponse:
    """The workbook, from the disk: it never stands in memory as a whole."""
    facts = [f"条件：{words}", f"共{count}条，{moment_label(now())}由{request.user.name}从方阵导出"]
    file = spreadsheets.table(title="审计记录", facts=facts, columns=audit_page.COLUMNS,
                              rows=audit_page.cells(rows), is_long=True)
    return FileResponse(file, as_attachment=True, content_type=spreadsheets.CONTENT_TYPE,
                        filename=f"审计记录{full_label(today())}.xlsx")


@requires(Permission.AUDIT_VIEW)
@require_POST
def audit_verify(request):
    """Check the chain from the first event to the last, as a task with progress."""
    job = chain.start(by=request.user)
    return redirect("dashboard:job", pk=job.pk)
