"""Addresses of the years of lists and of their working days in the admin."""

from django.urls import path

from apps.dashboard.views import calendar, years


def paths() -> list:
    """Fresh patterns, which the site wraps in its own bar."""
    return [
        path("years/", years.year_list, name="year_list"),
        path("years/<int:year>/close/", years.year_close, name="year_close"),
        path("years/<int:year>/reopen/", years.year_reopen, name="year_reopen"),
        path("calendar/", calendar.calendar_home, name="calendar"),
        path("calendar/<int:year>/", calendar.working_days, name="working_days"),
        path("calendar/<int:year>/paste/", calendar.working_days_paste,
             name="working_days_paste"),
        path("calendar/<int:year>/load/", calendar.working_days_load, name="working_days_load"),
        path("calendar/<int:year>/settle/", calendar.working_days_settle,
             name="working_days_settle"),
        path("calendar/<int:year>/reopen/", calendar.working_days_reopen,
             name="working_days_reopen"),
    ]
