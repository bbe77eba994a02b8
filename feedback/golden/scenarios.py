"""Scenarios made of questions that wearers asked: their wardrobe, event and weather, under names of ours."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from accounts.models import Consent
from feedback.models import Rating
from registry.models import CallRequest, InferenceCall
from registry.tasks import ExampleSource, get_task
from styling.golden.scenarios import (
    Scenario,
    ScenarioEvent,
    ScenarioGarment,
    ScenarioQuestion,
    ScenarioWearer,
    ScenarioWeather,
)
from styling.models import Suggestion
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.weather.model import WeatherSnapshot
from wardrobe import vocabulary

SUBJECT = "suggestion:"
CLO_BELOW, CLO_ABOVE = 0.4, 0.5
"""What an expectation proposes around the insulation that the event asks for."""


@dataclass(frozen=True)
class ScenarioDraft:
    """A question under keys of ours, and what was answered to it.

    `worn` are keys of the pieces that were suggested; `proposed` is what an expectation could begin with.
    """

    suggestion: Suggestion
    question: ScenarioQuestion
    worn: tuple[str, ...]
    said: str
    rating: Rating | None
    weather: str
    proposed: dict[str, Any]
    is_wet: bool


def find_suggestion(call: InferenceCall) -> Suggestion | None:
    """The suggestion that a call answered, while it is there."""
    if not call.subject.startswith(SUBJECT):
        return None
    pk = call.subject.removeprefix(SUBJECT)
    return Suggestion.objects.select_related("owner", "event").filter(pk=pk).first()


def explain_unusable(call: InferenceCall) -> str:
    """Why no scenario can be made of a call; empty if one can."""
    suggestion = find_suggestion(call)
    if suggestion is None:
        return "the suggestion is gone."
    if not Consent.objects.given(by=suggestion.owner).exists():
        return "this wearer has not consented to it."
    if read_context(call) is None:
        return f"what was asked is not kept any more: requests are for {settings.CALL_WORDS_KEPT_DAYS} days."
    return ""


def read_context(call: InferenceCall) -> OutfitContext | None:
    """What the stylist was told, as this release reads it; None where that is not kept."""
    request: CallRequest | None = getattr(call, "request", None)
    if request is None:
        return None
    try:
        context: OutfitContext = get_task(call.task).load_context(request.context, ())
    except (LookupError, TypeError, ValueError):
        return None
    return context.read_with(vocabulary.current())


def draft_scenario(call: InferenceCall) -> ScenarioDraft:
    """The question of a call. Raises LookupError when it is gone."""
    suggestion, context = find_suggestion(call), read_context(call)
    if suggestion is None or context is None:
        raise LookupError("What was asked is not kept any more.")
    keys = name_garments(context.wardrobe)
    event = draft_event(suggestion)
    answer = call.output or {}
    pieces = [piece["garment_id"] for piece in answer.get("pieces", [])]
    question = ScenarioQuestion(
        garments=tuple(draft_garment(keys[p.id], p, event.date) for p in context.wardrobe),
        event=event,
        weather=draft_weather(context.weather),
        no_forecast=context.no_forecast,
        wearer=ScenarioWearer(
            sensitivity=context.sensitivity,
            likes=context.likes,
            dislikes=context.dislikes,
            repeat_days=context.repeat_days,
            units=context.units,
        ),
        start_from=keys.get(context.start_from or "", ""),
        seen=tuple(
            tuple(sorted(keys[pk] for pk in outfit))
            for outfit in context.avoid
            if outfit <= keys.keys()
        ),
        seed=context.seed,
    )
    return ScenarioDraft(
        suggestion=suggestion,
        question=question,
        worn=tuple(keys[pk] for pk in pieces if pk in keys),
        said=str(answer.get("prose", "")),
        rating=Rating.objects.filter(suggestion=suggestion).first(),
        weather=context.weather.sentence if context.weather else "No weather was known.",
        proposed=propose(context, answer.get("missing", [])),
        is_wet=read_comfort(context).is_wet,
    )


def name_garments(wardrobe: Iterable[Candidate]) -> dict[str, str]:
    """A key of colour and type for each garment, by its id: nothing that the wearer wrote."""
    count: Counter[str] = Counter()
    keys = {}
    for piece in wardrobe:
        colour = str(piece.facts.colours[0]["name"]) if piece.facts and piece.facts.colours else ""
        name = "-".join(filter(None, [colour.replace("_", "-"), piece.type]))
        count[name] += 1
        keys[piece.id] = name if count[name] == 1 else f"{name}-{count[name]}"
    return keys


def draft_garment(key: str, piece: Candidate, day: date) -> ScenarioGarment:
    """The garment in the words that its wearer and the model had for it, without its name."""
    facts = piece.facts
    if facts is None:
        raise LookupError("Another release kept this request.")
    worn = (day - facts.last_worn_on).days if facts.last_worn_on else None
    return ScenarioGarment(
        key=key,
        type=facts.type,
        colours=tuple(str(colour["name"]) for colour in facts.colours),
        pattern=facts.pattern,
        material=facts.material,
        warmth=facts.warmth or "medium",
        sleeve=facts.sleeve,
        length=facts.length,
        layering=facts.layering,
        formality=facts.formality,
        style_tags=facts.style_tags,
        occasions=facts.occasions,
        water_resistant=facts.water_resistant,
        favourite=facts.is_favourite,
        worn_days_ago=worn if worn is not None and worn >= 0 else None,
    )


def draft_event(suggestion: Suggestion) -> ScenarioEvent:
    """Its whole hours: from the hour in which it begins to the one in which it ends."""
    event = suggestion.event
    ends = event.ends_at.hour + (1 if event.ends_at.minute else 0)
    return ScenarioEvent(
        kind=event.kind,
        date=event.date,
        hours=(event.starts_at.hour, ends % 24),
        zone=event.time_zone,
        note=event.note,
    )


def draft_weather(weather: WeatherSnapshot | None) -> ScenarioWeather | None:
    if weather is None:
        return None
    if weather.is_stated:
        return ScenarioWeather(
            stated=(weather.categories["temperature"], weather.categories["rain"])
        )
    return ScenarioWeather(hourly=weather.shown)


def propose(context: OutfitContext, missing: Sequence[str]) -> dict[str, Any]:
    """An expectation to begin with: around the warmth that the event asks for, and a step of formality about it."""
    needed = read_comfort(context).needed
    scale, rank = context.words.values("formality"), context.event.formality
    return {
        "clo_from": round(max(needed - CLO_BELOW, 0.1), 2),
        "clo_to": round(needed + CLO_ABOVE, 2),
        "formality": scale[max(rank - 1, 0) : rank + 2],
        "missing": list(missing),
        "likes": context.likes,
        "dislikes": context.dislikes,
        "note": context.event.note,
    }


def make_source(scenario: Scenario, slices: Sequence[str]) -> ExampleSource:
    return ExampleSource(
        scenario.key,
        scenario.question.model_dump(mode="json"),
        scenario.expected.model_dump(mode="json"),
        tuple(slices),
    )


def name_scenario(call: InferenceCall) -> str:
    return f"call-{call.pk.hex[:10]}"


def find_fingerprint(suggestion: Suggestion) -> str:
    """Of the wearer: all questions to one wardrobe are near-duplicates of each other."""
    return hashlib.sha256(f"wearer:{suggestion.owner_id}".encode()).hexdigest()[:16]
