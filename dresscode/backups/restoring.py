"""Taking a backup into an empty database and an empty storage."""

from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from dresscode.backups.making import count_rows
from dresscode.backups.manifest import (
    DUMP,
    FILES,
    Manifest,
    UnfitBackupError,
    find_damage,
    read_manifest,
)
from dresscode.backups.programs import run_program
from wardrobe.photos.storage import list_files

MOST_NAMED = 5


class NotEmptyError(Exception):
    """Something is there already; the message says what."""


def restore_backup(folder: Path) -> Manifest:
    """All of the database in one transaction, then the files; what is there is never written over.

    Nothing is changed before the whole backup has been read and compared with its manifest. A run that was cut off
    while it stored files is done again by emptying the database; files that are there with the same size are let be.

    Raises:
        UnfitBackupError: it is damaged, or of a later release.
        NotEmptyError: the database has tables, or the storage other files.
        ProgramError: PostgreSQL refused it; the database is as it was.
        OSError: the storage is away or full.
    """
    manifest = read_manifest(folder)
    if damage := list(find_damage(folder, manifest)):
        more = f" And {len(damage) - MOST_NAMED} more." if len(damage) > MOST_NAMED else ""
        raise UnfitBackupError(" ".join(damage[:MOST_NAMED]) + more)
    check_release(manifest)
    check_empty(manifest)
    run_program(
        "pg_restore",
        ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
         str(folder / DUMP)],
    )  # fmt: skip
    if count_rows() != manifest.rows:
        raise UnfitBackupError("The restored tables have other rows than the manifest says.")
    for name, kept in manifest.files.items():
        if not (default_storage.exists(name) and default_storage.size(name) == kept.size):
            store_file(name, folder / FILES / name)
    return manifest


def store_file(name: str, path: Path) -> None:
    with path.open("rb") as file:
        stored = default_storage.save(name, File(file))
    if stored != name:
        default_storage.delete(stored)
        raise OSError(f"The storage called {name} {stored}.")


def check_release(manifest: Manifest) -> None:
    """Whether this release has all migrations of the backup. One that is older is brought up by `migrate`."""
    known = MigrationLoader(None).disk_migrations
    replaced = [key for migration in known.values() for key in migration.replaces]
    names = {f"{app}.{name}" for app, name in [*known, *replaced]}
    if later := sorted(set(manifest.migrations) - names):
        raise UnfitBackupError(
            f"It was made by another release: this one has no {', '.join(later[:MOST_NAMED])}."
        )


def check_empty(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if tables:
        raise NotEmptyError(
            f"The database {connection.settings_dict['NAME']} has {len(tables)} tables. "
            "Restore into one that was just created."
        )
    for name in list_files():
        kept = manifest.files.get(name)
        if kept is None or kept.size != default_storage.size(name):
            raise NotEmptyError(f"The storage has {name}, which is not of this backup.")
