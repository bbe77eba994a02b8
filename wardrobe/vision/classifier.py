"""What type of garment a picture shows, and the vector that tells whether two photos are alike."""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.preprocessing import fit_square, normalise

WEIGHTS = Path(__file__).parent / "weights"
EMBEDDING_DIMENSIONS = 128

TYPE_NAMES = {"outwear": "jacket"}
"""The network's classes in the vocabulary's words, where they differ."""

Floats = NDArray[np.float32]


class WeightsMismatchError(Exception):
    """The weights on this machine are not those that the parameters name."""


@dataclass(frozen=True)
class TypeGuess:
    probabilities: dict[str, float]
    """Calibrated, by vocabulary type, most likely first."""

    @property
    def type(self) -> str:
        return next(iter(self.probabilities))

    @property
    def confidence(self) -> float:
        return next(iter(self.probabilities.values()))


@dataclass(frozen=True)
class Classifier:
    """The network in memory, on one thread: workers are many, and each takes one photo."""

    session: onnxruntime.InferenceSession
    types: list[str]
    temperature: float

    def run(self, pictures: list[Image.Image]) -> tuple[Floats, Floats]:
        """Logits and unit embeddings (n, …), averaged over each picture and its mirror image."""
        batch = normalise(np.stack([fit_square(picture) for picture in pictures]))
        both = np.concatenate([batch, batch[..., ::-1]])
        logits, embeddings = self.session.run(None, {"pictures": both})
        count = len(pictures)
        mean = embeddings[:count] + embeddings[count:]
        mean /= np.linalg.norm(mean, axis=1, keepdims=True)
        return (logits[:count] + logits[count:]) / 2, mean

    def guess_types(self, pictures: list[Image.Image]) -> list[TypeGuess]:
        logits, _ = self.run(pictures)
        return [self.interpret(row) for row in logits]

    def interpret(self, logits: Floats) -> TypeGuess:
        scaled = np.exp((logits - logits.max()) / self.temperature)
        shares = scaled / scaled.sum()
        order = np.argsort(-shares)
        return TypeGuess({self.types[index]: float(shares[index]) for index in order})


def get_classifier(parameters: VisionParameters) -> Classifier:
    """One per process and weights, loaded when first needed: workers fork.

    Raises WeightsMismatchError when the file is missing or has another hash.
    """
    return load_classifier(parameters.weights, parameters.weights_sha256, os.getpid())


@lru_cache(maxsize=2)
def load_classifier(weights: str, sha256: str, process: int) -> Classifier:
    content = read_weights(weights, sha256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    facts: dict[str, Any] = session.get_modelmeta().custom_metadata_map
    types = [TYPE_NAMES.get(name, name) for name in json.loads(facts["types"])]
    return Classifier(session, types, float(facts["temperature"]))


def read_weights(weights: str, sha256: str) -> bytes:
    try:
        content = (WEIGHTS / Path(weights).name).read_bytes()
    except FileNotFoundError as error:
        raise WeightsMismatchError(f"There are no weights {weights!r}.") from error
    found = hashlib.sha256(content).hexdigest()
    if sha256 and found != sha256:
        raise WeightsMismatchError(f"{weights} has sha256 {found}, expected {sha256}.")
    return content


def embed_photo(
    image: Image.Image, *, parameters: VisionParameters | None = None
) -> NDArray[np.float32]:
    """The photo as a unit vector of 128 float32: cosine similarity near 1 for the same picture."""
    _, embeddings = get_classifier(parameters or VisionParameters()).run([image])
    return np.asarray(embeddings[0], dtype=np.float32)
