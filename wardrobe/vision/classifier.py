"""What type of garment a picture shows, and the vector that tells whether two photos are alike."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from registry.engines.base import OtherReleaseError
from wardrobe.vision.families import FAMILIES
from wardrobe.vision.networks import open_session, run_network
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.preprocessing import fit_square, normalise

WEIGHTS = Path(__file__).parent / "weights"
EMBEDDING_DIMENSIONS = 128

Floats = NDArray[np.float32]


class WeightsMismatchError(OtherReleaseError):
    """The weights on this machine are not those that the parameters name."""


@dataclass(frozen=True)
class TypeGuess:
    """The type, or the name of its family when the type inside it is not plain to see."""

    type: str
    confidence: float
    """How likely the family is, times the type's share where it is more than the family's name."""
    families: dict[str, float]
    """Calibrated probabilities, most likely first."""
    types: dict[str, float] = field(default_factory=dict)
    """Those of all types, by the head that drawn photos taught."""
    vector: Floats = field(
        default_factory=lambda: np.zeros(EMBEDDING_DIMENSIONS, np.float32), compare=False
    )
    """What `embed_photo` says of the picture; noughts are like nothing."""

    @property
    def family(self) -> str:
        return next(iter(self.families))

    @property
    def family_confidence(self) -> float:
        return self.families[self.family]

    def find_distance(self, other: "TypeGuess") -> float:
        """The cosine distance of what was seen."""
        return float(1 - self.vector @ other.vector)


@dataclass(frozen=True)
class Classifier:
    """The networks in memory, on one thread: workers are many, and each takes one photo."""

    session: onnxruntime.InferenceSession
    families: list[str]
    types: list[str]
    temperatures: dict[str, float]

    def run(self, pictures: list[Image.Image]) -> tuple[Floats, Floats, Floats]:
        """Probabilities of families and types, and unit embeddings: (n, …) each."""
        batch = normalise(np.stack([fit_square(picture) for picture in pictures]))
        families, types, embeddings = run_network(self.session, None, {"pictures": batch})
        return (
            soften(families, self.temperatures["families"]),
            soften(types, self.temperatures["types"]),
            embeddings,
        )

    def guess_types(self, pictures: list[Image.Image], *, certainty: float) -> list[TypeGuess]:
        """`certainty`: how sure the type inside the family must be to be named."""
        families, types, vectors = self.run(pictures)
        return [
            replace(self.interpret(family, type_, certainty), vector=vector)
            for family, type_, vector in zip(families, types, vectors, strict=True)
        ]

    def interpret(self, families: Floats, types: Floats, certainty: float) -> TypeGuess:
        ranked = {self.families[i]: float(families[i]) for i in np.argsort(-families)}
        family, confidence = next(iter(ranked.items()))
        likely_types = dict(zip(self.types, types.tolist(), strict=True))
        inside = {name: likely_types[name] for name in FAMILIES[family]}
        type_, likely = max(inside.items(), key=lambda item: item[1])
        share = likely / max(sum(inside.values()), 1e-9)
        if type_ == family or share < certainty:
            return TypeGuess(family, confidence, ranked, likely_types)
        return TypeGuess(type_, confidence * share, ranked, likely_types)


def soften(logits: Floats, temperature: float) -> Floats:
    """Probabilities (n, classes) of logits."""
    scaled = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), dtype=np.float32)


def get_classifier(parameters: VisionParameters) -> Classifier:
    """One per process and weights, loaded when first needed. Forked children may share their parent's.

    Raises WeightsMismatchError when the file is missing or has another hash.
    """
    return load_classifier(parameters.weights, parameters.weights_sha256)


@lru_cache(maxsize=2)
def load_classifier(weights: str, sha256: str) -> Classifier:
    session = open_weights(weights, sha256)
    facts: dict[str, Any] = session.get_modelmeta().custom_metadata_map
    names = ("families", "types", "temperatures")
    return Classifier(session, *(json.loads(facts[name]) for name in names))


def open_weights(weights: str, sha256: str) -> onnxruntime.InferenceSession:
    """The network in a file of `WEIGHTS`. Raises WeightsMismatchError."""
    path = WEIGHTS / Path(weights).name
    return open_session(path.stem, find_digest(weights, sha256), lambda: path)


@lru_cache(maxsize=4)
def find_digest(weights: str, sha256: str) -> str:
    """Of a file of `WEIGHTS`, read once. Raises WeightsMismatchError."""
    return hashlib.sha256(read_weights(weights, sha256)).hexdigest()


def read_weights(weights: str, sha256: str) -> bytes:
    """Raises WeightsMismatchError."""
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
    *_, embeddings = get_classifier(parameters or VisionParameters()).run([image])
    return np.asarray(embeddings[0], dtype=np.float32)
