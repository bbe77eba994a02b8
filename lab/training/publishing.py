"""From trained networks to one file of weights and its model card."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lab.training.learning import Report, TrainingOptions, train_network
from lab.training.measuring import fit_temperature, measure_families, predict, type_accuracy
from lab.training.model_card import render_model_card
from lab.training.network import Ensemble, GarmentNetwork
from lab.training.photos import Collection, read_collection
from wardrobe.vision.families import FAMILY_NAMES, TYPE_NAMES
from wardrobe.vision.preprocessing import INPUT_SIZE

WEIGHTS = "garment_type.onnx"


def train(photos: Path, output: Path, options: TrainingOptions, *, report: Report) -> None:
    """Train on `photos`; leave weights, checkpoints and model card in the folder `output`.

    A network whose checkpoint is there already is taken as it is: training can be continued, and
    networks can be trained side by side. Raises FileNotFoundError when `photos` has no photos.
    """
    output.mkdir(parents=True, exist_ok=True)
    collection = read_collection(
        photos, drawn=options.drawn, seed=options.seed, processes=options.threads
    )
    report(f"{len(collection.training)} real and {len(collection.drawn)} drawn photos")
    networks = [
        obtain_network(collection, options, output, member, report=report)
        for member in range(options.members)
    ]
    publish_networks(networks, collection, output, options, report=report)


def obtain_network(
    collection: Collection, options: TrainingOptions, output: Path, member: int, *, report: Report
) -> GarmentNetwork:
    finished = output / f"network-{member}.pt"
    if finished.exists():
        network = GarmentNetwork()
        network.load_state_dict(torch.load(finished, weights_only=True, map_location="cpu"))
        network.eval()
        return network
    report(f"network {member + 1} of {options.members}")
    unfinished = output / f"network-{member}.unfinished.pt"
    network = train_network(
        collection,
        replace(options, seed=options.seed + member),
        checkpoint=unfinished,
        report=report,
    )
    unfinished.replace(finished)
    return network


def publish_networks(
    networks: Sequence[GarmentNetwork],
    collection: Collection,
    output: Path,
    options: TrainingOptions,
    *,
    report: Report,
) -> None:
    """Calibrate, measure, export, and write the model card."""
    held_out, drawn = collection.held_out, collection.drawn_held_out
    family = fit_temperature(predict(networks, held_out).families, held_out.families)
    type_ = fit_temperature(predict(networks, drawn).types, drawn.types)
    temperatures = {"families": family, "types": type_}
    export_networks(networks, temperatures, output / WEIGHTS)
    card = render_model_card(
        families=FAMILY_NAMES,
        type_count=len(TYPE_NAMES),
        members=len(networks),
        learned_from=len(collection.training),
        drawn=len(collection.drawn),
        held_out=measure_families(networks, held_out, family),
        validation=measure_families(networks, collection.validation, family),
        drawn_held_out=len(drawn),
        drawn_accuracy=type_accuracy(networks, drawn),
        temperatures=temperatures,
        options=asdict(options),
        sha256=hashlib.sha256((output / WEIGHTS).read_bytes()).hexdigest(),
    )
    (output / "README.md").write_text(card)
    report(card)


def export_networks(
    networks: Sequence[GarmentNetwork], temperatures: dict[str, float], path: Path
) -> None:
    """One ONNX file: the weights as 16-bit floats, the names and the temperatures."""
    import onnx

    outputs = ["families", "types", "embedding"]
    torch.onnx.export(
        Ensemble(networks).eval().to(memory_format=torch.contiguous_format),
        (torch.zeros(2, 3, INPUT_SIZE, INPUT_SIZE),),
        str(path),
        input_names=["pictures"],
        output_names=outputs,
        dynamic_axes={name: {0: "count"} for name in ("pictures", *outputs)},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    halve_weights(model)
    facts = {"families": FAMILY_NAMES, "types": TYPE_NAMES, "temperatures": temperatures}
    onnx.helper.set_model_props(model, {name: json.dumps(fact) for name, fact in facts.items()})
    onnx.save(model, str(path))


def halve_weights(model: Any) -> None:
    """Store large weights as 16-bit floats; a cast, done once when the file is loaded, widens them."""
    import onnx

    graph = model.graph
    casts = []
    for weight in [w for w in graph.initializer if np.prod(w.dims) > 1000]:
        narrow = onnx.numpy_helper.to_array(weight).astype(np.float16)
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(narrow, f"{name}.half"))
        casts.append(
            onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT)
        )
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *nodes])
