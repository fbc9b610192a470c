"""Where a page of changes stands, and the rows that it is about."""

from django.shortcuts import render
from django.urls import reverse

from apps.checklists import desk
from apps.checklists.desk import Base
from apps.core.errors import NotAllowed, NotVisible
from apps.core.scoping import get_visible_or_404
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission

FRONT, ADMIN = Base("base_desk.html", "dashboard"), desk.ADMIN


def place(request, pk: int, permission: str = Permission.POST_EDIT) -> Organization:
    """The organisation of the page. Raises NotVisible out of reach, NotAllowed where `permission`
    is not held."""
    found = get_visible_or_404(Organization, request.user, for_=Permission.ORGANIZATION_VIEW, pk=pk)
    if not request.user.may(permission, at=found.path):
        raise NotAllowed("这里的变动不在您的职权里，您可以查看。", target=found)
    return found


def post(request, pk: int) -> Appointment:
    """A post of the page: in reach, or one's own. Raises NotVisible."""
    own = next((each for each in request.user.posts if each.pk == pk), None)
    if own is not None:
        return own
    return get_visible_or_404(
        Appointment.unscoped.select_related("organization", "user", "acting_for", "drafter"),
        request.user, for_=Permission.ORGANIZATION_VIEW, pk=pk)


def own_post(request, pk: int) -> Appointment:
    """One's own post of today. Raises NotVisible."""
    for each in request.user.posts:
        if each.pk == pk:
            return each
    raise NotVisible("没有找到，或者不是您的职务。")


def hub(base: Base, organization: Organization) -> str:
    """The page of all changes at an organisation."""
    return base.url("organization_changes", organization.pk)


def page(request, base: Base, *, title: str, back, **context):
    """The one template of all forms of changes. `back` is a pair of address and label."""
    url, label = back
    return render(request, "dashboard/changes/change.html", {
        "base_template": base.template, "title": title, "back_url": url, "back_label": label,
        **context})


def back_to(base: Base, organization: Organization) -> tuple[str, str]:
    """The way back for `page`."""
    return hub(base, organization), f"{organization.short_name}的任职和变动"


def reverse_me() -> tuple[str, str]:
    """The way back to one's own page."""
    return reverse("dashboard:me"), "我的"
