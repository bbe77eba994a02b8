"""What `describe_appearance` answers, by SciPy's transform and by waves whose frequency is known."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn

from tests.wardrobe.pictures import draw_noise
from wardrobe.identity.alignment import describe_appearance

LOWEST = sorted(np.ndindex(32, 32), key=lambda place: place[0] ** 2 + place[1] ** 2)[1:129]
"""Row and column of what is kept of the transform, the lowest frequencies first, without the mean."""


def draw_wave(down: int, across: int) -> Image.Image:
    """`down` and `across` half waves, brightest at the upper left."""
    middles = (np.arange(32) + 0.5) * np.pi / 32
    wave = np.outer(np.cos(down * middles), np.cos(across * middles))
    return Image.fromarray((127.5 + 120 * wave).round().astype(np.uint8))


def transform(picture: Image.Image) -> NDArray[np.float64]:
    grey = picture.convert("L").resize((32, 32), Image.Resampling.HAMMING)
    frequencies = dctn(np.asarray(grey, dtype=np.float64), norm="ortho")
    vector = np.array([frequencies[place] * (np.hypot(*place) + 0.5) ** 0.75 for place in LOWEST])
    return np.asarray(vector / np.linalg.norm(vector))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("size", [(32, 32), (240, 320), (320, 200)])
def test_scipys_transform_gives_the_same_vector(seed: int, size: tuple[int, int]) -> None:
    picture = draw_noise(*size, seed=seed)
    assert describe_appearance(picture) == pytest.approx(transform(picture), abs=1e-6)


@pytest.mark.parametrize(("down", "across"), [(1, 1), (1, 2), (2, 1), (3, 4), (4, 3), (8, 9)])
def test_a_wave_is_all_in_its_own_place(down: int, across: int) -> None:
    vector = describe_appearance(draw_wave(down, across))
    assert int(vector.argmax()) == LOWEST.index((down, across))
    assert vector.max() > 0.99


def test_a_flat_picture_is_as_the_lowest_frequency() -> None:
    assert list(np.flatnonzero(describe_appearance(Image.new("L", (50, 70), 90)))) == [0]


def test_brightness_and_contrast_are_divided_out() -> None:
    picture = draw_noise(240, 320, seed=5).convert("L")
    duller = picture.point(lambda grey: 60 + grey // 2)
    assert describe_appearance(duller) @ describe_appearance(picture) > 0.999
