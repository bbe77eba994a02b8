"""EfficientNet-Lite as an ONNX graph, made from the arrays of its weights.

The network is that of Tan and Le (https://arxiv.org/abs/1905.11946) in Google's "lite" form: no
squeeze-and-excitation, ReLU6 for swish. Batch norms are folded into the convolutions before them.
Its classes are left out: what comes out are maps of several depths, pooled and as they are.

An adapter of ours adds what the trunk learned of clothes to some of its convolutions, as the product
of two thin matrices (LoRA, Hu et al., https://arxiv.org/abs/2106.09685): the input `adapted` says
whether it counts, so that one graph holds the trunk as it came and as it learned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision import messages
from wardrobe.vision.messages import Attribute, Floats

STRIDES = (1, 2, 2, 2, 1, 2, 1)
"""Of the first block in each of the seven stages; all others have 1."""
POOLED_STAGES = (2, 4, 6)
"""Stages whose last map is pooled, by mean and by maximum."""
MAPPED_STAGES = (2, 3, 4, 6)
"""Stages whose last map is an answer of its own: what is where in the picture."""
EPSILON = 1e-3
ADAPTED = "adapted"
"""Of one number: 1 where the adapter counts, 0 where it does not."""

Adapter = Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
"""By the name of a convolution of one pixel: (rank, channels in), (channels out, rank)."""


@dataclass(frozen=True)
class Block:
    """One of the trunk's, in its stage: the first of a stage may shrink the map, the others keep it."""

    name: str
    stage: int
    is_first: bool
    is_last: bool


def list_blocks(tensors: Mapping[str, NDArray[Any]]) -> list[Block]:
    """In order; a new width begins a stage. Raises KeyError when an array is missing."""
    count = sum(name.endswith("._project_conv.weight") for name in tensors)
    names = [f"_blocks.{index}" for index in range(count)]
    widths = [tensors[f"{name}._project_conv.weight"].shape[0] for name in names]
    changes = [True, *(one != other for one, other in pairwise(widths)), True]
    stages = accumulate(changes[:-1], initial=-1)
    next(stages)
    return [
        Block(name, stage, is_first, is_last)
        for name, stage, is_first, is_last in zip(
            names, stages, changes[:-1], changes[1:], strict=True
        )
    ]


def fold(tensors: Mapping[str, NDArray[Any]], conv: str, norm: str) -> tuple[Floats, Floats]:
    """Kernel and bias of a convolution with its batch norm. Raises KeyError when an array is missing."""
    part = {
        name: tensors[f"{norm}.{name}"].astype(np.float64)
        for name in ("weight", "bias", "running_mean", "running_var")
    }
    scale = part["weight"] / np.sqrt(part["running_var"] + EPSILON)
    kernel = tensors[f"{conv}.weight"] * scale[:, None, None, None]
    bias = part["bias"] - part["running_mean"] * scale
    return kernel.astype(np.float32), bias.astype(np.float32)


class TrunkGraph:
    """Nodes and weights, added one by one; each method returns the name of what it makes."""

    def __init__(self, tensors: Mapping[str, NDArray[Any]], adapter: Adapter) -> None:
        self.tensors = tensors
        self.adapter = adapter
        self.nodes: list[bytes] = []
        self.weights: list[bytes] = []

    def add(self, operator: str, inputs: list[str], **attributes: Attribute) -> str:
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(messages.node(operator, inputs, name, attributes))
        return name

    def keep(self, name: str, values: Floats) -> str:
        self.weights.append(messages.tensor(name, values))
        return name

    def convolve(self, source: str, conv: str, norm: str, *, stride: int = 1) -> str:
        """With its batch norm folded in, padded as TensorFlow's SAME."""
        kernel, bias = fold(self.tensors, conv, norm)
        made = self.add(
            "Conv",
            [source, self.keep(f"{conv}.kernel", kernel), self.keep(f"{conv}.bias", bias)],
            strides=[stride, stride],
            group=len(kernel) if kernel.shape[1] == 1 else 1,
            auto_pad="SAME_UPPER",
        )
        return self.add("Add", [made, self.adapt(source, conv)]) if conv in self.adapter else made

    def adapt(self, source: str, conv: str) -> str:
        """What the adapter adds to a convolution of one pixel; nothing where `adapted` is nought."""
        down, up = (
            self.keep(f"{conv}.{name}", np.asarray(matrix, np.float32)[:, :, None, None])
            for name, matrix in zip(("down", "up"), self.adapter[conv], strict=True)
        )
        thin = self.add("Mul", [self.add("Conv", [source, down]), ADAPTED])
        return self.add("Conv", [thin, up])

    def activate(self, source: str) -> str:
        return self.add("Clip", [source, "zero", "six"])

    def add_block(self, source: str, block: str, *, stride: int, has_skip: bool) -> str:
        """Expand, look at each channel by itself, project; added to its input where that fits."""
        made = source
        if f"{block}._expand_conv.weight" in self.tensors:
            made = self.activate(self.convolve(made, f"{block}._expand_conv", f"{block}._bn0"))
        depthwise = self.convolve(made, f"{block}._depthwise_conv", f"{block}._bn1", stride=stride)
        made = self.convolve(self.activate(depthwise), f"{block}._project_conv", f"{block}._bn2")
        return self.add("Add", [made, source]) if has_skip else made

    def pool(self, source: str, operator: str) -> str:
        return self.add("Flatten", [self.add(operator, [source])])


def build_trunk(tensors: Mapping[str, NDArray[Any]], adapter: Adapter) -> bytes:
    """The ONNX model: `pictures` (n, 3, side, side) and `adapted` (1,) in, `seen` (n, features) and the maps out.

    Raises KeyError when an array is missing.
    """
    graph = TrunkGraph(tensors, adapter)
    graph.keep("zero", np.array(0, np.float32))
    graph.keep("six", np.array(6, np.float32))
    made = graph.activate(graph.convolve("pictures", "_conv_stem", "_bn0", stride=2))
    pooled, maps = [], []
    for block in list_blocks(tensors):
        stride = STRIDES[block.stage] if block.is_first else 1
        made = graph.add_block(made, block.name, stride=stride, has_skip=not block.is_first)
        if block.stage in MAPPED_STAGES and block.is_last:
            maps.append(made)
        if block.stage in POOLED_STAGES and block.is_last:
            pooled += [graph.pool(made, "GlobalAveragePool"), graph.pool(made, "GlobalMaxPool")]
    head = graph.activate(graph.convolve(made, "_conv_head", "_bn1"))
    pooled = [graph.pool(head, "GlobalAveragePool"), *pooled]
    graph.nodes.append(messages.node("Concat", pooled, "seen", {"axis": 1}))
    return messages.model(
        "trunk",
        nodes=graph.nodes,
        weights=graph.weights,
        inputs=[messages.variable("pictures", ["n", 3, "h", "w"]), messages.variable(ADAPTED, [1])],
        outputs=[
            messages.variable("seen", ["n", "features"]),
            *(messages.variable(made, ["n", "channels", "rows", "columns"]) for made in maps),
        ],
    )
