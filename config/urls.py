"""All addresses. Of allauth only what a closed site needs is mounted."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from django.contrib import admin
from django.urls import include, path

from apps.core.health import healthz
from apps.organizations import views as organizations

urlpatterns = [
    path("", include("apps.dashboard.urls")),
    path("", include("apps.checklists.urls")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", organizations.no_first_password,
         name="account_set_password"),
    path("accounts/reset/<str:token>/", organizations.reset_password, name="account_reset"),
    path("accounts/2fa/", mfa.index, name="mfa_index"),
    path("accounts/2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", organizations.activate_totp, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", organizations.deactivate_totp,
         name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/", codes.view_recovery_codes,
         name="mfa_view_recovery_codes"),
    path("accounts/2fa/recovery-codes/generate/", organizations.generate_recovery_codes,
         name="mfa_generate_recovery_codes"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
handler403 = "apps.core.errors_views.forbidden"
handler404 = "apps.core.errors_views.not_found"
handler500 = "apps.core.errors_views.server_error"
