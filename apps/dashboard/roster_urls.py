"""Addresses of the roster in the admin."""

from django.urls import URLPattern, path

from apps.dashboard.views import roster


def paths() -> list[URLPattern]:
    """For the admin site, which puts its own door in front of each."""
    return [
        path("roster/", roster.roster, name="roster"),
        path("roster/template/", roster.roster_template, name="roster_template"),
        path("roster/export/", roster.roster_export, name="roster_export"),
        path("roster/check/", roster.roster_check, name="roster_check"),
        path("roster/<int:pk>/", roster.roster_detail, name="roster_detail"),
        path("roster/<int:pk>/result/", roster.roster_result, name="roster_result"),
        path("roster/<int:pk>/apply/", roster.roster_apply, name="roster_apply"),
        path("roster/<int:pk>/passwords/", roster.roster_passwords, name="roster_passwords"),
    ]
