"""Patterns and prints laid on photos of plain garments, in the light and the folds of their own cloth."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from lab.synthetic.curves import smooth
from lab.synthetic.fields import (
    LUMINANCE,
    Field,
    Random,
    blur,
    decode,
    encode,
    fractal,
    grid,
    resize,
    to_linear,
)
from lab.synthetic.patterns import PAINTERS, band, mix
from lab.synthetic.specs import FabricColour

SHARES = {
    "graphic": 0.34,
    "striped": 0.2,
    "floral": 0.12,
    "geometric": 0.09,
    "checkered": 0.07,
    "plaid": 0.07,
    "polka_dot": 0.05,
    "animal_print": 0.04,
    "camouflage": 0.02,
}
"""How often each is printed: about as often as wearers have them."""
TALL = 70.0
"""The garment's longer side in centimetres, as far as patterns go by it."""
SUBTLE = 0.4
"""How many inks are but a lighter or a darker shade of the cloth."""
FAINTEST, STRONGEST = 0.09, 0.3
"""By how much such a shade differs, in the lightness of sRGB."""
INKS = (
    *("#f5f3ee", "#14141a", "#c8242f", "#1f3f8f", "#e0b23a", "#2f7d4f", "#d97aa0", "#7f868d"),
    *("#6b3fa0", "#e2703a", "#7ec4d6", "#5b3a26", "#b9a77d", "#1b2a49"),
)
SCALES = (0.35, 1.8)
"""Patterns are this much smaller or larger than they are drawn."""


@dataclass(frozen=True)
class Cloth:
    """One garment of a photo: its pixels in linear light, and where cloth is, both in the photo's size."""

    pixels: Field
    cover: Field
    """0..1 per pixel; 1 well inside."""

    @cached_property
    def colour(self) -> Field:
        """(3,) of linear light: the median."""
        return np.asarray(np.median(self.pixels[self.cover > 0.9], axis=0), dtype=np.float32)

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom in pixels."""
        rows, columns = (np.flatnonzero((self.cover > 0.5).any(axis)) for axis in (1, 0))
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def print_on(image: Image.Image, mask: NDArray[np.bool_], pattern: str, rng: Random) -> Image.Image:
    """`image` with `pattern` (of SHARES) on the garment under `mask`, which may be smaller than the image.

    Inks are as dark and as light as the cloth under them, so that its folds and its weave stay.
    """
    height, width = image.height, image.width
    cover = resize(np.asarray(mask, dtype=np.float32), height, width)
    cover = np.clip((blur(np.clip(cover, 0, 1), width / 250) - 0.5) * 2, 0, 1)
    cloth = Cloth(decode(np.asarray(image.convert("RGB"), dtype=np.float32) / 255), cover)
    left, top, right, bottom = cloth.box
    pixel = TALL / max(bottom - top, right - left)
    if pattern == "graphic":
        painted, share = draw_graphics(cloth, rng)
    else:
        painted, share = (
            paint_all_over(cloth, pattern, pixel, rng),
            np.ones(cover.shape, np.float32),
        )
    light = luminance(cloth.pixels) + 0.01
    shade = np.clip(light / (luminance(cloth.colour) + 0.01), 0.35, 1.7)
    inked = cloth.pixels + (painted - cloth.colour) * shade[..., None]
    share = share * cover * rng.uniform(0.75, 1.0)
    printed = mix(cloth.pixels, np.clip(inked, 0, 1), share)
    return Image.fromarray((encode(printed) * 255 + 0.5).astype(np.uint8))


def luminance(linear: Field) -> Field:
    return np.asarray(linear @ np.array(LUMINANCE), dtype=np.float32)


def paint_all_over(cloth: Cloth, pattern: str, pixel: float, rng: Random) -> Field:
    """Colours in linear light. `pixel` is in centimetres."""
    height, width = cloth.cover.shape
    x, y = grid(height, width)
    turn = rng.normal(0, 0.08) + (np.pi / 2 if rng.random() < 0.5 else 0)
    if pattern in ("plaid", "checkered") and rng.random() < 0.1:
        turn += np.pi / 4
    wave = 1.2 * fractal(x * pixel / 18, y * pixel / 18, rng, octaves=2)
    u = (np.cos(turn) * x - np.sin(turn) * y) * pixel + wave
    v = (np.sin(turn) * x + np.cos(turn) * y) * pixel + wave
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    u, v, soft = (np.asarray(one / scale, dtype=np.float32) for one in (u, v, pixel * 0.7))
    inks = [choose_ink(cloth.colour, rng) for _ in range(3)]
    ground = to_hex(cloth.colour)
    colours = tuple(FabricColour("", ink) for ink in (ground, *inks))
    if pattern == "striped":
        return draw_stripes(cloth, v, float(soft), inks, rng)
    return np.asarray(PAINTERS[pattern](u, v, colours, float(soft), rng))


def draw_stripes(cloth: Cloth, v: Field, soft: float, inks: list[str], rng: Random) -> Field:
    """One or two inks, from pinstripes to blocks."""
    period = float(np.exp(rng.uniform(np.log(1.2), np.log(7.0))))
    width = period * rng.uniform(0.08, 0.55)
    painted = np.broadcast_to(cloth.colour, (*v.shape, 3))
    painted = mix(painted, to_linear(inks[0]), band(v, period=period, width=width, softness=soft))
    if rng.random() < 0.3:
        other = band(
            v - period * 0.45, period=period, width=period * rng.uniform(0.06, 0.2), softness=soft
        )
        painted = mix(painted, to_linear(inks[1]), other)
    return painted


def draw_graphics(cloth: Cloth, rng: Random) -> tuple[Field, Field]:
    """One to three letterings, emblems or pictures somewhere on the cloth: colours in linear light, and where they are."""
    height, width = cloth.cover.shape
    left, top, right, bottom = cloth.box
    sheet = Image.new("RGB", (width, height), to_hex(cloth.colour))
    outline = Image.new("L", (width, height))
    inside = np.argwhere(blur(np.asarray(cloth.cover > 0.9, np.float32), width / 60) > 0.85)
    if not len(inside):
        inside = np.array([[(top + bottom) / 2, (left + right) / 2]])
    across = max(right - left, bottom - top)
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        small = rng.random() < 0.55
        size = across * (rng.uniform(0.06, 0.16) if small else rng.uniform(0.2, 0.5))
        if small or rng.random() < 0.3:
            row, column = inside[rng.integers(len(inside))]
        else:
            row, column = np.median(inside, axis=0) + rng.normal(0, 0.06, 2) * across
        picture, shape = MOTIFS[rng.integers(len(MOTIFS))](max(8, int(size)), cloth.colour, rng)
        angle = float(rng.normal(0, 6)) if rng.random() < 0.85 else float(rng.uniform(-90, 90))
        picture, shape = (one.rotate(angle, expand=True) for one in (picture, shape))
        place = (int(column - picture.width / 2), int(row - picture.height / 2))
        sheet.paste(picture, place, shape)
        outline.paste(255, (*place, place[0] + shape.width, place[1] + shape.height), shape)
    painted = decode(np.asarray(sheet, dtype=np.float32) / 255)
    return painted, np.asarray(outline, dtype=np.float32) / 255


Motif = Callable[[int, Field, Random], tuple[Image.Image, Image.Image]]


def draw_letters(size: int, ground: Field, rng: Random) -> tuple[Image.Image, Image.Image]:
    """One or two lines of capitals or digits."""
    letters = list("ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789aeinorstu")
    lines = [
        "".join(rng.choice(letters, int(rng.integers(2, 10))))
        for _ in range(int(rng.integers(1, 3)))
    ]
    font = ImageFont.load_default(max(8, int(size / max(2, len(lines[0])) * 1.7)))
    weight = int(rng.integers(0, 3)) * max(1, size // 90)
    box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox(
        (0, 0), "\n".join(lines), font=font, stroke_width=weight, align="center"
    )
    extent = (max(4, int(box[2] - box[0]) + 2), max(4, int(box[3] - box[1]) + 2))
    shape = Image.new("L", extent)
    ImageDraw.Draw(shape).multiline_text(
        (1 - box[0], 1 - box[1]), "\n".join(lines), 255, font, stroke_width=weight, align="center"
    )
    return Image.new("RGB", extent, choose_ink(ground, rng)), shape


def draw_emblem(size: int, ground: Field, rng: Random) -> tuple[Image.Image, Image.Image]:
    """A star, a disc or a shield with something in it."""
    picture = Image.new("RGB", (size, size), choose_ink(ground, rng))
    shape = Image.new("L", (size, size))
    draw, cut = ImageDraw.Draw(picture), ImageDraw.Draw(shape)
    corners = int(rng.integers(3, 9))
    outer = star(size / 2, corners, float(rng.uniform(0.45, 1.0)), rng)
    if rng.random() < 0.4:
        cut.ellipse((0, 0, size - 1, size - 1), fill=255)
    else:
        cut.polygon([tuple(point) for point in outer], fill=255)
    inner = star(size / 2, int(rng.integers(3, 9)), float(rng.uniform(0.4, 1.0)), rng)
    inner = (inner - size / 2) * rng.uniform(0.3, 0.7) + size / 2
    if rng.random() < 0.75:
        draw.polygon([tuple(point) for point in inner], fill=choose_ink(ground, rng))
    return picture, shape


def star(radius: float, corners: int, depth: float, rng: Random) -> Field:
    """(2 * corners, 2)"""
    angles = np.arange(2 * corners) * np.pi / corners + rng.uniform(0, np.pi)
    reach = np.where(np.arange(2 * corners) % 2, depth, 1.0) * radius
    return np.stack([radius + reach * np.cos(angles), radius + reach * np.sin(angles)], axis=1)


def draw_picture(size: int, ground: Field, rng: Random) -> tuple[Image.Image, Image.Image]:
    """Some blots and lines of several inks, as a printed animal or a landscape comes to from afar."""
    picture = Image.new("RGB", (size, size), choose_ink(ground, rng))
    shape = Image.new("L", (size, size))
    draw, cut = ImageDraw.Draw(picture), ImageDraw.Draw(shape)
    if rng.random() < 0.35:
        cut.rectangle((0, size * rng.uniform(0, 0.25), size, size * rng.uniform(0.75, 1)), fill=255)
    for _ in range(int(rng.integers(3, 9))):
        middle, reach = rng.uniform(0.25, 0.75, 2) * size, rng.uniform(0.08, 0.3) * size
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(4, 8))))
        steps = rng.uniform(0.5, 1.2, len(angles)) * reach
        points = np.stack([np.cos(angles) * steps, np.sin(angles) * steps], axis=1) + middle
        blot = [tuple(point) for point in smooth(*(tuple(point) for point in points), closed=True)]
        draw.polygon(blot, fill=choose_ink(ground, rng))
        cut.polygon(blot, fill=255)
    return picture, shape


MOTIFS: tuple[Motif, ...] = (draw_letters, draw_letters, draw_emblem, draw_picture)


def choose_ink(ground: Field, rng: Random) -> str:
    """As #rrggbb: a shade of `ground`, or any other colour."""
    if rng.random() >= SUBTLE:
        return str(rng.choice(INKS))
    step = rng.uniform(FAINTEST, STRONGEST)
    shown = encode(ground)
    up = shown.mean() < 0.25 or (shown.mean() < 0.8 and rng.random() < 0.5)
    return to_hex(decode(np.clip(shown + (step if up else -step), 0, 1).astype(np.float32)))


def to_hex(light: Field) -> str:
    return "#" + "".join(f"{int(value * 255 + 0.5):02x}" for value in np.clip(encode(light), 0, 1))
