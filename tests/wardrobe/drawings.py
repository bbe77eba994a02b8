"""Pictures drawn for tests: blocks of cloth on a plain floor, a little noisy as photos are."""

import numpy as np
from PIL import Image, ImageDraw

from lab.synthetic import FabricColour, GarmentSpec, render_photo
from lab.synthetic.photos import RenderedPhoto

BEIGE_FLOOR = (205, 190, 165)


def draw_floor(size: tuple[int, int] = (768, 1024), colour: tuple[int, int, int] = BEIGE_FLOOR):
    return Image.new("RGB", size, colour)


def lay_shirt(
    image: Image.Image, colour: tuple[int, int, int], box: tuple[int, int, int, int]
) -> None:
    """A torso with two sleeves, filling `box` (left, top, right, bottom)."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    draw = ImageDraw.Draw(image)
    draw.rectangle((left + width // 4, top, right - width // 4, bottom), fill=colour)
    draw.rectangle((left, top, right, top + height // 4), fill=colour)


def lay_cloth(image: Image.Image, cloth: Image.Image, at: tuple[int, int]) -> None:
    image.paste(cloth, at)


def weave_stripes(size: tuple[int, int], period: int = 40) -> Image.Image:
    rows = (np.arange(size[1]) // (period // 2)) % 2
    pixels = np.where(rows[:, None, None] == 1, (240, 240, 240), (30, 40, 90))
    return Image.fromarray(np.broadcast_to(pixels, (size[1], size[0], 3)).astype(np.uint8))


def weave_checks(size: tuple[int, int], period: int = 60) -> Image.Image:
    rows = (np.arange(size[1]) // (period // 2)) % 2
    columns = (np.arange(size[0]) // (period // 2)) % 2
    dark = (rows[:, None] ^ columns[None, :]).astype(bool)
    pixels = np.where(dark[..., None], (25, 25, 25), (245, 245, 245))
    return Image.fromarray(pixels.astype(np.uint8))


def add_noise(image: Image.Image, strength: float = 4.0) -> Image.Image:
    noise = np.random.default_rng(7).normal(0, strength, (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def draw_shirt(colour: tuple[int, int, int]) -> Image.Image:
    image = draw_floor()
    lay_shirt(image, colour, (134, 200, 634, 850))
    return add_noise(image)


def draw_two_shirts(one: tuple[int, int, int], other: tuple[int, int, int]) -> Image.Image:
    image = draw_floor((1024, 768))
    lay_shirt(image, one, (60, 150, 460, 620))
    lay_shirt(image, other, (560, 150, 960, 620))
    return add_noise(image)


def draw_cloth(cloth: Image.Image) -> Image.Image:
    image = draw_floor()
    lay_cloth(image, cloth, (160, 200))
    return add_noise(image)


def draw_sewn(
    type: str, colour: FabricColour, *, size: tuple[int, int] = (768, 1024)
) -> RenderedPhoto:
    """One garment as golden photos show it, with its true mask: what is to be called by its name is drawn like this."""
    spec = GarmentSpec(type=type, colours=(colour,), trim=colour.hex)
    return render_photo(spec, seed=5, background="concrete", size=size)
