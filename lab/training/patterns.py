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

from lab.synthetic.grounds import GROUNDS
from lab.synthetic.photos import render_photo
from lab.synthetic.sampling import sample_shot, sample_spec
from lab.synthetic.specs import GarmentSpec
from wardrobe.vision.families import FAMILY_NAMES, FAMILY_OF, FOLDER_NAMES
from wardrobe.vision.garments import shrink_image
from wardrobe.vision.oklab import to_oklab
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.patterns import (
    CLOTH_SCALE,
    PATTERNS,
    Doubles,
    PatternEvidence,
    PatternModel,
    look_at,
    standardise,
)
from wardrobe.vision.segmentation import find_regions
from wardrobe.vision.textures import cut_out, measure_texture

STEPS = 500
RATE = 0.03
DECAY = 8e-3
NOISE = 0.15
"""Added to the standardised measures at every step, so that no single one is relied on."""
FOLDS = 6
DRAWN_WEIGHT = 0.3
"""What a rendered garment counts, against 1 for a photo."""
DRAWN_SIZE = (300, 400)
PLAIN_KEPT = 0.1
"""The share of rendered plain garments that is learned from: there are photos enough of those."""


@dataclass(frozen=True)
class Sample:
    """One garment that was looked at, and the patterns that are right of it."""

    look: PatternEvidence
    accepted: tuple[str, ...]
    is_real: bool = True

    @property
    def weight(self) -> float:
        return 1.0 if self.is_real else DRAWN_WEIGHT


def read_samples(
    photos: Path, labels: Path, *, layers_sha256: str, report: Callable[[str], object]
) -> list[Sample]:
    """PatternEvidence at the labelled photos. Raises FileNotFoundError for one that is not there."""
    samples: list[Sample] = []
    rows = json.loads(labels.read_text())
    for row in rows:
        folder = Path(row["file"]).parent.name
        family = FAMILY_OF[FOLDER_NAMES.get(folder, folder)]
        with Image.open(photos / row["file"]) as image:
            look = look_at_largest(image.convert("RGB"), layers_sha256, family)
        samples.append(Sample(look, tuple(row["patterns"])))
        if len(samples) % 100 == 0:
            report(f"{len(samples)} of {len(rows)} photos")
    return samples


def draw_samples(
    count: int, *, seed: int, layers_sha256: str, report: Callable[[str], object]
) -> list[Sample]:
    """PatternEvidence at rendered garments: they have the patterns that few photos have."""
    rng = np.random.default_rng(seed)
    samples: list[Sample] = []
    while len(samples) < count:
        spec = sample_spec(rng)
        if spec.pattern == "solid" and rng.random() > PLAIN_KEPT:
            continue
        samples.append(draw_sample(rng, spec, layers_sha256))
        if len(samples) % 100 == 0:
            report(f"{len(samples)} of {count} drawings")
    return samples


def draw_sample(rng: np.random.Generator, spec: GarmentSpec, layers_sha256: str) -> Sample:
    photo = render_photo(
        spec,
        seed=int(rng.integers(2**32)),
        background=str(rng.choice(list(GROUNDS))),
        size=DRAWN_SIZE,
        shot=sample_shot(rng),
    )
    look = look_at_largest(photo.image, layers_sha256, FAMILY_OF[spec.type])
    return Sample(look, (spec.pattern,), is_real=False)


def look_at_largest(image: Image.Image, layers_sha256: str, family: str) -> PatternEvidence:
    parameters = VisionParameters()
    lab = to_oklab(shrink_image(image, parameters))
    mask = find_regions(lab, parameters=parameters)[0].mask
    return look_at(image, mask, measure_texture(*cut_out(image, mask)), layers_sha256, family)


def fit_model(
    samples: Sequence[Sample], *, seed: int, layers_sha256: str = "", temperature: float = 1.0
) -> PatternModel:
    """Adam on the cross entropy, with weight decay."""
    names = list(samples[0].look.texture)
    values = np.array(
        [[*(one.look.texture[name] for name in names), *one.look.cloth] for one in samples]
    )
    weights = np.array([sample.weight for sample in samples])
    own = values[[sample.is_real for sample in samples]]
    means, deviations = own.mean(0), own.std(0) + 1e-6
    standard = standardise(values, means, deviations, len(names))
    families = np.array([[name == one.look.family for name in FAMILY_NAMES] for one in samples])
    shares = np.array([share_truth(sample.accepted) for sample in samples])
    descent = Descent(standard.shape[1] + len(FAMILY_NAMES), len(PATTERNS))
    rng = np.random.default_rng(seed)
    noise = np.array([NOISE] * len(names) + [NOISE * CLOTH_SCALE] * (values.shape[1] - len(names)))
    for step in range(STEPS):
        noisy = standard + noise * rng.normal(size=standard.shape)
        descent.step(np.hstack([noisy, families]), shares, weights, 1 - step / STEPS)
    return PatternModel(
        layers_sha256=layers_sha256,
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
    """Only photos are judged, each by a model that learned from the other folds and all drawings."""
    real = [sample for sample in samples if sample.is_real]
    drawn = [sample for sample in samples if not sample.is_real]
    fold_of = np.random.default_rng(seed).permutation(len(real)) % FOLDS
    logits, judged = [], []
    for fold in range(FOLDS):
        others = [one for one, own in zip(real, fold_of, strict=True) if own != fold]
        model = fit_model([*others, *drawn], seed=seed)
        for one, own in zip(real, fold_of, strict=True):
            if own == fold:
                logits.append(np.log(model.rate(one.look) + 1e-9))
                judged.append(one)
    return CrossValidation(np.array(logits, dtype=np.float64), judged)
