"""Writing the next draft of a prompt from confusions, with a row for each correction that it goes back to."""

from collections.abc import Iterator

from django.db import transaction

from accounts.models import User
from feedback.models import Correction, Proposal, Rating
from feedback.proposals.confusions import Confusion, find_confusions
from feedback.proposals.keeping import NothingToProposeError, keep_draft
from feedback.proposals.wording import check_copies, say_difference, write_rules
from registry.models import Prompt
from styling.models import Event
from wardrobe.models import Garment


@transaction.atomic
def propose_version(prompt: Prompt, *, author: User | None = None) -> Proposal:
    """A draft with sentences that tell apart what is mixed up. Evaluation and the gate judge it as any other.

    Raises NothingToProposeError, CopiedWordsError.
    """
    live = prompt.production()
    confusions = [one for one in find_confusions(prompt) if say_difference(one)]
    if live is None or not confusions:
        raise NothingToProposeError
    bundle = live.version.bundle
    system = write_rules(bundle["system"], confusions)
    corrections = [correction for one in confusions for correction in one.corrections]
    check_copies("\n".join(map(say_difference, confusions)), list_words_of(corrections))
    return keep_draft(
        live.version,
        {**bundle, "system": system},
        notes=describe(confusions),
        corrections=corrections,
        author=author,
    )


def describe(confusions: list[Confusion]) -> str:
    """The note of the version: what is mixed up, in words of the vocabulary."""
    return f"Proposed by itself. Mixed up: {'; '.join(map(str, confusions))}."


def list_words_of(corrections: list[Correction]) -> Iterator[str]:
    """What the wearers behind some corrections wrote, in their own words."""
    owners = {correction.owner_id for correction in corrections}
    yield from Garment.objects.filter(owner__in=owners).values_list("name", flat=True)
    yield from Event.objects.filter(owner__in=owners).values_list("note", flat=True)
    yield from Rating.objects.filter(owner__in=owners).values_list("comment", flat=True)
