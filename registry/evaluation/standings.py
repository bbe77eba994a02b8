"""How versions stand with each engine on the current golden examples: what was judged, what is being asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from registry.engines import engine_chain, list_engines, name_engine, preferred_engine
from registry.models import Dataset, DatasetVersion, EvaluationRun, PromptVersion, Verdict

State = Literal["passed", "failed", "running", "unasked"]


@dataclass(frozen=True)
class Finding:
    """What is known of a version with one engine on the current examples of one dataset."""

    engine: str
    dataset_version: DatasetVersion
    verdict: Verdict | None = None
    running: EvaluationRun | None = None

    @property
    def failures(self) -> list[str]:
        if self.verdict:
            return list(self.verdict.failures)
        examples = f"{self.dataset_version.dataset.name} {self.dataset_version.number}"
        return [f"No evaluation on {examples} has been completed with {name_engine(self.engine)}."]


@dataclass(frozen=True)
class EngineStanding:
    """A version with one engine, on all datasets of its prompt. `is_configured`: the engine can be asked here."""

    engine: str
    is_configured: bool
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        return name_engine(self.engine)

    @property
    def state(self) -> State:
        """A failure on one dataset is one, whatever else is being asked."""
        verdicts = [finding.verdict for finding in self.findings]
        if any(verdict and not verdict.passed for verdict in verdicts):
            return "failed"
        if any(finding.running for finding in self.findings):
            return "running"
        return "passed" if verdicts and all(verdicts) else "unasked"

    @property
    def has_passed(self) -> bool:
        return self.state == "passed" or (
            self.state == "running" and all(finding.verdict for finding in self.findings)
        )

    @property
    def failures(self) -> list[str]:
        return [failure for finding in self.findings for failure in finding.failures]

    @property
    def right(self) -> str:
        """How many fields are right, for a row of a table; empty before anything was judged."""
        figures = [finding.verdict.figures for finding in self.findings if finding.verdict]
        if not figures:
            return ""
        return (
            f"{sum(f.get('right', 0) for f in figures)} of {sum(f.get('of', 0) for f in figures)}"
        )


def has_passed(standings: Iterable[EngineStanding]) -> bool:
    """With one engine at least that can be asked here, on the current examples of every dataset."""
    return any(standing.is_configured and standing.has_passed for standing in standings)


def find_standings(version: PromptVersion) -> list[EngineStanding]:
    """One for each engine that could answer under a version."""
    return list_standings([version])[version.pk]


def list_standings(versions: Sequence[PromptVersion]) -> dict[int, list[EngineStanding]]:
    """Those of many versions, of one prompt or of several, by primary key."""
    current = find_current({version.prompt_id for version in versions})
    rows = {"version__in": versions, "dataset_version__in": list(chain(*current.values()))}
    verdicts = {
        (verdict.version_id, verdict.engine, verdict.dataset_version_id): verdict
        for verdict in Verdict.objects.filter(**rows).newest().select_related("run")
    }
    running = {
        (run.version_id, preferred_engine(run.engine), run.dataset_version_id): run
        for run in EvaluationRun.objects.running().filter(**rows)
    }

    def stand(version: PromptVersion, engine: str) -> EngineStanding:
        examples = current.get(version.prompt_id, [])
        keys = [(version.pk, engine, golden.pk) for golden in examples]
        findings = [
            Finding(engine, golden, verdicts.get(key), running.get(key))
            for golden, key in zip(examples, keys, strict=True)
        ]
        is_configured = engine in engine_chain(version.bundle["engine"])
        return EngineStanding(engine, is_configured, tuple(findings))

    return {
        version.pk: [stand(version, engine) for engine in list_engines(version.bundle["engine"])]
        for version in versions
    }


def find_current(prompts: Collection[int]) -> dict[int, list[DatasetVersion]]:
    """The current golden examples by the primary key of their prompt."""
    datasets = Dataset.objects.filter(prompt__in=prompts).exclude(current=None)
    current: dict[int, list[DatasetVersion]] = {}
    for dataset in datasets.select_related("current__dataset"):
        if dataset.current:
            current.setdefault(dataset.prompt_id, []).append(dataset.current)
    return current
