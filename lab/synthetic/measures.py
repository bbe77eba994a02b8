"""How hard photos are to see through: measures of a photo, and how far two lots of photos differ."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from lab.synthetic.fields import Field
from wardrobe.vision.oklab import to_oklab

SIDE = 400
"""Photos are measured at this length of their longer side: what is sharp depends on the size."""
RIM = 0.08
"""Width of the rim, as a share of the shorter side: background, mostly."""
CORE = 0.3
"""How far the core begins from each edge, as a share of that side: garment, mostly."""
EDGE = 0.04
"""Change of lightness from a pixel to the next that is counted as an edge."""
BINS = 12

Measure = Callable[[Field], float]
"""Of an OKLab picture (h, w, 3)."""


def rim_of(lab: Field) -> Field:
    """The pixels of the rim, (n, 3)."""
    height, width, _ = lab.shape
    inside = np.ones((height, width), dtype=bool)
    wide = max(2, round(RIM * min(height, width)))
    inside[wide:-wide, wide:-wide] = False
    return lab[inside]


def core_of(lab: Field) -> Field:
    """The middle of the picture, (h, w, 3)."""
    height, width, _ = lab.shape
    y, x = round(CORE * height), round(CORE * width)
    return lab[y : height - y, x : width - x]


def brightness(lab: Field) -> float:
    return float(lab[..., 0].mean())


def contrast(lab: Field) -> float:
    return float(lab[..., 0].std())


def ground_chroma(lab: Field) -> float:
    """How colourful the rim is."""
    return float(np.median(np.hypot(*rim_of(lab)[:, 1:].T)))


def sharpness(lab: Field) -> float:
    """Logarithm of the variance of the Laplacian: low where a photo is blurred."""
    light = lab[..., 0]
    laplacian = 4 * light[1:-1, 1:-1] - light[:-2, 1:-1] - light[2:, 1:-1]
    laplacian = laplacian - light[1:-1, :-2] - light[1:-1, 2:]
    return float(np.log10(laplacian.var() + 1e-8))


def clutter(lab: Field) -> float:
    """Entropy of the rim's colours, bits."""
    cells = np.floor((rim_of(lab) + (0, 0.5, 0.5)) * BINS * 2).astype(int)
    _, counts = np.unique(cells, axis=0, return_counts=True)
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum())


def shadow(lab: Field) -> float:
    """How unevenly the rim is lit: the spread of lightness over its four sides and corners."""
    height, width, _ = lab.shape
    cells = [
        lab[
            height * i // 4 : height * (i + 1) // 4, width * j // 4 : width * (j + 1) // 4, 0
        ].mean()
        for i in range(4)
        for j in range(4)
        if i in (0, 3) or j in (0, 3)
    ]
    return float(np.std(cells))


def detail(lab: Field) -> float:
    """Share of edges in the core: prints, folds and buttons."""
    return edges(core_of(lab)[..., 0])


def ground_detail(lab: Field) -> float:
    """Share of edges along the picture's four sides."""
    light, wide = lab[..., 0], max(3, round(RIM * min(lab.shape[:2])))
    strips = (light[:wide], light[-wide:], light[:, :wide], light[:, -wide:])
    return float(np.mean([edges(strip) for strip in strips]))


def edges(light: Field) -> float:
    down, across = np.gradient(light)
    return float((np.hypot(down, across) > EDGE).mean())


def separation(lab: Field) -> float:
    """Distance of the core's middle colour from the rim's: low where a garment hardly shows."""
    core = np.median(core_of(lab).reshape(-1, 3), axis=0)
    return float(np.linalg.norm(core - np.median(rim_of(lab), axis=0)))


MEASURES: dict[str, Measure] = {
    "brightness": brightness,
    "contrast": contrast,
    "ground chroma": ground_chroma,
    "sharpness": sharpness,
    "clutter": clutter,
    "uneven light": shadow,
    "detail": detail,
    "ground detail": ground_detail,
    "separation": separation,
}


def measure_photo(image: Image.Image) -> dict[str, float]:
    """Each measure of an upright photo, by its name."""
    image = image.convert("RGB")
    scale = SIDE / max(image.size)
    size = (max(32, round(image.width * scale)), max(32, round(image.height * scale)))
    lab = to_oklab(np.asarray(image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)))
    return {name: measure(lab) for name, measure in MEASURES.items()}


def distance(real: Field, drawn: Field) -> float:
    """Wasserstein distance of two samples, in standard deviations of the first."""
    at = (np.arange(200) + 0.5) / 200
    apart = np.abs(np.quantile(real, at) - np.quantile(drawn, at)).mean()
    return float(apart / max(float(real.std()), 1e-9))
