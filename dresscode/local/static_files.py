"""The static files under hashed names, collected anew only when one of them has changed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

MARK = "collected-from.sha256"


def collect_static_files() -> None:
    """Second-long work that a start with the same files as the last one spares itself."""
    mark = Path(settings.STATIC_ROOT) / MARK
    digest = hash_sources()
    if mark.exists() and mark.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(digest)


def hash_sources() -> str:
    """Hex SHA-256 over path, size and time of change of each source, and over who stores them."""
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    return hashlib.sha256("\n".join([backend, *sorted(list_sources())]).encode()).hexdigest()


def list_sources() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            yield f"{storage.path(path)} {status.st_size} {status.st_mtime_ns}"
