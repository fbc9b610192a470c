"""Addresses below /admin/catalogue/."""

from django.urls import path

from apps.dashboard.views.catalogue import applying, drafts


def paths() -> list:
    """For the admin site, which puts its bar and its door around each."""
    return [
        path("catalogue/", drafts.catalogue_draft_list, name="catalogue_draft_list"),
        path("catalogue/<int:pk>/", drafts.catalogue_draft_detail, name="catalogue_draft_detail"),
        path("catalogue/<int:pk>/begin/", drafts.catalogue_draft_begin,
             name="catalogue_draft_begin"),
        path("catalogue/<int:pk>/discard/", drafts.catalogue_draft_discard,
             name="catalogue_draft_discard"),
        path("catalogue/<int:pk>/add/", drafts.catalogue_duty_add, name="catalogue_duty_add"),
        path("catalogue/<int:pk>/difference/", applying.catalogue_difference,
             name="catalogue_difference"),
        path("catalogue/<int:pk>/difference/<int:unit_pk>/", applying.catalogue_difference_unit,
             name="catalogue_difference_unit"),
        path("catalogue/<int:pk>/apply/", applying.catalogue_apply, name="catalogue_apply"),
        path("catalogue/duties/<int:pk>/", drafts.catalogue_draft_duty,
             name="catalogue_draft_duty"),
        path("catalogue/duties/<int:pk>/drop/", drafts.catalogue_duty_drop,
             name="catalogue_duty_drop"),
    ]
