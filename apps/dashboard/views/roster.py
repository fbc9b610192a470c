"""Organisations, people and posts by Excel (/admin/roster/)."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.checklists.forms import TakesRefusals
from apps.checklists.views.papers import attachment
from apps.core import spreadsheets
from apps.core.access import requires
from apps.core.errors import Conflict, Invalid, NotVisible
from apps.dashboard import roster_page
from apps.dashboard.tasks import start_roster
from apps.organizations.models import Roster
from apps.organizations.permissions import Permission
from apps.organizations.roster import apply as rosters
from apps.organizations.roster import sheets

MOST_FILES = 3


class FilesInput(forms.ClearableFileInput):
    """Several files in one field: a sheet a file where it is CSV."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """All files of the field."""

    widget = FilesInput

    def clean(self, data, initial=None):
        """A list of uploads; ValidationError for none or too many."""
        uploads = data if isinstance(data, list) else [data] if data else []
        if not uploads:
            raise forms.ValidationError("请选一个文件。")
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(f"一次最多{MOST_FILES}个文件。")
        return uploads


class RosterForm(TakesRefusals, forms.Form):
    """The file to be checked."""

    files = FilesField(
        label="名册文件", help_text="一个.xlsx，或者最多三个CSV。最大10 MB、5000行。",
        widget=FilesInput(attrs={"class": "fz-input", "accept": ".xlsx,.csv"}))


@requires(Permission.ACCOUNT_EDIT)
def roster(request):
    """The template, the export, and where a file is handed in."""
    return home(request, RosterForm())


@requires(Permission.ACCOUNT_EDIT)
@require_POST
def roster_check(request):
    """Read the file and go to what it would do."""
    form = RosterForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            made = rosters.check(uploads=form.cleaned_data["files"], by=request.user)
            return redirect("admin:roster_detail", pk=made.pk)
        except Invalid as refusal:
            form.add_error("files", refusal.message)
    return home(request, form)


@requires(Permission.ACCOUNT_EDIT)
def roster_detail(request, pk: int):
    """What the check said, refusals first."""
    page = roster_page.detail(own(request, pk), request.GET.get("show", ""),
                              request.GET.get("page", ""))
    return render(request, "admin/roster_detail.html", {
        **admin.site.each_context(request), "title": "名册检查结果", **page})


@requires(Permission.ACCOUNT_EDIT)
def roster_result(request, pk: int):
    """The same as a sheet, one line a row."""
    return excel(sheets.checked(own(request, pk)), "名册检查结果")


@requires(Permission.ACCOUNT_EDIT)
@require_POST
def roster_apply(request, pk: int):
    """Write it as a task with progress."""
    found = own(request, pk)
    try:
        return redirect("dashboard:job", pk=start_roster(roster=found, by=request.user).pk)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
        return redirect("admin:roster_detail", pk=pk)


@requires(Permission.ACCOUNT_EDIT)
@require_POST
def roster_passwords(request, pk: int):
    """The one-time passwords of the new accounts, in this answer and nowhere else."""
    found = own(request, pk)
    try:
        given = rosters.fetch(roster=found, by=request.user)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
        return redirect("admin:roster_detail", pk=pk)
    return excel(sheets.passwords(found, given), "一次性密码")


@requires(Permission.ACCOUNT_EDIT)
def roster_template(request):
    """An empty roster with explanations and drop-downs."""
    return excel(sheets.template(), "名册模板")


@requires(Permission.ACCOUNT_EDIT)
def roster_export(request):
    """What stands, in the same columns."""
    return excel(sheets.export(by=request.user), "名册")


def home(request, form):
    """The first page of the roster."""
    return render(request, "admin/roster.html", {
        **admin.site.each_context(request), "title": "名册", "form": form,
        "recent": roster_page.recent(request.user)})


def own(request, pk: int) -> Roster:
    """A roster that this person has checked. Raises NotVisible."""
    found = Roster.objects.of(request.user).select_related("job").filter(pk=pk).first()
    if found is None:
        raise NotVisible("没有这份名册，或者不是您检查的。")
    return found


def excel(file, title: str):
    """A workbook under its Chinese name."""
    return attachment(file, sheets.file_name(title), spreadsheets.CONTENT_TYPE)
