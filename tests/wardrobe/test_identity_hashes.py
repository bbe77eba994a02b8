"""The perceptual hash, by imagehash's answers and by ones that are worked out by hand."""

import imagehash
import numpy as np
import pytest
from PIL import Image

from tests.wardrobe.pictures import draw_corners, draw_noise
from wardrobe.identity.hashes import hash_appearance, hash_file, hash_pixels

SIZES = ((32, 32), (160, 120), (120, 160), (641, 480), (97, 311))
# Of a step from light to dark, the frequency k has the sign of sin(kπ/2): 1 and 5 up, 3 and 7 down.
LIGHT_ON_THE_LEFT = np.repeat([[255] * 16 + [0] * 16], 32, axis=0).astype(np.uint8)


@pytest.mark.parametrize("seed", range(40))
def test_imagehash_finds_the_same_bits(seed: int) -> None:
    picture = draw_noise(*SIZES[seed % len(SIZES)], seed=seed)
    assert hash_appearance(picture) == str(imagehash.phash(picture))


def test_imagehash_finds_the_same_bits_in_colours_and_edges() -> None:
    for picture in (draw_corners(), draw_corners(61, 200), draw_corners().rotate(30)):
        assert hash_appearance(picture) == str(imagehash.phash(picture))


@pytest.mark.parametrize(
    ("pixels", "known"),
    [
        (LIGHT_ON_THE_LEFT, "c400000000000000"),
        (255 - LIGHT_ON_THE_LEFT, "9100000000000000"),
        (LIGHT_ON_THE_LEFT.T, "8080000000800000"),
        (255 - LIGHT_ON_THE_LEFT.T, "8000008000000080"),
    ],
)
def test_a_step_has_the_bits_of_its_odd_frequencies(
    pixels: np.ndarray[tuple[int, int], np.dtype[np.uint8]], known: str
) -> None:
    assert hash_appearance(Image.fromarray(pixels)) == known


def test_a_black_picture_has_sixteen_zeros() -> None:
    assert hash_appearance(Image.new("L", (64, 64))) == "0" * 16


def test_the_same_bytes_at_another_size_are_other_pixels() -> None:
    assert hash_pixels(Image.new("L", (4, 6))) != hash_pixels(Image.new("L", (6, 4)))


def test_other_pixels_of_one_size_have_another_hash() -> None:
    assert hash_pixels(Image.new("L", (4, 6), 1)) != hash_pixels(Image.new("L", (4, 6), 2))


@pytest.mark.parametrize("grey", [1, 100, 128, 255])
def test_flat_pictures_have_one_hash_without_rounding_errors(grey: int) -> None:
    assert hash_appearance(Image.new("L", (99, 50), grey)) == "8000000000000000"


def test_a_file_is_known_by_its_sha256() -> None:
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    assert hash_file(b"abc") == known
