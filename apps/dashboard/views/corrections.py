"""Requests for correction, for who keeps the accounts (/corrections/)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.core.access import requires
from apps.core.dates import moment_label
from apps.core.errors import Invalid
from apps.core.scoping import get_visible_or_404
from apps.core.workflow import obstacle
from apps.dashboard.my_data_forms import DECLINED, AnswerForm
from apps.dashboard.my_data_page import BADGES, request_row
from apps.dashboard.views.directory import base
from apps.organizations.models import Correction
from apps.organizations.permissions import Permission
from apps.organizations.services import personal_data

EDIT = Permission.ACCOUNT_EDIT
SHOWN = 100


@requires(EDIT)
def correction_list(request):
    """What waits, and the latest answers."""
    rows = Correction.objects.visible_to(request.user, for_=EDIT).select_related(
        "user", "organization", "answered_by").order_by("-pk")
    waiting = rows.waiting().order_by("asked_at")[:SHOWN]
    answered = rows.exclude(state=Correction.State.ASKED)[:SHOWN]
    return render(request, "dashboard/correction_list.html", {
        "base": base(request.user), "waiting": [line(row) for row in waiting],
        "answered": [line(row) for row in answered]})


@requires(EDIT)
def correction_detail(request, pk: int):
    """One request; answer it."""
    row = get_visible_or_404(Correction.unscoped.select_related(
        "user", "organization", "answered_by"), request.user, for_=EDIT, pk=pk)
    problem = obstacle(row, "settle", request.user)
    form = AnswerForm(request.POST or None, initial={"seen": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            answer(row, form.cleaned_data, request.user)
            messages.info(request, f"答复了{row.user.name}。")
            return redirect("dashboard:correction_list")
        except Invalid as refusal:
            form.take(refusal)
    return render(request, "dashboard/correction_detail.html", {
        "base": base(request.user), "row": {**request_row(row), "who": row.user.name,
                                            "place": row.organization.name},
        "form": form, "may_answer": problem is None, "doors": doors(row, request.user)})


def answer(row: Correction, values: dict, by) -> None:
    """Take the step that was chosen."""
    verb = personal_data.decline if values["decision"] == DECLINED else personal_data.settle
    verb(correction=row, by=by, seen=values["seen"], answer=values["answer"])


def doors(row: Correction, user) -> list[dict]:
    """Where it can be put right, as far as this person gets there."""
    if user.holds(Permission.ORGANIZATION_VIEW):
        return [{"label": "看本人的任职", "url": reverse("dashboard:person", args=[row.user_id])}]
    if user.holds(Permission.ACCOUNT_VIEW):
        return [{"label": "看账号",
                 "url": reverse("admin:organizations_user_change", args=[row.user_id])}]
    return []


def line(row: Correction) -> dict:
    """One request as a row."""
    return {"who": row.user.name, "place": row.organization.name, "request": row.request,
            "when": moment_label(row.asked_at), "badge": BADGES[row.state],
            "url": reverse("dashboard:correction_detail", args=[row.pk])}
