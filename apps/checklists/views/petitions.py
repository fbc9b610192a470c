"""Doors beside every demand: ask, read, answer, withdraw. In front and in the admin."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.checklists import pages, petition_pages, todo
from apps.checklists.access import fillable_task, visible_item, visible_petition
from apps.checklists.desk import ADMIN, Base
from apps.checklists.models import Petition
from apps.checklists.petition_forms import AnswerForm, ItemPetitionForm, PetitionForm
from apps.checklists.services import petition_rules as rules
from apps.checklists.services import petitioning, reporting
from apps.checklists.states import Day
from apps.core.access import requires
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.organizations.permissions import Permission

# Who asks is on his phone, and so is often who answers in a unit.
FRONT = Base("base.html", "checklists")
# How many decided petitions a list shows.
SHOWN = 50
DONE = {"grant": "已答复{target}：{granted}。", "refuse": "已答复{target}：{refused}。",
        "revoke": "{target}已收回，这一项改为适用。"}


@requires(Permission.REPORT_FILL)
def petition_ask(request, pk: int):
    """Ask something of one task: a page with the kinds that are open to it now."""
    task = fillable_task(request, pk)
    kinds = petition_pages.open_kinds(task, petition_pages.of_task(task))
    if not kinds:
        raise Conflict(rules.why_closed(task, rules.OF_A_TASK[0]), target=task)
    form = PetitionForm(request.POST or None, kinds=kinds,
                        initial={"kind": request.GET.get("kind", kinds[0])})
    if request.method == "POST" and form.is_valid():
        try:
            row = petitioning.ask(occurrence=task, by=request.user, **form.cleaned_data)
            messages.info(request, f"已提出{row}，等{row.addressed_to.name}答复。")
            return redirect("checklists:task", pk=pk)
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return render(request, "checklists/petition_ask.html", {
        "task": pages.head(task, Day.now()), "form": form,
        "day_hint": petition_pages.hint_of_days(task),
        "back_url": reverse("checklists:task", args=[pk])})


@requires(Permission.REPORT_FILL)
def item_petition_ask(request, pk: int):
    """Ask that an item of the list does not apply here."""
    item = visible_item(request, pk)
    if not reporting.may_fill_list(item.checklist, request.user):
        raise NotAllowed(f"这一项由{item.checklist.bearer}填报，您可以查看。", target=item)
    if problem := petitioning.why_not_applicable_is_closed(item):
        raise Conflict(problem, target=item)
    form = ItemPetitionForm(request.POST or None)
    head = petition_pages.item_head(item, is_editing=request.GET.get("from") == "edit")
    if request.method == "POST" and form.is_valid():
        try:
            row = petitioning.ask_not_applicable(item=item, by=request.user, **form.cleaned_data)
            messages.info(request, f"已提出{row}，等{row.addressed_to.name}答复。")
            return redirect(head["back_url"])
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return render(request, "checklists/petition_item_ask.html", {"item": head, "form": form})


@requires(Permission.REPORT_FILL)
def petition_list(request, base: Base = FRONT):
    """What waits for this person's answer, what he has asked, what was answered here."""
    user = request.user
    visible = Petition.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW).for_page()
    own = visible.of_person(user).order_by("-asked_at", "-pk")[:SHOWN]
    decided = visible.decided_at(user).order_by("-decided_at", "-pk")[:SHOWN]
    sections = (("待您答复", todo.to_decide(user).for_page().order_by("asked_at", "pk")),
                ("本单位和本人提出的", own), ("答复过的", decided))
    shown = [{"title": title, "rows": [petition_pages.row(one, namespace=base.namespace)
                                       for one in rows]} for title, rows in sections]
    return render(request, "checklists/petition_list.html", {
        "base_template": base.template, "is_admin": base is ADMIN,
        "sections": [each for each in shown if each["rows"]]})


@requires(Permission.REPORT_FILL)
def petition_detail(request, pk: int, base: Base = FRONT):
    """One petition with both sentences; who decides it answers here."""
    row = visible_petition(request, pk)
    form = AnswerForm(request.POST or None, has_day=petition_pages.takes_day(row),
                      is_decided=row.decided_at is not None,
                      initial=petition_pages.first_answer(row))
    if request.method == "POST" and form.is_valid():
        try:
            message = answer(row, request.user, form.cleaned_data)
            messages.info(request, message)
            return redirect(base.url("petition_list"))
        except Invalid as refusal:
            form.take(refusal)
    return render(request, "checklists/petition_detail.html", {
        "base_template": base.template, "is_admin": base is ADMIN, "form": form,
        "back_url": base.url("petition_list"), "petition": petition_pages.detail(row),
        "history": petition_pages.history(row), **petition_pages.acts(row, request.user)})


def answer(row, user, typed: dict) -> str:
    """Take the decision that was typed; returns the sentence that says so."""
    words = {"petition": row, "by": user, "seen": typed["seen"], "answer": typed["answer"]}
    if typed["decision"] == "grant":
        row = petitioning.grant(until=typed.get("until"), **words)
    elif typed["decision"] == "refuse":
        row = petitioning.refuse(**words)
    else:
        row = petitioning.revoke(**words)
    granted, refused = petitioning.consent(row.kind)
    return DONE[typed["decision"]].format(target=row, granted=granted, refused=refused)


@requires(Permission.REPORT_FILL)
@require_POST
def petition_withdraw(request, pk: int):
    """The asker takes it back before it is answered."""
    row = visible_petition(request, pk)
    seen = request.POST.get("seen", "")
    petitioning.withdraw(petition=row, by=request.user,
                         seen=int(seen) if seen.isdecimal() else -1)
    messages.info(request, f"已撤回{row}。")
    return redirect("checklists:petition_list")
