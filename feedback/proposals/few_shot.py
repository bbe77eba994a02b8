"""Drafts that show a model corrected photos, chosen for coverage of what it mixes up."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from django.core.files.storage import default_storage
from django.db import transaction
from numpy.typing import NDArray

from accounts.models import Consent, User
from feedback.models import Correction, FewShotExample, Proposal
from feedback.proposals.answers import write_answer
from feedback.proposals.confusions import Confusion, find_confusions, list_locked
from feedback.proposals.covering import choose_covering, measure_likeness
from feedback.proposals.keeping import NothingToProposeError, keep_draft
from registry.models import Prompt
from registry.prompts import bundles
from registry.prompts.bundles import MOST_PICTURES, Bundle
from registry.services.examples import is_near, lock_split
from wardrobe.models import Garment, Photo, PhotoEmbedding
from wardrobe.similarity.extractors import builtin_extractor
from wardrobe.tasks import DigitizeContext, DigitizePhoto

MOST_OF_A_WEARER = 1
MOST_BYTES = 1024 * 1024
"""Of one photo, as it is stored."""


@dataclass(frozen=True)
class Candidate:
    """A corrected photo that may be shown: its confusion, its answer as text, and its garment's vector."""

    confusion: Confusion
    photo: Photo
    corrections: tuple[Correction, ...]
    answer: str
    vector: NDArray[np.float32]


@transaction.atomic
def propose_examples(prompt: Prompt, *, author: User | None = None) -> Proposal:
    """A draft with other pictures among its examples. Evaluation and the gate judge it as any other.

    Raises NothingToProposeError.
    """
    live = prompt.production()
    if live is None or prompt.name != DigitizePhoto.name:
        raise NothingToProposeError
    lock_split()
    bundle = live.version.bundle
    chosen = choose_candidates(list(list_candidates(find_confusions(prompt), bundle)))
    if not chosen:
        raise NothingToProposeError
    question = write_question(bundle)
    shown = [
        {"picture": one.photo.pixel_sha256, "user": question, "assistant": one.answer}
        for one in chosen
    ]
    texts = [one for one in bundle["examples"] if "picture" not in one]
    proposal = keep_draft(
        live.version,
        {**bundle, "examples": [*texts, *shown]},
        notes=describe(chosen),
        author=author,
    )
    for one in chosen:
        keep_example(one)
    return proposal


def choose_candidates(candidates: list[Candidate]) -> list[Candidate]:
    """Those that cover the others best, the best first, no two of nearly the same photo."""
    apart = list(drop_near(candidates))
    if not apart:
        return []
    likeness = measure_likeness(
        [one.vector for one in apart], [str(one.confusion) for one in apart]
    )
    owners = [one.photo.owner_id for one in apart]
    places = choose_covering(likeness, owners, most=MOST_PICTURES, most_of_one=MOST_OF_A_WEARER)
    return [apart[place] for place in places]


def drop_near(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    kept: list[int] = []
    for one in candidates:
        number = int(one.photo.perceptual_hash, 16)
        if not any(is_near(number, other) for other in kept):
            kept.append(number)
            yield one


def list_candidates(confusions: Iterable[Confusion], bundle: Bundle) -> Iterator[Candidate]:
    """What may be shown of the corrections behind some confusions."""
    locked = list_locked()
    for confusion in confusions:
        for correction in confusion.corrections:
            garment = correction.garment
            if garment is None or not is_shown_whole(garment, correction):
                continue
            photo = garment.photo
            vector = find_vector(garment)
            if photo is None or vector is None or not may_show(photo, locked):
                continue
            rows = list_of_call(correction)
            if answer := write_answer(rows, bundle):
                accepted = [one for one in rows if one.review == Correction.Review.ACCEPTED]
                text = json.dumps(answer, ensure_ascii=False)
                yield Candidate(confusion, photo, tuple(accepted), text, vector)


def is_shown_whole(garment: Garment, correction: Correction) -> bool:
    """Whether its photo is the one that was looked at, and is there."""
    photo = garment.photo
    is_there = photo is not None and bool(photo.image) and bool(photo.perceptual_hash)
    return is_there and photo is not None and photo.pixel_sha256 == correction.pixel_sha256


def may_show(photo: Photo, locked: list[int]) -> bool:
    """Not what looks like the locked holdout, nor what is too large, nor pixels that were another wearer's example."""
    number = int(photo.perceptual_hash, 16)
    others = FewShotExample.objects.filter(pixel_sha256=photo.pixel_sha256)
    return (
        not any(is_near(number, other) for other in locked)
        and not others.exclude(owner=photo.owner_id).exists()
        and default_storage.exists(str(photo.image.name))
        and photo.image.size <= MOST_BYTES
    )


def find_vector(garment: Garment) -> NDArray[np.float32] | None:
    """What the built-in extractor made of a garment, if it has."""
    made = PhotoEmbedding.objects.filter(
        owner=garment.owner_id,
        extractor=builtin_extractor().name,
        pixel_sha256=garment.photo.pixel_sha256 if garment.photo else "",
        box=garment.box,
    ).first()
    return np.asarray(made.vector, dtype=np.float32) if made else None


def list_of_call(correction: Correction) -> list[Correction]:
    rows = Correction.objects.filter(call=correction.call_id, owner=correction.owner_id)
    return list(rows.select_related("call").order_by("pk"))


def write_question(bundle: Bundle) -> str:
    """What a version asks of every photo."""
    task = DigitizePhoto()
    context = task.pin_context(DigitizeContext.of(b""), bundle)
    return bundles.render(bundle["user"], task.fill_variables(context))


def keep_example(candidate: Candidate) -> None:
    photo = candidate.photo
    told = {"picture": photo.pixel_sha256, "assistant": candidate.answer}
    FewShotExample.objects.get_or_create(
        sha256=bundles.digest(told),
        defaults={
            "pixel_sha256": photo.pixel_sha256,
            "fingerprint": photo.perceptual_hash,
            "answer": candidate.answer,
            "corrections": [one.pk for one in candidate.corrections],
            "call": candidate.corrections[0].call_id,
            "owner": photo.owner,
            "consent": Consent.objects.given(by=photo.owner).latest("pk"),
            "photo": photo,
        },
    )


def describe(chosen: list[Candidate]) -> str:
    """The note of the version, in words of the vocabulary."""
    told = "; ".join(dict.fromkeys(str(one.confusion) for one in chosen))
    photos = "1 corrected photo" if len(chosen) == 1 else f"{len(chosen)} corrected photos"
    return f"Proposed by itself. Shows {photos} of what is mixed up: {told}."
