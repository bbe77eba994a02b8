"""Corrections by the day, through review and retraining: `python -m benchmarks.feedback --part closes`."""

import argparse
import hashlib
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.feedback_drawings import read_drawings
from benchmarks.feedback_forgetting import Forgotten, forget_two, summarize_forgotten
from benchmarks.feedback_world import World, load_world, starve
from benchmarks.report import Figure
from benchmarks.stream import stores

STEPS = (100, 200, 300)
"""Corrections after which a set is built and the heads are retrained."""
WEARERS = 30
KNOWN: dict[str, int] = {}
"""The place of each photo in the world, by the digest of its pixels."""


@dataclass(frozen=True)
class Told:
    """One seed: the number of corrections with what is right of what is held out, by type; how many of each type are;
    seconds, rows, how far the head went at each step, the draft, and what became of two who left."""

    scores: list[tuple[int, dict[str, float]]]
    held: dict[str, int]
    seconds: float
    rows: int
    steps: list[float]
    version: Any
    forgotten: Forgotten | None

    @property
    def changes(self) -> dict[str, float]:
        before, after = self.scores[0][1], self.scores[-1][1]
        return {name: after[name] - before[name] for name in before}


def measure_closing(options: argparse.Namespace, looks: Any) -> list[Figure]:
    """All seeds, in a PostgreSQL of this run."""
    with stores():
        prepare()
        from feedback.training import lessons, looking

        count = options.drawings
        drawings = read_drawings(options.drawn, count, report=print) if count else None
        told = []
        for seed in range(1, options.closing_seeds + 1):
            world = load_world(options, seed, looks)
            if drawings is not None:
                world.learn_drawings(drawings)
            looking.look_at_row = lambda row, *_, world=world: world.look(KNOWN[row.pixel_sha256])
            rehearsed = looking.Look(world.rehearsed, world.rehearsed[:, :0])
            lessons.read_rehearsal = lambda _, rehearsed=rehearsed: rehearsed
            told.append(close_loop(world, options.starved, seed))
            tell(seed, told[-1], options.starved)
        if options.plot:
            options.plot.write_text(draw([one.scores for one in told], options.starved))
        figures = summarize(told, options.starved)
        looking = measure_looking(options.photos)
        longest = max(last(one, looking) for one in told)
        figures.append(Figure("whole path, longest", longest, "s"))
        if options.gate and told[-1].version:
            gate = evaluate_draft(told[-1].version)
            figures += [gate, Figure("whole path with the gate", longest + gate.value, "s")]
        return figures + summarize_forgotten([one.forgotten for one in told if one.forgotten])


def last(told: Told, looking: float) -> float:
    """Seconds of a whole path: what was measured, and looking at every garment in each run."""
    return told.seconds + told.rows * looking * len(STEPS)


def tell(seed: int, told: Told, starved: str) -> None:
    others = {name: one for name, one in told.changes.items() if name not in (starved, "all")}
    worst = min(others, key=lambda name: others[name])
    (_, before), (_, after) = told.scores[0], told.scores[-1]
    print(
        f"seed {seed}: {starved} {before[starved]:.1f} to {after[starved]:.1f} (n {told.held[starved]}), all "
        f"{before['all']:.1f} to {after['all']:.1f}, worst other {worst} {others[worst]:+.1f} (n "
        f"{told.held[worst]}), ways {told.steps}, {told.seconds:.0f} s, {told.rows} rows",
        flush=True,
    )


def summarize(told: Sequence[Told], starved: str) -> list[Figure]:
    """Of each type also all seeds together, weighted by how many photos of it are held out."""
    gains = [one.changes[starved] for one in told]
    names = [name for name in told[0].changes if name not in (starved, "all")]
    means = {name: weigh(told, name) for name in names}
    worst = min(means, key=lambda name: means[name])
    seen = sum(one.held[worst] for one in told)
    single, name, held = min(
        (one.changes[name], name, one.held[name]) for one in told for name in names
    )
    return [
        Figure(f"{starved} gains, mean of seeds", statistics.mean(gains), "points"),
        Figure(f"{starved} gains, smallest", min(gains), "points"),
        Figure("all, mean of seeds", statistics.mean(one.changes["all"] for one in told), "points"),
        Figure(f"changes worst, all seeds: {worst} (n {seen})", means[worst], "points"),
        Figure(f"changes worst in one seed: {name} (n {held})", single, "points"),
    ]


def weigh(told: Sequence[Told], name: str) -> float:
    """The change of a type over all seeds, each photo alike."""
    return sum(one.changes[name] * one.held[name] for one in told) / sum(
        one.held[name] for one in told
    )


def prepare() -> None:
    import django

    django.setup()
    import logging

    from django.core.management import call_command

    logging.disable(logging.INFO)
    with Path(os.devnull).open("w") as nowhere:
        for command in ("migrate", "load_vocabulary", "load_prompts"):
            call_command(command, verbosity=0, stdout=nowhere)


def close_loop(world: World, starved: str, seed: int) -> Told:
    """What is right of what is held out at each step, through the services."""
    from django.utils import timezone

    from feedback.training.building import build_set
    from feedback.training.retraining import carry_out, start_run
    from wardrobe.vision.heads import ARTEFACT, load_heads

    head = starve(world, starved)
    promote_head(world, head)
    said = [world.words[best] for best in head.rate(world.answers).argmax(axis=1)]
    uploads = np.flatnonzero((world.tenths >= 3) & ~world.held)
    photos = iter(np.random.default_rng(seed).permutation(uploads).tolist())
    wearers, reviewers = make_people(seed)
    scores, began, corrected, steps = [(0, world.score(head))], time.monotonic(), 0, []
    for step in STEPS:
        for place in photos:
            corrected += upload(world, place, said[place], wearers, seed)
            if corrected == step:
                break
        review_all(world, reviewers)
        run = start_run(training_set=build_set(author=None), author=None)
        carry_out(run)
        if run.error:
            raise RuntimeError(run.error)
        learned = load_heads(ARTEFACT, run.artefact.sha256).heads["type"] if run.artefact else head
        scores.append((corrected, world.score(learned)))
        steps += [one["step"] for one in run.figures["heads"]]
    took = time.monotonic() - began
    forgotten, rows = forget_two(wearers), run.training_set.rows.count()
    for wearer in (one for one in wearers if one.pk):  # Their rows are in no set of the next seed.
        wearer.consents.update(withdrawn_at=timezone.now())
    return Told(scores, world.count_held(), took, rows, steps, run.version, forgotten)


def promote_head(world: World, head: Any) -> None:
    """A live version that goes by the head, as an artefact of no run beside the package's other heads."""
    from registry.models import Prompt
    from registry.services.versions import create_version
    from tests.factories import promote
    from wardrobe.photos import storage
    from wardrobe.vision.heads import ARTEFACT, load_heads, name_artefact, write_heads
    from wardrobe.vision.parameters import VisionParameters

    vision = VisionParameters()
    shipped = load_heads(vision.heads, vision.heads_sha256)
    means, deviations = shipped.means.copy(), shipped.deviations.copy()
    means[: len(world.means)], deviations[: len(world.means)] = world.means, world.deviations
    heads = {**shipped.heads, "type": head}
    adapter = shipped.adapter if world.is_adapted else ""
    content = write_heads(
        replace(shipped, means=means, deviations=deviations, heads=heads, adapter=adapter)
    )
    sha256 = hashlib.sha256(content).hexdigest()
    storage.save_file(name_artefact(sha256), content)
    prompt = Prompt.objects.get(name="digitize_photo")
    first = prompt.versions.order_by("number")[0]
    vision = {**first.parameters["vision"], "heads": ARTEFACT, "heads_sha256": sha256}
    bundle = {**first.bundle, "parameters": {**first.parameters, "vision": vision}}
    promote(create_version(prompt=prompt, bundle=bundle))


def make_people(seed: int) -> tuple[list[Any], list[Any]]:
    """Wearers who consent, and two reviewers."""
    from feedback.services.consents import give_consent
    from tests.factories import make_user

    wearers = [make_user(f"wearer{seed}-{number}@example.org") for number in range(WEARERS)]
    for wearer in wearers:
        give_consent(wearer)
    reviewers = [
        make_user(f"reviewer{seed}-{number}@example.org", is_staff=True) for number in (1, 2)
    ]
    return wearers, reviewers


def upload(world: World, place: int, said: str, wearers: Sequence[Any], seed: int) -> bool:
    """One photo of a wearer's, described as the head says; corrected if that is wrong."""
    from django.utils import timezone

    from registry.models import Prompt
    from tests.factories import make_call, make_described_garment, make_photo
    from wardrobe.models import Garment
    from wardrobe.services.garments import edit_garment

    pixels = hashlib.sha256(f"{seed} {place}".encode()).hexdigest()
    KNOWN[pixels] = place
    owner = wearers[place % len(wearers)]
    photo = make_photo(
        owner, pixel_sha256=pixels, perceptual_hash=pixels[:16], image=f"photos/{pixels}.webp"
    )
    version = Prompt.objects.get(name="digitize_photo").production().version
    garment = make_described_garment(
        owner,
        photo=photo,
        type=said,
        call=make_call(version, subject=f"photo:{photo.pk}"),
        confidence={"type": 0.7},
    )
    Garment.objects.filter(pk=garment.pk).update(created_at=timezone.now() - timedelta(days=4))
    if world.accepted[place, world.words.index(said)] > 0:
        return False
    edit_garment(garment, changes={"type": name_best(world, place)})
    return True


def name_best(world: World, place: int) -> str:
    return world.words[int(world.accepted[place].argmax())]


def review_all(world: World, reviewers: Iterable[Any]) -> None:
    """Everything that waits, by the true label."""
    from feedback.models import ReviewDecision
    from feedback.review.filling import fill_queue
    from feedback.review.queue import decide, lease_items

    verdicts = ReviewDecision.Verdict
    while fill_queue():
        pass
    for reviewer in reviewers:
        while items := lease_items(reviewer):
            for item in items:
                place = KNOWN[item.garment.photo.pixel_sha256]
                verdict = verdicts.UNSURE
                if item.field == "type":
                    is_right = world.accepted[place, world.words.index(item.model_value)] > 0
                    verdict = verdicts.MODEL if is_right else verdicts.WEARER
                    if not is_right and item.correction is None:
                        verdict = verdicts.OTHER
                decide(item=item, reviewer=reviewer, verdict=verdict, value=name_best(world, place))


def measure_looking(photos: Path, count: int = 10) -> float:
    """Seconds of a processor to look at a stored photo, as a run does."""
    from PIL import Image

    from wardrobe.vision.preprocessing import find_ground
    from wardrobe.vision.trunk.sessions import find_trunk

    trunk, times = find_trunk(), []
    for path in sorted((photos / "validation").glob("*/*.jpg"))[:count]:
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        image.thumbnail((1024, 1024))
        began = time.process_time()
        trunk.see([image], ground=find_ground(image))
        times.append(time.process_time() - began)
    return statistics.median(times)


def evaluate_draft(version: Any) -> Figure:
    """How long the draft takes on the golden photos; what the gate says is printed."""
    from registry import jobs
    from registry.evaluation.runner import evaluate_version
    from registry.models import Dataset

    jobs.import_golden("digitize_photo")
    began = time.monotonic()
    current = Dataset.objects.get(prompt=version.prompt).current
    run = evaluate_version(version=version, dataset_version=current, engine="builtin")
    verdict = run.verdicts.first()
    if verdict is None:
        raise RuntimeError("The gate has not judged the draft.")
    said = "passed" if verdict.passed else f"not passed: {' '.join(verdict.failures)}"
    right, of = verdict.figures["right"], verdict.figures["of"]
    print(f"gate: {said}, {right} of {of} golden fields", flush=True)
    return Figure(
        f"gate, {'passed' if verdict.passed else 'not passed'}", time.monotonic() - began, "s"
    )


def draw(curves: Sequence[Any], starved: str) -> str:
    """Right of what is held out over corrections: the starved type, and all photos; a line a seed, as SVG."""

    def line(scores: Any, name: str, colour: str) -> str:
        points = " ".join(
            f"{60 + count * 1.6:.0f},{260 - score[name] * 2.3:.0f}" for count, score in scores
        )
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>\n'

    ticks = "".join(
        f'<text x="52" y="{264 - share * 2.3:.0f}" text-anchor="end">{share}</text>'
        f'<path d="M60 {260 - share * 2.3:.0f}H540" stroke="#ddd"/>\n'
        for share in (0, 25, 50, 75, 100)
    )
    counts = "".join(
        f'<text x="{60 + count * 1.6:.0f}" y="282" text-anchor="middle">{count}</text>\n'
        for count in (0, *STEPS)
    )
    lines = "".join(
        line(scores, "all", "#8a8f98") + line(scores, starved, "#3b4cca") for scores in curves
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 310" font-family="sans-serif" font-size="12">\n'
        f'<rect width="560" height="310" fill="#fff"/>\n{ticks}{counts}{lines}'
        f'<text x="300" y="304" text-anchor="middle">corrections; blue: {starved}, grey: all; '
        "per cent right of held-out photos, a line a seed</text>\n</svg>\n"
    )
