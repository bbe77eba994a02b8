"""EfficientNet-Lite as an ONNX graph, made from the arrays of its weights.

The network is that of Tan and Le (https://arxiv.org/abs/1905.11946) in Google's "lite" form: no
squeeze-and-excitation, ReLU6 for swish. Batch norms are folded into the convolutions before them.
Its classes are left out: what comes out are maps of several depths, pooled and as they are.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardrobe.vision.trunk import messages
from wardrobe.vision.trunk.messages import Attribute, Floats

STRIDES = (1, 2, 2, 2, 1, 2, 1)
"""Of the first block in each of the seven stages; all others have 1."""
POOLED_STAGES = (2, 4, 6)
"""Stages whose last map is pooled, by mean and by maximum."""
MAPPED_STAGES = (2, 3, 4, 6)
"""Stages whose last map is an answer of its own: what is where in the picture."""
EPSILON = 1e-3


class TrunkGraph:
    """Nodes and weights, added one by one; each method returns the name of what it makes."""

    def __init__(self, tensors: Mapping[str, NDArray[Any]]) -> None:
        self.tensors = tensors
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
        kernel, bias = self.fold(conv, norm)
        return self.add(
            "Conv",
            [source, self.keep(f"{conv}.kernel", kernel), self.keep(f"{conv}.bias", bias)],
            strides=[stride, stride],
            group=len(kernel) if kernel.shape[1] == 1 else 1,
            auto_pad="SAME_UPPER",
        )

    def fold(self, conv: str, norm: str) -> tuple[Floats, Floats]:
        part = {
            name: self.tensors[f"{norm}.{name}"].astype(np.float64)
            for name in ("weight", "bias", "running_mean", "running_var")
        }
        scale = part["weight"] / np.sqrt(part["running_var"] + EPSILON)
        kernel = self.tensors[f"{conv}.weight"] * scale[:, None, None, None]
        bias = part["bias"] - part["running_mean"] * scale
        return kernel.astype(np.float32), bias.astype(np.float32)

    def activate(self, source: str) -> str:
        return self.add("Clip", [source, "zero", "six"])

    def add_block(self, source: str, index: int, *, stride: int, has_skip: bool) -> str:
        """Expand, look at each channel by itself, project; added to its input where that fits."""
        block, made = f"_blocks.{index}", source
        if f"{block}._expand_conv.weight" in self.tensors:
            made = self.activate(self.convolve(made, f"{block}._expand_conv", f"{block}._bn0"))
        depthwise = self.convolve(made, f"{block}._depthwise_conv", f"{block}._bn1", stride=stride)
        made = self.convolve(self.activate(depthwise), f"{block}._project_conv", f"{block}._bn2")
        return self.add("Add", [made, source]) if has_skip else made

    def pool(self, source: str, operator: str) -> str:
        return self.add("Flatten", [self.add(operator, [source])])


def build_trunk(tensors: Mapping[str, NDArray[Any]]) -> bytes:
    """The ONNX model: `pictures` (n, 3, side, side) in, `seen` (n, features) and the maps out.

    Raises KeyError when an array is missing.
    """
    graph = TrunkGraph(tensors)
    graph.keep("zero", np.array(0, np.float32))
    graph.keep("six", np.array(6, np.float32))
    made = graph.activate(graph.convolve("pictures", "_conv_stem", "_bn0", stride=2))
    pooled, maps = [], []
    channels, stage = tensors["_conv_stem.weight"].shape[0], -1
    count = sum(name.endswith("._project_conv.weight") for name in tensors)
    widths = [tensors[f"_blocks.{index}._project_conv.weight"].shape[0] for index in range(count)]
    for index, width in enumerate(widths):
        is_first = width != channels or index == 0
        stage += is_first
        stride = STRIDES[stage] if is_first else 1
        made = graph.add_block(made, index, stride=stride, has_skip=not is_first)
        channels = width
        is_last = index + 1 == count or widths[index + 1] != width
        if stage in MAPPED_STAGES and is_last:
            maps.append(made)
        if stage in POOLED_STAGES and is_last:
            pooled += [graph.pool(made, "GlobalAveragePool"), graph.pool(made, "GlobalMaxPool")]
    head = graph.activate(graph.convolve(made, "_conv_head", "_bn1"))
    pooled = [graph.pool(head, "GlobalAveragePool"), *pooled]
    graph.nodes.append(messages.node("Concat", pooled, "seen", {"axis": 1}))
    return messages.model(
        "trunk",
        nodes=graph.nodes,
        weights=graph.weights,
        inputs=[messages.variable("pictures", ["n", 3, "h", "w"])],
        outputs=[
            messages.variable("seen", ["n", "features"]),
            *(messages.variable(made, ["n", "channels", "rows", "columns"]) for made in maps),
        ],
    )
