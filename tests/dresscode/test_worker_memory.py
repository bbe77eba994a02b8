"""What a worker's process keeps of the memory that a job has freed."""

import ctypes
import subprocess
import sys

import pytest

from tests.conftest import ROOT

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
