"""The operator's first page: one sentence, what wants attention, tiles, and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from monitoring import charts, models, selectors
from monitoring.alerts.sentences import say_alert, say_began
from monitoring.drift.sentences import find_news
from monitoring.figures.calls import CallStats, count_violations, get_call_stats, get_series
from monitoring.figures.reading import is_late, newest_at
from monitoring.selectors import Backlog, Window
from registry.engines.breaker import Breaker, Outage
from registry.evaluation.standings import find_standings
from registry.models import Deployment, Prompt
from registry.prompts.answering import find_answering
from registry.selectors import describe_live, find_reverted, list_live
from registry.tasks import AnyTask, all_tasks
from wardrobe.similarity.extractors import BREAKER as EMBEDDINGS

FAILED_SHARE_ALARM = 0.05
MODEL = "vllm"
BACKLOG_ALARM_S = 180.0
"""A row may stay unfinished for three minutes; after that something is stuck."""


@dataclass(frozen=True)
class Alert:
    """Something for the operator to act on; `level` is `warn` or `bad`."""

    level: str
    title: str
    text: str


@dataclass(frozen=True)
class Tile:
    title: str
    figure: str
    unit: str
    state: str
    """good, warn, bad or idle."""
    word: str
    note: str


def find_engine_alerts() -> list[Alert]:
    """What is known to all processes of model servers that should be there and are away."""
    alerts = []
    if settings.VLLM_BASE_URL and (trouble := Breaker("vllm").read()):
        rest = "The built-in engine answers meanwhile, and vLLM is tried again every few seconds."
        alerts.append(Alert("warn", "vLLM does not answer.", f"{say_trouble(trouble)} {rest}"))
    if settings.EMBEDDINGS["base_url"] and (trouble := Breaker(EMBEDDINGS).read()):
        rest = (
            "Similar garments are found by the built-in network meanwhile; the next photo, or the job "
            "that fills in vectors every ten minutes, tries the server again."
        )
        alerts.append(
            Alert("warn", "The embeddings server fails.", f"{say_trouble(trouble)} {rest}")
        )
    return alerts


def say_trouble(trouble: Outage) -> str:
    since = timezone.localtime(datetime.fromtimestamp(trouble.since, UTC))
    return f"Since {since:%d %b %H:%M:%S}: {trouble.reason.rstrip('.')}."


def build_engine_tile() -> Tile:
    if not settings.VLLM_BASE_URL:
        return Tile("Model server", "none", "", "idle", "Built-in", "VLLM_BASE_URL is not set")
    address = urlsplit(settings.VLLM_BASE_URL).netloc
    if Breaker("vllm").read() is not None:
        return Tile("Model server", "vLLM", "", "warn", "Away", f"{address}, see above")
    level, word, note = describe_model_use()
    return Tile("Model server", "vLLM", "", level, word, note or address)


def describe_model_use() -> tuple[str, str, str]:
    """State, word and note: whether the model answers wearers under what is live, and if not, why."""
    found = {
        version.prompt.name: standing
        for version in list_live()
        for standing in find_standings(version)
        if standing.engine == MODEL
        and standing.is_configured
        and MODEL not in find_answering(version)
    }
    if not found:
        return "good", "In use", ""
    failed = [name for name, standing in found.items() if standing.state == "failed"]
    if failed:
        return "bad", "Failed", f"the built-in engine answers {', '.join(failed)}"
    return (
        "warn",
        "Being evaluated",
        f"the built-in engine answers {', '.join(found)} until it passes",
    )


def find_open_alerts() -> list[Alert]:
    """Those of rules that fired and have not closed; one that is silenced is still there."""
    found = models.Alert.objects.open().select_related("rule", "version", "began_after__to_version")
    return [
        Alert(
            alert.rule.severity
            if alert.state == models.Alert.State.FIRING and not alert.archived_at
            else "warn",
            f"{alert} is {alert.state}: {alert.rule}.",
            f"{say_alert(alert)} {began}." if (began := say_began(alert)) else say_alert(alert),
        )
        for alert in found
    ]


def find_alerts(stats: Sequence[CallStats], backlog: Backlog) -> list[Alert]:
    alerts = [*find_open_alerts(), *find_engine_alerts()]
    if backlog.queued is None:
        alerts.append(
            Alert(
                "bad",
                "Redis does not answer.",
                "Photos are kept and wait; nothing is lost.",
            )
        )
    if backlog.oldest_s > BACKLOG_ALARM_S:
        minutes = backlog.oldest_s / 60
        text = f"{backlog.unfinished_photos} unfinished, the oldest for {minutes:.0f} minutes."
        alerts.append(Alert("bad", "Photos are stuck.", text))
    for row in stats:
        if row.failed_share > FAILED_SHARE_ALARM:
            text = f"{row.failed} of {row.succeeded + row.failed} calls of version {row.version_number}."
            alerts.append(Alert("warn", f"{row.task} fails too often.", text))
        if not row.meets_goal:
            text = (
                f"{row.within_goal} of {row.succeeded} answers of version {row.version_number} came "
                f"within the goal, {say_goal(row.task)}; 95 % should."
            )
            alerts.append(Alert("warn", f"{row.task} is slow.", text))
    return alerts


def say_goal(task_name: str) -> str:
    task = all_tasks().get(task_name)
    return f"{task.goals.latency_ms / 1000:g} s" if task else "none"


def find_reverts() -> list[Alert]:
    """Canaries that reverted by themselves, as long as that is news."""
    reverted = [canary for prompt in Prompt.objects.all() if (canary := find_reverted(prompt))]
    return [
        Alert("bad", f"The canary of {canary.version} was reverted.", canary.ending)
        for canary in reverted
    ]


def find_live_alerts() -> list[Alert]:
    """What is live in red."""
    alerts = []
    for version in list_live():
        standings = find_standings(version)
        if describe_live(version, standings).level == "bad":
            asked = [standing for standing in standings if standing.is_configured]
            text = " ".join(failure for standing in asked for failure in standing.failures[:2])
            alerts.append(Alert("warn", f"{version} is live and has not passed.", text))
    return alerts


def find_late_figures(now: datetime) -> list[Alert]:
    """Whether the figures of calls say nothing of now."""
    if not is_late(now):
        return []
    newest = newest_at()
    until = f"{timezone.localtime(newest):%d %b %H:%M}" if newest else ""
    counted = f"Calls were counted until {until}" if until else "No calls were counted yet"
    text = f"{counted}. Are the scheduler and a worker of `maintenance` running?"
    return [Alert("warn", LATE, text)]


LATE = "The figures are late."


def find_drift_alerts(now: datetime) -> list[Alert]:
    """What the newest drift report alarms about."""
    return [Alert("warn", title, text) for title, text in find_news(now)]


def say(stats: Sequence[CallStats], alerts: Sequence[Alert]) -> str:
    """The page's first sentence."""
    if any(alert.level == "bad" for alert in alerts):
        return "Something needs you now."
    if any(alert.title == LATE for alert in alerts):
        return "Cannot tell. The figures are late."
    if alerts:
        things = "One thing" if len(alerts) == 1 else f"{len(alerts)} things"
        return f"{things} to watch."
    return "It is all right." if stats else "Quiet. Nobody has asked yet."


def build_live_tile(prompt: Prompt) -> Tile:
    alias = prompt.production()
    if alias is None:
        return Tile(prompt.name, "none", "", "bad", "Not live", "run manage.py load_prompts")
    moved = f"since {timezone.localtime(alias.updated_at):%d %b %H:%M}"
    if canary := prompt.canaries.running().select_related("version").first():
        moved += f", v{canary.version.number} on trial for {canary.percent:g} %"
    live = describe_live(alias.version, find_standings(alias.version))
    number, sha = f"v{alias.version.number}", alias.version.short_sha
    return Tile(prompt.name, number, sha, live.level, live.word, moved)


def build_time_tile(
    title: str, value_ms: float | None, goal_ms: float, *, is_met: bool | None = None
) -> Tile:
    """`is_met` is known better than from a percentile, which is 2.2 % exact."""
    if value_ms is None:
        return Tile(title, "–", "", "idle", "Quiet", f"goal {goal_ms / 1000:g} s")
    figure, unit = (f"{value_ms:.0f}", "ms") if value_ms < 1000 else (f"{value_ms / 1000:.1f}", "s")
    is_met = value_ms <= goal_ms if is_met is None else is_met
    state, word = ("good", "Within goal") if is_met else ("warn", "Above goal")
    return Tile(title, figure, unit, state, word, f"goal {goal_ms / 1000:g} s")


def build_share_tile(title: str, part: int, whole: int, note: str) -> Tile:
    if not whole:
        return Tile(title, "–", "", "idle", "Quiet", note)
    share = 100 * part / whole
    state, word = ("good", "None") if not part else ("idle", f"{part} of {whole}")
    return Tile(title, f"{share:.1f}", "%", state, word, note)


def build_queue_tile(backlog: Backlog) -> Tile:
    if backlog.queued is None:
        return Tile("Queue", "–", "", "bad", "Redis away", "rows wait in the database")
    note = f"{backlog.unfinished_photos} photos in work, {backlog.failed_photos} failed"
    stuck = backlog.oldest_s > BACKLOG_ALARM_S
    state, word = ("bad", "Stuck") if stuck else ("good", "Moving")
    return Tile("Queue", str(backlog.queued), "waiting", state, word, note)


def build_time_tiles(task: AnyTask, stats: Sequence[CallStats]) -> list[Tile]:
    """The whole answer of the version that was called last, and its first word where somebody reads along."""
    newest = next((row for row in stats if row.task == task.name), None)
    whole, first = (newest.latency_p95_ms, newest.ttft_p95_ms) if newest else (None, None)
    is_met = newest.meets_goal if newest else None
    tiles = [build_time_tile(f"{task.title}, p95", whole, task.goals.latency_ms, is_met=is_met)]
    if task.goals.first_word_ms < task.goals.latency_ms:
        tiles.append(build_time_tile("First word, p95", first, task.goals.first_word_ms))
    return tiles


def build_tiles(stats: Sequence[CallStats], backlog: Backlog) -> list[Tile]:
    calls = sum(row.calls for row in stats)
    return [
        *(build_live_tile(prompt) for prompt in Prompt.objects.all()),
        *(tile for task in all_tasks().values() for tile in build_time_tiles(task, stats)),
        build_queue_tile(backlog),
        build_engine_tile(),
        build_share_tile(
            "Failed calls",
            sum(row.failed for row in stats),
            calls,
            "ended without an answer",
        ),
        build_share_tile(
            "Stopped by a check",
            sum(row.stopped_by_check for row in stats),
            calls,
            "nobody saw it",
        ),
        build_share_tile(
            "Shown with a fault",
            sum(row.shown_with_fault for row in stats),
            calls,
            "a check failed, and it was shown; see below",
        ),
        build_share_tile(
            "Built-in answers",
            sum(row.builtin for row in stats),
            calls,
            "the rest is Gemma on vLLM",
        ),
    ]


def build_charts(
    deployments: Sequence[Deployment], window: Window, now: datetime
) -> list[charts.Chart]:
    """One for each task that somebody asked in the period."""
    series = {
        task: get_series(task=task.name, window=window, now=now) for task in all_tasks().values()
    }
    return [
        charts.build_chart(task, points, deployments, window, now)
        for task, points in series.items()
        if points
    ]


def get_window(request: HttpRequest) -> Window:
    return selectors.WINDOWS.get(request.GET.get("span", ""), selectors.WINDOWS["24h"])


def add_overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the admin's index. Called by unfold (`DASHBOARD_CALLBACK`)."""
    now = timezone.now()
    window = get_window(request)
    since = window.starts_at(now)
    stats = get_call_stats(since, now)
    backlog = selectors.get_backlog(since)
    deployments = selectors.get_deployments(since)
    alerts = [
        *find_late_figures(now),
        *find_reverts(),
        *find_live_alerts(),
        *find_alerts(stats, backlog),
        *find_drift_alerts(now),
    ]
    return context | {
        "windows": selectors.WINDOWS,
        "window": window,
        "sentence": say(stats, alerts),
        "counted_until": newest_at(),
        "alerts": alerts,
        "tiles": build_tiles(stats, backlog),
        "stats": stats,
        "charts": build_charts(list(deployments), window, now),
        "deployments": deployments,
        "violations": count_violations(since, now),
        "corrections": selectors.count_corrections(since),
        "failures": selectors.get_recent_failures(since),
    }
