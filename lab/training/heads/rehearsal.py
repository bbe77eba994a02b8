"""Garments of our own to rehearse: what the trunk answers to drawings, in a byte an answer."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from lab.training.heads.drawings import draw_missing
from lab.training.heads.looks import find_garment, read_upright
from wardrobe.vision.garments import crop_square
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.preprocessing import find_ground
from wardrobe.vision.trunk.sessions import find_trunk


def pack(drawn: Path, output: Path, *, count: int, report: Callable[[str], object]) -> None:
    """Draw what is missing in `drawn`, look at it, and write the pack. Raises FileNotFoundError without the trunk."""
    trunk = find_trunk()
    if trunk is None:
        raise FileNotFoundError("The pretrained trunk is not installed")
    draw_missing(drawn, count, report=report)
    seen = []
    for number in range(count):
        with Image.open(drawn / f"{number}.png") as opened:
            image = read_upright(opened)
        crop = crop_square(image, find_garment(image, VisionParameters()).box)
        seen.append(trunk.see([crop], ground=find_ground(image))[0])
    answers = np.stack(seen)
    lowest, highest = answers.min(axis=0), answers.max(axis=0)
    steps = np.maximum(highest - lowest, 1e-6) / 255
    file = BytesIO()
    np.savez_compressed(
        file,
        answers=np.round((answers - lowest) / steps).astype(np.uint8),
        lowest=lowest.astype(np.float32),
        steps=steps.astype(np.float32),
    )
    output.write_bytes(file.getvalue())
    report(f"{count} drawings in {output}, {len(file.getvalue())} bytes")
