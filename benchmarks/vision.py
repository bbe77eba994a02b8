"""What seeing a photo costs, and how well it is done.

    python -m benchmarks.vision [--json]

CPU milliseconds of each stage of `wardrobe.vision.garments.detect_garments` for photos of 1024 px as
the app stores them, of one core; the resident memory of a process that has seen them; how many photos
a second one and two such processes manage; the start and the memory of a worker with all of Django. The photos are drawn. The peer is OpenCV's GrabCut on
the same pictures at the same size, begun with a rectangle just inside the rim, as our own
segmentation begins; it needs `pip install opencv-python-headless`, which Dresscode itself does not.

With DRESSCODE_REAL_PHOTOS (a folder with train/, validation/ and labelled.json) real photos take the
place of the drawn ones, and accuracy is measured: colours and patterns on labelled.json, and
garments on composed photos and on train photos of one garment.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # As in the app's own processes: one core for one photo.

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

from benchmarks import composed  # noqa: E402
from benchmarks.report import Figure, report  # noqa: E402
from lab.synthetic import render_photo  # noqa: E402
from lab.synthetic.demo import read_demo  # noqa: E402
from wardrobe.vision.colours import NamedColours, measure_colours  # noqa: E402
from wardrobe.vision.expectation import expect_garments  # noqa: E402
from wardrobe.vision.garments import (  # noqa: E402
    crop_middle,
    crop_square,
    detect_garments,
    name_types,
    pixels_around,
    pixels_under,
    shrink_image,
)
from wardrobe.vision.naming import name_garment  # noqa: E402
from wardrobe.vision.oklab import to_oklab  # noqa: E402
from wardrobe.vision.parameters import VisionParameters  # noqa: E402
from wardrobe.vision.pieces import Mask  # noqa: E402
from wardrobe.vision.segmentation import find_regions  # noqa: E402

REAL = os.environ.get("DRESSCODE_REAL_PHOTOS", "")
PARAMETERS = VisionParameters()
TRUNKLESS = VisionParameters(heads="")
"""The engine before it had a trunk: what the goal of its cost, 110 ms where that took 51, counts in."""
GOAL_RATIO = 110 / 51
SIZE = (768, 1024)
PHOTOS, DRAWN = 40, 12
COMPOSED_DRAWN, COMPOSED_REAL = 24, 60
SINGLE = 300
SECONDS = 6.0
PROCESSES = (1, 2)
SEEN = 8
"""Photos that the process of a worker sees before its memory is read."""


def main() -> None:
    if "--work" in sys.argv:
        work()
        return
    photos = read_photos()
    stages, missing = measure_stages(photos), []
    figures = list_times(stages)
    ours, without = (
        statistics.median(stages[name])
        for name in ("all, decode included", "all without the trunk")
    )
    ratios = {f"the engine without the trunk (goal: {GOAL_RATIO:.2f})": round(ours / without, 2)}
    if "opencv GrabCut" in stages:
        ours, theirs = (
            statistics.median(stages[name]) for name in ("segmentation", "opencv GrabCut")
        )
        ratios["opencv GrabCut, segmentation"] = round(ours / theirs, 3)
    else:
        missing.append("opencv GrabCut (pip install opencv-python-headless)")
    figures += measure_processes()
    figures += measure_worker(photos)
    figures += measure_accuracy(Path(REAL)) if REAL else []
    report("vision", figures=figures, ratios=ratios, missing=missing)


def read_photos() -> list[bytes]:
    """WebP of 1024 px, as stored: real ones where there are some, else drawn."""
    if REAL:
        files = sorted((Path(REAL) / "validation").glob("*/*.jpg"))
        pictures = [open_photo(file) for file in files[:: max(1, len(files) // PHOTOS)][:PHOTOS]]
    else:
        pictures = [
            render_photo(
                photo.garments, seed=photo.seed, background=photo.background, size=SIZE
            ).image
            for photo in read_demo(composed.DEMO)[:DRAWN]
        ]
    return [encode(picture) for picture in pictures]


def open_photo(file: Path) -> Image.Image:
    with Image.open(file) as image:
        return image.convert("RGB")


def encode(picture: Image.Image) -> bytes:
    scale = max(SIZE) / max(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    buffer = io.BytesIO()
    picture.resize(size, Image.Resampling.BICUBIC).save(buffer, "WEBP", quality=80)
    return buffer.getvalue()


def decode(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.convert("RGB")


class Stopwatch:
    """CPU milliseconds of each stage, photo by photo."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def time(self, stage: str, call: Callable[[], Any]) -> Any:
        before = time.process_time()
        answer = call()
        self.times.setdefault(stage, []).append((time.process_time() - before) * 1000)
        return answer


def measure_stages(photos: list[bytes]) -> dict[str, list[float]]:
    """Each stage by itself, and all of them in one go. One photo goes first, unmeasured."""
    detect_garments(decode(photos[0]), parameters=PARAMETERS)
    watch = Stopwatch()
    for data in photos:
        image = watch.time("WebP decode", lambda data=data: decode(data))
        lab = watch.time(
            "shrink and OKLab", lambda image=image: to_oklab(shrink_image(image, PARAMETERS))
        )
        expected = watch.time("trunk, where", lambda image=image: expect_garments(image))
        regions = watch.time(
            "segmentation",
            lambda lab=lab, e=expected: find_regions(lab, parameters=PARAMETERS, expected=e),
        )
        named = watch.time(
            "type network", lambda i=image, r=regions: name_types(i, r, parameters=PARAMETERS)
        )
        region, guess = named[0]
        watch.time("colours", lambda i=image, m=region.mask: watch_colours(i, m))
        crops = crop_square(image, region.box), crop_middle(image, region.box)
        watch.time(
            "trunk, cloth and heads",
            lambda i=image, c=crops, m=region.mask, g=guess: name_garment(
                i, *c, m, g, parameters=PARAMETERS
            ),
        )
        watch.time(
            "all, decode included",
            lambda data=data: detect_garments(decode(data), parameters=PARAMETERS),
        )
        watch.time(
            "all without the trunk",
            lambda data=data: detect_garments(decode(data), parameters=TRUNKLESS),
        )
        watch_peer(watch, image)
    return watch.times


def watch_colours(image: Image.Image, mask: Mask) -> NamedColours:
    return measure_colours(pixels_under(image, mask), pixels_around(image, mask))


def watch_peer(watch: Stopwatch, image: Image.Image) -> None:
    """GrabCut of OpenCV, five rounds as its tutorial has it; nothing where it is not installed."""
    try:
        import cv2
    except ModuleNotFoundError:
        return
    cv2.setNumThreads(1)
    small = shrink_image(image, PARAMETERS)[..., ::-1].copy()
    height, width, _ = small.shape
    rim = max(2, round(0.04 * min(height, width)))
    mask = np.zeros((height, width), np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    box = (rim, rim, width - 2 * rim, height - 2 * rim)
    watch.time(
        "opencv GrabCut",
        lambda: cv2.grabCut(small, mask, box, *models, 5, cv2.GC_INIT_WITH_RECT),
    )


def list_times(stages: dict[str, list[float]]) -> list[Figure]:
    figures = []
    for stage, times in stages.items():
        figures.append(Figure(f"{stage}, median", statistics.median(times), "ms CPU"))
        figures.append(Figure(f"{stage}, p95", float(np.percentile(times, 95)), "ms CPU"))
    return figures


def measure_processes() -> list[Figure]:
    """Fresh processes at work side by side: their memory, and photos a second of all together."""
    figures = []
    for count in PROCESSES:
        answers = run_workers(count)
        rate = sum(answer["photos"] / answer["seconds"] for answer in answers)
        figures.append(Figure(f"{count} process{'es' * (count > 1)}", rate, "photos/s"))
        if count == 1:
            figures.append(Figure("resident memory of a process", answers[0]["rss_mb"], "MB"))
    return figures


def run_workers(count: int) -> list[dict[str, float]]:
    command = [sys.executable, "-m", "benchmarks.vision", "--work"]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    return [json.loads(worker.communicate()[0]) for worker in workers]


def measure_worker(photos: list[bytes]) -> list[Figure]:
    """A worker with all of Django, without its queue: its start, and its memory beside the process of a photo."""
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(photos[:SEEN]):
            (Path(folder) / f"{number}.webp").write_bytes(data)
        command = [sys.executable, "-m", "benchmarks.vision_worker", folder]
        environment = {**os.environ, "DRESSCODE_PROCESS": "worker"}
        answer = json.loads(subprocess.check_output(command, env=environment))
    return [
        Figure("start of a worker", answer["start_s"], "s CPU"),
        Figure("a worker and the process of its photo", answer["both_mb"], "MB of PSS"),
        Figure("of it without files", answer["own_mb"], "MB of PSS"),
        Figure("all of it, if nothing else ran", answer["alone_mb"], "MB"),
        Figure("the process of a photo alone", answer["photo_mb"], "MB of PSS"),
    ]


def work() -> None:
    """See photos for some seconds and tell how many, and how much memory that took."""
    rng = np.random.default_rng(3)
    pixels = rng.normal(150, 30, (64, 48, 3)).clip(0, 255).astype(np.uint8)
    photo = encode(Image.fromarray(pixels))
    detect_garments(decode(photo), parameters=PARAMETERS)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        detect_garments(decode(photo), parameters=PARAMETERS)
        count += 1
    seconds = time.perf_counter() - began
    print(json.dumps({"photos": count, "seconds": seconds, "rss_mb": read_rss_mb()}))


def read_rss_mb() -> float:
    """Resident memory now, from Linux; 0 elsewhere."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure_accuracy(folder: Path) -> list[Figure]:
    labels = json.loads((folder / "labelled.json").read_text())
    found = [
        detect_garments(open_photo(folder / "validation" / label["file"]), parameters=PARAMETERS)[0]
        for label in labels
    ]
    pairs = list(zip(labels, found, strict=True))
    train = sorted((folder / "train").glob("*/*.jpg"))
    every = train[:: max(1, len(train) // SINGLE)][:SINGLE]
    single = [len(detect_garments(open_photo(file), parameters=PARAMETERS)) == 1 for file in every]
    return [
        percent("main colour acceptable", [g.colours[0].name in one["colors"] for one, g in pairs]),
        percent("pattern acceptable", [g.pattern in one["patterns"] for one, g in pairs]),
        percent(f"{len(single)} train photos seen as one garment", single),
        *measure_boxes("drawn together", list(composed.draw_photos(COMPOSED_DRAWN))),
        *measure_boxes("cut out of photos", list(composed.paste_photos(every, COMPOSED_REAL))),
        *measure_boxes("beside a mirror", list(composed.mirror_photos(every, COMPOSED_REAL))),
    ]


def percent(name: str, right: list[bool]) -> Figure:
    return Figure(name, 100 * sum(right) / len(right), "%")


def measure_boxes(name: str, photos: list[composed.Composed]) -> list[Figure]:
    """Garments found, and found ones that are garments: boxes that overlap by half or more."""
    matched = expected = found = 0
    for photo in photos:
        boxes = [one.box for one in detect_garments(photo.image, parameters=PARAMETERS)]
        matched += composed.count_matches(photo.boxes, boxes)
        expected += len(photo.boxes)
        found += len(boxes)
    return [
        Figure(f"{name}: garments", expected, ""),
        Figure(f"{name}: recall", 100 * matched / max(expected, 1), "%"),
        Figure(f"{name}: precision", 100 * matched / max(found, 1), "%"),
    ]


if __name__ == "__main__":
    main()
