from importlib import import_module

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.organizations"
    verbose_name = "组织和账号"

    def ready(self):
        """Register this app's database triggers."""
        import_module("apps.organizations.triggers")
