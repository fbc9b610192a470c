from django.shortcuts import render

from apps.core.access import requires
from apps.dashboard import directory_page
from apps.organizations.directory import Wanted
from apps.organizations.permissions import Permission


def base(user) -> str:
    """The committee's frame, or that of the units."""
    return "base_desk.html" if user.is_staff else "base.html"


@requires(Permission.ORGANIZATION_VIEW)
def directory(request):
    """Units and organisations in the person's scope, found by a few letters."""
    wanted = Wanted.of(request.GET)
    return render(request, "dashboard/directory.html", {
        "base": base(request.user), "is_desk": request.user.is_staff,
        **directory_page.page(request.user, wanted, request.GET.get("page"))})


@requires(Permission.ORGANIZATION_VIEW)
def directory_tree(request):
    """The same as a tree that folds."""
    return render(request, "dashboard/directory_tree.html", {
        "base": base(request.user), "nodes": directory_page.tree(request.user)})
