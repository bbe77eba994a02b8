"""What changed which version answers: versions that went live, came back, or began as a canary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from registry.models import Canary, Deployment

Kind = Literal["live", "back", "canary"]
BEGAN: Mapping[Kind, str] = {
    "live": "went live",
    "back": "came back",
    "canary": "began as a canary",
}


@dataclass(frozen=True)
class Release:
    """`title` says what was done, `reason` why, both in words."""

    at: datetime
    kind: Kind
    number: int
    title: str
    reason: str

    @property
    def beginning(self) -> str:
        return f"v{self.number} {BEGAN[self.kind]}"


def read_releases(since: datetime, until: datetime) -> dict[str, list[Release]]:
    """From one moment on and before another, by task, oldest first."""
    moves = Deployment.objects.filter(created_at__gte=since, created_at__lt=until)
    canaries = Canary.objects.filter(started_at__gte=since, started_at__lt=until)
    found = [
        (task, release_move(at, kind, number, reason))
        for task, at, kind, number, reason in moves.values_list(
            "prompt__name", "created_at", "kind", "to_version__number", "reason"
        )
    ]
    found += [
        (task, release_canary(at, share, number, reason))
        for task, at, share, number, reason in canaries.values_list(
            "prompt__name", "started_at", "share", "version__number", "reason"
        )
    ]
    releases: dict[str, list[Release]] = {}
    for task, release in sorted(found, key=lambda one: one[1].at):
        releases.setdefault(task, []).append(release)
    return releases


def release_move(at: datetime, kind: str, number: int, reason: str) -> Release:
    move = Deployment.Kind(kind)
    done: Kind = "back" if move == Deployment.Kind.ROLLBACK else "live"
    return Release(at, done, number, str(move.label), reason)


def release_canary(at: datetime, share: float, number: int, reason: str) -> Release:
    return Release(at, "canary", number, f"Canary for {100 * share:g} %", reason)
