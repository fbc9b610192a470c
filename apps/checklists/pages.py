"""Ready-made strings for pages: rows, task heads, reports, histories.

Cells are formatted here and not in the template, which is three times as fast.
"""

from django.db.models import Q
from django.urls import reverse

from apps.checklists import reviewers
from apps.checklists.lights import Light
from apps.checklists.models import Occurrence, Report, Review
from apps.checklists.services import nudging
from apps.checklists.states import Day, badge, door_badges
from apps.core import audit
from apps.core.calendar import today as this_day
from apps.core.dates import day_label, moment_label, weekday_label
from apps.core.models import AuditEvent
from apps.duties.models import Duty, Parameter

State = Occurrence.State
CHAPTER_NUMBERS = "〇一二三四五六"
ASKS = {
    Duty.Evidence.NONE: "只填日期",
    Duty.Evidence.WORDS: "几句话",
    Duty.Evidence.NUMBER: "文号或纪要编号，没有编号传文件也行",
    Duty.Evidence.FILE: "一份文件，拍照也行",
}


def when(task: Occurrence) -> str:
    """The date beside the badge."""
    label = f"{day_label(task.deadline_on)} {weekday_label(task.deadline_on)}"
    if task.state == State.RETURNED:
        is_past = task.deadline_on < this_day()
        return f"退回修改，应于{label}前改好" if is_past else f"改好后于{label}前再报"
    if task.state in (State.ACCEPTED, State.SUBMITTED) and task.first_filed_on:
        first = "首次" if task.report and task.report.number > 1 else ""
        return f"{day_label(task.first_filed_on)}{first}填报"
    return label


def row(task: Occurrence, day: Day, *, post: str = "", url_name: str = "checklists:task") -> dict:
    """A task as a row of the to-do page or of a list."""
    to_do = task.state in (State.OPEN, State.RETURNED)
    late = day.light(task) == Light.RED
    return {
        "url": reverse(url_name, args=[task.pk]),
        "title": str(task),
        "badge": badge(task, day), "doors": door_badges(task),
        "when": f"应于{day_label(task.deadline_on)} {weekday_label(task.deadline_on)}"
        if late and task.state == State.OPEN else when(task),
        "ask": ASKS[task.item.duty.evidence] if to_do else "",
        "quote": getattr(task, "return_reason", None) if task.state == State.RETURNED else "",
        "quote_by": getattr(task, "returned_by", None) or "",
        "nudge": nudging.line(task),
        "post": post,
    }


def head(task: Occurrence, day: Day) -> dict:
    """What stands at the top of every page about one task."""
    duty = task.item.duty
    # What an officer asked beside the list is known to nobody: it stands open, not folded.
    is_ad_hoc = duty.origin == Duty.Origin.AD_HOC
    return {
        "pk": task.pk,
        "title": str(task),
        "badge": badge(task, day),
        "doors": door_badges(task),
        "when": when(task),
        "chapter_label": f"{CHAPTER_NUMBERS[duty.chapter.number]}、{duty.chapter.name}",
        "cadence_label": "临时任务" if is_ad_hoc else duty.get_cadence_display(),
        "organization": task.item.checklist.bearer,
        "text": "" if is_ad_hoc else duty.text,
        "asked": {"text": duty.text, "basis": duty.why} if is_ad_hoc else None,
        "nudge": nudging.line(task),
        "history_url": reverse("checklists:task_history", args=[task.pk]),
        "back_url": reverse("checklists:checklist_detail", args=[task.item.checklist_id]),
    }


def reasons(duty: Duty) -> dict:
    """The lecture's five questions and an example: one click away from every task."""
    clauses = "；".join(f"{clause.code} {clause.paraphrase}" for clause in duty.clauses.all())
    return {
        "why": duty.why,
        "clauses": f"专题党课条文：{clauses}。" if clauses else "",
        "evidence_why": duty.evidence_why,
        "standard": duty.standard,
        "example": duty.example,
        "risks": duty.risks,
        "effect": duty.expected_effect,
        "parameters": parameters(duty),
        "duty_url": reverse("checklists:duty", args=[duty.pk]),
    }


def parameters(duty: Duty) -> list[dict]:
    """What the sources leave open and this duty uses, with the value of this site."""
    if not duty.parameters:
        return []
    return [{"name": each.name, "value": each.shown()}
            for each in Parameter.objects.filter(code__in=duty.parameters)]


def files(evidence) -> list[dict]:
    """Evidence as it is shown and offered for download."""
    return [
        {
            "name": each.file.name,
            "size_label": each.file.size_label,
            "url": reverse("checklists:evidence", args=[each.pk]),
            "preview_url": reverse("checklists:evidence_preview", args=[each.pk])
            if each.file.preview_path else "",
        }
        for each in sorted(evidence, key=lambda one: one.position)
    ]


def report(one) -> dict:
    """One submitted version with its dates, words and evidence."""
    return {
        "number": one.number,
        "activity_label": f"{day_label(one.activity_on)} {weekday_label(one.activity_on)}",
        "words": one.words,
        "document_number": one.document_number,
        "files": files(one.evidence.all()),
        "drafted_by": one.drafted_by.name,
        "confirmed_by": one.confirmed_by.name if one.confirmed_by else "",
        "submitted_label": moment_label(one.submitted_at),
    }


def reports(task: Occurrence) -> list[dict]:
    """All versions, the latest first."""
    rows = task.reports.select_related("drafted_by", "confirmed_by").order_by("-number")
    return [report(one) for one in rows.prefetch_related("evidence__file")]


def previous_words(task: Occurrence) -> str:
    """What was written for the period before, to start from."""
    last = (Report.unscoped.filter(occurrence__item=task.item)
            .exclude(occurrence=task).order_by("-submitted_at").first())
    return last.words if last else ""


def returned(task: Occurrence) -> dict | None:
    """The sentence with which the task came back, as long as the unit must act on it."""
    if task.state not in (State.OPEN, State.RETURNED):
        return None
    refusals = Review.unscoped.filter(report__occurrence=task).exclude(
        decision=Review.Decision.ACCEPT)
    review = refusals.select_related("by", "organization").order_by("-at").first()
    if review is None:
        return None
    place = review.organization.short_name
    return {"reason": review.reason, "by": f"{place} {review.by.name if review.by else '系统'}",
            "when": moment_label(review.at)}


def waits_for(task: Occurrence) -> str:
    """Whose turn it is, and why it is not the usual one."""
    if task.state != State.SUBMITTED:
        return ""
    if not task.is_confirmed:
        return f"等{task.item.checklist.holder.name}本人确认，确认后再审核。"
    usual = reviewers.usual(task.item.checklist, task.item.duty)
    place = task.reviewed_by.name
    is_other = usual is not None and usual.pk != task.reviewed_by_id
    if is_other and not reviewers.has_reviewer(usual, own=task.own):
        return f"由{place}审核：{usual.name}的审核人就是填报人，转上一级。"
    return f"由{place}审核。"


def history(events) -> list[dict]:
    """Events in plain sentences, the latest first."""
    return [{"when": moment_label(each.at), "sentence": audit.sentence(each)}
            for each in events.done().order_by("-number")]


def task_history(task: Occurrence) -> list[dict]:
    """What was done to a task."""
    return history(AuditEvent.objects.about(task))


def list_history(checklist) -> list[dict]:
    """What was done to a list and its tasks; it was issued together with its unit's others,
    and so are tasks that an officer sends."""
    place = checklist.organization
    issued = Q(code__in=("checklists.checklist.publish", "checklists.checklist.apply",
                         "checklists.adhoctask.deliver",
                         "checklists.report.import", "checklists.adoption.import"),
               details__year=checklist.year, path__in=[place.path, *place.parent_paths()])
    return history(AuditEvent.objects.within(checklist, issued))
