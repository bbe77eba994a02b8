"""Training sets: what comes in, on which side, and what is refused."""

import json
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from feedback.models import Correction, ReviewDecision, TrainingRow, TrainingSet
from feedback.review import queue
from feedback.review.filling import hash_number
from feedback.services.consents import withdraw_consent
from feedback.training import lineage
from feedback.training.building import CAP, VALIDATION, NothingToLearnError, build_set
from registry.models import CollectedExample
from registry.services.examples import collect_example, offer_datasets
from registry.tasks import ExampleSource
from tests.factories import make_call, make_described_garment, make_photo, make_version, promote
from tests.feedback.reviewing import ask, make_reviewer
from wardrobe.models import Garment
from wardrobe.services.garments import edit_garment

pytestmark = pytest.mark.django_db
BOX = [0.1, 0.2, 0.5, 0.6]
LOOKS = count(1)


def make_look() -> str:
    """A fingerprint that is near to no other one."""
    return f"{next(LOOKS) * 0x9E3779B97F4A7C15 % 2**64:016x}"


def make_look_to_learn() -> str:
    """One of which nothing is held out, whoever says it."""
    looks = iter(make_look, None)
    return next(look for look in looks if hash_number(f"validation {look}") % VALIDATION)


def make_seen(owner: User, look: str = "", **fields: Any) -> Garment:
    """A shirt that a model described on a photo of its own."""
    look = look or make_look()
    photo = make_photo(owner, with_image=True, perceptual_hash=look, pixel_sha256=look * 4)
    seen = {
        "type": "shirt",
        "box": BOX,
        "colours": [{"name": "navy"}],
        "alternatives": [{"type": "blouse", "confidence": 0.3}],
    }
    call = make_call(
        make_version("digitize_photo"),
        subject=f"photo:{photo.pk}",
        outcome="succeeded",
        finished_at=photo.created_at,
        output={"garments": [seen]},
    )
    return make_described_garment(owner, photo=photo, call=call, box=BOX, **fields)


def correct(
    owner: User, to: str = "blouse", review: str = "accepted", look: str = ""
) -> Correction:
    garment = edit_garment(make_seen(owner, look), changes={"type": to})
    Correction.objects.filter(garment=garment).update(review=review)
    return Correction.objects.get(garment=garment)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def test_a_set_holds_accepted_corrections_with_pixels_and_consent(alice: User) -> None:
    accepted = correct(alice)
    correct(alice, review="pending")
    correct(alice, review="dismissed")
    row = build_set(author=None).rows.get()
    assert (row.correction, row.owner, row.value) == (accepted, alice, "blouse")
    assert row.pixel_sha256 == accepted.garment.photo.pixel_sha256
    assert (row.box, row.consent) == (BOX, alice.consents.get())
    assert TrainingSet.objects.get().left_out[0]["check"] == "Review"


def test_the_same_content_is_not_a_second_set(alice: User) -> None:
    correct(alice)
    build_set(author=None)
    with pytest.raises(NothingToLearnError):
        build_set(author=None)


def test_what_reviewers_said_goes_before_the_wearers_word(alice: User) -> None:
    correction = correct(alice, review="pending")
    item = ask(correction.garment, confidence=0.5, correction=correction)
    reviewer = make_reviewer()
    queue.lease_items(reviewer)
    queue.decide(
        item=item, reviewer=reviewer, verdict=ReviewDecision.Verdict.OTHER, value="t-shirt"
    )
    row = build_set(author=None).rows.get()
    assert (row.value, row.decision) == ("t-shirt", ReviewDecision.objects.get())


def test_nobody_decides_alone_what_a_word_means(alice: User) -> None:
    for _ in range(CAP + 2):
        correct(alice)
    made = build_set(author=None)
    assert made.rows.count() == CAP
    assert [one["count"] for one in made.left_out if one["check"] == "Cap a wearer"] == [2]


def test_the_database_refuses_to_change_a_set_and_to_learn_from_the_holdout(alice: User) -> None:
    correct(alice)
    row = build_set(author=None).rows.get()
    for change in (
        lambda: TrainingRow.objects.update(value="dress"),
        lambda: TrainingSet.objects.update(sha256="0"),
        lambda: hold_out(row.fingerprint, alice, "holdout"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def hold_out(look: str, owner: User, split: str = "") -> CollectedExample:
    call = make_call()
    [dataset] = offer_datasets(call.version.prompt)
    source = ExampleSource(f"call-{call.pk.hex[:10]}", {"file": "x"}, {"garments": []}, (), b"")
    if split:
        return CollectedExample.objects.create(
            dataset=dataset, key=source.key, sha256="0" * 64, input={}, expected={}, split=split,
            fingerprint=look, call=call, owner=owner,
        )  # fmt: skip
    return collect_example(
        dataset=dataset, source=source, fingerprint=look, call=call, owner=owner, author=None
    )


def test_what_looks_like_the_holdout_is_left_out_whoever_writes_the_row(alice: User) -> None:
    locked = make_look()
    hold_out(locked, alice, "holdout")
    near = f"{int(locked, 16) ^ 0b1011:016x}"
    correct(alice, look=near)
    correct(alice)
    made = build_set(author=None)
    assert near not in made.rows.values_list("fingerprint", flat=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        row = made.rows.get()
        row.pk, row.ordinal, row.fingerprint = None, 2, near
        row.save()


def test_near_duplicates_are_on_one_side_of_the_split(alice: User) -> None:
    """By their own fingerprints some would judge and some be rehearsed; they are one look."""
    looks = [f"{0x5A5A5A5A5A5A5A5A ^ 1 << bit:016x}" for bit in range(8)]
    assert len({hash_number(f"validation {look}") % VALIDATION == 0 for look in looks}) == 2
    for look in looks:
        make_seen(alice, look)
    Garment.objects.update(created_at=timezone.now() - timedelta(days=4))
    correct(alice)
    rows = build_set(author=None).rows.exclude(split="training")
    assert rows.filter(fingerprint__in=looks).count() == len(looks)
    assert len(set(rows.values_list("split", flat=True))) == 1


def test_what_was_learned_from_is_collected_for_training(alice: User) -> None:
    looks = [make_look() for _ in range(8)]  # By their fingerprints half would be held out.
    for look in looks:
        correct(alice, look=look)
    build_set(author=None)
    assert {hold_out(look, alice).split for look in looks} == {"training"}


def test_a_withdrawn_consent_leaves_the_next_set_and_marks_the_last(alice: User) -> None:
    from feedback.services.consents import give_consent
    from tests.factories import make_user

    bob = make_user("bob@example.org")
    give_consent(bob)
    mine, other = correct(alice), correct(bob)
    first = build_set(author=None)
    withdraw_consent(alice)
    assert [row.correction for row in first.rows.stale()] == [mine]
    assert [row.correction for row in build_set(author=None).rows.all()] == [other]
    assert lineage.trace_owner(alice).sets == [first]


def test_a_deleted_account_is_left_out_and_the_set_stands(alice: User) -> None:
    correct(alice)
    made, key = build_set(author=None), alice.pk
    Garment.objects.all().delete()
    Correction.objects.all().delete()
    alice.delete()
    assert made.rows.stale().count() == 1
    assert lineage.trace_owner(key).sets == [made]


def test_the_export_is_rows_for_trl_with_pictures_and_a_card(alice: User, tmp_path: Path) -> None:
    correct(alice)
    promote(make_version("digitize_photo", system="Types: $type_words", user="Describe it."))
    call_command("build_training_set", export=tmp_path / "set", verbosity=0)
    [line] = (tmp_path / "set" / "train.jsonl").read_text().splitlines()
    row = json.loads(line)
    assert [message["role"] for message in row["prompt"]] == ["system", "user"]
    assert row["prompt"][1]["content"] == [
        {"type": "image"},
        {"type": "text", "text": "Describe it."},
    ]
    [said] = json.loads(row["completion"][0]["content"][0]["text"])["garments"]
    assert (said["type"], said["alternatives"]) == ("blouse", [])
    assert (tmp_path / "set" / row["images"][0]).read_bytes()[:4] == b"RIFF"
    card = (tmp_path / "set" / "README.md").read_text()
    assert card.startswith("---\nlicense: other\n") and TrainingSet.objects.get().sha256 in card
