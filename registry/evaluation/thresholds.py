"""What a version must reach to pass, and who decided it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from registry.models import DatasetVersion, GateThresholds

ACCURACY, VALIDITY, SLICE_FLOOR = 0.95, 1.0, 0.85
"""The share of fields that must be right in all, of answers that must be well-formed, and of fields that
must be right in every slice, unless somebody has set others."""
KEYS = {"accuracy", "slice_floor", "slice_floors", "repeats"}
MOST_REPEATS = 10


@dataclass(frozen=True)
class Thresholds:
    """Shares from 0 to 1. `slice_floors` are those of slices that have their own."""

    accuracy: float = ACCURACY
    validity: float = VALIDITY
    slice_floor: float = SLICE_FLOOR
    slice_floors: dict[str, float] = field(default_factory=dict)

    def floor_of(self, slice_name: str) -> float:
        return self.slice_floors.get(slice_name, self.slice_floor)


def check_thresholds(values: dict[str, Any]) -> None:
    """What a folder of examples sets: shares from 0 to 1, and `repeats` from 1 to `MOST_REPEATS`. Raises ValueError."""
    shares = {name: values.get(name, 1.0) for name in ("accuracy", "slice_floor")}
    shares |= values.get("slice_floors", {})
    if unknown := sorted(values.keys() - KEYS):
        raise ValueError(f"Thresholds are {', '.join(sorted(KEYS))}, not {', '.join(unknown)}.")
    for name, share in shares.items():
        if not isinstance(share, int | float) or not 0 <= share <= 1:
            raise ValueError(f"{name} is a share from 0 to 1, not {share!r}.")
    if values.get("repeats", 1) not in range(1, MOST_REPEATS + 1):
        raise ValueError(
            f"repeats is a number from 1 to {MOST_REPEATS}, not {values['repeats']!r}."
        )


def find_thresholds(dataset_version: DatasetVersion) -> Thresholds:
    """What was set last for the prompt, as a whole; before that what the dataset came with."""
    row = find_set(dataset_version.dataset.prompt_id)
    return read_row(row) if row else read_dataset(dataset_version.thresholds)


def find_set(prompt_id: int) -> GateThresholds | None:
    """The newest row of a prompt."""
    return GateThresholds.objects.filter(prompt=prompt_id).select_related("actor").first()


def read_row(row: GateThresholds) -> Thresholds:
    return Thresholds(row.accuracy, row.validity, row.slice_floor, row.slice_floors)


def read_dataset(thresholds: dict[str, Any]) -> Thresholds:
    return Thresholds(
        accuracy=thresholds.get("accuracy", ACCURACY),
        slice_floor=thresholds.get("slice_floor", SLICE_FLOOR),
        slice_floors=thresholds.get("slice_floors", {}),
    )
