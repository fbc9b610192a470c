from django.shortcuts import render

from apps.checklists import duty_page
from apps.core.access import requires
from apps.organizations.permissions import Permission


@requires(Permission.CATALOGUE_VIEW)
def duty(request, pk: int):
    """One duty: the five questions, its dates, who has it, how many have done it."""
    found = duty_page.visible_duty(request.user, pk)
    return render(request, "checklists/duty.html", duty_page.page(found, request.user))
