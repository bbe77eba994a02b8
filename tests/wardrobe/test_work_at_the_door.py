"""What it costs to look at a file before it is taken in, as bytes looked at: no file costs more than a few times its
length. No clock is asked: `counted.LOOK_COSTS` and `BASE_BUDGET` say what a byte and a look take."""

import tracemalloc
from collections.abc import Iterator

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from tests.wardrobe.hostile import HOSTILE
from wardrobe.photos import counted, formats, measuring
from wardrobe.photos.counted import BASE_BUDGET, LOOKS_PER_BYTE, CountedFile, DamagedError
from wardrobe.photos.formats import UnreadablePhotoError

SMALL, LARGE = 250_000, 2_000_000


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[CountedFile]]:
    """Every file that is counted, and no decoder is asked."""
    made: list[CountedFile] = []

    class Watched(CountedFile):
        def __init__(self, data: bytes) -> None:
            super().__init__(data)
            made.append(self)

    for module in (formats, measuring):
        monkeypatch.setattr(module, "CountedFile", Watched)
    monkeypatch.setattr(Image, "open", lambda *a, **k: pytest.fail("a decoder was asked"))
    yield made


def look_at(data: bytes) -> None:
    """All that the web process does with an upload's bytes but hashing and storing them."""
    try:
        format = formats.inspect_photo(data).format
        measuring.read_header(data, format=format)
    except UnreadablePhotoError:
        pass


def count_work(files: list[CountedFile], data: bytes) -> int:
    files.clear()
    look_at(data)
    return sum(file.looked for file in files)


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_no_faster_than_the_file(files: list[CountedFile], name: str) -> None:
    small, large = HOSTILE[name](SMALL), HOSTILE[name](LARGE)
    most = max(len(large) / len(small), 1) * 1.1
    assert count_work(files, large) <= max(most * count_work(files, small), BASE_BUDGET / 2)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_up_to_the_limit_costs_more_than_the_budget(
    files: list[CountedFile], name: str, settings: Settings
) -> None:
    data = HOSTILE[name](settings.PHOTO_MAX_BYTES - 200_000)[: settings.PHOTO_MAX_BYTES]
    count_work(files, data)
    assert 1 <= len(files) <= 2
    for file in files:
        assert file.looked <= BASE_BUDGET + LOOKS_PER_BYTE * len(data)


def test_what_costs_more_is_damaged() -> None:
    file = CountedFile(bytes(1000))
    with pytest.raises(DamagedError):
        while True:
            file.read(0, 1000)
    assert file.looked < file.budget + 1000 + counted.LOOK_COSTS + 1


def test_every_look_is_paid_for() -> None:
    file = CountedFile(b"\xff" * 100 + b"\x00")
    for look, price in (
        (lambda: file.read(0, 10), 10),
        (lambda: file.read(95, 100), 6),
        (lambda: file.read_number(0, 4), 4),
        (lambda: file.search(formats.containers.NOT_FILL, 0), 101),
        (lambda: file.search(formats.containers.NOT_FILL, 0, 50), 50),
        (lambda: file.checksum(1, 21), 20),
    ):
        before = file.looked
        look()  # type: ignore[no-untyped-call]
        assert file.looked - before == price + counted.LOOK_COSTS


def test_a_budget_is_half_a_second_on_a_slow_core(settings: Settings) -> None:
    """At 200 MB a second and 0.4 µs a look, as this project's smallest machine does it."""
    budget = BASE_BUDGET + LOOKS_PER_BYTE * settings.PHOTO_MAX_BYTES
    assert 2 * budget / 200e6 <= 0.55
    assert 2 * budget / counted.LOOK_COSTS * 0.4e-6 <= 0.55


def test_no_file_copies_itself_in_memory() -> None:
    """Pillow, asked for the size of this TIFF, would copy it 29,700 times."""
    data = HOSTILE["tiff of overlaps"](4_000_000)
    tracemalloc.start()
    look_at(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(data) / 2
