"""The garment-type network, in PyTorch. Needed for training only."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

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
    """1.2 million weights: (N, 3, side, side) to (N, classes) logits and (N, 128) unit vectors."""

    def __init__(self, classes: int) -> None:
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
        )
        self.projection = nn.Sequential(
            nn.Linear(2 * 192, EMBEDDING_DIMENSIONS, bias=False),
            nn.BatchNorm1d(EMBEDDING_DIMENSIONS),
        )
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(EMBEDDING_DIMENSIONS, classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.trunk(pictures)
        pooled = torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1)
        features = self.projection(pooled)
        logits = self.head(self.dropout(functional.relu(features)))
        return logits, functional.normalize(features)


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
