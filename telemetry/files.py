"""Log lines in the files of this machine, by the id of their trace.

`manage.py up` keeps a file for each process. On real servers lines go where the service manager takes them.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

READ_BYTES = 16 * 1024 * 1024
"""Of each file, from its end."""
MOST_LINES = 200
TRACE_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d \S+ [A-Z]+ +\S+ \[(?:[0-9a-f]{32}|-)\] ")
"""How a line of ours begins as text. PostgreSQL and vLLM have files of their own there, whose lines may quote anybody."""
UNTOLD = {"at", "level", "logger", "message", "trace_id", "request_id", "exception"}
"""What a line of JSON holds beside its fields. The words of an exception may quote somebody: they stay in the file."""


class Line(NamedTuple):
    """`at` as it was written, `process` the name of the file, `text` one line."""

    at: str
    process: str
    text: str

    @property
    def trace_ids(self) -> set[str]:
        return set(TRACE_ID.findall(self.text))


def find_lines(folder: Path, digits: str, limit: int = MOST_LINES) -> list[Line]:
    """The newest lines with these hex digits, in the order of time; none where there are no such files."""
    files = sorted(folder.glob("*.log*"))
    found = [line for file in files for line in read_lines(file, digits)]
    return sorted(found)[-limit:]


def read_lines(file: Path, digits: str) -> Iterator[Line]:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - READ_BYTES))
            end = opened.read(READ_BYTES)
    except OSError:
        return
    wanted, place = digits.encode(), 0
    while (place := end.find(wanted, place)) >= 0:
        start = end.rfind(b"\n", 0, place) + 1
        place = end.find(b"\n", place)
        place = len(end) if place < 0 else place
        line = tell(end[start:place].decode(errors="replace"), file.name.partition(".")[0])
        if line:
            yield line


def tell(text: str, process: str) -> Line | None:
    """As people read it, in whichever format it was written; None of what is no line of ours."""
    if WRITTEN.match(text):
        return Line(text[:23], process, text)
    try:
        line = json.loads(text)
    except ValueError:
        return None
    if not isinstance(line, dict) or "trace_id" not in line:
        return None
    fields = [f"{name}={value}" for name, value in line.items() if name not in UNTOLD]
    known = [line.get(name) for name in ("at", "level", "logger")]
    said = [*known, f"[{line.get('trace_id')}]", line.get("message"), *fields]
    return Line(str(line.get("at", "")), process, " ".join(str(part) for part in said if part))
