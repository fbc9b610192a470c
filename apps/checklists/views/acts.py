"""Acts on a task that have a page of their own: withdraw, confirm, send back, open an event."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.checklists import pages
from apps.checklists.access import visible_item, visible_task
from apps.checklists.forms import EventForm, ReasonForm
from apps.checklists.models import Occurrence
from apps.checklists.services import events, reporting
from apps.checklists.states import Day
from apps.core.access import requires
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.scoping import get_visible_or_404
from apps.core.workflow import obstacle
from apps.organizations.permissions import Permission


def refuse_unless_open(task, step: str, user) -> None:
    """Raise what stands in the way of `step` before its page is shown."""
    problem = obstacle(task, step, user)
    if problem:
        raise problem


@requires(Permission.REPORT_FILL)
def report_withdraw(request, pk: int):
    """Take back a report that nobody has decided yet."""
    task = visible_task(request, pk)
    refuse_unless_open(task, "withdraw", request.user)
    if request.method == "POST":
        row = reporting.withdraw(occurrence=task, by=request.user, seen=seen(request, task))
        messages.info(request, f"已撤回{row}，写好的内容在草稿里。")
        return redirect("checklists:report_submit", pk=pk)
    return render(request, "checklists/report_withdraw.html", {
        "task": pages.head(task, Day.now()), "seen": task.version,
        "number": task.report.number, "back_url": reverse("checklists:task", args=[pk]),
    })


@requires(Permission.REPORT_CONFIRM)
def confirm(request):
    """Entries typed for this person; one button confirms all that are shown."""
    if request.method == "POST":
        return confirm_shown(request)
    waiting = Occurrence.objects.visible_to(request.user, for_=Permission.REPORT_CONFIRM)
    waiting = waiting.to_confirm(request.user).for_page().order_by("due_on", "pk")
    waiting = waiting.select_related("report__drafted_by", "report__confirmed_by")
    waiting = waiting.prefetch_related("report__evidence__file")
    rows = [confirm_row(task) for task in waiting]
    return render(request, "checklists/confirm.html", {"rows": rows, "count": len(rows)})


def confirm_row(task) -> dict:
    """One waiting entry with everything that the holder must see before he confirms."""
    return {
        "id": task.pk, "title": str(task), "organization": task.organization.name,
        "seen": task.version, **pages.report(task.report),
        "send_back_url": reverse("checklists:report_send_back", args=[task.pk]),
    }


def confirm_shown(request):
    """Confirm each entry that was on the page, in the version that was shown."""
    done, problems = 0, []
    for pk in request.POST.getlist("task"):
        if not pk.isdecimal():
            continue
        task = get_visible_or_404(Occurrence.unscoped.for_page(), request.user,
                                  for_=Permission.REPORT_CONFIRM, pk=pk)
        try:
            reporting.confirm(occurrence=task, by=request.user,
                              seen=int_or(request.POST.get(f"seen-{pk}"), -1))
            done += 1
        except Conflict as refusal:
            problems.append(refusal.message)
    messages.info(request, f"已确认{done}条，等审核。" if done else "没有确认任何一条。")
    for sentence in problems:
        messages.warning(request, sentence)
    return redirect("dashboard:todo")


@requires(Permission.REPORT_CONFIRM)
def report_send_back(request, pk: int):
    """Send an entry back to the clerk who typed it."""
    task = visible_task(request, pk)
    refuse_unless_open(task, "send_back", request.user)
    form = ReasonForm(request.POST or None, initial={"seen": task.version})
    if request.method == "POST" and form.is_valid():
        try:
            reporting.send_back(occurrence=task, by=request.user, reason=form.sentence(),
                                seen=form.cleaned_data["seen"])
            messages.info(request, f"已把{task}退回{task.report.drafted_by.name}。")
            return redirect("checklists:confirm")
        except Invalid as refusal:
            form.take(refusal)
    return render(request, "checklists/report_return.html", {
        "task": pages.head(task, Day.now()), "form": form, "report": pages.report(task.report),
        "back_url": reverse("checklists:confirm")})


@requires(Permission.REPORT_FILL)
def event_open(request, pk: int):
    """发生一次: open a task for something that happened."""
    item = visible_item(request, pk)
    if not events.may_open(item, request.user):
        raise NotAllowed("这一项不由您登记。", target=item)
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = events.open_event(item=item, by=request.user, **form.cleaned_data)
            messages.info(request, f"已登记{row}，{pages.when(row)}前填报。")
            return redirect("checklists:report_submit", pk=row.pk)
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return render(request, "checklists/event_open.html", {
        "item": item, "form": form, "reasons": pages.reasons(item.duty),
        "back_url": reverse("checklists:checklist_detail", args=[item.checklist_id])})


def seen(request, task) -> int:
    """The version that the page showed; anything unreadable counts as an old one."""
    return int_or(request.POST.get("seen"), -1)


def int_or(text: str | None, fallback: int) -> int:
    """A whole number that a page sent, or `fallback`."""
    return int(text) if text and text.isdecimal() else fallback
