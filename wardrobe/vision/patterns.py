"""What a fabric shows: solid, striped, checked, printed all over, or a motif.

A multinomial logistic regression over the measures of `textures`, what the layers of `cloth` see,
and the garment's family, for folds look like stripes on trousers and laces like prints on shoes.
`python -m lab train_patterns` fits it.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision import cloth
from wardrobe.vision.clusters import Floats
from wardrobe.vision.families import FAMILY_NAMES, FAMILY_OF
from wardrobe.vision.pieces import Mask
from wardrobe.vision.textures import EDGES, cut_out, measure_texture

Doubles = NDArray[np.float64]

WEIGHTS = Path(__file__).parent / "weights" / "pattern.json"
PATTERNS = (
    "solid",
    "striped",
    "checkered",
    "plaid",
    "floral",
    "graphic",
    "geometric",
    "polka_dot",
    "camouflage",
    "animal_print",
    "other",
)
WITHOUT_EDGES = 0.005
"""Share of the finest edges below which nothing can be a pattern; no real photo is so calm."""
FARTHEST = 4.0
"""Standard deviations beyond which a measure tells no more."""
CLOTH_SCALE = 0.25
"""What the layers see is worth less than a measure of texture: there is twenty times as much of it."""


@dataclass(frozen=True)
class PatternEvidence:
    """What one garment looks like, before its pattern is named."""

    texture: dict[str, float]
    cloth: Floats
    family: str


@dataclass(frozen=True)
class PatternModel:
    layers_sha256: str
    """Of the layers whose answers it was fitted to."""
    measures: list[str]
    """Names of texture's measures, in the order of the first rows of `coefficients`."""
    means: list[float]
    deviations: list[float]
    """Of the measures, and of the layers' answers after them."""
    coefficients: list[list[float]]
    """(measures + answers + families, patterns)"""
    intercepts: list[float]
    temperature: float

    def rate(self, look: PatternEvidence) -> Floats:
        """Probabilities in the order of PATTERNS."""
        logits = self.read_row(look) @ np.array(self.coefficients) + np.array(self.intercepts)
        scaled = np.exp((logits - logits.max()) / self.temperature)
        return np.asarray(scaled / scaled.sum(), dtype=np.float32)

    def read_row(self, look: PatternEvidence) -> Floats:
        texture = [look.texture[name] for name in self.measures]
        values = np.concatenate([texture, look.cloth])
        known = standardise(values, np.array(self.means), np.array(self.deviations), len(texture))
        return np.concatenate([known, [name == look.family for name in FAMILY_NAMES]])

    def as_json(self) -> str:
        return json.dumps(asdict(self)) + "\n"


def standardise(values: Doubles, means: Doubles, deviations: Doubles, measures: int) -> Doubles:
    """Of the last axis, `measures` are texture's; what the layers see follows."""
    known = np.clip((values - means) / deviations, -FARTHEST, FARTHEST)
    known[..., measures:] *= CLOTH_SCALE
    return np.asarray(known)


def name_pattern(image: Image.Image, mask: Mask, *, type: str) -> tuple[str, float]:
    """Pattern and confidence of the garment under `mask`, whose grid spans the whole `image`."""
    texture = measure_texture(*cut_out(image, mask))
    if texture[f"edges_fine_{EDGES[0]}"] < WITHOUT_EDGES:
        return "solid", 0.95
    model = load_model()
    rates = model.rate(look_at(image, mask, texture, model.layers_sha256, FAMILY_OF.get(type, "")))
    best = int(rates.argmax())
    return PATTERNS[best], float(rates[best])


def look_at(
    image: Image.Image, mask: Mask, texture: dict[str, float], layers_sha256: str, family: str
) -> PatternEvidence:
    seen = cloth.see_cloth(*cut_out(image, mask, cloth.SIDE), sha256=layers_sha256)
    return PatternEvidence(texture, seen, family)


@lru_cache(maxsize=1)
def load_model() -> PatternModel:
    return PatternModel(**json.loads(WEIGHTS.read_text()))
