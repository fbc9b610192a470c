"""The review desk: one set of views with two bases, the front pages and the admin."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.checklists import pages, petition_pages, todo
from apps.checklists.access import visible_task
from apps.checklists.forms import ReasonForm
from apps.checklists.models import Occurrence
from apps.checklists.services import reviewing
from apps.checklists.services.reviewing import CANNED_REASONS
from apps.checklists.states import Day, late_badge, period_hint
from apps.core.access import requires
from apps.core.dates import day_label, local_day
from apps.core.errors import Invalid
from apps.core.workflow import obstacle
from apps.duties.models import Duty
from apps.organizations.permissions import Permission


@dataclass(frozen=True)
class Base:
    """Where the desk stands: its template frame and its URL namespace."""

    template: str
    namespace: str

    def url(self, name: str, *args) -> str:
        """Address of a view of this desk."""
        return reverse(f"{self.namespace}:{name}", args=args)


FRONT = Base("base_desk.html", "checklists")
ADMIN = Base("admin/base_site.html", "admin")


@requires(Permission.REPORT_REVIEW)
def review_queue(request, base: Base = FRONT):
    """What waits for this reviewer, by duty, oldest first."""
    waiting = list(queue_of(request.user))
    return render(request, "checklists/review_queue.html", {
        "base_template": base.template, "queue": queue(waiting, base, None), "current": None})


@requires(Permission.REPORT_REVIEW)
def review_detail(request, pk: int, base: Base = FRONT):
    """One report with its evidence, and the two decisions."""
    task = visible_task(request, pk)
    return desk(request, task, base, ReasonForm(initial={"seen": task.version, "canned": ""}))


@requires(Permission.REPORT_REVIEW)
@require_POST
def review_accept(request, pk: int, base: Base = FRONT):
    """Accept the version that was shown, and open the next."""
    task = visible_task(request, pk)
    following = after(request.user, task)
    form = ReasonForm(request.POST)
    form.is_valid()
    row = reviewing.accept(occurrence=task, by=request.user, seen=form.cleaned_data.get("seen", -1))
    messages.info(request, f"已审核通过{row}（{row.organization.short_name}）。")
    return onward(base, following)


@requires(Permission.REPORT_REVIEW)
@require_POST
def review_return(request, pk: int, base: Base = FRONT):
    """Return the version that was shown, with a sentence; the words stay on an error."""
    task = visible_task(request, pk)
    following = after(request.user, task)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            row = reviewing.return_(occurrence=task, by=request.user, reason=form.sentence(),
                                    seen=form.cleaned_data["seen"])
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.info(request, f"已退回{row}（{row.organization.short_name}）。")
            return onward(base, following)
    return desk(request, task, base, form)


def queue_of(user):
    """Waiting reports by duty, the oldest first within each."""
    waiting = todo.to_review(user).for_page().annotate(files=Count("report__evidence"))
    return waiting.order_by(
        "item__duty__chapter__number", "item__duty__position", "item__duty", "period", "event",
        "report__submitted_at")


def after(user, task) -> Occurrence | None:
    """The task behind this one in the person's queue; the first where it is the last."""
    waiting = list(queue_of(user))
    places = [each.pk for each in waiting]
    others = [each for each in waiting if each.pk != task.pk]
    place = places.index(task.pk) if task.pk in places else 0
    return others[place % len(others)] if others else None


def onward(base: Base, following):
    """To the next report, or to the empty queue."""
    return redirect(base.url("review_detail", following.pk) if following else
                    base.url("review_queue"))


def desk(request, task, base: Base, form: ReasonForm):
    """The page with queue, report and decision."""
    waiting = list(queue_of(request.user))
    problem = obstacle(task, "accept", request.user)
    places = [each.pk for each in waiting]
    here = places.index(task.pk) if task.pk in places else -1
    beside = {"previous_url": here - 1 if here > 0 else None,
              "next_url": here + 1 if 0 <= here < len(places) - 1 else None}
    versions = pages.reports(task)
    return render(request, "checklists/review_queue.html", {
        "base_template": base.template, "queue": queue(waiting, base, task), "current": {
            "task": pages.head(task, Day.now()), "report": versions[0] if versions else None,
            "previous": versions[1] if len(versions) > 1 else None,
            "history": pages.task_history(task), "reasons": pages.reasons(task.item.duty),
            "petitions": petition_pages.facts_of_task(task),
            "form": form, "seen": task.version,
            "canned": [{"key": k, "text": t} for k, t in CANNED_REASONS.items()],
            "accept_url": base.url("review_accept", task.pk),
            "return_url": base.url("review_return", task.pk),
            "asks_evidence": asks_evidence(task),
            "hint": period_hint(task), "can_decide": problem is None,
            "why_not": getattr(problem, "message", ""),
            **{name: base.url("review_detail", places[place]) if place is not None else ""
               for name, place in beside.items()},
        }})


def queue(waiting, base: Base, current) -> dict:
    """The left column: one group a duty and period."""
    groups = []
    for title, tasks in groupby(waiting, key=str):
        rows = [queue_row(task, base, current) for task in tasks]
        groups.append({"title": title, "count": len(rows), "rows": rows})
    return {"count": len(waiting), "groups": groups, "url": base.url("review_queue"),
            "outstanding_url": base.url("outstanding")}


def queue_row(task, base: Base, current) -> dict:
    """One waiting report in the left column."""
    return {
        "url": base.url("review_detail", task.pk), "title": task.item.checklist.bearer,
        "sub": evidence_label(task), "badge": period_hint(task) or late_badge(task),
        "when": f"{day_label(local_day(task.report.submitted_at))}报",
        "is_current": current is not None and current.pk == task.pk,
    }


def evidence_label(task) -> str:
    """What came with the words, for the left column."""
    files = f"{task.files}个附件" if task.files else ""
    number = "文号" if task.report.document_number else ""
    return "、".join(filter(None, (number, files)))


def asks_evidence(task) -> bool:
    """Whether the catalogue wants more than words for this duty."""
    return task.item.duty.evidence in (Duty.Evidence.NUMBER, Duty.Evidence.FILE)
