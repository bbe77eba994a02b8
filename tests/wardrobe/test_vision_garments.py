import numpy as np
import pytest
from PIL import Image

from lab.synthetic import FabricColour
from tests.wardrobe.drawings import (
    draw_cloth,
    draw_sewn,
    draw_shirt,
    draw_two_shirts,
    weave_stripes,
)
from tests.wardrobe.pictures import encode
from wardrobe.photos.ingestion import read_picture
from wardrobe.vision import garments
from wardrobe.vision.classifier import TypeGuess, WeightsMismatchError, embed_photo
from wardrobe.vision.derivations import USUAL
from wardrobe.vision.garments import (
    DetectedGarment,
    detect_garments,
    join_pairs,
    join_parts,
    leave_out_clutter,
)
from wardrobe.vision.naming import Name, list_alternatives
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.segmentation import Region

PARAMETERS = VisionParameters()
RED, NAVY = (190, 30, 40), (25, 35, 80)
WHITE = FabricColour("white", "#f7f7f5")


def detect(image: Image.Image) -> list[DetectedGarment]:
    return detect_garments(image, parameters=PARAMETERS)


def test_a_red_shirt_is_red_and_its_floor_is_not_a_colour() -> None:
    (garment,) = detect(draw_shirt(RED))
    assert [colour.name for colour in garment.colours] == ["red"]
    assert garment.pattern == "solid"


def test_a_white_t_shirt_cut_out_on_nothing_is_a_white_top() -> None:
    drawn = draw_sewn("t-shirt", WHITE)
    shape = drawn.masks[0] * np.uint8(255)
    cut_out = Image.fromarray(np.dstack([np.asarray(drawn.image.convert("RGB")), shape]))
    (garment,) = detect(read_picture(encode(cut_out, "png"), format="png"))
    assert (garment.slot, garment.colours[0].name) == ("top", "white")


def test_two_shirts_laid_apart_are_two_garments() -> None:
    garments = sorted(detect(draw_two_shirts(RED, NAVY)), key=lambda garment: garment.box[0])
    assert [garment.colours[0].name for garment in garments] == ["red", "navy"]


def test_stripes_show_both_colours() -> None:
    (garment,) = detect(draw_cloth(weave_stripes((450, 600))))
    assert garment.pattern == "striped"
    assert {colour.name for colour in garment.colours} >= {"white", "navy"}


def test_what_is_seen_is_as_sure_whatever_the_type_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"pattern": ("solid", 0.9), "material": ("knit", 0.8), "sleeve": ("long", 0.7)}
    name = Name("sweater", 0.5, 0.6, [], told)
    monkeypatch.setattr(garments, "name_garment", lambda *args, **options: name)
    (garment,) = detect(draw_shirt(RED))
    assert (garment.confidence["material"], garment.confidence["sleeve"]) == (0.8, 0.7)
    assert garment.confidence["warmth"] == 0.5 * USUAL["sweater"].warmth_sure


def test_every_attribute_has_a_confidence() -> None:
    (garment,) = detect(draw_shirt(NAVY))
    described = {"type", "slot", "colours", "pattern", "material", "warmth", "layering"}
    told = {name for name in ("sleeve", "length") if getattr(garment, name)}
    assert set(garment.confidence) == described | told | {
        "seasons",
        "formality",
        "water_resistant",
    }
    assert all(0 <= value <= 1 for value in garment.confidence.values())


def test_other_families_are_told_where_they_are_likely_enough() -> None:
    guess = TypeGuess("sneakers", 0.5, {"shoes": 0.6, "socks": 0.3, "hat": 0.06, "belt": 0.04})
    assert list_alternatives(guess) == [("socks", 0.3), ("hat", 0.06)]


def test_the_same_photo_gives_the_same_answer() -> None:
    assert detect(draw_shirt(RED)) == detect(draw_shirt(RED))


def test_pictures_without_garments_get_an_unsure_guess() -> None:
    (garment,) = detect(Image.new("RGB", (640, 480), (120, 120, 120)))
    assert garment.confidence["colours"] < 0.6


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_other_colour_modes_are_read(mode: str) -> None:
    assert detect(draw_shirt(RED).convert(mode))


def test_other_weights_than_the_named_ones_are_refused() -> None:
    with pytest.raises(WeightsMismatchError):
        detect_garments(draw_shirt(RED), parameters=VisionParameters(weights_sha256="0" * 64))
    with pytest.raises(WeightsMismatchError):
        detect_garments(draw_shirt(RED), parameters=VisionParameters(weights="../../manage.py"))


def test_parameters_survive_json_and_refuse_strangers() -> None:
    assert VisionParameters.from_json(PARAMETERS.as_json()) == PARAMETERS
    with pytest.raises(ValueError, match="colour_of_the_moon"):
        VisionParameters.from_json({"colour_of_the_moon": 1})


def test_embeddings_are_unit_vectors_that_know_a_photo_again() -> None:
    photo = draw_shirt(RED)
    smaller, other = photo.resize((600, 800)), draw_cloth(weave_stripes((450, 600)))
    one, again, different = (embed_photo(image) for image in (photo, smaller, other))
    assert one.shape == (128,)
    assert one.dtype == np.float32
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-4)
    assert one @ again > 0.97 > one @ different


def piece(type: str, left: int, width: int = 10, *, sure: float = 0.8) -> tuple[Region, TypeGuess]:
    mask = np.zeros((40, 100), dtype=bool)
    mask[10:30, left : left + width] = True
    return Region(mask, 0.9), TypeGuess(type, sure, {type: sure})


@pytest.mark.parametrize("type", ["shoes", "socks", "gloves"])
def test_a_pair_laid_apart_is_one_garment(type: str) -> None:
    joined = join_pairs([piece(type, 5), piece("hat", 40), piece(type, 80)])
    assert sorted(guess.type for _, guess in joined) == sorted(["hat", type])
    assert joined[0][0].box[2] == pytest.approx(0.85)


def test_two_pairs_are_two_garments_each_of_its_neighbours() -> None:
    joined = join_pairs([piece("shoes", left) for left in (0, 60, 15, 75)])
    assert sorted(round(region.box[0], 2) for region, _ in joined) == [0, 0.6]


def test_a_shoe_and_a_sock_or_a_much_smaller_shoe_are_no_pair() -> None:
    assert len(join_pairs([piece("shoes", 5), piece("socks", 30)])) == 2
    assert len(join_pairs([piece("shoes", 5, 30), piece("shoes", 60, 8)])) == 2


def test_a_cable_beside_a_coat_is_no_garment() -> None:
    coat, cable, cap = piece("coat", 0, 60), piece("belt", 70, 5, sure=0.4), piece("cap", 80, 10)
    assert leave_out_clutter([coat, cap, cable]) == [coat, cap]


def test_the_lining_of_a_shoe_is_no_garment() -> None:
    shoe, lining, beside = region(0, 60), region(20, 8), region(70, 8)
    lining.mask[:15] = False
    assert [round(one.area, 3) for one in join_parts([shoe, beside, lining])] == [0.3, 0.04]


def region(left: int, width: int) -> Region:
    return piece("shoes", left, width)[0]


def test_two_hats_stay_two() -> None:
    assert len(join_pairs([piece("hat", 5), piece("hat", 30)])) == 2
