"""What answers now, what waits, and calls by version, as rows that a template shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from monitoring.figures.calls import CallStats
from monitoring.figures.reading import Period
from monitoring.headline.levels import Link
from monitoring.headline.live import LiveVersion, find_idle
from monitoring.links import VIEW_PHOTOS, link_calls, link_list, prepare_call_links
from monitoring.selectors import Backlog
from registry.engines import BUILTIN, name_engine
from registry.evaluation.standings import EngineStanding
from registry.models import Prompt

VIEW_JOBS = "django_rq.admin"


@dataclass(frozen=True)
class EngineCell:
    """How a live version stands with one engine; `level` is empty where the engine cannot answer under it."""

    engine: str
    css: str
    word: str
    note: str


@dataclass(frozen=True)
class LiveRow:
    """A line of "What answers now": `number` is 0 where nothing is live."""

    prompt: Prompt
    number: int
    since: datetime | None
    note: str
    cells: list[EngineCell]


STANDS = {
    "passed": ("ok", "Passed"),
    "failed": ("bad", "Failed"),
    "running": ("wait", "Being evaluated"),
    "unasked": ("off", "Not asked"),
}


def build_rows(found: Sequence[LiveVersion], now: datetime) -> list[LiveRow]:
    rows = [build_row(one, now) for one in found]
    idle = [LiveRow(prompt, 0, None, "", []) for prompt in find_idle(found)]
    return [*rows, *idle]


def build_row(one: LiveVersion, now: datetime) -> LiveRow:
    notes = []
    if one.override:
        until = timezone.localtime(one.override.expires_at)
        held = one.is_overridden(now)
        notes.append(f"{'override until' if held else 'override ended'} {until:%d %b %H:%M}")
    if one.canary:
        notes.append(f"v{one.canary.version.number} on trial for {one.canary.percent:g} %")
    cells = [
        build_cell(standing)
        for standing in one.standings
        if standing.right or standing.is_configured
    ]
    return LiveRow(one.version.prompt, one.version.number, one.since, ", ".join(notes), cells)


def build_cell(standing: EngineStanding) -> EngineCell:
    css, word = STANDS[standing.state] if standing.is_configured else ("off", "Not here")
    return EngineCell(standing.title, css, word, standing.right)


@dataclass(frozen=True)
class Fact:
    """A figure of what waits, or of who answers, and where it leads."""

    title: str
    figure: str
    note: str
    link: Link | None


def list_facts(backlog: Backlog, found: Sequence[LiveVersion], since: datetime) -> list[Fact]:
    """Photos that failed are counted from `since` on."""
    queued = "Redis away" if backlog.queued is None else f"{backlog.queued} waiting"
    photos = f"oldest {backlog.oldest_s:.0f} s" if backlog.unfinished_photos else ""
    running = sum(len(one.runs) for one in found)
    engines = sorted({name_engine(engine) for one in found for engine in one.answering})
    unfinished = link_list("wardrobe_photo", status__in="received,processing")
    failed = link_list("wardrobe_photo", status__exact="failed", created_at__gte=since.isoformat())
    runs = link_list("registry_evaluationrun")
    return [
        Fact("Queues", queued, "", Link("Jobs", reverse("django_rq:home"), VIEW_JOBS)),
        Fact(
            "Photos in work",
            str(backlog.unfinished_photos),
            photos,
            Link("Photos in work", unfinished, VIEW_PHOTOS),
        ),
        Fact(
            "Photos failed",
            str(backlog.failed_photos),
            "last 24 hours",
            Link("Photos that failed", failed, VIEW_PHOTOS),
        ),
        Fact(
            "Evaluations",
            f"{running} running",
            "of live versions",
            Link("Evaluations", runs, "registry.view_evaluationrun"),
        ),
        Fact(
            "May answer",
            " and ".join(engines) or "nobody",
            "",
            Link("Prompts", link_list("registry_prompt"), "registry.view_prompt"),
        ),
    ]


@dataclass(frozen=True)
class CallsRow:
    """Calls of one version, and the lists behind its counts."""

    stats: CallStats
    calls: str
    succeeded: str
    failed: str
    stopped: str
    running: str
    builtin: str


def list_calls(stats: Sequence[CallStats], period: Period) -> list[CallsRow]:
    return [link_stats(row, period) for row in stats]


def link_stats(stats: CallStats, period: Period) -> CallsRow:
    link = prepare_call_links(period=period, task=stats.task, version=stats.version_id)
    return CallsRow(
        stats,
        calls=link(),
        succeeded=link(outcome="succeeded"),
        failed=link(outcome="failed"),
        stopped=link(outcome="stopped"),
        running=link_calls(task=stats.task, version=stats.version_id, outcome="running"),
        builtin=link(engine=BUILTIN),
    )
