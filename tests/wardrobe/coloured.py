"""Pictures that say what their colours mean: patches, with chunks and boxes written byte by byte."""

import struct

from PIL import Image

from tests.wardrobe.pictures import encode, png_chunk

PATCH = 16
PATCHES = [
    *((grey, grey, grey) for grey in (0, 32, 64, 96, 128, 148, 160, 176, 192, 224, 255)),
    *((255, 0, 0), (0, 255, 0), (148, 128, 110), (110, 100, 90), (152, 150, 148), (200, 60, 60)),
]
SRGB = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
ADOBE = (0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)


def draw_patches() -> Image.Image:
    picture = Image.new("RGB", (PATCH * len(PATCHES), 2 * PATCH))
    for number, colour in enumerate(PATCHES):
        picture.paste(colour, (PATCH * number, 0, PATCH * (number + 1), 2 * PATCH))
    return picture


def find_patches(picture: Image.Image) -> list[tuple[int, ...]]:
    """The middle of each."""
    places = [(PATCH * number + PATCH // 2, PATCH) for number in range(len(PATCHES))]
    return [tuple(picture.convert("RGB").getpixel(place)) for place in places]  # type: ignore[arg-type]


def png_with(*chunks: bytes) -> bytes:
    png = encode(draw_patches(), "png")
    return png[:33] + b"".join(chunks) + png[33:]


def gamma(value: float) -> bytes:
    return png_chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def primaries(values: tuple[float, ...]) -> bytes:
    return png_chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


def code_points(primaries: int, transfer: int) -> bytes:
    return png_chunk(b"cICP", bytes((primaries, transfer, 0, 1)))


def avif_with(primaries: int, transfer: int) -> bytes:
    """Of the same coded pixels, whatever they are said to mean."""
    data = encode(draw_patches(), "avif", quality=100, subsampling="4:4:4")
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def animated_avif() -> bytes:
    """A red square on nothing, half transparent blue beside it, and then all green."""
    first = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    first.paste((200, 30, 30, 255), (16, 16, 48, 48))
    first.paste((30, 30, 200, 128), (48, 48, 64, 64))
    then = [Image.new("RGBA", (64, 64), (0, 255, 0, 255))]
    options = {"duration": 60_000, "range": "limited", "quality": 100}
    return encode(first, "avif", save_all=True, append_images=then, **options)


SRGB_CHUNK = png_chunk(b"sRGB", b"\x00")
FILES: dict[str, tuple[str, bytes]] = {
    "plain": ("png", png_with()),
    "gamma 1": ("png", png_with(gamma(1.0))),
    "gamma 0.625": ("png", png_with(gamma(0.625))),
    "gamma that says nothing": ("png", png_with(gamma(0.47))),
    "gamma beside sRGB": ("png", png_with(SRGB_CHUNK, gamma(1.0))),
    "gamma and primaries": ("png", png_with(gamma(0.4547), primaries(ADOBE))),
    "gamma 1 and sRGB's primaries": ("png", png_with(gamma(1.0), primaries(SRGB))),
    "primaries alone": ("png", png_with(primaries(ADOBE))),
    "sRGB by code points": ("png", png_with(code_points(1, 13))),
    "P3 by code points": ("png", png_with(code_points(12, 13))),
    "BT.709 by code points": ("png", png_with(code_points(1, 1))),
    "linear by code points": ("png", png_with(code_points(1, 8))),
    "gamma 2.2 by code points": ("png", png_with(code_points(1, 4))),
    "PQ": ("png", png_with(code_points(9, 16))),
    "PQ beside a gamma": ("png", png_with(code_points(9, 16), gamma(1.0))),
    "PQ of P3": ("png", png_with(code_points(12, 16))),
    "HLG": ("png", png_with(code_points(9, 18))),
    "AVIF of sRGB": ("avif", avif_with(1, 13)),
    "AVIF of video": ("avif", avif_with(1, 1)),
    "AVIF of nothing said": ("avif", avif_with(2, 2)),
    "AVIF of P3": ("avif", avif_with(12, 13)),
    "AVIF of PQ": ("avif", avif_with(9, 16)),
    "AVIF of HLG": ("avif", avif_with(9, 18)),
}
