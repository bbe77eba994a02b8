"""What may differ between two versions of seeing: weights by hash, and thresholds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class VisionParameters:
    """A prompt version for the built-in engine carries these as JSON. Areas are shares of a photo."""

    weights: str = "garment_type.onnx"
    """File name within `wardrobe/vision/weights/`."""
    weights_sha256: str = "f59c87e216d623ac804ca909fcf03284cdc9b0c6923dc43ebe5184f40202ab89"
    """Hex digest that the file must have; empty takes the file as it is."""
    type_certainty: float = 0.7
    """How sure the type networks must be of the type within a family, where there is no trunk."""
    heads: str = "heads.npz"
    """File name of the heads on the pretrained trunk, or `artefact` for those in the storage with that digest; empty goes
    by the type networks alone."""
    heads_sha256: str = "4cbcaf7168c82eef34faa02ea1d91650d717c290d4dc514a88ecd358c85c9dac"
    name_certainty: float = 0.67
    """How likely a finer name must be right; below it the family's name is the answer."""
    analysis_side: int = 256
    """Length in pixels of the photo's longer side while garments are told from background."""
    minimum_area: float = 0.006
    minimum_certainty: float = 0.08
    maximum_garments: int = 6
    whole_bias: float = 0.6
    """How readily several regions are taken for parts of one garment."""
    apart_bias: float = 0.5
    """The same for regions of like size that lie clearly apart."""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "VisionParameters":
        """Raises ValueError for a name that is no parameter."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"Unknown vision parameters: {', '.join(sorted(unknown))}")
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
