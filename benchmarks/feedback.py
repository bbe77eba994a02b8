"""Whether corrections close the loop, and whether wrong ones are kept out.

    python -m benchmarks.feedback --photos DIR --labels DIR [--kept DIR] [--part closes|poison] [--seeds 20] [--json]

DIR are the real photos (train/ and validation/) and the folder of finer labels; what the trunk answers to each photo is
kept in `--kept`, as for `python -m lab train_heads`. Photos are split by look: three tenths teach a first head, four
tenths come in from wearers, three tenths are held out and only measured. The type networks are left out everywhere: they
know these photos.

`closes`: the first head never sees the hard four fifths of one type. Wearers upload and correct what it says, reviewers
decide every item by the true label, and three times, at 100, 200 and 300 corrections, a set is built, the head
retrained and a draft written, all through the services and a PostgreSQL of this run. What the trunk answers comes from
`--kept`; the time it would take is measured on some photos and added. With `--gate` the last draft is evaluated on the
golden photos.

`poison`: of 300 corrections 10, 30 or 50 % are wrong, at random or all of one type called another, by one to three
wearers among thirty, and reviewers let everything through. The live head is the retrained one unless the run
is refused by what reviewers say of a random tenth.
"""

import argparse
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402

from benchmarks.report import Figure, report  # noqa: E402
from benchmarks.stream import stores  # noqa: E402

CORRECTIONS = 300
STEPS = (100, 200, 300)
HONEST = 30
SHARES = (0.1, 0.3, 0.5)
DECAY = 200.0
EASY = 0.2
FEWEST_HELD = 20
"""A type of which fewer photos are held out is not compared by itself."""


@dataclass
class World:
    """Photos as numbers: standardised answers (n, d), accepted words (n, words), and a tenth (n,) each."""

    seen: np.ndarray
    answers: np.ndarray
    accepted: np.ndarray
    tenths: np.ndarray
    means: np.ndarray
    deviations: np.ndarray
    words: tuple[str, ...]
    families: list[str]
    folds: np.ndarray

    @property
    def base(self) -> np.ndarray:
        return self.tenths < 3

    @property
    def held(self) -> np.ndarray:
        return self.tenths >= 7

    @property
    def family(self) -> np.ndarray:
        """(n,): the place of the best accepted word's family."""
        return self.folds[self.accepted.argmax(axis=1)].argmax(axis=1)

    def fit(self, chosen: np.ndarray) -> Any:
        from feedback.training import fitting
        from wardrobe.vision.heads import Calibration, Head

        blank = Head(
            self.words,
            np.zeros((self.answers.shape[1] + 1, len(self.words)), np.float32),
            Calibration(1.0, 0.0),
        )
        lesson = fitting.Lesson(
            self.answers[chosen], self.accepted[chosen], np.ones(chosen.sum(), np.float32)
        )
        return fitting.refit(blank, lesson, self.answers[:0])

    def is_right(self, head: Any, chosen: np.ndarray) -> np.ndarray:
        best = (head.rate(self.answers[chosen]) @ self.folds).argmax(axis=1)
        return (self.accepted[chosen] @ self.folds)[np.arange(len(best)), best] > 0

    def score(self, head: Any) -> dict[str, float]:
        """Per cent right of what is held out, by type with enough photos, and `all`."""
        right, own = self.is_right(head, self.held), self.family[self.held]
        told = {
            name: 100 * float(right[own == place].mean())
            for place, name in enumerate(self.families)
            if (own == place).sum() >= FEWEST_HELD
        }
        return {**told, "all": 100 * float(right.mean())}

    def tell(self, head: Any) -> list[str]:
        """What the head says of every photo: the likeliest word."""
        return [self.words[best] for best in head.rate(self.answers).argmax(axis=1)]


def load_world(options: argparse.Namespace, seed: int, looks: Any) -> World:
    from lab.training.heads import rows
    from lab.training.splits import split_folds
    from wardrobe.vision.families import FAMILIES, FAMILY_OF, FOLDER_NAMES
    from wardrobe.vision.heads import FARTHEST

    labels = {
        row.file: row
        for name in ("train", "validation")
        for row in rows.read_labelled(options.labels / f"{name}.jsonl")
    }
    words, families = tuple(FAMILY_OF), list(FAMILIES)
    accepted = np.zeros((len(looks), len(words)), np.float32)
    for number, file in enumerate(map(str, looks.files)):
        known = labels[file].types if file in labels else {}
        folder = FOLDER_NAMES.get(file.split("/")[1], file.split("/")[1])
        own = known or {word: 1.0 for word in words if FAMILY_OF[word] == folder}
        for word, share in own.items():
            accepted[number, words.index(word)] = share
    seen = looks.seen[:, 0]
    means, deviations = seen.mean(axis=0), seen.std(axis=0) + 1e-3
    answers = np.clip((seen - means) / deviations, -FARTHEST, FARTHEST).astype(np.float32)
    folds = np.array([[FAMILY_OF[word] == name for name in families] for word in words], np.float32)
    tenths = split_folds(seen[:, :1280], folds=10, seed=seed)
    return World(seen, answers, accepted, tenths, means, deviations, words, families, folds)


def read_looks(options: argparse.Namespace) -> Any:
    from lab.training.heads.looks import look_at_missing

    files = sorted(
        str(path.relative_to(options.photos))
        for part in ("train", "validation")
        for path in (options.photos / part).glob("*/*.jpg")
    )
    if options.only_kept:
        from lab.training.heads.looks import Looks

        return Looks.join([Looks.read(path) for path in sorted(options.kept.glob("*.npz"))])
    return look_at_missing(options.photos, files, options.kept, report=print)


def starve(world: World, type_: str) -> Any:
    """A head that never saw the hard cases of a type: those that heads without them find least likely."""
    place = world.families.index(type_)
    likely = np.zeros(len(world.answers))
    for tenth in range(3):
        apart = world.tenths == tenth
        head = world.fit(world.base & ~apart)
        likely[apart] = (head.rate(world.answers[apart]) @ world.folds)[:, place]
    own = world.base & (world.family == place)
    hard = own & (likely < np.quantile(likely[own], 1 - EASY))
    return world.fit(world.base & ~hard)


# It closes


def close_loop(world: World, type_: str, seed: int) -> dict[str, Any]:
    """Accuracy held out at each step, through the services; with what it took."""
    from django.utils import timezone

    from feedback.models import Correction, TrainingRun
    from feedback.training.building import build_set
    from feedback.training.retraining import carry_out, start_run
    from registry.models import Prompt
    from registry.services.releases import promote_version
    from registry.services.versions import create_version
    from tests.factories import promote
    from wardrobe.vision.heads import ARTEFACT, load_heads

    head = starve(world, type_)
    sha256 = store_head(world, head)
    prompt = Prompt.objects.get(name="digitize_photo")
    first = prompt.versions.order_by("number").first()
    vision = {**first.parameters["vision"], "heads": ARTEFACT, "heads_sha256": sha256}
    bundle = {**first.bundle, "parameters": {**first.parameters, "vision": vision}}
    promote(create_version(prompt=prompt, bundle=bundle))
    said = world.tell(head)
    order = np.random.default_rng(seed).permutation(
        np.flatnonzero((world.tenths >= 3) & ~world.held)
    )
    wearers, photos = make_wearers(seed), iter(order)
    scores, began = [(0, world.score(head))], time.monotonic()
    reviewers = make_reviewers(seed)
    corrected = 0
    run = None
    for step in STEPS:
        for place in photos:
            corrected += upload(world, int(place), said[place], wearers, seed)
            if corrected == step:
                break
        review_all(world, reviewers)
        run = start_run(training_set=build_set(author=None), author=None)
        carry_out(run)
        if run.status == TrainingRun.Status.FAILED:
            raise RuntimeError(run.error)
        learned = load_heads(ARTEFACT, run.artefact.sha256).heads["type"] if run.artefact else head
        scores.append((corrected, world.score(learned)))
    took = time.monotonic() - began
    for wearer in wearers:  # Their rows are in no set of the next seed.
        wearer.consents.update(withdrawn_at=timezone.now())
    rows = run.training_set.rows.count()
    assert promote_version  # The draft is not promoted here: its gate decides.
    return {"scores": scores, "seconds": took, "rows": rows, "version": run.version,
            "corrections": Correction.objects.filter(owner__in=wearers).count()}  # fmt: skip


def store_head(world: World, head: Any) -> str:
    """The head as an artefact of no run, beside those of the package."""
    import hashlib

    from wardrobe.photos import storage
    from wardrobe.vision.heads import load_heads, name_artefact, write_heads
    from wardrobe.vision.parameters import VisionParameters

    vision = VisionParameters()
    shipped = load_heads(vision.heads, vision.heads_sha256)
    means, deviations = shipped.means.copy(), shipped.deviations.copy()
    means[: len(world.means)], deviations[: len(world.means)] = world.means, world.deviations
    heads = replace(
        shipped, means=means, deviations=deviations, heads={**shipped.heads, "type": head}
    )
    content = write_heads(heads)
    sha256 = hashlib.sha256(content).hexdigest()
    storage.save_file(name_artefact(sha256), content)
    return sha256


def make_wearers(seed: int) -> list[Any]:
    from feedback.services.consents import give_consent
    from tests.factories import make_user

    wearers = [make_user(f"wearer{seed}-{number}@example.org") for number in range(HONEST)]
    for wearer in wearers:
        give_consent(wearer)
    return wearers


def make_reviewers(seed: int) -> list[Any]:
    from tests.factories import make_user

    return [make_user(f"reviewer{seed}-{number}@example.org", is_staff=True) for number in (1, 2)]


KNOWN: dict[str, int] = {}
"""The place of each photo in the world, by the digest of its pixels."""


def upload(world: World, place: int, said: str, wearers: list[Any], seed: int) -> bool:
    """One photo of a wearer's, described as the head says; corrected if that is wrong."""
    import hashlib
    from datetime import timedelta

    from django.utils import timezone

    from tests.factories import make_call, make_described_garment, make_photo
    from wardrobe.models import Garment
    from wardrobe.services.garments import edit_garment

    pixels = hashlib.sha256(f"{seed} {place}".encode()).hexdigest()
    KNOWN[pixels] = place
    owner = wearers[place % len(wearers)]
    photo = make_photo(
        owner, pixel_sha256=pixels, perceptual_hash=pixels[:16], image=f"photos/{pixels}.webp"
    )
    from registry.models import Prompt

    version = Prompt.objects.get(name="digitize_photo").production().version
    call = make_call(version, subject=f"photo:{photo.pk}")
    garment = make_described_garment(
        owner, photo=photo, type=said, call=call, confidence={"type": 0.7}
    )
    Garment.objects.filter(pk=garment.pk).update(created_at=timezone.now() - timedelta(days=4))
    best = world.words[int(world.accepted[place].argmax())]
    if world.accepted[place, world.words.index(said)] > 0:
        return False
    edit_garment(garment, changes={"type": best})
    return True


def review_all(world: World, reviewers: list[Any]) -> None:
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
                accepted = world.accepted[KNOWN[item.garment.photo.pixel_sha256]]
                best = world.words[int(accepted.argmax())]
                is_right = accepted[world.words.index(item.model_value)] > 0
                verdict = verdicts.MODEL if is_right else verdicts.OTHER
                if not is_right and item.correction and item.correction.user_value == best:
                    verdict = verdicts.WEARER
                decide(item=item, reviewer=reviewer, verdict=verdict, value=best)


def measure_looking(options: argparse.Namespace, count: int = 10) -> float:
    """Seconds to look at a stored photo, as a run does."""
    from PIL import Image

    from wardrobe.vision.preprocessing import find_ground
    from wardrobe.vision.trunk.sessions import find_trunk

    trunk = find_trunk()
    times = []
    for path in sorted((options.photos / "validation").glob("*/*.jpg"))[:count]:
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        image.thumbnail((1024, 1024))
        began = time.process_time()
        trunk.see([image], ground=find_ground(image))
        times.append(time.process_time() - began)
    return statistics.median(times)


def run_closes(options: argparse.Namespace, looks: Any) -> list[Figure]:
    with stores():
        import django

        django.setup()
        prepare()
        from feedback.training import lessons

        gains, falls, times, curves = [], [], [], []
        for seed in range(1, options.closing_seeds + 1):
            world = load_world(options, seed, looks)
            lessons.look_at_row = lambda row, trunk, world=world: world.seen[
                KNOWN[row.pixel_sha256]
            ]
            told = close_loop(world, options.starved, seed)
            (_, before), (_, after) = told["scores"][0], told["scores"][-1]
            changes = {name: after[name] - before[name] for name in before}
            gains.append(changes.pop(options.starved))
            changes.pop("all")
            falls.append(changes)
            times.append(told["seconds"] + told["rows"] * measure_looking(options) * len(STEPS))
            curves.append(told["scores"])
            print(f"seed {seed}: {options.starved} {before[options.starved]:.1f} to "
                  f"{after[options.starved]:.1f}, all {before['all']:.1f} to {after['all']:.1f}, worst other "
                  f"{min(changes, key=changes.get)} {min(changes.values()):+.1f}, {told['version']}, "
                  f"{times[-1]:.0f} s", flush=True)  # fmt: skip
        if options.plot:
            options.plot.write_text(draw(curves, options.starved))
        means = {
            name: statistics.mean(one[name] for one in falls if name in one) for name in falls[0]
        }
        worst = min(means, key=lambda name: means[name])
        figures = [
            Figure(f"{options.starved} gains, mean of seeds", statistics.mean(gains), "points"),
            Figure(f"{options.starved} gains, smallest", min(gains), "points"),
            Figure(f"falls most, mean of seeds: {worst}", means[worst], "points"),
            Figure("falls most in one seed", min(min(one.values()) for one in falls), "points"),
            Figure("whole path, longest", max(times), "s"),
        ]
        if options.gate:
            figures += evaluate_draft(told["version"])
        return figures


def prepare() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        call_command("load_vocabulary", verbosity=0, stdout=nowhere)
        call_command("load_prompts", verbosity=0, stdout=nowhere)


def evaluate_draft(version: Any) -> list[Figure]:
    from registry import jobs
    from registry.evaluation.runner import evaluate_version
    from registry.models import Dataset

    jobs.import_golden("digitize_photo")
    began = time.monotonic()
    current = Dataset.objects.get(prompt=version.prompt).current
    run = evaluate_version(version=version, dataset_version=current, engine="builtin")
    verdict = run.verdicts.first()
    print(f"gate: {'passed' if verdict and verdict.passed else 'not passed'}")
    return [Figure("gate", time.monotonic() - began, "s")]


def draw(curves: list[Any], type_: str) -> str:
    """Held-out accuracy over corrections: the starved type, and all photos; a line a seed, as SVG."""

    def line(scores: Any, name: str, colour: str) -> str:
        points = " ".join(
            f"{60 + count * 1.6:.0f},{260 - score[name] * 2.3:.0f}" for count, score in scores
        )
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'

    ticks = "".join(
        f'<text x="52" y="{264 - share * 2.3:.0f}" text-anchor="end">{share}</text>'
        f'<line x1="60" x2="540" y1="{260 - share * 2.3:.0f}" y2="{260 - share * 2.3:.0f}" stroke="#ddd"/>'
        for share in (0, 25, 50, 75, 100)
    )
    counts = "".join(
        f'<text x="{60 + count * 1.6:.0f}" y="282" text-anchor="middle">{count}</text>'
        for count in (0, *STEPS)
    )
    lines = "".join(
        line(scores, "all", "#8a8f98") + line(scores, type_, "#3b4cca") for scores in curves
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 310" font-family="sans-serif" font-size="12">'
        f'<rect width="560" height="310" fill="#fff"/>{ticks}{counts}{lines}'
        f'<text x="300" y="304" text-anchor="middle">corrections; blue: {type_}, grey: all; '
        "held-out photos, per cent right</text></svg>\n"
    )


# It is not poisoned


@dataclass
class Attack:
    """Corrections with whose they are; the first wearers are the poisoners."""

    places: np.ndarray
    accepted: np.ndarray
    owners: list[int]
    poisoners: int


def attack(world: World, head: Any, share: float, kind: str, seed: int) -> Attack:
    rng = np.random.default_rng(seed)
    said = head.rate(world.answers).argmax(axis=1)
    right = world.accepted[np.arange(len(said)), said] > 0
    order = rng.permutation(np.flatnonzero((world.tenths >= 3) & ~world.held))
    poisoners, bad = 1 + seed % 3, round(CORRECTIONS * share)
    honest = [place for place in order if not right[place]][: CORRECTIONS - bad]
    rest = [place for place in order if right[place]]
    common = [place for place in range(len(world.families)) if (world.family == place).sum() > 100]
    one, other = rng.choice(common, 2, replace=False)
    if kind == "targeted":
        rest = [place for place in rest if world.family[place] == one]
    places, accepted, owners = [], [], []
    counts: Counter[tuple[int, int]] = Counter()
    wrong = [(int(rng.integers(poisoners)), place) for place in rest[:bad]]
    good = [(int(100 + rng.integers(HONEST)), place) for place in honest]
    for owner, place in [*wrong, *good]:
        if owner < poisoners:
            choices = [name for name in common if name != world.family[place]]
            family = other if kind == "targeted" else int(rng.choice(choices))
            told = world.folds[:, family]
        else:
            told = (world.accepted[place] > 0).astype(np.float32)
        counts[owner, int(told.argmax())] += 1
        if counts[owner, int(told.argmax())] <= cap():
            places.append(place)
            accepted.append(told)
            owners.append(owner)
    return Attack(np.array(places), np.array(accepted), owners, poisoners)


def cap() -> int:
    from feedback.training.building import CAP

    return CAP


def defend(world: World, head: Any, told: Attack) -> dict[str, Any]:
    """The change of what is held out, without and with the defences, and the poisoners' worst place in the list."""
    from feedback.training import card, poison
    from feedback.training.fitting import CORRECTED, Lesson, refit
    from feedback.training.retraining import is_worse

    weights = np.full(len(told.places), CORRECTED, np.float32)
    lesson = Lesson(world.answers[told.places], told.accepted, weights)
    used = set(told.places.tolist())
    rest = [p for p in np.flatnonzero((world.tenths >= 3) & ~world.held) if p not in used][:900]
    judged, kept = np.array(rest[::3]), np.array([p for n, p in enumerate(rest) if n % 3])
    said = head.rate(world.answers[judged]).argmax(axis=1)
    judges = Lesson(
        world.answers[judged],
        np.eye(len(world.words), dtype=np.float32)[said],
        np.ones(len(judged), np.float32),
    )
    rehearsed = world.answers[kept]
    found = poison.find_poison(head, lesson, told.owners, rehearsed, judges)
    before = world.score(head)["all"]
    careless = world.score(refit(head, lesson, rehearsed))["all"]
    live = refit(head, lesson.take(~(found.hurting | found.errors)), rehearsed)
    decided = np.array(rest[::10])  # The random tenth, by the true label.
    tenth = Lesson(
        world.answers[decided], world.accepted[decided], np.ones(len(decided), np.float32)
    )
    is_refused = is_worse(card.compare(head, live, tenth))
    places = [one.owner for one in found.suspects]
    return {
        "careless": careless - before,
        "change": 0.0 if is_refused else world.score(live)["all"] - before,
        "refused": is_refused,
        "place": 1 + max(places.index(owner) for owner in range(told.poisoners) if owner in places),
    }


def run_poison(options: argparse.Namespace, looks: Any) -> list[Figure]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
    django.setup()
    results = list(list_attacks(options, looks))
    for share, kind in sorted({(share, kind) for share, kind, _ in results}):
        own = [told for one, other, told in results if (one, other) == (share, kind)]
        print(f"{share:.0%} {kind}: live {min(t['change'] for t in own):+.1f} at worst, "
              f"{statistics.mean(t['change'] for t in own):+.1f} on average; all learned "
              f"{min(t['careless'] for t in own):+.1f} at worst; refused {sum(t['refused'] for t in own)} of "
              f"{len(own)}; last poisoner's place {max(t['place'] for t in own)}", flush=True)  # fmt: skip
    return [
        Figure("live, worst change", min(told["change"] for *_, told in results), "points"),
        Figure("all learned, worst change", min(told["careless"] for *_, told in results), "points"),
        Figure("last poisoner's place, worst", max(told["place"] for *_, told in results), ""),
        Figure("attacks with all poisoners among the first five",
               100 * statistics.mean(told["place"] <= 5 for *_, told in results), "%"),
    ]  # fmt: skip


def list_attacks(
    options: argparse.Namespace, looks: Any
) -> Iterator[tuple[float, str, dict[str, Any]]]:
    for seed in range(1, options.seeds + 1):
        world = load_world(options, seed, looks)
        head = world.fit(world.base)
        for share in SHARES:
            for kind in ("random", "targeted"):
                told = defend(world, head, attack(world, head, share, kind, seed))
                print(seed, share, kind, told, flush=True)
                yield share, kind, told


def main() -> None:
    parser = argparse.ArgumentParser()
    real = os.environ.get("DRESSCODE_REAL_PHOTOS", "")
    parser.add_argument("--photos", type=Path, default=Path(real), metavar="DIR")
    parser.add_argument("--labels", type=Path, default=Path(real) / "finer", metavar="DIR")
    parser.add_argument("--kept", type=Path, default=Path("var/heads/real"), metavar="DIR")
    parser.add_argument("--only-kept", action="store_true", help="Look at no photo anew.")
    parser.add_argument("--part", choices=["closes", "poison"])
    parser.add_argument("--starved", default="skirt")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--closing-seeds", type=int, default=5)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not (options.photos / "train").is_dir():
        report("feedback", figures=[], ratios={}, missing=["real photos: DRESSCODE_REAL_PHOTOS"])
        return
    looks = read_looks(options)
    figures: list[Figure] = []
    if options.part != "closes":
        figures += run_poison(options, looks)
    if options.part != "poison":
        figures += run_closes(options, looks)
    report("feedback", figures=figures, ratios={}, environment={"photos": len(looks)})


if __name__ == "__main__":
    main()
