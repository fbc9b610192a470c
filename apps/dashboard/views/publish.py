from django import forms
from django.contrib import admin
from django.shortcuts import redirect, render

from apps.checklists.tasks import start_publishing
from apps.core.access import requires
from apps.core.calendar import today
from apps.core.dates import moment_label
from apps.core.errors import Conflict
from apps.core.models import Job
from apps.dashboard import year_page
from apps.duties.models import CatalogueVersion
from apps.organizations.permissions import Permission


class VersionField(forms.ModelChoiceField):
    """A catalogue, by its title; a new one is published together with the lists."""

    def label_from_instance(self, version) -> str:
        """Title, code, and what the act will do to a version that is still open."""
        is_new = version.state == CatalogueVersion.State.LOADED
        return f"{version.title}（{version.code}{'，下发后不再改动' if is_new else ''}）"


class PublishForm(forms.Form):
    """Which catalogue for which year."""

    version = VersionField(
        CatalogueVersion.objects.order_by("-year", "-code"),
        label="责任目录", empty_label=None,
        error_messages={"required": "请选一个责任目录。", "invalid_choice": "没有这个责任目录。"})
    year = forms.IntegerField(
        label="年度",
        error_messages={"required": "请填年度。", "invalid": "年度要填数字，如2026。"})

    def clean_year(self) -> int:
        """This year or the next: nobody owes a list of the past or of the far future."""
        year = self.cleaned_data["year"]
        if year not in (today().year, today().year + 1):
            raise forms.ValidationError(f"只能下发{today().year}年和{today().year + 1}年的清单。")
        return year


@requires(Permission.CHECKLIST_PUBLISH)
def publish_year(request):
    """Publish a year's lists as a task with progress."""
    form = PublishForm(request.POST or None, initial={"year": proposed(request)})
    if request.method == "POST" and form.is_valid():
        try:
            job = start_publishing(by=request.user, **form.cleaned_data)
            return redirect("dashboard:job", pk=job.pk)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
    jobs = Job.objects.filter(kind="publish").select_related("created_by").order_by("-pk")[:10]
    return render(request, "admin/publish.html", {
        **admin.site.each_context(request), "title": "下发清单", "form": form,
        "coming": year_page.coming(request.user),
        "jobs": [{"title": job.title, "is_mine": job.created_by_id == request.user.pk,
                  "state": job.get_state_display(), "pk": job.pk,
                  "message": job.message, "when": moment_label(job.created_at),
                  "by": job.created_by.name if job.created_by else "系统"} for job in jobs],
    })


def proposed(request) -> int:
    """The year that the page of years asked for, else this one."""
    return today().year + (request.GET.get("year") == str(today().year + 1))
