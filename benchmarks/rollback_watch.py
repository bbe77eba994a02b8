"""What runs inside the processes of `benchmarks.rollback`: a web application and a job that watch the live version.

Each process asks every 2 ms, as a question that comes would, and writes down when the answer moves: `registry.prompts.live_versions`, and
a client that keeps what it was told for 60 s and renews it in the background, as Langfuse's and MLflow's do.
"""

import os
import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ASK_EVERY_S = 0.002
TTL_S = 60.0
TASK = "suggest_outfit"


@dataclass
class TtlClient:
    """Its first answer is as old as that of a process that has run for a while: between 0 and 60 s."""

    epoch: int = 0
    renewed_at: float = field(default_factory=lambda: time.monotonic() - random.uniform(0, TTL_S))
    renewing: "Future[int] | None" = None
    executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def ask(self) -> int:
        """The epoch it believes in: an old one is given out while the next is fetched."""
        if self.renewing and self.renewing.done():
            self.epoch, self.renewed_at = self.renewing.result(), time.monotonic()
            self.renewing = None
        elif self.renewing is None and time.monotonic() - self.renewed_at >= TTL_S:
            self.renewing = self.executor.submit(fetch_epoch)
        return self.epoch


def fetch_epoch() -> int:
    from registry.models import Alias

    return Alias.objects.values_list("epoch", flat=True).get(prompt__name=TASK)


def watch(folder: Path) -> None:
    """Write `pushed EPOCH TIME` and `ttl EPOCH TIME` lines until the file `over` is there."""
    from registry.prompts import live_versions

    client, seen = TtlClient(epoch=fetch_epoch()), {}
    with (folder / f"{os.getpid()}.seen").open("w", buffering=1) as log:
        while not (folder / "over").exists():
            answers = {"pushed": live_versions.resolve_live(TASK).epoch, "ttl": client.ask()}
            for who, epoch in answers.items():
                if seen.get(who) != epoch:
                    seen[who] = epoch
                    log.write(f"{who} {epoch} {time.monotonic()}\n")
            time.sleep(ASK_EVERY_S)


def watch_job(folder: str) -> None:
    watch(Path(folder))


if folder := os.environ.get("ROLLBACK_WATCH_IN_WEB"):
    from dresscode.asgi import application  # noqa: F401

    threading.Thread(target=watch, args=[Path(folder)], daemon=True).start()
