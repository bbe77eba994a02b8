"""Light from one side: shading, soft shadows, and what a phone camera adds."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from lab.synthetic.fields import (
    LUMINANCE,
    Field,
    Random,
    blur,
    encode,
    grid,
    perlin,
    resize,
    shift,
    smoothstep,
)
from lab.synthetic.sewing import Layer
from lab.synthetic.specs import Shot

MIDDLE_GREY = 0.26
"""Mean of the linear light that phones expose for: measured on the photos of the training part."""


@dataclass(frozen=True)
class Light:
    """`x`, `y` point to where the light comes from, `slope` is how high it stands."""

    x: float
    y: float
    slope: float = 1.0

    @classmethod
    def random(cls, rng: Random) -> "Light":
        """A window or a lamp: from above, more from the left or from the right."""
        side = float(rng.choice([-1, 1]))
        angle = math.radians(float(rng.uniform(25, 60)))
        return cls(side * math.cos(angle), -math.sin(angle))


def shade(height: Field, light: Light, *, pixels_per_cm: float, strength: float = 0.85) -> Field:
    """Lambert with a soft fill, 1.0 where the surface lies flat. `height` in centimetres."""
    dy, dx = np.gradient(height * pixels_per_cm)
    steep = np.hypot(dx, dy)
    # Slopes at the rim of a panel are artefacts of the pixel grid: they are held back.
    hold = 1 / np.sqrt(1 + (steep / 1.2) ** 2)
    toward = -(dx * light.x + dy * light.y) * hold
    normal = 1 / np.sqrt(1 + (steep * hold) ** 2)
    lit = 1 + strength * ((light.slope + toward) * normal - light.slope)
    return np.asarray(np.clip(lit, 0.12, 1.9), dtype=np.float32)


def occlusion(height: Field, *, pixels_per_cm: float) -> Field:
    """Less light reaches what lies lower than its surroundings."""
    hollow = blur(height, 1.3 * pixels_per_cm) - height
    return np.asarray(np.exp(-0.55 * np.clip(hollow, 0, 2.5)), dtype=np.float32)


def highlights(height: Field, light: Light, *, pixels_per_cm: float) -> Field:
    """A broad Blinn highlight for leather, nylon and buttons."""
    dy, dx = np.gradient(blur(height, 0.15 * pixels_per_cm) * pixels_per_cm)
    tilt = (dx + 0.42 * light.x) ** 2 + (dy + 0.42 * light.y) ** 2
    return np.asarray(np.exp(-tilt * 7), dtype=np.float32)


def cast(height: Field, light: Light, *, pixels_per_cm: float) -> Field:
    """Shadow of cloth upon cloth, 0..1."""
    total = np.zeros_like(height)
    for reach in (0.5, 1.1):
        dx, dy = (-round(n * reach * pixels_per_cm) for n in (light.x, light.y))
        blocked = blur(shift(height, dx, dy), 0.3 * pixels_per_cm) - height - 0.55 * reach
        total += np.clip(blocked, 0, 0.8)
    return np.asarray(np.clip(total * 0.5, 0, 0.6), dtype=np.float32)


def lit_cloth(layer: Layer, light: Light, *, pixels_per_cm: float) -> Field:
    """The colour of a garment as the light shows it, linear."""
    height = blur(without_rim(layer, pixels_per_cm), 0.06 * pixels_per_cm)
    exposure = shade(height, light, pixels_per_cm=pixels_per_cm)
    exposure = exposure * occlusion(height, pixels_per_cm=pixels_per_cm)
    exposure = exposure * (1 - cast(height, light, pixels_per_cm=pixels_per_cm))
    shine = highlights(height, light, pixels_per_cm=pixels_per_cm)
    glare = shine * (0.012 + 0.22 * layer.gloss) * np.minimum(exposure, 1)
    # At its rim a layer holds colour times cover; the rim is of the same cloth, not of a darker one.
    dyed = layer.colour / np.maximum(layer.cover, 0.05)[..., None]
    return np.asarray(dyed * exposure[..., None] + glare[..., None], dtype=np.float32)


def without_rim(layer: Layer, pixels_per_cm: float) -> Field:
    """The height, continued beyond the garment: its outer edge is no cliff that catches light."""
    reach = 0.5 * pixels_per_cm
    nearby = blur(layer.height * layer.cover, reach) / np.maximum(blur(layer.cover, reach), 0.02)
    share = np.clip(layer.cover * 2 - 1, 0, 1)
    return np.asarray(layer.height * share + nearby * (1 - share), dtype=np.float32)


def put_down(photo: Field, layer: Layer, light: Light, *, pixels_per_cm: float) -> None:
    """Lay a garment on the photo (linear, changed in place): first its shadows, then the cloth."""
    cover = np.zeros(photo.shape[:2], dtype=np.float32)
    paste(cover, layer.cover, layer.left, layer.top)
    photo *= (1 - ground_shadow(cover, light, pixels_per_cm))[..., None]
    cloth = lit_cloth(layer, light, pixels_per_cm=pixels_per_cm)
    paste_over(photo, cloth, layer)


def ground_shadow(cover: Field, light: Light, pixels_per_cm: float) -> Field:
    """Contact shadow all around, and a penumbra away from the light."""
    clear = np.ones_like(cover)
    for reach, softness, depth in ((0.15, 0.35, 0.24), (0.8, 1.0, 0.36), (2.4, 3.2, 0.34)):
        dx, dy = (-round(n * reach * pixels_per_cm) for n in (light.x, light.y))
        clear *= 1 - depth * blur(shift(cover, dx, dy), softness * pixels_per_cm)
    return np.asarray(1 - clear, dtype=np.float32)


def paste(target: Field, piece: Field, left: int, top: int) -> None:
    rows, columns, own = overlap(target, piece, left, top)
    target[rows, columns] = piece[own]


def paste_over(photo: Field, cloth: Field, layer: Layer) -> None:
    rows, columns, own = overlap(photo, layer.cover, layer.left, layer.top)
    share = layer.cover[own][..., None]
    photo[rows, columns] = photo[rows, columns] * (1 - share) + cloth[own] * share


def overlap(
    target: Field, piece: Field, left: int, top: int
) -> tuple[slice, slice, tuple[slice, slice]]:
    """Where a piece lands on the target, and which part of the piece that is."""
    y0, x0 = max(0, top), max(0, left)
    y1 = min(target.shape[0], top + piece.shape[0])
    x1 = min(target.shape[1], left + piece.shape[1])
    own = (slice(y0 - top, max(y0, y1) - top), slice(x0 - left, max(x0, x1) - left))
    return slice(y0, max(y0, y1)), slice(x0, max(x0, x1)), own


def room_light(height: int, width: int, light: Light, rng: Random, uneven: float = 0.0) -> Field:
    """Brighter toward the window, darker in the corners; now and then somebody's soft shadow."""
    x, y = grid(height, width)
    u, v = x / width - 0.5, y / height - 0.5
    toward = 1 + float(rng.uniform(0.3, 0.6)) * (u * light.x + v * light.y)
    if uneven:
        toward = toward * np.exp(uneven * (u * light.x + v * light.y))
    patch = 1 + 0.07 * perlin(u * 2, v * 2, rng)
    return np.asarray(toward * patch * (1 - passing_shadow(u, v, rng)), dtype=np.float32)


def passing_shadow(u: Field, v: Field, rng: Random) -> Field:
    """The shadow of a window frame, a shelf or the one who takes the photo, 0..1."""
    angle, softness = float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0.06, 0.25))
    start, depth = float(rng.uniform(0.05, 0.4)), float(rng.uniform(0.1, 0.32))
    if rng.random() < 0.45:
        depth = 0.0
    edge = 0.06 * perlin(u * 3, v * 3, rng)
    across = u * math.cos(angle) + v * math.sin(angle) + edge
    return np.asarray(depth * smoothstep(start - softness, start + softness, across), np.float32)


def develop(photo: Field, rng: Random, shot: Shot, pose: Field) -> Image.Image:
    """What a phone makes of the light: exposure, vignette, white balance, tone, optics, noise.

    `pose` is the homography from pixels of the picture to pixels of `photo`.
    """
    height, width, _ = photo.shape
    x, y = grid(height, width)
    corner = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 2
    warmth = float(rng.uniform(-0.03, 0.045)) + 0.1 * shot.dim + shot.warmth
    balance = np.array([1 + warmth, 1, 1 - 1.2 * warmth], dtype=np.float32)
    linear = photo * ((1 - 0.26 * corner[..., None]) * balance * (1 - shot.dim))
    if shot.metered:
        linear = linear * (MIDDLE_GREY / max(float(linear.mean()), 1e-3)) ** shot.metered
    picture = seen_through_lens(steepen(tone(veil(linear)), shot.curve), shot, pose, rng)
    picture = picture + sensor_noise(height, width, 1 + 3.5 * shot.dim, rng) * (1.15 - picture)
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


def veil(linear: Field) -> Field:
    """Light scattered in a small lens greys the shadows and takes the edge off pure colours."""
    grey = linear @ np.array(LUMINANCE, dtype=np.float32)
    haze = 0.006 * float(grey.mean()) / 0.3
    return np.asarray(linear * 0.93 + grey[..., None] * 0.07 + haze, dtype=np.float32)


def tone(linear: Field) -> Field:
    """sRGB with a gentle S-curve and a shoulder instead of clipped highlights."""
    rolled = np.where(linear > 0.7, 0.7 + 0.3 * np.tanh((linear - 0.7) / 0.42), linear)
    picture = encode(rolled.astype(np.float32))
    return np.asarray(picture + 0.10 * (picture - picture**2) * (2 * picture - 1), dtype=np.float32)


def steepen(picture: Field, curve: float) -> Field:
    """Deeper shadows and brighter lights, as phones like them: 0 changes nothing."""
    if not curve:
        return picture
    bent = np.clip(picture, 0, 1)
    return np.asarray(picture + curve * (bent * bent * (3 - 2 * bent) - bent), dtype=np.float32)


def seen_through_lens(picture: Field, shot: Shot, pose: Field, rng: Random) -> Field:
    """The perspective, the lens's own softness and the hand's shake, on sRGB 0..1."""
    width = picture.shape[1]
    image = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    if shot.tilt:
        image = image.transform(
            image.size, Image.Transform.PERSPECTIVE, (pose / pose[2, 2]).ravel()[:8].tolist(),
            Image.Resampling.BICUBIC,
        )  # fmt: skip
    image = image.filter(ImageFilter.GaussianBlur(0.00055 * width + 0.35 * shot.blur * width))
    image = shaken(image, shot.blur * width, float(rng.uniform(0, math.pi)))
    return np.asarray(image, dtype=np.float32) / 255


def shaken(image: Image.Image, length: float, angle: float) -> Image.Image:
    """The mean of the picture along a short straight way, `length` pixels."""
    reach = math.ceil(length / 2)
    if reach < 1:
        return image
    padded = np.pad(
        np.asarray(image, dtype=np.float32), ((reach, reach), (reach, reach), (0, 0)), "edge"
    )
    ways = np.linspace(-length / 2, length / 2, 2 * reach + 1)
    moves = [(round(way * math.sin(angle)), round(way * math.cos(angle))) for way in ways]
    views = [
        padded[reach + dy : reach + dy + image.height, reach + dx : reach + dx + image.width]
        for dy, dx in moves
    ]
    return Image.fromarray(np.mean(views, axis=0).astype(np.uint8))


def sensor_noise(height: int, width: int, gain: float, rng: Random) -> Field:
    """Fine grain, and the soft blotches that a phone's noise reduction leaves."""
    grain = rng.standard_normal((height, width, 1), dtype=np.float32) * 0.006
    coarse = rng.standard_normal((height // 3 + 1, width // 3 + 1), dtype=np.float32)
    blotches = resize(coarse, height, width)[..., None] * 0.004
    chroma = rng.standard_normal((height, width, 3), dtype=np.float32) * 0.004
    return np.asarray((grain + blotches + chroma) * gain, dtype=np.float32)
