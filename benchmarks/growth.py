"""What grows with the wearers: pages and jobs of one of them, tables, indexes, vacuum, backup.

    python -m benchmarks.growth [--wearers 1000 10000] [--garments 100] [--outfits 156] [--rounds 4]
                                [--databases FOLDER] [--keep FILE] [--json]

Each size is a database of its own in one embedded PostgreSQL: wearers with so many garments each and three years of
outfits (`benchmarks.growth_filling`). The wearer in the middle is asked every page that an owner may open, in rounds that
alternate between the sizes, as are the jobs of one wearer. Goal: for each as many blocks of the database and as much time
of a processor within 20 %, and no plan that reads a whole table that grows. The scheduled jobs are run once and again:
what they take with nothing to do is told. Where a page looks at more than that, the queries that do are printed with
their plans. `--databases` keeps what was filled for another run; `--keep` writes what was measured as JSON for
`docs/scale.md`. `--rounds 0` looks at blocks, which are the same on a busy machine, and at what
is done once, as filling and backing up; other times that are kept stay.
"""

import argparse
import gc
import itertools
import json
import logging
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.growth_databases import (
    ORIGINAL,
    Databases,
    back_up,
    find_middle,
    read_sizes,
    vacuum,
)
from benchmarks.growth_files import time_files
from benchmarks.growth_plans import Looked, look, watching
from benchmarks.growth_work import Work, list_jobs, list_pages, sign_in
from benchmarks.report import Figure, describe_environment, report
from dresscode.local.embedded import paths, postgres, redis

LEFT_OUT = (
    "import_golden_job",
    "evaluate_live_job",
    "probe_engines_job",
    "sweep_orphans_job",
    "embed_photos_job",
)
"""Scheduled jobs that do nothing with wearers' rows, and the two that look for the files of rows: there are none."""
SAID = 120
"""Characters of a query that are kept."""
ROUND = 50_000
"""Photos of which the sweep of vectors is timed."""
GOAL = 1.2
REPEATS = 5


def time_ms(work: Work) -> tuple[float, float]:
    """Milliseconds by the clock, and of a processor: this process and the database's one that serves it."""
    began, cpu = time.perf_counter(), time.process_time() + read_server_cpu_s()
    work()
    cpu_s = time.process_time() + read_server_cpu_s() - cpu
    return (time.perf_counter() - began) * 1000, cpu_s * 1000


def read_server_cpu_s() -> float:
    """What the backend of Django's connection has taken so far."""
    from django.db import connection

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


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
            figures[path] = time_ms(job)[0], plans
        except Exception as error:  # noqa: BLE001 - Told, and the others go on.
            figures[path] = -1.0, {"failed": f"{type(error).__name__}: {error}"}
    return figures


def time_sample(wearers: int) -> dict[str, float]:
    """The drift report that reads one of so many wearers, as it does where there are ten times as many as it reads whole."""
    from monitoring.drift import windows
    from monitoring.jobs import report_drift_job
    from monitoring.models import DriftReport

    usual, windows.MOST_WEARERS = windows.MOST_WEARERS, max(1, wearers // 10)
    try:
        ms, _ = time_ms(report_drift_job)
    finally:
        windows.MOST_WEARERS = usual
    return {"one_of": DriftReport.objects.all()[0].one_of, "ms": ms}


def time_round() -> float:
    """Photos a second that the sweep of vectors looks at, where none is missing."""
    from wardrobe.models import Photo
    from wardrobe.services.embeddings import find_unembedded, list_missing
    from wardrobe.services.rounds import ROWS

    began = time.monotonic()
    seen = sum(ROWS for _ in itertools.islice(list_missing(find_unembedded(), ""), ROUND // ROWS))
    return min(seen, Photo.objects.count()) / (time.monotonic() - began)


def list_tasks(user: Any) -> dict[str, Work]:
    """Pages and jobs of the wearer, by a name that is the same in each database."""
    client = sign_in(user)
    tasks: dict[str, Work] = {
        re.sub(r"[0-9a-f-]{36}", "…", page).replace(str(user.today), "…"): (
            lambda page=page: client.get(page)  # type: ignore[misc]
        )
        for page in list_pages(user)
    }
    return tasks | list_jobs(user)


def measure(databases: Databases, sizes: list[int], rounds: int) -> dict[str, Any]:
    from django.core.management import call_command

    work: dict[int, dict[str, Work]] = {}
    looked: dict[int, dict[str, Looked]] = {}
    result: dict[str, Any] = {"garments": databases.garments, "outfits": databases.outfits}
    result["sizes"] = {}
    took = {wearers: databases.make(wearers) for wearers in (ORIGINAL, *sizes)}
    for wearers in sizes:
        print(f"{wearers} wearers are looked at", flush=True)
        with databases.used(databases.name(wearers)):
            call_command("migrate", verbosity=0)
            vacuum()
            user = find_middle(wearers)
            tables = read_sizes()
            rows = {table: int(size["rows"]) for table, size in tables.items()}
            plans: dict[str, str] = {}
            work[wearers] = list_tasks(user)
            with watching(plans, rows):
                for task in work[wearers].values():
                    task()
            looked[wearers] = {name: look(task) for name, task in work[wearers].items()}
            timed = time_jobs(wearers, rows) if rounds else {}
            backed_up = databases.remember(wearers, back_up)
        result["sizes"][wearers] = (
            took[wearers]
            | backed_up
            | timed
            | {
                "tables": {
                    name: one
                    for name, one in tables.items()
                    if one["rows"] >= wearers and not name.startswith("growth_")
                },
                "read_whole": {table: sql[:SAID] for table, sql in plans.items()},
                "blocks": {name: one.blocks for name, one in looked[wearers].items()},
            }
        )
    few, many = sizes[0], sizes[-1]
    for wearers, seen in looked.items():
        levels = databases.read_levels(databases.name(wearers))
        result["sizes"][wearers]["levels"] = levels
        result["sizes"][wearers]["above_leaves"] = {
            name: one.count_above_leaves(levels) for name, one in seen.items()
        }
    for name, one in looked[many].items():
        if name in looked[few] and one.blocks > GOAL * looked[few][name].blocks:
            tell_queries(name, looked[few][name], one)
    if rounds:
        result["ms"], result["cpu_ms"] = alternate(databases, sizes, work, rounds)
    return result


def time_jobs(wearers: int, rows: dict[str, int]) -> dict[str, Any]:
    """What the jobs take that are not of one wearer."""
    scheduled = run_scheduled(rows)
    return {
        "drift_sample": time_sample(wearers),
        "vectors_looked_at_a_s": time_round(),
        "files_looked_at": time_files(time_ms),
        "scheduled_ms": {path: ms for path, (ms, _) in scheduled.items()},
        "scheduled_read_whole": {path: found for path, (_, found) in scheduled.items() if found},
    }


def add_blocks(kept: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Results that are kept, with what was looked at anew in its place; their times stay, and the load they had."""
    sizes = {
        str(wearers): kept["sizes"].get(str(wearers), {}) | one
        for wearers, one in result["sizes"].items()
    }
    return kept | result | {"sizes": sizes, "environment": kept["environment"]}


def tell_queries(name: str, few: Looked, many: Looked) -> None:
    print(f"{name}: {few.blocks} blocks, {many.blocks} with more wearers")
    for text, (blocks, plan) in many.queries.items():
        before, plan_before = few.queries.get(text, (0, "not asked"))
        if blocks > GOAL * before:
            print(f"  {before} -> {blocks}: {text[:400]}\n    {plan_before}\n    {plan}")


Medians = dict[str, dict[int, float]]
"""In milliseconds, by what was done and by size."""


def alternate(
    databases: Databases, sizes: list[int], work: dict[int, dict[str, Work]], rounds: int
) -> tuple[Medians, Medians]:
    """By the clock and of a processor; each round asks all sizes."""
    gc.freeze()
    times: dict[str, dict[int, list[tuple[float, float]]]] = {}
    for turn in range(rounds):
        for wearers in sizes if turn % 2 else reversed(sizes):
            with databases.used(databases.name(wearers)):
                for name, task in work[wearers].items():
                    task()  # A new connection, an empty cache.
                    taken = times.setdefault(name, {}).setdefault(wearers, [])
                    taken += [time_ms(task) for _ in range(REPEATS)]
    clock, cpu = (
        {
            name: {
                wearers: statistics.median(one[place] for one in taken)
                for wearers, taken in by_size.items()
            }
            for name, by_size in times.items()
        }
        for place in (0, 1)
    )
    return clock, cpu


def tell(result: dict[str, Any]) -> tuple[list[Figure], dict[str, float]]:
    figures, ratios = [], {}
    sizes = list(result["sizes"])
    for wearers, one in result["sizes"].items():
        tables = one["tables"].values()
        size = sum(table["table_bytes"] + table["index_bytes"] for table in tables)
        figures += [
            Figure(f"{wearers} wearers: bytes of a wearer", size / wearers / 1024, "KiB"),
            Figure(f"{wearers} wearers: filled", one["filled_s"], "s"),
            Figure(f"{wearers} wearers: vacuum", one["vacuum_s"], "s"),
            Figure(
                f"{wearers} wearers: drift report, one of {one['drift_sample']['one_of']} of them",
                one["drift_sample"]["ms"] / 1000,
                "s",
            ),
            Figure(
                f"{wearers} wearers: vectors looked at", one["vectors_looked_at_a_s"], "photos a s"
            ),
            Figure(
                f"{wearers} wearers: files looked at", one["files_looked_at"]["a_s"], "files a s"
            ),
            Figure(
                f"{wearers} wearers: files looked at, of a processor",
                one["files_looked_at"]["a_cpu_s"],
                "files a s CPU",
            ),
        ]
        figures.append(Figure(f"{wearers} wearers: backup", one["backup_s"], "s"))
        for table, sql in one["read_whole"].items():
            print(f"{wearers} wearers: {table} is read whole by: {sql}")
        for path, found in one["scheduled_read_whole"].items():
            print(f"{wearers} wearers, {path} reads whole: {', '.join(found)}")
    for path in result["sizes"][sizes[0]]["scheduled_ms"]:
        for wearers in sizes:
            ms = result["sizes"][wearers]["scheduled_ms"][path]
            figures.append(Figure(f"{wearers} wearers: {path}", ms, "ms"))
    few, many = sizes[0], sizes[-1]
    label = f"{many} over {few} wearers"
    for name, by_size in result["cpu_ms"].items():
        if len(by_size) > 1:
            figures.append(Figure(f"{name}, {few} wearers", by_size[few], "ms CPU"))
            before, after = (result["sizes"][size]["blocks"][name] for size in (few, many))
            ratios[f"{name}: {label}"] = by_size[many] / by_size[few]
            ratios[f"{name}, blocks: {label}"] = after / max(before, 1)
    return figures, ratios


def main() -> None:
    parser = argparse.ArgumentParser(description="What grows with the wearers.")
    parser.add_argument("--wearers", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--garments", type=int, default=100, help="of a wearer")
    parser.add_argument("--outfits", type=int, default=156, help="of a wearer, in three years")
    parser.add_argument("--rounds", type=int, default=4, help="0: nothing is timed")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--databases", type=Path, help="a folder in which they stay")
    parser.add_argument("--keep", type=Path, help="a file for what was measured")
    options = parser.parse_args()
    state = options.databases or Path(tempfile.mkdtemp(prefix="dresscode-growth-"))
    state.mkdir(exist_ok=True)
    state.chmod(0o711)
    (state / "static").mkdir(exist_ok=True)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "dresscode.settings",
        "DRESSCODE_ENV_FILE": os.devnull,
        "DRESSCODE_STATE": str(state),
        "LOG_LEVEL": "ERROR",
        "REDIS_URL": paths.redis_url(state),
    }
    stores = [postgres.start(state, disposable=True), redis.start(state, disposable=True)]
    try:
        import django

        django.setup()
        from django.conf import settings

        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        logging.disable(logging.CRITICAL)  # The pictures of all these rows are missing.
        databases = Databases(state, options.garments, options.outfits)
        databases.tune()
        result = measure(databases, sorted(options.wearers), options.rounds)
        result["environment"] = describe_environment()
        if not options.rounds and options.keep and options.keep.exists():
            result = add_blocks(json.loads(options.keep.read_text()), result)
        if options.keep:
            options.keep.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
        if options.rounds:
            figures, ratios = tell(result)
            report("growth", figures=figures, ratios=ratios)
    finally:
        for store in reversed(stores):
            store.stop()
        if not options.databases:
            shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    main()
