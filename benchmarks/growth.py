"""What grows with the wearers: pages and jobs of one of them, tables, indexes, vacuum, backup.

    python -m benchmarks.growth [--wearers 1000 10000] [--outfits 365] [--rounds 7] [--json] [--keep FILE]

Each size is a database of its own in one embedded PostgreSQL: wearers with a hundred garments each and three years of
outfits (`benchmarks.growth_filling`). The wearer in the middle is asked every page that an owner may open, in rounds that
alternate between the sizes, as are the jobs of one wearer. Goal: the same time within 20 % for each, as many blocks of
the database, and no plan that reads a whole table that grows. The scheduled jobs are run once and again: what they take with nothing to do is told.
`--keep` writes what was measured as JSON for `docs/scale.md`.
"""

import argparse
import gc
import json
import logging
import os
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STATE = Path(tempfile.mkdtemp(prefix="dresscode-growth-"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "dresscode.settings",
    "DRESSCODE_ENV_FILE": os.devnull,
    "DRESSCODE_STATE": str(STATE),
    "LOG_LEVEL": "ERROR",
}
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)

import psycopg  # noqa: E402

from benchmarks.growth_plans import count_blocks, watching  # noqa: E402
from benchmarks.growth_work import Work, list_jobs, list_pages, sign_in  # noqa: E402
from benchmarks.report import Figure, describe_environment, report  # noqa: E402
from dresscode.local.embedded import paths, postgres, redis  # noqa: E402

LEFT_OUT = (
    "import_golden_job",
    "evaluate_live_job",
    "probe_engines_job",
    "sweep_orphans_job",
    "embed_photos_job",
)
"""Scheduled jobs that do nothing with wearers' rows, and the one that looks for the files of all rows: there are none."""
SAID = 120
"""Characters of a query that are kept."""
BACKED_UP = 1_000
"""Backups of more wearers are not made: pg_dump compresses with one core."""


@contextmanager
def database(wearers: int) -> Iterator[None]:
    """The one of so many wearers, for all that Django asks within; nothing of another one is remembered."""
    from django.core.cache import cache
    from django.db import connection

    from registry.prompts import live_versions
    from wardrobe import vocabulary

    connection.close()
    connection.settings_dict["NAME"] = f"growth_{wearers}"
    live_versions._entries.clear()
    vocabulary.forget()
    cache.clear()
    try:
        yield
    finally:
        connection.close()


ORIGINAL = 1
"""So many wearers are in the database that the others are copies of."""


def create_database(wearers: int, template: str) -> None:
    with connect_as_superuser("postgres") as connection:
        connection.execute(
            f"CREATE DATABASE growth_{wearers} OWNER {postgres.ROLE} TEMPLATE {template}"  # type: ignore[arg-type]
        )


def connect_as_superuser(name: str) -> "psycopg.Connection[Any]":
    """The product's own role may neither make databases nor copy rows past their triggers."""
    sockets = str(paths.socket_dir(STATE))
    return psycopg.connect(host=sockets, dbname=name, user=postgres.SUPERUSER, autocommit=True)


def make_original(outfits: int) -> None:
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
    make_wearer(outfits)


def fill(wearers: int) -> float:
    """Seconds that it took to copy them."""
    from django.db import connection

    from benchmarks.growth_filling import copy_wearer

    began = time.monotonic()
    step = 250
    with connect_as_superuser(f"growth_{wearers}") as superuser:
        for first in range(1, wearers, step):
            copy_wearer(superuser, first, min(first + step, wearers) - 1)
    took_s = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table, sequence in list_sequences(cursor):
            cursor.execute(f"SELECT setval(%s, (SELECT max(id) + 1 FROM {table}))", [sequence])  # noqa: S608
        cursor.execute("ANALYZE")
    return took_s


def list_sequences(cursor: Any) -> list[tuple[str, str]]:
    """Tables whose keys were shifted, each with its sequence."""
    from benchmarks.growth_filling import list_models

    found = []
    for model in list_models():
        table = model._meta.db_table
        if any(
            field.name == "id" and "Auto" in type(field).__name__ for field in model._meta.fields
        ):
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            found.append((table, cursor.fetchone()[0]))
    return found


def find_middle(wearers: int) -> Any:
    """A wearer with as many before as behind; the ids in arrays of theirs are made their own."""
    from django.db import connection

    from accounts.models import User

    copy = wearers // 2
    user = User.objects.get(email=f"w{copy}@example.org")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE styling_suggestion SET candidates = ARRAY(SELECT md5(one::text || %s)::uuid "
            "FROM unnest(candidates) AS one) WHERE owner_id = %s",
            [str(copy), user.pk],
        )
    return user


def time_ms(work: Work) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


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
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        began = time.monotonic()
        cursor.execute("VACUUM ANALYZE")
    return time.monotonic() - began


def back_up() -> tuple[float, int]:
    """Seconds, and bytes of the dump."""
    from dresscode.backups.making import make_backup

    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        made = make_backup(Path(folder))
        took_s = time.monotonic() - began
        return took_s, sum(file.stat().st_size for file in made.rglob("*") if file.is_file())


def run_scheduled(rows: dict[str, int]) -> dict[str, tuple[float, dict[str, str]]]:
    """Milliseconds of the second run of each scheduled job, and what it reads whole."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    figures = {}
    for path in settings.SCHEDULED_JOBS:
        if path.endswith(LEFT_OUT):
            continue
        job, plans = import_string(path), dict[str, str]()
        try:
            with watching(plans, rows):
                job()
            figures[path] = time_ms(job), plans
        except Exception as error:  # noqa: BLE001 - Told, and the others go on.
            figures[path] = -1.0, {"failed": f"{type(error).__name__}: {error}"}
    return figures


def measure(sizes: list[int], outfits: int, rounds: int) -> dict[str, Any]:
    result: dict[str, Any] = {"sizes": {}, "outfits": outfits}
    work: dict[int, dict[str, Work]] = {}
    create_database(ORIGINAL, "template1")
    with database(ORIGINAL):
        make_original(outfits)
    for wearers in sizes:
        create_database(wearers, f"growth_{ORIGINAL}")
        with database(wearers):
            filled_s = fill(wearers)
            vacuum_s = vacuum()
            user = find_middle(wearers)
            tables = read_sizes()
            rows = {table: int(size["rows"]) for table, size in tables.items()}
            plans: dict[str, str] = {}
            client = sign_in(user)
            pages = list_pages(user)
            tasks: dict[str, Work] = {
                re.sub(r"[0-9a-f-]{36}", "…", page).replace(str(user.today), "…"): (
                    lambda page=page, client=client: client.get(page)  # type: ignore[misc]
                )
                for page in pages
            }
            tasks |= list_jobs(user)
            with watching(plans, rows):
                for task in tasks.values():
                    task()
            blocks = {name: count_blocks(task) for name, task in tasks.items()}
            work[wearers] = tasks
            scheduled = run_scheduled(rows)
            backup_s, backup_bytes = back_up() if wearers <= BACKED_UP else (0.0, 0)
        result["sizes"][wearers] = {
            "filled_s": filled_s,
            "vacuum_s": vacuum_s,
            "backup_s": backup_s,
            "backup_bytes": backup_bytes,
            "tables": {
                name: one
                for name, one in tables.items()
                if one["rows"] >= wearers and not name.startswith("growth_")
            },
            "read_whole": {table: sql[:SAID] for table, sql in plans.items()},
            "blocks": blocks,
            "scheduled_ms": {path: ms for path, (ms, _) in scheduled.items()},
            "scheduled_read_whole": {
                path: found for path, (_, found) in scheduled.items() if found
            },
        }
        print(f"{wearers} wearers: filled in {filled_s:.0f} s, backup {backup_s:.0f} s", flush=True)
    result["ms"] = alternate(sizes, work, rounds)
    return result


def alternate(
    sizes: list[int], work: dict[int, dict[str, Work]], rounds: int
) -> dict[str, dict[int, float]]:
    """Medians in milliseconds, by what was done and by size; each round asks all sizes."""
    gc.freeze()
    times: dict[str, dict[int, list[float]]] = {}
    for turn in range(rounds):
        for wearers in sizes if turn % 2 else reversed(sizes):
            with database(wearers):
                for name, task in work[wearers].items():
                    task()  # A new connection, an empty cache.
                    taken = times.setdefault(name, {}).setdefault(wearers, [])
                    taken += [time_ms(task) for _ in range(5)]
    return {
        name: {wearers: statistics.median(taken) for wearers, taken in by_size.items()}
        for name, by_size in times.items()
    }


def tell(result: dict[str, Any]) -> tuple[list[Figure], dict[str, float]]:
    figures, ratios = [], {}
    sizes = list(result["sizes"])
    for wearers, one in result["sizes"].items():
        tables = one["tables"].values()
        size = sum(table["table_bytes"] + table["index_bytes"] for table in tables)
        figures += [
            Figure(f"{wearers} wearers: bytes of a wearer", size / wearers / 1024, "KiB"),
            Figure(f"{wearers} wearers: vacuum", one["vacuum_s"], "s"),
        ]
        if one["backup_bytes"]:
            figures.append(Figure(f"{wearers} wearers: backup", one["backup_s"], "s"))
        for table, sql in one["read_whole"].items():
            print(f"{wearers} wearers: {table} is read whole by: {sql}")
        for path, found in one["scheduled_read_whole"].items():
            print(f"{wearers} wearers, {path} reads whole: {', '.join(found)}")
    for path in result["sizes"][sizes[0]]["scheduled_ms"]:
        for wearers in sizes:
            ms = result["sizes"][wearers]["scheduled_ms"][path]
            figures.append(Figure(f"{wearers} wearers: {path}", ms, "ms"))
    for name, by_size in result["ms"].items():
        if len(by_size) > 1:
            figures.append(Figure(f"{name}, {sizes[0]} wearers", by_size[sizes[0]], "ms"))
            few, many = (result["sizes"][size]["blocks"][name] for size in (sizes[0], sizes[-1]))
            label = f"{sizes[-1]} over {sizes[0]} wearers"
            ratios[f"{name}: {label}"] = by_size[sizes[-1]] / by_size[sizes[0]]
            ratios[f"{name}, blocks: {label}"] = many / max(few, 1)
    return figures, ratios


def main() -> None:
    parser = argparse.ArgumentParser(description="What grows with the wearers.")
    parser.add_argument("--wearers", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--outfits", type=int, default=365, help="of a wearer, in three years")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--keep", type=Path, help="a file for what was measured")
    options = parser.parse_args()
    STATE.chmod(0o711)
    (STATE / "static").mkdir()
    os.environ["REDIS_URL"] = paths.redis_url(STATE)
    stores = [postgres.start(STATE, disposable=True), redis.start(STATE, disposable=True)]
    try:
        import django

        django.setup()
        from django.conf import settings

        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        logging.disable(logging.CRITICAL)  # The pictures of all these rows are missing.
        result = measure(sorted(options.wearers), options.outfits, options.rounds)
        figures, ratios = tell(result)
        if options.keep:
            result["environment"] = describe_environment()
            options.keep.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
        report("growth", figures=figures, ratios=ratios)
    finally:
        for store in reversed(stores):
            store.stop()
        shutil.rmtree(STATE, ignore_errors=True)


if __name__ == "__main__":
    main()
