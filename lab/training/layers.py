"""The first layers of a type network as a file of their own, for `wardrobe.vision.cloth`."""

from pathlib import Path
from typing import Any

KEPT = ("/members.0/trunk/trunk.8/Relu_output_0", "/members.0/trunk/trunk.9/Relu_output_0")
"""After the last block with 128 channels, and after the first one with 192."""


def copy_layers(weights: Path, output: Path) -> None:
    """Write to `output` what of the first network in `weights` KEPT needs; pictures of any size.

    Raises ValueError when `weights` does not hold such layers.
    """
    import onnx

    network = onnx.load(str(weights))
    nodes, names = find_needed(network.graph, KEPT)
    pictures = onnx.helper.make_tensor_value_info(
        "pictures", onnx.TensorProto.FLOAT, ["count", 3, "height", "width"]
    )
    layers = onnx.helper.make_graph(
        nodes,
        "layers",
        [pictures],
        [onnx.helper.make_tensor_value_info(kept, onnx.TensorProto.FLOAT, None) for kept in KEPT],
        [weight for weight in network.graph.initializer if weight.name in names],
    )
    model = onnx.helper.make_model(
        layers, opset_imports=network.opset_import, ir_version=network.ir_version
    )
    onnx.save(model, str(output))


def find_needed(graph: Any, outputs: tuple[str, ...]) -> tuple[list[Any], set[str]]:
    """The nodes, in their order, and the names of all values that `outputs` are made from."""
    made_by = {output: node for node in graph.node for output in node.output}
    if missing := set(outputs) - set(made_by):
        raise ValueError(f"The network has no {', '.join(sorted(missing))}.")
    names, open_ = set[str](), list(outputs)
    while open_:
        name = open_.pop()
        if name not in names:
            names.add(name)
            open_ += made_by[name].input if name in made_by else []
    return [node for node in graph.node if names & set(node.output)], names
