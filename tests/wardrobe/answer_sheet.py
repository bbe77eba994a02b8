"""The pictures of right and wrong answers in docs/vision.md.

    python -m tests.wardrobe.answer_sheet [docs/images/vision-answers.webp]

Asks the built-in engine about the golden photos, and shows twenty that it sees right in type, colour and
pattern, and twenty that it does not, or all of them, with its boxes and what should have been said. A
seed chooses.
"""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
django.setup()

from PIL import Image, ImageDraw, ImageFont  # noqa: E402

from wardrobe.golden.labels import PhotoLabel, is_right_type, pair_garments, read_labels  # noqa: E402
from wardrobe.photos.formats import inspect_photo  # noqa: E402
from wardrobe.photos.ingestion import read_picture  # noqa: E402
from wardrobe.services import batch_digitize  # noqa: E402

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden" / "digitize_photo"
SHEET = "docs/images/vision-answers.webp"
SHOWN, COLUMNS, LETTERS, SEED = 20, 5, 34, 14
SIDE, MARGIN, CAPTION = 224, 12, 44
RIGHT, WRONG, INK = "#2c7a4b", "#b3261e", "#1c1b1a"


Answer = dict[str, Any]


def main(output: Path) -> None:
    told = [label for label in read_labels(GOLDEN) if isinstance(label, PhotoLabel)]
    answers = batch_digitize.scan_files(
        [GOLDEN / label.file for label in told], engine="builtin", jobs=1
    )
    judged = [
        (answer, list(find_faults(label, answer)))
        for label, answer in zip(told, answers, strict=True)
    ]
    right = [draw_photo(answer, [], RIGHT) for answer, faults in judged if not faults]
    wrong = [draw_photo(answer, faults, WRONG) for answer, faults in judged if faults]
    dice = random.Random(SEED)
    shown = [card for cards in (right, wrong) for card in choose(cards, dice)]
    draw_sheet(shown).save(output, quality=82)
    print(f"{len(right)} photos right in every word, {len(wrong)} not; {output}")  # noqa: T201


def choose(cards: list[Image.Image], dice: random.Random) -> list[Image.Image]:
    return dice.sample(cards, min(SHOWN, len(cards)))


def find_faults(label: PhotoLabel, answer: Answer) -> Iterator[str]:
    """What should have been said, for type, colour and pattern, and garments missing or too many."""
    seen = [SimpleNamespace(**garment) for garment in answer["garments"]]
    pairs = pair_garments(label.garments, seen)
    for wanted, found in pairs:
        if found is None:
            yield f"{wanted.type} not found"
            continue
        if not is_right_type(wanted, found.type):
            yield wanted.type
        if wanted.colours and found.colors[0]["name"] not in wanted.colours:
            yield wanted.colours[0]
        if wanted.patterns and found.pattern not in wanted.patterns:
            yield wanted.patterns[0]
    if len(seen) > sum(found is not None for _, found in pairs):
        yield "a garment too many"


def draw_photo(answer: Answer, faults: list[str], colour: str) -> Image.Image:
    """One photo with boxes, and beneath it what was said and what should have been."""
    card = Image.new("RGB", (SIDE, SIDE + CAPTION), "white")
    data = Path(answer["file"]).read_bytes()
    picture = read_picture(data, format=inspect_photo(data).format, side=SIDE)
    draw = ImageDraw.Draw(picture)
    for garment in answer["garments"]:
        x, y, width, height = garment["box"]
        corners = (x, y, x + width, y + height)
        scaled = [c * s for c, s in zip(corners, picture.size * 2, strict=True)]
        draw.rectangle(scaled, outline=colour, width=3)
    card.paste(picture, ((SIDE - picture.width) // 2, 0))
    write(card, SIDE + 4, ", ".join(map(name_garment, answer["garments"])), INK)
    write(card, SIDE + 22, f"should be: {', '.join(faults)}" if faults else "", colour)
    return card


def name_garment(garment: Answer) -> str:
    return f"{garment['colors'][0]['name']} {garment['pattern']} {garment['type']}"


def write(card: Image.Image, y: int, text: str, colour: str) -> None:
    short = text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"
    ImageDraw.Draw(card).text((4, y), short, fill=colour, font=ImageFont.load_default(13))


def draw_sheet(cards: list[Image.Image]) -> Image.Image:
    rows = -(-len(cards) // COLUMNS)
    width, height = (SIDE + MARGIN, SIDE + CAPTION + MARGIN)
    sheet = Image.new("RGB", (COLUMNS * width + MARGIN, rows * height + MARGIN), "#e7e3dc")
    for number, card in enumerate(cards):
        row, column = divmod(number, COLUMNS)
        sheet.paste(card, (MARGIN + column * width, MARGIN + row * height))
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else SHEET))
