"""The monitoring pages over millions of calls: server time, and percentiles against those of the calls themselves.

    python -m benchmarks.monitoring [--calls 100000] [--json]

Calls of two tasks, three versions and two engines, spread evenly over 90 days, are written by SQL into a PostgreSQL of this
run (see `benchmarks.monitoring_calls`), and photos, garments, corrections and ratings in proportion
(`benchmarks.monitoring_people`); a call's row has about 700 bytes. The rollups are built as the job builds them. Each page
is asked 40 times in this process, through all of the middleware and without a network, with what is loaded set aside from the
garbage collector as the web process does; CPU is that of this process, without the database's. The peer is `percentile_cont`
over the calls: for the time it takes, and for the error of a percentile.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from benchmarks.monitoring_calls import write_calls
from benchmarks.monitoring_people import write_people
from benchmarks.report import Figure, report
from benchmarks.stream import percentile, stores

RUNS = 40
CPU_RUNS = 5
CALLS = "/admin/registry/inferencecall/"
PAGES = {
    "overview": "/admin/",
    "latency, 1h": "/admin/monitoring/latency/?span=1h",
    "latency, 24h": "/admin/monitoring/latency/?span=24h",
    "latency, 7d": "/admin/monitoring/latency/?span=7d",
    "latency, 90d": "/admin/monitoring/latency/?span=90d",
    "latency, two versions": "/admin/monitoring/latency/?span=90d&version=2&against=3",
    "accuracy, 24h": "/admin/monitoring/accuracy/?span=24h",
    "accuracy, 90d": "/admin/monitoring/accuracy/?span=90d",
    "accuracy, two versions": "/admin/monitoring/accuracy/?span=90d&version=2&against=3",
    "alerts": "/admin/monitoring/alert/",
    "an alert": "/admin/monitoring/alert/1/change/",
    "a rule": "/admin/monitoring/alertrule/1/change/",
    "drift": "/admin/monitoring/drift/",
    "calls": CALLS,
    "calls of a task": f"{CALLS}?task=digitize_photo",
    "calls of the version before": f"{CALLS}?version=2",
    "calls of an engine that failed": f"{CALLS}?engine=builtin&outcome=failed",
    "calls that were stopped": f"{CALLS}?outcome=stopped",
    "calls with a fault shown": f"{CALLS}?seen=shown",
    "calls with a fault": f"{CALLS}?violation=unowned_item",
    "calls of evaluations": f"{CALLS}?who=evaluations",
    "a trace by eight digits": f"{CALLS}?q=3f2a91c0",
    "a subject": f"{CALLS}?q=bench:77777",
}
SHARES = (0.5, 0.95, 0.99)

EXACT = """
SELECT percentile_cont(%(shares)s::float8[]) WITHIN GROUP (ORDER BY latency_ms)
FROM registry_inferencecall
WHERE task = 'suggest_outfit' AND outcome = 'succeeded'
AND finished_at >= %(since)s AND finished_at < %(until)s
"""


def prepare(calls: int, now: datetime, every: int) -> dict[str, int]:
    """Answers with the rows of what people did."""
    from django.core.management import call_command

    from monitoring.alerts.shipped import load_rules
    from tests.factories import make_version, promote

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    versions = [make_version("digitize_photo"), make_version("suggest_outfit")]
    versions.append(make_version("suggest_outfit", system="new"))
    for version in versions:
        promote(version)
    load_rules()
    write_calls(calls, now, [version.pk for version in versions])
    return write_people(every)


def measure(
    call: Callable[[], object],
    runs: int = RUNS,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Milliseconds of each run, after one that warms up."""
    call()
    times = []
    for _ in range(runs):
        before = clock()
        call()
        times.append((clock() - before) * 1000)
    return times


def measure_pages(runs: int) -> list[Figure]:
    from django.test import Client

    from dresscode.asgi import freeze_loaded
    from tests.factories import make_operator

    client = Client(SERVER_NAME="localhost")
    client.force_login(make_operator())
    freeze_loaded()
    figures = []
    for name, address in PAGES.items():

        def ask(address: str = address) -> None:
            answer = client.get(address)
            assert answer.status_code == 200, answer.status_code

        times = measure(ask, runs)
        figures += [Figure(f"{name}, p{p}", percentile(times, p), "ms") for p in (50, 95)]
        cpu = measure(ask, CPU_RUNS, time.process_time)
        figures.append(Figure(f"{name}, CPU p50", percentile(cpu, 50), "ms"))
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


def make_alert(now: datetime) -> None:
    """One that has fired for an hour, whatever the rules find."""
    from monitoring.models import Alert, AlertRule, AlertTransition
    from registry.models import PromptVersion

    begun = now - timedelta(hours=1)
    alert = Alert.objects.create(
        pk=1,
        rule=AlertRule.objects.filter(measure="failed").order_by("pk")[0],
        task="suggest_outfit",
        version=PromptVersion.objects.get(pk=3),
        state="firing",
        created_at=begun,
        opened_at=begun,
        seen_at=now,
        figures={"bad": 9, "total": 20, "p": 0.0000029},
    )
    AlertTransition.objects.create(
        alert=alert, from_state="ok", to_state="firing", at=begun, figures=alert.figures
    )


def run(calls: int, every: int, runs: int) -> tuple[list[Figure], dict[str, float]]:
    from django.utils import timezone

    from monitoring.figures.building import build_due, count_late_calls, floor_to
    from monitoring.models import OpinionRollup, Rollup
    from monitoring.opinions import building as opinions

    now = timezone.now()
    begun = time.perf_counter()
    rows = prepare(calls, now, every)
    figures = [Figure("writing the calls and what people did", time.perf_counter() - begun, "s")]
    figures += [Figure(table, float(count), "rows") for table, count in rows.items()]
    begun = time.perf_counter()
    build_due(now)
    figures.append(Figure("counting all of them", time.perf_counter() - begun, "s"))
    figures.append(Figure("rollups", float(Rollup.objects.count()), "rows"))
    begun = time.perf_counter()
    opinions.build_due(now)
    figures.append(Figure("counting opinions", time.perf_counter() - begun, "s"))
    figures.append(Figure("rollups of opinions", float(OpinionRollup.objects.count()), "rows"))
    figures.append(
        Figure(
            "a run of the job for opinions, p50",
            percentile(measure(lambda: opinions.build_due(now), 5), 50),
            "ms",
        )
    )
    make_alert(now)
    figures.append(
        Figure("a run of the job, p50", percentile(measure(lambda: build_due(now), 10), 50), "ms")
    )
    figures.append(
        Figure("looking for late calls", min(measure(lambda: count_late_calls(now), 1)), "ms")
    )
    figures += measure_pages(runs)
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
    parser.add_argument(
        "--every", type=int, default=1, help="write people's rows for one in so many calls"
    )
    parser.add_argument("--runs", type=int, default=RUNS, help="of each page")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    calls, every = options.calls, options.every
    with stores():
        import django

        django.setup()
        figures, ratios = run(calls, every, options.runs)
    report(
        "monitoring", figures=figures, ratios=ratios, environment={"calls": calls, "every": every}
    )


if __name__ == "__main__":
    main()
