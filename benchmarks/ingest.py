"""CPU of making the kept pictures of a 12-megapixel JPEG: ours, sharp's, and a bare decode.

    python -m benchmarks.ingest [--json]

Ours is `wardrobe.photos.ingestion.make_renditions`: decode, turn upright, colours, 1024 and 320 px as WebP,
both verified. sharp makes the same two sizes with the same format, quality and effort, in the two
ways there are; the faster one counts. The floor is decoding alone, at the same reduced scale. Two
photos: one as the sensor has it and one that has to be turned, as most of a phone's. Rounds of ours
and of sharp's alternate; the median of all runs is the figure.

sharp is installed with npm on first use, into ~/.cache/dresscode-benchmarks. Without npm it is missing.
"""

import io
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")  # Else one would be written to disk.

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

from benchmarks.report import Figure, report  # noqa: E402
from wardrobe.photos import ingestion  # noqa: E402

PEER = Path(__file__).parent / "peers" / "sharp"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dresscode-benchmarks"
SIZE = (4000, 3000)
ROUNDS, RUNS = 4, 5
PHOTOS = {"upright photo": 1, "turned photo": 6}
"""Each with its EXIF orientation."""


class PeerMissingError(Exception):
    """A peer cannot be run here; the message says why."""


def make_photo(orientation: int) -> bytes:
    """A 12-megapixel JPEG of about 6 MB: large shapes, cloth, texture and the sensor's noise."""
    rng = np.random.default_rng(7)
    width, height = SIZE
    pixels = np.full((height, width, 3), (150, 140, 120), np.float32)
    for rows, contrast in ((5, 60), (40, 40), (300, 22), (1500, 12)):
        noise = rng.normal(128, contrast, (rows, rows * 4 // 3, 3)).clip(0, 255).astype(np.uint8)
        layer = Image.fromarray(noise).resize(SIZE, Image.Resampling.BICUBIC)
        pixels += np.asarray(layer, np.float32) - 128
    pixels += rng.normal(0, 5, (height, width, 1)).astype(np.float32)
    exif = Image.Exif()
    exif[ingestion.ORIENTATION] = orientation
    buffer = io.BytesIO()
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    image.save(buffer, "JPEG", quality=93, exif=exif)
    return buffer.getvalue()


def measure(call: Callable[[], object]) -> list[float]:
    """CPU milliseconds of each of RUNS calls, of all threads."""
    call()
    times = []
    for _ in range(RUNS):
        before = time.process_time()
        call()
        times.append((time.process_time() - before) * 1000)
    return times


def decode(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        ingestion.hint_scale(image, ingestion.IMAGE_SIDE)
        image.load()


def install_sharp() -> Path:
    """The folder with sharp and our script. Raises PeerMissingError."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise PeerMissingError("sharp (there is no npm)")
    folder = CACHE / "sharp"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (PEER / "package.json").read_text()
    stamp = folder / "installed.json"
    shutil.copy(PEER / "ingest.mjs", folder)
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.copy(PEER / "package.json", folder)
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
            raise PeerMissingError("sharp (npm could not install it)")
        stamp.write_text(wanted)
    return folder


def run_sharp(folder: Path, photo: Path) -> dict[str, Any]:
    """Its version, the sizes it made and CPU milliseconds by way."""
    options = [str(RUNS), str(ingestion.QUALITY), str(ingestion.METHOD)]
    command = ["node", "ingest.mjs", str(photo), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def compare(data: bytes, sharp: Path | None) -> tuple[dict[str, float], str]:
    """Median CPU milliseconds by name, and the version of sharp."""
    times: dict[str, list[float]] = {}
    version = ""
    renditions = ingestion.make_renditions(data, format="jpeg")
    with tempfile.NamedTemporaryFile(suffix=".jpg") as photo:
        photo.write(data)
        photo.flush()
        for _ in range(ROUNDS):
            ours = measure(lambda: ingestion.make_renditions(data, format="jpeg"))
            times.setdefault("ours", []).extend(ours)
            times.setdefault("scaled decoding alone", []).extend(measure(lambda: decode(data)))
            if sharp:
                theirs = run_sharp(sharp, Path(photo.name))
                version = theirs["version"]
                assert {tuple(sizes[0]) for sizes in theirs["sizes"]} == {renditions.picture.size}
                times.setdefault("sharp, one decode", []).extend(theirs["once"])
                times.setdefault("sharp, two clones", []).extend(theirs["clones"])
    return {name: statistics.median(runs) for name, runs in times.items()}, version


def main() -> None:
    missing: list[str] = []
    try:
        sharp = install_sharp()
    except PeerMissingError as error:
        sharp, missing = None, [str(error)]
    figures, ratios, version = [], {}, ""
    for kind, orientation in PHOTOS.items():
        data = make_photo(orientation)
        figures.append(Figure(f"{kind}, size", len(data) / 1e6, "MB"))
        medians, version = compare(data, sharp)
        figures += [Figure(f"{kind}, {name}", value, "ms CPU") for name, value in medians.items()]
        theirs = [value for name, value in medians.items() if name.startswith("sharp")]
        if theirs:
            ratios[f"sharp, {kind}"] = round(medians["ours"] / min(theirs), 3)
        floor = medians["scaled decoding alone"]
        ratios[f"scaled decoding alone, {kind}"] = round(medians["ours"] / floor, 3)
    environment = {"pillow": Image.__version__} | ({"sharp": version} if version else {})
    report("ingest", figures=figures, ratios=ratios, missing=missing, environment=environment)


if __name__ == "__main__":
    main()
