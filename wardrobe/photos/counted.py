"""A file's bytes, and how many of them were looked at: what a check at the door costs does not depend on who made the
file.

A check reads through a `CountedFile` alone. It pays for each look, and one that looks at a file too often finds it
damaged: the work on a file is bounded by its length, however its parts are nested, repeated or overlapping.
"""

import re
import zlib
from typing import Literal

LOOKS_PER_BYTE = 2
"""A file is counted twice: whether it is whole and its size; its size and its camera."""
LOOK_COSTS = 100
"""What one look counts for besides its bytes: a step of Python takes as long as scanning some hundred bytes."""
BASE_BUDGET = 10 << 20
"""For what does not grow with the file: as many parts as `containers` takes, looked at a few times each. With 20 MB of
file that is 52 million bytes, a quarter of a second where a pattern is searched at 200 MB a second."""


class DamagedError(ValueError):
    """The file is not built as its beginning says."""


class CountedFile:
    """`looked` bytes were paid for so far; `len()` is the file's."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.looked = 0
        self.budget = BASE_BUDGET + LOOKS_PER_BYTE * len(data)

    def __len__(self) -> int:
        return len(self.data)

    def pay(self, count: int) -> None:
        """Raises DamagedError where the file has cost more than any sound one does."""
        self.looked += LOOK_COSTS + max(0, count)
        if self.looked > self.budget:
            raise DamagedError("more to look at than any program writes")

    def read(self, start: int, length: int) -> bytes:
        """Fewer bytes where the file ends before."""
        found = self.data[start : start + length]
        self.pay(len(found))
        return found

    def read_number(self, start: int, length: int, order: Literal["big", "little"] = "big") -> int:
        return int.from_bytes(self.read(start, length), order)

    def search(
        self, pattern: re.Pattern[bytes], start: int, end: int | None = None
    ) -> re.Match[bytes] | None:
        """The first place from `start` on. A pattern goes over no byte more than once."""
        end = len(self.data) if end is None else min(end, len(self.data))
        found = pattern.search(self.data, start, end)
        self.pay((found.end() if found else end) - start)
        return found

    def checksum(self, start: int, end: int) -> int:
        """CRC-32."""
        self.pay(end - start)
        return zlib.crc32(memoryview(self.data)[start:end])
