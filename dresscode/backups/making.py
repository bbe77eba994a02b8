"""Writing a backup: the database as `pg_dump` sees it at one moment, and every file of the storage."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection, transaction

from dresscode.backups.manifest import (
    DUMP,
    FILES,
    Kept,
    Manifest,
    hash_file,
    list_migrations,
)
from dresscode.backups.programs import run_program
from wardrobe.photos.storage import list_files

PREFIX, UNFINISHED = "dresscode-", ".unfinished"
CHUNK = 1024 * 1024
"""Bytes of a file that are in memory at once."""


def make_backup(parent: Path) -> Path:
    """A new folder below `parent`, named by its time; only its owner may read it.

    Files are copied before the dump and once more after it: what came meanwhile is taken too, so a row of the dump
    lacks its file only if that was deleted between the dump and the second look. Files that no row names do no harm:
    the sweeps of the restored site remove them.

    Raises:
        ProgramError: the database could not be dumped.
        OSError: there is no room, or the storage is away. What was begun is removed.
    """
    began = datetime.now(UTC)
    finished = parent / f"{PREFIX}{began:%Y%m%dT%H%M%SZ}"
    folder = finished.with_name(finished.name + UNFINISHED)
    folder.mkdir(mode=0o700, parents=True)
    try:
        copied: dict[str, Kept] = {}
        copy_files(folder / FILES, copied)
        rows = dump_database(folder / DUMP)
        copy_files(folder / FILES, copied)
        dump = hash_file(folder / DUMP)
        if dump is None:
            raise FileNotFoundError(f"{DUMP} is gone from {folder}.")
        Manifest(
            made_at=began.isoformat(timespec="seconds"),
            postgresql=read_server_version(),
            migrations=list_migrations(),
            rows=rows,
            dump=dump,
            files=copied,
        ).write(folder)
        folder.rename(finished)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return finished


def dump_database(path: Path) -> dict[str, int]:
    """In `pg_dump`'s custom format; answers with the rows of each table at the same moment.

    Owners, grants and comments are left out: whoever restores it owns it, and only a superuser may comment on an
    extension.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        run_program(
            "pg_dump",
            ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--no-comments",
             f"--snapshot={snapshot}", f"--file={path}"],
        )  # fmt: skip
        return count_rows()


def count_rows() -> dict[str, int]:
    """By table, those of the migrations too."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 ours
            [counts[table]] = cursor.fetchone()
    return counts


def copy_files(target: Path, copied: dict[str, Kept]) -> None:
    """Every file of the storage that is not among `copied`, or has another size by now; adds it to these."""
    target.mkdir(exist_ok=True)
    for name in list_files():
        try:
            if name in copied and default_storage.size(name) == copied[name].size:
                continue
            copied[name] = copy_file(name, target / name)
        except FileNotFoundError:  # Deleted since it was listed.
            copied.pop(name, None)


def copy_file(name: str, target: Path) -> Kept:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with default_storage.open(name) as source, target.open("wb") as file:
        for chunk in source.chunks(CHUNK):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Kept(size, digest.hexdigest())


def read_server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def delete_older(parent: Path, keep: int) -> list[Path]:
    """Backups below `parent` but the newest `keep`, 1 or more; answers with them. Unfinished ones may be being written."""
    whole = sorted(path for path in parent.glob(f"{PREFIX}*") if path.suffix != UNFINISHED)
    older = whole[:-keep]
    for path in older:
        shutil.rmtree(path)
    return older
