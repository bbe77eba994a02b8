"""The photo task: what it asks, what it may answer, how answers become garments."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from registry.prompts.bundles import get_variables
from registry.prompts.files import parse_prompt_file
from tests.factories import make_photo
from tests.wardrobe.pictures import draw_noise
from wardrobe import vocabulary
from wardrobe.models import Garment, Photo
from wardrobe.photos.ingestion import encode as encode_rendition
from wardrobe.services import garment_builder
from wardrobe.tasks import (
    DigitizeAnswer,
    DigitizeContext,
    DigitizePhoto,
    SeenAlternative,
    SeenColour,
    SeenGarment,
)
from wardrobe.vision import classifier
from wardrobe.vocabulary import Vocabulary

PROMPT = Path(settings.BASE_DIR) / "fixtures" / "prompts" / "digitize_photo.md"

task = DigitizePhoto()


@pytest.fixture
def context(words: None) -> DigitizeContext:
    return DigitizeContext.of(encode_rendition(draw_noise(640, 480)))


def seen(**fields: Any) -> SeenGarment:
    return SeenGarment(
        **{
            "type": "shirt",
            "colours": [SeenColour(name="navy", hex="#1f2a44", share=0.8)],
            "pattern": "striped",
            "warmth": "light",
            "seasons": ["spring", "summer"],
            "confidence": {"type": 0.9, "colours": 0.9, "pattern": 0.4},
            **fields,
        }
    )


def describe_garments(
    photo: Photo, answer: DigitizeAnswer, parameters: dict[str, Any]
) -> list[Garment]:
    return garment_builder.describe_garments(photo, answer, parameters, vocabulary.current())


def answer(*garments: SeenGarment) -> DigitizeAnswer:
    return DigitizeAnswer(garments=list(garments))


def test_the_prompt_uses_exactly_what_the_task_gives(context: DigitizeContext) -> None:
    assert (
        get_variables(parse_prompt_file(PROMPT).bundle)
        == set(task.variables)
        == set(task.fill_variables(context))
    )


def test_the_prompt_names_the_weights_that_are_shipped() -> None:
    vision = parse_prompt_file(PROMPT).bundle["parameters"]["vision"]
    weights = Path(classifier.WEIGHTS) / vision["weights"]
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == vision["weights_sha256"]


def test_only_words_of_the_vocabulary_can_be_answered(context: DigitizeContext) -> None:
    garment = task.schema(context, {})["properties"]["garments"]["items"]["properties"]
    assert garment["type"]["enum"] == vocabulary.values("type")
    assert garment["seasons"]["items"]["enum"] == vocabulary.values("season")
    assert garment["colours"]["items"]["properties"]["name"]["enum"] == vocabulary.values("colour")


def test_of_a_person_it_is_answered_that_there_is_one_and_no_more(
    context: DigitizeContext,
) -> None:
    schema = task.schema(context, {})
    assert list(schema["properties"]) == ["person", "garments"]
    assert schema["properties"]["person"] == {"type": "boolean"}


def test_sleeve_and_length_may_be_left_empty(context: DigitizeContext) -> None:
    garment = task.schema(context, {})["properties"]["garments"]["items"]
    assert garment["properties"]["sleeve"]["enum"] == ["none", "short", "long", ""]
    assert "length" in garment["required"]


def test_kinds_that_an_earlier_revision_lacks_are_not_asked(context: DigitizeContext) -> None:
    terms = [t for kind, of in context.words.kinds.items() if kind != "sleeve" for t in of.values()]
    earlier = replace(context, words=Vocabulary.of(terms))
    garment = task.schema(earlier, {})["properties"]["garments"]["items"]["properties"]
    assert "sleeve" not in garment
    assert "sleeve" not in garment["confidence"]["properties"]
    assert "length" in garment


def test_the_built_in_answer_has_the_shape_of_the_models(context: DigitizeContext) -> None:
    parameters = parse_prompt_file(PROMPT).bundle["parameters"]
    text = "".join(task.offline(context, parameters))
    output = DigitizeAnswer.model_validate(json.loads(text))
    assert output.garments
    assert task.check(context, output) == []


def test_words_that_nobody_knows_are_violations(context: DigitizeContext) -> None:
    output = answer(seen(material="unobtainium", seasons=["monsoon"]))
    assert [(v.code, v.message) for v in task.check(context, output)] == [
        ("unknown_value", "material: unobtainium"),
        ("unknown_value", "seasons: monsoon"),
    ]


def test_sleeves_of_trousers_are_a_violation_and_dropped(
    alice: User, context: DigitizeContext
) -> None:
    odd = answer(seen(type="pants", sleeve="long", length="long"))
    assert [(v.code, v.message) for v in task.check(context, odd)] == [
        ("unsuited_value", "sleeve: long of pants")
    ]
    (garment,) = describe_garments(make_photo(alice), odd, {})
    assert (garment.sleeve, garment.length) == ("", "long")


def test_the_next_likely_types_stay_with_the_garment(alice: User) -> None:
    told = {"spacesuit": 0.3, "blouse": 0.1, "shirt": 0.2, "polo": 0.25, "t-shirt": 0.15}
    others = [SeenAlternative(type=name, confidence=sure) for name, sure in told.items()]
    (garment,) = describe_garments(make_photo(alice), answer(seen(alternatives=others)), {})
    assert garment.alternatives == {
        "type": [
            {"value": "polo", "confidence": 0.25, "is_finer": False},
            {"value": "t-shirt", "confidence": 0.15, "is_finer": False},
        ]
    }


def test_of_a_family_its_two_likeliest_types_are_asked(alice: User) -> None:
    others = [SeenAlternative(type=t, confidence=c) for t, c in (("sneakers", 0.3), ("boots", 0.2))]
    unsure = seen(type="shoes", alternatives=others, confidence={"type": 0.5, "colours": 0.9})
    (garment,) = describe_garments(make_photo(alice), answer(unsure), {})
    assert garment.type_choices == ["sneakers", "boots"]


def test_an_empty_answer_is_a_violation(context: DigitizeContext) -> None:
    assert [violation.code for violation in task.check(context, answer())] == ["no_garment"]


@pytest.mark.parametrize(
    ("type_", "pattern", "colour", "name"),
    [
        ("shirt", "striped", "navy", "Navy striped shirt"),
        ("t-shirt", "solid", "light_blue", "Light blue t-shirt"),
        ("dress", "polka_dot", "red", "Red polka dot dress"),
        ("skirt", "other", "green", "Green patterned skirt"),
        ("shoes", "", "white", "White shoes"),
    ],
)
def test_garments_have_names_as_people_say_them(
    words: None, type_: str, pattern: str, colour: str, name: str
) -> None:
    known = vocabulary.current()
    assert garment_builder.name_garment(type_, pattern, [{"name": colour}], known) == name


def test_what_was_seen_becomes_a_garment(alice: User) -> None:
    (garment,) = describe_garments(make_photo(alice), answer(seen()), {})
    assert (garment.name, garment.slot, garment.warmth) == ("Navy striped shirt", "top", "light")
    assert garment.colours == [{"name": "navy", "hex": "#1f2a44", "share": 0.8}]
    assert garment.sureness("pattern") == "unsure"
    assert garment.guesses == []
    assert garment.status == Garment.Status.READY


def test_a_doubtful_type_waits_for_a_look(alice: User) -> None:
    doubtful = answer(seen(confidence={"type": 0.3, "colours": 0.9}))
    (garment,) = describe_garments(make_photo(alice), doubtful, {})
    assert garment.status == Garment.Status.NEEDS_REVIEW
    (garment,) = describe_garments(make_photo(alice), doubtful, {"review_below": {"type": 0.2}})
    assert garment.status == Garment.Status.READY


def test_words_that_nobody_knows_reach_no_garment(alice: User) -> None:
    odd = seen(material="unobtainium", seasons=["monsoon", "spring"], fit="tent")
    (garment,) = describe_garments(make_photo(alice), answer(odd, seen(type="spacesuit")), {})
    assert (garment.material, garment.fit, garment.seasons) == ("", "", ["spring"])


def test_a_second_try_makes_the_same_garments(alice: User) -> None:
    photo = make_photo(alice)
    first, second = (describe_garments(photo, answer(seen()), {})[0] for _ in range(2))
    assert first.pk == second.pk


def test_the_picture_goes_to_the_model_as_it_is_stored(context: DigitizeContext) -> None:
    (image,) = task.images(context)
    assert (image.data, image.media_type) == (context.image, "image/webp")
