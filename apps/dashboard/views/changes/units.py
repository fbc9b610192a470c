"""Organisations are founded, renamed, moved, merged and closed, by the 工委管理员."""

from django.contrib import messages
from django.shortcuts import redirect

from apps.checklists.services import aftermath, succession
from apps.core.access import requires
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.dashboard.changes import frames, previews
from apps.dashboard.changes.forms import (
    CloseForm,
    FactsForm,
    FoundForm,
    MergeForm,
    MoveForm,
    RenameForm,
)
from apps.dashboard.changes.frames import ADMIN
from apps.organizations import services, tree
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

EDIT = Permission.ORGANIZATION_EDIT


def standing(request, pk: int) -> Organization:
    """The organisation of the page. Raises NotVisible, NotAllowed, Conflict when it is closed."""
    place = frames.place(request, pk, EDIT)
    if place.closed_on is not None:
        raise Conflict(f"{place.name}已经撤销。", target=place)
    return place


def form_page(request, place: Organization, form, verb, **words):
    """Ask, do, and go to the changes of what came of it; a refusal stays on the form."""
    done = words.pop("done")
    if request.method == "POST" and form.is_valid():
        try:
            row = verb(**form.cleaned_data)
            messages.info(request, done.format(row=row, old=place))
            return redirect(frames.hub(ADMIN, row))
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return frames.page(request, ADMIN, form=form, back=frames.back_to(ADMIN, place),
                       **{"lead": place.name} | words)


@requires(EDIT)
def organization_found(request, pk: int):
    """Set up an organisation below another; its lists come at once."""
    parent = standing(request, pk)
    if not tree.kinds_below(parent):
        raise NotAllowed(f"{parent.get_kind_display()}下面不再设组织。", target=parent)
    return form_page(
        request, parent, FoundForm(request.POST or None, parent=parent),
        lambda **values: succession.found(parent=parent, by=request.user, **values),
        title="设立组织", lead=f"设在{parent.name}下面。清单按设立日期下发。", button="设立",
        done="已设立{row}，本年的清单已下发。")


@requires(EDIT)
def organization_rename(request, pk: int):
    """Another name; the old one stays for its time."""
    place = standing(request, pk)
    initial = {"name": place.name, "short_name": place.short_name, "on": today()}
    return form_page(
        request, place, RenameForm(request.POST or None, initial=initial),
        lambda **values: services.rename(organization=place, by=request.user, **values),
        title="更名", lead=f"现名{place.name}。以前的年度仍按当时的名称显示。", button="更名",
        done="{old}已更名为{row}。")


@requires(EDIT)
def organization_facts(request, pk: int):
    """By what the duties of a unit are chosen."""
    unit = standing(request, pk)
    if unit.kind != Organization.Kind.UNIT:
        raise NotAllowed("基本情况登记在单位上。", target=unit)
    initial = {"leading_body": unit.leading_body, "is_window": unit.is_window}
    return form_page(
        request, unit, FactsForm(request.POST or None, initial=initial),
        lambda **values: succession.set_facts(organization=unit, by=request.user, **values),
        title="修改基本情况", lead=f"{unit.name}。责任清单按这些情况增减，今天起生效。",
        button="修改", done="{row}的基本情况已修改，清单已跟着调整。")


@requires(EDIT)
def organization_move(request, pk: int):
    """Under another superior, with everything below it."""
    place = standing(request, pk)
    return form_page(
        request, place, MoveForm(request.POST or None, by=request.user, organization=place),
        lambda parent: succession.move(organization=place, parent=parent, on=today(),
                                       by=request.user),
        title="划转", button="划转", done="{row}已划转。",
        lead=f"{place.name}连同下面的组织、清单和任务一起划转，以后由新的上级审核。")


@requires(EDIT)
def organization_merge(request, pk: int):
    """Merge a unit into another, after a look at what goes on and what ends."""
    unit = standing(request, pk)
    if unit.kind != Organization.Kind.UNIT:
        raise NotAllowed("合并用于单位。支部请用划转或撤销。", target=unit)
    form = MergeForm(request.POST or None, by=request.user, organization=unit)
    return ending_page(
        request, unit, form, title="合并单位", do="合并", lead=unit.name,
        verb=lambda into, on: succession.merge(unit=unit, into=into, on=on, by=request.user),
        done="{place}已并入{into}。")


@requires(EDIT)
def organization_close(request, pk: int):
    """Close an organisation with a reason, after a look at what ends."""
    place = standing(request, pk)
    form = CloseForm(request.POST or None, initial={"on": today()})
    return ending_page(
        request, place, form, title="撤销", do="撤销", lead=place.name,
        verb=lambda reason, on: succession.close(
            organization=place, on=on, reason=reason, by=request.user),
        done="{place}已撤销。")


def ending_page(request, place: Organization, form, *, verb, done: str, **words):
    """Ask, show what ends, and do it only as it was shown."""
    preview, shown = None, ""
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("shown")
        preview, shown = look(place, values["on"], values.get("into"))
        if request.POST.get("step") == "do" and seen == shown:
            try:
                verb(**values)
                messages.info(request, done.format(place=place, **values))
                return redirect(frames.hub(ADMIN, values.get("into") or place))
            except (Conflict, Invalid) as refusal:
                form.take(refusal)
    return frames.page(request, ADMIN, form=form, preview=preview, shown=shown,
                       back=frames.back_to(ADMIN, place), button="看看会有什么变化", **words)


def look(place: Organization, on, into) -> tuple[dict, str]:
    """What ends and what goes on, and its fingerprint."""
    sections = previews.of_closing(aftermath.of_closing(place, on, into))
    title = f"{place.name}{f'并入{into.name}' if into else '撤销'}，{day_label(on)}起"
    return ({"title": title, "sections": sections, "empty": ""},
            previews.fingerprint(into.pk if into else "", on,
                                 *(f"{s['title']}{s['count']}" for s in sections)))
