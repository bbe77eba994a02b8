"""Whether corrections close the loop, and whether wrong ones are kept out.

    python -m benchmarks.feedback --photos DIR --labels DIR [--kept DIR] [--part closes|rule|poison] [--seeds 20] [--json]
    python -m benchmarks.feedback --part writes

DIR are the real photos (train/ and validation/) and the folder of finer labels; what the trunk answers to each photo is
kept in `--kept`, as for `python -m lab train_heads`. Photos are split by look: three tenths teach a first head, four
tenths come in from wearers, three tenths are held out and only measured. The type networks are left out: they know these
photos.

`closes`: the first head never sees the hard four fifths of one type. Wearers upload and correct what it says, reviewers
decide every item by the true label, and three times, at 100, 200 and 300 corrections, a set is built, the head
retrained and a draft written, all through the services and a PostgreSQL of this run. What the trunk answers comes from
`--kept`; the time it would take is measured on some photos and added. With `--gate` the last draft is evaluated on the
golden photos.

`rule`: the same without a site, in seconds a seed (`--first-seed`).

`poison`: of 300 corrections 10, 30 or 50 % are wrong, at random or all of one type called another, by one to three
wearers among thirty, and reviewers let everything through. The live head is the retrained one unless the run
is refused by what reviewers say of a random tenth.

`writes`: twelve confusions of types, each of three wearers who name their garments in half of the grammar's words, two
of them in all of its words; the system writes its drafts. It needs no photos. Whether the drafts help is not measured:
they speak to a model.
"""

import argparse
import os
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402

from benchmarks.feedback_closing import measure_closing  # noqa: E402
from benchmarks.feedback_rule import measure_rule  # noqa: E402
from benchmarks.feedback_world import World, load_world, read_looks  # noqa: E402
from benchmarks.feedback_writing import measure_writing  # noqa: E402
from benchmarks.report import Figure, report  # noqa: E402

CORRECTIONS = 300
HONEST = 30
SHARES = (0.1, 0.3, 0.5)


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
    from feedback.training.blending import relearn
    from feedback.training.fitting import CORRECTED, Seen, refit
    from feedback.training.retraining import is_worse

    lesson = world.teach(told.places, told.accepted, CORRECTED)
    used = set(told.places.tolist())
    rest = [p for p in np.flatnonzero((world.tenths >= 3) & ~world.held) if p not in used][:900]
    judged, kept = np.array(rest[::3]), np.array([p for n, p in enumerate(rest) if n % 3])
    said = head.rate(world.answers[judged]).argmax(axis=1)
    judges = world.teach(judged, np.eye(len(world.words), dtype=np.float32)[said])
    rehearsed = Seen(world.answers[kept])
    found = poison.find_poison(head, lesson, told.owners, rehearsed, judges)
    before = world.score(head)["all"]
    careless = world.score(refit(head, lesson, rehearsed))["all"]
    let_be = np.ones(len(judges), dtype=bool)
    heard = lesson.take(~(found.hurting | found.errors))
    live = relearn(head, heard, rehearsed, judges, let_be).head
    decided = np.array(rest[::10])  # The random tenth, by the true label.
    tenth = world.teach(decided, world.accepted[decided])
    is_refused = is_worse(card.compare(head, live, tenth))
    places = [one.owner for one in found.suspects]
    return {
        "careless": careless - before,
        "change": 0.0 if is_refused else world.score(live)["all"] - before,
        "refused": is_refused,
        "place": 1 + max(places.index(owner) for owner in range(told.poisoners) if owner in places),
    }


def measure_poison(options: argparse.Namespace, looks: Any) -> list[Figure]:
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
    drawn = "What first heads learn beside photos; without any no draft passes its gate."
    parser.add_argument("--drawings", type=int, default=600, help=drawn)
    parser.add_argument("--drawn", type=Path, default=Path("var/heads/drawn"), metavar="DIR")
    parser.add_argument("--only-kept", action="store_true", help="Look at no photo anew.")
    parser.add_argument("--part", choices=["closes", "rule", "poison", "writes"])
    parser.add_argument("--starved", default="skirt")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--closing-seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=1, help="Of `rule`.")
    parser.add_argument("--gate", action="store_true", help="Judge the last draft, too.")
    adapted = "Look as today's heads do: kind, for the trunk has learned from most of these photos."
    parser.add_argument("--adapted", action="store_true", help=adapted)
    parser.add_argument("--plot", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.gate and not options.adapted:
        parser.error("--gate needs --adapted: a draft's other heads go by the adapted trunk.")
    if options.adapted:
        options.kept /= "adapted"
    if options.part == "writes":
        report("feedback", figures=measure_writing(), ratios={})
        return
    if not (options.photos / "train").is_dir():
        report("feedback", figures=[], ratios={}, missing=["real photos: DRESSCODE_REAL_PHOTOS"])
        return
    looks = read_looks(options)
    figures: list[Figure] = []
    if options.part in (None, "poison"):
        figures += measure_poison(options, looks)
    if options.part in (None, "closes"):
        figures += measure_closing(options, looks)
    if options.part == "rule":
        figures += measure_rule(options, looks)
    report("feedback", figures=figures, ratios={}, environment={"photos": len(looks)})


if __name__ == "__main__":
    main()
