"""The wardrobe's AI job: which garments does a photo show, and what are they like?"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from PIL import Image as Picture
from pydantic import AfterValidator, BaseModel, Field

from registry.tasks import (
    JSON,
    BadExample,
    ExampleSource,
    Goals,
    Image,
    Score,
    Task,
    Told,
    Violation,
)
from wardrobe import vocabulary
from wardrobe.golden import labels, measures
from wardrobe.golden.labels import GarmentLabel
from wardrobe.models.garments import GUESS_BELOW
from wardrobe.photos import apart, ingestion
from wardrobe.photos.formats import UnreadablePhotoError, inspect_photo
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.garments import DetectedGarment, detect_garments
from wardrobe.vision.naming import require_weights
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.repeats import keep_answers_once
from wardrobe.vocabulary import MOST_COLOURS, OF_SOME_SLOTS, Vocabulary
from wardrobe.vocabulary.pinning import PinsVocabulary

Share = Annotated[float, Field(ge=0, le=1)]

MAXIMUM_GARMENTS = 12
MAXIMUM_ALTERNATIVES = 2

# The attributes with one value and with several, each with the vocabulary kind of its values.
WORDS = {
    "type": "type",
    "pattern": "pattern",
    "material": "material",
    "warmth": "warmth",
    "layering": "layering",
    "formality": "formality",
    "fit": "fit",
    "sleeve": "sleeve",
    "length": "length",
}
WORD_LISTS = {"seasons": "season", "style_tags": "style"}
KINDS = [*WORDS.values(), *WORD_LISTS.values(), "colour"]
OTHER = "other"
REVIEW_BELOW = {"type": GUESS_BELOW, "colours": GUESS_BELOW}
"""Below these a wearer is asked before the stylist uses a garment. A version may say otherwise."""


class SeenColour(BaseModel):
    """`hex` like `#1f2a44` where it was measured; `share` of the garment, 0..1."""

    name: str
    hex: str = ""
    share: Share = 1.0


class SeenAlternative(BaseModel):
    """Another type that it may be, and how likely, 0..1."""

    type: str
    confidence: Share


class SeenGarment(BaseModel):
    """One garment in vocabulary values; an empty one was not told.

    `box` is x, y, width, height in fractions of the photo, empty for all of it. `confidence` maps
    the name of an attribute to 0..1. `alternatives` are the types that come next, likeliest first.
    """

    box: list[Share] = []
    type: str
    alternatives: list[SeenAlternative] = []
    colours: list[SeenColour]
    pattern: str = ""
    material: str = ""
    warmth: str = ""
    layering: str = ""
    seasons: list[str] = []
    formality: str = ""
    fit: str = ""
    sleeve: str = ""
    length: str = ""
    style_tags: list[str] = []
    water_resistant: bool = False
    confidence: dict[str, Share] = {}


class DigitizeAnswer(BaseModel):
    """What a photo shows, each garment once; `person` when somebody is in it, of whom nothing more is said."""

    person: bool = False
    garments: Annotated[list[SeenGarment], AfterValidator(keep_answers_once)]


@dataclass(frozen=True)
class DigitizeContext:
    """`image` is the stored WebP; `words` are those that the version pins, once it is known."""

    image: bytes
    words: Vocabulary

    @classmethod
    def of(cls, image: bytes) -> "DigitizeContext":
        """With the words of the pages, until a version is asked."""
        return cls(image, vocabulary.current())


class DigitizePhoto(PinsVocabulary, Task[DigitizeContext, DigitizeAnswer]):
    """Which garments a photo shows."""

    name = "digitize_photo"
    title = "Digitized photos"
    schema_revision = 15
    variables = tuple(f"{kind}_words" for kind in KINDS)
    # A photo may take its time, for its card is usable meanwhile; nobody reads its words as they come.
    goals = Goals(latency_ms=20_000.0, first_word_ms=20_000.0)
    # Twice, for an answer that has to be asked for again, and a wait for a photo like it are less than a job's 120 s.
    deadline_s = 40.0
    takes_photos = True
    context = DigitizeContext
    output = DigitizeAnswer

    def fill_variables(self, context: DigitizeContext) -> dict[str, str]:
        return {f"{kind}_words": ", ".join(context.words.values(kind)) for kind in KINDS}

    def pin_context(self, context: DigitizeContext, bundle: JSON) -> DigitizeContext:
        return replace(context, words=vocabulary.read_pinned(bundle))

    def store_context(self, context: DigitizeContext) -> JSON:
        """Nothing but the photo, which is kept by itself."""
        return {}

    def load_context(self, stored: JSON, pictures: Sequence[bytes]) -> DigitizeContext:
        (image,) = pictures
        return DigitizeContext.of(image)

    def images(self, context: DigitizeContext) -> list[Image]:
        return [Image(context.image, "image/webp")]

    def schema(self, context: DigitizeContext, parameters: JSON) -> JSON:
        """Only values of the vocabulary can be answered."""
        garments = {"type": "array", "maxItems": MAXIMUM_GARMENTS, "items": item_schema(context)}
        return object_schema({"person": {"type": "boolean"}, "garments": garments})

    def offline(self, context: DigitizeContext, parameters: JSON) -> Iterator[str]:
        """What `wardrobe.vision` sees, under the version's `vision` parameters, in the words it pins."""
        vision = VisionParameters.from_json(parameters.get("vision", {}))
        with Picture.open(io.BytesIO(context.image), formats=["WEBP"]) as picture:
            detected = detect_garments(picture, parameters=vision, file=context.image)
        told = [keep_words(as_seen(garment), context.words) for garment in detected]
        person = any(garment.person for garment in detected)
        yield f'{{"person": {json.dumps(person)}, "garments": ['
        for index, garment in enumerate(garment for garment in told if garment.type):
            yield ", " if index else ""
            yield json.dumps(garment.model_dump())
        yield "]}"

    def explain_unusable(self, parameters: JSON) -> str:
        """A release has one file of weights, of heads and of the adapter: versions that name others cannot answer.
        Retrained heads have to be in the storage, and go by this adapter."""
        try:
            require_weights(VisionParameters.from_json(parameters.get("vision", {})))
        except WeightsMismatchError as error:
            return str(error)
        return ""

    def check(self, context: DigitizeContext, output: DigitizeAnswer) -> list[Violation]:
        violations = [v for garment in output.garments for v in find_unknown(context, garment)]
        if not output.garments:
            violations.append(Violation("no_garment", "No garment was named."))
        return violations

    def tell(self, context: DigitizeContext | None, output: DigitizeAnswer) -> Told:
        notes = ("Somebody is in the photo.",) if output.person else ()
        return Told(tuple(map(tell_garment, output.garments)), notes=notes)

    def read_examples(self, directory: Path) -> Iterator[ExampleSource | BadExample]:
        """Labelled photos. Raises LookupError."""
        return labels.read_examples(directory)

    def example_context(self, input: JSON, file: bytes) -> DigitizeContext:
        return DigitizeContext.of(file)

    def photo_context(self, data: bytes) -> DigitizeContext:
        """The photo as it would be stored. Raises ValueError."""
        try:
            picture, _ = apart.read_upload(data, format=inspect_photo(data).format)
        except UnreadablePhotoError as error:
            raise ValueError(error.message) from error
        return DigitizeContext.of(ingestion.encode(picture))

    def score(
        self, context: DigitizeContext, expected: JSON, output: DigitizeAnswer | None
    ) -> Score:
        """The fields of every labelled garment, as `wardrobe.golden.labels` compares them."""
        wanted = [GarmentLabel.model_validate(garment) for garment in expected["garments"]]
        found = output.garments if output else []
        return labels.score_garments(wanted, found, context.words)

    def tabulate(
        self, answers: Iterable[tuple[JSON, DigitizeAnswer | None]], parameters: JSON
    ) -> str:
        """The table that `manage.py digitize --labels` prints."""
        judged = [
            one
            for expected, output in answers
            for one in measures.pair_golden(
                [GarmentLabel.model_validate(garment) for garment in expected["garments"]],
                output.garments if output else [],
                lambda seen: needs_look(seen, parameters),
            )
        ]
        return measures.write_table(measures.measure(judged))


def tell_garment(garment: SeenGarment) -> tuple[str, str]:
    """Its type with how sure that is, and what was seen of it."""
    sure = garment.confidence.get("type")
    colours = " and ".join(colour.name for colour in garment.colours)
    seen = [colours, *(getattr(garment, field) for field in WORDS if field != "type")]
    known = ", ".join(word.replace("_", " ") for word in seen if word not in {"", "none"})
    role = garment.type.replace("-", " ")
    return f"{role}, {sure:.0%} sure" if sure is not None else role, known


def read_review_below(parameters: JSON, told: str = "") -> dict[str, float]:
    """Under which likelihood a field of a garment that was told as a type makes it wait for a look: `review_below` by
    field, and for the type itself `review_below_of` by what was told."""
    limits = {**REVIEW_BELOW, **parameters.get("review_below", {})}
    own = parameters.get("review_below_of", {})
    return {**limits, "type": own[told]} if told in own else limits


def needs_look(seen: SeenGarment, parameters: JSON) -> bool:
    """Whether a garment is less sure, or not told, in a field that has a limit."""
    return bool(list_doubts(seen.type, seen.confidence, parameters))


def list_doubts(told: str, confidence: Mapping[str, float], parameters: JSON) -> list[str]:
    """The fields that have a limit and are less sure than that, or are not told."""
    limits = read_review_below(parameters, told)
    return sorted(name for name, limit in limits.items() if confidence.get(name, 0) < limit)


def object_schema(properties: JSON) -> JSON:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def item_schema(context: DigitizeContext) -> JSON:
    """One garment. Kinds that the words do not hold, as earlier revisions may not, are not asked."""
    words = context.words
    share = {"type": "number", "minimum": 0, "maximum": 1}
    types = {"enum": words.values("type")}
    colour = object_schema({"name": {"enum": words.values("colour")}, "share": share})
    told = {
        name: word_schema(name, words.values(kind))
        for name, kind in WORDS.items()
        if name != "type" and words.values(kind)
    }
    return object_schema(
        {
            "box": {"type": "array", "items": share, "minItems": 4, "maxItems": 4},
            "type": types,
            "alternatives": {
                "type": "array",
                "items": object_schema({"type": types, "confidence": share}),
                "maxItems": MAXIMUM_ALTERNATIVES,
            },
            "colours": {
                "type": "array",
                "items": colour,
                "minItems": 1,
                "maxItems": MOST_COLOURS,
            },
            **told,
            **{name: word_list_schema(words.values(kind)) for name, kind in WORD_LISTS.items()},
            "water_resistant": {"type": "boolean"},
            "confidence": object_schema(
                dict.fromkeys(["type", "colours", *told, *WORD_LISTS], share)
            ),
        }
    )


def word_schema(name: str, values: Sequence[str]) -> JSON:
    return {"enum": [*values, ""] if name in OF_SOME_SLOTS else list(values)}


def word_list_schema(values: Sequence[str]) -> JSON:
    return {"type": "array", "items": {"enum": list(values)}, "maxItems": 4}


def as_seen(garment: DetectedGarment) -> SeenGarment:
    """What was detected, as an answer. The slot follows from the type and is not answered."""
    return SeenGarment(
        box=[round(min(max(value, 0.0), 1.0), 4) for value in garment.box],
        type=garment.type,
        alternatives=[
            SeenAlternative(type=type_, confidence=round(likely, 3))
            for type_, likely in garment.alternatives[:MAXIMUM_ALTERNATIVES]
        ],
        colours=[
            SeenColour(name=colour.name, hex=colour.hex, share=round(min(colour.share, 1.0), 3))
            for colour in garment.colours[:MOST_COLOURS]
        ],
        pattern=garment.pattern,
        material=garment.material,
        warmth=garment.warmth,
        layering=garment.layering,
        seasons=garment.seasons,
        formality=garment.formality,
        sleeve=garment.sleeve,
        length=garment.length,
        water_resistant=garment.water_resistant,
        confidence={
            name: min(max(value, 0.0), 1.0)
            for name, value in garment.confidence.items()
            if name != "slot"
        },
    )


def keep_words(garment: SeenGarment, words: Vocabulary) -> SeenGarment:
    """What was seen, told in these words: a type that they lack as its family, another word not at all,
    nor one that is never said of the type.

    A garment of which they know no type has none.
    """
    types = (garment.type, FAMILY_OF.get(garment.type, ""), OTHER)
    type_ = next((type_ for type_ in types if type_ in words.terms("type")), "")
    slot = words.slot_of(type_) if type_ else ""
    told = {
        **{
            name: value if words.suits(kind, value := getattr(garment, name), slot) else ""
            for name, kind in WORDS.items()
        },
        "type": type_,
        "alternatives": keep_alternatives(garment.alternatives, type_, words),
        **{
            name: keep_list(getattr(garment, name), words, kind)
            for name, kind in WORD_LISTS.items()
        },
        "colours": [colour for colour in garment.colours if colour.name in words.terms("colour")],
    }
    return garment.model_copy(update=told)


def keep_alternatives(
    alternatives: list[SeenAlternative], type_: str, words: Vocabulary
) -> list[SeenAlternative]:
    """The likeliest that the words hold, each once and none of them the type itself."""
    likely = sorted(alternatives, key=lambda one: one.confidence, reverse=True)
    known = {one.type: one for one in reversed(likely) if one.type in words.terms("type")}
    known.pop(type_, None)
    return [one for one in likely if known.get(one.type) is one][:MAXIMUM_ALTERNATIVES]


def keep_list(values: list[str], words: Vocabulary, kind: str) -> list[str]:
    known = words.terms(kind)
    return [value for value in dict.fromkeys(values) if value in known]


def find_unknown(context: DigitizeContext, garment: SeenGarment) -> Iterator[Violation]:
    """Values that the vocabulary does not hold, or not for the garment's type."""
    words = context.words
    told = [(name, kind, getattr(garment, name)) for name, kind in WORDS.items()]
    told += [(name, kind, v) for name, kind in WORD_LISTS.items() for v in getattr(garment, name)]
    told += [("colours", "colour", colour.name) for colour in garment.colours]
    told += [("alternatives", "type", another.type) for another in garment.alternatives]
    for name, kind, value in told:
        if value and value not in words.terms(kind):
            yield Violation("unknown_value", f"{name}: {value}")
    for name in OF_SOME_SLOTS if garment.type in words.terms("type") else ():
        value, slot = getattr(garment, name), words.slot_of(garment.type)
        if value in words.terms(WORDS[name]) and not words.suits(WORDS[name], value, slot):
            yield Violation("unsuited_value", f"{name}: {value} of {garment.type}")
