"""What the trunk's answers say of a garment: type, pattern, material, sleeve, length, colour.

Each head is a multinomial logistic regression over the same standardised answers. How often a head
is right when it is this sure was measured on photos that it had not learned from.
`python -m lab train_heads` fits all of it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardrobe.photos import storage
from wardrobe.vision.classifier import TypeGuess, WeightsMismatchError, read_weights
from wardrobe.vision.clusters import Floats
from wardrobe.vision.families import FAMILY_OF

ARTEFACT = "artefact"
"""In the place of a file's name: the heads are in the storage, under their digest."""
CLOSER = "pattern, closer"
"""What the head of the closer look is called in the file."""
FARTHEST = 4.0
"""Standard deviations beyond which an answer tells no more."""
SHA256 = re.compile("[0-9a-f]{64}")
LEAST = 1e-6
DOUBTED = 1e-3
"""Likelihoods nearer to 0 and to 1 are taken for this near: so few photos tell no more."""
MEASURED_LEAST = 1e-4
"""Added to a measured probability, that a head may still speak for what measures rule out."""
LEAST_INSIDE = 1e-4
"""The share within its family below which a type is never thought."""


@dataclass(frozen=True)
class Calibration:
    """How likely a word is right, of how likely its head thinks it (Platt 1999)."""

    slope: float
    offset: float

    def correct(self, likely: float) -> float:
        inside = min(max(likely, DOUBTED), 1 - DOUBTED)
        return float(1 / (1 + np.exp(-(self.slope * np.log(inside / (1 - inside)) + self.offset))))


@dataclass(frozen=True)
class Head:
    words: tuple[str, ...]
    coefficients: Floats
    """(answers + 1, words): the last row is added."""
    calibration: Calibration

    def weigh(self, standard: Floats) -> Floats:
        """Logits (…, words) of standardised answers, of which a head may see the first alone."""
        width = len(self.coefficients) - 1
        return np.asarray(standard[..., :width] @ self.coefficients[:-1] + self.coefficients[-1])

    def rate(self, standard: Floats) -> Floats:
        """Probabilities (…, words)."""
        return soften(self.weigh(standard))

    def tell(self, standard: Floats) -> tuple[str, float]:
        """The likeliest word for one garment (answers,), and how likely it is right."""
        return self.choose(self.rate(standard))

    def choose(self, rates: Floats) -> tuple[str, float]:
        """The same of probabilities (words,)."""
        best = int(rates.argmax())
        return self.words[best], self.calibration.correct(float(rates[best]))


@dataclass(frozen=True)
class CloserLook:
    """What the trunk as it came makes of the middle of a garment, where the head of patterns is unsure: small prints
    show from near."""

    means: Floats
    deviations: Floats
    head: Head
    """Its calibration holds for both looks together."""
    weight: float
    """0..1: what this look counts; the first one counts the rest."""
    below: float
    """How likely the first look's word must be to go without."""

    def is_wanted(self, rates: Floats) -> bool:
        return float(rates.max()) < self.below

    def tell(self, rates: Floats, seen: Floats) -> tuple[str, float]:
        """The likeliest word of one garment, of the first look's `rates` (words,) and of what is `seen` (answers,)."""
        closer = self.head.rate(standardise(seen, self.means, self.deviations))
        return self.head.choose(self.join(rates, closer))

    def join(self, rates: Floats, closer: Floats) -> Floats:
        """Probabilities (…, words): a geometric mean of both looks', weighted."""
        one, other = (np.log(np.maximum(each, LEAST)) for each in (rates, closer))
        return soften(np.asarray((1 - self.weight) * one + self.weight * other, np.float32))


@dataclass(frozen=True)
class Leaning:
    """What a head adds to probabilities that were measured otherwise; its own calibration holds for both."""

    words: tuple[str, ...]
    logits: Floats
    calibration: Calibration

    def join(self, words: Sequence[str], rates: Floats) -> Floats:
        """Probabilities of `words`, all of which the head knows, of those measured."""
        own = self.logits[[self.words.index(word) for word in words]]
        return soften(np.log(rates + MEASURED_LEAST) + own)


@dataclass(frozen=True)
class Heads:
    means: Floats
    deviations: Floats
    heads: Mapping[str, Head]
    family_weight: float
    type_weight: float
    """What the type networks' opinions of the family, and of the type inside it, count: the head's counts 1."""
    families: Calibration
    adapter: str = ""
    """The digest of what the trunk had learned of clothes when they were fitted; empty for the trunk as it came."""
    closer: CloserLook | None = None

    def standardise(self, seen: Floats) -> Floats:
        return standardise(seen, self.means, self.deviations)

    def lean(self, name: str, standard: Floats) -> Leaning | None:
        """Of the head of that name; None where there is none."""
        head = self.heads.get(name)
        return Leaning(head.words, head.weigh(standard), head.calibration) if head else None

    def rate_types(self, standard: Floats, guess: TypeGuess) -> dict[str, float]:
        """Probabilities of types; `guess` is what the type networks think."""
        types = self.heads["type"]
        joint = join_opinions(
            types.words, types.rate(standard), guess, self.family_weight, self.type_weight
        )
        return dict(zip(types.words, joint.tolist(), strict=True))


def standardise(seen: Floats, means: Floats, deviations: Floats) -> Floats:
    standard = (seen - means) / deviations
    return np.asarray(np.clip(standard, -FARTHEST, FARTHEST), dtype=np.float32)


def soften(logits: Floats) -> Floats:
    """Probabilities of the last axis."""
    scaled = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True), dtype=np.float32)


def join_opinions(
    words: Sequence[str], rates: Floats, guess: TypeGuess, family_weight: float, type_weight: float
) -> Floats:
    """Probabilities of `words`, types: a geometric mean of the head's and the networks', weighted."""
    inside = share_families(guess.types)
    families = [guess.families.get(FAMILY_OF[word], 0.0) for word in words]
    within = [inside.get(word, 1 / count_family(word)) for word in words]
    logits = (
        np.log(np.maximum(rates, LEAST))
        + family_weight * np.log(np.maximum(families, LEAST))
        + type_weight * np.log(np.maximum(within, LEAST_INSIDE))
    )
    joint = np.exp(logits - logits.max())
    return np.asarray(joint / joint.sum(), dtype=np.float32)


def share_families(types: Mapping[str, float]) -> dict[str, float]:
    """Each type's share of its family's probability."""
    sums = sum_families(types)
    return {type_: likely / max(sums[FAMILY_OF[type_]], LEAST) for type_, likely in types.items()}


def count_family(word: str) -> int:
    """How many types its family has: a type that the networks do not know gets an equal share."""
    return sum(family == FAMILY_OF[word] for family in FAMILY_OF.values())


def sum_families(types: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of families, likeliest first."""
    summed: dict[str, float] = {}
    for type_, likely in types.items():
        summed[FAMILY_OF[type_]] = summed.get(FAMILY_OF[type_], 0.0) + likely
    return dict(sorted(summed.items(), key=lambda item: -item[1]))


def rank(rates: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(rates.items(), key=lambda item: -item[1])


@lru_cache(maxsize=4)
def load_heads(weights: str, sha256: str) -> Heads:
    """Those of this release by the file's name, or an ARTEFACT; several stay in memory, for a canary and what is live.

    Raises WeightsMismatchError when the file is missing or has another hash.
    """
    return read_heads(
        read_artefact(sha256) if weights == ARTEFACT else read_weights(weights, sha256)
    )


def name_artefact(sha256: str) -> str:
    """The name of its file in the storage."""
    return f"artefacts/{sha256}.npz"


def read_artefact(sha256: str) -> bytes:
    """Raises WeightsMismatchError, also when the storage is away."""
    if not SHA256.fullmatch(sha256):
        raise WeightsMismatchError(f"{sha256!r} is no SHA-256 of heads.")
    try:
        content = storage.read_file(name_artefact(sha256))
    except Exception as error:  # Each storage has its own exceptions.
        raise WeightsMismatchError(f"The storage has no heads {sha256[:12]}.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WeightsMismatchError(f"The heads {sha256[:12]} in the storage are damaged.")
    return content


def read_heads(content: bytes) -> Heads:
    """What `write_heads` wrote."""
    with np.load(BytesIO(content)) as file:
        arrays = {name: file[name] for name in file.files}
    return Heads(
        means=arrays["means"].astype(np.float32),
        deviations=arrays["deviations"].astype(np.float32),
        heads={name: read_head(name, arrays) for name in arrays["heads"].tolist()},
        family_weight=float(arrays["family_weight"]),
        type_weight=float(arrays["type_weight"]),
        families=Calibration(*arrays["families"].tolist()),
        adapter=str(arrays.get("adapter", "")),
        closer=read_closer(arrays) if f"{CLOSER}.words" in arrays else None,
    )


def read_closer(arrays: Mapping[str, NDArray[np.generic]]) -> CloserLook:
    weight, below = arrays[f"{CLOSER}.rule"].tolist()
    return CloserLook(
        means=arrays[f"{CLOSER}.means"].astype(np.float32),
        deviations=arrays[f"{CLOSER}.deviations"].astype(np.float32),
        head=read_head(CLOSER, arrays),
        weight=weight,
        below=below,
    )


def read_head(name: str, arrays: Mapping[str, NDArray[np.generic]]) -> Head:
    return Head(
        words=tuple(arrays[f"{name}.words"].tolist()),
        coefficients=arrays[f"{name}.coefficients"].astype(np.float32),
        calibration=Calibration(*arrays[f"{name}.calibration"].tolist()),
    )


def write_heads(heads: Heads) -> bytes:
    """Coefficients as 16-bit floats."""
    arrays: dict[str, object] = {
        "means": heads.means.astype(np.float16),
        "deviations": heads.deviations.astype(np.float16),
        "heads": list(heads.heads),
        "family_weight": heads.family_weight,
        "type_weight": heads.type_weight,
        "families": list(as_pair(heads.families)),
        "adapter": heads.adapter,
    }
    named = dict(heads.heads)
    if heads.closer:
        named[CLOSER] = heads.closer.head
        arrays |= {
            f"{CLOSER}.means": heads.closer.means.astype(np.float16),
            f"{CLOSER}.deviations": heads.closer.deviations.astype(np.float16),
            f"{CLOSER}.rule": [heads.closer.weight, heads.closer.below],
        }
    for name, head in named.items():
        arrays[f"{name}.words"] = list(head.words)
        arrays[f"{name}.coefficients"] = head.coefficients.astype(np.float16)
        arrays[f"{name}.calibration"] = list(as_pair(head.calibration))
    file = BytesIO()
    stored: dict[str, Any] = {name: np.asarray(part) for name, part in arrays.items()}
    np.savez_compressed(file, **stored)
    return file.getvalue()


def as_pair(calibration: Calibration) -> Iterable[float]:
    return calibration.slope, calibration.offset
