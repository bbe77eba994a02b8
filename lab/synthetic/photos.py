"""Render a photo of garments as somebody might take it with a phone."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lab.synthetic.bold_grounds import ALL_GROUNDS
from lab.synthetic.clutter import hang, scatter
from lab.synthetic.curves import Points
from lab.synthetic.cuts import cut_of
from lab.synthetic.fields import Field, Random, grid, smoothstep
from lab.synthetic.grounds import Ground, lay_ground
from lab.synthetic.lengths import name_length, name_sleeve
from lab.synthetic.lighting import Light, develop, paste, put_down, room_light
from lab.synthetic.parts import Panel, Part
from lab.synthetic.people import stand
from lab.synthetic.sewing import Layer, Placement, Sewing
from lab.synthetic.specs import GarmentSpec, GarmentTruth, PhotoTruth, RenderedPhoto, Shot

# x, y, width, height in pixels.
Cell: TypeAlias = tuple[float, float, float, float]

STEADY = Shot()

# No phone is held so near that a hat fills the frame.
LARGEST_SCALE = 1 / 34


def render_photo(
    spec: GarmentSpec | Sequence[GarmentSpec],
    *,
    seed: int,
    background: str,
    size: tuple[int, int] = (1200, 1600),
    shot: Shot = STEADY,
) -> RenderedPhoto:
    """Render one or several garments on one background; `size` is width, height in pixels.

    The same arguments give the same pixels. Raises KeyError for a type without a cut or an unknown
    background.
    """
    specs = [spec] if isinstance(spec, GarmentSpec) else list(spec)
    width, height = size
    rng = np.random.default_rng(seed)
    light = Light.random(rng)
    garments = [(one, cut_of(one).parts(one, rng)) for one in specs]
    placements = arrange([parts for _, parts in garments], width, height, rng, shot)
    scale = placements[0].pixels_per_cm
    photo = lay_ground(
        ALL_GROUNDS[background], height, width, pixels_per_cm=scale, light=light, rng=rng
    )
    # Clutter and camera have dice of their own: with or without them the garment is the same.
    own = np.random.default_rng([seed, 1])
    if shot.beyond:
        lay_beyond(photo, ALL_GROUNDS[shot.beyond], light, pixels_per_cm=scale, seed=seed)
    scatter(photo, shot.clutter, light, pixels_per_cm=scale, rng=own)
    pose = hold(width, height, shot.tilt, own)
    truths, masks = [], []
    for (one, parts), placement in zip(garments, placements, strict=True):
        if shot.hung:
            hang(photo, placement, light, seed=seed)
        if shot.worn:
            stand(photo, placement, light, shot.worn, seed=seed)
        layer = Sewing(one, parts, placement=placement, rng=rng, creased=shot.creased).layer
        put_down(photo, layer, light, pixels_per_cm=scale)
        truths.append(truth(one, parts, layer, width, height, pose))
        masks.append(mask_of(layer, width, height, pose))
    photo = photo * room_light(height, width, light, rng, shot.uneven)[..., None]
    image = develop(photo, rng, shot, pose)
    return RenderedPhoto(image, PhotoTruth(tuple(truths)), tuple(masks))


def arrange(
    garments: list[list[Part]], width: int, height: int, rng: Random, shot: Shot = STEADY
) -> list[Placement]:
    """Give every garment a cell of the photo, and all of them one scale."""
    corners = [corners_of(parts) for parts in garments]
    turns = [float(rng.normal(0, 0.045)) + shot.turn for _ in garments]
    cells = divide([float(high[0] - low[0]) for low, high in corners], width, height)
    scale = min(
        shot.fill * fitting_scale(low, high, turn, cell)
        for (low, high), turn, cell in zip(corners, turns, cells, strict=True)
    )
    scale = min(scale, LARGEST_SCALE * width)
    return [
        place(low, high, turn, cell, scale, rng, shot)
        for (low, high), turn, cell in zip(corners, turns, cells, strict=True)
    ]


def corners_of(parts: list[Part]) -> tuple[Points, Points]:
    """The least and the greatest x, y of all panels, in centimetres."""
    everything = np.vstack([part.outline for part in parts if isinstance(part, Panel)])
    return everything.min(axis=0), everything.max(axis=0)


def divide(widths: list[float], width: int, height: int) -> list[Cell]:
    """Cells for garments of these widths: two in a row, the wider one gets more room."""
    pairs = [widths[i : i + 2] for i in range(0, len(widths), 2)]
    row = height / len(pairs)
    cells: list[Cell] = []
    for number, pair in enumerate(pairs):
        ends = [width * sum(pair[: k + 1]) / sum(pair) for k in range(len(pair))]
        starts = [0.0, *ends[:-1]]
        cells += [(x, number * row, end - x, row) for x, end in zip(starts, ends, strict=True)]
    return cells


def fitting_scale(low: Points, high: Points, turn: float, cell: Cell) -> float:
    w, h = high - low
    c, s = abs(np.cos(turn)), abs(np.sin(turn))
    return float(min(cell[2] / (w * c + h * s), cell[3] / (h * c + w * s)))


def place(
    low: Points,
    high: Points,
    turn: float,
    cell: Cell,
    scale: float,
    rng: Random,
    shot: Shot,
) -> Placement:
    """In the middle of its cell, give or take a little."""
    x, y, w, h = cell
    aside, down = rng.uniform(-0.015, 0.015, 2) + (shot.aside, shot.down)
    origin = (low + high) / 2
    centre = (x + w * (0.5 + aside), y + h * (0.5 + down))
    return Placement(centre, (float(origin[0]), float(origin[1])), scale, turn)


def hold(width: int, height: int, tilt: float, rng: Random) -> Field:
    """The homography from pixels of the picture to pixels of the flat scene, (3, 3).

    A phone held at an angle sees one side nearer than the other: the corners of the picture fall
    within the scene, each its own bit.
    """
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    inset = rng.uniform(0, tilt, (4, 2)) * width if tilt else np.zeros((4, 2))
    rows, goals = [], []
    for (x, y), (dx, dy) in zip(corners, inset, strict=True):
        u, v = (dx if x == 0 else x - dx), (dy if y == 0 else y - dy)
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        goals += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(goals)), 1).reshape(3, 3)


def truth(
    spec: GarmentSpec, parts: list[Part], layer: Layer, width: int, height: int, pose: Field
) -> GarmentTruth:
    slot = cut_of(spec).slot
    return GarmentTruth(
        spec.type,
        slot,
        spec.colours,
        spec.pattern,
        box_of(layer, width, height, pose),
        sleeve=name_sleeve(parts, slot),
        length=name_length(parts, slot),
    )


def box_of(layer: Layer, width: int, height: int, pose: Field) -> tuple[float, float, float, float]:
    """Where the garment covers the picture: x, y, width, height in fractions."""
    rows, columns = np.nonzero(layer.cover > 0.02)
    # Both corners of every covered pixel, so that the box holds whole pixels.
    x = np.concatenate([columns, columns + 1]) + layer.left
    y = np.concatenate([rows, rows + 1]) + layer.top
    u, v, w = np.linalg.inv(pose) @ np.stack([x, y, np.ones_like(x)])
    left, right = np.clip([(u / w).min() / width, (u / w).max() / width], 0, 1)
    top, bottom = np.clip([(v / w).min() / height, (v / w).max() / height], 0, 1)
    return float(left), float(top), float(right - left), float(bottom - top)


def mask_of(layer: Layer, width: int, height: int, pose: Field) -> NDArray[np.bool_]:
    """The pixels of the picture (height, width) that the garment covers at least half of."""
    flat = np.zeros((height, width), dtype=np.float32)
    paste(flat, layer.cover, layer.left, layer.top)
    picture = Image.fromarray(flat).transform(
        (width, height), Image.Transform.PERSPECTIVE, (pose / pose[2, 2]).ravel()[:8].tolist(),
        Image.Resampling.BILINEAR,
    )  # fmt: skip
    return np.asarray(picture) >= 0.5


def lay_beyond(
    photo: Field, ground: Ground, light: Light, *, pixels_per_cm: float, seed: int
) -> None:
    """Another ground along one side of the photo (linear, changed in place), in the near one's shade."""
    rng = np.random.default_rng([seed, 2])
    height, width, _ = photo.shape
    other = lay_ground(ground, height, width, pixels_per_cm=pixels_per_cm, light=light, rng=rng)
    x, y = grid(height, width)
    angle = np.pi / 2 * int(rng.integers(4)) + float(rng.normal(0, 0.06))
    along = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    start = 0.5 - float(rng.uniform(0.03, 0.22))
    share = smoothstep(start - 0.003, start + 0.003, np.asarray(along))[..., None]
    shade = 1 - float(rng.uniform(0, 0.6)) * smoothstep(start + 0.2, start, np.asarray(along))
    photo *= 1 - share
    photo += other * shade[..., None] * share
