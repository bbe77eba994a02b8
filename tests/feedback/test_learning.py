"""A wearer's signals, from the page that takes them to the next answer, and what they decide about them."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.learning.preferences import find_preferences
from feedback.models import LearningChoices, PreferenceSignal, Rating
from feedback.services.ratings import rate_outfit, wear_instead
from registry.models import CallRequest
from styling.models import OutfitPiece, Suggestion
from styling.services.contexts import build_context
from styling.stylist.features import describe_outfit
from styling.tasks import SuggestOutfit
from tests.factories import make_call, make_garment, make_user, make_version
from tests.styling.conftest import ask_for_outfit
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
ACCEPTED, REJECTED = Rating.Verdict.ACCEPTED, Rating.Verdict.REJECTED


def make_clothes(owner: User) -> list[Garment]:
    """Two of each place: a light and a warm one."""
    kinds = [("top", "shirt"), ("bottom", "pants"), ("shoes", "boots")]
    return [
        make_garment(owner, name=f"{warmth} {type_}", slot=slot, type=type_, warmth=warmth)
        for slot, type_ in kinds
        for warmth in ("light", "heavy")
    ]


def rate_too_cold(owner: User, times: int = 3) -> list[Suggestion]:
    """Outfits of the lightest that the wearer turned down as too cold."""
    rated = []
    for _ in range(times):
        suggestion = ask_for_outfit(owner)
        for position, garment in enumerate(Garment.objects.filter(owner=owner, warmth="light")):
            OutfitPiece.objects.create(
                suggestion=suggestion, garment=garment, position=position, slot=garment.slot
            )
        Suggestion.objects.filter(pk=suggestion.pk).update(status="ready")
        rate_outfit(suggestion=suggestion, verdict=REJECTED, reasons=["too_cold"])
        rated.append(suggestion)
    return rated


def read_answer(suggestion: Suggestion) -> tuple[str, str]:
    """What the stylist is told of it, and what the built-in one says."""
    garments = Garment.objects.filter(pk__in=suggestion.candidates).order_by("pk")
    task, context = SuggestOutfit(), build_context(suggestion, list(garments))
    told = json.dumps(task.store_context(context), sort_keys=True)
    return told, "".join(task.offline(context, {}))


def test_signals_move_the_next_answer_of_their_wearer_and_of_nobody_else(alice: User) -> None:
    bob = make_user("bob@example.org")
    make_clothes(alice), make_clothes(bob)
    asked = {owner: ask_for_outfit(owner) for owner in (alice, bob)}
    Suggestion.objects.update(seed=7)
    before = {owner: read_answer(Suggestion.objects.get(pk=s.pk)) for owner, s in asked.items()}
    rate_too_cold(alice)
    for owner, suggestion in asked.items():
        again = ask_for_outfit(owner)
        again.seed, again.event, again.weather = 7, suggestion.event, suggestion.weather
        told, said = read_answer(again)
        if owner == bob:
            assert (told, said) == before[bob], "not one bit of another wearer's"
        else:
            assert "You run cold: 3 of 3 rejections said so." in told
            assert said != before[alice][1]
    assert "preferences" not in asked[bob].known


def test_an_answer_under_way_knows_what_was_known_when_it_was_asked(alice: User) -> None:
    make_clothes(alice)
    suggestion = ask_for_outfit(alice)
    before = read_answer(suggestion)
    rate_too_cold(alice)
    assert read_answer(Suggestion.objects.get(pk=suggestion.pk)) == before


def test_the_last_word_is_one_signal_with_a_number_of_its_own(outfit: Suggestion) -> None:
    rate_outfit(suggestion=outfit, verdict=REJECTED, reasons=["too_warm"])
    first = PreferenceSignal.objects.get()
    rate_outfit(suggestion=outfit, verdict=REJECTED, reasons=["too_warm"], comment="Really.")
    assert PreferenceSignal.objects.get().pk == first.pk, "nothing else was said"
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    last = PreferenceSignal.objects.get()
    assert (last.kind, last.reasons) == ("accepted", []) and last.pk > first.pk


def test_that_a_piece_is_not_theirs_says_nothing_of_taste(outfit: Suggestion) -> None:
    rate_outfit(suggestion=outfit, verdict=REJECTED, reasons=["not_mine"])
    assert not PreferenceSignal.objects.exists()


def test_a_signal_keeps_the_outfit_as_it_was_suggested(outfit: Suggestion) -> None:
    """Not worn lately, though the wearing that it tells of makes it so."""
    rate_outfit(suggestion=outfit, verdict=ACCEPTED)
    signal = PreferenceSignal.objects.get()
    assert signal.features["blue"] == 1 and "repeats" not in signal.features
    assert (signal.day, signal.about) == (outfit.event.date, "Casual")


def test_what_was_worn_instead_is_a_pair(outfit: Suggestion, alice: User) -> None:
    green = make_garment(alice, colours=[{"name": "green", "hex": "#2f8a4a", "share": 1.0}])
    wear_instead(suggestion=outfit, garments=[green])
    signal = PreferenceSignal.objects.get()
    assert signal.kind == "instead"
    assert "green" in signal.features and "green" not in signal.against
    assert "blue" in signal.against


def test_the_propensity_of_what_chance_drew_is_kept(alice: User) -> None:
    """Asked again from what was kept with the call: the same outfit, and with which chance."""
    make_clothes(alice)
    rate_too_cold(alice)
    suggestion = ask_for_outfit(alice)
    garments = list(Garment.objects.filter(owner=alice))
    context, task = build_context(suggestion, garments), SuggestOutfit()
    call = make_call(make_version("suggest_outfit"), subject=f"suggestion:{suggestion.pk}")
    stored = json.loads(json.dumps(task.store_context(context)))
    CallRequest.objects.create(
        call=call, owner=alice, schema={}, picture_sha256s=[], context=stored
    )
    pieces = json.loads("".join(task.offline(context, {})))["pieces"]
    for position, piece in enumerate(pieces):
        OutfitPiece.objects.create(suggestion=suggestion, position=position, **piece)
    Suggestion.objects.filter(pk=suggestion.pk).update(status="ready", call=call)
    rate_outfit(suggestion=suggestion, verdict=ACCEPTED)
    kept = PreferenceSignal.objects.get(suggestion=suggestion)
    worn = [piece for piece in context.wardrobe if piece.id in {p["garment_id"] for p in pieces}]
    assert kept.propensity and 0 < kept.propensity <= 1
    assert kept.features == describe_outfit(worn, context)


@pytest.fixture
def cold(alice: User) -> list[Suggestion]:
    make_clothes(alice)
    return rate_too_cold(alice)


def change(page: Client, **data: Any) -> Any:
    return page.post(reverse("feedback:change-learned"), data, headers={"HX-Request": "true"})


def test_the_page_says_each_line_with_its_evidence(page: Client, cold: list[Suggestion]) -> None:
    shown = page.get(reverse("feedback:learned"))
    assert "You run cold." in shown.text
    assert "3 of 3 rejections said so." in shown.text
    (line,) = [line for line in shown.context["lines"] if line.feature == "warmth"]
    assert {signal.number for signal in line.evidence.signals} == {
        *PreferenceSignal.objects.values_list("pk", flat=True)
    }


def test_nothing_is_learned_before_anything_is_said(page: Client) -> None:
    shown = page.get(reverse("feedback:learned"))
    assert "Nothing yet." in shown.text and "Forget all" not in shown.text


@pytest.mark.parametrize(
    "deed",
    [
        {"do": "forget-line", "line": "warmth"},
        {"do": "strength", "line": "warmth", "strength": "more"},
        {"do": "forget-all"},
        {"do": "switch"},
    ],
    ids=lambda deed: deed["do"],
)
def test_every_change_is_undone_exactly(
    page: Client, alice: User, cold: list[Suggestion], deed: dict[str, str]
) -> None:
    before = find_preferences(alice)
    assert change(page, **deed).status_code == 200
    assert find_preferences(alice) != before
    assert "As it was before." in change(page, do="undo").text
    assert find_preferences(alice) == before
    assert "nothing to take back" in change(page, do="undo").text


def test_a_forgotten_answer_was_never_given(
    page: Client, alice: User, cold: list[Suggestion]
) -> None:
    *kept, last = PreferenceSignal.objects.order_by("pk")
    change(page, do="forget-signal", signal=last.pk)
    forgotten = find_preferences(alice)
    assert "2 of 2 rejections" in forgotten.sentences[0]
    change(page, do="strength", line="blue", strength="usual")
    assert [*PreferenceSignal.objects.order_by("pk")] == kept, "no undo can bring it back"
    assert find_preferences(alice) == forgotten


def test_the_rows_of_all_that_is_forgotten_go_with_the_next_change(
    page: Client, cold: list[Suggestion]
) -> None:
    change(page, do="forget-all")
    change(page, do="forget-all")
    assert not PreferenceSignal.objects.exists()


def test_charlie_reaches_nothing_of_alices(client: Client, cold: list[Suggestion]) -> None:
    charlie = make_user("charlie@example.org")
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    signal = PreferenceSignal.objects.first()
    assert signal
    for _ in range(2):
        change(client, do="forget-signal", signal=signal.pk)
    assert PreferenceSignal.objects.count() == 3
    assert [row.owner for row in LearningChoices.objects.all()] == [charlie]
    assert "run cold" not in client.get(reverse("feedback:learned")).text


@pytest.mark.parametrize(
    "data", [{}, {"do": "strength"}, {"do": "forget-line", "line": "x"}, {"do": "forget-signal"}]
)
def test_nonsense_changes_nothing(page: Client, data: dict[str, str]) -> None:
    assert change(page, **data).status_code == 400
    assert not LearningChoices.objects.exists()
