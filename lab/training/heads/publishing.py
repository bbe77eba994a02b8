"""From photos and labels to the files that the engine reads, and their card."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lab.training.heads.assembling import make_colours, make_heads
from lab.training.heads.card import write_card
from lab.training.heads.closeups import look_closer, teach_closer
from lab.training.heads.colours import write_colours
from lab.training.heads.drawings import draw_missing
from lab.training.heads.learning import FIELDS, Lesson, list_tasks
from lab.training.heads.looks import Looks, look_at_missing, take_trunk
from lab.training.heads.rows import read_drawn, read_labelled
from lab.training.heads.squares import see_beginnings
from lab.training.heads.tuning import cross_validate, learn
from wardrobe.vision.heads import write_heads
from wardrobe.vision.trunk.adapters import read_adapter, write_adapter
from wardrobe.vision.trunk.graph import build_trunk
from wardrobe.vision.trunk.sessions import find_weights
from wardrobe.vision.trunk.tensors import read_tensors

Report = Callable[[str], object]


def train(
    photos: Path,
    labels: Sequence[Path],
    *,
    output: Path,
    kept: Path,
    drawn: int,
    seed: int,
    report: Report,
) -> None:
    """Raises OSError."""
    lesson = gather(photos, labels, kept, drawn=drawn, report=report)
    colours, colour, told_colours = make_colours(lesson, seed=seed)
    tasks = [*list_tasks(lesson), colour]
    paths, trunk = list_paths(lesson, photos, kept), take_trunk()
    closeups = look_closer(lesson, paths, kept / "closeups.npz", trunk, report=report)
    looks = see_beginnings(paths, trunk, report=report)
    rates = cross_validate(lesson, looks, tasks, seed=seed, report=report)
    everything = np.arange(len(lesson.rows))
    standard, tuned = learn(
        lesson, looks, tasks, learned=everything, apart=everything[:0], seed=seed, report=report
    )
    adapter = write_adapter(tuned.adapter)
    heads, lines = make_heads(lesson, tasks, rates, tuned.heads)
    field = next(field for field in FIELDS if field.name == "pattern")
    closer, told_closer = teach_closer(lesson, field, rates[field.name], closeups, seed=seed)
    content = write_heads(
        replace(
            heads,
            means=standard.means,
            deviations=standard.deviations,
            adapter=digest(adapter),
            closer=closer,
        )
    )
    (output / "adapter.npz").write_bytes(adapter)
    (output / "heads.npz").write_bytes(content)
    write_colours(colours, output / "colours.npz")
    lines += [told_colours, *told_closer]
    (output / "HEADS.md").write_text(write_card(lesson.rows, lines, digest(content)))
    graph = build_trunk(read_tensors(find_weights()), read_adapter(adapter))
    report(f"ADAPTER_SHA256 = {digest(adapter)}")
    report(f"GRAPH_SHA256 = {digest(graph)}")
    report(f"heads_sha256 = {digest(content)}")
    for told in lines:
        report(f"{told.field}: {told.right} of {told.count}, calibration error {told.error:.3f}")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def list_paths(lesson: Lesson, photos: Path, kept: Path) -> list[Path]:
    return [(photos if row.is_real else kept / "drawings") / row.file for row in lesson.rows]


def gather(
    photos: Path, labels: Sequence[Path], kept: Path, *, drawn: int, report: Report
) -> Lesson:
    rows = read_labelled(*labels)
    draw_missing(kept / "drawings", drawn, report=report)
    made = list(read_drawn(kept / "drawings"))[:drawn]
    looks = [
        look_at_missing(root, [row.file for row in some], kept / name, report=report)
        for root, name, some in (
            (photos, "photos", rows),
            (kept / "drawings", "drawn", made),
        )
    ]
    return Lesson([*rows, *made], Looks.join(looks))
