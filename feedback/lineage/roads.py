"""All roads from corrections into versions. Another one is a function in its own module, and a line here."""

from collections import defaultdict

from accounts.models import User
from feedback.lineage.few_shot import find_shown
from feedback.lineage.golden import find_golden
from feedback.lineage.passages import Passage, Road, Role, Scope
from feedback.lineage.proposals import find_proposed
from feedback.lineage.trained import find_trained
from feedback.models import Correction
from registry.models import PromptVersion

ROADS: tuple[Road, ...] = (find_golden, find_proposed, find_shown, find_trained)


def find_passages(scope: Scope) -> list[Passage]:
    return [passage for road in ROADS for passage in road(scope)]


def list_versions_knowing(owner: User) -> dict[PromptVersion, set[Role]]:
    """The versions that know anything that a wearer corrected, each with what it has of it; the newest first."""
    roles: dict[int, set[Role]] = defaultdict(set)
    for passage in find_passages(Scope(owner=owner)):
        roles[passage.version_id].add(passage.role)
    versions = PromptVersion.objects.filter(pk__in=roles).select_related("prompt")
    return {version: roles[version.pk] for version in versions}


def list_corrections(passage: Passage, accepted: dict[str, list[Correction]]) -> list[Correction]:
    """The corrections that took a passage. `accepted` holds those of its call, by the call's key."""
    corrections = accepted.get(str(passage.call_id), [])
    if passage.correction_id is None:
        return corrections
    return [one for one in corrections if one.pk == passage.correction_id]
