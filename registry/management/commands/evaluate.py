"""`manage.py evaluate TASK@VERSION`: ask a version every golden example."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry import evaluation, gate, reports, selectors
from registry.models import (
    Dataset,
    DatasetVersion,
    EvaluationRun,
    ExampleResult,
    PromptVersion,
)
from registry.reports import Report
from registry.statistics import Proportion

SHOWN = 10


class Command(BaseCommand):
    help = "Evaluate a prompt version. Exits with 0 only when it passes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "version",
            metavar="TASK@VERSION",
            help="VERSION: a number, a digest's start, production.",
        )
        parser.add_argument("--dataset", default="golden", metavar="NAME[@NUMBER]")
        parser.add_argument(
            "--engine", default="", choices=["", *sorted(settings.INFERENCE_ENGINES)]
        )
        parser.add_argument("--jobs", type=int, default=1, metavar="N", help="Examples at once.")
        parser.add_argument(
            "--fresh", action="store_true", help="Ask again what was answered before."
        )
        parser.add_argument("--json", action="store_true", help="Print the figures for a machine.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = selectors.find_version(options["version"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        dataset_version = find_dataset(version, options["dataset"])
        self.total, self.done = dataset_version.examples.count(), 0
        try:
            run = evaluation.evaluate_version(
                version=version,
                dataset_version=dataset_version,
                engine=options["engine"],
                jobs=max(1, options["jobs"]),
                is_fresh=options["fresh"],
                progress=self.show_progress,
            )
        except KeyboardInterrupt:
            raise CommandError("Cancelled; what was answered is kept.", returncode=130) from None
        report = reports.report_run(run)
        rival = reports.find_rival(run)
        failures = gate.judge_run(run)
        self.stdout.write(
            json.dumps(as_json(run, report, failures), indent=2)
            if options["json"]
            else "\n".join(
                [*write_report(run, report, rival), "not passed" if failures else "passed"]
            )
        )
        if failures:
            raise CommandError(f"{version} has not passed: " + " ".join(failures))

    def show_progress(self, result: ExampleResult) -> None:
        """A bar on a terminal, about ten lines elsewhere."""
        self.done += 1
        if self.stderr.isatty():
            filled = 40 * self.done // self.total
            bar = "█" * filled + "·" * (40 - filled)
            ending = "\n" if self.done == self.total else ""
            self.stderr.write(f"\r{bar} {self.done}/{self.total}", ending=ending)
        elif self.done % max(1, self.total // 10) == 0 or self.done == self.total:
            self.stderr.write(f"{self.done}/{self.total}")


def find_dataset(version: PromptVersion, text: str) -> DatasetVersion:
    """The dataset version that `name` or `name@number` names. Raises CommandError."""
    name, _, number = text.partition("@")
    datasets = Dataset.objects.filter(prompt=version.prompt)
    dataset = datasets.select_related("current").filter(name=name).first()
    found = dataset and (
        dataset.versions.filter(number=number).first() if number.isdecimal() else dataset.current
    )
    if not found:
        names = ", ".join(known.name for known in datasets)
        known = names or "none: run manage.py import_golden"
        raise CommandError(f"{version.prompt} has no dataset {text}; there are: {known}")
    return found


def write_report(run: EvaluationRun, report: Report, rival: EvaluationRun | None) -> list[str]:
    """The figures as lines of text."""
    lines = [f"{run} · {report.answered} of {report.examples} examples · engine {run.engine}", ""]
    lines += [row("all fields", report.fields)]
    lines += [row(f"  {name}", part) for name, part in report.by_field.items()]
    if report.recall.total:
        lines += [row("garment recall", report.recall), row("garment precision", report.precision)]
    lines += [row("well-formed answers", report.valid), "", "by slice"]
    lines += [row(f"  {name}", part) for name, part in report.by_slice.items()]
    lines += ["", f"violations: {report.violations or 'none'}; errors: {report.errors or 'none'}"]
    if rival:
        lines += write_comparison(run, rival)
    lines += [""] + [describe_wrong(result) for result in report.worst[:SHOWN]]
    if len(report.worst) > SHOWN:
        lines.append(f"and {len(report.worst) - SHOWN} more with a wrong field")
    return [*lines, ""]


def row(name: str, part: Proportion) -> str:
    low, high = part.interval
    return f"{name:<24}{part.share:7.1%}  {part.hits:>5}/{part.total:<5} {low:6.1%} to {high:6.1%}"


def write_comparison(run: EvaluationRun, rival: EvaluationRun) -> list[str]:
    compared = reports.compare_runs(run, rival)
    return [
        f"against the live {rival.version}: {compared.only_this} fields right here alone, "
        f"{compared.only_other} there alone (McNemar p = {compared.p_value:.3f})"
    ]


def describe_wrong(result: ExampleResult) -> str:
    if result.error_code:
        return f"{result.example.key}: {result.error_code}"
    wrong = [field for field in result.fields if not field["correct"]]
    told = "; ".join(
        f"{field['name']}: {field['found'] or 'nothing'}"
        + (f" instead of {field['expected']}" if field["expected"] else "")
        for field in wrong
    )
    return f"{result.example.key}: {told}"


def as_json(run: EvaluationRun, report: Report, failures: list[str]) -> dict[str, Any]:
    return {
        "run": run.pk,
        "version": str(run.version),
        "dataset": str(run.dataset_version),
        "engine": run.engine,
        "passed": not failures,
        "failures": failures,
        "accuracy": share(report.fields),
        "recall": share(report.recall),
        "precision": share(report.precision),
        "valid": share(report.valid),
        "fields": {name: share(part) for name, part in report.by_field.items()},
        "slices": {name: share(part) for name, part in report.by_slice.items()},
        "violations": report.violations,
        "errors": report.errors,
    }


def share(part: Proportion) -> dict[str, Any]:
    low, high = part.interval
    return {"right": part.hits, "of": part.total, "share": part.share, "low": low, "high": high}
