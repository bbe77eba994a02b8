"""Retraining the built-in heads: from a set to an artefact, its card and a draft version. Nothing goes live by it."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from feedback.models import Artefact, TrainingRow, TrainingRun, TrainingSet
from feedback.training import card, poison
from feedback.training.fitting import Floats, Lesson, refit
from feedback.training.gathering import FIELDS
from feedback.training.lessons import knows, look_at_rows, read_rehearsal, teach
from registry.models import Prompt, PromptVersion
from registry.prompts.files import PromptFileError
from registry.services.versions import create_version
from telemetry.lines import log_move
from wardrobe.photos import storage
from wardrobe.tasks import DigitizePhoto
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.heads import ARTEFACT, Heads, load_heads, name_artefact, write_heads
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.sessions import FEATURES, NoTrunkError

LOST = timedelta(minutes=15)
"""A run that has given no sign of life for so long is lost with its process."""
Z90 = 1.645
"""One in twenty of heads that are no worse is refused."""
REHEARSED = TrainingRow.Split.REHEARSED
VALIDATION = TrainingRow.Split.VALIDATION


class RetrainingError(Exception):
    """What an operator is told: the run failed, and why."""


EXPECTED = (NoTrunkError, OSError, PromptFileError, RetrainingError, WeightsMismatchError)
"""What ends a run with a sentence for the operator."""


class RunningAlreadyError(ValueError):
    """There is a run on this set that has not ended."""


def start_run(*, training_set: TrainingSet, author: Any) -> TrainingRun:
    """A queued run. Raises RunningAlreadyError."""
    end_lost_runs()
    try:
        with transaction.atomic():
            run = TrainingRun.objects.create(training_set=training_set, author=author)
    except IntegrityError as error:
        raise RunningAlreadyError(f"{training_set} is being learned from already.") from error
    log_move("retrain", actor=author, training_set=training_set.number, run=run.pk)
    return run


def end_lost_runs() -> int:
    """Runs whose process is gone fail; answers with how many."""
    status = TrainingRun.Status
    silent = Q(beat_at__lt=Now() - LOST) | Q(beat_at=None, created_at__lt=Now() - LOST)
    lost = TrainingRun.objects.filter(silent, status__in=[status.QUEUED, status.RUNNING])
    error = "The process that retrained was lost."
    return lost.update(status=status.FAILED, error=error, ended_at=Now())


def carry_out(run: TrainingRun) -> None:
    """Retrain, and keep how it went: the row says what failed."""
    status = TrainingRun.Status
    began = TrainingRun.objects.filter(pk=run.pk, status=status.QUEUED)
    if not began.update(status=status.RUNNING, started_at=Now(), beat_at=Now()):
        return
    run.refresh_from_db()
    try:
        run.status = retrain(run)
    except EXPECTED as error:
        run.status, run.error = status.FAILED, str(error)[:300]
    except Exception:
        run.status, run.error = status.FAILED, "It failed unexpectedly; the log says why."
        raise
    finally:
        run.progress = ""
        run.save()
        TrainingRun.objects.filter(pk=run.pk).update(ended_at=Now())


def tell(run: TrainingRun, progress: str) -> None:
    """A sign of life, with what is being done."""
    TrainingRun.objects.filter(pk=run.pk).update(progress=progress[:120], beat_at=Now())


def retrain(run: TrainingRun) -> str:
    """Fills the run's row; answers with its status. Raises what is EXPECTED."""
    bundle, vision = find_live()
    start, start_sha256 = find_start(vision)
    heads = load_heads(start, start_sha256)
    wanted = list(run.training_set.rows.usable().select_related("photo"))
    rows, seen = look_at_rows(wanted, report=lambda told: tell(run, told))
    if not any(row.split == TrainingRow.Split.TRAINING for row in rows):
        raise RetrainingError("Nothing of this set may be used any more, or its photos are gone.")
    standard = standardise(heads, seen)
    drawn = standardise(heads, read_rehearsal())
    kept = np.array([row.split == REHEARSED for row in rows], dtype=bool)
    rehearsed = np.concatenate([standard[kept], drawn])
    learned = find_learned(run, heads, rows, standard, rehearsed)
    tell(run, "Fitting the heads")
    others = refit_heads(heads, rows, standard, rehearsed, learned)
    decided = [row.split == VALIDATION and row.decision_id is not None for row in rows]
    judges = choose(heads, "type", rows, standard, decided)
    run.figures = {
        **card.compare(heads.heads["type"], others.heads["type"], judges),
        "lessons": int(learned.sum()),
        "rehearsed": int(kept.sum()),
        "drawn": len(drawn),
        "start": start_sha256,
        "gone": len(wanted) - len(rows),
        "wearers": len({row.owner_id for row, one in zip(rows, learned, strict=True) if one}),
    }
    if is_worse(run.figures):
        return TrainingRun.Status.REFUSED
    run.artefact = store_artefact(run, others, start, start_sha256)
    run.version = draft_version(run, bundle, vision)
    return TrainingRun.Status.FINISHED


def is_worse(figures: Mapping[str, Any]) -> bool:
    """Whether more of what reviewers decided was broken than mended, beyond chance (Q. McNemar, Psychometrika 12, 1947)."""
    broken, mended = figures["broken"], figures["mended"]
    return bool(broken - mended > Z90 * math.sqrt(broken + mended))


def find_live() -> tuple[dict[str, Any], VisionParameters]:
    """The live bundle, and how the built-in engine sees under it. Raises RetrainingError."""
    prompt = Prompt.objects.filter(name=DigitizePhoto.name).first()
    live = prompt.production() if prompt else None
    if live is None:
        raise RetrainingError(
            "No version of digitize_photo is live: there is nothing to start from."
        )
    vision = VisionParameters.from_json(live.version.parameters.get("vision", {}))
    if not vision.heads:
        raise RetrainingError("The live version goes by no heads.")
    return live.version.bundle, vision


def find_start(vision: VisionParameters) -> tuple[str, str]:
    """The heads to start from, by name and digest: those that the live ones were fitted from, if a run wrote these.

    So each run learns all of its set anew, and nothing of a wearer who left stays in what it started from.
    """
    known = Artefact.objects.filter(sha256=vision.heads_sha256).first()
    if vision.heads == ARTEFACT and known:
        return known.start, known.start_sha256
    return vision.heads, vision.heads_sha256


def standardise(heads: Heads, seen: Floats) -> Floats:
    """Of the trunk's answers alone."""
    trunk = replace(heads, means=heads.means[:FEATURES], deviations=heads.deviations[:FEATURES])
    return trunk.standardise(seen)


def find_learned(
    run: TrainingRun,
    heads: Heads,
    rows: Sequence[TrainingRow],
    standard: Floats,
    rehearsed: Floats,
) -> Any:
    """(rows,): which ones teach. What is refused, and who hurts, goes on the run."""
    teaches = np.array([row.split == TrainingRow.Split.TRAINING for row in rows], dtype=bool)
    typed = teaches & np.array([row.field == "type" for row in rows], dtype=bool)
    if not typed.any():
        return teaches
    tell(run, "Looking for corrections that hurt")
    head = heads.heads["type"]
    own = [row for row, one in zip(rows, typed, strict=True) if one]
    lesson = teach(head, "type", own, standard[typed])
    own = [row for row in own if knows(head, row)]
    judges = choose(heads, "type", rows, standard, [row.split == VALIDATION for row in rows])
    owners = [row.owner_id for row in own]
    found = poison.find_poison(head, lesson, owners, rehearsed, judges)
    hurting = {row.pk for row, flag in zip(own, found.hurting, strict=True) if flag}
    errors = {row.pk for row, flag in zip(own, found.errors, strict=True) if flag}
    distrusted = {one.owner for one in found.suspects if one.is_refused}
    hurting |= {row.pk for row in rows if row.owner_id in distrusted and row.decision_id is None}
    run.refused = sorted(hurting | errors)
    run.suspects = [
        {
            "wearer": one.owner,
            "rows": one.rows,
            "errors": one.errors,
            "harm": round(one.harm, 2),
            "doubt": round(one.doubt, 2),
            "refused": one.is_refused,
        }
        for one in found.suspects[:10]
        if one.score > 0
    ]
    run.left_out = describe_refused(len(hurting), len(errors))
    return teaches & np.array([row.pk not in hurting | errors for row in rows], dtype=bool)


def describe_refused(hurting: int, errors: int) -> list[dict[str, Any]]:
    told = [
        {
            "check": "Batch left out in turn",
            "count": hurting,
            "why": "without it others are told better",
        },
        {"check": "Label errors, ranked", "count": errors, "why": "all else speaks against them"},
    ]
    return [one for one in told if one["count"]]


def choose(
    heads: Heads, field: str, rows: Sequence[TrainingRow], standard: Floats, flags: Sequence[bool]
) -> Lesson:
    """The lesson of one field from the flagged rows."""
    flagged = [flag and row.field == field for row, flag in zip(rows, flags, strict=True)]
    chosen = np.array(flagged, dtype=bool)
    head = heads.heads[field]
    if not chosen.any():
        return Lesson(standard[:0], np.zeros((0, len(head.words)), np.float32), standard[:0, 0])
    own = [row for row, one in zip(rows, chosen, strict=True) if one]
    return teach(head, field, own, standard[chosen])


def refit_heads(
    heads: Heads, rows: Sequence[TrainingRow], standard: Floats, rehearsed: Floats, learned: Any
) -> Heads:
    """Each head of which the set says something."""
    changed = dict(heads.heads)
    for field, count in Counter(
        row.field for row, one in zip(rows, learned, strict=True) if one
    ).items():
        head = heads.heads.get(field)
        if head is None or field not in FIELDS or len(head.coefficients) - 1 > FEATURES:
            continue
        lesson = choose(heads, field, rows, standard, learned.tolist())
        if count and len(lesson):
            changed[field] = refit(head, lesson, rehearsed)
    return replace(heads, heads=changed)


def store_artefact(run: TrainingRun, heads: Heads, start: str, start_sha256: str) -> Artefact:
    """The file first, under its digest, then the row: one without the other is a file that nobody names."""
    content = write_heads(heads)
    sha256 = hashlib.sha256(content).hexdigest()
    name = storage.save_file(name_artefact(sha256), content)
    made, _ = Artefact.objects.get_or_create(
        sha256=sha256,
        defaults={
            "file": name,
            "size": len(content),
            "start": start,
            "start_sha256": start_sha256,
            "card": card.write_card(run.training_set, run.figures, run.left_out),
        },
    )
    return made


def draft_version(
    run: TrainingRun, bundle: dict[str, Any], vision: VisionParameters
) -> PromptVersion:
    """What is live, with the artefact in the place of its heads."""
    if run.artefact is None:
        raise RetrainingError("There is no artefact to make a version of.")
    retrained = replace(vision, heads=ARTEFACT, heads_sha256=run.artefact.sha256)
    parameters = {**bundle.get("parameters", {}), "vision": retrained.as_json()}
    return create_version(
        prompt=Prompt.objects.get(name=DigitizePhoto.name),
        bundle={**bundle, "parameters": parameters},
        notes=f"Heads retrained on {run.training_set} ({run}).",
        source=PromptVersion.Source.ADMIN,
        author=run.author,
    )
