"""Names of places as people type them: folded to one spelling, and an index of what begins how."""

import re
import tomllib
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

WHOLE_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
    | {"ħ": "h", "ŧ": "t", "ŋ": "ng", "ə": "e", "ĸ": "k", "ſ": "s"}
)
"""Letters that no accent can be taken off (Unicode has no decomposition of them)."""
UNSPOKEN = ".'’‘`´ʻʼʿʾ′"
"""Points and apostrophes: "D.C." is "dc", "Nuku‘alofa" is "nukualofa"."""
DROPPED = dict.fromkeys(map(ord, UNSPOKEN)) | {
    code: None for code in range(0x300, 0x20000) if unicodedata.combining(chr(code))
}
SPACES = re.compile(r"[-‐‑–_/() \t]+")
IN_FULL = {
    "st": "saint",
    "ste": "sainte",
    "sta": "santa",
    "sto": "santo",
    "mt": "mount",
    "ft": "fort",
}
SHORT = re.compile(rf"\b(?:{'|'.join(IN_FULL)})\b")

REGIONS_FILE = Path(__file__).with_name("regions.toml")


def fold(text: str) -> str:
    """One spelling of a name: "São Paulo" and "sao paulo", "St. Louis" and "Saint Louis" are one."""
    return " ".join(fold_lines(text).split())


def fold_lines(text: str) -> str:
    """The same of many names at once, each on a line of its own."""
    decomposed = text.casefold()
    if not decomposed.isascii():
        decomposed = unicodedata.normalize("NFKD", decomposed.translate(WHOLE_LETTERS))
    spaced = SPACES.sub(" ", decomposed.translate(DROPPED))
    return SHORT.sub(lambda found: IN_FULL[found[0]], spaced)


def fold_query(text: str) -> str:
    """The same of what somebody typed: "The Hague" and "Hague" ask for one place."""
    return fold(text).removeprefix("the ")


@cache
def read_regions() -> dict[tuple[str, str], tuple[str, ...]]:
    """By country and GeoNames' code of its first-order division: its names, the first to show."""
    countries = tomllib.loads(REGIONS_FILE.read_text())
    return {
        (country, code): tuple(names.split(", "))
        for country, regions in countries.items()
        for code, names in regions.items()
    }


class NameIndex:
    """Which numbers go by a name that begins so. Sorted names in one string of bytes: about 20 bytes a name."""

    def __init__(self, starts: "array[int]", names: bytes) -> None:
        self.starts, self.bytes = starts, names

    @classmethod
    def of(cls, names: Iterable[tuple[str, int]]) -> "NameIndex":
        rows = sorted({name.encode() + b"\x00" + number.to_bytes(3) for name, number in names})
        starts = array("I", [0])
        for row in rows:
            starts.append(starts[-1] + len(row))
        return cls(starts, b"".join(rows))

    @classmethod
    def unpack(cls, data: bytes) -> "NameIndex":
        """From the bytes of `pack`, of a machine of the same kind."""
        starts, end = array("I"), 8 + int.from_bytes(data[:8])
        starts.frombytes(data[8:end])
        return cls(starts, data[end:])

    def pack(self) -> bytes:
        starts = self.starts.tobytes()
        return len(starts).to_bytes(8) + starts + self.bytes

    def __len__(self) -> int:
        return len(self.starts) - 1

    def read(self, at: int) -> tuple[str, int]:
        row = self.bytes[self.starts[at] : self.starts[at + 1]]
        return row[:-4].decode(), int.from_bytes(row[-3:])

    def find(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Every name that begins so, with its number, in alphabetical order."""
        wanted, at = prefix.encode(), self._bisect(prefix.encode())
        while at < len(self) and self.bytes.startswith(wanted, self.starts[at]):
            yield self.read(at)
            at += 1

    def _bisect(self, wanted: bytes) -> int:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.bytes[self.starts[middle] : self.starts[middle + 1]] < wanted:
                low = middle + 1
            else:
                high = middle
        return low
