"""Which engines may answer wearers under a version: those with which it has passed."""

from __future__ import annotations

from collections.abc import Iterable

from registry.engines import BUILTIN, engine_chain
from registry.models import PromptVersion, Verdict


def find_answering(version: PromptVersion) -> frozenset[str]:
    """The engines of a version's chain that may answer wearers under it.

    Under an open override all of them. Else those with which it has passed: on the examples that were judged
    last, so that new golden examples silence nobody before they were asked. Where no engine has (a first
    version, an override that has expired, a pass that was lost), the built-in engine alone, so that there is
    somebody to answer: pages show that in amber or red. A version that does not name it has nobody.
    """
    chain = engine_chain(version.bundle["engine"])
    if version.overrides.open().exists():
        return frozenset(chain)
    passed = find_passed(version.verdicts.newest())
    return frozenset(chain) & (passed or frozenset({BUILTIN}))


def find_passed(newest: Iterable[Verdict]) -> frozenset[str]:
    """The engines whose verdicts (`Verdict.objects.newest()` of one version) are all passes."""
    verdicts = list(newest)
    failed = {verdict.engine for verdict in verdicts if not verdict.passed}
    return frozenset(verdict.engine for verdict in verdicts) - failed
