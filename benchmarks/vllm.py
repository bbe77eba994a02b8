"""How busy digitizing keeps a vLLM, beside a bare client that sends it the same requests.

    python -m benchmarks.vllm [--json]

A real vLLM on this machine's CPU serves a tiny Gemma 4 (`make test-vllm` installs it). The peer is a bare
asyncio client: one httpx connection pool, the bodies made beforehand, the streams read and thrown away. Ours
does all that a call is: the version, the prompt, the row, the heartbeat, the check, the row again. Beside it
the whole job of one worker: bytes to garments, in `DRESSCODE_CALLS_PER_WORKER` threads.

vLLM has one half of the cores and everything else the other, as it would on two machines.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.report import Figure, report
from benchmarks.stream import stores
from tests.vllm import environment
from tests.vllm.checkpoints import build_gemma
from tests.vllm.server import VllmServer

IN_FLIGHT = 16
PHOTOS = 64
ROUNDS = 3


def halve_cores() -> tuple[set[int], set[int]]:
    """For vLLM and for everything else; one core is shared."""
    cores = sorted(os.sched_getaffinity(0))
    half = len(cores) // 2
    return set(cores[half:]), set(cores[:half] or cores)


@contextmanager
def serve(cores: set[int]) -> Iterator[VllmServer]:
    python = environment.install()
    with tempfile.TemporaryDirectory() as folder:
        server = VllmServer(python, build_gemma(python), Path(folder) / "server.log")
        ours = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)  # A child inherits it.
        try:
            server.start()
        finally:
            os.sched_setaffinity(0, ours)
        try:
            yield server
        finally:
            server.kill()


def prepare(url: str) -> Any:
    """Django with vLLM as its engine and the shipped prompt live; a context for each photo."""
    os.environ["VLLM_BASE_URL"] = url
    os.environ["DRESSCODE_CALLS_PER_WORKER"] = str(IN_FLIGHT)
    for patience in ("FIRST_TOKEN", "TOKEN"):
        os.environ[f"VLLM_{patience}_TIMEOUT_S"] = "120"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    from tests.factories import make_image
    from tests.vllm.live import go_live
    from wardrobe.tasks import DigitizeContext

    go_live("digitize_photo", engine="vllm")
    colours = [f"#{index * 4:02x}4060" for index in range(PHOTOS)]
    images = [make_image(size=(512, 512), colour=colour, format="WEBP") for colour in colours]
    return [DigitizeContext.of(image) for image in images]


def digitize_all(contexts: list[Any]) -> None:
    """In threads, as a worker does: a call waits for vLLM nearly all of its time."""
    from django.db import connections

    from registry import inference

    def digitize(index: int) -> None:
        inference.run("digitize_photo", contexts[index], subject=f"photo:{index}", seed=index)
        connections.close_all()

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(digitize, range(len(contexts))))


def add_photos(round_: int) -> Any:
    """Queue new photos of a new wearer; answers with the arguments of the first job."""
    import uuid

    from django.core.files.base import ContentFile
    from django_rq import get_queue

    from tests.factories import make_user
    from tests.wardrobe.pictures import draw_noise, encode
    from wardrobe import jobs
    from wardrobe.services import photos

    owner = make_user(f"bench{round_}@example.org")
    for index in range(PHOTOS):
        data = encode(draw_noise(1024, 1024, seed=round_ * PHOTOS + index), "jpeg")
        added = photos.add_photo(
            owner=owner, upload_key=uuid.uuid4(), file=ContentFile(data, name="photo.jpg")
        )
        jobs.push(added.photo.pk, 0)
    first = get_queue(jobs.QUEUE).get_jobs(0, 1)[0]
    get_queue(jobs.QUEUE).remove(first)
    return first.args


def work(args: Any) -> None:
    """What the process of a job does with it: every photo that waits, sixteen at once."""
    from registry.models import InferenceCall
    from wardrobe.jobs import process_photo_job

    before = InferenceCall.objects.count()
    process_photo_job(*args)
    asked = InferenceCall.objects.count() - before
    assert asked == PHOTOS, f"vLLM was asked {asked} times"


def make_bodies(contexts: list[Any]) -> list[dict[str, Any]]:
    from registry.engines import get_engine
    from registry.prompts import live_versions
    from registry.rendering import build_request
    from registry.tasks import get_task

    engine: Any = get_engine("vllm")
    live, task = live_versions.resolve("digitize_photo"), get_task("digitize_photo")
    return [
        engine.build_body(build_request(task, context, live, seed))
        for seed, context in enumerate(contexts)
    ]


async def send_all(url: str, bodies: list[dict[str, Any]]) -> None:
    gate = asyncio.Semaphore(IN_FLIGHT)
    async with httpx.AsyncClient(timeout=300) as client:

        async def send(body: dict[str, Any]) -> None:
            async with (
                gate,
                client.stream("POST", f"{url}/v1/chat/completions", json=body) as reply,
            ):
                reply.raise_for_status()
                async for _ in reply.aiter_bytes():
                    pass

        await asyncio.gather(*map(send, bodies))


def time_it(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds, and seconds of CPU of this process."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def main() -> None:
    vllm_cores, our_cores = halve_cores()
    os.sched_setaffinity(0, our_cores)
    with stores(), serve(vllm_cores) as server:
        contexts = prepare(server.url)
        bodies = make_bodies(contexts)
        asyncio.run(send_all(server.url, bodies[:IN_FLIGHT]))  # Both find vLLM warm.
        ours, bare, whole = [], [], []
        for round_ in range(ROUNDS):
            bare.append(time_it(lambda: asyncio.run(send_all(server.url, bodies))))
            ours.append(time_it(lambda: digitize_all(contexts)))
            args = add_photos(round_)
            whole.append(time_it(lambda args=args: work(args)))
    fastest_ours, fastest_bare, fastest_whole = min(ours), min(bare), min(whole)
    report(
        "vllm",
        figures=[
            Figure("ours, photos a second", PHOTOS / fastest_ours[0], "/s"),
            Figure("bare client, photos a second", PHOTOS / fastest_bare[0], "/s"),
            Figure(
                "one worker, bytes to garments, photos a second", PHOTOS / fastest_whole[0], "/s"
            ),
            Figure("ours, CPU of a photo", fastest_ours[1] / PHOTOS * 1000, "ms CPU"),
            Figure("bare client, CPU of a photo", fastest_bare[1] / PHOTOS * 1000, "ms CPU"),
            Figure("one worker, CPU of a photo", fastest_whole[1] / PHOTOS * 1000, "ms CPU"),
        ],
        ratios={
            "throughput over the bare client": fastest_bare[0] / fastest_ours[0],
            "one worker's over the bare client": fastest_bare[0] / fastest_whole[0],
        },
        environment={"in_flight": IN_FLIGHT, "photos": PHOTOS},
    )


if __name__ == "__main__":
    sys.exit(main())
