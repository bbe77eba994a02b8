"""Where the trunk expects garments in a photo, and how that is learned."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.synthetic import FabricColour, GarmentSpec, Shot, render_photo
from lab.training.expectation import choose_files, fit_expectation, share_cells
from tests.wardrobe.drawings import draw_shirt
from wardrobe.vision import expectation, garments
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.expectation import CELLS, expect_garments, locate_photo, show_photo
from wardrobe.vision.parameters import VisionParameters

POLO = GarmentSpec(type="polo", colours=(FabricColour("navy", "#203a70"),))


@pytest.mark.parametrize("size", [(225, 300), (300, 225)])
def test_a_garment_is_expected_where_it_lies(size: tuple[int, int]) -> None:
    shot = Shot(fill=0.5, aside=0.15)
    photo = render_photo(POLO, seed=8, background="oak", size=size, shot=shot)
    odds = expect_garments(photo.image)
    assert odds is not None
    assert odds.shape[1] / odds.shape[0] == pytest.approx(size[0] / size[1], abs=0.02)
    lies = np.asarray(Image.fromarray(photo.masks[0]).resize(odds.shape[::-1]))
    assert odds[lies].mean() > 1
    assert odds[~lies].mean() < -1


def test_nothing_is_expected_without_the_trunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectation, "find_trunk", lambda: None)
    image = draw_shirt((190, 30, 40))
    assert expect_garments(image) is None
    assert garments.look_for_garments(image, parameters=VisionParameters())


def test_versions_without_heads_go_by_colours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Image.Image] = []
    monkeypatch.setattr(garments, "expect_garments", asked.append)
    image = draw_shirt((190, 30, 40))
    garments.look_for_garments(image, parameters=VisionParameters(heads=""))
    assert asked == []
    garments.look_for_garments(image, parameters=VisionParameters())
    assert asked == [image]


def test_a_photo_of_several_goes_by_colours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Image.Image] = []
    monkeypatch.setattr(garments, "expect_garments", asked.append)
    specs = [POLO, GarmentSpec(type="shorts", colours=(FabricColour("rust", "#c0451c"),))]
    photo = render_photo(specs, seed=3, background="white_sheet", size=(300, 400))
    assert len(garments.look_for_garments(photo.image, parameters=VisionParameters())) == 2
    assert asked == []


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectation, "SHA256", "0" * 64)
    with pytest.raises(WeightsMismatchError):
        expectation.load_expectation.__wrapped__()


def test_cells_beside_a_narrow_photo_show_nothing() -> None:
    shown = show_photo((100, 200)).reshape(CELLS, CELLS)
    assert shown.any(axis=1).all()
    assert 0.45 < shown.any(axis=0).mean() < 0.55
    assert locate_photo((100, 200)) == (CELLS / 4, 0, CELLS * 3 / 4, CELLS)


def test_a_cell_is_as_much_garment_as_its_part_of_the_mask() -> None:
    mask = np.zeros((128, 256), dtype=bool)
    mask[:, 128:] = True
    shares = share_cells(mask).reshape(CELLS, CELLS)
    inside = show_photo((256, 128)).reshape(CELLS, CELLS).all(axis=1)
    assert shares[inside][:, : CELLS // 2].max() == 0
    assert shares[inside][1:-1, CELLS // 2 + 1 :].min() == pytest.approx(1, abs=0.01)


def test_what_tells_cloth_is_found() -> None:
    rng = np.random.default_rng(3)
    lessons = []
    for _ in range(20):
        cells = rng.normal(size=(160, 6)).astype(np.float32)
        cells[:, -1] = 1
        lessons.append((cells, (cells[:, 2] > 0).astype(np.float32)))
    fitted = fit_expectation(lessons)
    cells, shares = lessons[0]
    assert ((fitted.weigh(cells) > 0) == (shares > 0.5)).mean() > 0.95


def test_photos_that_masks_are_measured_by_teach_nothing(tmp_path: Path) -> None:
    for name in "abcd":
        file = tmp_path / "train" / "hat" / f"{name}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    chosen = choose_files(tmp_path, {"train/hat/b.jpg"}, 9, seed=1)
    assert sorted(file.name for file in chosen) == ["a.jpg", "c.jpg", "d.jpg"]
    assert choose_files(tmp_path, set(), 2, seed=1) == choose_files(tmp_path, set(), 2, seed=1)
