"""Drawings that every first head learns from, as the shipped heads do: `python -m benchmarks.feedback --part closes`."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

REHEARSED = 100
"""Drawings in the pack of `python -m lab pack_rehearsal`."""
AT_ONCE = 50


@dataclass(frozen=True)
class Drawings:
    """What the trunk answers (n, answers) to drawings, and what was drawn."""

    seen: np.ndarray
    types: np.ndarray


def read_drawings(folder: Path, count: int, report: Callable[[str], object]) -> Drawings:
    """The first `count` of the row; what is missing is drawn, looked at and kept in `folder`."""
    from feedback.training.looking import look_at_garment_in
    from lab.training.heads import looks
    from lab.training.heads.drawings import draw_missing
    from lab.training.heads.looks import find_garment, read_upright
    from wardrobe.vision.parameters import VisionParameters

    draw_missing(folder, count, report=report)
    trunk, seen = looks.take_trunk(), []
    for start in range(0, count, AT_ONCE):
        path = folder / f"{'adapted' if trunk.is_adapted else 'seen'}-{start:05}.npy"
        if not path.exists():
            rows = []
            for number in range(start, start + AT_ONCE):
                with Image.open(folder / f"{number}.png") as opened:
                    image = read_upright(opened)
                box = find_garment(image, VisionParameters()).box
                rows.append(look_at_garment_in(image, box, trunk, None).answers)
            np.save(path, np.stack(rows).astype(np.float16))
            report(f"{start + AT_ONCE} of {count} drawings seen")
        seen.append(np.load(path).astype(np.float32))
    types = [json.loads((folder / f"{number}.json").read_text())["type"] for number in range(count)]
    return Drawings(np.concatenate(seen)[:count], np.array(types))


def read_rehearsed(options: argparse.Namespace) -> np.ndarray:
    """What the trunk answers to the drawings that every run rehearses: their pack is of the adapted trunk."""
    from feedback.training.looking import read_rehearsal
    from wardrobe.vision.trunk.sessions import ADAPTER_SHA256, FEATURES

    if options.adapted:
        return read_rehearsal(ADAPTER_SHA256).take_first(FEATURES).answers
    return read_drawings(options.drawn, REHEARSED, report=print).seen
