"""A training set as files: JSON lines in the chat format with pictures, a dataset card, a licence.

A line is a row of TRL's conversational prompt–completion format for pictures (huggingface.co/docs/trl, dataset formats):
`images` are paths, and the prompt's user message has one place for each.
"""

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import IO, Any

from feedback.models import TrainingRow, TrainingSet
from registry.prompts import bundles, live_versions
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.tasks import DigitizeContext, DigitizePhoto

Line = dict[str, Any]

LICENCE = """\
The photos and what is said of them belong to the wearers who took them. They consented to their use for the improvement
of this site's stylist, and to nothing else. Do not publish them, do not pass them on, do not train other models with
them, and delete this folder when it has served. Who takes their consent back is left out of the next set: build it, and
delete this one.
"""
CARD = Template("""\
---
license: other
license_name: consent-to-improvement-only
license_link: LICENSE
pretty_name: Corrections of garments, $name
task_categories:
- image-text-to-text
size_categories:
- $size
configs:
- config_name: default
  data_files:
  - split: train
    path: train.jsonl
  - split: validation
    path: validation.jsonl
---

# Corrections of garments, $name

$lines photos with what their wearers and reviewers say of the garments, as prompts and completions: the question that
version $version of `digitize_photo` asks, and the right answer. $left photos are left out, for they are gone or their
wearers have taken their consent back since the set was made.

- **Made**: $made, of $rows rows.
- **SHA-256** of the set: `$digest`
- **Rows**: $training learned from, $rehearsed rehearsed (nobody corrected them), $validation to judge by. None of them, nor
  anything that looks like one, is in the locked holdout of the golden data.
- **Licence**: see `LICENSE`.
""")


def write_zip(training_set: TrainingSet, file: IO[bytes]) -> None:
    """All of it into an open file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in list_files(training_set):
            archive.writestr(name, data)


def write_folder(training_set: TrainingSet, folder: Path) -> int:
    """All of it into a folder; answers with how many files. Raises OSError."""
    count = 0
    for name, data in list_files(training_set):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count += 1
    return count


def list_files(training_set: TrainingSet) -> Iterator[tuple[str, bytes]]:
    """Names and contents: the pictures first, then the lines, the card and the licence."""
    live = live_versions.resolve(DigitizePhoto.name)
    sides: dict[str, list[str]] = {"train": [], "validation": []}
    photos, written = group_by_photo(training_set), set()
    for pk, rows in photos.items():
        photo = Photo.objects.get(pk=pk)
        name = f"images/{photo.pixel_sha256}.webp"
        try:
            picture = storage.read_file(photo.image.name)
        except FileNotFoundError:
            continue
        if (answer := complete(photo, rows)) is None or name in written:
            continue
        yield name, picture
        written.add(name)
        is_apart = any(row.split == TrainingRow.Split.VALIDATION for row in rows)
        line = write_line(live.bundle, picture, name, answer)
        sides["validation" if is_apart else "train"].append(json.dumps(line, ensure_ascii=False))
    for side, lines in sides.items():
        yield f"{side}.jsonl", "".join(f"{line}\n" for line in lines).encode()
    yield "README.md", write_card(training_set, len(written), live.number).encode()
    yield "LICENSE", LICENCE.encode()


def group_by_photo(training_set: TrainingSet) -> dict[Any, list[TrainingRow]]:
    photos: dict[Any, list[TrainingRow]] = defaultdict(list)
    for row in training_set.rows.usable().order_by("ordinal"):
        photos[row.photo_id].append(row)
    return photos


def complete(photo: Photo, rows: list[TrainingRow]) -> Line | None:
    """What the model had answered of a photo, with what people said in its place; None where it is gone."""
    garment = Garment.objects.filter(photo=photo, call__isnull=False).select_related("call").first()
    if garment is None or garment.call is None or not garment.call.output:
        return None
    answer: Line = json.loads(json.dumps(garment.call.output))
    for row in rows:
        for seen in answer.get("garments", []):
            if list(seen.get("box", [])) == list(row.box):
                seen[row.field] = (
                    put_first(seen, row.value) if row.field == "colours" else row.value
                )
                seen.setdefault("confidence", {})[row.field] = 1.0
                if row.field == "type":
                    seen["alternatives"] = []
    return answer


def put_first(seen: Line, name: str) -> list[Line]:
    """The colours of an answer's garment, with the main one called so."""
    colours = seen.get("colours", [])
    others = [one for one in colours[1:] if one["name"] != name]
    return [{"name": name, "share": colours[0].get("share", 1.0) if colours else 1.0}, *others]


def write_line(bundle: bundles.Bundle, picture: bytes, name: str, answer: Line) -> Line:
    task = DigitizePhoto()
    variables = task.fill_variables(task.pin_context(DigitizeContext.of(picture), bundle))
    system, user = (bundles.render(bundle[part], variables) for part in ("system", "user"))
    return {
        "images": [name],
        "prompt": [
            {"role": "system", "content": [{"type": "text", "text": system}]},
            {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": user}]},
        ],
        "completion": [
            {
                "role": "assistant",
                "content": [{"type": "text", "text": bundles.canonical_json(answer)}],
            }
        ],
    }


def write_card(training_set: TrainingSet, lines: int, version: int) -> str:
    rows = training_set.rows
    counts = {split.value: rows.filter(split=split).count() for split in TrainingRow.Split}
    photos = rows.order_by().values("photo").distinct().count()
    return CARD.substitute(
        name=training_set,
        size=name_size(lines),
        lines=lines,
        left=photos - lines,
        version=version,
        made=f"{training_set.created_at:%Y-%m-%d}",
        rows=sum(counts.values()),
        digest=training_set.sha256,
        **counts,
    )


def name_size(count: int) -> str:
    """As Hugging Face's cards name sizes."""
    bounds = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
    return next((name for bound, name in bounds if count < bound), "100K<n<1M")
