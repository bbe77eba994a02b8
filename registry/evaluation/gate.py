"""The gate: which versions may go live, judged from the results of their evaluations and from no flag."""

from dataclasses import dataclass, field

from registry.engines import preferred_engine
from registry.evaluation import reports
from registry.models import DatasetVersion, EvaluationRun, PromptVersion

SIGNIFICANCE = 0.01
"""A version is worse than the live one when McNemar's exact test says so at this level: of versions that are
equally good, one in two hundred is refused by chance (half of the two tails). Stricter than the usual 5 %,
for the fields of one example are not independent (T. Dietterich, Neural Computation 10, 1998)."""


class NotPassedError(Exception):
    """A version that may not go live; `failures` says in sentences why."""

    def __init__(self, version: PromptVersion, failures: list[str]) -> None:
        super().__init__(f"{version} has not passed: {' '.join(failures)}")
        self.failures = failures


@dataclass(frozen=True)
class Finding:
    """What the gate says of a version on one dataset; `run` is the one it judged, if there is any."""

    dataset_version: DatasetVersion
    run: EvaluationRun | None
    failures: list[str] = field(default_factory=list)


def require_passed(version: PromptVersion) -> list[EvaluationRun]:
    """The runs by which a version passes, one a dataset. Raises NotPassedError."""
    findings = inspect_version(version)
    if failures := list_failures(version, findings):
        raise NotPassedError(version, failures)
    return [finding.run for finding in findings if finding.run]


def has_passed(version: PromptVersion) -> bool:
    return not explain_not_passed(version)


def explain_not_passed(version: PromptVersion) -> list[str]:
    """In sentences, what stands against a version; empty when it has passed."""
    return list_failures(version, inspect_version(version))


def list_failures(version: PromptVersion, findings: list["Finding"]) -> list[str]:
    if not findings:
        return [f"{version.prompt} has no golden dataset to pass."]
    return [failure for finding in findings for failure in finding.failures]


def inspect_version(version: PromptVersion) -> list[Finding]:
    """One finding for each dataset of the version's prompt, on its current examples."""
    datasets = version.prompt.datasets.exclude(current=None).select_related("current__dataset")
    return [inspect_dataset(version, dataset.current) for dataset in datasets if dataset.current]


def inspect_dataset(version: PromptVersion, dataset_version: DatasetVersion) -> Finding:
    run = find_run(version, dataset_version)
    if run is None:
        name = f"{dataset_version.dataset.name} {dataset_version.number}"
        failure = f"No evaluation on {name} has been completed with the version's own engine."
        return Finding(dataset_version, None, [failure])
    return Finding(dataset_version, run, judge_run(run))


def find_run(version: PromptVersion, dataset_version: DatasetVersion) -> EvaluationRun | None:
    """The newest completed one, asked of the engine that the version names."""
    return (
        EvaluationRun.objects.filter(
            version=version,
            dataset_version=dataset_version,
            engine=version.bundle["engine"],
            ending=EvaluationRun.Ending.COMPLETED,
        )
        .select_related("version__prompt", "dataset_version__dataset")
        .order_by("-started_at", "-pk")
        .first()
    )


def judge_run(run: EvaluationRun) -> list[str]:
    """Why a run does not let its version pass, in sentences; empty when it does."""
    failures = list(reports.report_run(run).failures)
    engine = preferred_engine(run.engine)
    answers = run.results.filter(output__isnull=False)
    if strange := answers.exclude(call__engine=engine).count():
        failures.append(f"{strange} answers are not of {engine}, but of an engine in its place.")
    if worse := find_regression(run):
        failures.append(worse)
    return failures


def find_regression(run: EvaluationRun) -> str:
    """In words, that the run is significantly worse than the live version's; empty if it is not."""
    rival = reports.find_rival(run)
    if rival is None:
        return ""
    compared = reports.compare_runs(run, rival)
    is_worse = compared.only_this < compared.only_other
    if not is_worse or compared.p_value >= SIGNIFICANCE:
        return ""
    return (
        f"It is worse than the live {rival.version}: {compared.only_other} fields are right there "
        f"alone, {compared.only_this} here alone (McNemar p = {compared.p_value:.2g})."
    )
