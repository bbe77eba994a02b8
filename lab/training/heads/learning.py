"""What heads learn from, and how they are fitted to the trunk as it came."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.training.heads.looks import Looks
from lab.training.heads.regression import fit_softmax
from lab.training.heads.rows import LENGTHS, MATERIALS, NOT_PLAIN, SLEEVES, Row
from lab.training.splits import split_folds
from wardrobe.vision.classifier import get_classifier, soften
from wardrobe.vision.families import FAMILY_NAMES, FAMILY_OF
from wardrobe.vision.heads import FARTHEST, join_opinions
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.patterns import PATTERNS
from wardrobe.vision.trunk.sessions import FEATURES

Array = NDArray[np.float32]

FOLDS = 5
FAMILY_WEIGHT, TYPE_WEIGHT = 0.75, 0.3
"""What the type networks' opinions count. On photos that they had not learned from, families are as
likely with 0.5 and 1; more weight for types names more drawings and fewer photos."""
CLOTH_SCALES = (0.5, 2.0, 0.5)
"""Of the trunk's answers, the measures of texture and the cloth's layers, where a head sees cloth."""


@dataclass(frozen=True)
class Field:
    """What one head tells. `decay` keeps its coefficients small."""

    name: str
    known: str
    """The attribute of a row that holds its truth."""
    words: tuple[str, ...]
    decay: float
    drawn: float = 0.5
    """What a drawing counts: a photo that was labelled by eye counts 1."""
    sees_cloth: bool = False
    """Looks at texture and cloth beside the trunk's answers."""


FIELDS = (
    Field("type", "types", tuple(FAMILY_OF), 200.0, drawn=1.5),
    Field("pattern", "patterns", PATTERNS, 100.0, drawn=1.0, sees_cloth=True),
    Field("material", "materials", (NOT_PLAIN, *MATERIALS), 300.0),
    Field("sleeve", "sleeves", SLEEVES, 300.0),
    Field("length", "lengths", LENGTHS, 300.0),
)


@dataclass(frozen=True)
class Lesson:
    """Rows with what the engine sees of them, in one order."""

    rows: Sequence[Row]
    looks: Looks

    def answers(self, *, mirrored: bool = False) -> Array:
        """(n, FEATURES and the measures of cloth)"""
        looks = self.looks
        return np.hstack([looks.seen[:, int(mirrored)], looks.texture, looks.cloth])

    def scales(self) -> Array:
        widths = (FEATURES, self.looks.texture.shape[1], self.looks.cloth.shape[1])
        return np.repeat(np.array(CLOTH_SCALES, dtype=np.float32), widths)

    def accepted(self, field: Field) -> Array:
        """(n, words), all nought where nothing is known."""
        known = np.zeros((len(self.rows), len(field.words)), dtype=np.float32)
        for index, row in enumerate(self.rows):
            for word, share in getattr(row, field.known).items():
                known[index, field.words.index(word)] = share
        return known

    def weights(self, drawn: float) -> Array:
        return np.where(self.is_real(), 1, drawn).astype(np.float32)

    def is_real(self) -> NDArray[np.bool_]:
        return np.array([row.is_real for row in self.rows])

    def folds(self, seed: int) -> NDArray[np.intp]:
        return split_folds(self.looks.seen[:, 0, :1280], folds=FOLDS, seed=seed)

    def join_opinions(self, types: Array) -> Array:
        """The head's rates (n, types) with what the type networks think."""
        classifier = get_classifier(VisionParameters())
        families = soften(self.looks.families, classifier.temperatures["families"])
        inside = soften(self.looks.types, classifier.temperatures["types"])
        guesses = [
            classifier.interpret(one, other, 1.0)
            for one, other in zip(families, inside, strict=True)
        ]
        return np.stack(
            [
                join_opinions(FIELDS[0].words, rates, guess, FAMILY_WEIGHT, TYPE_WEIGHT)
                for rates, guess in zip(types, guesses, strict=True)
            ]
        )


@dataclass(frozen=True)
class Standard:
    """Means and deviations of answers."""

    means: Array
    deviations: Array

    @classmethod
    def of(cls, answers: Array) -> "Standard":
        return cls(answers.mean(axis=0), answers.std(axis=0) + 1e-3)

    def __call__(self, answers: Array) -> Array:
        standard = (answers - self.means) / self.deviations
        return np.asarray(np.clip(standard, -FARTHEST, FARTHEST), dtype=np.float32)


@dataclass(frozen=True)
class Task:
    """What one head is to tell of a lesson's rows."""

    field: Field
    known: Array
    """(n, words), all nought where nothing is known."""
    weights: Array
    measured: Array | None = None
    """Logits (n, words) that are known otherwise, and added."""


def list_tasks(lesson: Lesson) -> list[Task]:
    """Of FIELDS."""
    return [Task(field, lesson.accepted(field), lesson.weights(field.drawn)) for field in FIELDS]


def fit_tasks(
    lesson: Lesson, tasks: Sequence[Task], chosen: NDArray[np.intp]
) -> tuple[Standard, dict[str, Array]]:
    """Coefficients by field, from the chosen rows and their mirror images."""
    plain, mirrored = lesson.answers()[chosen], lesson.answers(mirrored=True)[chosen]
    standard = Standard.of(plain)
    both = np.concatenate([standard(plain), standard(mirrored)])
    fitted = {}
    for task in tasks:
        accepted = np.tile(task.known[chosen], (2, 1))
        known = accepted.any(axis=1)
        scales = lesson.scales() if task.field.sees_cloth else np.ones(FEATURES, np.float32)
        measured = 0.0 if task.measured is None else np.tile(task.measured[chosen], (2, 1))[known]
        coefficients = fit_softmax(
            both[known, : len(scales)] * scales,
            accepted[known],
            np.tile(task.weights[chosen], 2)[known],
            decay=task.field.decay,
            measured=measured,
        )
        coefficients[:-1] *= scales[:, None]
        fitted[task.field.name] = coefficients
    return standard, fitted


def sum_by_family(types: Array) -> Array:
    """(n, families) of (n, types)."""
    belongs = [[FAMILY_OF[word] == family for family in FAMILY_NAMES] for word in FIELDS[0].words]
    return types @ np.array(belongs, dtype=np.float32)
