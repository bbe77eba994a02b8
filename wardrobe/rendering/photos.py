"""Put garments on a scene, light them, and take the photo."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from wardrobe.rendering.cloth import DEPTH, Cloth, Rgb, make_folds, make_texture, paint, to_rgb
from wardrobe.rendering.noise import Field, blur, fractal_noise, sharpen
from wardrobe.rendering.scenes import SCENES
from wardrobe.rendering.silhouettes import SHAPES, Outline, Part, Point, Shape, curve

SUPERSAMPLING = 2
LIGHT = np.array([-0.55, -0.65], np.float32)
"""Where the light comes from: a window at the upper left."""


@dataclass(frozen=True)
class GarmentSpec:
    """A garment to draw. `centre` and `width` are fractions of the photo; `angle` in degrees."""

    shape: str
    cloth: Cloth
    centre: Point = (0.5, 0.5)
    width: float = 0.86
    angle: float = 0.0


@dataclass(frozen=True)
class GarmentTruth:
    """Where a garment lies: `box` is (x, y, width, height) in fractions of the photo."""

    shape: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class RenderedPhoto:
    image: Image.Image
    garments: list[GarmentTruth]


@dataclass(frozen=True)
class Placement:
    """From a garment's coordinates to pixels."""

    scale: float
    cosine: float
    sine: float
    left: float
    top: float

    @classmethod
    def of(cls, spec: GarmentSpec, shape: Shape, size: tuple[int, int]) -> "Placement":
        points = np.array([point for part in shape.parts for point in part.outline])
        low, high = points.min(axis=0), points.max(axis=0)
        middle = (low + high) / 2
        scale = spec.width * size[0] / (high[0] - low[0])
        angle = np.radians(spec.angle)
        cosine, sine = float(np.cos(angle)), float(np.sin(angle))
        x, y = middle * scale
        return cls(
            float(scale),
            cosine,
            sine,
            float(spec.centre[0] * size[0] - (cosine * x - sine * y)),
            float(spec.centre[1] * size[1] - (sine * x + cosine * y)),
        )

    def to_pixels(self, points: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> list[Point]:
        x, y = points[:, 0] * self.scale, points[:, 1] * self.scale
        px = self.cosine * x - self.sine * y + self.left
        py = self.sine * x + self.cosine * y + self.top
        return list(zip(px.tolist(), py.tolist(), strict=True))

    def to_cloth(self, size: tuple[int, int]) -> tuple[Field, Field]:
        """Cloth coordinates of every pixel."""
        y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
        x, y = x - self.left, y - self.top
        return (
            np.asarray((self.cosine * x + self.sine * y) / self.scale, np.float32),
            np.asarray((-self.sine * x + self.cosine * y) / self.scale, np.float32),
        )


def render_photo(
    specs: Sequence[GarmentSpec],
    *,
    seed: int,
    scene: str = "wood",
    size: tuple[int, int] = (900, 1200),
) -> RenderedPhoto:
    """The photo, (width, height) = `size`, and where its garments lie. One seed, one picture."""
    rng = np.random.default_rng(seed)
    picture = SCENES[scene](rng, size)
    background = picture.copy()
    truths = []
    for spec in specs:
        shape = jitter(SHAPES[spec.shape](), rng)
        placement = Placement.of(spec, shape, size)
        mask = draw_mask([part.outline for part in visible(shape)], placement, size, visible(shape))
        picture = cast_shadow(picture, mask, size)
        picture = draw_garment(rng, picture, background, spec, shape, placement, size)
        truths.append(GarmentTruth(spec.shape, find_box(mask)))
    return RenderedPhoto(take_photo(rng, picture, size), truths)


def visible(shape: Shape) -> list[Part]:
    return [part for part in shape.parts if part.ink != "background"]


def jitter(shape: Shape, rng: np.random.Generator) -> Shape:
    """No garment lies quite straight: a gentle warp, the same for all of its parts."""
    a, b, c, d = rng.normal(0, 0.012, 4)
    phase = rng.random(4) * 6.28

    def move(point: Point) -> Point:
        x, y = point
        return (
            x + a * np.sin(3.1 * y + phase[0]) + b * np.sin(5.3 * y + phase[1]) * abs(x),
            y + c * np.sin(3.7 * x + phase[2]) + d * np.sin(2.9 * x + phase[3]) * y,
        )

    def warp(outline: Outline) -> Outline:
        return [move(point) for point in outline]

    parts = [Part(warp(p.outline), p.shade, p.ink, p.angle, p.is_smooth) for p in shape.parts]
    return Shape(parts, [warp(s) for s in shape.seams], [move(b) for b in shape.buttons])


def draw_mask(
    outlines: Sequence[Outline],
    placement: Placement,
    size: tuple[int, int],
    parts: Sequence[Part],
) -> Field:
    """Coverage 0..1 of the filled outlines, antialiased."""
    big = (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING)
    image = Image.new("L", big, 0)
    draw = ImageDraw.Draw(image)
    for outline, part in zip(outlines, parts, strict=True):
        points = curve(outline) if part.is_smooth else np.array(outline)
        draw.polygon(
            [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in placement.to_pixels(points)],
            fill=255,
        )
    return np.asarray(image.resize(size, Image.Resampling.BOX), np.float32) / 255


def find_box(mask: Field) -> tuple[float, float, float, float]:
    height, width = mask.shape
    rows, columns = np.where(mask.max(axis=1) > 0.5)[0], np.where(mask.max(axis=0) > 0.5)[0]
    left, top = columns[0] / width, rows[0] / height
    return (
        float(left),
        float(top),
        float((columns[-1] + 1) / width - left),
        float((rows[-1] + 1) / height - top),
    )


def cast_shadow(picture: Rgb, mask: Field, size: tuple[int, int]) -> Rgb:
    """A tight dark line where cloth meets the floor, and a wide soft one away from the window."""
    unit = size[0] / 900
    contact = blur(np.roll(mask, (int(4 * unit), int(3 * unit)), (0, 1)), 6 * unit)
    wide = blur(np.roll(mask, (int(18 * unit), int(14 * unit)), (0, 1)), 24 * unit)
    shade = (1 - 0.42 * contact) * (1 - 0.30 * wide)
    return np.asarray(picture * shade[..., None], np.float32)


def draw_garment(
    rng: np.random.Generator,
    picture: Rgb,
    background: Rgb,
    spec: GarmentSpec,
    shape: Shape,
    placement: Placement,
    size: tuple[int, int],
) -> Rgb:
    """Every part over the one before: painted, folded, shaded at its edges, stitched."""
    unit = placement.scale / 450
    material = spec.cloth.material
    folds = make_folds(rng, size, material)
    texture = make_texture(rng, size, material) * DEPTH.get(material, 0.02)
    x, y = placement.to_cloth(size)
    fading = fractal_noise(rng, size, (4, 5), octaves=2) * (0.05 if material == "denim" else 0.015)
    for part in shape.parts:
        mask = draw_mask([part.outline], placement, size, [part])
        if part.ink == "background":
            shadow = blur(1 - mask, 12 * unit)
            hole = background * (0.55 + 0.3 * (1 - shadow))[..., None]
            picture = picture + mask[..., None] * (hole - picture)
            continue
        cloth = paint(rng_for(spec, part), size, spec.cloth, *lay(x, y, part, folds))
        if part.ink:
            cloth = np.broadcast_to(to_rgb(part.ink), cloth.shape).astype(np.float32)
        light = shade_part(mask, folds, part, unit) + texture + fading
        lit = tone(cloth, light)
        edge = blur(mask, 3.5 * unit)
        picture = picture * (1 - 0.22 * np.clip(edge - mask, 0, 1))[..., None]
        picture = picture + mask[..., None] * (lit - picture)
    whole = draw_mask([p.outline for p in visible(shape)], placement, size, visible(shape))
    picture = stitch(picture, shape, placement, size, whole)
    return sew_buttons(picture, shape, placement, size, spec.cloth)


def rng_for(spec: GarmentSpec, part: Part) -> np.random.Generator:
    """Patterns are printed on the bolt: the same everywhere on a garment."""
    return np.random.default_rng(len(spec.shape) * 7919 + len(spec.cloth.colours))


def lay(x: Field, y: Field, part: Part, folds: Field) -> tuple[Field, Field]:
    """Turn the cloth as its part was cut, and let folds swallow some of it."""
    sleeve = 0.0 if abs(part.angle) > 1 else part.angle
    cosine, sine = float(np.cos(sleeve)), float(np.sin(sleeve))
    return (
        np.asarray(cosine * x + sine * y + 0.012 * folds, np.float32),
        np.asarray(-sine * x + cosine * y + 0.016 * folds, np.float32),
    )


def shade_part(mask: Field, folds: Field, part: Part, unit: float) -> Field:
    """Brightness around 0: folds lit from the side, cloth that curves away at its edges."""
    height = 2.4 * blur(mask, 16 * unit) + 0.9 * folds
    dy, dx = np.gradient(height)
    slope = (LIGHT[0] * dx + LIGHT[1] * dy) * 26 * unit
    soft = blur(mask, 7 * unit)
    rim = -0.20 * np.clip(1 - soft, 0, 1) * mask
    hollow = 0.2 * np.clip(folds, -1.2, 1.2)
    return np.asarray(-0.30 * np.tanh(-slope * 1.5) + rim + hollow + part.shade, np.float32)


def tone(cloth: Rgb, light: Field) -> Rgb:
    """Light multiplies; on black cloth a little is added, or its folds would vanish."""
    lit = cloth * (1 + light[..., None]) + 0.055 * np.clip(light, -0.5, 1)[..., None]
    return np.asarray(np.clip(lit, 0, 1), np.float32)


def stitch(
    picture: Rgb, shape: Shape, placement: Placement, size: tuple[int, int], mask: Field
) -> Rgb:
    """Seams as thin dark valleys with a lit edge."""
    big = (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING)
    image = Image.new("L", big, 0)
    draw = ImageDraw.Draw(image)
    width = max(1, round(placement.scale / 170))
    for seam in shape.seams:
        points = placement.to_pixels(curve(seam, closed=False))
        draw.line(
            [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points], fill=255, width=width
        )
    line = np.asarray(image.resize(size, Image.Resampling.BOX), np.float32) / 255 * mask
    lit = np.roll(line, (2, 2), (0, 1))
    return np.asarray(
        np.clip(picture * (1 - 0.38 * blur(line, 0.8)[..., None]) + 0.05 * lit[..., None], 0, 1),
        np.float32,
    )


def sew_buttons(
    picture: Rgb, shape: Shape, placement: Placement, size: tuple[int, int], cloth: Cloth
) -> Rgb:
    if not shape.buttons:
        return picture
    radius = placement.scale * 0.013
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    ground = to_rgb(cloth.colours[0])
    colour = np.clip(ground * 0.72, 0, 1) if ground.mean() > 0.35 else np.clip(ground + 0.16, 0, 1)
    for px, py in placement.to_pixels(np.array(shape.buttons)):
        distance = np.hypot(x - px, y - py)
        shadow = np.clip(1 - (np.hypot(x - px - 2, y - py - 3) - radius) / 4, 0, 1)
        cover = np.clip(radius - distance + 0.5, 0, 1)
        picture = picture * (1 - 0.3 * shadow)[..., None]
        face = colour * (1.08 - 0.18 * (distance / radius))[..., None]
        picture = picture + cover[..., None] * (face - picture)
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def take_photo(rng: np.random.Generator, picture: Rgb, size: tuple[int, int]) -> Image.Image:
    """A phone in a room: light falls off, the white balance drifts, the sensor is noisy."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    falloff = 1.06 - 0.10 * (0.55 * x + 0.65 * y) - 0.10 * (x**2 + y**2)
    balance = 1 + rng.normal(0, 0.014, 3).astype(np.float32)
    noisy = picture * falloff[..., None] * balance + rng.normal(0, 0.010, picture.shape)
    data = (np.clip(noisy, 0, 1) * 255 + 0.5).astype(np.uint8)
    return sharpen(Image.fromarray(data))
