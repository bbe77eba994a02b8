"""Whether copies of a photo are found again, whether strangers are left alone, and how long it takes.

    python -m benchmarks.identity [--photos DIR] [--rows N] [--json]

Twelve kinds of copies of every photo go through the real ingestion and are looked for among all the
photos, as one wearer's: by perceptual hash (tier 3), by vector (tier 4), each hit verified by
laying the pictures over each other. A false pair is two different photos that would be asked about.
DIR holds photos in any folders; without it the demo wardrobe's are taken, which are few.

The lookup is timed in an embedded PostgreSQL with N rows (a million) of wearers who have 500 photos
each, hashes and vectors at random. Peer: the library imagehash, its pHash compared with each of the
wearer's in Python, at the same number of bits. It is installed with pip on first use, into
~/.cache/dresscode-benchmarks.
"""

import argparse
import functools
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATE = Path(tempfile.mkdtemp(prefix="dresscode-benchmark-"))
os.environ["DRESSCODE_STATE"] = str(STATE)
os.environ["DRESSCODE_ENV_FILE"] = os.devnull
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from PIL import Image, ImageDraw, ImageEnhance  # noqa: E402
from pillow_heif import register_heif_opener  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.report import Figure, report  # noqa: E402
from dresscode.local.embedded import postgres  # noqa: E402
from wardrobe.identity import alignment, hashes  # noqa: E402
from wardrobe.identity.policy import IDENTITY  # noqa: E402
from wardrobe.models import Photo  # noqa: E402
from wardrobe.photos import ingestion  # noqa: E402
from wardrobe.services import identification  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dresscode-benchmarks"
PEER = "ImageHash==4.3.2"
PER_OWNER = 500
LOOKUPS = 200

register_heif_opener()


def encode(picture: Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


def as_jpeg(change: Callable[[Image.Image], Image.Image]) -> Callable[[Image.Image], bytes]:
    return lambda picture: encode(change(picture), "JPEG", quality=85)


def crop(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = picture.size
    edges = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    return picture.crop(tuple(round(edge) for edge in edges))


def halve(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)


def take_screenshot(picture: Image.Image, bars: str, ink: str) -> Image.Image:
    """As a phone of 9 by 19.5 shows it full width: bars above and below, clock and battery on top."""
    size = (picture.width, max(round(picture.width * 19.5 / 9), round(picture.height * 1.15)))
    screen = Image.new("RGB", size, bars)
    screen.paste(picture, (0, (size[1] - picture.height) // 2))
    draw, line = ImageDraw.Draw(screen), size[0] // 40
    draw.text((3 * line, line), "9:41", fill=ink, font_size=2 * line)
    draw.rectangle((34 * line, line, 37 * line, 2 * line), outline=ink)
    return screen


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "PNG, nothing lost": lambda picture: encode(picture, "PNG"),
    "re-saved, quality 60": lambda picture: encode(picture, "JPEG", quality=60),
    "half the size": as_jpeg(halve),
    "HEIC twin": lambda picture: encode(picture, "HEIF", quality=60),
    "AVIF": lambda picture: encode(picture, "AVIF", quality=60, speed=8),
    "5 % cropped, evenly": as_jpeg(lambda picture: crop(picture, 0.025, 0.025, 0.025, 0.025)),
    "5 % cropped, one corner": as_jpeg(lambda picture: crop(picture, 0, 0, 0.05, 0.05)),
    "5 % cropped at each edge": as_jpeg(lambda picture: crop(picture, 0.05, 0.05, 0.05, 0.05)),
    "20 % brighter": as_jpeg(lambda picture: ImageEnhance.Brightness(picture).enhance(1.2)),
    "20 % darker": as_jpeg(lambda picture: ImageEnhance.Brightness(picture).enhance(0.8)),
    "screenshot, black": as_jpeg(lambda picture: take_screenshot(picture, "black", "white")),
    "screenshot, white": as_jpeg(lambda picture: take_screenshot(picture, "white", "black")),
}
FORMATS = {"PNG, nothing lost": "png", "HEIC twin": "heif", "AVIF": "avif"}


@dataclass(frozen=True)
class Seen:
    """What is kept of a picture once it was ingested; `peer` is imagehash's pHash.

    `shown` is what is laid over others: of a photo that is there its thumbnail as stored, of one that
    has just come its grey copy.
    """

    pixels: str
    hash: int
    vector: NDArray[np.float32]
    shown: Image.Image
    peer: int


def see(data: bytes, format: str, *, is_stored: bool = False) -> Seen:
    picture = ingestion.read_picture(data, format=format)
    shown = alignment.as_grey(picture)
    if is_stored:
        kept = ingestion.encode(ingestion.shrink(picture, ingestion.THUMBNAIL_SIDE))
        shown = ingestion.read_picture(kept, format=ingestion.KEPT_FORMAT)
    return Seen(
        hashes.hash_pixels(picture),
        int(hashes.hash_appearance(picture), 16),
        alignment.describe_appearance(picture),
        shown,
        hash_by_peer(picture),
    )


@functools.cache
def load_peer() -> Any:
    """The module, or None where it could not be installed."""
    folder = CACHE / "imagehash"
    if not (folder / "imagehash").exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, PEER]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    import imagehash

    return imagehash


def hash_by_peer(picture: Image.Image) -> int:
    peer = load_peer()
    return int(str(peer.phash(picture)), 16) if peer else 0


def see_all(path: Path) -> dict[str, Seen]:
    """The photo itself, under "", and its copies by kind."""
    data = path.read_bytes()
    format = identify_format(data)
    picture = ingestion.read_picture(data, format=format, side=4096)
    copies = {kind: see(make(picture), FORMATS.get(kind, "jpeg")) for kind, make in COPIES.items()}
    return {"": see(data, format, is_stored=True), **copies}


def identify_format(data: bytes) -> str:
    from wardrobe.photos.formats import inspect_photo

    return inspect_photo(data).format


def find_by_hash(query: Seen, photos: list[Seen]) -> set[int]:
    bits = [(photo.hash ^ query.hash).bit_count() for photo in photos]
    return {index for index, count in enumerate(bits) if count <= IDENTITY.maximum_bits}


def find_by_vector(query: Seen, vectors: NDArray[np.float32], but: int | None = None) -> set[int]:
    """As `wardrobe.services.identification` does in the database; `but` is the query's own place."""
    cosines = vectors @ query.vector
    if but is not None:
        cosines[but] = -1
    nearest = np.argsort(-cosines)[: IDENTITY.candidates]
    return {int(index) for index in nearest if cosines[index] >= IDENTITY.minimum_cosine}


def measure_kind(kind: str, seen: list[dict[str, Seen]]) -> tuple[list[Figure], float]:
    """Recall in percent by tier, and the smallest overlap of a copy with its original."""
    photos = [one[""] for one in seen]
    vectors = np.array([photo.vector for photo in photos])
    counts, overlaps = dict.fromkeys(["2", "3", "4", "all", "peer"], 0), []
    for index, copies in enumerate(seen):
        query = copies[kind]
        by_hash = index in find_by_hash(query, photos)
        by_vector = index in find_by_vector(query, vectors)
        overlap = alignment.measure_overlap(query.shown, photos[index].shown)
        overlaps.append(overlap)
        is_same, is_alike = query.pixels == photos[index].pixels, overlap >= IDENTITY.same_overlap
        counts["2"] += is_same
        counts["3"] += by_hash and is_alike
        counts["4"] += by_vector and is_alike
        counts["all"] += is_same or (is_alike and (by_hash or by_vector))
        bits = (query.peer ^ photos[index].peer).bit_count()
        counts["peer"] += bool(load_peer()) and bits <= IDENTITY.maximum_bits
    names = {"2": "pixels", "3": "hash", "4": "vector", "all": "together", "peer": "imagehash"}
    figures = [
        Figure(f"recall, {kind}, {name}", 100 * counts[tier] / len(seen), "%")
        for tier, name in names.items()
        if tier != "peer" or load_peer()
    ]
    return figures, min(overlaps)


def measure_strangers(seen: list[dict[str, Seen]]) -> tuple[list[Figure], list[tuple[float, str]]]:
    """Pairs of different photos that would be asked about, in 10,000, and the nearest to it."""
    photos = [one[""] for one in seen]
    vectors = np.array([photo.vector for photo in photos])
    overlaps: dict[tuple[int, int], float] = {}
    for index, photo in enumerate(photos):
        found = find_by_hash(photo, photos) | find_by_vector(photo, vectors, but=index)
        for other in found - {index}:
            pair = min(index, other), max(index, other)
            if pair not in overlaps:
                overlaps[pair] = alignment.measure_overlap(photo.shown, photos[other].shown)
    pairs = len(photos) * (len(photos) - 1) // 2
    asked = sum(overlap >= IDENTITY.same_overlap for overlap in overlaps.values())
    hashes = [photo.peer for photo in photos]
    peer = sum(
        (one ^ other).bit_count() <= IDENTITY.maximum_bits
        for place, one in enumerate(hashes)
        for other in hashes[:place]
    )
    worst = sorted(((overlap, pair) for pair, overlap in overlaps.items()), reverse=True)[:8]
    figures = [
        Figure("pairs of different photos", pairs, ""),
        Figure("false pairs of 10,000", 10_000 * asked / pairs, ""),
        Figure("most overlap of different photos", worst[0][0] if worst else 0.0, ""),
    ]
    if load_peer():
        figures.append(Figure("false pairs of 10,000, imagehash", 10_000 * peer / pairs, ""))
    return figures, [(overlap, f"{pair[0]} {pair[1]}") for overlap, pair in worst]


def measure_recall(folder: Path) -> list[Figure]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".jpg", ".jpeg"})
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        seen = list(pool.map(see_all, paths, chunksize=4))
        measured = list(pool.map(functools.partial(measure_kind, seen=seen), COPIES))
    figures = [Figure("photos", len(paths), "")]
    for part, _ in measured:
        figures += part
    strangers, worst = measure_strangers(seen)
    figures.append(Figure("least overlap of a copy", min(least for _, least in measured), ""))
    if "--worst" in sys.argv:
        for overlap, pair in worst:
            one, other = (paths[int(index)] for index in pair.split())
            print(f"{overlap:.3f} {one} {other}", file=sys.stderr)
    return figures + strangers


def fill(rows: int) -> None:
    """Photos and vectors of wearers who have PER_OWNER each."""
    owners = User.objects.bulk_create(
        User(email=f"wearer{number}@example.org") for number in range(max(rows // PER_OWNER, 1))
    )
    rng = np.random.default_rng(3)
    with connection.cursor() as cursor:
        into = "wardrobe_photoembedding (owner_id, extractor, pixel_sha256, box, vector)"
        with cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for owner in owners:
                copy.write(pack_embeddings(owner.pk, rng))
            copy.write(b"\xff\xff")
        cursor.execute(FILL_PHOTOS)
        cursor.execute("ANALYZE wardrobe_photo, wardrobe_photoembedding")


FILL_PHOTOS = """
    INSERT INTO wardrobe_photo (id, owner_id, upload_key, status, failure_code, failure, attempt,
        sha256, source_format, source_bytes, incoming, image, thumbnail, pixel_sha256,
        perceptual_hash, updated_at)
    SELECT gen_random_uuid(), owner_id, gen_random_uuid(), 'ready', '', '', 1, pixel_sha256, 'jpeg',
        1, '', 'image', 'thumbnail', pixel_sha256, substr(md5(pixel_sha256), 1, 16), now()
    FROM wardrobe_photoembedding
"""

ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("owner_length", ">i4"), ("owner", ">i8"),
        ("extractor_length", ">i4"), ("extractor", f"S{len(alignment.EXTRACTOR)}"),
        ("pixels_length", ">i4"), ("pixels", "S64"),
        ("box_length", ">i4"), ("box", ">i4", (3,)),
        ("vector_length", ">i4"), ("dimensions", ">i2"), ("unused", ">i2"),
        ("vector", ">f4", (alignment.DIMENSIONS,)),
    ]
)  # fmt: skip
FLOAT8 = 701


def pack_embeddings(owner: int, rng: np.random.Generator) -> bytes:
    """PER_OWNER rows in PostgreSQL's binary copy format; the box is an empty array of float8."""
    rows = np.zeros(PER_OWNER, ROW)
    vectors = rng.normal(size=(PER_OWNER, alignment.DIMENSIONS))
    lengths = {"owner": 8, "extractor": len(alignment.EXTRACTOR), "pixels": 64, "box": 12}
    for name, length in {**lengths, "vector": 4 + 4 * alignment.DIMENSIONS}.items():
        rows[f"{name}_length"] = length
    rows["fields"], rows["owner"], rows["extractor"] = 5, owner, alignment.EXTRACTOR.encode()
    rows["pixels"] = [f"{owner:032x}{number:032x}".encode() for number in range(PER_OWNER)]
    rows["box"], rows["dimensions"] = (0, 0, FLOAT8), alignment.DIMENSIONS
    rows["vector"] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return rows.tobytes()


def time_lookups(rows: int) -> list[Figure]:
    rng = np.random.default_rng(5)
    first = User.objects.order_by("pk").values_list("pk", flat=True)[0]
    owners = first + rng.integers(0, max(rows // PER_OWNER, 1), LOOKUPS)
    times, cpu, peers = [], [], []
    for owner in owners:
        photo = Photo.objects.filter(owner_id=owner)[int(rng.integers(PER_OWNER))]
        before, spent = time.perf_counter(), time.process_time()
        identification.find_candidates(photo)
        times.append((time.perf_counter() - before) * 1000)
        cpu.append((time.process_time() - spent) * 1000)
        hashes = Photo.objects.filter(owner_id=owner).values_list("perceptual_hash", flat=True)
        peers.append(time_peer(photo.perceptual_hash, list(hashes)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('wardrobe_photoembedding')")
        size = cursor.fetchone()[0]
    ranked = sorted(times)
    figures = [
        Figure("rows", rows, ""),
        Figure("table and index", size / 1e6, "MB"),
        Figure("lookup, median", statistics.median(times), "ms"),
        Figure("lookup, p95", ranked[int(len(ranked) * 0.95)], "ms"),
        Figure("lookup, median of the worker alone", statistics.median(cpu), "ms CPU"),
    ]
    if load_peer():
        figures.append(Figure("imagehash, median", statistics.median(peers), "ms CPU"))
    return figures


def time_peer(own: str, hashes: Iterable[str]) -> float:
    """Milliseconds of CPU to compare with each of a wearer's hashes, which are in memory already."""
    peer = load_peer()
    if not peer:
        return 0.0
    known = [peer.hex_to_hash(value) for value in hashes]
    query = peer.hex_to_hash(own)
    before = time.process_time()
    _ = [other for other in known if query - other <= IDENTITY.maximum_bits]
    return (time.process_time() - before) * 1000


def measure_lookup(rows: int) -> list[Figure]:
    STATE.chmod(0o711)  # PostgreSQL runs as another user when we are root.
    server = postgres.start(STATE, disposable=True)
    try:
        call_command("migrate", verbosity=0)
        before = time.perf_counter()
        fill(rows)
        filled = time.perf_counter() - before
        return [Figure("time to fill", filled, "s"), *time_lookups(rows)]
    finally:
        connection.close()
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, default=ROOT / "fixtures" / "demo" / "photos")
    parser.add_argument("--rows", type=int, default=1_000_000, help="0 leaves the lookup out")
    parser.add_argument("--worst", action="store_true", help="name the pairs that overlap most")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        figures = measure_recall(options.photos)
        lookup = measure_lookup(options.rows) if options.rows else []
    finally:
        shutil.rmtree(STATE, ignore_errors=True)
    values = {figure.name: figure.value for figure in lookup}
    ratios = {}
    if "imagehash, median" in values:
        ours = values["lookup, median of the worker alone"]
        ratios["imagehash, lookup, CPU of the worker"] = ours / values["imagehash, median"]
    missing = [] if load_peer() else [f"{PEER} (pip could not install it)"]
    report("identity", figures=[*figures, *lookup], ratios=ratios, missing=missing)


if __name__ == "__main__":
    main()
