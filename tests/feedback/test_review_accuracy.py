"""The accuracy in production, of what reviewers said of a random tenth."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import User
from feedback.models import ReviewDecision
from feedback.review.accuracy import estimate_field, power_prediction
from feedback.review.filling import draw_field, fill_queue
from feedback.review.queue import decide, lease_items
from tests.factories import make_call
from tests.feedback.reviewing import make_reviewer, make_seen
from wardrobe.models import Garment
from wardrobe.services.garments import edit_garment


def simulate(seed: int, *, is_useless: bool = False) -> tuple[float, float, float]:
    """The truth is 0.8; confidences say too much. The estimate, its error, and the error of the plain mean."""
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0.6, 1.0, 600)
    right = (rng.uniform(size=600) < chance).astype(float)
    said = rng.permutation(chance) if is_useless else np.minimum(1, chance + 0.1)
    told = power_prediction(right[:60], said[:60], said[60:])
    plain = power_prediction(right[:60], np.zeros(60), np.zeros(540))
    return told.share, told.error, plain.error


def test_it_has_no_bias_and_its_interval_holds_the_truth_whatever_confidences_are_worth() -> None:
    for is_useless in (False, True):
        runs = [simulate(seed, is_useless=is_useless) for seed in range(400)]
        assert np.mean([share for share, _, _ in runs]) == pytest.approx(0.8, abs=0.01)
        held = [abs(share - 0.8) <= 1.96 * error for share, error, _ in runs]
        assert 0.91 <= np.mean(held) <= 0.985


def test_confidences_that_tell_something_make_it_sharper() -> None:
    rng = np.random.default_rng(1)
    right = (rng.uniform(size=600) < 0.8).astype(float)
    said = np.clip(right + rng.normal(0, 0.1, 600), 0, 1)
    told = power_prediction(right[:60], said[:60], said[60:])
    plain = power_prediction(right[:60], np.zeros(60), np.zeros(540))
    assert told.error < 0.6 * plain.error


def test_all_right_is_not_certainty() -> None:
    low, high = power_prediction([1.0] * 20, [0.9] * 20, [0.9] * 100).interval
    assert low < 0.97
    assert high == 1.0


@pytest.mark.django_db
def test_corrected_and_uncorrected_garments_are_weighed_by_their_numbers(alice: User) -> None:
    call = make_call()
    garments: list[Garment] = []
    while sum(draw_field(one.pk) == "type" for one in garments[20:]) < 10:
        garments.append(make_seen(alice, confidence={"type": 0.9}, call=call))
    for garment in garments[:20]:
        edit_garment(garment, changes={"type": "blouse"})
    Garment.objects.update(created_at=timezone.now() - timedelta(days=4))
    fill_queue()
    before = estimate_field("type")
    assert (before.garments, before.corrected, before.estimate) == (len(garments), 20, None)
    reviewer = make_reviewer()
    for reason in ("correction", "random"):
        while items := lease_items(reviewer, reason=reason):
            is_random = reason == "random"
            verdict = ReviewDecision.Verdict.MODEL if is_random else ReviewDecision.Verdict.WEARER
            decide(item=items[0], reviewer=reviewer, verdict=verdict)
            type(items[0]).objects.filter(pk=items[0].pk).update(decided_at=timezone.now())
    after = estimate_field("type")
    assert after.reviewed == 10
    assert after.estimate
    assert after.estimate.share == pytest.approx(1 - 20 / len(garments), abs=0.001)
    low, high = after.estimate.interval
    assert low < after.estimate.share < high
