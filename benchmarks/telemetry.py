"""What sending traces costs the process that writes answers: CPU at 32 streams, on against off.

    python -m benchmarks.telemetry [--rounds 24] [--json]

Two servers of `benchmarks.stream` answer in turn, 32 wearers a round, each of them first in every other round; one of them
sends its spans to a collector in this process, which is not counted. Each answer is two spans: the writing, and the
call. A round gives one ratio; the interval holds their mean in 95 of 100 cases, by the
bootstrap over rounds. What a span itself
costs is measured beside it, in a loop.
"""

import argparse
import os
import statistics
import time
from collections.abc import Sequence

import numpy as np

from benchmarks.report import Figure, report
from benchmarks.stream import make_wearers, measure, prepare, server, stores
from tests.dresscode.collector import collect_traces

CROWD = 32
SPANS = 20_000
RESAMPLES = 10_000
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


def time_span() -> float:
    """Microseconds of this process's CPU for a span with four fields, as it is opened and closed here."""
    from telemetry.spans import open_span

    began = time.process_time()
    for number in range(SPANS):
        with open_span("chat", is_root=True) as span:
            span.say(operation="chat", provider="vllm", seed=number, epoch=1)
    return (time.process_time() - began) / SPANS * 1e6


def find_interval(off: Sequence[float], on: Sequence[float]) -> tuple[float, float]:
    """In per cent more than without, of the rounds' ratios; half a minute of a busy machine slows both sides of one."""
    ratios = np.log(np.array(on) / np.array(off))
    drawn = np.random.default_rng(0).choice(ratios, (RESAMPLES, len(ratios))).mean(axis=1)
    low, high = (np.exp(np.quantile(drawn, [0.025, 0.975])) - 1) * 100
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description="What sending traces costs.")
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    rounds = parser.parse_args().rounds
    off_ms, on_ms = [], []
    with stores(), collect_traces() as collector:
        prepare()
        with server() as (off, off_port):
            os.environ[ENDPOINT] = collector.url
            with server() as (on, on_port):
                del os.environ[ENDPOINT]
                for process, port in ((off, off_port), (on, on_port)):
                    measure(make_wearers(CROWD), process, port)  # Imports, caches, connections.
                sides = [(off_ms, off, off_port), (on_ms, on, on_port)]
                for number in range(rounds):
                    for found, process, port in sides[:: 1 if number % 2 else -1]:
                        found.append(measure(make_wearers(CROWD), process, port).cpu_ms)
        sent = len(collector.spans())
        off_us = time_span()
        from django.conf import settings

        settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
        on_us = time_span()
    off_all, on_all = statistics.mean(off_ms), statistics.mean(on_ms)
    low, high = find_interval(off_ms, on_ms)
    report(
        "telemetry",
        figures=[
            Figure("off: server CPU for an answer", off_all, "ms"),
            Figure("off: spread between rounds", statistics.pstdev(off_ms), "ms"),
            Figure("on: server CPU for an answer", on_all, "ms"),
            Figure("on: spread between rounds", statistics.pstdev(on_ms), "ms"),
            Figure("on over off, of all rounds", (on_all / off_all - 1) * 100, "%"),
            Figure("on over off, 95 %, from", low, "%"),
            Figure("on over off, 95 %, to", high, "%"),
            Figure("a span, off", off_us, "us"),
            Figure("a span, on, with the collector that takes it", on_us, "us"),
        ],
        ratios={"off, CPU at 32 streams": on_all / off_all},
        environment={"rounds": rounds, "streams": CROWD, "spans_received": sent},
    )


if __name__ == "__main__":
    main()
