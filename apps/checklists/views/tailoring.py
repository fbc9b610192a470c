"""Make a list one's own: the table, own items, links to the list above, who carries what."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.checklists import edit_page, list_items, own_page, uppers
from apps.checklists.access import visible_item, visible_list
from apps.checklists.edit_page import Sheet
from apps.checklists.list_forms import (
    BulkForm,
    OwnItemForm,
    OwnWordsForm,
    RowForm,
    UpperForm,
    WhyForm,
    fingerprint,
    plain,
)
from apps.checklists.services import tailoring
from apps.core.access import requires
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.organizations.permissions import Permission

CHANGED = "这一行刚被别人改过，现在是：责任人“{owner}”，措施“{measures}”。核对后再保存。"
NONE_TICKED = "先勾选要填的事项。"
NOTHING_GIVEN = "请写要填的责任人、措施或提前几天。"


def ensure_may_tailor(checklist, user) -> None:
    """Raise what stands in the way of changing this list before its page is shown."""
    if problem := tailoring.hindrance(checklist, user):
        raise problem


@requires(Permission.REPORT_FILL)
def checklist_edit(request, pk: int):
    """The table of a list with its fields; read only once the list is taken on."""
    checklist, chosen = visible_list(request, pk), edit_page.known(request.GET.get("show", ""))
    problem = tailoring.hindrance(checklist, request.user)
    if isinstance(problem, NotAllowed):
        raise problem
    sheet, refused = Sheet.of(checklist), {}
    if request.method == "POST":
        if problem:
            raise problem
        refused = save(request, sheet)
        if refused is None:
            if request.POST.get("act") == "go":
                act = edit_page.foot(checklist, request.user, 0, 0)["act"]
                return redirect(act["url"] if act else request.get_full_path())
            return redirect(request.get_full_path())
    page = edit_page.page(sheet, request.user, chosen=chosen, **refused)
    return render(request, "checklists/checklist_edit.html", page)


def save(request, sheet: Sheet) -> dict | None:
    """Keep what was typed in the rows and filled into many; None when all of it was taken,
    else what the page needs to show it again."""
    forms = {item.pk: RowForm(request.POST, item=item) for item in sheet.items
             if RowForm(item=item).seen_key() in request.POST}
    bulk = BulkForm(request.POST, prefix="bulk")
    ticked = {item for item in sheet.items if str(item.pk) in request.POST.getlist("pick")}
    is_filling = request.POST.get("act") == "fill"
    back = {"forms": forms, "bulk": bulk, "ticked": frozenset(item.pk for item in ticked)}
    problem = bulk_problem(bulk, ticked) if is_filling else ""
    rows = typed_rows(forms.values(), request.POST)
    if problem or any(form.errors for form in forms.values()):
        return back | {"problem": problem or "有的地方要改，见标出的行。"}
    try:
        changed = tailoring.tailor_rows(rows=rows, by=request.user)
        if is_filling:
            changed += tailoring.tailor(items=ticked, by=request.user, **bulk.given())
    except (Conflict, Invalid) as refusal:
        return back | {"problem": refusal.message}
    if changed or request.POST.get("act") != "go":
        say_saved(request, changed, bulk.given() if is_filling else {}, ticked)
    return None


def typed_rows(forms, data) -> list[tuple]:
    """Rows that this person changed; a row that somebody else changed meanwhile says so."""
    rows = []
    for form in forms:
        if not form.is_valid():
            continue
        typed, now = form.typed(), plain(**{name: getattr(form.item, name)
                                            for name in list_items.FIELDS})
        if fingerprint(typed) in (data[form.seen_key()], fingerprint(now)):
            continue
        if fingerprint(now) != data[form.seen_key()]:
            form.add_error(None, CHANGED.format(**now))
        rows.append((form.item, typed))
    return rows


def bulk_problem(bulk: BulkForm, ticked: set) -> str:
    """What is wrong with filling into many; empty when nothing is."""
    if not bulk.is_valid():
        return "；".join(error for errors in bulk.errors.values() for error in errors)
    if not ticked:
        return NONE_TICKED
    return "" if bulk.given() else NOTHING_GIVEN


def say_saved(request, changed: list, given: dict, ticked: set) -> None:
    """One sentence about what was kept, and one about what could not be earlier."""
    count = len({item.pk for item in changed})
    messages.info(request, f"已保存{count}项。" if count else "没有要保存的改动。")
    fixed = sum(1 for item in ticked if item.duty.cadence not in tailoring.DATED)
    if given.get("days_earlier") and fixed:
        messages.info(request, f"其中{fixed}项没有固定日期，没有提前。")


@requires(Permission.REPORT_FILL)
def own_item_add(request, pk: int):
    """Add an own item, with what the list asks of a year already beside the form."""
    checklist = visible_list(request, pk)
    ensure_may_tailor(checklist, request.user)
    form = OwnItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            item = tailoring.add_own(checklist=checklist, by=request.user, **form.answers())
            messages.info(request, own_page.added(item))
            return redirect("checklists:checklist_edit", pk=pk)
        except Invalid as refusal:
            form.take(refusal)
    return render(request, "checklists/own_item.html", own_page.page(checklist, form))


@requires(Permission.REPORT_FILL)
def own_item_change(request, pk: int):
    """Other words for an own item."""
    item = visible_item(request, pk)
    ensure_may_tailor(item.checklist, request.user)
    tailoring.ensure_own(item)
    form = OwnWordsForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        try:
            row = tailoring.change_own(item=item, by=request.user, **form.answers())
            messages.info(request, f"已改写{row}。")
            return redirect("checklists:checklist_edit", pk=item.checklist_id)
        except Invalid as refusal:
            form.take(refusal)
    page = own_page.page(item.checklist, form) | {"item": item.duty.title}
    return render(request, "checklists/own_item.html", page)


@requires(Permission.REPORT_FILL)
def own_item_withdraw(request, pk: int):
    """Take an own item off the list."""
    item = visible_item(request, pk)
    ensure_may_tailor(item.checklist, request.user)
    tailoring.ensure_own(item)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tailoring.withdraw_own(item=item, by=request.user, reason=form.cleaned_data["reason"])
            messages.info(request, f"已撤下{item}。")
            return redirect("checklists:checklist_edit", pk=item.checklist_id)
        except Invalid as refusal:
            form.take(refusal)
    back = reverse("checklists:checklist_edit", args=[item.checklist_id])
    return render(request, "checklists/list_why.html", {
        "form": form, "back_url": back, "title": f"撤下“{item}”？", "label": "撤下",
        "keep": "不撤下",
        "lead": "撤下后不再要报，没到期的任务算本期免报。报过的、已经逾期的都留着。"})


@requires(Permission.REPORT_FILL)
def checklist_uppers(request, pk: int):
    """Which item of the list above each item carries; suggestions are chosen in advance."""
    checklist = visible_list(request, pk)
    ensure_may_tailor(checklist, request.user)
    items, above = own_page.linkable(checklist)
    chosen, suggested = own_page.chosen_uppers(items, above)
    form = UpperForm(request.POST or None, items=items, above=above, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        by_pk, links = {upper.pk: upper for upper in above}, form.links()
        changed = [item for item in items if item.upper_id != links[item.pk]]
        tailoring.link_uppers(by=request.user, links=[
            (item, by_pk.get(links[item.pk])) for item in changed])
        messages.info(request, f"已保存{len(changed)}项关联。")
        return redirect("checklists:checklist_edit", pk=pk)
    return render(request, "checklists/checklist_uppers.html", {
        "form": form, "title": list_items.head(checklist), "suggested": len(suggested),
        "above": above[0].checklist.bearer if above else "",
        "rows": [{"field": form[f"upper-{item.pk}"], "title": item.duty.title,
                  "is_suggested": item.pk in suggested} for item in items],
        "back_url": reverse("checklists:checklist_edit", args=[pk])})


@requires(Permission.CHECKLIST_VIEW)
def checklist_coverage(request, pk: int):
    """Which items of a list are carried further down, and by whom."""
    checklist = visible_list(request, pk)
    sheet = Sheet.of(checklist)
    return render(request, "checklists/checklist_coverage.html",
                  own_page.coverage(sheet, request.user, uppers.list_above(checklist)))
