"""What a process keeps and needs no more: freed blocks, where the C library is glibc, and what is mapped of files."""

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from wardrobe.vision.networks import give_back_after_runs

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Of `mallopt`, malloc.h."""
LARGE = 256 * 1024
"""Bytes from which a block is the system's own and goes back to it when it is freed. By itself glibc takes larger and
larger ones from its heap, where a single small block in use keeps all below it."""
REUSED, KEPT_AT_TOP = 32 << 20, 64 << 20
"""Of a process that ends soon: bytes as above, the most that glibc takes, and how many may stay unused at the end of its
heap until it gives them back itself (`return_freed_memory`)."""
MADV_DONTNEED = 4
"""Of `madvise`, mman.h."""
MAPPING = re.compile(
    r"(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) (?P<rights>\S+) \S+ \S+ (?P<inode>\d+)"
)


def keep_heap_small() -> None:
    """For a process that stays, and until they say otherwise for those forked from it."""
    set_options({M_MMAP_THRESHOLD: LARGE, M_TRIM_THRESHOLD: LARGE})


def let_heap_grow() -> None:
    """For a process that ends with its job: within a step blocks are used again and not asked of the system each time. Steps
    of a photo, and networks, give back what they needed when they end."""
    set_options({M_MMAP_THRESHOLD: REUSED, M_TRIM_THRESHOLD: KEPT_AT_TOP})
    give_back_after_runs()


def share_one_heap() -> None:
    """Among all threads, and those of processes forked from this one. Each would keep what its own has freed: 13 MB of the
    thread that looks at a photo. To be called before there are any threads."""
    set_options({M_ARENA_MAX: 1})


def set_options(values: dict[int, int]) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in values.items():
            mallopt(option, value)


def forget_files() -> None:
    """Take what is mapped of files, and was never written on, out of this process: libraries' code that the start alone
    needed. It stays in the system's cache, from which what is needed again comes back. Linux alone."""
    if sys.platform == "linux":
        advise = ctypes.CDLL(None).madvise
        for start, end in list_clean_mappings(Path("/proc/self/smaps").read_text()):
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_DONTNEED)


def list_clean_mappings(smaps: str) -> Iterator[tuple[int, int]]:
    """Addresses (start, end) of mappings of files that cannot be written on and hold no page of the process's own."""
    mapping = None
    for line in smaps.splitlines():
        if found := MAPPING.match(line):
            mapping = found
        elif mapping and line.startswith("Anonymous:") and line.split()[1] == "0":
            is_written_on = "w" in mapping["rights"]
            if mapping["inode"] != "0" and not is_written_on:
                yield int(mapping["start"], 16), int(mapping["end"], 16)
