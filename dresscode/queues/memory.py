"""What a process keeps and needs no more: freed blocks, where the C library is glibc, and what is mapped of files."""

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of `mallopt`, malloc.h."""
LARGE = 256 * 1024
"""Bytes from which a block is the system's own and goes back to it when it is freed. By itself glibc takes larger and
larger ones from its heap, where a single small block in use keeps all below it."""
REUSED, KEPT_AT_TOP = 2 << 20, 8 << 20
"""Of a process that ends soon: bytes as above, and how many may stay unused at the end of its heap."""
MADV_DONTNEED = 4
"""Of `madvise`, mman.h."""
MAPPING = re.compile(
    r"(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) (?P<rights>\S+) \S+ \S+ (?P<inode>\d+)"
)


def keep_heap_small() -> None:
    """For a process that stays, and until they say otherwise for those forked from it."""
    set_thresholds(large=LARGE, kept=LARGE)


def let_heap_grow() -> None:
    """For a process that ends with its job: blocks of up to 2 MB are used again and not asked of the system each time,
    which is 12 % less CPU for a photo that is seen, and 12 MB more."""
    set_thresholds(large=REUSED, kept=KEPT_AT_TOP)


def set_thresholds(*, large: int, kept: int) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, large)
        mallopt(M_TRIM_THRESHOLD, kept)


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
