"""How many garments of real photos are cut out, how well, and what that costs.

    python -m benchmarks.cut_outs PHOTOS [--count 200] [--sheets FOLDER]

PHOTOS has train/TYPE/*.jpg, photos of one garment each. Looked at are those whose outline was drawn by hand
(`tests/wardrobe/masks/outlines.json`) and, of each type, as many others as make up the count, chosen by a seed. A garment
is cut out as the product does it. Told are how many are shown as a cut-out and
how many as a print, because their sureness is too low or nothing stands out; milliseconds of a processor a photo; and
intersection over union with the outlines, where there are some. --sheets draws each photo beside its cut-out on the pages'
ground, twenty on a sheet, to be judged by eye; what was seen on them so is in `tests/wardrobe/masks/cut_outs_seen.json`
and is counted.
"""

import argparse
import json
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

import numpy as np
from PIL import Image, ImageDraw

from tests.wardrobe.test_masks import OUTLINES, draw_outline, measure_overlap
from wardrobe.cutouts import cutting
from wardrobe.cutouts.cutting import SURE_ENOUGH, CutOut
from wardrobe.vision.garments import look_for_garments
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.pieces import Mask

SEEN = OUTLINES.parent / "cut_outs_seen.json"
GROUND, TILE, ACROSS, DOWN = (224, 226, 229), 156, 5, 4
PARAMETERS = VisionParameters()
Outline = list[list[list[float]]]
"""Polygons in fractions of the photo."""


@dataclass(frozen=True)
class Looked:
    """A photo by its path within PHOTOS, what was cut out of it, and how far its mask overlaps the outline, if it has one."""

    file: str
    cut: CutOut | None
    cpu_ms: float
    overlap: float | None = None

    @property
    def sureness(self) -> float:
        return self.cut.sureness if self.cut else 0.0

    @property
    def is_shown(self) -> bool:
        return self.sureness >= SURE_ENOUGH


def choose(photos: Path, count: int) -> list[str]:
    """The outlined ones first."""
    outlined = list(json.loads(OUTLINES.read_text()))
    rng, chosen = random.Random(18), list(outlined)
    folders = sorted(path for path in (photos / "train").iterdir() if path.is_dir())
    others = {
        folder: [f"train/{folder.name}/{path.name}" for path in sorted(folder.glob("*.jpg"))]
        for folder in folders
    }
    for files in others.values():
        files[:] = [file for file in files if file not in outlined]
        rng.shuffle(files)
    while len(chosen) < count:
        for files in others.values():
            chosen.append(files.pop())
    return chosen[:count]


def look_at(photos: Path, file: str, outline: Outline) -> Looked:
    with Image.open(photos / file) as opened:
        picture = opened.convert("RGB")
    start = time.process_time()
    regions = look_for_garments(picture, parameters=PARAMETERS)
    try:
        mask, certainty = cutting.choose_mask(regions, [])
    except cutting.NothingToCutError:
        return Looked(file, None, 1000 * (time.process_time() - start))
    cut = cutting.cut_along(picture, mask, certainty)
    spent = 1000 * (time.process_time() - start)
    return Looked(file, cut, spent, follow(mask, outline, picture.size))


def follow(mask: Mask, outline: Outline, size: tuple[int, int]) -> float | None:
    """Intersection over union with an outline, if there is one."""
    return measure_overlap(mask, draw_outline(outline, size)) if outline else None


def report(looked: list[Looked], seen: dict[str, str]) -> Iterator[str]:
    shown = [one for one in looked if one.is_shown]
    unsure = [one for one in looked if one.cut and not one.is_shown]
    nothing = [one for one in looked if not one.cut]
    yield (
        f"{len(looked)} photos: {len(shown)} cut out, {len(unsure)} too unsure, "
        f"{len(nothing)} without anything that stands out"
    )
    for kind, count in sorted(Counter(one.file.split("/")[1] for one in shown).items()):
        of = sum(one.file.split("/")[1] == kind for one in looked)
        yield f"  {kind}: {count} of {of}"
    times = sorted(one.cpu_ms for one in looked)
    yield f"CPU: median {statistics.median(times):.0f} ms, p95 {times[len(times) * 95 // 100]:.0f} ms"
    for name, some in (
        ("all outlined", looked),
        ("of them cut out", shown),
        ("not", unsure + nothing),
    ):
        if overlaps := [one.overlap for one in some if one.overlap is not None]:
            low, middle = np.quantile(overlaps, [0.1, 0.5])
            yield (
                f"{name}: {len(overlaps)}, overlap median {middle:.3f}, tenth percentile {low:.3f}, "
                f"least {min(overlaps):.2f}, {sum(one >= 0.9 for one in overlaps)} at 0.9 or more"
            )
    for name, some in (("cut out", shown), ("not cut out", unsure + nothing)):
        kinds = Counter(seen.get(one.file, "not looked at") for one in some)
        yield f"{name}, by eye: {', '.join(f'{kind} {count}' for kind, count in kinds.most_common())}"


def draw_sheets(photos: Path, folder: Path, looked: list[Looked]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(looked), ACROSS * DOWN):
        sheet = Image.new("RGB", (ACROSS * 2 * TILE, DOWN * (TILE + 14)), "white")
        pen = ImageDraw.Draw(sheet)
        for at, one in enumerate(looked[start : start + ACROSS * DOWN]):
            left, top = at % ACROSS * 2 * TILE, at // ACROSS * (TILE + 14)
            with Image.open(photos / one.file) as opened:
                photo = opened.convert("RGB")
            photo.thumbnail((TILE, TILE))
            sheet.paste(photo, (left, top))
            ground = Image.new("RGB", (TILE - 4, TILE), GROUND)
            if one.cut:
                cut = one.cut.picture.copy()
                cut.thumbnail(ground.size)
                ground.paste(cut, ((ground.width - cut.width) // 2, 0), cut)
            sheet.paste(ground, (left + TILE, top))
            mark = "" if one.is_shown else " no"
            pen.text((left + 2, top + TILE + 1), f"{start + at}: {one.sureness:.2f}{mark}", "black")
        sheet.save(folder / f"sheet-{start // (ACROSS * DOWN)}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--sheets", type=Path)
    given = parser.parse_args()
    outlines = json.loads(OUTLINES.read_text())
    files = choose(given.photos, given.count)
    looked = [look_at(given.photos, file, outlines.get(file, [])) for file in files]
    if given.sheets:
        draw_sheets(given.photos, given.sheets, looked)
        (given.sheets / "files.json").write_text(json.dumps(files))
    for line in report(looked, json.loads(SEEN.read_text()) if SEEN.exists() else {}):
        print(line)


if __name__ == "__main__":
    main()
