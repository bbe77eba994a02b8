"""Files of photos in Django's default storage: local disk or S3.

Names come from us alone: `incoming/<owner>/<photo>`, `photos/<owner>/<photo>/…`,
`garments/<owner>/<garment>/…`. A rendition's name ends in the hash of its bytes, so that writing it
twice is writing it once.
"""

import errno
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

logger = logging.getLogger(__name__)

FOLDERS = ("incoming", "photos", "garments")


NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def is_full(error: BaseException | None) -> bool:
    """Whether a disk, or our share of it, is full."""
    return isinstance(error, OSError) and error.errno in NO_ROOM


class IncompleteWriteError(OSError):
    """The storage took the bytes and holds others."""


def save_file(name: str, data: bytes) -> str:
    """Store bytes under exactly this name, or nothing. Raises OSError, or what the storage raises."""
    if holds(name, data):
        return name
    default_storage.delete(name)
    try:
        stored = default_storage.save(name, ContentFile(data))
    except BaseException:  # A full disk took the beginning.
        delete_files([name])
        raise
    if stored != name or default_storage.size(stored) != len(data):
        delete_files([stored])
        raise IncompleteWriteError(f"{name} was not stored whole")
    return stored


def holds(name: str, data: bytes) -> bool:
    """Whether the file is there already; one cut off by a crash is not."""
    return default_storage.exists(name) and default_storage.size(name) == len(data)


def name_by_content(folder: str, stem: str, data: bytes) -> str:
    return f"{folder}/{stem}-{hashlib.sha256(data).hexdigest()[:16]}.webp"


def save_rendition(folder: str, stem: str, data: bytes) -> str:
    """Store a picture under the name that follows from its bytes; answers with that name."""
    return save_file(name_by_content(folder, stem, data), data)


def read_file(name: str | None) -> bytes:
    """Raises FileNotFoundError, or what the storage raises."""
    if not name:
        raise FileNotFoundError("no file is named")
    with default_storage.open(name) as file:
        data: bytes = file.read()
        return data


def delete_files(names: Iterable[str | None]) -> None:
    """Delete what is there. A storage that is away is logged: the sweep finds what stayed."""
    for name in filter(None, names):
        try:
            default_storage.delete(name)
        except Exception:  # Each storage has its own exceptions.
            logger.exception("%s could not be deleted", name)


def delete_files_on_commit(names: Iterable[str | None]) -> None:
    transaction.on_commit(partial(delete_files, list(names)), robust=True)


def list_files(folder: str = "") -> Iterator[str]:
    """Every file below a folder, or of the whole storage, by full name."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    within = f"{folder}/" if folder else ""
    yield from (f"{within}{name}" for name in files if name)
    for name in folders:
        yield from list_files(f"{within}{name}")


def delete_unnamed(
    folders: Iterable[str], *, older_than: timedelta, is_named: Callable[[str], bool]
) -> int:
    """Delete the files below some folders that no row names, once they are old enough to be no upload on its way;
    answers with their number."""
    old = (name for folder in folders for name in list_files(folder) if is_older(name, older_than))
    stray = [name for name in old if not is_named(name)]
    delete_files(stray)
    return len(stray)


def is_older(name: str, age: timedelta) -> bool:
    try:
        return timezone.now() - default_storage.get_modified_time(name) > age
    except FileNotFoundError:  # Deleted since it was listed.
        return False
