"""The page of the review queue, as a reviewer works through it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.models import ReviewDecision, ReviewItem, TrainingRun, TrainingSet
from feedback.review.filling import fill_queue
from feedback.services.consents import withdraw_consent
from tests.factories import make_user
from tests.feedback.reviewing import ask, make_corrected, make_reviewer, make_seen
from wardrobe.services.garments import edit_garment

pytestmark = pytest.mark.django_db

PAGE = "/admin/feedback/review/"
UNDO = f"{PAGE}undo/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def reviewer() -> User:
    return make_reviewer()


@pytest.fixture
def as_reviewer(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def test_whose_corrections_stand_out_is_told_to_reviewers(as_reviewer: Client, alice: User) -> None:
    assert "stand out" not in as_reviewer.get(PAGE).text
    make_corrected(alice)
    named = {"wearer": alice.pk, "rows": 9, "errors": 4, "harm": 1, "doubt": 5, "refused": True}
    named["allies"] = 2
    sets = [TrainingSet.objects.create(number=number, sha256=str(number)) for number in (1, 2)]
    TrainingRun.objects.create(training_set=sets[0], status="finished", suspects=[named])
    TrainingRun.objects.create(training_set=sets[1], status="failed")
    page = as_reviewer.get(PAGE).text
    assert f'<th scope="row">{alice.pk}</th>' in page
    assert 'data-l="Label errors"><span>4<' in page and 'data-l="Wait"><span>1<' in page
    assert 'data-l="Learned from"><span>no<' in page
    assert 'data-l="Mix up the same"><span>2 others<' in page


def test_it_takes_the_permission(client: Client, alice: User) -> None:
    item = ask(make_seen(alice))
    client.force_login(make_user(is_staff=True))
    assert client.get(PAGE).status_code == 403
    for to in (UNDO, f"{PAGE}{item.pk}/"):
        assert client.post(to, {"verdict": "model"}).status_code == 403
    assert not ReviewDecision.objects.exists()


def test_the_question_its_keys_and_both_answers_are_there(as_reviewer: Client, alice: User) -> None:
    make_corrected(alice, box=[0.1, 0.1, 0.5, 0.5], confidence={"type": 0.7})
    fill_queue()
    page = as_reviewer.get(PAGE).text
    for words in (
        "What kind of garment is this?",
        "<b>Shirt</b>",
        "<b>Blouse</b>",
        "70\u00a0% sure",
    ):
        assert words in page
    for key in "123xu":
        assert f'aria-keyshortcuts="{key}"' in page
    assert 'x="10.0" y="10.0"' in page
    assert "alice" not in page


def test_a_decision_brings_the_next_item_and_its_picture_was_named_before(
    as_reviewer: Client, alice: User, reviewer: User
) -> None:
    first = ask(make_seen(alice, with_image=True))
    second = ask(make_seen(alice, with_image=True))
    page = as_reviewer.get(PAGE)
    picture = reverse("feedback:review-picture", args=[second.pk])
    assert f'<link rel="preload" as="image" href="{picture}">' in page.text
    assert as_reviewer.get(picture).headers["Content-Type"] == "image/webp"
    answer = as_reviewer.post(
        reverse("feedback:review-decide", args=[first.pk]), {"verdict": "model"}, follow=True
    )
    assert answer.context["item"] == second
    decision = ReviewDecision.objects.get()
    assert (decision.reviewer, decision.verdict, decision.value) == (reviewer, "model", "shirt")
    assert decision.took_ms >= 0
    assert as_reviewer.post(UNDO, follow=True).context["item"] == first


def test_the_page_says_that_the_wearers_word_changed(as_reviewer: Client, alice: User) -> None:
    garment = make_corrected(alice, confidence={"type": 0.7})
    fill_queue()
    page = as_reviewer.get(PAGE)
    assert '<input type="hidden" name="read" value="blouse">' in page.text
    edit_garment(garment, changes={"type": "dress"})
    to = reverse("feedback:review-decide", args=[page.context["item"].pk])
    again = as_reviewer.post(to, {"verdict": "wearer", "read": "blouse"}, follow=True)
    assert "Its wearer has another word for it now; nothing was decided." in again.text
    assert '<input type="hidden" name="read" value="dress">' in again.text
    assert not ReviewDecision.objects.exists()


def test_a_reviewer_reads_how_fast_they_are(
    as_reviewer: Client, alice: User, reviewer: User
) -> None:
    item = ask(make_seen(alice))
    assert "your median" not in as_reviewer.get(PAGE).text
    for took in (900, 2100, 1900):
        ReviewDecision.objects.create(
            item=ask(make_seen(alice)), reviewer=reviewer, verdict="model", took_ms=took
        )
    other = make_reviewer()
    ReviewDecision.objects.create(item=item, reviewer=other, verdict="model", took_ms=9000)
    page = as_reviewer.get(PAGE).text
    assert "your median today is 1.9&nbsp;s" in page
    assert "Yours until" in page


def test_something_else_has_to_be_named(as_reviewer: Client, alice: User) -> None:
    item = ask(make_seen(alice, confidence={"type": 0.7}))
    to = reverse("feedback:review-decide", args=[item.pk])
    as_reviewer.get(PAGE)
    for value in ("", "crown"):
        page = as_reviewer.post(to, {"verdict": "other", "value": value}, follow=True)
        assert "Nothing was decided: choose what it is." in page.text
    as_reviewer.post(to, {"verdict": "other", "value": "dress"})
    assert ReviewDecision.objects.get().value == "dress"


def test_an_item_that_somebody_else_holds_went_back(as_reviewer: Client, alice: User) -> None:
    item = ask(make_seen(alice, with_image=True))
    picture = reverse("feedback:review-picture", args=[item.pk])
    assert as_reviewer.get(picture).status_code == 404
    to = reverse("feedback:review-decide", args=[item.pk])
    page = as_reviewer.post(to, {"verdict": "model"}, follow=True)
    assert "This one went back to the queue" in page.text
    assert as_reviewer.get(picture).status_code == 200  # The page has just leased it.
    withdraw_consent(alice)
    assert as_reviewer.get(picture).status_code == 404


def test_parts_of_the_queue_are_counted_and_chosen(as_reviewer: Client, alice: User) -> None:
    ask(make_seen(alice), reason=ReviewItem.Reason.DRIFTED, priority=1)
    ask(make_seen(alice), reason=ReviewItem.Reason.RANDOM, priority=3)
    page = as_reviewer.get(PAGE, {"reason": "random"})
    assert page.context["item"].reason == "random"
    assert [count for _, _, count in page.context["parts"]] == [2, 0, 1, 0, 1]


def test_an_empty_queue_says_what_was_done(as_reviewer: Client) -> None:
    page = as_reviewer.get(PAGE).text
    assert "Nothing waits for you." in page
    assert "Decided today: 0" in page
    assert "There is nothing to take back." in as_reviewer.post(UNDO, follow=True).text
