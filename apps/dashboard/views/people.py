from django.shortcuts import render
from django.views.decorators.http import require_POST

from apps.core.access import requires
from apps.core.errors import NotVisible
from apps.dashboard import person_page
from apps.dashboard.views.directory import base
from apps.organizations.models import User
from apps.organizations.permissions import Permission
from apps.organizations.services import personal_data


@requires(Permission.ORGANIZATION_VIEW)
def person(request, pk: int):
    """One person: posts now and before, as far as they lie in the reader's scope."""
    return show(request, found(request, pk))


@requires(Permission.ORGANIZATION_VIEW)
@require_POST
def person_phone(request, pk: int):
    """The same page with the whole number; looking at it stands in the audit."""
    who = found(request, pk)
    return show(request, who, number=personal_data.view_phone(user=who, by=request.user))


def found(request, pk: int) -> User:
    """The person, when he is in view."""
    who = personal_data.people_in_view(request.user).filter(pk=pk).first()
    if who is None:
        raise NotVisible("没有找到，或者不在您的范围内。")
    return who


def show(request, who: User, number: str = ""):
    """The page, with the number masked unless it was asked for."""
    return render(request, "dashboard/person.html", {
        "base": base(request.user), "number": number, **person_page.page(who, request.user)})
