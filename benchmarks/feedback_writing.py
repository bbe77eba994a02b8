"""Drafts that the system writes by itself of seeded confusions: `python -m benchmarks.feedback --part writes`."""

import random
from collections import Counter
from typing import Any

import numpy as np

from benchmarks.feedback_closing import prepare
from benchmarks.report import Figure
from benchmarks.stream import stores

CONFUSIONS = 12
COPIED = 2
"""Of so many confusions a wearer wrote what the grammar says, word for word."""
WEARERS, CORRECTIONS = 3, 2
SEED = 20261129


def measure_writing() -> list[Figure]:
    """All confusions one after the other, in a PostgreSQL of this run; no wearer is behind two of them."""
    with stores():
        prepare()
        from feedback.proposals.wording import read_grammar
        from registry.models import Deployment, Prompt

        rng = random.Random(SEED)  # noqa: S311
        prompt = Prompt.objects.get(name="digitize_photo")
        moves = Deployment.objects.count()
        types = sorted(read_grammar()["type"])
        counts: Counter[str] = Counter()
        for number in range(CONFUSIONS):
            said, right = rng.sample(types, 2)
            counts += write_drafts(prompt, said, right, copies=number < COPIED, rng=rng)
        names = ("sentences", "examples", "refused for a wearer's words", "copied runs of 8 words")
        return [
            *(Figure(f"{name}, of {CONFUSIONS} confusions", counts[name], "") for name in names),
            Figure("photos in examples, all of their confusion", counts["photos"], ""),
            Figure("photos of another confusion", counts["strange"], ""),
            Figure("moves of what is live", Deployment.objects.count() - moves, ""),
        ]


def write_drafts(
    prompt: Any, said: str, right: str, *, copies: bool, rng: random.Random
) -> Counter[str]:
    """What came of one confusion, by kind."""
    from django.utils import timezone

    from feedback.proposals.keeping import NothingToProposeError
    from feedback.proposals.kinds import KINDS
    from feedback.proposals.wording import CopiedWordsError, list_runs, read_grammar
    from wardrobe.models import Garment

    told = read_grammar()["type"][right].split()
    half = " ".join(told[:7])
    wearers, photos = make_corrections(prompt, said, right, half, rng)
    if copies:
        whole = f"call it {right} if it {' '.join(told)}"
        Garment.objects.filter(owner=wearers[0]).update(name=whole[:120])
    counts: Counter[str] = Counter()
    before = prompt.production().version.bundle
    for kind, propose in KINDS.items():
        try:
            bundle = propose(prompt).version.bundle
        except NothingToProposeError:
            continue
        except CopiedWordsError:
            counts["refused for a wearer's words"] += 1
            continue
        counts[kind] += 1
        added = bundle["system"].removeprefix(before["system"].rstrip())
        names = Garment.objects.filter(owner__in=wearers).values_list("name", flat=True)
        counts["copied runs of 8 words"] += len(list_runs(added) & list_runs("\n".join(names)))
        shown = {one["picture"] for one in bundle["examples"]}
        counts["photos"] += len(shown)
        counts["strange"] += len(shown - photos)
    for wearer in wearers:
        wearer.consents.update(withdrawn_at=timezone.now())
    return counts


def make_corrections(
    prompt: Any, said: str, right: str, name: str, rng: random.Random
) -> tuple[list[Any], set[str]]:
    """Accepted ones on photos with vectors; answers with the wearers and the digests of the photos."""
    from feedback.models import Correction
    from feedback.services.consents import give_consent
    from tests.factories import make_call, make_described_garment, make_photo, make_user
    from wardrobe.models import PhotoEmbedding
    from wardrobe.services.garments import edit_garment
    from wardrobe.similarity.extractors import builtin_extractor

    version, wearers, digests = prompt.production().version, [], set()
    for _ in range(WEARERS):
        wearers.append(owner := make_user())
        give_consent(owner)
        for _ in range(CORRECTIONS):
            look = f"{rng.getrandbits(64):016x}"
            photo = make_photo(owner, with_image=True, perceptual_hash=look, pixel_sha256=look * 4)
            digests.add(photo.pixel_sha256)
            seen = {"type": said, "colours": [{"name": "navy"}], "confidence": {"type": 0.7}}
            call = make_call(
                version,
                subject=f"photo:{photo.pk}",
                outcome="succeeded",
                finished_at=photo.created_at,
                output={"garments": [seen]},
            )
            garment = make_described_garment(
                owner, photo=photo, call=call, type=said, confidence={"type": 0.7}, name=name
            )
            vector = np.array([rng.gauss(0, 1) for _ in range(8)], dtype=np.float32)
            PhotoEmbedding.objects.create(
                owner=owner,
                extractor=builtin_extractor().name,
                pixel_sha256=photo.pixel_sha256,
                vector=vector,
            )
            edit_garment(garment, changes={"type": right})
    Correction.objects.filter(owner__in=wearers).update(review=Correction.Review.ACCEPTED)
    return wearers, digests
