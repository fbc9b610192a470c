"""The years of lists, as the committee closes and begins them (/admin/years/)."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect, render

from apps.checklists.forms import TakesRefusals
from apps.checklists.models import Checklist, ListYear
from apps.checklists.services import years
from apps.core.access import requires
from apps.core.errors import Invalid, NotVisible
from apps.core.workflow import obstacle
from apps.dashboard import year_page
from apps.organizations.permissions import Permission


class ReasonForm(TakesRefusals, forms.Form):
    """Why a closed year is opened again."""

    reason = forms.CharField(
        label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写一句重新打开的理由。",
                        "max_length": "理由太长了，请写在200字以内。"})
    seen = forms.IntegerField(widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """Which version of the year the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


@requires(Permission.YEAR_CLOSE)
def year_list(request):
    """Every year with its figures; how to close one and to begin the next."""
    return render(request, "admin/year_list.html", {
        **admin.site.each_context(request), "title": "清单年度",
        "years": year_page.rows(request.user), "coming": year_page.coming(request.user)})


@requires(Permission.YEAR_CLOSE)
def year_close(request, year: int):
    """封账, after a look at what is left."""
    held = ready(request.user, year, "close")
    form = SeenForm(request.POST or None, initial={"seen": held.version})
    if request.method == "POST":
        form.is_valid()
        years.close(year=year, by=request.user, seen=form.cleaned_data.get("seen", -1))
        messages.info(request, f"{year}年度已封账。")
        return redirect("admin:year_list")
    [row] = [each for each in year_page.rows(request.user) if each["year"] == year]
    return render(request, "admin/year_close.html", {
        **admin.site.each_context(request), "title": f"把{year}年度封账", "row": row,
        "form": form})


@requires(Permission.YEAR_CLOSE)
def year_reopen(request, year: int):
    """Open a closed year again, with a reason."""
    held = ready(request.user, year, "reopen")
    form = ReasonForm(request.POST or None, initial={"seen": held.version})
    if request.method == "POST" and form.is_valid():
        try:
            years.reopen(year=year, by=request.user, **form.cleaned_data)
            messages.info(request, f"{year}年度已重新打开，办完请再封账。")
            return redirect("admin:year_list")
        except Invalid as refusal:
            form.take(refusal)
    return render(request, "admin/year_reopen.html", {
        **admin.site.each_context(request), "title": f"重新打开{year}年度", "year": year,
        "form": form})


def ready(user, year: int, step: str) -> ListYear:
    """The year, when it has lists and `step` can be taken; raises what stands in the way."""
    lists = Checklist.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    if not lists.filter(year=year).exists():
        raise NotVisible(f"没有{year}年度的清单。")
    held = ListYear.objects.filter(year=year).first() or ListYear(year=year)
    problem = obstacle(held, step, user)
    if problem:
        raise problem
    return held
