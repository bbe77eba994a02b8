"""What an engine says of photos with finer labels, for its table of figures."""

from pathlib import Path
from typing import Any

from wardrobe.golden.measures import Answered, of_finer, read_finer
from wardrobe.services.batch_digitize import get_digitizer, scan_files
from wardrobe.tasks import SeenGarment, needs_look


def ask_labelled(folder: Path, labels: Path, *, engine: str, jobs: int) -> list[Answered]:
    """One answer for each label: the largest garment that is seen, or None.

    Raises OSError and ValueError for labels that cannot be read.
    """
    known = read_finer(labels)
    digitizer = get_digitizer(engine)
    found = scan_files([folder / label.file for label in known], engine=engine, jobs=jobs)
    answers = []
    for label, photo in zip(known, found, strict=True):
        seen = find_largest([read_seen(garment) for garment in photo["garments"]])
        asked = seen is not None and needs_look(seen, digitizer.parameters)
        answers.append(Answered(of_finer(label, digitizer.words.slot_of), seen, asked))
    return answers


def read_seen(garment: dict[str, Any]) -> SeenGarment:
    """Of one that `BatchDigitizer` shows."""
    confidence = {"colours" if k == "colors" else k: v for k, v in garment["confidence"].items()}
    return SeenGarment.model_validate(
        {**garment, "colours": garment["colors"], "confidence": confidence}
    )


def find_largest(garments: list[SeenGarment]) -> SeenGarment | None:
    return max(garments, key=measure_box, default=None)


def measure_box(garment: SeenGarment) -> float:
    """Its share of the photo; one without a box is all of it."""
    return garment.box[2] * garment.box[3] if len(garment.box) == 4 else 1.0
