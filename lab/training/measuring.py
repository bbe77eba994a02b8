"""How often networks are right, and whether they know when they are."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from lab.training.model_card import Measurement
from lab.training.network import Ensemble, GarmentNetwork
from lab.training.photos import Pictures
from wardrobe.vision.families import FAMILY_NAMES


class Answers(NamedTuple):
    families: Tensor
    types: Tensor


def predict(networks: Sequence[GarmentNetwork], pictures: Pictures) -> Answers:
    """Mean log-probabilities over the networks and each picture's mirror image, as served."""
    ensemble = Ensemble(networks).eval()
    device = next(ensemble.parameters()).device
    floats = (pictures.pixels.float() - 127.5) / 64.0
    with torch.no_grad():
        parts = [ensemble(batch.to(device)) for batch in floats.split(64)]
    return Answers(
        torch.cat([part[0] for part in parts]).cpu(), torch.cat([part[1] for part in parts]).cpu()
    )


def family_accuracy(networks: Sequence[GarmentNetwork], pictures: Pictures) -> float:
    found = predict(networks, pictures).families.argmax(1)
    return float((found == pictures.families).float().mean())


def type_accuracy(networks: Sequence[GarmentNetwork], pictures: Pictures) -> float:
    found = predict(networks, pictures).types.argmax(1)
    return float((found == pictures.types).float().mean())


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The divisor of the logits that makes confidence honest (Guo et al. 2017), by search."""
    candidates = torch.linspace(0.3, 3.0, 271)
    losses = torch.stack([functional.cross_entropy(logits / value, labels) for value in candidates])
    return round(float(candidates[losses.argmin()]), 2)


def calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 10) -> float:
    """Expected calibration error: how far confidence is from accuracy, weighted by bin."""
    confidence, predicted = probabilities.max(1)
    right = (predicted == labels).float()
    which = (confidence * bins).long().clamp(max=bins - 1)
    gaps = [(confidence[which == b].sum() - right[which == b].sum()).abs() for b in range(bins)]
    return float(torch.stack(gaps).sum() / len(labels))


def measure_families(
    networks: Sequence[GarmentNetwork], pictures: Pictures, temperature: float
) -> Measurement:
    """Figures for the model card."""
    probabilities = (predict(networks, pictures).families / temperature).softmax(1)
    predicted = probabilities.argmax(1)
    confusion = torch.zeros(len(FAMILY_NAMES), len(FAMILY_NAMES), dtype=torch.long)
    for truth, guess in zip(pictures.families, predicted, strict=True):
        confusion[truth, guess] += 1
    return Measurement(
        photos=len(pictures),
        accuracy=float((predicted == pictures.families).float().mean()),
        calibration_error=calibration_error(probabilities, pictures.families),
        confusion=confusion.tolist(),
    )
