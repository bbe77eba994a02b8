"""Decoding in a process of its own: what it may take, and how each of its ends is told."""

import faulthandler
import io
import os
import resource
import signal
import struct
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from tests.dresscode.processes import descendants
from tests.wardrobe.pictures import draw_noise, encode
from tests.wardrobe.test_renditions import display_p3
from wardrobe.photos import apart
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.photos.ingestion import read_picture

DATA = encode(draw_noise(), "jpeg")


def refusal(data: bytes = DATA, format: str = "jpeg") -> UnreadablePhotoError:
    with pytest.raises(UnreadablePhotoError) as caught:
        apart.read_upload(data, format=format)
    return caught.value


@pytest.fixture
def decoding(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets the decoder do something else instead."""

    def replace(action: Callable[[], object]) -> None:
        monkeypatch.setattr(apart, "decode", lambda data, *, format: action())

    return replace


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "heif", "avif", "gif", "tiff", "bmp"])
def test_apart_it_is_the_same_picture(format: str) -> None:
    data = encode(draw_noise(1300, 900), format)
    assert apart.read_upload(data, format=format).picture == read_picture(data, format=format)


def test_the_profile_is_told_by_its_name() -> None:
    data = encode(draw_noise(), "jpeg", icc_profile=display_p3())
    assert apart.read_upload(data, format="jpeg").profile == "display-p3"


def test_a_refusal_is_told_as_it_is() -> None:
    assert refusal(DATA[:-800]).code == "truncated"


def spin() -> None:
    while True:
        np.ones(1000).sum()


def test_who_takes_too_much_time_is_ended(
    decoding: Callable, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PHOTO_DECODE_CPU_S = 1
    monkeypatch.setattr(apart, "WAIT_PER_CPU_S", 120)  # A busy machine gives it little of a second.
    decoding(spin)
    used_before = time.process_time()
    assert refusal().code == "too_slow"
    assert time.process_time() - used_before < 0.5, "the time is the decoder's, not ours"


def test_who_takes_too_much_memory_is_ended(decoding: Callable, settings: Settings) -> None:
    settings.WORKER_MEMORY_MB = 200
    decoding(lambda: np.ones(400 << 20, np.uint8))
    assert refusal().code == "too_slow"


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGKILL, "too_slow"), (signal.SIGSEGV, "damaged"), (signal.SIGABRT, "damaged")],
)
def test_a_decoder_that_is_killed_or_crashes_is_the_photos_fault(
    decoding: Callable, number: signal.Signals, code: str
) -> None:
    def die() -> None:
        faulthandler.disable()  # pytest's would tell of it.
        os.kill(os.getpid(), number)

    decoding(die)
    assert refusal().code == code


def test_one_that_stands_still_is_ours_and_may_be_tried_again(
    decoding: Callable, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PHOTO_DECODE_CPU_S = 1
    monkeypatch.setattr(apart, "WAIT_PER_CPU_S", 0.2)
    decoding(lambda: time.sleep(60))
    with pytest.raises(TimeoutError):
        apart.read_upload(DATA, format="jpeg")


def test_a_fault_of_ours_is_no_refusal(decoding: Callable) -> None:
    decoding(lambda: 1 / 0)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        apart.read_upload(DATA, format="jpeg")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not json\n",
        b"[1]\n",
        b'{"width": 4, "height": 4, "profile": "none"}\nshort',
        b'{"width": 99999, "height": 1, "profile": "none"}\n',
        b'{"width": "x", "height": 1, "profile": "none"}\n',
        b'{"width": 0, "height": 0, "profile": "none"}\n',
        bytes(apart.MAXIMUM_ANSWER + 1),
    ],
)
def test_a_decoder_that_was_taken_over_says_nothing_that_counts(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(apart, "decode_to_bytes", lambda data, format: answer)
    assert refusal().code == "damaged"


def test_a_profile_of_another_name_is_some_other(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b'{"width": 1, "height": 1, "profile": "<script>"}\nrgb'
    monkeypatch.setattr(apart, "decode_to_bytes", lambda data, format: answer)
    assert apart.read_upload(DATA, format="jpeg") == (
        Image.frombytes("RGB", (1, 1), b"rgb"),
        "other",
    )


def test_nothing_is_left_behind() -> None:
    def count() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), len(descendants(os.getpid()))

    before = count()
    for data in (DATA, DATA[:300]):
        with suppress(UnreadablePhotoError):
            apart.read_upload(data, format="jpeg")
    assert count() == before


def test_limits_hold_in_the_decoder_alone(settings: Settings) -> None:
    limits = [resource.RLIMIT_CPU, resource.RLIMIT_AS]
    before = [resource.getrlimit(limit) for limit in limits]
    apart.read_upload(DATA, format="jpeg")
    assert [resource.getrlimit(limit) for limit in limits] == before


def test_the_largest_photo_fits_into_what_a_decoder_may_take() -> None:
    data = encode(draw_noise(8160, 6120), "jpeg", quality=95)
    assert apart.read_upload(data, format="jpeg").picture.size == (1024, 768)


def test_a_picture_that_a_decoder_only_warns_of_is_read() -> None:
    data = bytearray(make_tiff())
    start = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[start : start + 2])[0]
    entry = start + 2 + 12 * (count - 1)
    data[entry : entry + 12] = struct.pack("<HHII", 65000, 2, 9_000, 8)  # Longer than the file.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert apart.read_upload(bytes(data), format="tiff").picture.size == (40, 30)


def make_tiff() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "TIFF", software="x" * 40)
    return file.getvalue()
