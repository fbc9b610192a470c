"""All addresses. Of allauth only what a closed site needs is mounted."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from apps.core.health import healthz
from apps.organizations.views import no_first_password

urlpatterns = [
    path("", include("apps.dashboard.urls")),
    path("", include("apps.checklists.urls")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", no_first_password, name="account_set_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
handler403 = "apps.core.errors_views.forbidden"
handler404 = "apps.core.errors_views.not_found"
handler500 = "apps.core.errors_views.server_error"
