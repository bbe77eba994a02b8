"""Data of an earlier pre-release, whose migrations are gone: they are set aside, never deleted."""

import time
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from dresscode.local.embedded.accounts import store_account, stores_dir

# PostgreSQL goes last: a move that was cut short is found, and made, at the next start.
PHOTOS, STORES = "media", ("redis", "postgres")


class EarlierStateError(Exception):
    """These data cannot be migrated or set aside; the message says why and what to do."""


def find_unknown_migrations() -> list[str]:
    """`app.name` of each migration that the database had from an earlier pre-release, in order.

    A database that a later release has migrated also has some that this one does not know, but lacks none.
    """
    applied = MigrationRecorder(connection).applied_migrations().keys()
    return [
        f"{app.label}.{name}"
        for app in sorted(apps.get_app_configs(), key=lambda app: app.label)
        if Path(app.path).parent == settings.BASE_DIR
        for name in find_diverged(
            list_files(app), {n for label, n in applied if label == app.label}
        )
    ]


def list_files(app: AppConfig) -> set[str]:
    """The names of an app's migrations; none is imported."""
    package = find_spec(f"{app.name}.migrations")
    folders = package.submodule_search_locations if package else None
    return {module.name for module in iter_modules(folders or [])}


def find_diverged(known: set[str], applied: set[str]) -> list[str]:
    """Applied migrations of which there is no file, when one that should have come before is missing."""
    unknown, missing = applied - known, known - applied
    has_diverged = unknown and missing and min(missing)[:4] <= max(unknown)[:4]
    return sorted(unknown) if has_diverged else []


def check_can_be_set_aside(unknown: list[str]) -> None:
    """Raises EarlierStateError unless database and photos all lie in the state folder."""
    names = ", ".join(unknown)
    if not settings.EMBEDDED_POSTGRES:
        raise EarlierStateError(
            "The database was migrated by an earlier pre-release, which cannot be upgraded: "
            f"this release has no {names}. Nothing was changed. "
            "Set DATABASE_URL to an empty database, or keep this one with the release that made it."
        )
    if settings.STORAGES["default"]["BACKEND"] != "django.core.files.storage.FileSystemStorage":
        # A fresh database names none of them, and files that no row names are swept away.
        raise EarlierStateError(
            f"The data in {settings.STATE_DIR} are of an earlier pre-release, which cannot be upgraded: "
            f"this release has no {names}. Nothing was changed. Their photos lie in a bucket: "
            "set DRESSCODE_STATE to another folder and name another bucket."
        )


def set_aside(state: Path) -> Path:
    """Move photos and embedded stores, which must not be running, to a folder inside the state folder.

    As DRESSCODE_STATE it works with the release that the data are of. Logs and the secret key stay.

    Raises:
        EarlierStateError: something could not be moved.
    """
    aside = state / time.strftime("before-%Y%m%d-%H%M%S")
    account = store_account()
    try:
        aside.mkdir()
        aside.chmod(0o711)
        home, home_aside = stores_dir(state, account), stores_dir(aside, account)
        home_aside.mkdir(parents=True, exist_ok=True)
        move(state / PHOTOS, aside)
        for store in STORES:
            move(home / store, home_aside)
    except OSError as error:
        raise EarlierStateError(
            f"The data in {state} are of an earlier pre-release and could not be moved to {aside} "
            f"({error}). Set DRESSCODE_STATE to another folder."
        ) from error
    return aside


def move(folder: Path, target: Path) -> None:
    if folder.exists():
        folder.rename(target / folder.name)
