"""Decoding what somebody sent in a process of its own, which may use so much time and memory and no more.

The process is a fork that decodes, writes pixels and ends: a decoder that hangs, crashes or is taken over leaves the
worker as it was. What it says is read as pixels of a size that we ask for and two short words, never unpickled.

A fork has none of its parent's other threads, and what they held stays held in it. So it touches no database and no
network, and nothing else of the product decodes meanwhile (`opening`); should one stand still all the same, it is ended
and the photo tried again.
"""

import ctypes
import json
import logging
import os
import resource
import select
import signal
import sys
import threading
import time
import warnings
from typing import Any, NamedTuple, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from wardrobe.photos import measuring
from wardrobe.photos.formats import UnreadablePhotoError, damaged
from wardrobe.photos.ingestion import IMAGE_SIDE, decode

logger = logging.getLogger(__name__)

opening = threading.RLock()
"""Photos are decoded one at a time: each may take most of what `WORKER_MEMORY_MB` allows."""

MEBIBYTE = 1 << 20
MAXIMUM_ANSWER = 3 * IMAGE_SIDE**2 + 4096
WAIT_PER_CPU_S = 4
"""On a busy machine a second of work takes a few; one that takes longer stands still."""
PR_SET_PDEATHSIG = 1
HOPELESS = {signal.SIGXCPU, signal.SIGKILL}
"""How the kernel ends a process that is over its time, or for which there is no memory."""


class Reading(NamedTuple):
    """The upright picture in sRGB, and the name of the colour profile that it came with."""

    picture: Image.Image
    profile: str


def read_upload(data: bytes, *, format: str) -> Reading:
    """Decode a file that somebody sent. Raises UnreadablePhotoError, also for one that takes too much.

    Raises OSError where no process can be had or it stands still, RuntimeError for a fault of ours.
    """
    with opening:
        answer = run_apart(data, format)
    try:
        head, _, pixels = answer.partition(b"\n")
        return read_answer(json.loads(head), pixels)
    except (ValueError, TypeError, KeyError):
        raise damaged() from None


def read_answer(head: dict[str, Any], pixels: bytes) -> Reading:
    if "code" in head:
        raise UnreadablePhotoError(str(head["code"])[:48], str(head["message"])[:300])
    if "fault" in head:
        raise RuntimeError(f"decoding failed: {head['fault']}")
    width, height = int(head["width"]), int(head["height"])
    if not (0 < width <= IMAGE_SIDE and 0 < height <= IMAGE_SIDE):
        raise damaged()
    profile = head["profile"] if head["profile"] in measuring.PROFILE_NAMES else measuring.OTHER
    return Reading(Image.frombytes("RGB", (width, height), pixels), profile)


def run_apart(data: bytes, format: str) -> bytes:
    """What the process has written. Raises UnreadablePhotoError where it ended otherwise, TimeoutError where it did not."""
    mine, its = os.pipe()
    try:
        child = fork()
    except BaseException:
        os.close(mine)
        os.close(its)
        raise
    if not child:
        os.close(mine)
        decode_and_end(data, format, its)
    os.close(its)
    status = None
    try:
        answer = read_until_closed(mine)
        status = os.waitpid(child, 0)[1]
    finally:
        os.close(mine)
        if status is None:  # It stands still, or this job is out of time.
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in HOPELESS:
        raise too_slow()
    if status:
        logger.warning("a decoder of %s ended with status %s", format, status)
        raise damaged()
    return answer


def fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Of forks beside threads: see above.
        return os.fork()


def read_until_closed(source: int) -> bytes:
    """Raises TimeoutError for a process that stands still, UnreadablePhotoError for more than a picture of ours takes."""
    deadline = time.monotonic() + WAIT_PER_CPU_S * settings.PHOTO_DECODE_CPU_S
    parts: list[bytes] = []
    size = 0
    while size <= MAXIMUM_ANSWER:
        if not select.select([source], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError("a decoder stands still")
        part = os.read(source, MEBIBYTE)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    raise damaged()


def too_slow() -> UnreadablePhotoError:
    return UnreadablePhotoError(
        "too_slow",
        _(
            "Reading this photo takes more than we can give. Save it as a smaller JPEG and add it again."
        ),
    )


def decode_and_end(data: bytes, format: str, its: int) -> NoReturn:
    """In the fork."""
    status = 1
    try:
        limit_process()
        warnings.simplefilter("ignore")  # What a decoder only warns of is no fault.
        answer = memoryview(decode_to_bytes(data, format))
        while answer:
            answer = answer[os.write(its, answer) :]
        status = 0
    finally:
        os._exit(status)


def limit_process() -> None:
    """Time, memory beside what the fork has of its parent, no dump; and it goes with its parent."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with open("/proc/self/statm") as file:  # noqa: PTH123 The first number is in pages.
            has = int(file.read().split()[0]) * resource.getpagesize()
        lower(resource.RLIMIT_AS, has + settings.WORKER_MEMORY_MB * MEBIBYTE)
    lower(resource.RLIMIT_CPU, settings.PHOTO_DECODE_CPU_S)
    lower(resource.RLIMIT_CORE, 0)


def lower(limit: int, value: int) -> None:
    """Never above what the process was allowed before."""
    highest = resource.getrlimit(limit)[1]
    value = value if highest == resource.RLIM_INFINITY else min(value, highest)
    resource.setrlimit(limit, (value, value))


def decode_to_bytes(data: bytes, format: str) -> bytes:
    """A line of JSON, and the pixels behind it."""
    try:
        picture, profile = decode(data, format=format)
        head: dict[str, Any] = {"width": picture.width, "height": picture.height}
        head["profile"] = measuring.name_profile(profile)
        return json.dumps(head).encode() + b"\n" + picture.tobytes()
    except UnreadablePhotoError as error:
        return json.dumps({"code": error.code, "message": error.message}).encode()
    except MemoryError:
        return json.dumps({"code": too_slow().code, "message": too_slow().message}).encode()
    except Exception as error:
        logger.exception("a %s could not be decoded", format)
        return json.dumps({"fault": type(error).__name__}).encode()
