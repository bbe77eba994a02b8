"""Thresholds that the system moves by itself: where reviewed corrections say so, and nowhere else."""

from typing import Any

import pytest

from accounts.models import User
from feedback.models import ReviewDecision, ReviewItem
from feedback.proposals import judging
from feedback.proposals.keeping import NothingToProposeError
from feedback.proposals.parameters import describe, find_moves, move, propose_parameters
from feedback.proposals.thresholds import FEWEST, Judged, find_move, rate_look, rate_name
from feedback.services.consents import withdraw_consent
from registry.models import PromptVersion
from tests.factories import (
    make_call,
    make_described_garment,
    make_photo,
    make_version,
    promote,
)
from tests.feedback.reviewing import ask, make_reviewer
from tests.feedback.test_training_sets import hold_out
from wardrobe.models import Garment
from wardrobe.services.garments import edit_garment
from wardrobe.tasks import read_review_below
from wardrobe.vision.heads import Calibration
from wardrobe.vision.parameters import VisionParameters

PARTS = (False, True)


def judge(confidence: float, right: str, *, part: bool, told: str = "cardigan") -> list[Judged]:
    return [Judged(told, confidence, right, is_apart=part)] * FEWEST


def test_a_finer_name_that_is_often_wrong_is_told_less_readily() -> None:
    rows = [
        one
        for part in PARTS
        for one in (*judge(0.65, "sweater", part=part), *judge(0.9, "cardigan", part=part))
    ]
    move = find_move(rows, rate_name, 0.62)
    assert move is not None
    assert (move.after, move.count, round(move.gain, 2)) == (0.7, 2 * FEWEST, 0.3)


def test_a_finer_name_that_was_held_back_is_told_more_readily() -> None:
    held = Judged("longsleeve", 0.9, "cardigan", finer="cardigan", finer_confidence=0.55)
    rows = [Judged(**{**vars(held), "is_apart": part}) for part in PARTS for _ in range(FEWEST)]
    move = find_move(rows, rate_name, 0.62)
    assert move is not None and move.after == 0.55


def test_what_the_other_part_does_not_bear_out_moves_nothing() -> None:
    wrong, right = judge(0.65, "sweater", part=False), judge(0.65, "cardigan", part=True)
    assert find_move([*wrong, *right], rate_name, 0.62) is None
    assert find_move([*wrong, *judge(0.65, "sweater", part=True)[1:]], rate_name, 0.62) is None


def test_a_look_is_asked_for_where_mistakes_are() -> None:
    sure = [one for part in PARTS for one in judge(0.8, "cardigan", part=part)]
    move = find_move(sure, rate_look, 0.85)
    assert move is not None and move.after == 0.8 and move.gain == 1.0
    unsure = [one for part in PARTS for one in judge(0.88, "sweater", part=part)]
    move = find_move(unsure, rate_look, 0.85)
    assert move is not None and move.after == 0.9 and move.gain == 6.0


def test_a_type_that_is_often_wrong_is_looked_at_more_than_others() -> None:
    rows = [
        one
        for part in PARTS
        for one in (
            *judge(0.72, "cardigan", part=part),
            *judge(0.72, "cardigan", part=part),
            *judge(0.72, "cap", part=part, told="cap") * 9,
            *judge(0.72, "skirt", part=part, told="dress"),
        )
    ]
    moves = find_moves(rows, {"review_below": {"type": 0.6}}, 0.62)
    assert moves.look is None
    assert {told: one.after for told, one in moves.looks_of.items()} == {"dress": 0.75}
    moved = move({"review_below": {"type": 0.6}, "review_below_of": {"hat": 0.5}}, moves)
    assert moved["review_below_of"] == {"hat": 0.5, "dress": 0.75}
    assert read_review_below(moved, "dress")["type"] == 0.75
    assert read_review_below(moved, "cap")["type"] == read_review_below(moved)["type"] == 0.6
    assert "told as dress is looked at below 0.75, was 0.6" in describe(moves)
    again = [one for one in rows if one.told == "dress"]
    assert find_moves(again, moved, 0.62).looks_of == {}


@pytest.fixture
def live(words: None) -> PromptVersion:
    parameters = {"vision": VisionParameters().as_json(), "review_below": {"type": 0.85}}
    version = make_version(parameters=parameters)
    promote(version)
    return version


def review(owner: User, version: PromptVersion, reviewer: User) -> ReviewItem:
    """A cardigan that its wearer calls a sweater; the reviewer agrees."""
    seen = {"type": "cardigan", "box": [], "confidence": {"type": 0.69}, "colours": []}
    call = make_call(
        version, outcome="succeeded", finished_at=owner.date_joined, output={"garments": [seen]}
    )
    garment = make_described_garment(owner, call=call, type="cardigan", confidence={"type": 0.69})
    garment = edit_garment(garment, changes={"type": "sweater"})
    correction = garment.corrections.get()
    item = ask(garment, correction=correction, decided_at=call.finished_at)
    verdict = ReviewDecision.Verdict.WEARER
    ReviewDecision.objects.create(
        item=item, reviewer=reviewer, verdict=verdict, value="sweater", took_ms=900
    )
    correction.review = "accepted"
    correction.save()
    return item


@pytest.mark.django_db
def test_a_draft_moves_the_threshold_and_names_the_corrections(
    live: PromptVersion, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.proposals.thresholds.FEWEST", 2)
    reviewer = make_reviewer()
    items = [review(alice, live, reviewer) for _ in range(16)]
    assert len({judging.is_apart(str(item.pk)) for item in items}) == 2
    proposal = propose_parameters(live.prompt)
    parameters = proposal.version.parameters
    assert parameters["vision"]["name_certainty"] == 0.7
    shipped = live.parameters["vision"]
    assert parameters["vision"] == {**shipped, "name_certainty": 0.7}
    assert f"0.7, was {shipped['name_certainty']}" in proposal.version.notes
    assert proposal.corrections.count() == 16
    assert live.prompt.production().version == live
    withdraw_consent(alice)
    with pytest.raises(NothingToProposeError):
        propose_parameters(live.prompt)


@pytest.mark.django_db
def test_what_looks_like_the_locked_holdout_says_nothing(live: PromptVersion, alice: User) -> None:
    reviewer = make_reviewer()
    for look in ("f0" * 8, "0f" * 8, ""):
        garment = review(alice, live, reviewer).garment
        photo = make_photo(alice, perceptual_hash=look)
        Garment.objects.filter(pk=garment.pk if garment else None).update(photo=photo)
    asked = live.prompt, live.parameters["vision"]["heads_sha256"], Calibration(1.0, 0.0)
    assert len(judging.gather_evidence(*asked).rows) == 3
    hold_out(f"{int('f0' * 8, 16) ^ 0b1011:016x}", alice, "holdout")
    evidence = judging.gather_evidence(*asked)
    assert (len(evidence.rows), len(evidence.corrections)) == (2, 2)


@pytest.mark.django_db
def test_too_little_moves_nothing(live: PromptVersion, alice: User) -> None:
    review(alice, live, make_reviewer())
    with pytest.raises(NothingToProposeError):
        propose_parameters(live.prompt)


def test_the_finer_word_that_was_held_back_is_as_likely_as_the_heads_say(db: None) -> None:
    seen: dict[str, Any] = {
        "type": "longsleeve",
        "confidence": {"type": 0.8},
        "alternatives": [
            {"type": "jacket", "confidence": 0.3},
            {"type": "cardigan", "confidence": 0.2},
        ],
    }
    garment = make_described_garment(
        call=make_call(
            outcome="succeeded", finished_at="2026-11-01T00:00Z", output={"garments": [seen]}
        )
    )
    judged = judging.read_told(garment, "cardigan", Calibration(1.0, 0.0))
    assert judged is not None
    assert (judged.told, judged.finer, round(judged.finer_confidence, 3)) == (
        "longsleeve",
        "cardigan",
        0.2,
    )
