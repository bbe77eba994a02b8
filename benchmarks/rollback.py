"""How long after a click the last of eight processes has the other version.

    python -m benchmarks.rollback [--json]

Four processes resolve as web processes do (from an event loop), four as workers do; each looks every
two milliseconds. The peer, in the same processes, is a client that keeps what it read for 60 seconds, as prompt registries
ship them: Langfuse's `get_prompt` (`cache_ttl_seconds=60`) and MLflow's `load_prompt` of an alias (60 s). Both read the
same database; rollbacks come twice a second.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, report
from benchmarks.stream import stores

KINDS = ["web"] * 4 + ["worker"] * 4
ROLLBACKS = 100
PAUSE_S = 0.5
LOOK_EVERY_S = 0.002
TTL_S = 60.0
TASK = "suggest_outfit"
ROOT = Path(__file__).resolve().parent.parent


def watch(kind: str) -> None:
    """Tell, as JSON lines, when this process first had each epoch: its own way, and the peer's."""
    import django

    django.setup()
    from registry import versions
    from registry.models import Alias

    class TtlClient:
        epoch, read_at = 0, -TTL_S

        def resolve(self) -> int:
            if time.monotonic() - self.read_at >= TTL_S:
                self.epoch = Alias.objects.get(prompt__name=TASK).epoch
                self.read_at = time.monotonic()
            return self.epoch

    known = {"ours": 0, "ttl": 0}

    def tell(name: str, epoch: int) -> None:
        if epoch != known[name]:
            known[name] = epoch
            print(json.dumps({"client": name, "epoch": epoch, "at": time.time()}), flush=True)

    peer = TtlClient()
    peer.resolve()
    # Processes start when they start: their minutes do not begin together.
    peer.read_at -= TTL_S * int(os.environ["INDEX"]) / len(KINDS)

    async def look_from_a_loop() -> None:
        from channels.db import database_sync_to_async

        ask_peer = database_sync_to_async(peer.resolve)
        while True:
            tell("ours", (await versions.aresolve(TASK)).epoch)
            tell("ttl", await ask_peer())
            await asyncio.sleep(LOOK_EVERY_S)

    if kind == "web":
        asyncio.run(look_from_a_loop())
    while True:
        tell("ours", versions.resolve(TASK).epoch)
        tell("ttl", peer.resolve())
        time.sleep(LOOK_EVERY_S)


def prepare() -> list[Any]:
    """Two versions that both were live."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.factories import make_version, promote

    both = [make_version(TASK, user=text) for text in ("one", "two")]
    for version in both:
        promote(version)
    return both


def roll_back(to: Any) -> dict[str, float]:
    """The epoch, and when it was asked for and acknowledged."""
    from registry import services

    live = to.prompt.production()
    clicked = time.time()
    alias = services.roll_back(
        prompt=to.prompt,
        to_version=to,
        actor=None,
        reason="measuring",
        expected_epoch=live.epoch,
    )
    return {"epoch": alias.epoch, "clicked": clicked, "acknowledged": time.time()}


def start(index: int, kind: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.rollback", "--watch", kind],
        cwd=ROOT,
        env={**os.environ, "INDEX": str(index)},
        stdout=subprocess.PIPE,
        text=True,
    )


def measure(both: list[Any]) -> tuple[list[dict[str, float]], list[list[dict[str, Any]]]]:
    """The rollbacks, and what each process told."""
    watchers = [start(index, kind) for index, kind in enumerate(KINDS)]
    try:
        for watcher in watchers:
            watcher.stdout.readline()  # It has its first version.
        time.sleep(3)
        moves = []
        for number in range(ROLLBACKS):
            moves.append(roll_back(both[number % 2]))
            time.sleep(PAUSE_S)
        time.sleep(TTL_S + 2)
    finally:
        for watcher in watchers:
            watcher.terminate()
    told = [watcher.communicate()[0].splitlines() for watcher in watchers]
    return moves, [[json.loads(line) for line in lines if line.endswith("}")] for lines in told]


def last_seen(told: list[list[dict[str, Any]]], client: str, epoch: float) -> float:
    """When the last process had this epoch or a later one."""
    return max(
        min(line["at"] for line in lines if line["client"] == client and line["epoch"] >= epoch)
        for lines in told
    )


def summarise(name: str, delays_s: list[float]) -> list[Figure]:
    ms = sorted(delay * 1000 for delay in delays_s)
    return [
        Figure(f"{name}, p50", statistics.median(ms), "ms"),
        Figure(f"{name}, p99", statistics.quantiles(ms, n=100)[98], "ms"),
    ]


def main() -> None:
    with stores():
        moves, told = measure(prepare())
    ours = [last_seen(told, "ours", move["epoch"]) - move["clicked"] for move in moves]
    ttl = [last_seen(told, "ttl", move["epoch"]) - move["clicked"] for move in moves]
    after = [last_seen(told, "ours", move["epoch"]) - move["acknowledged"] for move in moves]
    report(
        "rollback",
        figures=[
            *summarise("click to the last of 8 processes", ours),
            *summarise("acknowledgement to the last", after),
            *summarise("60 s TTL cache, click to the last", ttl),
        ],
        ratios={"TTL cache, p50": statistics.median(ours) / statistics.median(ttl)},
        environment={"rollbacks": len(moves)},
    )


if __name__ == "__main__":
    if "--watch" in sys.argv:
        watch(sys.argv[-1])
    main()
