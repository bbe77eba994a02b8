"""Describe photo files as the app would, without the database: for scripts, and for measuring.

The prompt and the vocabulary come from their files under fixtures/, and nothing is kept.
"""

import asyncio
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from registry.answers import parse_output
from registry.engines import get_engine
from registry.engines.base import EngineError
from registry.engines.listening import listen
from registry.prompts.files import parse_prompt_file
from registry.prompts.live_versions import LiveVersion
from registry.rendering import build_request
from wardrobe.photos.formats import UnreadablePhotoError, inspect_photo
from wardrobe.photos.ingestion import encode, read_picture
from wardrobe.tasks import DigitizeAnswer, DigitizeContext, DigitizePhoto, SeenGarment
from wardrobe.vocabulary import Vocabulary, read_terms

JSON = dict[str, Any]
Scan = Callable[..., JSON]

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif"})
"""What is looked at in a folder. A file that is named itself is read whatever it is called."""
SEED = 1
LOST = "Reading this photo brought its process down."


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Files as they are named, and the photos inside folders in order of their paths."""
    return [file for path in paths for file in (list_folder(path) if path.is_dir() else [path])]


def list_folder(folder: Path) -> list[Path]:
    files = (file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    return sorted(file for file in files if file.is_file())


def scan_files(
    files: Iterable[Path], *, engine: str, jobs: int, scan: Scan | None = None
) -> Generator[JSON, None, None]:
    """What each file shows, in the order given, each as soon as it and those before are done.

    With one job, photos are read in this process. With more, a photo that brings its process down
    costs an error line and nothing else.
    """
    read = partial(scan or scan_file, engine=engine)
    waiting = deque(files)
    if jobs == 1:
        yield from map(read, waiting)
        return
    while waiting:
        try:
            for found in map_in_processes(read, list(waiting), jobs):
                waiting.popleft()
                yield found
        except BrokenProcessPool:
            yield scan_alone(read, waiting.popleft())


def scan_alone(scan: Scan, file: Path) -> JSON:
    """One of the photos at hand when a process died: perhaps the one to blame."""
    try:
        (found,) = map_in_processes(scan, [file], 1)
    except BrokenProcessPool:
        return report(file, error=LOST)
    return found


def map_in_processes(scan: Scan, files: Iterable[Path], jobs: int) -> Iterator[JSON]:
    # Else each of our processes would start as many threads for algebra as there are cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    pool = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=django.setup
    )
    try:
        with ignored_interrupts():
            futures = [pool.submit(scan, file) for file in files]
        for future in futures:
            yield future.result()
    except (GeneratorExit, KeyboardInterrupt):
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def ignored_interrupts() -> Iterator[None]:
    """Processes begun meanwhile leave Ctrl-C to this one, which ends them."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def scan_file(file: Path, *, engine: str) -> JSON:
    """`file`, `garments`, `error` in plain words or None, and `ms` by the clock. Never raises."""
    began = time.perf_counter()
    garments: list[JSON] = []
    error = None
    try:
        garments = get_digitizer(engine).describe(file.read_bytes())
    except UnreadablePhotoError as refused:
        error = refused.message
    except OSError as fault:
        error = f"This file cannot be read: {fault.strerror or fault}."
    except EngineError as fault:
        error = f"The engine gave no answer: {fault}"
    except Exception as fault:  # noqa: BLE001 Whatever one photo does, the others are wanted.
        error = f"This photo could not be described: {type(fault).__name__}: {fault}"
    return report(file, garments, error, began=began)


def report(
    file: Path,
    garments: list[JSON] | None = None,
    error: str | None = None,
    *,
    began: float | None = None,
) -> JSON:
    ms = 0.0 if began is None else round((time.perf_counter() - began) * 1000, 1)
    return {"file": file.as_posix(), "garments": garments or [], "error": error, "ms": ms}


@dataclass(frozen=True)
class BatchDigitizer:
    """An engine with the prompt and the words of the files."""

    engine: str
    version: LiveVersion
    words: Vocabulary

    @property
    def parameters(self) -> JSON:
        """Of the version that is asked."""
        parameters: JSON = self.version.bundle["parameters"]
        return parameters

    def describe(self, data: bytes) -> list[JSON]:
        """Raises UnreadablePhotoError and EngineError."""
        format = inspect_photo(data).format
        image = encode(read_picture(data, format=format))
        context = DigitizeContext(image, self.words)
        request = build_request(DigitizePhoto(), context, self.version, SEED)
        text, _ = asyncio.run(listen(get_engine(self.engine), request))
        answer = parse_output(DigitizePhoto(), text)
        assert isinstance(answer, DigitizeAnswer)  # noqa: S101 It is the task's own output.
        return [
            self.show(seen) for seen in answer.garments if seen.type in self.words.terms("type")
        ]

    def show(self, seen: SeenGarment) -> JSON:
        """A garment in the words of the answer; a colour that was not measured looks as its name."""
        told = seen.model_dump(exclude={"type", "colours", "pattern", "box", "confidence"})
        confidence = {"colors" if k == "colours" else k: v for k, v in seen.confidence.items()}
        return {
            "type": seen.type,
            "slot": self.words.slot_of(seen.type),
            "colors": [
                {"name": c.name, "hex": c.hex or self.hex_of(c.name), "share": c.share}
                for c in sorted(seen.colours, key=lambda colour: -colour.share)
            ],
            "pattern": seen.pattern,
            "box": seen.box,
            **told,
            "confidence": confidence,
        }

    def hex_of(self, colour: str) -> str:
        term = self.words.terms("colour").get(colour)
        return str(term.details.get("hex", "")) if term else ""


@cache
def get_digitizer(engine: str) -> BatchDigitizer:
    fixtures = Path(settings.BASE_DIR) / "fixtures"
    words = Vocabulary.of(read_terms(fixtures / "vocabulary"))
    prompt = parse_prompt_file(fixtures / "prompts" / f"{DigitizePhoto.name}.md")
    version = LiveVersion(
        version_id=0, prompt_id=0, number=0, sha256="", bundle=prompt.bundle, epoch=0
    )
    return BatchDigitizer(engine, version, words)
