"""Drafts that the system writes by itself of seeded confusions: `python -m benchmarks.feedback --part writes`."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.feedback_closing import prepare
from benchmarks.feedback_model import FollowingModel, hash_bytes
from benchmarks.report import Figure
from benchmarks.stream import stores

CONFUSIONS = 12
COPIED = 2
"""Of so many confusions a wearer wrote what the grammar says, word for word."""
WEARERS, CORRECTIONS = 3, 2
UNSEEN = 20
"""Pictures that no correction is of, for each confusion."""
SEED = 20261129


def measure_writing() -> list[Figure]:
    """All confusions one after the other, in a PostgreSQL of this run; no wearer is behind two of them."""
    with stores(), serve_model() as model:
        prepare()
        from feedback.proposals.wording import read_grammar
        from registry.models import Deployment, Prompt

        golden = import_golden(model)
        rng = random.Random(SEED)  # noqa: S311
        prompt = Prompt.objects.get(name="digitize_photo")
        moves = Deployment.objects.count()
        types = sorted(read_grammar()["type"])
        counts: Counter[str] = Counter()
        for number in range(CONFUSIONS):
            model.said, model.right = rng.sample(types, 2)
            counts += write_drafts(
                prompt, model.said, model.right, copies=number < COPIED, rng=rng,
                judge=lambda version: judge_draft(version, golden, model, rng),
            )  # fmt: skip
            print(f"{number + 1}: {model.said} for {model.right}: {dict(counts)}", flush=True)
        names = ("sentences", "examples", "refused for a wearer's words", "copied runs of 8 words")
        return [
            *(Figure(f"{name}, of {CONFUSIONS} confusions", counts[name], "") for name in names),
            Figure("pass the gate", counts["passed"], "drafts"),
            Figure("pass and mend half of what is unseen", counts["mended"], "drafts"),
            Figure("unseen cases mended", counts["right after"], f"of {counts['unseen']}"),
            Figure("photos in examples, all of their confusion", counts["photos"], ""),
            Figure("photos of another confusion", counts["strange"], ""),
            Figure("moves of what is live", Deployment.objects.count() - moves, ""),
        ]


@contextmanager
def serve_model() -> Iterator[FollowingModel]:
    """On loopback, as the engine `vllm` of this process."""
    from django.conf import settings

    from registry.engines import get_engine

    model = FollowingModel()
    thread = threading.Thread(target=model.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    vllm = settings.INFERENCE_ENGINES["vllm"]
    options = {**vllm["OPTIONS"], "base_url": model.url}
    settings.INFERENCE_ENGINES = {
        **settings.INFERENCE_ENGINES, "vllm": {**vllm, "OPTIONS": options}
    }  # fmt: skip
    settings.VLLM_BASE_URL = model.url
    get_engine.cache_clear()
    try:
        yield model
    finally:
        model.shutdown()
        model.server_close()
        thread.join()


def import_golden(model: FollowingModel) -> Any:
    """The golden photos, of which the model knows what is right."""
    from registry import jobs
    from registry.evaluation.runner import read_file
    from registry.models import Dataset

    jobs.import_golden("digitize_photo")
    current = Dataset.objects.get(prompt__name="digitize_photo").current
    for example in current.examples.all():
        model.truth[hash_bytes(read_file(example))] = example.expected["garments"]
    return current


def judge_draft(
    version: Any, golden: Any, model: FollowingModel, rng: random.Random
) -> Counter[str]:
    """Whether a draft passes its gate, and how many of unseen pictures of the confusion it tells right."""
    from registry.evaluation.runner import evaluate_version
    from registry.evaluation.trials import try_bundle
    from tests.factories import make_image
    from wardrobe.tasks import DigitizeContext

    run = evaluate_version(version=version, dataset_version=golden, engine="vllm")
    has_passed = run.verdicts.get().passed
    mended = 0
    for _ in range(UNSEEN):
        colour = tuple(rng.randrange(256) for _ in range(3))
        picture = make_image(size=(64, 80), format="WEBP", colour=colour)
        model.truth[hash_bytes(picture)] = [{"type": model.right, "box": [0.1, 0.1, 0.8, 0.8]}]
        context = DigitizeContext.of(picture)
        told = try_bundle(version.prompt.name, version.bundle, context, engine="vllm")
        mended += told is not None and told.garments[0].type == model.right
    return Counter(
        {
            "passed": int(has_passed),
            "mended": int(has_passed and mended >= UNSEEN / 2),
            "right after": mended,
            "unseen": UNSEEN,
        }
    )


def write_drafts(
    prompt: Any,
    said: str,
    right: str,
    *,
    copies: bool,
    rng: random.Random,
    judge: Callable[[Any], Counter[str]],
) -> Counter[str]:
    """What came of one confusion, by kind; its first draft is judged."""
    from django.utils import timezone

    from feedback.proposals.keeping import NothingToProposeError
    from feedback.proposals.kinds import KINDS, SLOW
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
        if kind in SLOW:
            continue
        try:
            version = propose(prompt).version
        except NothingToProposeError:
            continue
        except CopiedWordsError:
            counts["refused for a wearer's words"] += 1
            continue
        counts[kind] += 1
        if not counts["unseen"]:
            counts += judge(version)
        bundle = version.bundle
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
