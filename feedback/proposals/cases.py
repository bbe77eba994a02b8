"""Questions with their right answers, by which a rewritten text is judged: nothing of the locked holdout is among them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.models import Correction
from feedback.proposals.answers import JSON, write_answer
from feedback.proposals.confusions import list_corrections, list_locked
from feedback.proposals.few_shot import is_shown_whole, list_of_call
from feedback.review.filling import hash_number
from registry.models import CollectedExample, Prompt, Split
from registry.prompts.bundles import Bundle
from registry.services.examples import is_near
from registry.tasks import get_task
from wardrobe.golden.labels import GarmentLabel
from wardrobe.photos import storage
from wardrobe.tasks import DigitizeContext, DigitizePhoto

APART = 3
"""One look in so many validates."""
MOST, MOST_OF_A_WEARER = 48, 6


@dataclass(frozen=True)
class Case:
    """A question as its task takes it, what is right, the 64 bits of what it shows, hex, and whose it is. `call` was asked
    it once."""

    context: Any
    expected: JSON
    look: str
    call: Any
    owner: int

    @property
    def is_apart(self) -> bool:
        """It validates and teaches nothing; by its look, so that a picture is on one side whoever brought it."""
        return hash_number(f"rewrites {self.look}") % APART == 0


def gather_cases(prompt: Prompt, bundle: Bundle) -> list[Case]:
    """Up to MOST, no two of nearly the same look: what operators collected for training, then what was corrected."""
    kept: list[Case] = []
    known: list[int] = []
    wearers: Counter[int] = Counter()
    for case in list_cases(prompt, bundle):
        if len(kept) == MOST:
            break
        if wearers[case.owner] < MOST_OF_A_WEARER and not is_like(case.look, known):
            kept.append(case)
            known.append(int(case.look, 16))
            wearers[case.owner] += 1
    return kept


def list_cases(prompt: Prompt, bundle: Bundle) -> Iterator[Case]:
    yield from list_collected(prompt)
    if prompt.name == DigitizePhoto.name:
        yield from list_corrected(prompt, bundle)


def list_collected(prompt: Prompt) -> Iterator[Case]:
    """Examples on the training side of the split, of wearers who consent."""
    task = get_task(prompt.name)
    rows = CollectedExample.objects.usable().filter(
        dataset__prompt=prompt, split=Split.TRAINING, owner__isnull=False
    )
    for row in rows.order_by("pk"):
        try:
            picture = storage.read_file(row.file.name) if row.file else b""
        except FileNotFoundError:
            continue
        context = task.example_context(row.input, picture)
        owner = row.owner_id or 0
        yield Case(context, row.expected, row.fingerprint, row.call_id, owner)


def list_corrected(prompt: Prompt, bundle: Bundle) -> Iterator[Case]:
    """Photos of which all that was corrected is settled, with what is right of their garments."""
    locked, seen = list_locked(), set()
    for correction in list_corrections(prompt).select_related("garment__photo"):
        garment = correction.garment
        if correction.call_id in seen or not garment or not is_shown_whole(garment, correction):
            continue
        seen.add(correction.call_id)
        photo = garment.photo
        answer = write_answer(list_of_call(correction), bundle)
        if photo is None or answer is None or is_like(photo.perceptual_hash, locked):
            continue
        try:
            picture = storage.read_file(photo.image.name)
        except FileNotFoundError:
            continue
        expected = {"garments": [write_label(one) for one in answer["garments"]]}
        context, look = DigitizeContext.of(picture), photo.perceptual_hash
        yield Case(context, expected, look, correction.call_id, correction.owner_id)


def is_like(look: str, others: Sequence[int]) -> bool:
    """Whether it is nearly the same as one of some looks, as numbers."""
    return any(is_near(int(look, 16), other) for other in others)


def write_label(seen: JSON) -> JSON:
    """What is right of one garment, as answers are compared with it."""
    label = GarmentLabel(
        type=seen["type"],
        box=seen.get("box", []),
        colours=[one["name"] for one in seen.get("colours", [])[:1]],
        patterns=[seen["pattern"]] if seen.get("pattern") else [],
        materials=[seen["material"]] if seen.get("material") else [],
        **{name: seen.get(name, "") for name in ("warmth", "formality", "sleeve", "length")},
    )
    return label.model_dump(mode="json")


def list_behind(cases: Sequence[Case]) -> list[Correction]:
    """The accepted corrections of the calls that some cases come from."""
    rows = Correction.objects.filter(
        call__in={one.call for one in cases}, review=Correction.Review.ACCEPTED
    )
    return list(rows.order_by("pk"))
