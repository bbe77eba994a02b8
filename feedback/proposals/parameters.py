"""Drafts that move thresholds of the built-in engine where what reviewers said speaks for it."""

from typing import Any

from django.db import transaction

from accounts.models import User
from feedback.models import Proposal
from feedback.proposals.judging import gather_evidence
from feedback.proposals.keeping import NothingToProposeError, keep_draft
from feedback.proposals.thresholds import Move, find_move, rate_look, rate_name
from registry.models import Prompt
from wardrobe.tasks import DigitizePhoto, read_review_below
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.heads import load_heads
from wardrobe.vision.parameters import VisionParameters

JSON = dict[str, Any]


@transaction.atomic
def propose_parameters(prompt: Prompt, *, author: User | None = None) -> Proposal:
    """A draft with other thresholds: when a finer name is told, and below which certainty a wearer is asked to look.

    Evaluation and the gate judge it as any other. Raises NothingToProposeError.
    """
    live = prompt.production()
    if live is None or prompt.name != DigitizePhoto.name:
        raise NothingToProposeError
    bundle = live.version.bundle
    vision = VisionParameters.from_json(bundle["parameters"].get("vision", {}))
    try:
        heads = load_heads(vision.heads, vision.heads_sha256)
    except WeightsMismatchError as error:
        raise NothingToProposeError from error
    evidence = gather_evidence(prompt, vision.heads_sha256, heads.heads["type"].calibration)
    limits = read_review_below(bundle["parameters"])
    name = find_move(evidence.rows, rate_name, vision.name_certainty)
    look = find_move(evidence.rows, rate_look, limits["type"])
    if name is None and look is None:
        raise NothingToProposeError
    return keep_draft(
        live.version,
        {**bundle, "parameters": move(bundle["parameters"], name, look)},
        notes=describe(name, look),
        corrections=evidence.corrections,
        author=author,
    )


def move(parameters: JSON, name: Move | None, look: Move | None) -> JSON:
    """A version's parameters with the moved thresholds."""
    moved = dict(parameters)
    if name:
        moved["vision"] = {**parameters.get("vision", {}), "name_certainty": name.after}
    if look:
        moved["review_below"] = {**parameters.get("review_below", {}), "type": look.after}
    return moved


def describe(name: Move | None, look: Move | None) -> str:
    """The note of the version: what is moved, and what garments kept apart gain by it."""
    told = ["Proposed by itself, of what reviewers said."]
    if name:
        told.append(f"A finer name is told from {say(name)} right names.")
    if look:
        told.append(f"A type is looked at below {say(look)} looks that nobody needed.")
    return " ".join(told)


def say(moved: Move) -> str:
    return (
        f"{moved.after:g}, was {moved.before:g}: of each of {moved.count} garments kept apart it gains "
        f"{moved.gain:.2f}, counted in"
    )
