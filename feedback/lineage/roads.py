"""All roads from corrections into versions. Another one is a function in its own module, and a line here."""

from collections import defaultdict

from accounts.models import User
from feedback.lineage.few_shot import find_shown
from feedback.lineage.golden import find_golden
from feedback.lineage.passages import Passage, Road, Role, Scope
from feedback.lineage.proposals import find_proposed
from feedback.lineage.trained import find_trained, list_roles
from feedback.models import Correction
from registry.models import PromptVersion

ROADS: tuple[Road, ...] = (find_golden, find_proposed, find_shown, find_trained)


def find_passages(scope: Scope) -> list[Passage]:
    return [passage for road in ROADS for passage in road(scope)]


def list_versions_knowing(owner: User) -> dict[PromptVersion, set[Role]]:
    """The versions that know anything that is a wearer's, each with what it has of it; the newest first. What they
    corrected is not all: what they let be was rehearsed, and reviewers said something of it."""
    roles: dict[int, set[Role]] = defaultdict(set)
    for passage in find_passages(Scope(owner=owner)):
        roles[passage.version_id].add(passage.role)
    for version, role in list_roles(owner):
        roles[version].add(role)
    versions = PromptVersion.objects.filter(pk__in=roles).select_related("prompt")
    return {version: roles[version.pk] for version in versions}


def list_corrections(passage: Passage, known: dict[str, list[Correction]]) -> list[Correction]:
    """The corrections that took a passage: the one that it names, or else those of its call that were accepted. `known`
    holds those of its call, by the call's key."""
    corrections = known.get(str(passage.call_id), [])
    if passage.correction_id is None:
        return [one for one in corrections if one.review == Correction.Review.ACCEPTED]
    return [one for one in corrections if one.pk == passage.correction_id]
