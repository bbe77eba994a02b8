"""How much memory the C library keeps of what was freed, where it is glibc."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of `mallopt`, malloc.h."""
LARGE = 256 * 1024
"""Bytes from which a block is the system's own and goes back to it when it is freed. By itself glibc takes larger and
larger ones from its heap, where a single small block in use keeps all below it."""


def keep_heap_small() -> None:
    """For the whole process and those forked from it: 60 MB less stay behind a photo, which costs 7 % more CPU."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, LARGE)
