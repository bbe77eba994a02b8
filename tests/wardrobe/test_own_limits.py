"""Types with a limit of their own, below which a wearer is asked to look."""

import pytest

from tests.factories import make_described_garment
from wardrobe.models import Garment
from wardrobe.services.garment_builder import find_doubtful
from wardrobe.tasks import list_doubts

PARAMETERS = {"review_below": {"type": 0.6, "colours": 0.0}, "review_below_of": {"dress": 0.8}}
SURE = {"type": 0.7, "colours": 0.9}


def test_a_type_goes_by_its_own_limit() -> None:
    assert list_doubts("dress", SURE, PARAMETERS) == ["type"]
    assert list_doubts("shirt", SURE, PARAMETERS) == []
    assert list_doubts("shirt", {"type": 0.5}, PARAMETERS) == ["type"]


@pytest.mark.django_db
def test_who_was_asked_is_counted_by_what_the_model_told() -> None:
    dress = make_described_garment(type="dress", confidence=SURE)
    make_described_garment(type="shirt", confidence=SURE)
    corrected = make_described_garment(
        type="skirt", confidence=SURE, model_values={"type": "dress"}
    )
    make_described_garment(type="dress", confidence=SURE, model_values={"type": "shirt"})
    doubted = make_described_garment(type="shirt", confidence={**SURE, "type": 0.5})
    asked = Garment.objects.filter(find_doubtful(PARAMETERS))
    assert {*asked} == {dress, corrected, doubted}
    surer = {**PARAMETERS, "review_below_of": {"shirt": 0.4}}
    assert not Garment.objects.filter(find_doubtful(surer)).exists()
