"""Addresses of what the committee sends and asks for: what is unreported, 临时任务."""

from django.urls import URLPattern, path

from apps.checklists import outstanding
from apps.checklists.desk import ADMIN
from apps.checklists.views import ad_hoc


def paths() -> list[URLPattern]:
    """For the admin site, which puts its own door in front of each."""
    base = {"base": ADMIN}
    return [
        path("outstanding/", outstanding.outstanding, base, name="outstanding"),
        path("outstanding/nudge/", outstanding.outstanding_nudge, base,
             name="outstanding_nudge"),
        path("ad-hoc/", ad_hoc.ad_hoc_list, name="ad_hoc_list"),
        path("ad-hoc/new/", ad_hoc.ad_hoc_new, name="ad_hoc_new"),
        path("ad-hoc/open/", ad_hoc.ad_hoc_open, name="ad_hoc_open"),
        path("ad-hoc/<int:pk>/", ad_hoc.ad_hoc_detail, name="ad_hoc_detail"),
        path("ad-hoc/<int:pk>/withdraw/", ad_hoc.ad_hoc_withdraw, name="ad_hoc_withdraw"),
    ]
