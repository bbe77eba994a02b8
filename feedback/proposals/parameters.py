"""Drafts that move thresholds of the built-in engine where what reviewers said speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from feedback.models import Proposal
from feedback.proposals.judging import gather_evidence
from feedback.proposals.keeping import NothingToProposeError, keep_draft
from feedback.proposals.thresholds import Judged, Move, find_move, rate_look, rate_name
from registry.models import Prompt
from wardrobe.tasks import DigitizePhoto, read_review_below
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.heads import load_heads
from wardrobe.vision.parameters import VisionParameters

JSON = dict[str, Any]


@transaction.atomic
def propose_parameters(prompt: Prompt, *, author: User | None = None) -> Proposal:
    """A draft with other thresholds: when a finer name is told, and below which certainty a wearer is asked to look, at
    anything and at what is told as one type.

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
    moves = find_moves(evidence.rows, bundle["parameters"], vision.name_certainty)
    if moves.name is None and moves.look is None and not moves.looks_of:
        raise NothingToProposeError
    return keep_draft(
        live.version,
        {**bundle, "parameters": move(bundle["parameters"], moves)},
        notes=describe(moves),
        corrections=evidence.corrections,
        author=author,
    )


@dataclass(frozen=True)
class Moves:
    """Thresholds that move: of finer names, of looks, and of looks at what was told as one type."""

    name: Move | None
    look: Move | None
    looks_of: dict[str, Move]


def find_moves(rows: Sequence[Judged], parameters: JSON, certainty: float) -> Moves:
    """A type has a threshold of its own where its garments, enough of them on both sides, ask for another than all do."""
    now = read_review_below(parameters)["type"]
    look = find_move(rows, rate_look, now)
    after = look.after if look else now
    own = parameters.get("review_below_of", {})
    looks_of = {}
    for told in sorted({one.told for one in rows}):
        alike = [one for one in rows if one.told == told]
        if found := find_move(alike, rate_look, own.get(told, after)):
            looks_of[told] = found
    return Moves(find_move(rows, rate_name, certainty), look, looks_of)


def move(parameters: JSON, moves: Moves) -> JSON:
    """A version's parameters with the moved thresholds."""
    moved = dict(parameters)
    if moves.name:
        moved["vision"] = {**parameters.get("vision", {}), "name_certainty": moves.name.after}
    if moves.look:
        moved["review_below"] = {**parameters.get("review_below", {}), "type": moves.look.after}
    if moves.looks_of:
        own = {told: one.after for told, one in moves.looks_of.items()}
        moved["review_below_of"] = {**parameters.get("review_below_of", {}), **own}
    return moved


def describe(moves: Moves) -> str:
    """The note of the version: what is moved, and what garments kept apart gain by it."""
    said = ["Proposed by itself, of what reviewers said."]
    if moves.name:
        said.append(f"A finer name is told from {say(moves.name)} right names.")
    if moves.look:
        said.append(f"A type is looked at below {say(moves.look)} looks that nobody needed.")
    for told, one in moves.looks_of.items():
        said.append(f"What is told as {told} is looked at below {one.after:g}, was {one.before:g}.")
    return " ".join(said)


def say(moved: Move) -> str:
    return (
        f"{moved.after:g}, was {moved.before:g}: of each of {moved.count} garments kept apart it gains "
        f"{moved.gain:.2f}, counted in"
    )
