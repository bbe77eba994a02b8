"""What a worker's process keeps of the memory that a job has freed."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dresscode.queues import memory
from tests.conftest import ROOT
from tests.wardrobe.pictures import draw_corners, encode

# A thing in use above each large block: glibc's heap then keeps them all. By itself it takes large blocks from its heap
# as soon as one was freed.
SPREAD = """
import ctypes, sys
from pathlib import Path
from dresscode.queues.memory import keep_heap_small

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

if sys.argv[1] == "small":
    keep_heap_small()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
libc.free(libc.malloc(24 * 2**20))
before, blocks = resident_mb(), []
for _ in range(40):
    blocks.append(libc.malloc(2**20))
    ctypes.memset(blocks[-1], 1, 2**20)
    libc.malloc(4096)
for block in blocks:
    libc.free(block)
print(resident_mb() - before)
"""


def spread(how: str) -> float:
    """MB by which a process has grown once all that is large was freed."""
    command = [sys.executable, "-c", SPREAD, how]
    return float(subprocess.check_output(command, cwd=ROOT, text=True))


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="another C library")
def test_large_blocks_go_back_to_the_system() -> None:
    assert spread("small") < 5
    assert spread("as glibc does") > 35


# Where a thread's blocks are, and what a network that ran leaves behind.
THREADS = """
import ctypes, sys, threading
from pathlib import Path
from dresscode.queues.memory import share_one_heap

if sys.argv[1] == "shared":
    share_one_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
blocks = []
thread = threading.Thread(target=lambda: blocks.append(libc.malloc(5000)))
thread.start()
thread.join()
(heap,) = (line for line in Path("/proc/self/maps").read_text().splitlines() if "[heap]" in line)
start, end = (int(address, 16) for address in heap.split()[0].split("-"))
print(start <= blocks[0] < end)
"""

LEFT = """
import sys
from pathlib import Path
import numpy as np
import benchmarks.vision_worker
from dresscode.queues import memory
from wardrobe.vision.cloth import hash_layers, load_layers
from wardrobe.vision.networks import run_network

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

memory.let_heap_grow()
if sys.argv[1] == "kept":
    memory.set_options({memory.M_TRIM_THRESHOLD: 1 << 30})
    run_network = lambda session, *asked: session.run(*asked)
session = load_layers(hash_layers())
run_network(session, None, {"pictures": np.zeros((1, 3, 32, 32), np.float32)})
before = resident_mb()
answers = run_network(session, None, {"pictures": np.zeros((1, 3, 448, 448), np.float32)})
print(resident_mb() - before - sum(one.nbytes for one in answers) / 2**20)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="another C library")
def test_threads_share_one_heap() -> None:
    command = [sys.executable, "-c", THREADS]
    shared, own = (
        subprocess.check_output([*command, how], cwd=ROOT, text=True) for how in ("shared", "own")
    )
    assert (shared, own) == ("True\n", "False\n")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="another C library")
def test_what_a_network_needed_goes_back_when_it_has_answered() -> None:
    given_back, kept = (float(run_as_worker("-c", LEFT, how)) for how in ("given back", "kept"))
    assert given_back < 2
    assert kept > given_back + 3


# How many threads a process of ours has once NumPy has multiplied.
MULTIPLIED = """
import os
import dresscode
import numpy as np

large = np.ones((500, 500))
large @ large
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists threads as files")
def test_numpy_has_no_threads_that_a_fork_could_lose() -> None:
    environment = {name: one for name, one in os.environ.items() if not name.startswith("OPENBLAS")}
    command = [sys.executable, "-c", MULTIPLIED]
    said = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
    assert int(said) == 1


# What a collection of Python's in the process of a job writes on, and so takes beside what its worker has.
COLLECTED = """
import gc, os
from benchmarks.vision_worker import load_for_jobs, read_pss_mb

load_for_jobs(["photos"])
child = os.fork()
if child:
    os.waitpid(child, 0)
else:
    before = read_pss_mb("self")
    gc.collect()
    print(read_pss_mb("self") - before, flush=True)
    os._exit(0)
"""


def run_as_worker(*command: str) -> str:
    environment = {**os.environ, "DRESSCODE_PROCESS": "worker"}
    return subprocess.check_output([sys.executable, *command], cwd=ROOT, env=environment, text=True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes share")
def test_a_worker_and_the_process_of_its_photo_stay_small(tmp_path: Path) -> None:
    """A few percent above what `docs/vision.md` says.

    The first worker of a machine writes the networks that others map, which leaves it 8 MB more.
    """
    (tmp_path / "0.webp").write_bytes(encode(draw_corners(768, 1024), "webp"))
    _, told = (
        run_as_worker("-m", "benchmarks.vision_worker", str(tmp_path)) for _ in ("first", "second")
    )
    measured = json.loads(told)
    assert measured["own_mb"] < 116
    assert measured["files_mb"] < 60
    assert measured["both_mb"] <= measured["alone_mb"] < 173


# What of a worker of photos is in memory, with and without a model.
LOADED = """
import sys
from benchmarks.vision_worker import load_for_jobs

load_for_jobs(["photos"])
print([name for name in sys.argv[1].split() if name in sys.modules])
"""


def test_a_worker_of_photos_does_without_what_it_never_uses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("VLLM_BASE_URL", "EMBEDDINGS_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    unused = (
        "cryptography.fernet httpx opentelemetry.sdk.metrics allauth.mfa.webauthn styling.tasks"
    )
    assert run_as_worker("-c", LOADED, unused) == "[]\n"


def test_a_worker_before_a_model_has_loaded_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each job would import it anew, and a decoder that is forked meanwhile would wait for ever."""
    monkeypatch.setenv("VLLM_BASE_URL", "http://localhost:1")
    monkeypatch.setenv("EMBEDDINGS_BASE_URL", "http://localhost:1")
    clients = ["registry.engines.fallback", "registry.engines.vllm", "wardrobe.similarity.served"]
    assert run_as_worker("-c", LOADED, " ".join(clients)) == f"{clients}\n"


SMAPS = """\
7f00-7f02 r-xp 00000000 fe:01 11 /lib/clean.so
Anonymous:             0 kB
7f02-7f03 r--p 00002000 fe:01 11 /lib/clean.so
Anonymous:             4 kB
7f03-7f04 rw-p 00003000 fe:01 11 /lib/clean.so
Anonymous:             0 kB
7f04-7f05 r--p 00000000 00:00 0
Anonymous:             0 kB
"""


def test_only_clean_mappings_of_files_are_forgotten() -> None:
    """Not what the linker has written on, nor what can be written on, nor what is no file's."""
    assert list(memory.list_clean_mappings(SMAPS)) == [(0x7F00, 0x7F02)]


# Pages of files in memory before and after they were forgotten, and whether all goes on.
FORGOTTEN = """
import numpy as np
from benchmarks.vision_worker import count_file_pages
from dresscode.queues.memory import forget_files

before = np.linalg.inv(np.eye(8) * 2)
had = count_file_pages("self")
forget_files()
assert (np.linalg.inv(np.eye(8) * 2) == before).all()
print(count_file_pages("self") / had)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forgets pages of files")
def test_what_the_start_alone_needed_of_files_is_forgotten() -> None:
    assert float(run_as_worker("-c", FORGOTTEN)) < 0.6


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes share")
def test_collecting_garbage_copies_nothing_of_the_worker() -> None:
    assert float(run_as_worker("-c", COLLECTED)) < 5
