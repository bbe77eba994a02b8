"""The job of suggesting an outfit."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from registry.tasks import (
    JSON,
    BadExample,
    ExampleSource,
    FieldScore,
    Goals,
    Score,
    Task,
    Told,
    Tool,
    Violation,
)
from styling.checks.violations import check_outfit
from styling.golden.expectations import OutfitExpectation, asked_checks, judge_answer
from styling.golden.scenarios import WARDROBES, ScenarioQuestion, read_scenarios
from styling.golden.telling import tell_expectation
from styling.golden.traits import list_traits
from styling.stylist import prompt_variables
from styling.stylist.comfort import read_comfort
from styling.stylist.context import OutfitContext
from styling.stylist.parameters import Parameters
from styling.stylist.prose import write_prose
from styling.stylist.reasons import explain_outfit
from styling.stylist.search import Outfit, suggest_outfits
from wardrobe import vocabulary
from wardrobe.vocabulary import EMPTY
from wardrobe.vocabulary.pinning import PinsVocabulary

MISSING_SLOTS = ("top", "bottom", "shoes", "outerwear")
MOST_PIECES, MOST_REASONS = 9, 5
WORD = re.compile(r"\s*\S+")
LETTER = '[^"\\\\\\u0000-\\u001f]'
"""A letter of a text field: without a pattern, models write raw tabs and newlines into strings."""
SENTENCE = f"^{LETTER}{{1,128}}$"
"""xgrammar 0.2.8, which vLLM 0.32 pins, breaks at a bound above 128 (its issue 863)."""
WORD_LETTER = '[^"\\\\\\u0000-\\u0020]'
PROSE = f"^({WORD_LETTER}{{1,24}}( |\\n\\n)){{0,119}}{WORD_LETTER}{{1,24}}$"
"""At most 120 words, of which the prompt asks for ninety: the answer ends, whatever the model is."""


class Piece(BaseModel):
    garment_id: str
    slot: str


class OutfitAnswer(BaseModel):
    """An outfit. The order of the fields is the order in which it streams."""

    pieces: list[Piece]
    missing: list[str] = Field(default_factory=list)
    reasons: list[str] = Field(default_factory=list)
    prose: str


class WeatherQuestion(BaseModel):
    """The day is that of the event, as YYYY-MM-DD: the weather of no other is known."""

    model_config = ConfigDict(extra="forbid")

    date: datetime.date


def answer_weather(context: OutfitContext, question: WeatherQuestion) -> JSON:
    if question.date != context.event.starts.date():
        return {"error": f"Only the weather of {context.event.starts:%Y-%m-%d} is known."}
    return {"weather": prompt_variables.describe_weather(context)}


RULE_NAMES = {
    "unowned_item": "a garment that is not owned",
    "unavailable_item": "a garment that cannot be worn now",
    "invented_garment": "a garment made up in prose",
    "invented_weather": "weather made up in prose",
    "incomplete_outfit": "an incomplete outfit",
    "duplicate_slot": "two garments in one place",
    "too_warm": "an outfit that is too warm",
    "too_cold": "an outfit that is too cold",
    "coat_when_hot": "a coat in the heat",
    "bare_legs": "bare legs in the cold",
    "rain_unprotected": "nothing against the rain",
    "formality_mismatch": "clothes too formal, or not enough",
    "repeated_outfit": "an outfit much like a former one",
    "wish_unheeded": "a wish that was not heeded",
}


class SuggestOutfit(PinsVocabulary, Task[OutfitContext, OutfitAnswer]):
    """What to wear to one event, of the garments on offer."""

    name = "suggest_outfit"
    title = "Suggested outfits"
    schema_revision = 16
    variables = ("wardrobe", "wearer", "event", "weather", "wishes")
    # A wearer reads the first word within half a second and the whole answer within three.
    goals = Goals(latency_ms=3_000.0, first_word_ms=500.0)
    never_shown = ("unowned_item", "invented_garment")
    rule_names = RULE_NAMES
    free_text = ("likes", "dislikes", "note", "reasons", "prose")
    context = OutfitContext
    output = OutfitAnswer

    def fill_variables(self, context: OutfitContext) -> Mapping[str, str]:
        return {
            "wardrobe": prompt_variables.describe_wardrobe(context),
            "wearer": prompt_variables.describe_wearer(context),
            "event": prompt_variables.describe_event(context),
            "weather": prompt_variables.describe_weather(context),
            "wishes": prompt_variables.describe_wishes(context),
        }

    def pin_context(self, context: OutfitContext, bundle: JSON) -> OutfitContext:
        return context.read_with(vocabulary.read_pinned(bundle))

    def store_context(self, context: OutfitContext) -> JSON:
        """Pairs that were worn together as lists: the keys of JSON objects are strings."""
        stored = super().store_context(replace(context, words=EMPTY, worn_together={}))
        pairs = [[sorted(pair), times] for pair, times in context.worn_together.items()]
        return stored | {"worn_together": pairs}

    def load_context(self, stored: JSON, pictures: Sequence[bytes]) -> OutfitContext:
        pairs = {frozenset(pair): times for pair, times in stored["worn_together"]}
        context = super().load_context(stored | {"worn_together": {}}, pictures)
        return replace(context, words=EMPTY, worn_together=pairs)

    def schema(self, context: OutfitContext, parameters: JSON) -> JSON:
        """Narrowed to the garments on offer: decoding cannot name another, nor a wrong slot."""
        by_slot: dict[str, list[str]] = {}
        for piece in prompt_variables.choose_offered(context):
            by_slot.setdefault(piece.slot, []).append(piece.id)
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["pieces", "missing", "reasons", "prose"],
            "properties": {
                "pieces": _pieces(by_slot),
                "missing": {
                    "type": "array",
                    "maxItems": len(MISSING_SLOTS),
                    "items": {"type": "string", "enum": list(MISSING_SLOTS)},
                },
                "reasons": {
                    "type": "array",
                    "maxItems": MOST_REASONS,
                    "items": {"type": "string", "pattern": SENTENCE},
                },
                "prose": {"type": "string", "pattern": PROSE},
            },
        }

    def tools(self, context: OutfitContext, parameters: JSON) -> Sequence[Tool]:
        """The weather, under a version whose `tools` name it and whose prompt leaves it out."""
        if "get_weather" not in parameters.get("tools", []):
            return []
        description = "The weather where and while the event is, as the prompt would have it."
        return [Tool("get_weather", description, WeatherQuestion, partial(answer_weather, context))]

    def offline(self, context: OutfitContext, parameters: JSON) -> Iterator[str]:
        """The deterministic stylist's answer; its prose comes word by word."""
        chosen = Parameters.of(parameters)
        comfort = read_comfort(context)
        outfit = next(iter(suggest_outfits(context, chosen, count=1)), Outfit((), (), 0.0))
        prose = write_prose(outfit, context, comfort, tone=chosen.tone)
        pieces = [{"garment_id": piece.id, "slot": piece.slot} for piece in outfit.pieces]
        yield from _stream_list("pieces", pieces, opening="{")
        yield from _stream_list("missing", list(outfit.missing), opening=", ")
        yield from _stream_list("reasons", explain_outfit(outfit, context, comfort), opening=", ")
        yield ', "prose": "'
        for word in WORD.findall(prose):
            yield json.dumps(word, ensure_ascii=False)[1:-1]
        yield '"}'

    def check(self, context: OutfitContext, output: OutfitAnswer) -> list[Violation]:
        pieces = [(piece.garment_id, piece.slot) for piece in output.pieces]
        return check_outfit(context, pieces, output.missing, output.prose)

    def tell(self, context: OutfitContext | None, output: OutfitAnswer) -> Told:
        names = {piece.id: piece.name for piece in context.wardrobe} if context else {}
        worn = [
            (piece.slot, names.get(piece.garment_id, piece.garment_id)) for piece in output.pieces
        ]
        paragraphs = output.prose.split("\n\n")
        return Told(tuple(worn), tuple(paragraphs), tuple(output.reasons))

    def list_traits(self, context: OutfitContext) -> Mapping[str, str]:
        return list_traits(context)

    def read_examples(self, directory: Path) -> Iterator[ExampleSource | BadExample]:
        """The scenarios of a folder. Raises ScenarioError, LookupError."""
        if not (directory / WARDROBES).is_file():
            raise LookupError(f"{directory} has no {WARDROBES}")
        for scenario in read_scenarios(directory):
            yield ExampleSource(
                scenario.key,
                scenario.question.model_dump(mode="json"),
                scenario.expected.model_dump(mode="json"),
                scenario.slices,
            )

    def example_context(self, input: JSON, file: bytes) -> OutfitContext:
        return ScenarioQuestion.model_validate(input).as_context()

    def score(self, context: OutfitContext, expected: JSON, output: OutfitAnswer | None) -> Score:
        """A field for each check that the scenario asks."""
        asked = OutfitExpectation.model_validate(expected)
        if output is None:
            fields = [
                FieldScore(check, "", False, found="no answer") for check in asked_checks(asked)
            ]
            return Score(tuple(fields))
        pieces = [(piece.garment_id, piece.slot) for piece in output.pieces]
        judged = judge_answer(context, asked, pieces, output.missing, output.prose)
        return Score(
            tuple(
                FieldScore(check, "", not faults, found=" ".join(faults))
                for check, faults in judged.items()
            )
        )

    def tell_expected(self, expected: JSON) -> list[str]:
        """Empty for what an earlier release had asked otherwise."""
        try:
            return tell_expectation(OutfitExpectation.model_validate(expected))
        except ValidationError:
            return []


def _pieces(by_slot: Mapping[str, list[str]]) -> JSON:
    if not by_slot:
        return {"type": "array", "maxItems": 0}
    options = [_piece(slot, ids) for slot, ids in by_slot.items()]
    return {"type": "array", "maxItems": MOST_PIECES, "items": {"anyOf": options}}


def _piece(slot: str, ids: list[str]) -> JSON:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["garment_id", "slot"],
        "properties": {
            "garment_id": {"type": "string", "enum": ids},
            "slot": {"type": "string", "enum": [slot]},
        },
    }


def _stream_list(key: str, values: Sequence[object], *, opening: str) -> Iterator[str]:
    """A member with a list, an element a time."""
    yield f'{opening}"{key}": ['
    for index, value in enumerate(values):
        yield (", " if index else "") + json.dumps(value, ensure_ascii=False)
    yield "]"
