"""What a fabric shows: solid, striped, checked, printed all over, or a motif.

A multinomial logistic regression over the measures of `textures` and the garment's family, for
folds look like stripes on trousers and laces like prints on shoes. `train_patterns` fits it.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from wardrobe.vision.clusters import Floats
from wardrobe.vision.families import FAMILY_NAMES, FAMILY_OF
from wardrobe.vision.pieces import Mask
from wardrobe.vision.textures import EDGES, cut_out, measure_texture

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


@dataclass(frozen=True)
class PatternModel:
    measures: list[str]
    """Names in the order of the rows of `coefficients`; the families follow them."""
    means: list[float]
    deviations: list[float]
    coefficients: list[list[float]]
    """(measures + families, patterns)"""
    intercepts: list[float]
    temperature: float

    def rate(self, measured: dict[str, float], family: str) -> Floats:
        """Probabilities in the order of PATTERNS."""
        row = self.read_row(measured, family)
        logits = row @ np.array(self.coefficients) + np.array(self.intercepts)
        scaled = np.exp((logits - logits.max()) / self.temperature)
        return np.asarray(scaled / scaled.sum(), dtype=np.float32)

    def read_row(self, measured: dict[str, float], family: str) -> Floats:
        values = np.array([measured[name] for name in self.measures])
        known = (values - np.array(self.means)) / np.array(self.deviations)
        return np.concatenate(
            [np.clip(known, -FARTHEST, FARTHEST), [name == family for name in FAMILY_NAMES]]
        ).astype(np.float32)

    def as_json(self) -> str:
        return json.dumps(asdict(self)) + "\n"


def name_pattern(image: Image.Image, mask: Mask, *, type: str) -> tuple[str, float]:
    """Pattern and confidence of the garment under `mask`, whose grid spans the whole `image`."""
    measured = measure_texture(*cut_out(image, mask))
    if measured[f"edges_fine_{EDGES[0]}"] < WITHOUT_EDGES:
        return "solid", 0.95
    rates = load_model().rate(measured, FAMILY_OF.get(type, ""))
    best = int(rates.argmax())
    return PATTERNS[best], float(rates[best])


@lru_cache(maxsize=1)
def load_model() -> PatternModel:
    return PatternModel(**json.loads(WEIGHTS.read_text()))
