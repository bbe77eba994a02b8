"""OKLab, where distances are close to what people see (Ottosson 2020). L is 0..1."""

import numpy as np
from numpy.typing import NDArray

# By hand: Pillow and scikit-image stop at CIELAB; colour-science takes 73 MB of a process and seven times as
# long for these two matrices.

LINEAR = np.where(
    np.arange(256) / 255 <= 0.04045,
    np.arange(256) / 255 / 12.92,
    ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4,
).astype(np.float32)
"""sRGB byte to linear light (IEC 61966-2-1)."""

TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    dtype=np.float32,
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    dtype=np.float32,
)


def to_oklab(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """sRGB bytes (…, 3) to L, a, b (…, 3)."""
    cones = np.cbrt(LINEAR[pixels] @ TO_CONES.T)
    return np.asarray(cones @ TO_OKLAB.T, dtype=np.float32)


def to_lightness_chroma_hue(lab: NDArray[np.float32]) -> tuple[float, float, float]:
    """One L, a, b to L, chroma and hue in degrees 0..360."""
    lightness, a, b = (float(value) for value in lab)
    hue = float(np.degrees(np.arctan2(b, a))) % 360
    return lightness, float(np.hypot(a, b)), hue
