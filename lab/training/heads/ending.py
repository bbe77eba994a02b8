"""The trunk's later stages in PyTorch, with an adapter that learns. Needed for training only."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from wardrobe.vision.trunk.graph import POOLED_STAGES, STRIDES, Adapter, fold, list_blocks

RANK = 16
"""Of the two matrices that are added to a convolution of one pixel."""


class Convolution(nn.Module):  # type: ignore[misc,unused-ignore]
    """One of the trunk's, frozen, its batch norm folded in; of one pixel, with two thin matrices that learn.

    The second is nought at first, so that the trunk begins as it came (Hu et al., arXiv:2106.09685).
    """

    def __init__(
        self, tensors: Mapping[str, NDArray[Any]], conv: str, norm: str, stride: int = 1
    ) -> None:
        super().__init__()
        kernel, bias = (torch.from_numpy(part) for part in fold(tensors, conv, norm))
        self.register_buffer("kernel", kernel.contiguous(memory_format=torch.channels_last))
        self.register_buffer("bias", bias)
        self.name, self.stride = conv, stride
        self.groups = len(kernel) if kernel.shape[1] == 1 else 1
        self.down = self.up = None
        if self.groups == 1:
            channels = kernel.shape[1]
            self.down = nn.Parameter(torch.randn(RANK, channels, 1, 1) / channels**0.5)
            self.up = nn.Parameter(torch.zeros(len(kernel), RANK, 1, 1))

    def forward(self, source: Tensor) -> Tensor:
        size, around = self.kernel.shape[-1], 0
        if self.stride == 1:
            around = size // 2  # As `pad_same` does, and without a copy of all maps.
        else:
            source = pad_same(source, size, self.stride)
        made = functional.conv2d(
            source,
            self.kernel,
            self.bias,
            stride=self.stride,
            padding=around,
            groups=self.groups,
        )
        if self.down is None or self.up is None:
            return made
        return made + functional.conv2d(functional.conv2d(source, self.down), self.up)


class Block(nn.Module):  # type: ignore[misc,unused-ignore]
    def __init__(
        self, tensors: Mapping[str, NDArray[Any]], block: str, stride: int, *, has_skip: bool
    ) -> None:
        super().__init__()
        self.expand = Convolution(tensors, f"{block}._expand_conv", f"{block}._bn0")
        self.depthwise = Convolution(tensors, f"{block}._depthwise_conv", f"{block}._bn1", stride)
        self.project = Convolution(tensors, f"{block}._project_conv", f"{block}._bn2")
        self.has_skip = has_skip

    def forward(self, source: Tensor) -> Tensor:
        made = functional.relu6(self.depthwise(functional.relu6(self.expand(source))))
        made = self.project(made)
        return made + source if self.has_skip else made


class Ending(nn.Module):  # type: ignore[misc,unused-ignore]
    """From the maps after `frozen` stages, and what was pooled of these, to all that the trunk answers."""

    def __init__(self, tensors: Mapping[str, NDArray[Any]], frozen: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        self.pooled_after: list[int] = []
        for block in list_blocks(tensors):
            if block.stage < frozen:
                continue
            stride = STRIDES[block.stage] if block.is_first else 1
            self.blocks.append(Block(tensors, block.name, stride, has_skip=not block.is_first))
            if block.is_last and block.stage in POOLED_STAGES:
                self.pooled_after.append(len(self.blocks))
        self.head = Convolution(tensors, "_conv_head", "_bn1")
        self.to(memory_format=torch.channels_last)

    def forward(self, maps: Tensor, pooled: Tensor) -> Tensor:
        """(n, FEATURES), in the order of the trunk's graph."""
        made, answers = maps, [pooled]
        for number, block in enumerate(self.blocks, start=1):
            made = block(made)
            if number in self.pooled_after:
                answers += [made.mean((2, 3)), made.amax((2, 3))]
        seen = functional.relu6(self.head(made)).mean((2, 3))
        return torch.cat([seen, *answers], dim=1)

    def take_adapter(self) -> Adapter:
        found = {}
        for one in self.modules():
            if isinstance(one, Convolution) and one.down is not None and one.up is not None:
                down, up = (part.detach().numpy()[:, :, 0, 0] for part in (one.down, one.up))
                found[one.name] = (np.array(down), np.array(up))
        return found


def pad_same(source: Tensor, size: int, stride: int) -> Tensor:
    """As TensorFlow's SAME: the odd row and column go behind."""
    missing = [
        max((-(-length // stride) - 1) * stride + size - length, 0)
        for length in (source.shape[3], source.shape[2])
    ]
    sides = [side for some in missing for side in (some // 2, some - some // 2)]
    return functional.pad(source, sides)
