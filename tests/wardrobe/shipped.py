"""The heads of this release, and how the trunk looks by them."""

import pytest

from wardrobe.vision.heads import Heads, load_heads
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.sessions import Trunk


def load_shipped() -> Heads:
    parameters = VisionParameters()
    return load_heads(parameters.heads, parameters.heads_sha256)


def watch_looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the trunk goes by its adapter, look by look at garments from now on."""
    asked: list[bool] = []
    see = Trunk.see

    def watch(self: Trunk, *args: object, **options: object) -> object:
        asked.append(self.is_adapted)
        return see(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Trunk, "see", watch)
    return asked
