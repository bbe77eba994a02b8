"""Fit the model that names patterns: NumPy only, half a minute on one core after the measuring.

A label names all patterns that a person would accept, best first. Each is learned from as a share
of the truth, half as large as the one before; and half of the pull is towards whichever acceptable
one the model already prefers.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.clusters import Floats
from wardrobe.vision.families import FAMILY_NAMES, FAMILY_OF, FOLDER_NAMES
from wardrobe.vision.garments import shrink_image
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.patterns import FARTHEST, PATTERNS, PatternModel
from wardrobe.vision.pieces import Mask
from wardrobe.vision.segmentation import find_regions
from wardrobe.vision.textures import cut_out, measure_texture
from wardrobe.vision.weaving import WEAVES, weave

Doubles = NDArray[np.float64]

STEPS = 500
RATE = 0.03
DECAY = 5e-3
NOISE = 0.15
"""Added to the standardised measures at every step, so that no single one is relied on."""
FOLDS = 6
WOVEN_WEIGHT = 0.1
"""What a woven garment counts, against 1 for a photo as it is."""
WOVEN_PER_GARMENT = 2
LIGHT_ENOUGH = 0.3
"""Median lightness from which a plain garment shows its folds well enough to be woven anew."""


@dataclass(frozen=True)
class Sample:
    """One garment that was measured. `photo` tells which ones must not be parted."""

    measured: dict[str, float]
    family: str
    accepted: tuple[str, ...]
    photo: int
    weight: float = 1.0


def read_samples(
    photos: Path, labels: Path, *, seed: int, report: Callable[[str], object]
) -> list[Sample]:
    """Measure the labelled photos, and what can be woven over the plain ones.

    Raises FileNotFoundError for a photo that is not there.
    """
    rng = np.random.default_rng(seed)
    samples: list[Sample] = []
    rows = json.loads(labels.read_text())
    for number, row in enumerate(rows):
        folder = Path(row["file"]).parent.name
        family = FAMILY_OF[FOLDER_NAMES.get(folder, folder)]
        lab, inside = find_cloth(photos / row["file"])
        accepted = tuple(row["patterns"])
        samples.append(Sample(measure_texture(lab, inside), family, accepted, number))
        if accepted == ("solid",) and np.median(lab[inside, 0]) > LIGHT_ENOUGH:
            samples += weave_samples(lab, inside, family, number, rng)
        if (number + 1) % 50 == 0:
            report(f"{number + 1} of {len(rows)} photos measured")
    return samples


def find_cloth(path: Path) -> tuple[Floats, Mask]:
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    parameters = VisionParameters()
    lab = to_oklab(shrink_image(image, parameters))
    return cut_out(image, find_regions(lab, parameters=parameters)[0].mask)


def weave_samples(
    lab: Floats, inside: Mask, family: str, photo: int, rng: np.random.Generator
) -> list[Sample]:
    return [
        Sample(
            measure_texture(weave(lab, inside, str(pattern), rng), inside),
            family,
            (str(pattern),),
            photo,
            WOVEN_WEIGHT,
        )
        for pattern in rng.choice(list(WEAVES), WOVEN_PER_GARMENT, replace=False)
    ]


def fit_model(samples: Sequence[Sample], *, seed: int, temperature: float = 1.0) -> PatternModel:
    """Adam on the cross entropy, with weight decay."""
    names = list(samples[0].measured)
    values = np.array([[sample.measured[name] for name in names] for sample in samples])
    weights = np.array([sample.weight for sample in samples])
    own = values[weights == 1]
    means, deviations = own.mean(0), own.std(0) + 1e-6
    standard = np.clip((values - means) / deviations, -FARTHEST, FARTHEST)
    families = np.array([[name == one.family for name in FAMILY_NAMES] for one in samples])
    shares = np.array([share_truth(sample.accepted) for sample in samples])
    descent = Descent(standard.shape[1] + len(FAMILY_NAMES), len(PATTERNS))
    rng = np.random.default_rng(seed)
    for step in range(STEPS):
        noisy = standard + rng.normal(0, NOISE, standard.shape)
        descent.step(np.hstack([noisy, families]), shares, weights, 1 - step / STEPS)
    return PatternModel(
        measures=names,
        means=means.round(5).tolist(),
        deviations=deviations.round(6).tolist(),
        coefficients=descent.coefficients.round(4).tolist(),
        intercepts=descent.intercepts.round(4).tolist(),
        temperature=temperature,
    )


def share_truth(accepted: Sequence[str]) -> Doubles:
    shares = np.zeros(len(PATTERNS))
    for rank, pattern in enumerate(accepted):
        shares[PATTERNS.index(pattern)] = 0.5**rank
    return np.asarray(shares / shares.sum())


class Descent:
    """Weights of a multinomial regression, and Adam's two averages of their gradients."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self.weights = np.zeros((inputs + 1, outputs))
        self.first = np.zeros_like(self.weights)
        self.second = np.zeros_like(self.weights)
        self.count = 0

    @property
    def coefficients(self) -> Doubles:
        return np.asarray(self.weights[:-1])

    @property
    def intercepts(self) -> Doubles:
        return np.asarray(self.weights[-1])

    def step(self, rows: Doubles, shares: Doubles, weights: Doubles, pace: float) -> None:
        rows = np.hstack([rows, np.ones((len(rows), 1))])
        found = softmax(rows @ self.weights)
        preferred = found * (shares > 0)
        wanted = (preferred / preferred.sum(1, keepdims=True) + shares) / 2
        gradient = rows.T @ ((found - wanted) * weights[:, None]) / weights.sum()
        gradient[:-1] += DECAY * self.coefficients
        self.count += 1
        self.first = 0.9 * self.first + 0.1 * gradient
        self.second = 0.99 * self.second + 0.01 * gradient**2
        mean = self.first / (1 - 0.9**self.count)
        spread = np.sqrt(self.second / (1 - 0.99**self.count)) + 1e-8
        self.weights -= RATE * pace * mean / spread


def softmax(logits: Doubles) -> Doubles:
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


@dataclass(frozen=True)
class CrossValidation:
    """What models said of photos they were not fitted to."""

    logits: Doubles
    samples: list[Sample]

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.array(
            [
                PATTERNS[index] in sample.accepted
                for index, sample in zip(self.logits.argmax(1), self.samples, strict=True)
            ]
        )

    def choose_temperature(self) -> float:
        """The one at which confidence matches how often the answer was acceptable."""
        candidates = np.arange(0.5, 3.01, 0.05)
        gaps = [self.calibration_error(float(one)) for one in candidates]
        return round(float(candidates[int(np.argmin(gaps))]), 2)

    def calibration_error(self, temperature: float) -> float:
        """Expected calibration error over ten bins of equal size."""
        sure = softmax(self.logits / temperature).max(1)
        bins = np.array_split(np.argsort(sure), 10)
        gaps = [abs(sure[part].mean() - self.right[part].mean()) * len(part) for part in bins]
        return float(sum(gaps) / len(sure))


def cross_validate(samples: Sequence[Sample], *, seed: int) -> CrossValidation:
    """A photo and what was woven over it are always in one fold; only photos are judged."""
    count = max(sample.photo for sample in samples) + 1
    fold_of = np.random.default_rng(seed).permutation(count) % FOLDS
    logits, judged = [], []
    for fold in range(FOLDS):
        model = fit_model([one for one in samples if fold_of[one.photo] != fold], seed=seed)
        for one in samples:
            if fold_of[one.photo] == fold and one.weight == 1:
                logits.append(np.log(model.rate(one.measured, one.family) + 1e-9))
                judged.append(one)
    return CrossValidation(np.array(logits, dtype=np.float64), judged)
