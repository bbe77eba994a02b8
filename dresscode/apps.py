from importlib import import_module

from django.apps import AppConfig


class DresscodeConfig(AppConfig):
    name = "dresscode"
    verbose_name = "Dresscode"

    def ready(self) -> None:
        import_module("dresscode.checks")
