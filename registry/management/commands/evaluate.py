"""`manage.py evaluate TASK@VERSION`, or `--changed`: ask versions every golden example."""

import json
import os
from argparse import ArgumentParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry import jobs, selectors
from registry.evaluation import export, gate, runner
from registry.evaluation.attempts import find_repeats
from registry.evaluation.export import Summary
from registry.models import Dataset, DatasetVersion, EvaluationRun, ExampleResult, PromptVersion
from registry.prompts import changes
from registry.prompts.files import PromptFile, PromptFileError
from registry.services.versions import load_prompt
from registry.tasks import get_task

FAILED, NOT_JUDGED = 1, 3
"""Exit codes; 2 is argparse's."""


@dataclass(frozen=True)
class Candidate:
    """A version to judge; `changed` are the parts that only models read, as far as they are new."""

    version: PromptVersion
    changed: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = (
        "Evaluate prompt versions. Exits with 0 only when all of them pass; with 1 when one fails, and with 3 when none "
        "fails, but no model has read what was changed for it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "version",
            nargs="?",
            default="",
            metavar="TASK@VERSION",
            help="VERSION: a number, a digest's start, production.",
        )
        parser.add_argument(
            "--changed",
            action="store_true",
            help="Each prompt file whose content is not the live version's.",
        )
        parser.add_argument(
            "--base",
            default=os.environ.get("PROMPT_BASE", ""),
            metavar="REVISION",
            help="With --changed: changed since HEAD and this one parted. By default PROMPT_BASE of the environment.",
        )
        parser.add_argument(
            "--prompts", type=Path, metavar="DIR", help="With --changed: where the files are."
        )
        parser.add_argument(
            "--tolerate",
            action="append",
            default=[],
            metavar="TASK",
            help="With --changed: a task that is below its thresholds fails only when it gets worse.",
        )
        parser.add_argument(
            "--tolerate-unjudged",
            action="append",
            default=[],
            metavar="TASK",
            help="With --changed: a task whose changed texts no model has read does not fail for that.",
        )
        parser.add_argument("--dataset", default=jobs.GOLDEN, metavar="NAME[@NUMBER]")
        parser.add_argument(
            "--engine", default="", choices=["", *sorted(settings.INFERENCE_ENGINES)]
        )
        parser.add_argument("--jobs", type=int, default=1, metavar="N", help="Examples at once.")
        parser.add_argument(
            "--fresh", action="store_true", help="Ask again what was answered before."
        )
        parser.add_argument("--json", action="store_true", help="Print the figures for a machine.")
        parser.add_argument("--markdown", type=Path, metavar="FILE", help="Write a report.")
        parser.add_argument("--junit", type=Path, metavar="FILE", help="Write JUnit XML.")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["version"]) == options["changed"]:
            raise CommandError("Name a TASK@VERSION, or say --changed")
        candidates = find_candidates(options)
        if options["changed"]:
            self.evaluate_rivals([candidate.version for candidate in candidates], options)
        judged = [self.evaluate(candidate, options) for candidate in candidates]
        if not judged:
            self.stdout.write(describe_nothing(options))
        write_files(judged, options)
        failed = [
            f"{summary.version} has not passed: {' '.join(faults)}"
            for summary in judged
            if (faults := find_faults(summary, options["tolerate"]))
        ]
        unjudged = [
            f"{summary.version} is not judged: {summary.why_unjudged}"
            for summary in judged
            if summary.unread and not summary.is_tolerated
        ]
        if told := failed + unjudged:
            raise CommandError("\n".join(told), returncode=FAILED if failed else NOT_JUDGED)

    def evaluate_rivals(self, versions: list[PromptVersion], options: dict[str, Any]) -> None:
        """Without an evaluation of the live version nothing tells that a changed one is worse."""
        for live in [live for v in versions if (live := v.prompt.production())]:
            dataset_version = find_dataset(live.version, options["dataset"])
            if gate.find_run(live.version, dataset_version) is None:
                self.stderr.write(f"First {live.version}, which is live, for comparison.")
                self.ask(live.version, options)

    def evaluate(self, candidate: Candidate, options: dict[str, Any]) -> Summary:
        """One version on its dataset, printed."""
        summary = export.summarize_run(
            self.ask(candidate.version, options),
            changed=candidate.changed,
            is_tolerated=candidate.version.prompt.name in options["tolerate_unjudged"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(export.as_json(summary), indent=2))
        else:
            self.stdout.write(export.write_text(summary))
            self.stdout.write(tabulate(summary.run))
        return summary

    def ask(self, version: PromptVersion, options: dict[str, Any]) -> EvaluationRun:
        dataset_version = find_dataset(version, options["dataset"])
        engine = options["engine"] or version.bundle["engine"]
        repeats = find_repeats(version, engine, dataset_version)
        self.total, self.done = dataset_version.examples.count() * repeats, 0
        try:
            return runner.evaluate_version(
                version=version,
                dataset_version=dataset_version,
                engine=options["engine"],
                jobs=max(1, options["jobs"]),
                is_fresh=options["fresh"],
                progress=self.show_progress,
            )
        except KeyboardInterrupt:
            raise CommandError("Cancelled; what was answered is kept.", returncode=130) from None

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


def tabulate(run: EvaluationRun) -> str:
    """The task's own table of its answers; of an example that was asked more than once, the first."""
    task = get_task(run.version.prompt.name)
    results = run.results.filter(attempt=1).select_related("example")
    answers = [
        (
            result.example.expected,
            task.output.model_validate(result.output) if result.output else None,
        )
        for result in results
    ]
    return task.tabulate(answers, run.version.parameters)


def find_faults(summary: Summary, tolerated: list[str]) -> list[str]:
    """Why a version fails the command; of a task that is tolerated, only that it got worse."""
    if summary.version.prompt.name not in tolerated:
        return summary.failures
    return [summary.regression] if summary.regression else []


def find_candidates(options: dict[str, Any]) -> list[Candidate]:
    """Those that the arguments name; changed files are loaded first. Raises CommandError."""
    try:
        if options["version"]:
            return [Candidate(selectors.find_version(options["version"]))]
        return load_changed(options)
    except (LookupError, PromptFileError) as error:
        raise CommandError(str(error)) from error


def load_changed(options: dict[str, Any]) -> list[Candidate]:
    """The versions of the changed files, with the golden examples that come with the code.

    Since a revision: where nothing is live yet, as in CI, the file as it was goes live, so that the
    changed one has something to be compared with.
    """
    directory = options["prompts"] or settings.BASE_DIR / "fixtures" / "prompts"
    changed = changes.find_changed(directory, since=options["base"])
    for file, before in changed:
        load_prompt(before or file, promote=before is not None, actor=None)
        jobs.import_golden(file.name)
    return [load_candidate(file, before) for file, before in changed]


def load_candidate(file: PromptFile, before: PromptFile | None) -> Candidate:
    version = load_prompt(file, promote=False, actor=None)
    live = version.prompt.production()
    past = before.bundle if before else live.version.bundle if live else {}
    return Candidate(version, changes.list_changed_for_models(version.bundle, past))


def describe_nothing(options: dict[str, Any]) -> str:
    """That no version was asked anything, and why."""
    if base := options["base"]:
        return f"No prompt has changed since {base}: nothing was judged."
    return "No prompt differs from what is live: nothing was judged."


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


def write_files(judged: list[Summary], options: dict[str, Any]) -> None:
    if path := options["markdown"]:
        path.write_text(export.write_markdown(judged, describe_nothing(options)), encoding="utf-8")
    if path := options["junit"]:
        path.write_text(export.write_junit(judged, describe_nothing(options)), encoding="utf-8")
