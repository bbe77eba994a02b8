"""Writing the next draft of a prompt from confusions, with a row for each correction that it goes back to."""

from collections.abc import Iterator

from django.db import transaction

from accounts.models import User
from feedback.models import Correction, Proposal, Rating
from feedback.proposals.confusions import Confusion, find_confusions
from feedback.proposals.wording import check_copies, say_difference, write_rules
from registry.models import Prompt, PromptVersion
from registry.services.versions import create_version
from styling.models import Event
from wardrobe.models import Garment


class NothingToProposeError(Exception):
    """No confusion is common enough, or none can be put into words, or the live version says it already."""


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
    if system == bundle["system"]:
        raise NothingToProposeError
    corrections = [correction for one in confusions for correction in one.corrections]
    check_copies("\n".join(map(say_difference, confusions)), list_words_of(corrections))
    version = create_version(
        prompt=prompt,
        bundle={**bundle, "system": system},
        notes=describe(confusions),
        source=PromptVersion.Source.ADMIN,
        author=author,
    )
    return keep_proposal(live.version, version, corrections)


def keep_proposal(
    base: PromptVersion, version: PromptVersion, corrections: list[Correction]
) -> Proposal:
    """One a version: proposed again, it goes back to what bears it out now."""
    proposal, _ = Proposal.objects.get_or_create(version=version, defaults={"base": base})
    proposal.corrections.set(corrections)
    return proposal


def describe(confusions: list[Confusion]) -> str:
    """The note of the version: what is mixed up, in words of the vocabulary."""
    return f"Proposed by itself. Mixed up: {'; '.join(map(str, confusions))}."[:300]


def list_words_of(corrections: list[Correction]) -> Iterator[str]:
    """What the wearers behind some corrections wrote, in their own words."""
    owners = {correction.owner_id for correction in corrections}
    yield from Garment.objects.filter(owner__in=owners).values_list("name", flat=True)
    yield from Event.objects.filter(owner__in=owners).values_list("note", flat=True)
    yield from Rating.objects.filter(owner__in=owners).values_list("comment", flat=True)
