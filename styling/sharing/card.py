"""The picture of an outfit that leaves the site: the look on its ground, a line, names if wished. No database."""

import io
from collections.abc import Sequence
from functools import cache

from font_source_serif_pro import SourceSerifPro, SourceSerifProIt
from PIL import Image, ImageDraw, ImageFont

SIZES = {"portrait": (1080, 1350), "square": (1080, 1080), "story": (1080, 1920)}
"""Pixels of each shape, as the usual services show them."""
GROUND = (224, 226, 229)
ON_GROUND = (30, 38, 64)
"""`--ground` and `--on-ground` of the stylesheet by day; 11 : 1."""
SOFT = (84, 91, 112)
MARGIN = 64
LINE_SIZE = 76
NAME_SIZE = 34
LEADING = 1.25
WORDMARK = ("Dress", "code")
WORDMARK_SIZE = 44
JPEG_QUALITY = 88
MOST_ROWS = 3
UNKNOWN = "\uffff"
"""A character that no font has."""


@cache
def _font(size: int, is_italic: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(SourceSerifProIt if is_italic else SourceSerifPro, size)


@cache
def _has_letter(letter: str) -> bool:
    font = _font(NAME_SIZE)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(UNKNOWN))


def can_write(text: str) -> bool:
    """Whether the font has every letter of it: Latin, Greek and Cyrillic ones, and nothing that joins or turns."""
    return all(map(_has_letter, text))


def draw_card(
    look: Image.Image, shape: str, lines: Sequence[str] = (), names: Sequence[str] = ()
) -> bytes:
    """A JPEG without metadata of a shape of SIZES: `look` is a square RGBA picture, the others are text that
    `can_write`, each of `lines` on a row of its own. What is too long for its place ends in an ellipsis."""
    width, height = SIZES[shape]
    card = Image.new("RGB", (width, height), GROUND)
    pen = ImageDraw.Draw(card)
    room = width - 2 * MARGIN
    foot = _write_foot(pen, lines, names, width, height)
    side = min(room, foot - 2 * MARGIN)
    fitted = look.resize((side, side), Image.Resampling.LANCZOS)
    card.paste(fitted, ((width - side) // 2, (foot - side) // 2), fitted)
    buffer = io.BytesIO()
    card.save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()


def _write_foot(
    pen: ImageDraw.ImageDraw, lines: Sequence[str], names: Sequence[str], width: int, height: int
) -> int:
    """The words, from the bottom upwards; answers with where they begin."""
    top = height - MARGIN - WORDMARK_SIZE
    first, second = WORDMARK
    second_width = round(_font(WORDMARK_SIZE, is_italic=True).getlength(second))
    first_width = round(_font(WORDMARK_SIZE).getlength(first))
    left = width - MARGIN - first_width - second_width
    pen.text((left, top), first, ON_GROUND, _font(WORDMARK_SIZE))
    pen.text((left + first_width, top), second, ON_GROUND, _font(WORDMARK_SIZE, is_italic=True))
    # The lowest words stand beside the mark.
    bottom, room = top + WORDMARK_SIZE, left - 2 * MARGIN
    for parts, size, ink in (([", ".join(names)], NAME_SIZE, SOFT), (lines, LINE_SIZE, ON_GROUND)):
        rows = _wrap(parts, _font(size), room)
        for row in reversed(rows):
            bottom -= round(size * LEADING)
            pen.text((MARGIN, bottom), row, ink, _font(size))
        if rows:
            bottom, room = bottom - NAME_SIZE // 2, width - 2 * MARGIN
    return min(bottom, top)


def _wrap(parts: Sequence[str], font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    rows: list[str] = []
    for part in filter(None, parts):
        row = ""
        for word in part.split():
            longer = f"{row} {word}".strip()
            if row and font.getlength(longer) > room:
                rows.append(row)
                longer = word
            row = longer
        rows.append(row)
    if len(rows) > MOST_ROWS:
        rows = [*rows[: MOST_ROWS - 1], f"{rows[MOST_ROWS - 1]}…"]
    return [_cut(row, font, room) for row in rows]


def _cut(row: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    """A single word that is wider than its place loses its end."""
    if font.getlength(row) <= room:
        return row
    while row and font.getlength(f"{row}…") > room:
        row = row[:-1]
    return f"{row}…"
