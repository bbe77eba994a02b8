"""The monitoring pages over millions of calls: server time, and percentiles against those of the calls themselves.

    python -m benchmarks.monitoring [--calls 100000] [--json]

Calls of two tasks, three versions and two engines, spread evenly over 90 days, are written by SQL into a PostgreSQL of this
run; their answers are empty, so rows are smaller than real ones. The rollups are built as the job builds them. Each page
is asked 40 times in this process, through all of the middleware and without a network. The peer is `percentile_cont`
over the calls: for the time it takes, and for the error of a percentile.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from benchmarks.report import Figure, report
from benchmarks.stream import percentile, stores

PERIOD = timedelta(days=90)
RUNS = 40
PAGES = {
    "overview, 24h": "/admin/?span=24h",
    "overview, 7d": "/admin/?span=7d",
    "latency, 1h": "/admin/monitoring/latency/?span=1h",
    "latency, 24h": "/admin/monitoring/latency/?span=24h",
    "latency, 7d": "/admin/monitoring/latency/?span=7d",
    "latency, 90d": "/admin/monitoring/latency/?span=90d",
}
SHARES = (0.5, 0.95, 0.99)

CALLS = """
INSERT INTO registry_inferencecall (
    id, trace_id, task, version_id, epoch, subject, input_sha256, engine, model, outcome, error_code,
    error, finish_reason, output, violations, input_tokens, output_tokens, ttft_ms, latency_ms,
    started_at, heartbeat_at, finished_at
)
SELECT
    gen_random_uuid(), gen_random_uuid(), task, version_id, 1, 'bench:' || n, repeat('0', 64), engine,
    '', CASE WHEN is_failed THEN 'failed' ELSE 'succeeded' END,
    CASE WHEN is_failed THEN 'engine_timeout' ELSE '' END, '', 'stop',
    CASE WHEN is_failed THEN NULL ELSE '{}'::jsonb END,
    CASE WHEN n %% 50 = 0 THEN %(fault)s::jsonb ELSE '[]' END,
    1900, 60, latency_ms / 6, latency_ms, ended_at, ended_at, ended_at
FROM (
    SELECT
        n,
        CASE n %% 3 WHEN 0 THEN 'digitize_photo' ELSE 'suggest_outfit' END AS task,
        (%(versions)s::bigint[])[n %% 3 + 1] AS version_id,
        CASE WHEN random() < 0.3 THEN 'builtin' ELSE 'vllm' END AS engine,
        random() < 0.01 AS is_failed,
        exp(7 + 0.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS latency_ms,
        %(until)s::timestamptz - %(length)s::interval * (n::float8 / %(calls)s) AS ended_at
    FROM generate_series(1, %(calls)s) AS n
) AS made
"""

EXACT = """
SELECT percentile_cont(%(shares)s::float8[]) WITHIN GROUP (ORDER BY latency_ms)
FROM registry_inferencecall
WHERE task = 'suggest_outfit' AND outcome = 'succeeded'
AND finished_at >= %(since)s AND finished_at < %(until)s
"""


def prepare(calls: int, now: datetime) -> None:
    import json

    from django.core.management import call_command
    from django.db import connection

    from tests.factories import make_version, promote

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    versions = [make_version("digitize_photo"), make_version("suggest_outfit")]
    versions.append(make_version("suggest_outfit", system="new"))
    for version in versions:
        promote(version)
    fault = [{"code": "unowned_item", "message": "", "shown": False}]
    with connection.cursor() as cursor:
        cursor.execute(
            CALLS,
            {
                "calls": calls,
                "until": now,
                "length": PERIOD,
                "versions": [version.pk for version in versions],
                "fault": json.dumps(fault),
            },
        )
        cursor.execute("VACUUM ANALYZE registry_inferencecall")


def measure(call: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Milliseconds of each run, after one that warms up."""
    call()
    times = []
    for _ in range(runs):
        before = time.perf_counter()
        call()
        times.append((time.perf_counter() - before) * 1000)
    return times


def measure_pages() -> list[Figure]:
    from django.test import Client

    from tests.factories import make_operator

    client = Client(SERVER_NAME="localhost")
    client.force_login(make_operator())
    figures = []
    for name, address in PAGES.items():

        def ask(address: str = address) -> None:
            answer = client.get(address)
            assert answer.status_code == 200, answer.status_code

        times = measure(ask)
        figures += [Figure(f"{name}, p{p}", percentile(times, p), "ms") for p in (50, 95)]
    return figures


def read_exact(since: datetime, until: datetime) -> list[float]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(EXACT, {"shares": list(SHARES), "since": since, "until": until})
        return list(cursor.fetchone()[0])


def compare_percentiles(name: str, since: datetime, until: datetime) -> tuple[list[Figure], float]:
    """Errors in percent, and our time over that of the calls themselves."""
    from monitoring.figures.reading import read_figures

    figures = read_figures(since, until, task="suggest_outfit")
    exact = read_exact(since, until)
    errors = [
        Figure(
            f"{name}, error of p{100 * share:g}",
            100 * abs((figures.latency.quantile(share) or 0.0) / value - 1),
            "%",
        )
        for share, value in zip(SHARES, exact, strict=True)
    ]
    ours = measure(lambda: read_figures(since, until, task="suggest_outfit"), 5)
    theirs = measure(lambda: read_exact(since, until), 3)
    return errors, min(ours) / min(theirs)


def run(calls: int) -> tuple[list[Figure], dict[str, float]]:
    from django.utils import timezone

    from monitoring.figures.building import build_due, count_late_calls, floor_to
    from monitoring.models import Rollup

    now = timezone.now()
    begun = time.perf_counter()
    prepare(calls, now)
    figures = [Figure("writing the calls", time.perf_counter() - begun, "s")]
    begun = time.perf_counter()
    build_due(now)
    figures.append(Figure("counting all of them", time.perf_counter() - begun, "s"))
    figures.append(Figure("rollups", float(Rollup.objects.count()), "rows"))
    figures.append(
        Figure("a run of the job, p50", percentile(measure(lambda: build_due(now), 10), 50), "ms")
    )
    figures.append(
        Figure("looking for late calls", min(measure(lambda: count_late_calls(now), 1)), "ms")
    )
    figures += measure_pages()
    day = floor_to(now, timedelta(days=1))
    ratios = {}
    for name, days in (("a day", 1), ("89 days", 89)):
        errors, ratio = compare_percentiles(name, day - timedelta(days=days), day)
        figures += errors
        ratios[f"percentile_cont over {name}"] = ratio
    return figures, ratios


def main() -> None:
    parser = argparse.ArgumentParser(description="The monitoring pages over millions of calls.")
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    calls = parser.parse_args().calls
    with stores():
        import django

        django.setup()
        figures, ratios = run(calls)
    report("monitoring", figures=figures, ratios=ratios, environment={"calls": calls})


if __name__ == "__main__":
    main()
