"""One suggestion of each engine through the real stack, for a wardrobe that is nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from django.conf import settings

from registry import inference
from registry.evaluation.runner import SEED, hold_unpaced
from registry.inference import InferenceError
from registry.models import PROBE_SUBJECT, PromptVersion
from registry.selectors import list_live
from styling.golden.scenarios import ScenarioQuestion
from styling.stylist.context import OutfitContext

TASK = "suggest_outfit"
WARDROBE = ("t-shirt", "sweater", "jeans", "sneakers", "coat")


def probe_engines() -> dict[str, str]:
    """Ask each engine that is configured; "answered" or the code of what went wrong, by engine.

    Empty where no version is live.
    """
    live = next((version for version in list_live() if version.prompt.name == TASK), None)
    if live is None:
        return {}
    return {engine: probe_engine(engine, live) for engine in settings.PROBED_ENGINES}


def probe_engine(engine: str, version: PromptVersion) -> str:
    """Under the live version, though the engine may not have passed it: whether it answers is the question, not what.

    The engine is asked by itself, so that none steps in for it.
    """
    held = hold_unpaced(version)
    held = replace(held, bundle={**held.bundle, "engine": engine})
    subject = f"{PROBE_SUBJECT}{engine}"
    try:
        inference.run(TASK, make_question(), subject=subject, seed=SEED, version=held)
    except InferenceError as error:
        return error.code
    return "answered"


@cache
def make_question() -> OutfitContext:
    """The same one each time: five garments, a mild day in town."""
    question = {
        "garments": [{"key": kind, "type": kind} for kind in WARDROBE],
        "event": {"kind": "casual", "date": date(2026, 4, 14)},
        "weather": {"stated": ["mild", "dry"]},
    }
    return ScenarioQuestion.model_validate(question).as_context()
