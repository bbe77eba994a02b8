"""Server time, queries and bytes of a wearer's pages, of a large wardrobe with a long history.

    python -m benchmarks.pages [--garments 1000] [--days 1095] [--busy 0] [--only TEXT] [--profile]

A thousand garments with photos, three years in which five of them are worn and one to three outfits are asked for a day,
looks, washes, loans, trips, a household, another calendar (`benchmarks/pages_filling.py`). Each page is asked ASKED times
in this process, without a network. Told are milliseconds of a processor for one request, this process's and its
PostgreSQL's, which hold on a busy machine; the median on the clock; queries; and KB of HTML. The goals are 150 ms and
60 KB. --busy asks for so many outfits on each day of this month, --only measures the pages whose address has the text,
--profile tells where their time goes.
"""

import argparse
import cProfile
import gc
import os
import pstats
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import django

STATE = Path(tempfile.mkdtemp(prefix="dresscode-pages-"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "dresscode.settings",
    "DRESSCODE_ENV_FILE": os.devnull,
    "DRESSCODE_STATE": str(STATE),
}

from dresscode.local.embedded import paths, postgres, redis  # noqa: E402

os.environ["REDIS_URL"] = paths.redis_url(STATE)
ASKED, TOLD = 21, 28
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def read_given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--garments", type=int, default=1000)
    parser.add_argument("--days", type=int, default=3 * 365)
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def measure(given: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.pages_filling import LargeWardrobe

    for command in ("migrate", "load_vocabulary", "load_prompts"):
        call_command(command, verbosity=0)
    wardrobe = LargeWardrobe(given.garments, given.days, busy=given.busy)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # As the database does by itself within minutes.
    client = Client(SERVER_NAME="localhost")
    client.force_login(wardrobe.owner, backend="django.contrib.auth.backends.ModelBackend")
    addresses = [one for one in wardrobe.list_addresses() if given.only in one]
    for address in addresses:
        client.get(address)
    gc.freeze()  # As the web process does with what is loaded.
    print(f"{'page':<50}{'CPU':>7}{'of it DB':>10}{'clock':>9}{'queries':>9}{'KB':>7}")
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = len(captured)  # Now: the next request begins a new log.
        assert answer.status_code == 200, (address, answer.status_code)
        server = find_server(connection)
        own, stored, clock = time.process_time(), read_ticks(server), []
        for _ in range(ASKED):
            start = time.perf_counter()
            client.get(address)
            clock.append(1000 * (time.perf_counter() - start))
        cpu = 1000 * (time.process_time() - own) / ASKED
        database = (read_ticks(server) - stored) * TICK_MS / ASKED
        name = re.sub(r"[0-9a-f-]{36}", "…", address)
        print(
            f"{name:<50}{cpu + database:>4.0f} ms{database:>7.0f} ms{statistics.median(clock):>6.0f} ms"
            f"{queries:>9}{len(answer.content) / 1000:>7.1f}",
            flush=True,
        )
        if given.profile:
            profile(client, address)


def find_server(connection: Any) -> int:
    """The process of PostgreSQL that answers this one, which stays the same from request to request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def read_ticks(pid: int) -> int:
    """Of a processor, used by a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def profile(client: Any, address: str) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(5):
        client.get(address)
    profiler.disable()
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(TOLD * 2)


def main() -> None:
    given = read_given()
    STATE.chmod(0o711)
    (STATE / "static").mkdir()
    stores = [postgres.start(STATE, disposable=True), redis.start(STATE, disposable=True)]
    try:
        django.setup()
        from django.conf import settings

        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        settings.OPEN_METEO_URL, settings.WEATHER_TIMEOUT_S = "http://127.0.0.1:9/", 0.1
        measure(given)
    finally:
        for store in reversed(stores):
            store.stop()


if __name__ == "__main__":
    main()
