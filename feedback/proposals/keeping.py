"""A draft with a row for each correction that it goes back to."""

from collections.abc import Iterable

from accounts.models import User
from feedback.models import Correction, Proposal
from registry.models import PromptVersion
from registry.prompts.bundles import Bundle
from registry.services.versions import create_version

MOST_CHARACTERS = 300
"""Of a version's note."""


class NothingToProposeError(Exception):
    """Nothing that was corrected asks for a draft of this kind, can be helped by one, or is not in the live version."""


def keep_draft(
    base: PromptVersion,
    bundle: Bundle,
    *,
    notes: str,
    corrections: Iterable[Correction] = (),
    author: User | None,
) -> Proposal:
    """The draft that changes `base`; proposed again, it goes back to what bears it out now.

    Raises NothingToProposeError where it changes nothing.
    """
    if bundle == base.bundle:
        raise NothingToProposeError
    version = create_version(
        prompt=base.prompt,
        bundle=bundle,
        notes=notes[:MOST_CHARACTERS],
        source=PromptVersion.Source.ADMIN,
        author=author,
    )
    proposal, _ = Proposal.objects.get_or_create(version=version, defaults={"base": base})
    proposal.corrections.set(corrections)
    return proposal
