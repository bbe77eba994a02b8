"""Inputs of the headline: queues and engines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from monitoring.headline.levels import Input, Level, Link, pick_worst
from monitoring.headline.live import LiveVersion
from monitoring.links import link_list
from monitoring.selectors import Backlog
from registry.engines import BUILTIN, name_engine
from registry.engines.base import OtherReleaseError
from registry.engines.breaker import Breaker, Outage
from wardrobe.similarity.served import BREAKER as EMBEDDINGS

MODEL = "vllm"
STUCK_AFTER_S = 180.0
"""A photo may stay unfinished for three minutes; after that something is stuck."""


def judge_queues(backlog: Backlog) -> Input:
    photos = link_list("wardrobe_photo")
    link = Link("Photos", photos, "wardrobe.view_photo")
    found = []
    if backlog.queued is None:
        text = "Photos are kept and wait; nothing is lost."
        found.append(Input("Queues", Level.BAD, "Redis does not answer.", text))
    if backlog.left_s > STUCK_AFTER_S:
        title = "No worker of photos can run the live version."
        waiting = f"{backlog.left_photos} waiting, the first for {backlog.left_s / 60:.0f} minutes."
        text = f"{waiting} None loses a try. Start workers of the release that wrote the version."
        address = link_list("wardrobe_photo", failure_code=OtherReleaseError.code)
        found.append(Input("Queues", Level.BAD, title, text, replace(link, address=address)))
    if backlog.oldest_s > STUCK_AFTER_S:
        minutes = backlog.oldest_s / 60
        text = f"{backlog.unfinished_photos} unfinished, the oldest for {minutes:.0f} minutes."
        found.append(Input("Queues", Level.BAD, "Photos are stuck.", text, link))
    text = f"{backlog.unfinished_photos} photos are in work."
    return pick_worst(found, Input("Queues", Level.OK, text, "", link))


def judge_engines(live: Sequence[LiveVersion]) -> Input:
    """Servers that are away. Bad where a live version has no other engine that may answer."""
    found = []
    if settings.VLLM_BASE_URL and (trouble := Breaker(MODEL).read()):
        found.append(judge_model(live, trouble))
    if settings.EMBEDDINGS["base_url"] and (trouble := Breaker(EMBEDDINGS).read()):
        rest = (
            "Similar garments are found by the built-in network meanwhile; the next photo, or the job "
            "that fills in vectors every ten minutes, tries the server again."
        )
        text = f"{say_trouble(trouble)} {rest}"
        found.append(Input("Engines", Level.WATCH, "The embeddings server fails.", text))
    text = "vLLM answers." if settings.VLLM_BASE_URL else f"{name_engine(BUILTIN)} alone."
    return pick_worst(found, Input("Engines", Level.OK, text))


def judge_model(live: Sequence[LiveVersion], trouble: Outage) -> Input:
    alone = [str(one.version) for one in live if set(one.answering) == {MODEL}]
    if alone:
        rest = f"Nobody else may answer under {', '.join(alone)}."
    else:
        rest = "The built-in engine answers meanwhile, and vLLM is tried again every few seconds."
    level = Level.BAD if alone else Level.WATCH
    return Input("Engines", level, "vLLM does not answer.", f"{say_trouble(trouble)} {rest}")


def say_trouble(trouble: Outage) -> str:
    since = timezone.localtime(datetime.fromtimestamp(trouble.since, UTC))
    return f"Since {since:%d %b %H:%M:%S}: {trouble.reason.rstrip('.')}."
