from django.contrib.admin.apps import AdminConfig


class CommitteeAdminConfig(AdminConfig):
    """Django's admin app with our site; apart from apps.py, which may hold one config only."""

    default_site = "apps.dashboard.site.CommitteeSite"
    verbose_name = "后台"
