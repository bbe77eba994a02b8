"""The garments in a photo: where they are, what they are and how they look."""

import hashlib
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.classifier import TypeGuess, get_classifier
from wardrobe.vision.clusters import Floats
from wardrobe.vision.colours import MeasuredColour, measure_colours
from wardrobe.vision.derivations import derive_attributes
from wardrobe.vision.expectation import expect_garments
from wardrobe.vision.naming import name_garment
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.pieces import Mask, shrink
from wardrobe.vision.repeats import COVERED, MIRRORED, keep_each_once, share_covered
from wardrobe.vision.segmentation import Box, Region, find_regions, fit_to, gap_between

PAIRED = frozenset({"shoes", "socks", "gloves"})
SMALL_SHARE = 0.25
SURE_ENOUGH = 0.6
"""A piece smaller than this share of the largest one must be told at least this surely."""
SURE_AT_EDGE = 0.9
"""How surely the family of such a piece must be told where the photo's edge cuts it off: of 22 scraps beside single
garments 19 are told less surely, of 7 small garments in composed photos none."""
FAINTEST = 0.15
"""A piece no more certain than this may be nothing: its colour and pattern are half as sure."""
INSIDE = 0.9
LOST_SHARE = 0.3
"""A piece of which less than this is left was lost."""
HARDLY_EXPECTED = -3.0
"""Log odds of a garment, on average, below which a lost piece is a strip of floor."""
CROP_MARGIN = 0.05
"""Surroundings kept around one of several garments, as a share of its longer side."""
MIDDLE = 0.55
"""Side of the square that a closer look goes at, as a share of the garment's longer side."""


class LastLook:
    """Where the garments are in the photo that this process has looked at last: once they are told, they are cut out."""

    def __init__(self) -> None:
        self.known: tuple[tuple[object, ...], list[Region]] = (), []

    def keep(self, file: bytes, regions: list[Region], *, parameters: VisionParameters) -> None:
        self.known = describe_look(file, parameters), regions

    def find(self, file: bytes, *, parameters: VisionParameters) -> list[Region]:
        """None of any file but that one."""
        look, regions = self.known
        return list(regions) if look == describe_look(file, parameters) else []


last_look = LastLook()


def describe_look(file: bytes, parameters: VisionParameters) -> tuple[object, ...]:
    """What `look_for_garments` finds in a picture that was decoded from `file` follows from this alone."""
    return (
        hashlib.sha256(file).digest(),
        parameters.analysis_side,
        parameters.minimum_area,
        parameters.minimum_certainty,
        parameters.maximum_garments,
        bool(parameters.heads),
    )


@dataclass(frozen=True)
class DetectedGarment:
    """One garment. Words are vocabulary values; a pair of shoes is one garment.

    `box` is x, y, width, height in fractions of the photo. `colours`: largest share first, small
    ones left out. `confidence` maps the name of each attribute to 0..1. `sleeve` and `length` are
    empty where the type has none, or does not say. `alternatives` are the types that come next and
    how likely they are, likeliest first. `person`: somebody is in the photo.
    """

    box: Box
    type: str
    slot: str
    colours: list[MeasuredColour]
    pattern: str
    material: str
    warmth: str
    layering: str
    seasons: list[str]
    formality: str
    sleeve: str
    length: str
    water_resistant: bool
    confidence: dict[str, float]
    alternatives: list[tuple[str, float]]
    person: bool = False


@dataclass(frozen=True)
class Sighting:
    """A garment, where it is seen and what the type networks make of that part of the photo."""

    garment: DetectedGarment
    region: Region
    guess: TypeGuess


def detect_garments(
    image: Image.Image, *, parameters: VisionParameters, file: bytes = b""
) -> list[DetectedGarment]:
    """Find the garments in an upright sRGB photo, largest first; never an empty list.

    `file` is what it was decoded from, by which `last_look` finds where they are.

    Where nothing stands out from its surroundings, the middle of the photo is described as one
    garment with low confidence. Raises WeightsMismatchError when the weights are not those named.
    """
    if image.mode != "RGB":  # Else it would be a copy.
        image = image.convert("RGB")
    regions = look_for_garments(image, parameters=parameters)
    if file:
        last_look.keep(file, regions, parameters=parameters)
    seen = [
        Sighting(describe_garment(image, region, guess, parameters=parameters), region, guess)
        for region, guess in name_types(image, regions, parameters=parameters)
    ]
    return [one.garment for one in keep_each_once(leave_out_scraps(seen), are_same)]


def leave_out_scraps(seen: list[Sighting]) -> list[Sighting]:
    """Small things that the photo's edge cuts off and that are no garment for sure."""
    largest = max(one.region.area for one in seen)
    return [
        one
        for one in seen
        if one.region.area > SMALL_SHARE * largest
        or one.garment.confidence["slot"] >= SURE_AT_EDGE
        or not one.region.is_cut_off
    ]


def are_same(one: Sighting, other: Sighting) -> bool:
    """Of one type, and either in one place, or of one colour and so alike that one is the other in a mirror."""
    if one.garment.type != other.garment.type:
        return False
    if share_covered(one.region.box, other.region.box) >= COVERED:
        return True
    colours = {sighting.garment.colours[0].name for sighting in (one, other)}
    return len(colours) == 1 and one.guess.find_distance(other.guess) <= MIRRORED


def look_for_garments(image: Image.Image, *, parameters: VisionParameters) -> list[Region]:
    """The pieces that may be garments, largest first.

    The trunk, if there is one, says where to look for their outlines; a piece that it loses and
    colours alone show is put back. Raises WeightsMismatchError.
    """
    lab = to_oklab(shrink_image(image, parameters))
    alone = find_regions(lab, parameters=parameters)
    expected = expect_garments(image) if parameters.heads else None
    if expected is None:
        return alone
    regions = find_regions(lab, parameters=parameters, expected=expected)
    return put_back(regions, alone, expected)[: parameters.maximum_garments]


def put_back(regions: list[Region], alone: list[Region], expected: Floats) -> list[Region]:
    """`regions` with those of `alone` that they leave out, largest first.

    None of them may be faint, or lie where hardly any garment is expected.
    """
    taken = np.logical_or.reduce([region.mask for region in regions])
    odds = fit_to(expected, *taken.shape)
    lost = [
        replace(piece, mask=piece.mask & ~taken)
        for piece in alone
        if (piece.mask & taken).sum() < LOST_SHARE * piece.mask.sum()
        and piece.certainty > FAINTEST
        and odds[piece.mask].mean() >= HARDLY_EXPECTED
    ]
    return sorted([*regions, *lost], key=lambda region: region.area, reverse=True)


def shrink_image(image: Image.Image, parameters: VisionParameters) -> NDArray[np.uint8]:
    scale = parameters.analysis_side / max(image.size)
    size = (max(16, round(image.width * scale)), max(16, round(image.height * scale)))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0))


def name_types(
    image: Image.Image, regions: list[Region], *, parameters: VisionParameters
) -> list[tuple[Region, TypeGuess]]:
    """Each region with its type, after joining regions that are parts of one garment."""
    regions = join_parts(regions)
    crops = [crop_square(image, region.box) for region in regions] if len(regions) > 1 else []
    whole, *parts = get_classifier(parameters).guess_types(
        [image, *crops], certainty=parameters.type_certainty
    )
    if are_one_garment(whole, regions, parts, parameters=parameters):
        return [(join_regions(regions), whole)]
    return leave_out_clutter(join_pairs(list(zip(regions, parts, strict=True))))


def join_parts(regions: list[Region]) -> list[Region]:
    """What is small and lies within the box of a larger garment is a part of it: the lining of a shoe."""
    joined: list[Region] = []
    for region in regions:
        owner = next((i for i, larger in enumerate(joined) if is_part(region, larger)), None)
        if owner is None:
            joined.append(region)
        else:
            joined[owner] = join_regions([joined[owner], region])
    return joined


def is_part(region: Region, larger: Region) -> bool:
    return region.area <= SMALL_SHARE * larger.area and lies_within(region.box, larger.box)


def lies_within(inner: Box, outer: Box) -> bool:
    """With at least `INSIDE` of its width and of its height."""
    return all(
        min(inner[side] + inner[side + 2], outer[side] + outer[side + 2])
        - max(inner[side], outer[side])
        >= INSIDE * inner[side + 2]
        for side in (0, 1)
    )


def are_one_garment(
    whole: TypeGuess, regions: list[Region], parts: list[TypeGuess], *, parameters: VisionParameters
) -> bool:
    """The photo as a whole is recognised better than its pieces are, on average by area.

    Yet pieces that lie apart, each told as what the whole is told as, are several of a kind.
    """
    if len(regions) == 1:
        return True
    if lie_apart(regions) and {part.family for part in parts} == {whole.family}:
        return False
    weights = [region.area for region in regions]
    sure = [part.family_confidence for part in parts]
    mean = sum(w * s for w, s in zip(weights, sure, strict=True)) / sum(weights)
    bias = parameters.apart_bias if lie_apart(regions) else parameters.whole_bias
    return whole.family_confidence * bias > mean


def lie_apart(regions: list[Region]) -> bool:
    """Of comparable size with clear floor between them, as people lay clothes out."""
    areas = [region.area for region in regions]
    gaps = [gap_between(one.box, other.box) for one, other in combinations(regions, 2)]
    return min(areas) > 0.4 * max(areas) and min(gaps) > 0.04


def join_pairs(named: list[tuple[Region, TypeGuess]]) -> list[tuple[Region, TypeGuess]]:
    """Two shoes, socks or gloves are a pair, and a pair is one garment. Nearest ones pair first."""
    rest = list(named)
    pairs = sorted(
        (gap_between(one[0].box, other[0].box), first, second)
        for (first, one), (second, other) in combinations(enumerate(rest), 2)
        if are_like(one, other)
    )
    joined: list[tuple[Region, TypeGuess]] = []
    taken: set[int] = set()
    for _, first, second in pairs:
        if not taken & {first, second}:
            taken |= {first, second}
            both = [rest[first], rest[second]]
            best = max((guess for _, guess in both), key=lambda guess: guess.confidence)
            joined.append((join_regions([region for region, _ in both]), best))
    joined += [item for index, item in enumerate(rest) if index not in taken]
    return sorted(joined, key=lambda item: item[0].area, reverse=True)


def leave_out_clutter(named: list[tuple[Region, TypeGuess]]) -> list[tuple[Region, TypeGuess]]:
    """Small things beside the largest garment that look like no garment in particular."""
    largest = named[0][0].area
    return [
        (region, guess)
        for region, guess in named
        if region.area > SMALL_SHARE * largest or guess.family_confidence > SURE_ENOUGH
    ]


def are_like(one: tuple[Region, TypeGuess], other: tuple[Region, TypeGuess]) -> bool:
    """Of one family that comes in pairs, and of about one size."""
    areas = sorted((one[0].area, other[0].area))
    families = {guess.family for _, guess in (one, other)}
    return families <= PAIRED and len(families) == 1 and areas[0] > 0.4 * areas[1]


def join_regions(regions: list[Region]) -> Region:
    mask = np.logical_or.reduce([region.mask for region in regions])
    return Region(mask, max(region.certainty for region in regions), regions[0].person)


def crop_square(image: Image.Image, box: Box) -> Image.Image:
    """The square around a box with a margin, as far as the photo reaches."""
    x, y, width, height = (side * length for side, length in zip(box, image.size * 2, strict=True))
    half = max(width, height) * (0.5 + CROP_MARGIN)
    left, top = max(0, round(x + width / 2 - half)), max(0, round(y + height / 2 - half))
    right = min(image.width, round(x + width / 2 + half))
    bottom = min(image.height, round(y + height / 2 + half))
    return image.crop((left, top, right, bottom))


def crop_middle(image: Image.Image, box: Box) -> Image.Image:
    """The square in the middle of a box, MIDDLE of its longer side wide, moved to where the photo reaches."""
    x, y, width, height = (side * length for side, length in zip(box, image.size * 2, strict=True))
    side = min(max(width, height) * MIDDLE, *image.size)
    left = min(max(x + width / 2 - side / 2, 0), image.width - side)
    top = min(max(y + height / 2 - side / 2, 0), image.height - side)
    return image.crop((int(left), int(top), int(left + side), int(top + side)))


def describe_garment(
    image: Image.Image, region: Region, guess: TypeGuess, *, parameters: VisionParameters
) -> DetectedGarment:
    name = name_garment(
        image,
        crop_square(image, region.box),
        crop_middle(image, region.box),
        region.mask,
        guess,
        parameters=parameters,
    )
    named = measure_colours(
        pixels_under(image, region.mask), pixels_around(image, region.mask), name.colour
    )
    pattern, pattern_sure = name.told["pattern"]
    derived = derive_attributes(
        type=name.type, pattern=pattern, colour=named.colours[0].name, told=name.told
    )
    stands_out = 1.0 if region.certainty > FAINTEST else 0.5
    sure = {
        "type": name.confidence,
        "slot": name.family_confidence,
        "colours": named.confidence * stands_out,
        "pattern": pattern_sure * stands_out,
        **{
            key: value * (1 if key in derived.seen else name.confidence)
            for key, value in derived.confidence.items()
        },
    }
    return DetectedGarment(
        box=region.box,
        type=name.type,
        slot=derived.slot,
        colours=named.colours,
        pattern=pattern,
        material=derived.material,
        warmth=derived.warmth,
        layering=derived.layering,
        seasons=derived.seasons,
        formality=derived.formality,
        sleeve=derived.sleeve,
        length=derived.length,
        water_resistant=derived.water_resistant,
        confidence={key: round(value, 3) for key, value in sure.items()},
        alternatives=name.alternatives,
        person=region.person,
    )


def pixels_under(image: Image.Image, mask: Mask) -> NDArray[np.uint8]:
    """One of the photo's own pixels for each of the mask's, clear of the outline.

    There, colours of the background bleed in; averages of neighbours would be nobody's colour.
    """
    clear = shrink(mask, 1)
    chosen = clear if clear.sum() > 100 else mask
    thinned = image.resize((mask.shape[1], mask.shape[0]), Image.Resampling.NEAREST)
    pixels: NDArray[np.uint8] = np.asarray(thinned)[chosen]
    return pixels


def pixels_around(image: Image.Image, mask: Mask) -> NDArray[np.uint8]:
    """One of the photo's own pixels for each that the mask leaves out."""
    thinned = image.resize((mask.shape[1], mask.shape[0]), Image.Resampling.NEAREST)
    pixels: NDArray[np.uint8] = np.asarray(thinned)[~mask]
    return pixels
