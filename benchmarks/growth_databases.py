"""The databases of `benchmarks.growth`: made, filled, measured; each of so many wearers in one embedded PostgreSQL."""

import json
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from dresscode.local.embedded import paths, postgres

ORIGINAL = 1
"""So many wearers are in the database that the others are copies of."""
LEVEL = struct.Struct("<I")
LEVEL_AT = 24 + 20
"""Of the first block of a B-tree: behind the page's header magic, version, root, its level, the root in use, its level."""


@dataclass(frozen=True)
class Databases:
    """Those below `state` of wearers with so many garments and outfits each."""

    state: Path
    garments: int
    outfits: int

    def name(self, wearers: int) -> str:
        return f"growth_{self.garments}_{self.outfits}_{wearers}"

    def connect(self, name: str) -> "psycopg.Connection[Any]":
        """The product's own role may neither make databases nor copy rows past their triggers."""
        sockets = str(paths.socket_dir(self.state))
        return psycopg.connect(host=sockets, dbname=name, user=postgres.SUPERUSER, autocommit=True)

    @contextmanager
    def used(self, name: str) -> Iterator[None]:
        """The one of this name, for all that Django asks within; nothing of another one is remembered."""
        from django.core.cache import cache
        from django.db import connection

        from registry.prompts import live_versions
        from wardrobe import vocabulary

        connection.close()
        connection.settings_dict["NAME"] = name
        live_versions._entries.clear()
        vocabulary.forget()
        cache.clear()
        try:
            yield
        finally:
            connection.close()

    def tune(self) -> None:
        """Nothing is vacuumed behind what is measured; what is written lies in few files of the log."""
        with self.connect("postgres") as server:
            for setting in ("autovacuum = off", "max_wal_size = '2GB'"):
                server.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[arg-type]
            server.execute("SELECT pg_reload_conf()")

    def make(self, wearers: int) -> dict[str, float]:
        """Seconds that filling and the first vacuum took, by now or in an earlier run; what was begun is begun anew."""
        name = self.name(wearers)
        unfinished = f"{name}_unfinished"
        took = self.state / f"{name}.json"
        if took.exists():
            return dict(json.loads(took.read_text()))
        with self.connect("postgres") as server:
            if wearers != ORIGINAL:
                self.make(ORIGINAL)
            template = "template1" if wearers == ORIGINAL else self.name(ORIGINAL)
            for left in (unfinished, name):
                server.execute(f"DROP DATABASE IF EXISTS {left}")  # type: ignore[arg-type]
            server.execute(
                f"CREATE DATABASE {unfinished} OWNER {postgres.ROLE} TEMPLATE {template}"  # type: ignore[arg-type]
            )
            began = time.monotonic()
            with self.used(unfinished):
                if wearers == ORIGINAL:
                    make_original(self.garments, self.outfits)
                else:
                    self.fill(unfinished, wearers)
                filled_s = time.monotonic() - began
                vacuum_s = vacuum()
            server.execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")  # type: ignore[arg-type]
        took.write_text(json.dumps({"filled_s": filled_s, "vacuum_s": vacuum_s}))
        return {"filled_s": filled_s, "vacuum_s": vacuum_s}

    def remember(self, wearers: int, figures: Callable[[], dict[str, float]]) -> dict[str, float]:
        """What was measured once of a database that is kept, beside what making it took."""
        kept = self.state / f"{self.name(wearers)}.json"
        known: dict[str, float] = json.loads(kept.read_text())
        if "backup_s" not in known:
            known |= figures()
            kept.write_text(json.dumps(known))
        return known

    def fill(self, name: str, wearers: int) -> None:
        from django.db import connection

        from benchmarks.growth_filling import copy_wearers, list_models

        with self.connect(name) as superuser:
            copy_wearers(superuser, wearers)
        with connection.cursor() as cursor:
            for model in list_models():
                key = model._meta.pk
                if "Auto" in type(key).__name__:
                    table = model._meta.db_table
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT max({key.column}) + 1 FROM {table}))",  # noqa: S608 - Names of ours.
                        [table, key.column],
                    )
            # Ids in arrays are the original's: those of whom is measured are made their own.
            cursor.execute(
                "UPDATE styling_suggestion SET candidates = ARRAY(SELECT md5(one::text || %s)::uuid "
                "FROM unnest(candidates) AS one) WHERE owner_id = %s",
                [str(wearers // 2), find_middle(wearers).pk],
            )

    def read_levels(self, name: str) -> dict[str, int]:
        """How many blocks are above the leaves of each B-tree."""
        levels = {}
        with self.connect(name) as superuser:
            superuser.execute("CHECKPOINT")
            for index, block in superuser.execute(
                "SELECT relname, pg_read_binary_file(pg_relation_filepath(pg_class.oid), 0, 8192) "
                "FROM pg_class JOIN pg_am ON pg_am.oid = relam "
                "WHERE amname = 'btree' AND relnamespace = 'public'::regnamespace AND relkind = 'i'"
            ):
                [levels[index]] = LEVEL.unpack_from(block, LEVEL_AT)
        return levels


def make_original(garments: int, outfits: int) -> None:
    """The tables, a live stylist, and the one wearer that all others are copies of."""
    from django.core.management import call_command

    from benchmarks.growth_filling import make_vectors, make_wearer
    from registry.models import Prompt
    from registry.services.overrides import record_override
    from registry.services.releases import promote_version
    from registry.services.versions import create_version

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    bundle = {"system": "", "user": "", "engine": "builtin", "parameters": {}, "model": {}}
    bundle |= {"sampling": {}, "examples": [], "enable_thinking": False}
    for task in ("suggest_outfit", "digitize_photo"):
        version = create_version(prompt=Prompt.objects.create(name=task), bundle=bundle)
        record_override(version=version, actor=None, reason="Benchmark", days=1)
        promote_version(version=version, actor=None, reason="Benchmark")
    make_vectors()
    make_wearer(garments, outfits)


def find_middle(wearers: int) -> Any:
    """A wearer with as many before as behind."""
    from accounts.models import User

    return User.objects.get(email=f"w{wearers // 2}@example.org")


def read_sizes() -> dict[str, dict[str, float]]:
    """By table: rows, bytes of the table with what is beside it, and of its indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return {
            table: {"rows": int(rows), "table_bytes": size, "index_bytes": indexes}
            for table, rows, size, indexes in cursor.fetchall()
        }


def vacuum() -> float:
    """Seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        began = time.monotonic()
        cursor.execute("VACUUM ANALYZE")
    return time.monotonic() - began


def back_up() -> dict[str, float]:
    """Seconds, and bytes of the dump."""
    from dresscode.backups.making import make_backup

    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        made = make_backup(Path(folder))
        took_s = time.monotonic() - began
        size = sum(file.stat().st_size for file in made.rglob("*") if file.is_file())
        return {"backup_s": took_s, "backup_bytes": size}
