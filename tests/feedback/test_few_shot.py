"""Corrected photos among a version's examples: which ones, what is shown of them, and until when."""

import json
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.leaving import delete_account
from feedback.lineage.reading import read_correction, read_version
from feedback.lineage.roads import list_versions_knowing
from feedback.models import Correction, FewShotExample
from feedback.proposals.covering import choose_covering, measure_likeness
from feedback.proposals.few_shot import propose_examples
from feedback.proposals.keeping import NothingToProposeError
from feedback.services.consents import give_consent, withdraw_consent
from feedback.training.lineage import has_learned
from registry.models import PromptVersion
from registry.prompts import live_versions
from registry.rendering import show_examples
from tests.factories import make_user, make_version, promote
from tests.feedback.test_training_sets import correct, hold_out
from wardrobe.models import PhotoEmbedding
from wardrobe.similarity.extractors import builtin_extractor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def live(words: None) -> PromptVersion:
    version = make_version(user="Describe.", engine="vllm", examples=[])
    promote(version)
    return version


def show(owner: User, vector: Any = (1.0, 0.0), **fields: Any) -> Correction:
    """An accepted correction with its garment's vector."""
    correction = correct(owner, **fields)
    PhotoEmbedding.objects.create(
        owner=owner,
        extractor=builtin_extractor().name,
        pixel_sha256=correction.pixel_sha256,
        box=correction.box,
        vector=np.array(vector, dtype=np.float32),
    )
    return correction


@pytest.fixture
def corrections(live: PromptVersion) -> list[Correction]:
    """A shirt was a blouse: twice of one wearer, once of another."""
    one, other = make_user("one@example.org"), make_user("other@example.org")
    give_consent(one)
    give_consent(other)
    return [show(one, (1.0, 0.2)), show(one, (1.0, 0.1)), show(other, (0.0, 1.0))]


def test_examples_cover_what_is_mixed_up_and_one_wearer_has_one() -> None:
    vectors = [np.array(one, dtype=np.float32) for one in ((1, 0), (1, 0.1), (0.9, 0.2), (0, 1))]
    alone = choose_covering(measure_likeness(vectors, "aaab"), [1, 2, 3, 4], most=2, most_of_one=1)
    assert (alone[0], alone[1]) == (1, 3)
    same = choose_covering(measure_likeness(vectors, "aaab"), [1, 1, 1, 1], most=2, most_of_one=1)
    assert same == [1]
    assert choose_covering(np.zeros((0, 0)), [], most=2, most_of_one=1) == []


def test_a_draft_shows_corrected_photos_with_the_right_answer(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    version = propose_examples(live.prompt).version
    assert live.prompt.production().version == live
    examples = version.bundle["examples"]
    owners = {one.owner_id for one in FewShotExample.objects.all()}
    assert len(examples) == len(owners) == 2
    assert {one["picture"] for one in examples} <= {one.pixel_sha256 for one in corrections}
    assert {one["user"] for one in examples} == {"Describe."}
    (garment,) = json.loads(examples[0]["assistant"])["garments"]
    assert (garment["type"], garment["confidence"]["type"]) == ("blouse", 1.0)
    assert garment["alternatives"] == []


@pytest.mark.parametrize("spoil", ["consent", "holdout", "waiting", "gone", "large"])
def test_what_may_not_be_shown_is_not(
    live: PromptVersion,
    corrections: list[Correction],
    spoil: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    *_, alone = corrections
    photo = alone.garment.photo
    if spoil == "consent":
        withdraw_consent(alone.owner)
    elif spoil == "holdout":
        near = f"{int(photo.perceptual_hash, 16) ^ 0b111:016x}"
        hold_out(near, alone.owner, "holdout")
    elif spoil == "waiting":
        Correction.objects.create(
            owner=alone.owner, garment=alone.garment, field="pattern", model_value="solid",
            user_value="striped", version=alone.version, call=alone.call, box=alone.box,
        )  # fmt: skip
    elif spoil == "gone":
        photo.image.delete(save=True)
    else:
        monkeypatch.setattr("feedback.proposals.few_shot.MOST_BYTES", photo.image.size - 1)
    try:
        propose_examples(live.prompt)
    except NothingToProposeError:
        assert spoil in {"consent", "large"}
    assert not FewShotExample.objects.filter(owner=alone.owner).exists()


def test_the_database_keeps_examples_and_the_locked_holdout_apart(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    propose_examples(live.prompt)
    example = FewShotExample.objects.first()
    assert has_learned(live.prompt, example.fingerprint)
    values = {
        name: getattr(example, name)
        for name in ("pixel_sha256", "answer", "call", "owner_id", "consent_id", "photo_id")
    }
    hold_out("0" * 16, corrections[0].owner, "holdout")
    for change in (
        lambda: FewShotExample.objects.update(answer=""),
        lambda: hold_out(example.fingerprint, example.owner, "holdout"),
        lambda: FewShotExample.objects.create(
            **values, sha256="1" * 64, fingerprint="0" * 15 + "1"
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("leave", [withdraw_consent, delete_account])
def test_who_takes_consent_back_is_shown_no_more_and_the_lineage_says_so(
    live: PromptVersion, corrections: list[Correction], leave: Any
) -> None:
    version = propose_examples(live.prompt).version
    promote(version)
    assert len(show_examples(live_versions.resolve("digitize_photo"))) == 2
    *_, alone = corrections
    digest = alone.pixel_sha256
    assert list(list_versions_knowing(alone.owner)) == [version]
    leave(alone.owner)
    (left,) = show_examples(live_versions.resolve("digitize_photo"))
    assert left["image"].data and left["image"].media_type == "image/webp"
    assert digest in json.dumps(version.bundle)
    lineage = read_version(version)
    assert (lineage.withdrawn or lineage.unnamed) == 1


def test_lineage_leads_from_the_version_to_the_correction_and_forward(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    version = propose_examples(live.prompt).version
    shown = FewShotExample.objects.get(owner=corrections[2].owner)
    assert shown.corrections == [corrections[2].pk]
    assert corrections[2] in [entry.correction for entry in read_version(version).entries]
    (arrival,) = read_correction(corrections[2]).arrivals
    assert (arrival.version, arrival.passage.split) == (version, "Few-shot")
    copied = make_version(examples=version.bundle["examples"], system="By hand.")
    assert {one.version for one in read_correction(corrections[2]).arrivals} == {version, copied}
    assert read_correction(next(c for c in corrections if c.pk not in {
        key for one in FewShotExample.objects.all() for key in one.corrections
    })).arrivals == []  # fmt: skip


def test_an_operator_has_the_draft_written(
    as_operator: Client, live: PromptVersion, corrections: list[Correction]
) -> None:
    data = {"action": "propose_examples", "_selected_action": [corrections[0].pk]}
    page = reverse("admin:feedback_correction_changelist")
    assert "is written. It waits" in as_operator.post(page, data, follow=True).text
    withdraw_consent(corrections[2].owner)
    assert "may be shown" in as_operator.post(page, data, follow=True).text
