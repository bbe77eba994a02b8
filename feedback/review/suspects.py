"""Wearers whose corrections stand out, as reviewers see them."""

from dataclasses import dataclass

from django.db.models import Count, Q

from feedback.models import Correction, TrainingRun

ENDED = (TrainingRun.Status.FINISHED, TrainingRun.Status.REFUSED)


@dataclass(frozen=True)
class SuspectRow:
    """A wearer by key: what a run says of their rows, and what reviewers said of all that they corrected. `allies`: how
    many others mix up the same."""

    wearer: int
    rows: int
    errors: int
    allies: int
    is_refused: bool
    accepted: int
    dismissed: int
    waiting: int


@dataclass(frozen=True)
class Suspects:
    """Of the newest run that came to an end, the worst first."""

    run: TrainingRun
    rows: list[SuspectRow]


def find_suspects() -> Suspects | None:
    """None where no run has named anybody."""
    run = TrainingRun.objects.filter(status__in=ENDED).first()
    if run is None or not run.suspects:
        return None
    counts = count_reviews([one["wearer"] for one in run.suspects])
    nothing = {"accepted": 0, "dismissed": 0, "waiting": 0}
    rows = [
        SuspectRow(
            wearer=one["wearer"],
            rows=one["rows"],
            errors=one["errors"],
            allies=one.get("allies", 0),
            is_refused=one["refused"],
            **counts.get(one["wearer"], nothing),
        )
        for one in run.suspects
    ]
    return Suspects(run, rows)


def count_reviews(wearers: list[int]) -> dict[int, dict[str, int]]:
    """By wearer, how many corrections reviewers accepted, sided against, and have not decided."""
    review = Correction.Review
    rows = (
        Correction.objects.filter(owner__in=wearers)
        .order_by()
        .values("owner")
        .annotate(
            accepted=Count("pk", filter=Q(review=review.ACCEPTED)),
            dismissed=Count("pk", filter=Q(review__in=[review.DISMISSED, review.NEITHER])),
            waiting=Count("pk", filter=Q(review=review.PENDING)),
        )
    )
    return {
        row["owner"]: {name: row[name] for name in ("accepted", "dismissed", "waiting")}
        for row in rows
    }
