"""Which engines may answer wearers under a version: those with which it has passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.engines import BUILTIN, engine_chain
from registry.models import Override, PromptVersion, Verdict


def find_answering(version: PromptVersion) -> frozenset[str]:
    """The engines of a version's chain that may answer wearers under it.

    Under an open override all of them. Else those with which it has passed: on the examples that were judged
    last, so that new golden examples silence nobody before they were asked. Where no engine has (a first
    version, an override that has expired, a pass that was lost), the built-in engine alone, so that there is
    somebody to answer: pages show that in amber or red. A version that does not name it has nobody.
    """
    return list_answering([version])[version.pk]


def list_answering(versions: Sequence[PromptVersion]) -> dict[int, frozenset[str]]:
    """`find_answering` of many versions, by primary key."""
    opened = Override.objects.open().filter(version__in=versions)
    overridden = set(opened.values_list("version", flat=True))
    newest: dict[int, list[Verdict]] = {version.pk: [] for version in versions}
    for verdict in Verdict.objects.filter(version__in=versions).newest():
        newest[verdict.version_id].append(verdict)
    answering = {}
    for version in versions:
        chain = frozenset(engine_chain(version.bundle["engine"]))
        passed = find_passed(newest[version.pk]) or frozenset({BUILTIN})
        answering[version.pk] = chain if version.pk in overridden else chain & passed
    return answering


def find_passed(newest: Iterable[Verdict]) -> frozenset[str]:
    """The engines whose verdicts (`Verdict.objects.newest()` of one version) are all passes."""
    verdicts = list(newest)
    failed = {verdict.engine for verdict in verdicts if not verdict.passed}
    return frozenset(verdict.engine for verdict in verdicts) - failed
