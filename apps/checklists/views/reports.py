from uuid import UUID

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.checklists import pages, petition_pages, reviewers
from apps.checklists.access import fillable_task
from apps.checklists.forms import ReportForm
from apps.checklists.services import reporting
from apps.checklists.states import Day
from apps.core import drafts
from apps.core.access import requires
from apps.core.dates import moment_label
from apps.core.errors import Conflict, Invalid
from apps.core.files import ACCEPT, CLASSIFIED, has_secret_mark, store
from apps.core.files.names import clean_name
from apps.duties.models import Duty
from apps.organizations.permissions import Permission


@requires(Permission.REPORT_FILL)
def report_submit(request, pk: int):
    """The report form. What was typed and uploaded is kept before anything is judged."""
    task = fillable_task(request, pk)
    draft = drafts.load(user=request.user, target=task)
    if request.method != "POST":
        if task.state not in (task.State.OPEN, task.State.RETURNED):
            return redirect("checklists:task", pk=pk)
        return form_page(request, task, ReportForm.fresh(task, draft), draft)
    form = ReportForm(request.POST, duty=task.item.duty)
    draft, errors = keep(request, task, form)
    for sentence in errors:
        form.add_error("files", sentence)
    if form.is_valid():
        try:
            row = reporting.submit(occurrence=task, by=request.user, **form.answers())
        except Invalid as refusal:
            form.take(refusal)
        except Conflict as refusal:
            refusal.message += "您写的内容还在草稿里，可以对照着看。"
            raise
        else:
            messages.info(request, submitted_sentence(row))
            return redirect("checklists:task", pk=pk)
    return form_page(request, task, form, draft)


@requires(Permission.REPORT_FILL)
@require_POST
def draft_save(request, pk: int):
    """Keep what is being typed; answers with the time and with who else is typing."""
    task = fillable_task(request, pk)
    form = ReportForm(request.POST, duty=task.item.duty)
    draft, errors = keep(request, task, form)
    refused = CLASSIFIED if any(map(has_secret_mark, form.typed().values())) else ""
    if request.headers.get("X-Requested-With") != "fetch":
        messages.info(request, f"{task}的草稿已保存。")
        for sentence in filter(None, (*errors, refused)):
            messages.warning(request, sentence)
        return redirect("dashboard:todo")
    answer = {"saved": saved_label(draft) if draft else "", "others": others_label(request, task)}
    return JsonResponse(answer | ({"refused": refused} if refused else {}))


def keep(request, task, form: ReportForm):
    """Write the draft and store uploaded files; returns the draft and sentences of bad files."""
    key = request.POST.get("submit_key", "")
    if reporting.is_submitted(task, by=request.user, submit_key=valid_key(key)):
        return None, []
    draft = reporting.keep_draft(occurrence=task, by=request.user, data=form.typed(),
                                 submit_key=valid_key(key))
    errors = []
    for upload in request.FILES.getlist("files"):
        try:
            drafts.add_file(draft=draft, file=store(upload, by=request.user))
        except Invalid as refusal:
            errors.append(f"{clean_name(upload.name)}：{refusal.message}")
    return draft, errors


def form_page(request, task, form, draft):
    """The form with its task, draft files, reasons and doors."""
    duty, evidence = task.item.duty, Duty.Evidence
    return render(request, "checklists/report_form.html", {
        "task": pages.head(task, Day.now()), "form": form, "reasons": pages.reasons(duty),
        "files": draft_files(draft), "carried": carried_files(task, draft),
        "returned": pages.returned(task), **petition_pages.beside(task, request.user),
        "previous_words": pages.previous_words(task),
        "saved_label": saved_label(draft) if draft else "",
        "others_label": others_label(request, task),
        "submit_label": submit_label(task, request.user),
        "asks": {"words": True, "number": duty.evidence == evidence.NUMBER,
                 "file": duty.evidence in (evidence.NUMBER, evidence.FILE),
                 "accept": ACCEPT,
                 "words_required": duty.evidence == evidence.WORDS,
                 "evidence_hint": pages.ASKS[duty.evidence]},
        "urls": {name: reverse(f"checklists:{view}", args=[task.pk]) for name, view in (
            ("draft", "draft_save"), ("upload", "draft_file_add"), ("back", "task"),
            ("history", "task_history"))},
    })


def carried_files(task, draft) -> list[dict]:
    """Files of the returned version that go along as long as nothing was typed."""
    return [{"name": file.name, "size_label": file.size_label}
            for file in (reporting.carried(task) if draft is None else [])]


def draft_files(draft) -> list[dict]:
    """Files uploaded so far."""
    if draft is None:
        return []
    return [file_row(each) for each in draft.files.select_related("file", "draft").order_by("pk")]


def file_row(each) -> dict:
    """One uploaded file as the page and the script show it."""
    return {
        "id": each.pk, "name": each.file.name, "size_label": each.file.size_label,
        "remove_url": reverse("checklists:draft_file_remove",
                              args=[each.draft.target_id, each.pk]),
        "preview_url": reverse("checklists:draft_file_preview", args=[each.pk])
        if each.file.preview_path else "",
    }


def submit_label(task, user) -> str:
    """To whom the button sends it."""
    checklist = task.item.checklist
    if checklist.holder_id not in (None, user.pk):
        return f"提交给{checklist.holder.name}确认"
    place = reviewers.reviewer(checklist, task.item.duty, own={user.pk})
    if place is None:
        return "提交"
    is_unit = place.kind == place.Kind.UNIT
    return f"提交给{place.short_name if is_unit else place.get_kind_display()}"


def submitted_sentence(row) -> str:
    """What happened; whose turn it is now stands on the page itself."""
    if row.state == row.State.ACCEPTED:
        return f"已提交{row}。这一项备查，材料齐全，不用等审核。"
    return f"已提交{row}。"


def saved_label(draft) -> str:
    """When the draft was written down."""
    return f"草稿已保存，{moment_label(draft.saved_at).split()[-1]}"


def others_label(request, task) -> str:
    """Who else has typed here within the last half hour."""
    found = drafts.others(user=request.user, target=task)
    names = "、".join(
        f"{each.user.name}（{moment_label(each.saved_at).split()[-1]}）" for each in found)
    return f"{names}也在填这一项，先提交的为准。" if names else ""


def valid_key(text: str):
    """The submit key of the form, or None when it was tampered with."""
    try:
        return UUID(text)
    except ValueError:
        return None
