"""What comes into the review queue, in which order, and of whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from feedback import jobs
from feedback.forms.review import DecisionForm
from feedback.models import ReviewDecision, ReviewItem
from feedback.review.filling import DRAWN, FIELDS, draw_field, keep_unasked, make_item, send_photos
from feedback.review.queue import decide, lease_items
from feedback.services.consents import withdraw_consent
from feedback.templatetags.feedback_words import ask as ask_reviewer
from tests.factories import make_call, make_photo
from tests.feedback.reviewing import ask, make_corrected, make_reviewer, make_seen
from wardrobe.models import Garment
from wardrobe.services.garments import edit_garment

pytestmark = pytest.mark.django_db

SURE = {"type": 0.97, "pattern": 0.9, "material": 0.9, "warmth": 0.7}


def list_items() -> list[tuple[str, str]]:
    return [(item.reason, item.field) for item in ReviewItem.objects.all()]


def test_corrections_of_words_come_in_once(alice: User) -> None:
    make_corrected(alice)
    assert jobs.fill_review_queue_job() == 1
    assert jobs.fill_review_queue_job() == 0
    item = ReviewItem.objects.get()
    assert (item.reason, item.model_value, item.confidence) == ("correction", "shirt", 0.97)
    assert item.correction and item.correction.user_value == "blouse"


def test_another_main_colour_is_asked_as_one_word(alice: User) -> None:
    for red in ("red", "burgundy"):
        changed = [{"name": red, "hex": "#b02020", "share": 0.7}, {"name": "navy", "share": 0.3}]
        edit_garment(make_seen(alice), changes={"colours": changed})
    same = make_seen(alice)
    edit_garment(same, changes={"colours": [*same.colours, {"name": "pink", "share": 0.1}]})
    assert jobs.fill_review_queue_job() == 2
    item = ReviewItem.objects.order_by("pk")[0]
    assert (item.field, item.user_value) == ("colours", "red")
    assert item.model_value == same.colours[0]["name"]
    assert ask_reviewer(item) == "What is its main colour?"
    assert ("burgundy", "Burgundy") in DecisionForm(item=item).fields["value"].choices
    reviewer = make_reviewer()
    assert not ReviewItem.objects.waiting_for(reviewer).like(item).exists()
    lease_items(reviewer, first=item.pk)
    decision = decide(item=item, reviewer=reviewer, verdict=ReviewDecision.Verdict.WEARER)
    assert decision.value == "red"
    item.refresh_from_db()
    assert item.correction and (item.opinions > 1 or item.correction.review == "accepted")


def test_close_calls_that_the_wearer_let_be_come_in(alice: User) -> None:
    make_seen(alice, confidence={"type": 0.4})
    make_seen(alice, confidence={"type": 0.9})
    jobs.fill_review_queue_job()
    assert list_items() == [("margin", "type")]


def test_a_tenth_of_what_nobody_corrected_in_three_days_is_drawn(alice: User) -> None:
    call = make_call()
    garments = [make_seen(alice, confidence=SURE, call=call) for _ in range(60)]
    jobs.fill_review_queue_job()
    assert list_items() == []  # Their wearer has not had time to look.
    Garment.objects.update(created_at=timezone.now() - timedelta(days=4))
    jobs.fill_review_queue_job()
    drawn = {(one.pk, field) for one in garments if (field := draw_field(one.pk)) in SURE}
    assert set(ReviewItem.objects.values_list("garment", "field")) == drawn
    assert {reason for reason, _ in list_items()} <= {"random"}


def test_what_was_derived_of_a_correction_is_asked_as_the_model_told_it(alice: User) -> None:
    told = {"value": "wool", "confidence": 0.8}
    seen = make_seen(alice, material="denim", confidence=SURE, set_aside={"material": told})
    derived = {"material": {"value": "", "confidence": None}}
    make_seen(alice, material="denim", confidence=SURE, set_aside=derived)
    assert [*keep_unasked(Garment.objects.all(), "material")] == [seen]
    item = make_item(seen, "material", ReviewItem.Reason.RANDOM)
    assert (item.model_value, item.confidence) == ("wool", 0.8)


def test_the_draw_takes_one_in_ten_and_each_attribute_alike() -> None:
    drawn = [draw_field(Garment().pk) for _ in range(20_000)]
    for field in FIELDS:
        assert drawn.count(field) == pytest.approx(20_000 / DRAWN / len(FIELDS), rel=0.25)


def test_what_was_corrected_is_not_drawn(alice: User) -> None:
    for _ in range(40):
        make_corrected(alice, confidence=SURE)
    Garment.objects.update(created_at=timezone.now() - timedelta(days=4))
    jobs.fill_review_queue_job()
    assert ("random", "type") not in list_items()


def test_nothing_of_wearers_who_have_not_consented(alice: User) -> None:
    make_corrected(alice)
    withdraw_consent(alice)
    assert jobs.fill_review_queue_job() == 0
    photo = make_seen(alice).photo
    assert photo
    assert send_photos([photo]) == (0, 1)
    assert not ReviewItem.objects.exists()


def test_drifted_photos_are_sent_once_and_those_without_a_garment_are_counted(
    alice: User,
) -> None:
    seen, empty = make_seen(alice).photo, make_photo(alice)
    assert seen
    assert send_photos([seen, empty]) == (1, 1)
    assert send_photos([seen]) == (0, 0)
    assert list_items() == [("drifted", "type")]


def test_corrections_come_first_then_drifted_photos_then_close_calls(alice: User) -> None:
    for reason in reversed(ReviewItem.Reason):
        ask(make_seen(alice), reason=reason, priority=list(ReviewItem.Reason).index(reason))
    one, other = make_reviewer(), make_reviewer()
    order = [item.reason for reviewer in (one, other) for item in lease_items(reviewer)]
    assert order == ["correction", "drifted", "margin", "random"]
    assert lease_items(make_reviewer()) == []
