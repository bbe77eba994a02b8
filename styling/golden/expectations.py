"""What must hold of an answer, and whether it does: one verdict for each check.

An expectation is written by hand for its scenario and judged against the answer alone: it does
not ask the stylist what it would have chosen. The rules of the domain (`violations`) hold besides.
"""

import uuid
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, model_validator

from styling.checks.claims import mask_names
from styling.checks.violations import check_outfit
from styling.stylist.comfort import sum_clo
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import FORMAL_SLOTS
from wardrobe.vocabulary import Vocabulary, read_terms

GARMENTS = uuid.UUID("5f0c9a52-6c0b-4d5e-9d53-6f4b1b9c2a10")
"""The namespace in which a garment's key is its id."""

CHECKS = ("owned", "complete", "warmth", "rain", "formality", "variety", "taste", "truthful")
CHECK_OF = {
    "unowned_item": "owned",
    "unavailable_item": "owned",
    "incomplete_outfit": "complete",
    "duplicate_slot": "complete",
    "too_warm": "warmth",
    "too_cold": "warmth",
    "coat_when_hot": "warmth",
    "bare_legs": "warmth",
    "rain_unprotected": "rain",
    "formality_mismatch": "formality",
    "repeated_outfit": "variety",
    "wish_unheeded": "taste",
    "invented_garment": "truthful",
    "invented_weather": "truthful",
}
"""The check that a violation fails."""


class StrictExpectation(BaseModel):
    """A misspelt word is an error, not a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(StrictExpectation):
    """Garments by key, type or slot. One of each of `needs` is worn ("boots|sneakers": either of
    them), none of `never`, and of `not_all` one at least stays at home."""

    needs: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    not_all: tuple[str, ...] = ()

    @property
    def names(self) -> Iterator[str]:
        yield from (name for entry in self.needs for name in entry.split("|"))
        yield from (*self.never, *self.not_all)


class WarmthRule(Rule):
    """`clo`: from and to, of everything worn together (ISO 9920)."""

    clo: tuple[float, float]


class FormalityRule(Rule):
    """`among`: words of the formality scale, for all but the outer layer, socks and accessories."""

    among: tuple[str, ...] = Field(min_length=1)


class TruthRule(StrictExpectation):
    """Words that the prose must hold, or must not, in any case; garments' names do not count."""

    says: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


class OutfitExpectation(StrictExpectation):
    """What a stylist would see to. `nothing`: the wardrobe has no outfit (left), and none is made up.

    `rain`, `variety` and `taste` are judged only where there is something to judge.
    """

    missing: tuple[str, ...] = ()
    nothing: bool = False
    complete: Rule = Rule()
    warmth: WarmthRule | None = None
    formality: FormalityRule | None = None
    rain: Rule | None = None
    variety: Rule | None = None
    taste: Rule | None = None
    truthful: TruthRule = TruthRule()

    @model_validator(mode="after")
    def _asks_of_every_outfit(self) -> Self:
        if not self.nothing and (self.warmth is None or self.formality is None):
            raise ValueError("Say how warm and how formal an outfit is to be.")
        return self

    @property
    def names(self) -> set[str]:
        """All garments, types and slots that it speaks of."""
        rules = (self.complete, self.warmth, self.formality, self.rain, self.variety, self.taste)
        return {name for rule in rules if rule for name in rule.names}


@cache
def read_vocabulary() -> Vocabulary:
    """The words that ship with the code: those that a scenario is written in."""
    return Vocabulary.of(read_terms(Path(settings.BASE_DIR) / "fixtures" / "vocabulary"))


def garment_id(key: str) -> str:
    """The id of a scenario's garment: as the product has them, so that a key tells a model nothing."""
    return str(uuid.uuid5(GARMENTS, key))


def judge_answer(
    context: OutfitContext,
    expected: OutfitExpectation,
    pieces: Sequence[tuple[str, str]],
    missing: Sequence[str],
    prose: str,
) -> dict[str, list[str]]:
    """Every check that is asked, by name, with what is wrong; nothing when it holds.

    `pieces` are pairs of garment id and slot.
    """
    found = (context.find(garment_id) for garment_id, _ in pieces)
    worn = [piece for piece in found if piece is not None]
    wrong: dict[str, list[str]] = {check: [] for check in asked_checks(expected)}
    for violation in check_outfit(context, pieces, missing, prose):
        if CHECK_OF[violation.code] in wrong:
            wrong[CHECK_OF[violation.code]].append(violation.message)
    scale = context.words.values("formality")
    for check, faults in _find_faults(expected, worn, missing, prose, scale):
        wrong[check] += faults
    return wrong


def asked_checks(expected: OutfitExpectation) -> list[str]:
    """The checks that this scenario puts, in their order."""
    return [check for check in CHECKS if getattr(expected, check, True) is not None]


def _find_faults(
    expected: OutfitExpectation,
    worn: list[Candidate],
    missing: Sequence[str],
    prose: str,
    scale: Sequence[str],
) -> Iterator[tuple[str, list[str]]]:
    yield "complete", list(_judge_missing(expected, worn, missing))
    for check in asked_checks(expected):
        rule = getattr(expected, check, None)
        if isinstance(rule, Rule):
            yield check, list(_judge_rule(rule, worn))
    if expected.warmth:
        yield "warmth", list(_judge_clo(expected.warmth, worn))
    if expected.formality:
        yield "formality", list(_judge_formality(expected.formality, worn, scale))
    yield "truthful", list(_judge_prose(expected.truthful, worn, prose))


def _judge_missing(
    expected: OutfitExpectation, worn: list[Candidate], missing: Sequence[str]
) -> Iterator[str]:
    if set(missing) != set(expected.missing):
        yield f"Says {sorted(missing)} is missing; it is {sorted(expected.missing)}."
    if expected.nothing and worn:
        yield "There is no outfit left, and one was made up."
    if not expected.nothing and not worn:
        yield "There is an outfit, and none was found."


def _judge_rule(rule: Rule, worn: list[Candidate]) -> Iterator[str]:
    for entry in rule.needs:
        if not any(is_called(piece, name) for name in entry.split("|") for piece in worn):
            yield f"Lacks {entry}."
    for name in rule.never:
        yield from (f"Has {piece.name}." for piece in worn if is_called(piece, name))
    if rule.not_all and all(any(is_called(p, name) for p in worn) for name in rule.not_all):
        yield f"Has all of {', '.join(rule.not_all)}."


def is_called(piece: Candidate, name: str) -> bool:
    """Whether a scenario means this garment: by its key, its type or its slot."""
    return name in {piece.type, piece.slot} or piece.id == garment_id(name)


def _judge_clo(rule: WarmthRule, worn: list[Candidate]) -> Iterator[str]:
    worth, (least, most) = round(sum_clo(worn), 2), rule.clo
    if not least <= worth <= most:
        yield f"Worth {worth:.2f} clo, not {least:.2f} to {most:.2f}."


def _judge_formality(
    rule: FormalityRule, worn: list[Candidate], scale: Sequence[str]
) -> Iterator[str]:
    for piece in worn:
        is_asked = piece.slot in FORMAL_SLOTS and not is_outer(piece)
        if is_asked and scale[piece.formality] not in rule.among:
            yield f"{piece.name} is {scale[piece.formality]}."


def is_outer(piece: Candidate) -> bool:
    """What comes off at the door: nobody minds a parka over a suit."""
    return piece.slot == "outerwear" and piece.layer == "outer"


def _judge_prose(rule: TruthRule, worn: list[Candidate], prose: str) -> Iterator[str]:
    plain = mask_names(prose, [piece.name for piece in worn]).casefold()
    yield from (f"Does not say {word!r}." for word in rule.says if word not in plain)
    yield from (f"Says {word!r}." for word in rule.unsaid if word in plain)
