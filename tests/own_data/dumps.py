"""Everything that is kept anywhere, as text to search: the database, the disk, Redis."""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection


def dump_tables() -> dict[str, str]:
    """Each table's rows as PostgreSQL writes them, and what sessions hold inside."""
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - of our own
            told[table] = "\n".join(row for (row,) in cursor.fetchall())
    told["sessions, decoded"] = "\n".join(str(one.get_decoded()) for one in Session.objects.all())
    return told


def dump_redis() -> dict[str, str]:
    """Each key with what it holds; rq's jobs unpacked."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        return {key.decode(): " ".join(read_key(client, key)) for key in client.scan_iter()}


def read_key(client: Any, key: bytes) -> Iterator[str]:
    kind = client.type(key).decode()
    reads = {
        "string": lambda: [client.get(key)],
        "hash": lambda: [part for pair in client.hgetall(key).items() for part in pair],
        "list": lambda: client.lrange(key, 0, -1),
        "set": lambda: client.smembers(key),
        "zset": lambda: client.zrange(key, 0, -1),
        "stream": lambda: [part for _, entry in client.xrange(key) for pair in entry.items() for part in pair],
    }  # fmt: skip
    for value in reads[kind]():
        yield decode(value)


def decode(value: bytes) -> str:
    try:
        return zlib.decompress(value).decode("utf-8", "replace")
    except zlib.error:
        return value.decode("utf-8", "replace")


def dump_disk() -> dict[str, bytes]:
    """Each stored file with its bytes."""
    root = Path(settings.MEDIA_ROOT)
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def find(word: str) -> list[str]:
    """Where a word stands, whatever its case."""
    wanted = word.casefold()
    places = {**dump_tables(), **{f"redis {key}": text for key, text in dump_redis().items()}}
    found = [place for place, text in places.items() if wanted in f"{place} {text}".casefold()]
    files = dump_disk().items()
    return found + [f"file {name}" for name, data in files if wanted.encode() in data.lower()]
