"""The garment-type network, in PyTorch. Needed for training only."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wardrobe.vision.families import FAMILY_NAMES, TYPE_NAMES

EMBEDDING_DIMENSIONS = 128


class Residual(nn.Module):  # type: ignore[misc,unused-ignore]
    """Two 3×3 convolutions around a shortcut (He et al. 2016), with squeeze and excitation."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *convolution(inputs, outputs, stride),
            nn.ReLU(),
            *convolution(outputs, outputs),
        )
        self.squeeze = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(outputs, outputs // 8, 1),
            nn.ReLU(),
            nn.Conv2d(outputs // 8, outputs, 1),
            nn.Sigmoid(),
        )
        self.shortcut = shortcut(inputs, outputs, stride)

    def forward(self, pictures: Tensor) -> Tensor:
        change = self.body(pictures)
        return functional.relu(self.shortcut(pictures) + change * self.squeeze(change))


class GarmentNetwork(nn.Module):  # type: ignore[misc,unused-ignore]
    """1.8 million weights: (N, 3, side, side) to family logits, type logits and unit vectors.

    Shapes (N, 16), (N, 48) and (N, 128), in the order of FAMILY_NAMES and TYPE_NAMES.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            *convolution(3, 32, 2),
            nn.ReLU(),
            *convolution(32, 64, 2),
            nn.ReLU(),
            Residual(64, 64),
            Residual(64, 128, 2),
            Residual(128, 128),
            Residual(128, 192, 2),
            Residual(192, 192),
        )
        self.projection = nn.Sequential(
            nn.Linear(2 * 192, EMBEDDING_DIMENSIONS, bias=False),
            nn.BatchNorm1d(EMBEDDING_DIMENSIONS),
        )
        self.dropout = nn.Dropout(0.2)
        self.family_head = nn.Linear(EMBEDDING_DIMENSIONS, len(FAMILY_NAMES))
        self.type_head = nn.Linear(EMBEDDING_DIMENSIONS, len(TYPE_NAMES))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        maps = self.trunk(pictures)
        pooled = torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1)
        features = self.projection(pooled)
        seen = self.dropout(functional.relu(features))
        return self.family_head(seen), self.type_head(seen), functional.normalize(features)


class Ensemble(nn.Module):  # type: ignore[misc,unused-ignore]
    """Several networks as one, each asked about every picture and its mirror image.

    The answers are mean log-probabilities; the vector is the first network's.
    """

    def __init__(self, members: Sequence[GarmentNetwork]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        answers = [member(view) for member in self.members for view in (pictures, pictures.flip(3))]
        families, types = (
            torch.stack([functional.log_softmax(answer[head], 1) for answer in answers]).mean(0)
            for head in (0, 1)
        )
        return families, types, functional.normalize(answers[0][2] + answers[1][2])


def convolution(inputs: int, outputs: int, stride: int = 1) -> list[Any]:
    return [
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
    ]


def shortcut(inputs: int, outputs: int, stride: int) -> Any:
    """The identity where shapes agree; otherwise average first, so that no pixel is skipped."""
    if inputs == outputs and stride == 1:
        return nn.Identity()
    return nn.Sequential(
        nn.AvgPool2d(stride, ceil_mode=True),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
    )
