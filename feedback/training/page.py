"""What the training pages show."""

from dataclasses import dataclass
from math import comb
from typing import Any

from feedback.models import Artefact, Correction, TrainingRun, TrainingSet
from feedback.training import lineage
from feedback.training.gathering import FIELDS
from feedback.values import show_word

RUNS = 20
ALL = "All"
"""The row of all types together."""


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

    @property
    def signed(self) -> str:
        """The change in points."""
        return f"{self.change:+.1f}".replace("-", "−")


def list_types(run: TrainingRun) -> list[TypeRow]:
    """The largest change first, then all of them together."""
    types = [as_row(one) for one in run.figures.get("types", [])]
    types.sort(key=lambda row: (-row.change, row.type))
    if run.figures.get("judged"):
        count, told = run.figures["judged"], run.figures
        whole = {"type": ALL, "count": count, "before": told["before"], "after": told["after"]}
        types.append(as_row(whole))
    return types


def as_row(told: dict[str, Any]) -> TypeRow:
    count = told["count"]
    return TypeRow(told["type"], count, 100 * told["before"] / count, 100 * told["after"] / count)


def say_what_came(run: TrainingRun) -> str:
    """The first sentence of a run's page, of what was kept apart: what gained most, and how far others fell."""
    status = TrainingRun.Status
    if run.status == status.FAILED:
        return "it failed."
    if run.is_open:
        return f"{run.progress or 'it waits for the queue'}."
    types = [row for row in list_types(run) if row.type != ALL]
    if not types:
        end = "nothing that reviewers decided was kept apart to judge by."
        return f"it wrote a draft, and {end}" if run.version else f"it wrote no version; {end}"
    best, worst = types[0], types[-1]
    told = "no type is told better."
    if best.change > 0:
        name = show_word(best.type, "type").lower()
        told = f"{name} is told right in {show(best.after)}, {show(best.before)} before."
    if worst.change < 0:
        return f"{told} No type fell by more than {-worst.change:.1f} points."
    return f"{told} None fell."


def show(share: float) -> str:
    """Per cent, with one digit."""
    return f"{share:.1f}\u00a0%"


def measure_chance(run: TrainingRun) -> float | None:
    """How likely by chance as many or more would be mended of those that changed: one-sided, exact (McNemar)."""
    mended, broken = run.figures.get("mended", 0), run.figures.get("broken", 0)
    changed = mended + broken
    if not changed:
        return None
    return float(sum(comb(changed, one) for one in range(mended, changed + 1)) / 2**changed)


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
