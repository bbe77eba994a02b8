"""Weights that are kept as 16-bit floats: only where that loses nothing, and where the network reads them as they lie."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from wardrobe.vision import halves, messages, networks
from wardrobe.vision.classifier import WEIGHTS
from wardrobe.vision.halves import Tensor, find, find_file, halve_weights, read_message, read_tensor


def write_without_halves(source: networks.Source, folder: Path) -> tuple[bytes, bytes]:
    """As onnxruntime writes a network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "halve_weights", lambda graph, weights: (graph, weights))
        networks.write_network(folder, source)
    return (folder / networks.GRAPH).read_bytes(), (folder / networks.WEIGHTS).read_bytes()


@pytest.fixture
def types(tmp_path: Path) -> tuple[bytes, bytes]:
    return write_without_halves(WEIGHTS / "garment_type.onnx", tmp_path)


def list_tensors(graph: bytes, weights: bytes) -> dict[str, Tensor]:
    (inside,) = (one.value for one in read_message(graph) if one.number == halves.GRAPH)
    assert isinstance(inside, bytes)
    found = (read_tensor(one, weights) for one in read_message(inside))
    return {tensor.name.decode(): tensor for tensor in found if tensor}


def test_what_is_no_16_bit_float_stays_as_it_is() -> None:
    plain = Tensor((), b"plain", messages.FLOAT, np.array([0.5, -0.0, 65504], "<f4").tobytes())
    assert (plain.halve().type, len(plain.halve().values)) == (messages.HALF, 6)
    for value in (0.1, 1e9, 1e-9, float("nan")):
        fine = Tensor((), b"fine", messages.FLOAT, np.array([0.5, value], "<f4").tobytes())
        assert fine.halve() is fine or np.isnan(value)
    whole = Tensor((), b"whole", 7, bytes(8))
    assert whole.halve() is whole


def test_a_half_made_a_float_again_is_the_same_to_the_bit(types: tuple[bytes, bytes]) -> None:
    before, after = list_tensors(*types), list_tensors(*halve_weights(*types))
    halved = {name for name in after if name.endswith("/half")}
    assert halved
    for name in halved:
        floats = np.frombuffer(after[name].values, "<f2").astype("<f4")
        assert floats.tobytes() == before[name.removesuffix("/half")].values
    assert {name.removesuffix("/half") for name in after} == set(before)
    for name in set(after) - halved:
        assert after[name].values == before[name].values


def test_most_of_our_networks_is_halved(types: tuple[bytes, bytes]) -> None:
    _, weights = types
    _, packed = halve_weights(*types)
    assert len(packed) < 0.55 * len(weights)


def test_what_is_packed_once_is_not_halved(types: tuple[bytes, bytes]) -> None:
    """A Gemm whose weights are cast computes in another order: its answers would differ in their last bits."""
    names = list_tensors(*halve_weights(*types))
    assert {"members.0.type_head.weight", "members.1.family_head.weight"} <= set(names)


def test_tensors_lie_apart_and_on_round_places(types: tuple[bytes, bytes]) -> None:
    graph, packed = halve_weights(*types)
    taken = []
    for tensor in list_tensors(graph, packed).values():
        places = dict(halves.read_places(tensor.fields))
        offset = int(places[b"offset"])
        assert offset % halves.ALIGNED == 0
        taken.append((offset, offset + int(places[b"length"])))
        assert find_file(tensor) == networks.WEIGHTS.encode()
    ordered = sorted(taken)
    assert all(one[1] <= other[0] for one, other in zip(ordered, ordered[1:], strict=False))


def test_a_network_without_anything_to_halve_answers_the_same(tmp_path: Path) -> None:
    kernel = np.full((1, 1, 32, 32), 0.1, np.float32)
    content = messages.model(
        "one",
        nodes=[messages.node("Conv", ["in", "kernel"], "out", {})],
        weights=[messages.tensor("kernel", kernel)],
        inputs=[messages.variable("in", [1, 1, 64, 64])],
        outputs=[messages.variable("out", [1, 1, 33, 33])],
    )
    networks.write_network(tmp_path, content)
    picture = {"in": np.random.default_rng(0).random((1, 1, 64, 64), dtype=np.float32)}
    options = networks.make_options()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    kept = networks.start(tmp_path / networks.GRAPH, options)
    (one,), (other,) = (session.run(None, picture) for session in (kept, networks.start(content)))
    assert one.tobytes() == other.tobytes()


def test_a_message_is_written_as_it_was_read(types: tuple[bytes, bytes]) -> None:
    graph, _ = types
    assert messages.write_message(read_message(graph)) == graph
    mixed = [
        messages.Field(1, 2**63, messages.VARINT),
        messages.Field(2, bytes(8), 1),
        messages.Field(3, bytes(4), 5),
        messages.Field(4, b"text", messages.BLOCK),
    ]
    assert list(read_message(messages.write_message(mixed))) == mixed
    assert find(mixed, 4) == b"text"
    assert find(mixed, 5) == b""


@pytest.mark.parametrize("content", [b"\x0a\x09short", b"\x80", b"\x0b"])
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="ends too early|written as"):
        list(read_message(content))


def test_weights_that_end_too_early_are_refused(types: tuple[bytes, bytes]) -> None:
    graph, weights = types
    with pytest.raises(ValueError, match="file of weights ends too early"):
        halve_weights(graph, weights[: len(weights) // 2])
