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
        (move.prompt.name, release_move(move))
        for move in moves.select_related("prompt", "to_version").defer("to_version__bundle")
    ]
    found += [
        (canary.prompt.name, release_canary(canary))
        for canary in canaries.select_related("prompt", "version").defer("version__bundle")
    ]
    releases: dict[str, list[Release]] = {}
    for task, release in sorted(found, key=lambda one: one[1].at):
        releases.setdefault(task, []).append(release)
    return releases


def release_move(move: Deployment) -> Release:
    kind: Kind = "back" if move.kind == Deployment.Kind.ROLLBACK else "live"
    title = move.get_kind_display()
    return Release(move.created_at, kind, move.to_version.number, title, move.reason)


def release_canary(canary: Canary) -> Release:
    title = f"Canary for {canary.percent:g} %"
    return Release(canary.started_at, "canary", canary.version.number, title, canary.reason)
