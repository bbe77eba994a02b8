"""Jobs for the workers under test."""

import time
from pathlib import Path

GIBIBYTE = 1024**3


def touch_job(path: str = "") -> None:
    Path(path).touch()


def take_memory_job(gibibytes: int) -> int:
    return len(bytearray(gibibytes * GIBIBYTE))


def sleep_job(path: str) -> None:
    Path(path).touch()
    time.sleep(600)


def nothing_job() -> None:
    pass
