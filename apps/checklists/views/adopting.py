"""Take a list on: the meeting, the signature, the approval, and opening it again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.checklists import adoptions, list_items
from apps.checklists.access import visible_list
from apps.checklists.edit_page import Sheet, chapters, row
from apps.checklists.list_forms import DeliberationForm, SeenForm, WhyForm
from apps.checklists.services import adopting
from apps.core.access import requires
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import obstacle
from apps.organizations.permissions import Permission

MINUTES = "会开过以后，把日期和纪要编号记在这里，不用传纪要。下一步由书记签认。"
LACKING = "措施和责任人填好了，再开会审议。会后把日期和纪要编号记在这里。"
SIGNED = {
    "sign": "签认后这份清单就算审定{filed}。",
    "sign_own": "签认后这份清单就算审定，同时报工委备案，不用另外报送。",
    "sign_as_member": "签认后由书记审定。",
}


def refuse_unless_open(checklist, step: str, user) -> None:
    """Raise what stands in the way of `step` before its page is shown."""
    problem = obstacle(adoptions.of(checklist), step, user)
    if step == "reopen" and not problem and not adoptions.may_reopen(checklist, user):
        problem = NotAllowed(f"这份清单由{checklist.bearer}调整，您可以查看。", target=checklist)
    if problem:
        raise problem


def shown(request, checklist, form, **more):
    """The page of an act, with what is taken on below."""
    sheet = Sheet.of(checklist)
    rows = [row(sheet, number, item) for number, item in enumerate(sheet.items, start=1)
            if item.is_in_force] if more.pop("with_items", True) else []
    return render(request, "checklists/list_act.html", {
        "title": list_items.head(checklist), "bearer": checklist.bearer, "form": form,
        "facts": adoptions.facts(checklist), "chapters": chapters(rows), "count": len(rows),
        "back_url": reverse("checklists:checklist_edit", args=[checklist.pk])
        if adoptions.may_reopen(checklist, request.user)
        else reverse("checklists:checklist_detail", args=[checklist.pk]), **more})


@requires(Permission.CHECKLIST_FILL)
def checklist_deliberate(request, pk: int):
    """Register the meeting that took the list on: its date, the number of its minutes."""
    checklist = visible_list(request, pk)
    refuse_unless_open(checklist, "deliberate", request.user)
    form = DeliberationForm(request.POST or None, initial={"seen": adoptions.of(checklist).version})
    if request.method == "POST" and form.is_valid():
        try:
            adopting.deliberate(checklist=checklist, by=request.user, **form.cleaned_data)
            messages.info(request, f"已登记审议，等{adoptions.signers(checklist)}签认。")
            return redirect("checklists:checklist_detail", pk=pk)
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    lacking = adoptions.unfilled(checklist).count()
    url = reverse("checklists:checklist_edit", args=[pk])
    blocked = {"title": f"还有{lacking}项没有填好", "text": LACKING, "label": "去填这几项",
               "url": f"{url}?show=unfilled"} if lacking else None
    return shown(request, checklist, form, heading=f"{adoptions.body(checklist)}审议",
                 label="登记审议", lead=MINUTES, with_items=False, blocked=blocked)


@requires(Permission.CHECKLIST_VIEW)
def checklist_sign(request, pk: int):
    """Sign a list: what is signed stands on the page."""
    checklist = visible_list(request, pk)
    step = adoptions.sign_step(checklist)
    refuse_unless_open(checklist, step, request.user)
    form = SeenForm(request.POST or None, initial={"seen": adoptions.of(checklist).version})
    if request.method == "POST" and form.is_valid():
        verb = {"sign": adopting.sign, "sign_own": adopting.sign_own,
                "sign_as_member": adopting.sign_as_member}[step]
        row = verb(checklist=checklist, by=request.user, **form.cleaned_data)
        is_done = row.state == row.State.ADOPTED
        messages.info(request, f"已签认，{adoptions.adopted_label(checklist)}。" if is_done
                      else "已签认，等书记审定。")
        return redirect("checklists:checklist_detail", pk=pk)
    lead = SIGNED[step].format(filed=adoptions.filing_label(checklist))
    return shown(request, checklist, form, heading="签认", label="签认", lead=lead)


@requires(Permission.CHECKLIST_APPROVE)
def checklist_approve(request, pk: int):
    """The secretary approves the list of a member."""
    checklist = visible_list(request, pk)
    refuse_unless_open(checklist, "approve", request.user)
    form = SeenForm(request.POST or None, initial={"seen": adoptions.of(checklist).version})
    if request.method == "POST" and form.is_valid():
        adopting.approve(checklist=checklist, by=request.user, **form.cleaned_data)
        messages.info(request, f"已审定{checklist.bearer}的清单。")
        return redirect("checklists:checklist_detail", pk=pk)
    return shown(request, checklist, form, heading="审定", label="审定",
                 reopen_url=reverse("checklists:checklist_reopen", args=[pk]),
                 lead=f"{checklist.bearer}已签认。您审定后，这份清单就定下来。")


@requires(Permission.REPORT_FILL)
def checklist_reopen(request, pk: int):
    """Open a list for changes again, with a reason."""
    checklist = visible_list(request, pk)
    refuse_unless_open(checklist, "reopen", request.user)
    form = WhyForm(request.POST or None, initial={"seen": adoptions.of(checklist).version})
    if request.method == "POST" and form.is_valid():
        try:
            adopting.reopen(checklist=checklist, by=request.user, **form.cleaned_data)
            messages.info(request, "已重新打开，改好后再走一遍审定。")
            return redirect("checklists:checklist_edit", pk=pk)
        except Invalid as refusal:
            form.take(refusal)
    return render(request, "checklists/list_why.html", {
        "form": form, "title": "重新调整这份清单？", "label": "重新调整", "keep": "不调整",
        "lead": f"{adoptions.facts(checklist)}。重新调整后，要再走一遍审定；"
                "清单一直有效，该报的照报。",
        "back_url": reverse("checklists:checklist_detail", args=[pk])})
