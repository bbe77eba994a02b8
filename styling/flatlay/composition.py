"""The picture of an outfit, composed as the page composes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from styling.flatlay.recipes import Box, find_boxes

SIDE = 360
"""Pixels of the square."""
MOST_BYTES = 16_000


@dataclass(frozen=True)
class LaidPicture:
    """A piece on the ground: its cut-out, or as a print (`is_print`) its photo, which fills the box."""

    place: str
    picture: Image.Image
    is_print: bool = False


def compose(pieces: Sequence[LaidPicture], side: int = SIDE) -> Image.Image:
    """The outfit on nothing: RGBA, `side` pixels square. Pieces without a place are left out."""
    ground = Image.new("RGBA", (side, side))
    boxes = find_boxes(piece.place for piece in pieces)
    laid = [(boxes[piece.place], piece) for piece in pieces if piece.place in boxes]
    for box, piece in sorted(laid, key=lambda one: one[0].z):
        lay(ground, box, piece)
    return ground


def lay(ground: Image.Image, box: Box, piece: LaidPicture) -> None:
    """Fitted into its box and turned about the middle of it."""
    side = ground.width
    width, height = round(box.width * side / 100), round(box.height * side / 100)
    picture = piece.picture.convert("RGBA")
    picture = fill(picture, width, height) if piece.is_print else fit(picture, width, height)
    if box.turn:
        picture = picture.rotate(-box.turn, Image.Resampling.BICUBIC, expand=True)
    left = round((box.left + box.width / 2) * side / 100 - picture.width / 2)
    top = round((box.top + box.height / 2) * side / 100 - picture.height / 2)
    within = (max(0, -left), max(0, -top))
    ground.alpha_composite(picture, (max(0, left), max(0, top)), within)


def fit(picture: Image.Image, width: int, height: int) -> Image.Image:
    """As `object-fit: contain`: whole, and as large as the box lets it be."""
    scale = min(width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def fill(picture: Image.Image, width: int, height: int) -> Image.Image:
    """As `object-fit: cover`: the middle of it, so that the box is full."""
    scale = max(width / picture.width, height / picture.height)
    across, down = width / scale, height / scale
    left, top = (picture.width - across) / 2, (picture.height - down) / 2
    box = (left, top, left + across, top + down)
    return picture.resize((width, height), Image.Resampling.BICUBIC, box=box)
