"""Working days of a year, as the committee enters them (/admin/calendar/2027/)."""

from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.checklists.schedule import period_label
from apps.checklists.services import calendar_year
from apps.checklists.tasks import start_settling
from apps.core.access import requires
from apps.core.calendar import has_year, today
from apps.core.dates import day_label, weekday_label
from apps.core.errors import Conflict, Invalid, NotVisible
from apps.dashboard import calendar_page
from apps.dashboard.calendar_forms import DaysForm, LinesForm
from apps.organizations.permissions import Permission


@requires(Permission.CALENDAR_EDIT)
def calendar_home(request):
    """To the year that is still to be entered, else to this one."""
    years = (today().year, today().year + 1)
    return redirect("admin:working_days", year=next(
        (year for year in years if not has_year(year)), years[0]))


@requires(Permission.CALENDAR_EDIT)
def working_days(request, year: int):
    """Twelve months, and a form for a range of days."""
    form = DaysForm(request.POST or None, year=year)
    return enter(request, year, form=form, lines=LinesForm(year=year))


@requires(Permission.CALENDAR_EDIT)
def working_days_paste(request, year: int):
    """The same page, its box for pasted lines open."""
    lines = LinesForm(request.POST or None, year=year)
    return enter(request, year, form=DaysForm(year=year), lines=lines, is_pasting=True)


def enter(request, year: int, *, form, lines, is_pasting: bool = False):
    """Enter what was typed into the bound one of the two forms, or show it again."""
    ensure_offered(year)
    typed = lines if is_pasting else form
    if request.method == "POST" and typed.is_valid():
        try:
            messages.info(request, told(typed.save(by=request.user)))
            return redirect("admin:working_days", year=year)
        except Invalid as refusal:
            typed.take(refusal)
    return render(request, "admin/working_days.html", {
        **admin.site.each_context(request), "title": f"{year}年工作日", "form": form,
        "lines": lines, "is_pasting": is_pasting, "typed": typed, **calendar_page.page(year)})


@requires(Permission.CALENDAR_EDIT)
@require_POST
def working_days_load(request, year: int):
    """Add what the State Council's notice says."""
    try:
        seeded = calendar_year.load(year=year, by=request.user)
        messages.info(request, f"已按国务院通知装入{seeded.added}天，看过以后点“全年已录完”。")
    except Invalid as refusal:
        messages.warning(request, refusal.message)
    return redirect("admin:working_days", year=year)


@requires(Permission.CALENDAR_EDIT)
def working_days_settle(request, year: int):
    """Say that the year is complete, after seeing which dates then move."""
    ensure_offered(year)
    if request.method == "POST":
        try:
            return redirect("dashboard:job", pk=start_settling(year=year, by=request.user).pk)
        except (Conflict, Invalid) as refusal:
            messages.warning(request, refusal.message)
            return redirect("admin:working_days", year=year)
    found = calendar_page.changes(year)
    return render(request, "admin/working_days_settle.html", {
        **admin.site.each_context(request), "title": f"{year}年工作日录完", "year": year,
        "slots": len(found["slots"]), "moved": [
            {"title": slot.duty.title, "period": period_label(slot.period),
             "old": said(slot.due_on), "new": said(plan.due_on)}
            for slot, plan in found["moved"]]})


@requires(Permission.CALENDAR_EDIT)
@require_POST
def working_days_reopen(request, year: int):
    """Take it back that the year is complete, while no date rests on it."""
    calendar_year.unsettle(year=year, by=request.user)
    messages.info(request, f"{year}年的工作日改回没有录完。")
    return redirect("admin:working_days", year=year)


def ensure_offered(year: int) -> None:
    """Raise NotVisible for a year too far away."""
    if year not in calendar_year.years():
        raise NotVisible(f"这里没有{year}年的工作日。")


def said(day) -> str:
    """A date with its year where it is not this year's, and its weekday."""
    return f"{day_label(day)} {weekday_label(day)}"


def told(entered: calendar_year.Entered) -> str:
    """What an entry did, in a sentence."""
    rest = f"另有{entered.idle}天平常就是这样，没有录。" if entered.idle else ""
    return f"已记下{entered.changed}天。{rest}"
