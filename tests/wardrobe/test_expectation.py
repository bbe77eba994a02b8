"""Where the trunk expects garments in a photo, and how that is learned."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.synthetic import FabricColour, GarmentSpec, Shot, render_photo
from lab.training.composing import Taken, compose
from lab.training.expectation import choose_files, fit_expectation, share_cells, train
from tests.wardrobe.drawings import draw_shirt
from wardrobe.vision import expectation, garments
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.expectation import (
    CELLS,
    expect_garments,
    locate_photo,
    read_expectation,
    show_photo,
    write_expectation,
)
from wardrobe.vision.garments import put_back
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.segmentation import Region
from wardrobe.vision.trunk.sessions import find_trunk

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


def test_what_is_small_beside_a_larger_garment_is_expected_too() -> None:
    specs = [POLO, GarmentSpec(type="cap", colours=(FabricColour("rust", "#c0451c"),))]
    photo = render_photo(specs, seed=3, background="oak", size=(300, 400))
    odds = expect_garments(photo.image)
    assert odds is not None
    for mask in photo.masks:
        lies = np.asarray(Image.fromarray(mask).resize(odds.shape[::-1]))
        assert odds[lies].mean() > 1
    assert len(garments.look_for_garments(photo.image, parameters=VisionParameters())) == 2


def draw_piece(left: int, right: int, certainty: float = 0.9) -> Region:
    mask = np.zeros((40, 60), dtype=bool)
    mask[10:30, left:right] = True
    return Region(mask, certainty)


@pytest.mark.parametrize(
    "lost, odds, found",
    [
        (draw_piece(40, 50), 0.0, [(5, 30), (40, 50)]),
        (draw_piece(40, 50, certainty=0.1), 0.0, [(5, 30)]),
        (draw_piece(40, 50), -4.0, [(5, 30)]),
        (draw_piece(25, 30), 0.0, [(5, 30)]),
        (draw_piece(29, 36), 0.0, [(5, 30), (30, 36)]),
    ],
    ids=["plain", "faint", "where hardly anything is expected", "found already", "beside it"],
)
def test_a_piece_that_the_trunk_loses_is_put_back(
    lost: Region, odds: float, found: list[tuple[int, int]]
) -> None:
    seen = draw_piece(5, 30)
    regions = put_back([seen], [seen, lost], np.full((10, 15), odds, dtype=np.float32))
    ends = [np.flatnonzero(region.mask.any(axis=0))[[0, -1]] for region in regions]
    assert [(int(first), int(last) + 1) for first, last in ends] == found


def test_no_more_garments_are_told_than_a_version_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [draw_piece(start, start + 8) for start in range(0, 60, 10)]
    monkeypatch.setattr(
        garments,
        "find_regions",
        lambda lab, *, parameters, expected=None: pieces[:1] if expected is not None else pieces,
    )
    monkeypatch.setattr(garments, "expect_garments", lambda image: np.zeros((9, 9), np.float32))
    photo = Image.new("RGB", (60, 40))
    for most in (3, 6):
        found = garments.look_for_garments(
            photo, parameters=VisionParameters(maximum_garments=most)
        )
        assert len(found) == most


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
    for _ in range(100):
        cells = rng.normal(size=(160, 6)).astype(np.float32)
        lessons.append((cells, (np.abs(cells[:, 2]) > 0.7).astype(np.float32)))
    fitted = fit_expectation(lessons)
    cells, shares = lessons[0]
    assert ((fitted.weigh(cells) > 0) == (shares > 0.5)).mean() > 0.9


def test_photos_that_masks_are_measured_by_teach_nothing(tmp_path: Path) -> None:
    for name in "abcd":
        file = tmp_path / "train" / "hat" / f"{name}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    chosen = choose_files(tmp_path, {"train/hat/b.jpg"}, seed=1)
    assert sorted(file.name for file in chosen) == ["a.jpg", "c.jpg", "d.jpg"]
    assert choose_files(tmp_path, set(), seed=1) == choose_files(tmp_path, set(), seed=1)


def test_garments_are_laid_on_another_photos_ground() -> None:
    photo = render_photo(POLO, seed=8, background="oak", size=(150, 200), shot=Shot(fill=0.6))
    sheet = render_photo(
        POLO, seed=9, background="white_sheet", size=(150, 200), shot=Shot(fill=0.6)
    )
    taken = [Taken(one.image, one.masks[0]) for one in (photo, sheet)]
    for seed in range(6):
        scene = compose(taken, seed)
        assert scene.mask.shape == scene.image.size[::-1]
        assert 0.01 < scene.mask.mean() < 0.8
        inside = np.asarray(scene.image)[scene.mask].mean(axis=0)
        assert inside[2] > inside[0]  # The polo is navy.
    again = compose(taken, 5)
    assert again.image.tobytes() == scene.image.tobytes()


def test_a_garment_that_fills_its_photo_shows_no_ground() -> None:
    image = Image.new("RGB", (60, 80))
    taken = [Taken(image, np.ones((20, 15), dtype=bool))]
    assert taken[0].ground() is None
    with pytest.raises(ValueError, match="what its garment lies on"):
        compose(taken, 0)


def test_photos_teach_where_colours_and_what_is_expected_agree(tmp_path: Path) -> None:
    trunk = find_trunk()
    assert trunk is not None
    files = [tmp_path / f"{number}.jpg" for number in range(5)]
    for number, file in enumerate(files):
        draw_shirt((190 - 30 * number, 30, 40)).save(file)
    told: list[str] = []
    fitted = train(files, trunk, first=2, composed=1, drawn=1, report=told.append)
    assert told[0] == "2 photos by their colours alone"
    assert read_expectation(write_expectation(fitted)).inward.shape == fitted.inward.shape


def test_photos_without_a_garment_teach_nothing(tmp_path: Path) -> None:
    trunk = find_trunk()
    assert trunk is not None
    Image.new("RGB", (64, 64)).save(tmp_path / "0.jpg")
    with pytest.raises(ValueError, match="plain mask"):
        train([tmp_path / "0.jpg"], trunk, first=1, composed=0, drawn=0, report=print)
