"""Golden guests for the toy task: four of them, the last in a slice of her own."""

import json
from pathlib import Path
from typing import Any

from registry.evaluation.datasets import import_dataset
from registry.evaluation.runner import evaluate_version
from registry.models import DatasetVersion, EvaluationRun, Prompt, PromptVersion
from registry.services.releases import promote_version
from registry.services.versions import create_version
from tests.recalling import recall
from tests.registry.live import BUNDLE, make_live

NAMES = ["ada", "bob", "cleo", "dora"]


def write_guests(folder: Path, names: list[str] = NAMES) -> Path:
    for name in names:
        slice_name = "late" if name == "dora" else "early"
        guest = {"name": name, "slice": slice_name, "prose": f"Hello {name}, good to see you."}
        (folder / f"{name}.json").write_text(json.dumps(guest))
    return folder


def import_guests(folder: Path, **thresholds: Any) -> DatasetVersion:
    text = "\n".join(f"{name} = {value}" for name, value in thresholds.items())
    (folder / "thresholds.toml").write_text(text)
    return import_dataset(task_name="greet", directory=folder, name="golden").version


def recall_guests(folder: Path) -> DatasetVersion:
    write_guests(folder)
    return recall("guests", lambda: import_guests(folder))


def make_draft(prompt: Prompt, **changes: Any) -> PromptVersion:
    """A version that is not live, different from all others."""
    notes = f"Draft {prompt.versions.count()}"
    return create_version(prompt=prompt, bundle={**BUNDLE, "system": notes, **changes})


def pass_beside_a_live_one(prompt: Prompt, golden: DatasetVersion) -> PromptVersion:
    """A version that has passed. Another one is live."""
    make_live(prompt)
    draft = make_draft(prompt)
    evaluate(draft, golden)
    return draft


def pass_and_promote(prompt: Prompt, golden: DatasetVersion) -> PromptVersion:
    version = make_draft(prompt)
    evaluate(version, golden)
    promote_version(version=version, actor=None, reason="better")
    return version


def evaluate(version: PromptVersion, golden: DatasetVersion, **options: Any) -> EvaluationRun:
    return evaluate_version(version=version, dataset_version=golden, **options)
