"""Retraining the built-in heads: from a set to an artefact, its card and a draft version. Nothing goes live by it."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from feedback.models import Artefact, TrainingRow, TrainingRun, TrainingSet
from feedback.training import card, poison
from feedback.training.blending import relearn
from feedback.training.fitting import find_right, join_lessons
from feedback.training.gathering import HEADS
from feedback.training.lessons import Flags, Garments
from feedback.training.looking import look_at_rows
from registry.models import Prompt, PromptVersion
from registry.prompts.files import PromptFileError
from registry.services.versions import create_version
from telemetry.lines import log_move
from wardrobe.photos import storage
from wardrobe.tasks import DigitizePhoto
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.heads import ARTEFACT, Heads, load_heads, name_artefact, write_heads
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.sessions import NoTrunkError

LOST = timedelta(minutes=15)
"""A run that has given no sign of life for so long is lost with its process."""
Z90 = 1.645
"""One in twenty of heads that are no worse is refused."""
TRAINING = TrainingRow.Split.TRAINING
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
    rows, look = look_at_rows(
        wanted, vision=vision, adapter=heads.adapter, report=lambda told: tell(run, told)
    )
    if not any(row.split == TRAINING for row in rows):
        raise RetrainingError("Nothing of this set may be used any more, or its photos are gone.")
    garments = Garments.of(heads, rows, look)
    learned = find_learned(run, garments)
    others, told = refit_heads(run, garments, learned)
    decided = garments.flag(lambda row: row.split == VALIDATION and row.decision_id is not None)
    judges = garments.teach("type", decided)
    run.figures = {
        **card.compare(heads.heads["type"], others.heads["type"], judges),
        "heads": told,
        "lessons": int(learned.sum()),
        "rehearsed": sum(row.split == TrainingRow.Split.REHEARSED for row in rows),
        "drawn": len(garments.drawn.answers),
        "start": start_sha256,
        "gone": len(wanted) - len(rows),
        "wearers": len({row.owner_id for row, one in zip(rows, learned, strict=True) if one}),
    }
    if not any(one["step"] for one in told) or is_worse(run.figures):
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


def find_learned(run: TrainingRun, garments: Garments) -> Flags:
    """(rows,): which ones teach. What is refused, and who hurts, goes on the run: the worst that any head says of each."""
    rows = garments.rows
    teaches = garments.flag(lambda row: row.split == TRAINING)
    tell(run, "Looking for corrections that hurt")
    worst: dict[int, poison.Suspect] = {}
    hurting: set[int] = set()
    errors: set[int] = set()
    for field, head in garments.list_heads().items():
        own = garments.list_known(field, teaches)
        if not own:
            continue
        found = poison.find_poison(
            head,
            garments.teach(field, teaches),
            [row.owner_id for row in own],
            garments.rehearse(field),
            garments.judge(field),
        )
        hurting |= {row.pk for row, flag in zip(own, found.hurting, strict=True) if flag}
        errors |= {row.pk for row, flag in zip(own, found.errors, strict=True) if flag}
        for one in found.suspects:
            if one.owner not in worst or one.score > worst[one.owner].score:
                worst[one.owner] = one
    distrusted = {one.owner for one in worst.values() if one.is_refused}
    hurting |= {row.pk for row in rows if row.owner_id in distrusted and row.decision_id is None}
    run.refused = sorted(hurting | errors)
    run.suspects = describe_suspects(worst.values())
    run.left_out = describe_refused(len(hurting), len(errors - hurting))
    return teaches & garments.flag(lambda row: row.pk not in hurting | errors)


def describe_suspects(suspects: Iterable[poison.Suspect]) -> list[dict[str, Any]]:
    """The worst ten."""
    return [
        {
            "wearer": one.owner,
            "rows": one.rows,
            "errors": one.errors,
            "harm": round(one.harm, 2),
            "doubt": round(one.doubt, 2),
            "allies": one.allies,
            "refused": one.is_refused,
        }
        for one in sorted(suspects, key=lambda one: -one.score)[:10]
        if one.score > 0
    ]


def describe_refused(hurting: int, errors: int) -> list[dict[str, Any]]:
    told = [
        {
            "check": "Batch left out in turn",
            "count": hurting,
            "why": "without it, or without the few who say the same, others are told better",
        },
        {"check": "Label errors, ranked", "count": errors, "why": "all else speaks against them"},
    ]
    return [one for one in told if one["count"]]


def refit_heads(
    run: TrainingRun, garments: Garments, learned: Flags
) -> tuple[Heads, list[dict[str, Any]]]:
    """Each head of which the set says something, as far on the way to its lesson as nothing that it is judged by is told
    worse; with how far that is, and how many of these are right before and after, by attribute."""
    changed, told = dict(garments.heads.heads), []
    for field, head in garments.list_heads().items():
        lesson = garments.teach(field, learned)
        if not len(lesson):
            continue
        tell(run, f"Fitting the head of {field}")
        decided, let_be = garments.list_judges(field)
        judges = join_lessons(decided, let_be)
        flags = np.arange(len(judges)) >= len(decided)
        blended = relearn(head, lesson, garments.rehearse(field), judges, flags)
        changed[HEADS.get(field, field)] = blended.head
        before, after = (int(find_right(one, judges).sum()) for one in (head, blended.tried))
        told.append(
            {"field": field, "step": blended.step, "lessons": len(lesson), "judged": len(judges),
             "before": before, "after": after}
        )  # fmt: skip
    return replace(garments.heads, heads=changed), told


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
