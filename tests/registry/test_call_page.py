"""The page of a call says what became of it, what it answered and where its time went."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.admin.call_page import judge_call, list_steps, tell_answers
from registry.models import InferenceCall, PromptVersion
from registry.tasks import Told, get_task
from styling.tasks import OutfitAnswer, Piece
from tests.factories import make_call, make_operator, make_version
from tests.styling.wardrobes import ask, make_piece
from wardrobe.tasks import DigitizeAnswer, SeenColour, SeenGarment

pytestmark = pytest.mark.django_db

ENDED = {"outcome": "succeeded", "output": {}}
SHIRT = make_piece("shirt", "White shirt", colour="white")
UNOWNED = {"code": "unowned_item", "message": "It is nobody's."}
TOO_WARM = {"code": "too_warm", "message": "A coat at 30 °C."}
HELD = {"code": "unowned_item", "message": "It is nobody's.", "shown": False}


def make(version: PromptVersion, **fields: Any) -> InferenceCall:
    ended = {"finished_at": timezone.now()} if fields.get("outcome") else {}
    return make_call(version, **ended, **fields)


@pytest.mark.parametrize(
    ("fields", "css", "said"),
    [
        ({}, "wait", "It is being answered."),
        ({"outcome": "failed", "error_code": "engine_timeout"}, "bad", "No answer came of it."),
        ({"outcome": "superseded"}, "off", "a newer call took its place"),
        (ENDED, "ok", "no check had anything against it"),
        ({**ENDED, "violations": [HELD]}, "ok", "was held back"),
        ({**ENDED, "violations": [TOO_WARM]}, "watch", "A coat at 30 °C: somebody saw it."),
        (
            {**ENDED, "violations": [TOO_WARM, UNOWNED]},
            "bad",
            "It is nobody's, and 1 more: somebody saw it.",
        ),
    ],
)
def test_the_worst_of_a_call_is_its_headline(fields: dict[str, Any], css: str, said: str) -> None:
    verdict = judge_call(make(make_version("suggest_outfit"), **fields))
    assert (verdict.css, said in verdict.sentence) == (css, True)


def test_steps_stand_in_the_order_of_time_side_by_side() -> None:
    call = make(make_version(), steps_ms={"engine": 60.0, "queue": 30.0, "checks": 10.0})
    steps = list_steps(call)
    assert [(step.name, step.starts_at, step.share) for step in steps] == [
        ("Waited in the queue", 0, 30),
        ("Engine", 30, 60),
        ("Checks", 90, 10),
    ]


def test_an_outfit_is_told_by_the_names_of_its_pieces_while_the_question_is_kept() -> None:
    task = get_task("suggest_outfit")
    answer = OutfitAnswer(
        pieces=[Piece(garment_id=SHIRT.id, slot="top")], reasons=["It is light."], prose="A.\n\nB."
    )
    told = task.tell(ask([SHIRT], None), answer)
    assert told == Told((("top", "White shirt"),), ("A.", "B."), ("It is light.",))
    assert task.tell(None, answer).things == (("top", SHIRT.id),)


def test_a_photo_is_told_by_what_was_seen_of_each_garment() -> None:
    seen = SeenGarment(
        type="trench-coat",
        colours=[SeenColour(name="light_blue"), SeenColour(name="navy")],
        material="cotton",
        confidence={"type": 0.94},
    )
    told = get_task("digitize_photo").tell(None, DigitizeAnswer(person=True, garments=[seen]))
    assert told.things == (("trench coat, 94% sure", "light blue and navy, cotton"),)
    assert told.notes == ("Somebody is in the photo.",)


def test_what_only_one_answer_names_is_marked() -> None:
    version, hat = make_version("suggest_outfit"), make_piece("hat", "Straw hat")
    context = ask([SHIRT, hat], None)
    pieces = [{"garment_id": SHIRT.id, "slot": "top"}]
    more = [*pieces, {"garment_id": hat.id, "slot": "hat"}]
    one, other = (
        make(version, outcome="succeeded", output={"pieces": named, "prose": "So."})
        for named in (pieces, more)
    )
    first, second = tell_answers([one, other], context)
    assert [thing.is_only_here for thing in first.things] == [False]
    assert (first.has_marks, second.has_marks) == (False, True)
    assert [(thing.name, thing.is_only_here) for thing in second.things] == [
        ("White shirt", False),
        ("Straw hat", True),
    ]
    assert tell_answers([one, None], context)[1] == tell_answers([None], context)[0]


def test_an_answer_that_no_release_reads_any_more_is_shown_as_it_is_stored(client: Client) -> None:
    call = make(
        make_version("suggest_outfit"), outcome="succeeded", output={"prose": "<b>Wear</b>"}
    )
    client.force_login(make_operator())
    page = client.get(reverse("admin:registry_inferencecall_change", args=[call.pk]))
    assert page.context["told"].things == ()
    assert "&lt;b&gt;Wear&lt;/b&gt;" in page.text
    assert call.trace_id.hex in page.text
    assert f">{call.trace_id.hex[:10]}<" in page.text
    assert client.post(page.request["PATH_INFO"]).status_code == 403
