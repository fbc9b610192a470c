"""What is kept about oneself: to see, to correct, to take along (/me/data/)."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core import spreadsheets
from apps.core.access import LOGGED_IN, requires
from apps.core.calendar import today
from apps.core.errors import Conflict, Invalid
from apps.dashboard import my_data_page
from apps.dashboard.my_data_forms import CorrectionForm, PhoneForm
from apps.organizations.services import personal_data


@requires(LOGGED_IN)
def my_data(request):
    """Everything that is kept about this person, and why."""
    return show(request)


@requires(LOGGED_IN)
@require_POST
def my_data_phone(request):
    """Set or clear one's own work telephone."""
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            personal_data.set_phone(user=request.user, by=request.user, **form.cleaned_data)
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.info(request, "工作电话保存了。")
            return redirect("dashboard:my_data")
    return show(request, phone=form)


@requires(LOGGED_IN)
@require_POST
def my_data_correct(request):
    """Ask whoever keeps the accounts to put something right."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            personal_data.ask_correction(by=request.user, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.take(refusal)
        else:
            messages.info(request, "更正申请交上去了，答复会出现在这一页。")
            return redirect("dashboard:my_data")
    return show(request, correction=form)


@requires(LOGGED_IN)
@require_POST
def my_data_excel(request):
    """The file for reading."""
    personal_data.note_export(user=request.user, form="Excel", by=request.user)
    return file(my_data_page.as_excel(request.user), "xlsx", spreadsheets.CONTENT_TYPE)


@requires(LOGGED_IN)
@require_POST
def my_data_json(request):
    """The file for another programme."""
    personal_data.note_export(user=request.user, form="JSON", by=request.user)
    return file(my_data_page.as_json(request.user), "json", "application/json")


def file(content, extension: str, content_type: str) -> FileResponse:
    """A file to keep."""
    return FileResponse(content, as_attachment=True, content_type=content_type,
                        filename=f"我的信息{today():%Y%m%d}.{extension}")


def show(request, phone=None, correction=None):
    """The page with its two forms; the one that was refused keeps what was typed."""
    return render(request, "dashboard/my_data.html", {
        **my_data_page.page(request.user), "form": phone or correction,
        "phone_form": phone or PhoneForm(initial={"work_phone": request.user.work_phone}),
        "correction_form": correction or CorrectionForm()})
