"""Reads of the registry that join several models."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from registry.evaluation import gate
from registry.evaluation.standings import EngineStanding, has_passed
from registry.models import (
    Alias,
    Canary,
    Deployment,
    InferenceCall,
    Override,
    Prompt,
    PromptVersion,
    VersionArchiving,
)
from registry.services import releases
from registry.statements import Statement

RECALLS = (Deployment.InFlight.RESTART, Deployment.InFlight.STOP)
REVERT_IS_NEWS = timedelta(days=7)


def find_version(text: str) -> PromptVersion:
    """The version that `task@version` names: a number, the start of a digest, or `production`, which may
    be left out. Raises LookupError with what there is."""
    task, _, wanted = text.partition("@")
    versions = PromptVersion.objects.select_related("prompt").filter(prompt__name=task)
    if wanted in {"", Alias.Name.PRODUCTION}:
        found = versions.filter(aliases__name=Alias.Name.PRODUCTION)
    elif wanted.isdecimal() and len(wanted) < 7:
        found = versions.filter(number=int(wanted))
    else:
        found = versions.filter(sha256__startswith=wanted)
    matches = list(found[:2])
    if len(matches) != 1:
        numbers = ", ".join(str(version.number) for version in versions) or "none"
        raise LookupError(f"{text} names {len(matches)} versions; there are: {numbers}")
    return matches[0]


def ask_recalls(call_ids: list[UUID]) -> QuerySet[InferenceCall, tuple[UUID, str | None]]:
    """What a rollback since each of these calls began wants of it, one of `RECALLS`; None for to go on.

    Read from the history, so that no process can miss it. A call of the restored version goes on.
    """
    moves = Deployment.objects.filter(
        prompt=OuterRef("version__prompt"), epoch__gt=OuterRef("epoch"), in_flight__in=RECALLS
    ).exclude(to_version=OuterRef("version"))
    recall = Subquery(moves.order_by("-epoch").values("in_flight")[:1])
    return InferenceCall.objects.filter(pk__one_of=call_ids).values_list("pk", recall)


read_recalls = Statement(ask_recalls, list)


def live_at(prompt: Prompt, moment: datetime) -> Deployment | None:
    """The move that made live what was live at `moment`; None before the first."""
    return (
        prompt.deployments.filter(alias=Alias.Name.PRODUCTION, created_at__lte=moment)
        .select_related("to_version", "actor", "evaluation", "override")
        .order_by("-epoch")
        .first()
    )


def list_history(prompt: Prompt, limit: int) -> list[Deployment | VersionArchiving]:
    """The newest moves of what is live, and drafts that were archived or restored, the newest first."""
    moves = prompt.deployments.select_related("from_version", "to_version", "actor")
    archivings = VersionArchiving.objects.filter(version__prompt=prompt)
    archivings = archivings.select_related("version__prompt", "actor")
    rows: list[Deployment | VersionArchiving] = [*moves[:limit], *archivings[:limit]]
    return sorted(rows, key=lambda row: row.created_at, reverse=True)[:limit]


def find_open_override(prompt: Prompt) -> Override | None:
    """The override by which the live version went live, as long as no run of it has passed."""
    live = prompt.production()
    if live is None:
        return None
    override = find_override(live)
    return override if override and not gate.has_passed(live.version) else None


def find_override(live: Alias) -> Override | None:
    """The override by which the version of an alias went live, whatever it has passed since."""
    moves = Deployment.objects.filter(
        prompt=live.prompt_id, alias=live.name, to_version=live.version_id
    )
    move = moves.exclude(override=None).select_related("override__actor").first()
    return move.override if move else None


def list_live() -> list[PromptVersion]:
    """The live version of each prompt."""
    live = Alias.objects.filter(name=Alias.Name.PRODUCTION).select_related("version__prompt")
    return [alias.version for alias in live]


@dataclass(frozen=True)
class ReturnChoices:
    """The versions that production could go back to, each list with the newest first."""

    offered: list[PromptVersion]
    """They had passed when they were live, and nobody has taken them back."""
    taken_back: list[tuple[PromptVersion, str]]
    """They had passed, and were taken back: when, by what."""
    unpassed: list[PromptVersion]
    """They take an override."""

    def __iter__(self) -> Iterator[PromptVersion]:
        yield from self.offered
        yield from (version for version, _ in self.taken_back)
        yield from self.unpassed


def list_returns(
    prompt: Prompt, standings: Mapping[int, Sequence[EngineStanding]]
) -> ReturnChoices:
    """`standings` are those of all versions of the prompt, by primary key."""
    once_live = list(PromptVersion.objects.once_live(prompt))
    passed = set(
        PromptVersion.objects.passed_when_live().filter(prompt=prompt).values_list("pk", flat=True)
    )
    passed |= {pk for pk, found in standings.items() if has_passed(found)}
    told = {v.pk: releases.explain_taken_back(v) for v in once_live if v.pk in passed}
    return ReturnChoices(
        offered=[v for v in once_live if told.get(v.pk) == ""],
        taken_back=[(v, told[v.pk]) for v in once_live if told.get(v.pk)],
        unpassed=[v for v in once_live if v.pk not in passed],
    )


@dataclass(frozen=True)
class LiveState:
    """`level` is good, warn or bad; `word` is what to show."""

    level: str
    word: str


def describe_live(version: PromptVersion, standings: Sequence[EngineStanding]) -> LiveState:
    """Green where an engine has passed, amber until somebody has judged, red otherwise."""
    if has_passed(standings):
        return LiveState("good", "Live")
    if find_open_override(version.prompt):
        return LiveState("bad", "Live, not passed")
    asked = [standing for standing in standings if standing.is_configured]
    if any(standing.state == "failed" for standing in asked):
        return LiveState("bad", "Failed")
    if not any(standing.findings for standing in asked):
        return LiveState("warn", "Not judged")
    return LiveState("warn", "Being evaluated")


def find_reverted(prompt: Prompt) -> Canary | None:
    """The last canary, if it reverted by itself and nothing followed: a week long no other one, no move."""
    canary = prompt.canaries.select_related("version").first()
    if canary is None or canary.state != Canary.State.REVERTED or canary.ended_at is None:
        return None
    is_old = canary.ended_at < timezone.now() - REVERT_IS_NEWS
    has_moved = prompt.deployments.filter(created_at__gt=canary.ended_at).exists()
    return None if is_old or has_moved else canary
