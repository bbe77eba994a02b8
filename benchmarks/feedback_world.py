"""Real photos as numbers, for `benchmarks.feedback`: who learns from which, and what is held out."""

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.feedback_drawings import Drawings, read_rehearsed

EASY = 0.2
"""Of a starved type the share that is left to learn from: the likeliest."""
DRAWN = 3.0
"""What a drawing counts, a photo one: there are as many of all types, and of some no photo."""
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
    rehearsed: np.ndarray
    """What the trunk answers (n, d) to the drawings that every run rehearses."""
    is_adapted: bool
    """Whether the trunk sees by what it learned of clothes."""
    drawn: Any = None
    """The lesson of drawings that every first head learns, too."""

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
        lesson = self.teach(chosen, self.accepted[chosen])
        if self.drawn is not None:
            lesson = fitting.join_lessons(lesson, self.drawn)
        return fitting.refit(blank, lesson, fitting.Seen(self.answers[:0]))

    def learn_drawings(self, drawings: Drawings) -> None:
        """From now on a first head learns these, too."""
        from feedback.training.fitting import Lesson

        accepted = [[word == type_ for word in self.words] for type_ in drawings.types]
        weights = np.full(len(accepted), DRAWN, np.float32)
        seen = self.standardise(drawings.seen)
        self.drawn = Lesson(seen, np.array(accepted, np.float32), weights)

    def standardise(self, seen: np.ndarray) -> Any:
        """Answers of the trunk as heads see them."""
        from feedback.training.fitting import Seen
        from wardrobe.vision.heads import FARTHEST

        answers = np.clip((seen - self.means) / self.deviations, -FARTHEST, FARTHEST)
        return Seen(answers.astype(np.float32))

    def name_best(self, places: np.ndarray) -> np.ndarray:
        """(n, words): the likeliest true word of each."""
        best = self.accepted[places].argmax(axis=1)
        return np.eye(len(self.words), dtype=np.float32)[best]

    def teach(self, chosen: np.ndarray, accepted: np.ndarray, weight: float = 1.0) -> Any:
        """The lesson of some photos: by places or flags, with what is said of each."""
        from feedback.training.fitting import Lesson, Seen

        seen = Seen(self.answers[chosen])
        return Lesson(seen, accepted, np.full(len(seen), weight, np.float32))

    def look(self, place: int) -> Any:
        """What a run sees of one photo."""
        from feedback.training.looking import Look

        return Look(self.seen[place], np.zeros(0, np.float32))

    def is_right(self, head: Any, chosen: np.ndarray) -> np.ndarray:
        best = (head.rate(self.answers[chosen]) @ self.folds).argmax(axis=1)
        return (self.accepted[chosen] @ self.folds)[np.arange(len(best)), best] > 0

    def count_held(self) -> dict[str, int]:
        """Photos held out, by type, and `all`."""
        own = self.family[self.held]
        counts = {name: int((own == place).sum()) for place, name in enumerate(self.families)}
        return {**counts, "all": len(own)}

    def score(self, head: Any) -> dict[str, float]:
        """Per cent right of what is held out, by type with enough photos, and `all`."""
        right, own = self.is_right(head, self.held), self.family[self.held]
        told = {
            name: 100 * float(right[own == place].mean())
            for place, name in enumerate(self.families)
            if (own == place).sum() >= FEWEST_HELD
        }
        return {**told, "all": 100 * float(right.mean())}


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
    rehearsed = read_rehearsed(options)
    parts = (seen, answers, accepted, tenths, means, deviations, words, families, folds)
    return World(*parts, rehearsed, options.adapted)


def read_looks(options: argparse.Namespace) -> Any:
    """By the trunk as it came, which has learned from none of these photos, unless it is `adapted`."""
    from lab.training.heads import looks
    from lab.training.heads.looks import look_at_missing
    from wardrobe.vision.trunk.sessions import ADAPTER_SHA256

    if options.adapted:
        trunk = looks.take_trunk().adapt(ADAPTER_SHA256)
        looks.take_trunk = lambda: trunk
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
