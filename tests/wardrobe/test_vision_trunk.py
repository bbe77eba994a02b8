"""The pretrained trunk: read out of its package, built once, and done without where it is missing."""

import logging
import pickle
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from wardrobe.vision import messages
from wardrobe.vision.trunk import sessions
from wardrobe.vision.trunk.tensors import UnreadableWeightsError, read_tensors


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "PACKAGE", "a_package_that_nobody_installed")


def test_the_trunk_tells_pictures_apart_and_knows_one_again() -> None:
    trunk = sessions.find_trunk()
    assert trunk is not None
    noise = np.random.default_rng(1).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    pictures = [Image.fromarray(noise), Image.new("RGB", (90, 120), (200, 30, 40))]
    seen = trunk.see([*pictures, pictures[0]], ground=(127, 127, 127))
    assert seen.shape == (3, sessions.FEATURES)
    assert seen[0] == pytest.approx(seen[2], abs=1e-4)
    assert np.abs(seen[0] - seen[1]).max() > 1


def test_the_maps_pooled_are_what_the_trunk_tells() -> None:
    trunk = sessions.find_trunk()
    assert trunk is not None
    noise = np.random.default_rng(1).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    picture, ground = Image.fromarray(noise), (127, 127, 127)
    maps = trunk.map(picture, ground=ground)
    assert [len(answers) for answers in maps] == [48, 88, 120, 352]
    pooled = np.concatenate([maps[0].mean((1, 2)), maps[0].max((1, 2))])
    assert pooled == pytest.approx(trunk.see([picture], ground=ground)[0, 1280:1376], abs=1e-3)


def test_without_the_package_the_log_says_so(
    no_package: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert sessions.find_trunk.__wrapped__() is None
    assert "a_package_that_nobody_installed is not installed" in caplog.text


def test_other_weights_are_not_used(tmp_path: Path) -> None:
    weights = tmp_path / "other.pth"
    weights.write_bytes(b"other weights")
    with pytest.raises(sessions.NoTrunkError, match="other weights"):
        sessions.build_graph(weights)


def test_nothing_but_tensors_is_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.dumps(Path.unlink))
    with pytest.raises(UnreadableWeightsError, match="no tensor"):
        read_tensors(path)


def test_what_is_no_file_of_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(b"")
    with pytest.raises(UnreadableWeightsError):
        read_tensors(path)


def test_a_model_of_our_own_messages_is_read_by_onnxruntime() -> None:
    kernel = np.arange(12, dtype=np.float32).reshape(2, 1, 2, 3)
    content = messages.model(
        "small",
        nodes=[messages.node("Conv", ["in", "kernel"], "out", {"auto_pad": "VALID", "group": 1})],
        weights=[messages.tensor("kernel", kernel)],
        inputs=[messages.variable("in", ["n", 1, "h", "w"])],
        outputs=[messages.variable("out", ["n", 2, "h", "w"])],
    )
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (out,) = session.run(None, {"in": np.ones((1, 1, 2, 3), dtype=np.float32)})
    assert out.ravel().tolist() == kernel.sum(axis=(1, 2, 3)).tolist()
