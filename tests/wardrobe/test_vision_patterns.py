import numpy as np
from PIL import Image

from tests.wardrobe.drawings import add_noise, weave_checks, weave_stripes
from wardrobe.vision.patterns import name_pattern

SIZE = (450, 600)


def pattern_of(cloth: Image.Image, type: str = "shirt") -> str:
    mask = np.ones((256, 192), dtype=bool)
    return name_pattern(add_noise(cloth), mask, type=type, colours=["navy", "white"])[0]


def test_plain_cloth_is_solid() -> None:
    assert pattern_of(Image.new("RGB", SIZE, (30, 40, 90))) == "solid"


def test_stripes_are_striped_whichever_way_they_run() -> None:
    assert pattern_of(weave_stripes(SIZE)) == "striped"
    assert pattern_of(weave_stripes(SIZE[::-1]).rotate(90, expand=True)) == "striped"


def test_checks_are_not_stripes() -> None:
    assert pattern_of(weave_checks(SIZE)) in {"checkered", "plaid"}


def test_shading_of_folds_is_solid() -> None:
    wave = 110 + 25 * np.sin(np.linspace(0, 12, SIZE[0]))
    pixels = np.broadcast_to(wave[None, :, None], (SIZE[1], SIZE[0], 3)).astype(np.uint8)
    assert pattern_of(Image.fromarray(pixels), type="pants") == "solid"


def test_a_motif_on_the_chest_is_graphic() -> None:
    cloth = Image.new("RGB", SIZE, (240, 240, 240))
    scribble = np.random.default_rng(5).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    cloth.paste(Image.fromarray(scribble).resize((130, 130), Image.Resampling.NEAREST), (160, 150))
    assert pattern_of(cloth, type="t-shirt") == "graphic"


def test_unclear_prints_are_named_with_little_confidence() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (60, 45, 3), dtype=np.uint8)
    cloth = Image.fromarray(pixels).resize(SIZE, Image.Resampling.NEAREST)
    mask = np.ones((256, 192), dtype=bool)
    assert name_pattern(cloth, mask, type="dress", colours=["red", "blue"])[1] <= 0.5
