from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from apps.core import triggers


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = "运行"

    def ready(self):
        """Load the start-up checks; put the triggers back after each migration."""
        for module in ("access", "checks", "scoping"):
            import_module(f"apps.core.{module}")
        post_migrate.connect(triggers.install_all, dispatch_uid="fangzhen.triggers")
