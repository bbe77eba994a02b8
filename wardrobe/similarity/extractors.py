"""What makes vectors of garments: the type network, and a model of embeddings that vLLM serves.

Vectors of two extractors cannot be compared, so each has a name of its own, and with it the distance
up to which two of its vectors look alike.
"""

from functools import cache
from typing import Any, Protocol

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from PIL import Image

from wardrobe.vision.classifier import embed_photo
from wardrobe.vision.parameters import VisionParameters

Floats = NDArray[np.float32]


class Extractor(Protocol):
    @property
    def name(self) -> str:
        """At most 32 characters; another one for whatever changes its vectors."""

    @property
    def alike_distance(self) -> float:
        """Cosine distance up to which two garments look alike."""

    def embed(self, picture: Image.Image) -> Floats:
        """A unit vector, always of the same width. Raises EngineError."""


class BuiltinExtractor:
    """The type network on this machine: 128 numbers.

    With the weights f59c87e216d6, of the real photos of the validation part 30 % of the pairs of one
    type are as near as its `alike_distance`, of two types one pair in 880.
    """

    alike_distance = 0.3

    @property
    def name(self) -> str:
        """The beginning of its weights' hash."""
        return VisionParameters().weights_sha256[:12]

    def embed(self, picture: Image.Image) -> Floats:
        return embed_photo(picture)


def builtin_extractor() -> Extractor:
    return BuiltinExtractor()


def list_extractors() -> list[Extractor]:
    """Those in use, the preferred one first. The last is always there and has no need of a network."""
    options = settings.EMBEDDINGS
    remote: list[Extractor] = [make_remote(**options)] if options["base_url"] else []
    return [*remote, builtin_extractor()]


@cache
def make_remote(**options: Any) -> Extractor:
    from wardrobe.similarity.served import VllmExtractor  # With httpx, 2 MB of each worker.

    return VllmExtractor(**options)
