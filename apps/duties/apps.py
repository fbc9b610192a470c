from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "apps.duties"
    verbose_name = "责任目录"
