"""Sew parts into one layer of cloth: its height, colour, gloss and where it covers the ground."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from lab.synthetic.curves import Pair, Points, ellipse, resample
from lab.synthetic.fabrics import FABRICS, TILE, Fabric
from lab.synthetic.fields import (
    Field,
    Random,
    blur,
    grid,
    perlin,
    resize,
    ridged,
    sample,
    smoothstep,
    to_linear,
)
from lab.synthetic.parts import Button, Crease, Fading, Panel, Part, Seam
from lab.synthetic.patterns import paint
from lab.synthetic.specs import GarmentSpec

OVERSAMPLING = 3
FOLD_PIXELS_PER_CM = 4.0


@dataclass(frozen=True)
class Drape:
    """Nothing lies straight: a gentle displacement of every point, in centimetres."""

    amplitude: tuple[float, ...]
    wave: tuple[float, ...]
    phase: tuple[float, ...]

    @classmethod
    def random(cls, rng: Random, *, strength: float, softness: float) -> "Drape":
        """Three broad waves each way, and two short ones that make soft cloth's edges uneven."""
        broad, short = rng.uniform(0.3, 1.0, 6) * strength, rng.uniform(0.05, 0.15, 4) * softness
        return cls(
            (*broad, *short),
            tuple(2 * np.pi / np.append(rng.uniform(26, 80, 6), rng.uniform(5, 13, 4))),
            tuple(rng.uniform(0, 2 * np.pi, 10)),
        )

    def shifts(self, x: Field, y: Field) -> tuple[Field, Field]:
        waves = [
            a * np.sin(w * (y if i % 2 else x + 0.6 * y) + p)
            for i, (a, w, p) in enumerate(zip(self.amplitude, self.wave, self.phase, strict=True))
        ]
        return (
            waves[0] + waves[1] + waves[2] + waves[6] + waves[7],
            waves[3] + waves[4] + waves[5] + waves[8] + waves[9],
        )

    def apply(self, line: Points) -> Points:
        dx, dy = self.shifts(line[:, 0], line[:, 1])
        return np.asarray(line + np.stack([dx, dy], axis=1))


@dataclass(frozen=True)
class Placement:
    """Where a garment lies: `centre` in pixels is where its point `origin` (cm) comes to lie."""

    centre: Pair
    origin: Pair
    pixels_per_cm: float
    turn: float

    def to_pixels(self, line: Points) -> Points:
        c, s = math.cos(self.turn), math.sin(self.turn)
        flat = (line - self.origin) @ np.array([[c, s], [-s, c]])
        return np.asarray(flat * self.pixels_per_cm + self.centre)

    def to_cm(self, x: Field, y: Field) -> tuple[Field, Field]:
        c, s = math.cos(self.turn), math.sin(self.turn)
        dx = (x - self.centre[0]) / self.pixels_per_cm
        dy = (y - self.centre[1]) / self.pixels_per_cm
        return dx * c + dy * s + self.origin[0], dy * c - dx * s + self.origin[1]


@dataclass
class Layer:
    """A garment on its own, cropped: `left`, `top` place it in the photo."""

    left: int
    top: int
    height: Field
    cover: Field
    colour: Field
    gloss: Field


class Sewing:
    """Lays part after part; later parts lie on earlier ones."""

    def __init__(
        self,
        spec: GarmentSpec,
        parts: list[Part],
        *,
        placement: Placement,
        rng: Random,
        creased: float = 1.0,
    ) -> None:
        self.spec, self.placement, self.rng, self.creased = spec, placement, rng, creased
        self.scale = placement.pixels_per_cm
        softness = FABRICS[spec.fabric or spec.material].drape / FABRICS["cotton"].drape
        self.drape = Drape.random(rng, strength=0.32, softness=softness)
        self.tiles: dict[str, Field] = {}
        self.layer = self.empty_layer(parts)
        height, width = self.layer.height.shape
        px, py = grid(height, width)
        x, y = placement.to_cm(px + self.layer.left, py + self.layer.top)
        dx, dy = self.drape.shifts(x, y)
        self.x = np.asarray(x - dx, dtype=np.float32)
        self.y = np.asarray(y - dy, dtype=np.float32)
        self.pattern_seed = int(rng.integers(2**32))
        for part in parts:
            self.lay(part)

    def empty_layer(self, parts: list[Part]) -> Layer:
        panels = [self.in_photo(part.outline) for part in parts if isinstance(part, Panel)]
        corners = np.vstack(panels)
        margin = 2.0 * self.scale
        left, top = (int(n) for n in np.floor(corners.min(axis=0) - margin))
        right, bottom = (int(n) for n in np.ceil(corners.max(axis=0) + margin))
        shape = (bottom - top, right - left)
        zero = np.zeros(shape, dtype=np.float32)
        colour = np.zeros((*shape, 3), dtype=np.float32)
        return Layer(left, top, zero, zero.copy(), colour, zero.copy())

    def in_photo(self, line: Points) -> Points:
        return self.placement.to_pixels(self.drape.apply(line))

    def in_layer(self, line: Points) -> Points:
        return self.in_photo(line) - (self.layer.left, self.layer.top)

    def lay(self, part: Part) -> None:
        match part:
            case Panel():
                self.lay_panel(part)
            case Seam():
                self.lay_seam(part)
            case Crease():
                self.lay_crease(part)
            case Button():
                self.lay_button(part)
            case Fading():
                self.lay_fading(part)

    # Panels

    def lay_panel(self, panel: Panel) -> None:
        area, mask = self.mask(self.in_layer(panel.outline), margin=2.0)
        fabric = FABRICS[panel.fabric or self.spec.fabric or self.spec.material]
        u, v = self.cloth(panel, area)
        texture = self.texture(panel.fabric or self.spec.fabric or self.spec.material, u, v)
        dome = self.dome(mask, panel.roundness)
        height = self.layer.height[area]
        if panel.attached:
            height += mask * (panel.bulge * dome + fabric.grit * texture)
        else:
            own = panel.lift + (panel.bulge + fabric.thickness) * dome
            own = own + self.folds(panel, fabric, area) + fabric.grit * texture
            height[:] = height * (1 - mask) + own * mask
        cloth = self.dyed(panel, u, v) * (panel.shade * (1 + fabric.tone * texture))[..., None]
        colour = self.layer.colour[area]
        colour[:] = colour * (1 - mask[..., None]) + cloth * mask[..., None]
        gloss = self.layer.gloss[area]
        gloss[:] = gloss * (1 - mask) + fabric.gloss * mask
        cover = self.layer.cover[area]
        cover[:] = np.maximum(cover, mask)

    def mask(self, outline: Points, *, margin: float) -> tuple[tuple[slice, slice], Field]:
        """The part of the layer around an outline, and how much of each pixel it covers."""
        area = self.around(outline, margin)
        rows, columns = area
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        n = OVERSAMPLING
        picture = Image.new("L", (shape[1] * n, shape[0] * n))
        corners = (outline - (columns.start, rows.start)) * n
        ImageDraw.Draw(picture).polygon([tuple(p) for p in corners], fill=255)
        return area, np.asarray(picture.reduce(n), dtype=np.float32) / 255

    def around(self, line: Points, margin_cm: float) -> tuple[slice, slice]:
        height, width = self.layer.height.shape
        margin = margin_cm * self.scale
        x0, y0 = np.floor(line.min(axis=0) - margin).astype(int)
        x1, y1 = np.ceil(line.max(axis=0) + margin).astype(int)
        rows = slice(max(0, int(y0)), max(1, min(height, int(y1))))
        return rows, slice(max(0, int(x0)), max(1, min(width, int(x1))))

    def dome(self, mask: Field, radius_cm: float) -> Field:
        """0 at the edge of a panel, 1 well inside: edges of cloth are round."""
        inside = np.clip(blur(mask, radius_cm * self.scale / 2) * 2 - 1, 0, 1)
        return np.asarray(np.sqrt(inside), dtype=np.float32)

    def cloth(self, panel: Panel, area: tuple[slice, slice]) -> tuple[Field, Field]:
        """Coordinates in the cloth of a panel: u across, v down the grain."""
        x, y = self.x[area], self.y[area]
        c, s = np.float32(math.cos(panel.grain)), np.float32(math.sin(panel.grain))
        return x * c + y * s, y * c - x * s

    def texture(self, name: str, u: Field, v: Field) -> Field:
        if name not in self.tiles:
            self.tiles[name] = FABRICS[name].weave(self.rng, self.scale)
        return sample(self.tiles[name], u * self.scale % TILE, v * self.scale % TILE)

    def dyed(self, panel: Panel, u: Field, v: Field) -> Field:
        if panel.dye:
            return np.broadcast_to(to_linear(panel.dye), (*u.shape, 3))
        pattern = self.spec.pattern if panel.patterned else "solid"
        rng = np.random.default_rng(self.pattern_seed)
        return paint(pattern, u, v, self.spec.colours, 1 / self.scale, rng)

    def folds(self, panel: Panel, fabric: Fabric, area: tuple[slice, slice]) -> Field:
        """Long folds down the grain, gathers, and clusters of small wrinkles."""
        height, width = self.layer.height[area].shape
        step = max(1, int(self.scale / FOLD_PIXELS_PER_CM))
        x, y = self.x[area][::step, ::step], self.y[area][::step, ::step]
        u, v = fan_out(x, y, panel.fan) if panel.fan else self.along_grain(panel, x, y)
        rng, size = self.rng, fabric.wrinkle_size
        bend = perlin(u / 14, v / 18, rng)
        broad = perlin(u / 11, v / 20, rng)
        long = ridged(u / 7.5 + 0.8 * bend, v / 30 + 0.3 * bend, rng) - 0.4
        small = perlin(u / size + 1.5 * bend, v / (2.2 * size) + bend, rng)
        sharp = ridged((u + 0.7 * v) / (2.6 * size), (v - 0.7 * u) / (6 * size) + bend, rng) - 0.3
        where = smoothstep(-0.3, 0.6, perlin(u / 15, v / 15, rng))
        total = fabric.drape * (1.7 * broad + 0.9 * long)
        total = total + fabric.wrinkle * (0.5 * small + 2.2 * sharp) * where
        return resize(np.asarray(panel.folds * self.creased * total, np.float32), height, width)

    def along_grain(self, panel: Panel, x: Field, y: Field) -> tuple[Field, Field]:
        c, s = np.float32(math.cos(panel.grain)), np.float32(math.sin(panel.grain))
        return x * c + y * s, y * c - x * s

    # Lines and points

    def lay_seam(self, seam: Seam) -> None:
        line = self.in_layer(resample(seam.line, 0.4))
        if len(line) < 2:
            return
        area, mask = self.stroke(line, seam.width * self.scale)
        self.layer.height[area] -= seam.depth * mask
        self.layer.colour[area] *= (1 - 0.22 * mask)[..., None]
        if seam.thread:
            self.stitch(seam.line, seam.thread)

    def stroke(self, line: Points, width: float) -> tuple[tuple[slice, slice], Field]:
        area = self.around(line, 1.0)
        rows, columns = area
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        n = OVERSAMPLING
        picture = Image.new("L", (shape[1] * n, shape[0] * n))
        corners = [tuple(p) for p in (line - (columns.start, rows.start)) * n]
        ImageDraw.Draw(picture).line(corners, fill=255, width=max(2, round(width * n)))
        return area, np.asarray(picture.reduce(n), dtype=np.float32) / 255

    def stitch(self, line: Points, thread: str) -> None:
        dots = self.in_layer(resample(line, 0.45))
        ends = self.in_layer(resample(line + 0, 0.15))
        for i in range(min(len(dots), len(ends) // 3 - 1)):
            area, mask = self.stroke(ends[3 * i : 3 * i + 3], 0.13 * self.scale)
            self.dye(area, mask, thread)

    def dye(self, area: tuple[slice, slice], mask: Field, colour: str) -> None:
        cloth = self.layer.colour[area]
        cloth[:] = cloth * (1 - mask[..., None]) + to_linear(colour) * mask[..., None]

    def lay_crease(self, crease: Crease) -> None:
        line = self.in_layer(resample(crease.line, 1.0))
        if len(line) < 3:
            return
        area = self.around(line, 2.5 * crease.width)
        rows, columns = area
        step = max(1, int(self.scale / FOLD_PIXELS_PER_CM))
        gx, gy = grid(rows.stop - rows.start, columns.stop - columns.start)
        gx, gy = gx[::step, ::step] + columns.start, gy[::step, ::step] + rows.start
        near, along = distances(gx, gy, line)
        taper = np.sin(np.pi * np.clip(along, 0.02, 0.98)) ** 0.8
        ridge = crease.height * taper * np.exp(-((near / (crease.width * self.scale)) ** 2))
        shape = self.layer.height[area].shape
        self.layer.height[area] += resize(ridge.astype(np.float32), *shape) * self.layer.cover[area]

    def lay_button(self, button: Button) -> None:
        area, mask = self.mask(
            self.in_layer(ellipse(*button.centre, *(button.radius,) * 2)), margin=1
        )
        dome = self.dome(mask, button.radius)
        self.layer.height[area] += 0.16 * mask + 0.10 * np.asarray(dome)
        self.dye(area, mask, button.dye)
        self.layer.gloss[area] = np.maximum(self.layer.gloss[area], 0.35 * mask)
        if button.holes:
            self.lay_holes(button)

    def lay_holes(self, button: Button) -> None:
        x, y = button.centre
        gap = button.radius * 0.3
        for dx, dy in ((-gap, -gap), (gap, -gap), (-gap, gap), (gap, gap)):
            hole = ellipse(x + dx, y + dy, button.radius * 0.14, button.radius * 0.14)
            area, mask = self.mask(self.in_layer(hole), margin=0.5)
            self.layer.colour[area] *= (1 - 0.7 * mask)[..., None]

    def lay_fading(self, fading: Fading) -> None:
        area, mask = self.mask(self.in_layer(fading.outline), margin=2 * fading.softness)
        soft = blur(mask, fading.softness * self.scale / 2) * fading.strength
        cloth = self.layer.colour[area]
        cloth[:] = cloth * (1 + 2.2 * soft[..., None]) + 0.05 * soft[..., None]


def fan_out(x: Field, y: Field, apex: Pair) -> tuple[Field, Field]:
    """Polar coordinates around the apex, as wide as the cloth is at 40 cm from it."""
    dx, dy = x - np.float32(apex[0]), y - np.float32(apex[1])
    return np.asarray(np.arctan2(dx, dy) * 40, np.float32), np.asarray(np.hypot(dx, dy), np.float32)


def distances(x: Field, y: Field, line: Points) -> tuple[Field, Field]:
    """How far each pixel is from a line, and how far along the line (0..1) that is."""
    near = np.full(x.shape, np.inf, dtype=np.float32)
    along = np.zeros(x.shape, dtype=np.float32)
    last = len(line) - 1
    for i in range(last):
        (ax, ay), (bx, by) = line[i].astype(np.float32), line[i + 1].astype(np.float32)
        dx, dy = bx - ax, by - ay
        t = np.clip(((x - ax) * dx + (y - ay) * dy) / max(float(dx * dx + dy * dy), 1e-6), 0, 1)
        distance = np.hypot(x - ax - t * dx, y - ay - t * dy)
        closer = distance < near
        near = np.where(closer, distance, near)
        along = np.where(closer, (i + t) / last, along)
    return near, along
