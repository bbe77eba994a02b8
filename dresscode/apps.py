"""The app, and its system check: the dotted paths that settings hold for the apps lead somewhere."""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


class AdminConfig(SimpleAdminConfig):
    """Django's, but workers read the operator's pages only when a job names an address: `dresscode.urls` does."""

    def ready(self) -> None:
        super().ready()
        if settings.PROCESS != "worker":
            admin.autodiscover()


class DresscodeConfig(AppConfig):
    default = True
    name = "dresscode"
    verbose_name = "Dresscode"

    def ready(self) -> None:
        register(check_dotted_paths)


def dotted_paths() -> Iterator[tuple[str, str]]:
    """(setting, path) of what is imported by name; registry checks its own."""
    yield from (("SCHEDULED_JOBS", path) for path in settings.SCHEDULED_JOBS)
    yield "CORRECTION_RECORDER", settings.CORRECTION_RECORDER
    yield "GARMENT_SIGNAL_RECORDER", settings.GARMENT_SIGNAL_RECORDER
    yield "SWAP_RECORDER", settings.SWAP_RECORDER
    yield "CORRECTION_FINDER", settings.CORRECTION_FINDER
    yield "PREFERENCES_FINDER", settings.PREFERENCES_FINDER
    yield "CALL_PICTURE_FINDER", settings.CALL_PICTURE_FINDER


def check_dotted_paths(**options: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for setting, path in dotted_paths():
        try:
            import_string(path)
        except ImportError as error:
            problems.append(
                Error(f"{setting}: {path} cannot be imported: {error}", id="dresscode.E001")
            )
    return problems
