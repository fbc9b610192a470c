"""From a version to the lists: differences by duty and by unit, preview, confirm, run."""

from django.contrib import admin
from django.shortcuts import redirect, render

from apps.checklists.services import versions
from apps.checklists.tasks import start_applying
from apps.core.access import requires
from apps.core.errors import Conflict, NotVisible
from apps.dashboard import catalogue_pages as pages
from apps.dashboard import catalogue_units as units
from apps.duties.catalogue_file import version_key
from apps.organizations.permissions import Permission


@requires(Permission.CATALOGUE_VIEW)
def catalogue_difference(request, pk: int):
    """What a version asks otherwise than the one in force: by duty, then by unit."""
    version = pages.version_or_404(pk)
    base, year = pages.compared_with(version), pages.year_of(version)
    return render(request, "admin/catalogue_difference.html", {
        **admin.site.each_context(request), "title": f"责任目录{version.code}的差异",
        "version": version, "base": base, "difference": pages.difference_rows(base, version),
        "units": units.unit_table(version, year, request.user), "year": year})


@requires(Permission.CATALOGUE_VIEW)
def catalogue_difference_unit(request, pk: int, unit_pk: int):
    """What a version changes for one unit, list by list."""
    version = pages.version_or_404(pk)
    place = units.visible_units(request.user).filter(pk=unit_pk).first()
    if place is None:
        raise NotVisible("没有这个单位，或者不在您的范围内。")
    return render(request, "admin/catalogue_difference_unit.html", {
        **admin.site.each_context(request), "title": place.name, "version": version,
        **units.unit_page(version, pages.year_of(version), place)})


@requires(Permission.CHECKLIST_PUBLISH)
def catalogue_apply(request, pk: int):
    """Preview of the run with its numbers; confirmed, it starts and shows its progress."""
    version = pages.version_or_404(pk)
    year, obstacle = pages.year_of(version), ""
    try:
        if request.method == "POST":
            return redirect("dashboard:job", pk=start_applying(
                version=version, year=year, by=request.user).pk)
        versions.check(version=version, year=year, by=request.user)
    except Conflict as refusal:
        obstacle = refusal.message
    base = pages.compared_with(version)
    is_back = bool(base) and version_key(version.code) < version_key(base.code)
    return render(request, "admin/catalogue_apply.html", {
        **admin.site.each_context(request), "version": version, "base": base, "year": year,
        "title": f"撤回到{version.code}" if is_back else f"{version.code}用于{year}年",
        "obstacle": obstacle, "units": units.unit_table(version, year, request.user),
        "difference": pages.difference_rows(base, version), "is_back": is_back})
