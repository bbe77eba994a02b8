"""What the first layers of a type network see in a garment's cloth.

They learned from thousands of photos which edges, weaves and shapes tell garments apart; pooled
over the garment, their answers tell prints apart that `textures` takes for one another. The layers
are a copy, for the type network may be trained anew and then sees differently.
"""

import hashlib
from functools import lru_cache

import numpy as np
import onnxruntime
from PIL import Image

from wardrobe.vision.classifier import WEIGHTS, open_weights
from wardrobe.vision.clusters import Floats
from wardrobe.vision.networks import run_network
from wardrobe.vision.pieces import Mask
from wardrobe.vision.preprocessing import normalise
from wardrobe.vision.textures import Bytes, clear_outline

LAYERS = "cloth_layers.onnx"
SIDE = 224
"""Length in pixels of a garment's longer side when the layers look at it."""
SHARE_INSIDE = 0.3
"""How much of a cell must be garment for its strongest answers to count."""
STRONGEST = 0.98
"""Quantile over the cells that stands for the strongest answer; the very strongest is a seam."""


@lru_cache(maxsize=1)
def hash_layers() -> str:
    """Of the layers on this machine: what a model that is fitted to their answers must name."""
    return hashlib.sha256((WEIGHTS / LAYERS).read_bytes()).hexdigest()


def see_cloth(pixels: Bytes, garment: Mask, *, sha256: str) -> Floats:
    """Mean, deviation and strongest answer of each channel of each layer, one after the other.

    `pixels` is (h, w, 3), `garment` its outline. Raises WeightsMismatchError when the layers on
    this machine are not those that `sha256` names.
    """
    ground = pixels[garment].mean(0)
    alone = np.where(garment[..., None], pixels, ground)
    layers = run_network(load_layers(sha256), None, {"pictures": normalise(alone[None])})
    inside = clear_outline(garment)
    return np.concatenate([pool_inside(layer[0], inside) for layer in layers])


def pool_inside(answers: Floats, inside: Mask) -> Floats:
    """(channels, h, w) to (3 × channels,), each cell weighted by its share of garment."""
    channels, height, width = answers.shape
    shares = np.asarray(
        Image.fromarray(inside.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    ).ravel()
    if (shares > SHARE_INSIDE).sum() < 3:
        shares = np.ones_like(shares)
    cells = answers.reshape(channels, -1)
    weights = shares / shares.sum()
    mean = cells @ weights
    deviation = np.sqrt(np.maximum(np.square(cells) @ weights - mean**2, 0))
    ranked = np.sort(cells[:, shares > SHARE_INSIDE], axis=1)
    strongest = ranked[:, int(STRONGEST * (ranked.shape[1] - 1))]
    return np.concatenate([mean, deviation, strongest]).astype(np.float32)


@lru_cache(maxsize=1)
def load_layers(sha256: str) -> onnxruntime.InferenceSession:
    return open_weights(LAYERS, sha256)
