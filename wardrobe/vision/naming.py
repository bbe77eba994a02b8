"""What one garment is called: the finest word that is likely enough, else its family's."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from wardrobe.vision.classifier import TypeGuess, find_digest, get_classifier
from wardrobe.vision.cloth import SIDE, hash_layers, load_layers, see_cloth
from wardrobe.vision.clusters import Floats
from wardrobe.vision.expectation import load_expectation
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.heads import Heads, Leaning, load_heads, rank, sum_families
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.patterns import name_pattern
from wardrobe.vision.pieces import Mask
from wardrobe.vision.preprocessing import find_ground
from wardrobe.vision.textures import cut_out, measure_texture
from wardrobe.vision.trunk.sessions import Trunk, find_trunk, require_adapter

WORTH_ASKING = 0.05
"""How likely another type must be to be told as an alternative."""
JOINED = frozenset({"type", "colour"})
"""Heads whose word is not theirs alone to tell."""

Told = dict[str, tuple[str, float]]


@dataclass(frozen=True)
class Name:
    """`alternatives` are other types and how likely they are, likeliest first.

    `told` has the words of the other heads, and how likely each is right.
    """

    type: str
    confidence: float
    family_confidence: float
    alternatives: list[tuple[str, float]]
    told: Told = field(default_factory=dict)
    colour: Leaning | None = None
    """What the trunk's answers add to the measured colours."""


def require_weights(parameters: VisionParameters) -> None:
    """That this release has what the parameters name. No network is loaded. Raises WeightsMismatchError."""
    find_digest(parameters.weights, parameters.weights_sha256)
    if parameters.heads:
        require_adapter(load_heads(parameters.heads, parameters.heads_sha256).adapter)


def load_engine(parameters: VisionParameters) -> None:
    """All that naming needs, for processes that are forked later to share. Raises WeightsMismatchError."""
    get_classifier(parameters)
    load_layers(hash_layers())
    if parameters.heads and find_trunk():
        load_heads(parameters.heads, parameters.heads_sha256)
        load_expectation()


def name_garment(
    image: Image.Image,
    crop: Image.Image,
    middle: Image.Image,
    mask: Mask,
    guess: TypeGuess,
    *,
    parameters: VisionParameters,
) -> Name:
    """The garment under `mask`, in `crop` of `image`; `middle` is its middle. `guess` is what the type networks make of it.

    It stands where there is no trunk. Raises WeightsMismatchError.
    """
    trunk = find_trunk() if parameters.heads else None
    if trunk is None:
        told = {"pattern": name_pattern(image, mask, type=guess.type)}
        alternatives = list_alternatives(guess)
        return Name(guess.type, guess.confidence, guess.family_confidence, alternatives, told)
    heads = load_heads(parameters.heads, parameters.heads_sha256)
    seen = look_at_garment(image, crop, mask, trunk.adapt(heads.adapter))
    standard = heads.standardise(seen)
    types = heads.rate_types(standard, guess)
    name = choose_name(types, heads, standard, certainty=parameters.name_certainty)
    rates = heads.heads["pattern"].rate(standard)
    if heads.closer is None or not heads.closer.is_wanted(rates):
        return name
    from_near = trunk.see([middle], ground=find_ground(image))[0]
    return replace(name, told={**name.told, "pattern": heads.closer.tell(rates, from_near)})


def look_at_garment(image: Image.Image, crop: Image.Image, mask: Mask, trunk: Trunk) -> Floats:
    """What heads go by: the trunk's answers, measures of texture, what the layers see in the cloth."""
    texture = measure_texture(*cut_out(image, mask))
    cloth = see_cloth(*cut_out(image, mask, SIDE), sha256=hash_layers())
    seen = trunk.see([crop], ground=find_ground(image))[0]
    return np.concatenate([seen, list(texture.values()), cloth]).astype(np.float32)


def choose_name(
    types: Mapping[str, float], heads: Heads, standard: Floats, *, certainty: float
) -> Name:
    """`types` with their probabilities. A finer word must be right with a likelihood of `certainty`."""
    ranked = rank(types)
    family, likely = next(iter(sum_families(types).items()))
    sure = heads.families.correct(likely)
    best, rate = next(one for one in ranked if one[0] != FAMILY_OF[one[0]])
    finest = heads.heads["type"].calibration.correct(rate)
    is_told = finest >= certainty
    told = best if is_told else family
    return Name(
        type=told,
        confidence=finest if is_told else sure,
        family_confidence=sure,
        alternatives=keep_likely([one for one in ranked if one[0] != told]),
        told={
            name: head.tell(standard) for name, head in heads.heads.items() if name not in JOINED
        },
        colour=heads.lean("colour", standard),
    )


def list_alternatives(guess: TypeGuess) -> list[tuple[str, float]]:
    """The other families that are likely enough to be worth a question."""
    return keep_likely(list(guess.families.items())[1:])


def keep_likely(types: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return [(type_, round(likely, 3)) for type_, likely in types if likely >= WORTH_ASKING]
