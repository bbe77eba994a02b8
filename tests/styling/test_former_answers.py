"""What a question knows of former answers, read from the database."""

from datetime import timedelta

import pytest

from accounts.models import User
from styling.models import OutfitPiece, Suggestion
from styling.services.contexts import build_context
from styling.services.requests import open_another
from styling.stylist.context import AbsentPiece, OutfitContext
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db


def answer(suggestion: Suggestion, clothes: list[Garment]) -> frozenset[str]:
    for position, garment in enumerate(clothes):
        OutfitPiece.objects.create(
            suggestion=suggestion, garment=garment, position=position, slot=garment.slot
        )
    return frozenset(str(garment.pk) for garment in clothes)


def read(suggestion: Suggestion, clothes: list[Garment]) -> OutfitContext:
    return build_context(Suggestion.objects.get(pk=suggestion.pk), clothes)


def test_the_same_question_knows_its_former_answers(
    alice: User, charlie: User, clothes: list[Garment]
) -> None:
    first = ask_for_outfit(alice)
    outfit = answer(first, clothes)
    another = open_another(previous=first, request_key=first.pk)
    the_day_after = first.event.date + timedelta(days=1)
    again, later = ask_for_outfit(alice), ask_for_outfit(alice, date=the_day_after)
    make_garment(charlie)
    others = ask_for_outfit(charlie)
    found = {
        name: (read(one, clothes).avoid, read(one, clothes).earlier)
        for name, one in {
            "another": another,
            "again": again,
            "later": later,
            "others": others,
        }.items()
    }
    one, none = frozenset({outfit}), frozenset[frozenset[str]]()
    assert found == {
        "another": (one, none),
        "again": (none, one),
        "later": (none, none),
        "others": (none, none),
    }
    assert read(first, clothes).earlier == none, "what came later is not known"


def test_what_is_not_at_hand_is_known_by_name_and_why(alice: User, clothes: list[Garment]) -> None:
    make_garment(alice, name="Chinos", slot="bottom", type="chinos", in_wash=True)
    make_garment(alice, name="Old tee", slot="top", type="t-shirt", status="archived")
    context = read(ask_for_outfit(alice), clothes)
    assert {(piece.name, piece.slot, piece.why) for piece in context.absent} == {
        ("Chinos", "bottom", "in the wash"),
        ("Old tee", "top", "put away"),
    }
    assert context.unavailable == {piece.id for piece in context.absent}
    assert all(isinstance(piece, AbsentPiece) for piece in context.absent)
