"""What the training pages show."""

from dataclasses import dataclass
from typing import Any

from feedback.models import Artefact, Correction, TrainingRun, TrainingSet
from feedback.training import lineage
from feedback.training.gathering import FIELDS

RUNS = 20


@dataclass(frozen=True)
class TypeRow:
    """One family in what is judged by; shares are per cent."""

    type: str
    count: int
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


def list_types(run: TrainingRun) -> list[TypeRow]:
    """The largest change first, then all of them together."""
    types = [as_row(one) for one in run.figures.get("types", [])]
    types.sort(key=lambda row: (-row.change, row.type))
    if run.figures.get("judged"):
        count, told = run.figures["judged"], run.figures
        whole = {"type": "All", "count": count, "before": told["before"], "after": told["after"]}
        types.append(as_row(whole))
    return types


def as_row(told: dict[str, Any]) -> TypeRow:
    count = told["count"]
    return TypeRow(told["type"], count, 100 * told["before"] / count, 100 * told["after"] / count)


def list_left_out(run: TrainingRun) -> list[dict[str, Any]]:
    """By the set and by the run."""
    return [*run.training_set.left_out, *run.left_out]


def count_new() -> int:
    """Corrections accepted since the last set."""
    accepted = Correction.objects.filter(review=Correction.Review.ACCEPTED, field__in=FIELDS)
    return accepted.filter(training_rows=None).count()


def summarize() -> dict[str, Any]:
    """Of the page that lists the runs."""
    stale = {artefact.pk for artefact in lineage.list_stale_artefacts()}
    runs = TrainingRun.objects.select_related("training_set", "version__prompt", "artefact")
    return {
        "runs": [(run, run.artefact_id in stale) for run in runs[:RUNS]],
        "sets": TrainingSet.objects.all()[:RUNS],
        "new": count_new(),
    }


def explain_stale(artefact: Artefact | None) -> bool:
    """Whether it learned from something that nobody lets us use any more."""
    return artefact is not None and artefact in lineage.list_stale_artefacts()
