"""What a backup says of itself: `manifest.json`, written last, so that a folder without one is no backup."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

FORMAT = 1
DUMP, FILES, MANIFEST = "database.dump", "files", "manifest.json"


class UnfitBackupError(Exception):
    """The folder is no whole backup that this release can take; the message says why."""


@dataclass(frozen=True)
class Kept:
    """A file of the backup: bytes, and their SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`made_at` in ISO 8601, UTC, as the dump began; `migrations` as `app.name`; `rows` of each table in the dump;
    `files` by their name in the storage."""

    made_at: str
    postgresql: str
    migrations: list[str]
    rows: dict[str, int]
    dump: Kept
    files: dict[str, Kept]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Raises UnfitBackupError."""
    try:
        said = json.loads((folder / MANIFEST).read_text())
        if said["format"] != FORMAT:
            raise UnfitBackupError(f"{folder} has the format {said['format']}, not {FORMAT}.")
        said["dump"] = Kept(**said["dump"])
        said["files"] = {name: Kept(**kept) for name, kept in said["files"].items()}
        return Manifest(**said)
    except FileNotFoundError as error:
        raise UnfitBackupError(
            f"{folder} has no {MANIFEST}: it is no backup, or one that was cut off."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnfitBackupError(f"{folder / MANIFEST} cannot be read: {error}") from error


def find_damage(folder: Path, manifest: Manifest) -> Iterator[str]:
    """In words, one for each file that is not as it was written, or that would leave the folder."""
    if hash_file(folder / DUMP) != manifest.dump:
        yield f"{DUMP} is not as it was written."
    for name, kept in manifest.files.items():
        path = folder / FILES / name
        if not path.resolve().is_relative_to((folder / FILES).resolve()):
            yield f"{name} leads out of the backup."
        elif hash_file(path) != kept:
            yield f"{FILES}/{name} is not as it was written."


def hash_file(path: Path) -> Kept | None:
    """None where there is no such file."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Kept(file.tell(), digest)
    except (FileNotFoundError, IsADirectoryError):
        return None


def list_migrations() -> list[str]:
    """Those that the database has had; none where it is empty."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)
