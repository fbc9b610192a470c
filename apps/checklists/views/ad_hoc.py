"""Pages of 临时任务 in the admin: the list, sending, one task with its units, withdrawal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.checklists import outstanding, pages
from apps.checklists.access import visible_ad_hoc
from apps.checklists.ad_hoc_forms import AskForm, NudgeForm, OpeningForm, UnitsForm, WithdrawForm
from apps.checklists.desk import ADMIN
from apps.checklists.models import AdHocTask, Checklist, Occurrence
from apps.checklists.services import ad_hoc
from apps.checklists.services.ad_hoc import Preview
from apps.checklists.states import Day, badge
from apps.checklists.unreported import Chosen, Table
from apps.checklists.views.acts import refuse_unless_open
from apps.core.access import requires
from apps.core.calendar import today
from apps.core.dates import day_label, moment_label, weekday_label
from apps.core.errors import Conflict, Invalid
from apps.core.workflow import obstacle
from apps.duties.models import Duty
from apps.organizations.permissions import Permission

State = Occurrence.State
PAGE = 50


@requires(Permission.TASK_SEND)
def ad_hoc_list(request):
    """The tasks that were sent, the latest first, with how far they are."""
    sent = AdHocTask.objects.visible_to(request.user, for_=Permission.TASK_SEND)
    sent = sent.select_related("duty", "sent_by").order_by("-pk")
    page = Paginator(sent, PAGE).get_page(request.GET.get("page"))
    counts = counted(request.user, [task.key for task in page.object_list])
    return render(request, "checklists/ad_hoc_list.html", {
        "tasks": [list_row(task, counts.get(task.key, {})) for task in page.object_list],
        "pager": outstanding.pager(page, Chosen())})


def counted(user, keys: list[str]) -> dict[str, dict]:
    """How many tasks each key has opened, and how many are reported, excused, waiting."""
    rows = Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    rows = rows.filter(opened_by__in=keys).values("opened_by").annotate(
        all=Count("pk"), filed=Count("pk", filter=Q(state__in=[State.SUBMITTED, State.ACCEPTED])),
        excused=Count("pk", filter=Q(state=State.EXCUSED)))
    return {row["opened_by"]: row for row in rows}


def list_row(task: AdHocTask, counts: dict) -> dict:
    """One sent task, preformatted."""
    filed, total = counts.get("filed", 0), counts.get("all", 0)
    return {"title": task.title, "code": task.duty.code, "basis": task.basis,
            "url": reverse("admin:ad_hoc_detail", args=[task.pk]),
            "is_withdrawn": task.state == AdHocTask.State.WITHDRAWN,
            "sent": f"{task.sent_by.name} {moment_label(task.sent_at)}",
            "filed": filed, "total": total, "left": total - filed - counts.get("excused", 0)}


@requires(Permission.TASK_SEND)
def ad_hoc_new(request):
    """Ask units for something new."""
    return compose(request, AskForm, {}, {"title": "下发临时任务", "is_new": True})


@requires(Permission.TASK_SEND)
def ad_hoc_open(request):
    """Open a duty on event of the catalogue for chosen units."""
    versions = Checklist.objects.visible_to(request.user, for_=Permission.TASK_SEND).filter(
        year=today().year).values("version")
    duties = Duty.objects.filter(
        version__in=versions, cadence=Duty.Cadence.ON_EVENT).exclude(
        subject=Duty.Subject.COMMITTEE).in_order()
    return compose(request, OpeningForm, {"duties": duties},
                   {"title": "登记各单位都要办的事", "is_new": False})


def compose(request, form_class, options: dict, page: dict):
    """Fill in, tick by filters, preview, send: one page whose typed words stay throughout."""
    step, preview, shown = request.POST.get("step"), None, ""
    form = form_class(request.POST if step and step != "pick" else None, user=request.user,
                      initial=ticked(request) if step == "pick" else None, **options)
    if form.is_bound and form.is_valid():
        try:
            sending = {"ask": form.ask(), "units": [u.pk for u in form.cleaned_data["units"]],
                       "by": request.user}
            preview = ad_hoc.preview(**sending)
            shown = fingerprint(preview, sending["ask"])
            if step == "send" and form.cleaned_data["shown"] == shown and preview.shares:
                return sent(request, ad_hoc.send(**sending), preview)
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return render(request, "checklists/ad_hoc_new.html", {
        **page, "form": form, "fields": fields(form), "shown": shown,
        "is_changed": step == "send" and preview is not None,
        "preview": preview_cells(preview) if preview else None})


def sent(request, task: AdHocTask, preview: Preview):
    """To the page of the task, with what was sent."""
    messages.info(request, f"已下发《{task.title}》：{len(preview.shares)}个单位，"
                           f"{preview.entries}项。")
    return redirect("admin:ad_hoc_detail", pk=task.pk)


def ticked(request) -> dict:
    """What was typed, with the units ticked that meet the filters."""
    picked = UnitsForm(request.POST, user=request.user)
    picked.is_valid()
    found = ad_hoc.choose(by=request.user, **picked.filters())
    typed = {name: values[-1] for name, values in request.POST.lists()}
    return typed | {"facts": request.POST.getlist("facts"),
                    "units": [each.unit.pk for each in found]}


def fields(form) -> dict:
    """The fields of the page by section: what is asked, and the filters."""
    asked = [field for field in form.visible_fields() if field.name not in UnitsForm.base_fields]
    return {"asked": asked, "filters": [form["shape"], form["officer"]], "facts": form["facts"],
            "units": form["units"]}


def fingerprint(preview: Preview, ask) -> str:
    """What must still be so when it is sent: the load that was shown."""
    units = "-".join(str(share.unit.pk) for share in preview.shares)
    return f"{units}:{preview.entries}:{preview.minutes}:{ask.due_on}"


def preview_cells(preview: Preview) -> dict:
    """The load, preformatted."""
    return {
        "lead": f"{len(preview.shares)}个单位，共{preview.entries}项，"
                f"合计约{span(preview.minutes)}。",
        "rows": [{"name": share.unit.short_name, "entries": share.entries,
                  "lists": lists_label(share.lists), "minutes": span(share.minutes),
                  "open_now": share.open_now} for share in preview.shares],
        "skipped": "、".join(unit.short_name for unit in preview.skipped),
        "warnings": preview.warnings, "can_send": bool(preview.shares),
        "send_label": f"下发给{len(preview.shares)}个单位",
    }


def lists_label(lists) -> str:
    """Whose list gets it."""
    if len(lists) > 1:
        return f"{lists[0].get_subject_display()}{len(lists)}份清单"
    return lists[0].bearer


def span(minutes: int) -> str:
    """150 -> 2小时30分钟."""
    hours, rest = divmod(minutes, 60)
    return "".join((f"{hours}小时" if hours else "", f"{rest}分钟" if rest or not hours else ""))


@requires(Permission.TASK_SEND)
def ad_hoc_detail(request, pk: int):
    """One task: what was asked, who has not reported, who has and when."""
    task = visible_ad_hoc(request, pk)
    table = Table(request.user, Chosen(task=task.key))
    rows = Occurrence.objects.visible_to(request.user, for_=Permission.CHECKLIST_VIEW)
    rows = rows.filter(opened_by=task.key).for_page().order_by("organization__path", "pk")
    done = [row for row in rows if row.state not in (State.OPEN, State.RETURNED)]
    return render(request, "checklists/ad_hoc_detail.html", {
        "task": detail(task, rows), "form": NudgeForm(),
        "table": outstanding.parts(request, ADMIN, table, NudgeForm()),
        "done": [done_row(row, table.day) for row in done],
        "withdraw_url": reverse("admin:ad_hoc_withdraw", args=[task.pk])
        if obstacle(task, "withdraw", request.user) is None else ""})


def detail(task: AdHocTask, rows) -> dict:
    """What was asked, preformatted."""
    duty, first = task.duty, next(iter(rows), None)
    due = f"{day_label(first.due_on)} {weekday_label(first.due_on)}" if first else ""
    return {
        "title": task.title, "code": duty.code, "basis": task.basis, "duty": duty.title,
        "is_opening": duty.origin == Duty.Origin.CATALOGUE, "text": duty.text,
        "standard": duty.standard, "subject": duty.get_subject_display(), "due": due,
        "evidence": f"{pages.ASKS[duty.evidence]}。{duty.evidence_why}",
        "sent": f"{task.sent_by.name} {moment_label(task.sent_at)}下发",
        "withdrawn": task.withdrawn_reason if task.state == task.State.WITHDRAWN else "",
    }


def done_row(row: Occurrence, day: Day) -> dict:
    """One unit that has reported, or need not."""
    return {"name": row.item.checklist.bearer, "badge": badge(row, day),
            "when": day_label(row.first_filed_on) if row.first_filed_on else "",
            "url": reverse("checklists:task", args=[row.pk]),
            "label": "看填报" if row.report_id else "看任务"}


@requires(Permission.TASK_SEND)
def ad_hoc_withdraw(request, pk: int):
    """Take a task back, with a sentence that the units read."""
    task = visible_ad_hoc(request, pk)
    refuse_unless_open(task, "withdraw", request.user)
    form = WithdrawForm(request.POST or None, initial={"seen": task.version})
    if request.method == "POST" and form.is_valid():
        try:
            ad_hoc.withdraw(task=task, by=request.user, reason=form.cleaned_data["reason"],
                            seen=form.cleaned_data["seen"])
            messages.info(request, f"已撤回《{task.title}》。没有报的单位不用再报。")
            return redirect("admin:ad_hoc_detail", pk=pk)
        except Invalid as refusal:
            form.take(refusal)
    counts = counted(request.user, [task.key]).get(task.key, {})
    return render(request, "checklists/ad_hoc_withdraw.html", {
        "task": list_row(task, counts), "form": form,
        "back_url": reverse("admin:ad_hoc_detail", args=[pk])})
