"""Networks in memory, one per process, with their weights in files that all processes of a machine map and so share.

As it opens a network, onnxruntime orders weights as the processor likes them and makes floats of halves. What comes of
that is kept in the state folder, for this onnxruntime and this processor alone, with halves where nothing is lost by
them: answers are the same to the bit.
"""

import ctypes
import hashlib
import json
import logging
import platform
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from django.conf import settings
from numpy.typing import NDArray

from wardrobe.vision.halves import halve_weights

logger = logging.getLogger(__name__)

Source = Path | bytes

GRAPH, WEIGHTS, DIGESTS = "graph.onnx", "weights.bin", "digests.json"
LAYOUT = "halves"
"""Of the files: another one has folders of its own."""
SMALLEST = "1024"
"""Bytes of an array from which it goes into the file of weights."""
ERRORS_ONLY = 3


def open_session(
    name: str, sha256: str, find_source: Callable[[], Source]
) -> onnxruntime.InferenceSession:
    """A network on one thread, without a pool of them: a fork would lose the pool's threads.

    Without an arena of memory, which would be kept between two photos. `sha256` is that of what `find_source` finds: a
    graph's file or its content. It is asked only where nothing was kept, and what it raises is raised.
    """
    folder = locate_network(name, sha256)
    session = open_kept(folder)
    if session is None:
        source = find_source()
        session = (open_kept(folder) if keep_network(folder, source) else None) or start(source)
    return_freed_memory()
    return session


def locate_network(name: str, sha256: str) -> Path:
    """The folder in which it is kept as this onnxruntime opens it on this processor."""
    facts = "\n".join([LAYOUT, sha256, onnxruntime.__version__, describe_processor()])
    key = hashlib.sha256(facts.encode()).hexdigest()[:16]
    return Path(settings.STATE_DIR) / "vision" / f"{name}-{key}"


def describe_processor() -> str:
    """Its model and what it can do, by which onnxruntime chooses the order of weights."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    told = ("model name", "flags", "Features")
    return "\n".join(sorted({line for line in lines if line.startswith(told)}))


def open_kept(folder: Path) -> onnxruntime.InferenceSession | None:
    """None where it was not kept, or is damaged, which the log tells."""
    if not folder.exists():
        return None
    if not is_whole(folder):
        logger.warning("%s is damaged and is made anew", folder)
        return None
    options = make_options()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return start(folder / GRAPH, options)


def is_whole(folder: Path) -> bool:
    try:
        digests = json.loads((folder / DIGESTS).read_text())
        return bool(digests == take_digests(folder))
    except (OSError, ValueError):
        return False


def take_digests(folder: Path) -> dict[str, str]:
    digests = {}
    for name in (GRAPH, WEIGHTS):
        with (folder / name).open("rb") as file:
            digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def keep_network(folder: Path, source: Source) -> bool:
    """Beside its place first, then renamed: of workers that start together one is the first. False where that fails."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
            made = Path(beside) / folder.name
            made.mkdir()
            write_network(made, source)
            if not is_whole(folder):
                shutil.rmtree(folder, ignore_errors=True)
                made.rename(folder)
    # A full disk, or another worker was first; onnxruntime's errors have no common class.
    except Exception as error:  # noqa: BLE001
        if not is_whole(folder):
            logger.warning("%s is made anew at each start: %s", folder.name, error)
            return False
    return True


def write_network(folder: Path, source: Source) -> None:
    options = make_options()
    options.log_severity_level = ERRORS_ONLY  # It warns that the file is for this processor alone.
    options.optimized_model_filepath = str(folder / GRAPH)
    for what, value in (("file_name", WEIGHTS), ("min_size_in_bytes", SMALLEST)):
        options.add_session_config_entry(
            f"session.optimized_model_external_initializers_{what}", value
        )
    start(source, options)
    graph, weights = halve_weights((folder / GRAPH).read_bytes(), (folder / WEIGHTS).read_bytes())
    (folder / GRAPH).write_bytes(graph)
    (folder / WEIGHTS).write_bytes(weights)
    (folder / DIGESTS).write_text(json.dumps(take_digests(folder)))


def start(
    source: Source, options: onnxruntime.SessionOptions | None = None
) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        source if isinstance(source, bytes) else str(source),
        options or make_options(),
        providers=["CPUExecutionProvider"],
    )


def make_options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return options


def run_network(
    session: onnxruntime.InferenceSession, outputs: list[str] | None, inputs: dict[str, Any]
) -> list[NDArray[np.float32]]:
    """What `outputs` are, None for all of them. See `give_back_after_runs`."""
    answers: list[NDArray[np.float32]] = session.run(outputs, inputs)
    if _gives_back:
        return_freed_memory()
    return answers


_gives_back = False


def give_back_after_runs() -> None:
    """For a process that ends soon and whose heap may grow (`dresscode/queues/memory.py`): what a network needed as it ran
    goes back to the system at its end, in one go."""
    global _gives_back
    _gives_back = True


def return_freed_memory() -> None:
    """To the system: glibc keeps what was freed between blocks that are in use."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
