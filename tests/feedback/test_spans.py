"""What a collector hears of wearers: that they corrected or judged an answer, and which; none of their words."""

import pytest

from feedback.models import Rating
from feedback.services.corrections import record_correction
from feedback.services.ratings import rate_outfit
from styling.models import OutfitPiece, Suggestion
from telemetry.names import RESULT
from tests.dresscode.collector import Collector, collector, send_all
from tests.factories import make_call, make_garment, make_user, make_version
from tests.styling.conftest import ask_for_outfit
from wardrobe.services.garments import FieldEdit

pytestmark = pytest.mark.django_db

__all__ = ["collector"]


def describe(name: str, label: str, call: str) -> dict[str, str]:
    return {
        "gen_ai.evaluation.name": name,
        "gen_ai.evaluation.score.label": label,
        "gen_ai.response.id": call,
    }


def test_a_correction_is_the_result_of_an_evaluation(collector: Collector) -> None:
    call = make_call(make_version())
    garment = make_garment(make_user("alice@example.org"), call=call)
    edit = FieldEdit("pattern", model_value="solid", user_value="striped", confidence=0.9)
    record_correction(garment=garment, edit=edit)
    send_all()
    span = collector.find("correct garment")
    assert span.events == [(RESULT, describe("pattern", "corrected", call.pk.hex))]
    assert b"striped" not in b"".join(collector.bodies)


def test_a_verdict_on_an_outfit_is_told_once(collector: Collector, words: None) -> None:
    alice = make_user("alice@example.org")
    garment = make_garment(alice)
    suggestion = ask_for_outfit(alice)
    OutfitPiece.objects.create(suggestion=suggestion, garment=garment, position=0, slot="top")
    call = make_call(make_version("suggest_outfit"))
    Suggestion.objects.filter(pk=suggestion.pk).update(status="ready", call=call)
    for _ in range(2):
        rate_outfit(suggestion=suggestion, verdict=Rating.Verdict.REJECTED, comment="Too grim")
    send_all()
    spans = [span for span in collector.spans() if span.name == "rate outfit"]
    assert [span.events for span in spans] == [
        [(RESULT, describe("outfit", "rejected", call.pk.hex))]
    ]
    assert b"grim" not in b"".join(collector.bodies)
