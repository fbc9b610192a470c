"""Committee and technical posts that wait for a second 工委管理员."""

from django.contrib import messages
from django.shortcuts import redirect, render

from apps.core.access import requires
from apps.core.dates import day_label, moment_label
from apps.core.errors import Invalid
from apps.core.scoping import get_visible_or_404
from apps.core.workflow import available, obstacle
from apps.dashboard.changes import frames
from apps.dashboard.changes.forms import DecideForm
from apps.dashboard.changes.frames import ADMIN
from apps.organizations import services, titles
from apps.organizations.models import AppointmentProposal
from apps.organizations.permissions import Permission

Kind = AppointmentProposal.Kind
SHOWN = 50
DONE = {"confirm": "已确认{row}，从今天起生效。", "refuse": "已答复不同意：{row}。",
        "withdraw": "已撤回：{row}。"}


@requires(Permission.POST_EDIT)
def proposal_list(request):
    """What waits, then what was decided last."""
    rows = AppointmentProposal.objects.visible_to(request.user, for_=Permission.POST_EDIT)
    rows = rows.for_page()
    waiting = rows.waiting().order_by("pk")
    decided = rows.exclude(pk__in=waiting).order_by("-pk")[:SHOWN]
    return render(request, "dashboard/changes/proposals.html", {
        "waiting": [row(each) for each in waiting], "decided": [row(each) for each in decided],
        "root_url": root_url(request.user)})


def row(proposal) -> dict:
    """One proposal, preformatted."""
    return {"pk": proposal.pk, "label": str(proposal), "state": proposal.get_state_display(),
            "button": "确认免职" if proposal.kind == Kind.END else "确认任职",
            "by": f"{proposal.proposed_by.name} {moment_label(proposal.proposed_at)}"}


def root_url(user) -> str:
    """Where committee posts are given: the changes of the committee itself."""
    return frames.hub(ADMIN, next(
        post.organization for post in user.posts if post.organization.depth == 1))


@requires(Permission.POST_EDIT)
def proposal_detail(request, pk: int):
    """One proposal and the decision on it."""
    proposal = get_visible_or_404(
        AppointmentProposal.unscoped.for_page(), request.user, for_=Permission.POST_EDIT, pk=pk)
    form = DecideForm(request.POST or None, initial={"seen": proposal.version})
    step = request.POST.get("step", "")
    if request.method == "POST" and step in DONE and form.is_valid():
        try:
            decide(step, proposal, request.user, **form.cleaned_data)
            messages.info(request, DONE[step].format(row=proposal))
            return redirect("admin:proposal_list")
        except Invalid as refusal:
            form.take(refusal)
    steps = {name for name, _step in available(proposal, request.user)}
    problem = obstacle(proposal, "confirm", request.user)
    return render(request, "dashboard/changes/proposal.html", {
        "proposal": row(proposal), "facts": facts(proposal), "form": form,
        "can_decide": "confirm" in steps, "can_withdraw": "withdraw" in steps,
        "why_not": getattr(problem, "message", "")})


def decide(step: str, proposal, by, *, seen: int, reason: str) -> None:
    """Take the step that was pressed."""
    if step == "refuse":
        services.refuse(proposal=proposal, by=by, seen=seen, reason=reason)
    else:
        verb = services.confirm if step == "confirm" else services.withdraw
        verb(proposal=proposal, by=by, seen=seen)


def facts(proposal) -> list[tuple[str, str]]:
    """What is proposed."""
    is_end = proposal.kind == Kind.END
    until = f"{day_label(proposal.ends_on)}止" if proposal.ends_on else ""
    days = (until or "确认时止") if is_end else "，".join(
        filter(None, (f"{day_label(proposal.starts_on)}起", until)))
    return [("人员", proposal.user.name), ("任免", proposal.words),
            ("职务", titles.post_name(proposal.role, proposal.organization)), ("时间", days),
            ("提出", row(proposal)["by"]), ("状态", proposal.get_state_display())]
