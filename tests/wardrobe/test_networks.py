"""Networks that are kept as onnxruntime opens them: the same answers, one file for all, never a damaged one."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from pytest_django.fixtures import Settings

from wardrobe.vision import networks
from wardrobe.vision.classifier import WEIGHTS
from wardrobe.vision.trunk import sessions

NETWORK = WEIGHTS / "cloth_layers.onnx"
PICTURES = np.random.default_rng(1).normal(size=(1, 3, 96, 64)).astype(np.float32)

Open = Callable[[], onnxruntime.InferenceSession]


@pytest.fixture
def open_network(tmp_path: Path, settings: Settings) -> Open:
    settings.STATE_DIR = tmp_path
    return lambda: networks.open_session("cloth", "its digest", lambda: NETWORK)


def find_kept(tmp_path: Path) -> Path:
    (folder,) = (tmp_path / "vision").iterdir()
    return folder


def answer(session: onnxruntime.InferenceSession) -> bytes:
    return b"".join(layer.tobytes() for layer in session.run(None, {"pictures": PICTURES}))


def test_what_is_kept_answers_the_same_to_the_bit(open_network: Open, tmp_path: Path) -> None:
    plain = networks.start(NETWORK)
    assert answer(open_network()) == answer(plain)
    assert find_kept(tmp_path).name.startswith("cloth-")
    assert answer(open_network()) == answer(plain)


@pytest.mark.parametrize("is_adapted", [False, True])
def test_the_trunk_answers_the_same_to_the_bit(is_adapted: bool) -> None:
    trunk = sessions.find_trunk()
    assert trunk is not None
    squares = np.random.default_rng(2).integers(0, 255, (1, 260, 260, 3), dtype=np.uint8)
    inputs = sessions.fill_inputs(squares, is_adapted=is_adapted)
    plain = networks.start(sessions.build_graph(sessions.find_weights()))
    for one, other in zip(plain.run(None, inputs), trunk.session.run(None, inputs), strict=True):
        assert one.tobytes() == other.tobytes()


def test_the_type_networks_answer_the_same_to_the_bit() -> None:
    types = WEIGHTS / "garment_type.onnx"
    small = {"pictures": np.random.default_rng(2).random((1, 3, 128, 128), dtype=np.float32)}
    kept = networks.open_session("garment_type", "any", lambda: types)
    for one, other in zip(
        networks.start(types).run(None, small), kept.run(None, small), strict=True
    ):
        assert one.tobytes() == other.tobytes()
    assert kept.get_modelmeta().custom_metadata_map["families"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process maps")
def test_weights_are_mapped_from_their_file(open_network: Open, tmp_path: Path) -> None:
    session = open_network()
    session.run(None, {"pictures": PICTURES})
    assert str(find_kept(tmp_path) / networks.WEIGHTS) in Path("/proc/self/maps").read_text()


@pytest.mark.parametrize("part", [networks.GRAPH, networks.WEIGHTS, networks.DIGESTS])
def test_what_is_damaged_is_made_anew(
    open_network: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture, part: str
) -> None:
    right = answer(open_network())
    file = find_kept(tmp_path) / part
    content = file.read_bytes()
    file.write_bytes(content[:-9] + bytes(9))
    assert answer(open_network()) == right
    assert "damaged" in caplog.text
    assert networks.is_whole(file.parent)


def test_what_is_kept_is_not_made_again(
    open_network: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_network()
    monkeypatch.delattr(networks, "write_network")
    networks.open_session("cloth", "its digest", lambda: pytest.fail("it was asked for"))


@pytest.mark.parametrize("what", ["describe_processor", "sha256"])
def test_another_processor_and_another_network_have_files_of_their_own(
    open_network: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    open_network()
    if what == "sha256":
        networks.open_session("cloth", "another digest", lambda: NETWORK)
    else:
        monkeypatch.setattr(networks, "describe_processor", lambda: "another one")
        open_network()
    assert len(list((tmp_path / "vision").iterdir())) == 2


def test_workers_that_start_together_leave_one_network(open_network: Open, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = {answer(session) for session in pool.map(lambda _: open_network(), range(3))}
    assert len(answers) == 1
    assert networks.is_whole(find_kept(tmp_path))


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    open_network: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "vision").write_text("no folder")
    assert answer(open_network()) == answer(networks.start(NETWORK))
    assert "made anew at each start" in caplog.text
