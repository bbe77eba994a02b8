"""Garments of our own to rehearse: what the engine sees of drawings, in a byte an answer."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from feedback.training.looking import join_looks, look_at_garment_in
from lab.training.heads.drawings import draw_missing
from lab.training.heads.looks import find_garment, read_upright, take_trunk
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.sessions import ADAPTER_SHA256


def pack(drawn: Path, output: Path, *, count: int, report: Callable[[str], object]) -> None:
    """Draw what is missing in `drawn`, look at it, and write the pack. Raises FileNotFoundError without the trunk."""
    trunk, vision = take_trunk().adapt(ADAPTER_SHA256), VisionParameters()
    draw_missing(drawn, count, report=report)
    looks = []
    for number in range(count):
        with Image.open(drawn / f"{number}.png") as opened:
            image = read_upright(opened)
        looks.append(look_at_garment_in(image, find_garment(image, vision).box, trunk, vision))
    seen = join_looks(looks)
    lowest, highest = seen.answers.min(axis=0), seen.answers.max(axis=0)
    steps = np.maximum(highest - lowest, 1e-6) / 255
    file = BytesIO()
    np.savez_compressed(
        file,
        answers=np.round((seen.answers - lowest) / steps).astype(np.uint8),
        lowest=lowest.astype(np.float32),
        steps=steps.astype(np.float32),
        colours=seen.colours.astype(np.float16),
        adapter=ADAPTER_SHA256,
    )
    output.write_bytes(file.getvalue())
    report(f"{count} drawings in {output}, {len(file.getvalue())} bytes")
