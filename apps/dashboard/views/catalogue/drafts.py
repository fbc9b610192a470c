"""Versions and their drafts: list, one draft, begin, discard, and the form of one duty."""

from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.core.access import requires
from apps.core.errors import Conflict, Invalid
from apps.dashboard import catalogue_pages as pages
from apps.dashboard.catalogue_forms import DutyForm
from apps.duties import editions
from apps.duties.models import Duty
from apps.duties.services import drafting
from apps.organizations.permissions import Permission


@requires(Permission.CATALOGUE_VIEW)
def catalogue_draft_list(request):
    """All versions with their load and what may be done with them."""
    return render(request, "admin/catalogue_draft_list.html", {
        **admin.site.each_context(request), "title": "责任目录",
        "rows": pages.version_rows(request.user)})


@requires(Permission.CATALOGUE_EDIT)
@require_POST
def catalogue_draft_begin(request, pk: int):
    """Copy a published version into a draft."""
    draft = drafting.begin(based_on=pages.version_or_404(pk), by=request.user)
    messages.info(request, f"已起草{draft.code}，内容与改自的一版相同。改好后再发布。")
    return redirect("admin:catalogue_draft_detail", pk=draft.pk)


@requires(Permission.CATALOGUE_VIEW)
def catalogue_draft_detail(request, pk: int):
    """The duties of a version, with load and warnings above them."""
    version = pages.version_or_404(pk)
    may_edit = drafting.is_draft(version) and request.user.holds(Permission.CATALOGUE_EDIT)
    return render(request, "admin/catalogue_draft_detail.html", {
        **admin.site.each_context(request), **pages.draft_page(version, may_edit=may_edit),
        "title": f"责任目录{version.code}"})


@requires(Permission.CATALOGUE_EDIT)
def catalogue_draft_discard(request, pk: int):
    """Throw a draft away, after a question."""
    version = pages.version_or_404(pk)
    drafting.ensure_draft(version)
    if request.method == "POST":
        drafting.discard(version=version, by=request.user)
        messages.info(request, f"草稿{version.code}已作废。")
        return redirect("admin:catalogue_draft_list")
    return render(request, "admin/catalogue_confirm.html", {
        **admin.site.each_context(request), "title": f"作废草稿{version.code}？",
        "text": "草稿里改过的内容都会去掉，现行的清单不受影响。", "label": "作废草稿",
        "back_url": reverse("admin:catalogue_draft_detail", args=[pk])})


@requires(Permission.CATALOGUE_EDIT)
def catalogue_draft_duty(request, pk: int):
    """Change one duty of a draft; the load beside it is what the draft asks as saved."""
    duty = pages.duty_or_404(pk)
    drafting.ensure_draft(duty.version)
    entry = editions.entry(duty)
    form = DutyForm(request.POST, entry=entry) if request.method == "POST" else DutyForm.of(
        entry, seen=drafting.mark(entry))
    if request.method == "POST" and form.is_valid():
        try:
            drafting.change_duty(duty=duty, by=request.user, seen=form.cleaned_data["seen"],
                                 **form.values())
            messages.info(request, f"“{duty.code} {form.cleaned_data['title']}”已保存在草稿里。")
            return redirect("admin:catalogue_draft_duty", pk=pk)
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return _form_page(request, form, duty.version, duty=duty)


@requires(Permission.CATALOGUE_EDIT)
def catalogue_duty_add(request, pk: int):
    """A new duty in a draft; its code is given."""
    version = pages.version_or_404(pk)
    drafting.ensure_draft(version)
    form = DutyForm(request.POST or None, initial={"minutes": 10})
    if request.method == "POST" and form.is_valid():
        try:
            duty = drafting.add_duty(version=version, by=request.user, **form.values())
            messages.info(request, f"“{duty}”已加进草稿。")
            return redirect("admin:catalogue_draft_duty", pk=duty.pk)
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return _form_page(request, form, version)


@requires(Permission.CATALOGUE_EDIT)
def catalogue_duty_drop(request, pk: int):
    """Take a duty out of a draft, after a question."""
    duty = pages.duty_or_404(pk)
    drafting.ensure_draft(duty.version)
    back = reverse("admin:catalogue_draft_detail", args=[duty.version_id])
    if request.method == "POST":
        drafting.drop_duty(duty=duty, by=request.user)
        messages.info(request, f"“{duty}”已从草稿里去掉。")
        return redirect(back)
    return render(request, "admin/catalogue_confirm.html", {
        **admin.site.each_context(request), "title": f"去掉“{duty}”？", "label": "从草稿里去掉",
        "text": "发布并用于今年以后，各单位的这一项撤下存档，已报的保留，还没到期的免报。",
        "back_url": back})


def _form_page(request, form, version, *, duty: Duty | None = None):
    base = pages.compared_with(version)
    before = editions.entries(base) if base else []
    after = editions.entries(version)
    return render(request, "admin/catalogue_draft_duty.html", {
        **admin.site.each_context(request), "form": form, "version": version, "base": base,
        "title": f"{duty.code} {duty.title}" if duty else "新增职责", "duty": duty,
        "subject": duty.get_subject_display() if duty else "", "sections": form.sections(),
        "load": pages.load_rows(before, after, duty.subject if duty else ""),
        "similar": pages.similar_rows(after, [duty.code]) if duty else [],
        "clauses": duty.clauses.order_by("line") if duty else []})
