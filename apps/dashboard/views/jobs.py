from django.shortcuts import render
from django.urls import reverse

from apps.core.access import LOGGED_IN, requires
from apps.core.errors import NotVisible
from apps.core.jobs import STOPPED, is_silent
from apps.core.models import Job

BACK = {"publish": "admin:publish_year", "apply": "admin:catalogue_draft_list",
        "settle": "admin:calendar", "roster": "admin:roster", "verify": "admin:audit"}


@requires(LOGGED_IN, is_polled=True)
def job(request, pk: int):
    """Progress of a task that this person started; the bar alone for htmx."""
    found = Job.objects.of(request.user).filter(pk=pk).first()
    if found is None:
        raise NotVisible("没有这项后台事项。")
    template = "dashboard/_job.html" if request.htmx else "dashboard/job.html"
    return render(request, template, {"job": {
        "title": found.title, "done": found.done, "total": found.total,
        "width": str(round(100 * found.done / found.total, 1)) if found.total else "0",
        "is_running": found.state == Job.State.RUNNING and not is_silent(found),
        "is_failed": found.state == Job.State.FAILED or is_silent(found),
        "message": found.message or (STOPPED if is_silent(found) else ""),
        "back_url": reverse(BACK[found.kind]),
    }})
