"""Inputs of the headline: what is live, by whose leave, and what was tried."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from monitoring.headline.levels import Input, Level, Link, pick_worst
from monitoring.headline.live import LiveVersion
from monitoring.links import link_list, link_row
from registry.engines import name_engine
from registry.models import EvaluationRun, PromptVersion
from registry.selectors import find_reverted

VIEW_PROMPTS = "registry.view_prompt"
VIEW_RUNS = "registry.view_evaluationrun"
VIEW_CANARIES = "registry.view_canary"
LONG_EVALUATION = timedelta(minutes=10)
"""An evaluation that takes longer is to be watched: until it ends, something answers that was not judged."""


def judge_versions(live: Sequence[LiveVersion]) -> Input:
    """Failed: bad, whoever allowed it. With one of its engines only, or judged by nothing: watch."""
    found = [one for version in live if (one := judge_version(version))]
    passed = sum(version.has_passed for version in live)
    if not live:
        return pick_worst(found, Input("Versions", Level.NONE, "Nothing is live."))
    text = f"{passed} of {len(live)} live versions have passed."
    return pick_worst(found, Input("Versions", Level.OK, text))


def judge_version(live: LiveVersion) -> Input | None:
    version, link = live.version, link_prompt(live.version)
    names = ", ".join(standing.title for standing in live.failed)
    reason = " ".join(failure for standing in live.failed for failure in standing.failures[:2])
    if live.failed and live.has_passed:
        text = f"{version} has failed with {names}; {say_answering(live)}."
        return Input("Versions", Level.WATCH, text, reason, link)
    if live.failed:
        return Input("Versions", Level.BAD, f"{version} is live and has failed.", reason, link)
    if not any(standing.findings for standing in live.asked):
        text = f"{version} is live, and there are no golden examples to judge it by."
        return Input("Versions", Level.WATCH, text, "", link)
    return None


def say_answering(live: LiveVersion) -> str:
    """Who answers wearers meanwhile."""
    names = " and ".join(sorted(name_engine(engine) for engine in live.answering))
    return f"{names} answers" if names else "nobody answers"


def judge_overrides(live: Sequence[LiveVersion], now: datetime) -> Input:
    found = [
        Input(
            "Overrides",
            Level.WATCH,
            f"{one.version} is live under an override, and has not passed.",
            say_expiry(one, now),
            link_prompt(one.version),
        )
        for one in live
        if one.override
    ]
    return pick_worst(found, Input("Overrides", Level.NONE, "No live version needs one."))


def say_expiry(live: LiveVersion, now: datetime) -> str:
    if live.override is None:
        return ""
    until = f"{timezone.localtime(live.override.expires_at):%d %b %H:%M}"
    ends = f"It holds until {until}" if live.is_overridden(now) else f"It ended at {until}"
    return f"{ends}: “{live.override.reason}”."


def judge_evaluations(live: Sequence[LiveVersion], now: datetime) -> Input:
    """Live versions that are being judged, or wait for it."""
    found = [judge_waiting(one, now) for one in live if one.waiting]
    return pick_worst(found, Input("Evaluations", Level.NONE, "No live version waits for one."))


def judge_waiting(live: LiveVersion, now: datetime) -> Input:
    names = " and ".join(standing.title for standing in live.waiting)
    if not live.runs:
        text = f"{live.version} has not been evaluated with {names} yet; {say_answering(live)}."
        return Input("Evaluations", Level.WAIT, text, "", link_runs(live.version))
    oldest = min(run.started_at for run in live.runs)
    level = Level.WATCH if now - oldest > LONG_EVALUATION else Level.WAIT
    text = f"{live.version} is being evaluated with {names}; {say_answering(live)}."
    reason = " ".join(say_progress(run) for run in live.runs)
    return Input("Evaluations", level, text, reason, link_runs(live.version))


def say_progress(run: EvaluationRun) -> str:
    asked = run.dataset_version.examples.count() * run.repeats
    since = f"{timezone.localtime(run.started_at):%H:%M}"
    return f"{name_engine(run.engine)}: {run.results.count()} of {asked} since {since}."


def judge_canaries(live: Sequence[LiveVersion]) -> Input:
    """One that reverted by itself is to be watched: it answers nobody any more."""
    found = [
        Input(
            "Canaries",
            Level.WATCH,
            f"The canary of {canary.version} was reverted.",
            canary.ending,
            Link("The canary", link_row("registry_canary", canary.pk), VIEW_CANARIES),
        )
        for one in live
        if (canary := find_reverted(one.version.prompt))
    ]
    running = [one.canary for one in live if one.canary]
    if running:
        text = ", ".join(f"{canary.version} answers {canary.percent:g} %" for canary in running)
        return pick_worst(found, Input("Canaries", Level.OK, f"{text}."))
    return pick_worst(found, Input("Canaries", Level.NONE, "None is running."))


def link_prompt(version: PromptVersion) -> Link:
    return Link("The prompt", link_row("registry_prompt", version.prompt_id), VIEW_PROMPTS)


def link_runs(version: PromptVersion) -> Link:
    page = link_list("registry_evaluationrun", version__id__exact=str(version.pk))
    return Link("Its evaluations", page, VIEW_RUNS)
