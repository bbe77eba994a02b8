"""What evaluations amount to, for a terminal, a machine, a pull request (Markdown) and a CI server (JUnit)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from xml.etree import ElementTree

from registry.evaluation import gate, reports
from registry.evaluation.reports import Comparison, EvaluationReport
from registry.evaluation.sensitivity import Sensitivity
from registry.evaluation.statistics import Proportion, say_p
from registry.models import EvaluationRun, ExampleResult, PromptVersion

SHOWN = 10
NOTHING = "Nothing was judged."


@dataclass(frozen=True)
class Summary:
    """One judged run; `rival` is the live version's on the same examples, if that is another version.

    `unread` are parts of the version that were changed and that no model has read: whether they are good
    nobody knows. `is_tolerated`: somebody has said by name that this is no reason to stop.
    """

    run: EvaluationRun
    report: EvaluationReport
    failures: list[str]
    rival: EvaluationRun | None = None
    comparison: Comparison | None = field(default=None, compare=False)
    regression: str = ""
    unread: list[str] = field(default_factory=list)
    is_tolerated: bool = False

    @property
    def version(self) -> PromptVersion:
        return self.run.version

    @property
    def verdict(self) -> str:
        if self.failures:
            return "not passed"
        return "not judged" if self.unread else "passed"

    @property
    def why_unjudged(self) -> str:
        """A sentence; empty when a model has read all that changed, or nothing that it reads has."""
        if not self.unread:
            return ""
        tolerated = " This is tolerated." if self.is_tolerated else ""
        parts = ", ".join(self.unread)
        return f"No model has read what changed ({parts}): the built-in engine goes by other things.{tolerated}"

    @property
    def sensitivity(self) -> Sensitivity:
        return reports.find_sensitivity(self.report, self.comparison)


def summarize_run(
    run: EvaluationRun, *, changed: list[str] | None = None, is_tolerated: bool = False
) -> Summary:
    """`changed`: parts of the version that only models read."""
    judgement = gate.judge(run)
    return Summary(
        run=run,
        report=judgement.report,
        failures=judgement.failures,
        rival=judgement.rival,
        comparison=judgement.comparison,
        regression=judgement.regression,
        unread=[] if reports.was_asked_of_model(run) else changed or [],
        is_tolerated=is_tolerated,
    )


def write_text(summary: Summary) -> str:
    run, report = summary.run, summary.report
    asked = f", {report.repeats} times each" if report.repeats > 1 else ""
    lines = [
        f"{run} · {report.answered} of {report.examples} examples{asked} · engine {run.engine}",
        "",
    ]
    lines += [row("all fields", report.fields)]
    lines += [row(f"  {name}", part) for name, part in report.by_field.items()]
    if report.recall.total:
        lines += [row("garment recall", report.recall), row("garment precision", report.precision)]
    lines += [row("well-formed answers", report.valid), "", "by slice"]
    lines += [row(f"  {name}", part) for name, part in report.by_slice.items()]
    lines += ["", f"violations: {report.violations or 'none'}; errors: {report.errors or 'none'}"]
    lines += [line for line in [describe_comparison(summary), summary.why_unjudged] if line]
    lines += [f"what these examples can see: {summary.sensitivity}"]
    lines += [""] + [describe_wrong(result) for result in report.worst[:SHOWN]]
    if len(report.worst) > SHOWN:
        lines.append(f"and {len(report.worst) - SHOWN} more with a wrong field")
    return "\n".join([*lines, "", summary.verdict])


def row(name: str, part: Proportion) -> str:
    low, high = part.interval
    return f"{name:<24}{part.share:7.1%}  {part.hits:>5}/{part.total:<5} {low:6.1%} to {high:6.1%}"


def describe_comparison(summary: Summary) -> str:
    if summary.rival is None or summary.comparison is None:
        return ""
    compared = summary.comparison
    return (
        f"against the live {summary.rival.version}, example by example: more is right here in {compared.better}, "
        f"less in {compared.worse}, {compared.points:+.1f} points (no worse: {say_p(compared.p_worse)}, sign flips); "
        f"all is right here alone in {compared.only_this}, there alone in {compared.only_other} "
        f"(McNemar {say_p(compared.p_value)})"
    )


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


def as_json(summary: Summary) -> dict[str, Any]:
    run, report = summary.run, summary.report
    return {
        "run": run.pk,
        "version": str(run.version),
        "dataset": str(run.dataset_version),
        "engine": run.engine,
        "repeats": report.repeats,
        "passed": not summary.failures and not summary.unread,
        "failures": summary.failures,
        "not_judged": summary.unread,
        "accuracy": share(report.fields),
        "recall": share(report.recall),
        "precision": share(report.precision),
        "valid": share(report.valid),
        "fields": {name: share(part) for name, part in report.by_field.items()},
        "slices": {name: share(part) for name, part in report.by_slice.items()},
        "violations": report.violations,
        "errors": report.errors,
        "scores": report.scores,
        "sensitivity": asdict(summary.sensitivity),
        "comparison": compare_as_json(summary),
    }


def compare_as_json(summary: Summary) -> dict[str, Any] | None:
    if summary.rival is None or summary.comparison is None:
        return None
    compared = summary.comparison
    return {
        "with": str(summary.rival.version),
        "examples": len(compared.differences),
        "better": compared.better,
        "worse": compared.worse,
        "points": compared.points,
        "p_worse": compared.p_worse,
        "mcnemar": {
            "here": compared.only_this,
            "there": compared.only_other,
            "p": compared.p_value,
        },
    }


def share(part: Proportion) -> dict[str, Any]:
    low, high = part.interval
    return {"right": part.hits, "of": part.total, "share": part.share, "low": low, "high": high}


def write_markdown(summaries: list[Summary], nothing: str = NOTHING) -> str:
    """A report to paste into a pull request; `nothing` says why there is none."""
    sections = [write_section(summary) for summary in summaries]
    return "\n\n".join(["# Evaluations", *(sections or [escape(nothing)])]) + "\n"


def write_section(summary: Summary) -> str:
    report = summary.report
    lines = [f"## {summary.run}: {summary.verdict}", ""]
    found = [*summary.failures, *filter(None, [summary.why_unjudged])]
    lines += [f"- {escape(failure)}" for failure in found]
    lines += ["", "| | right | of | share | 95 % interval |", "|---|---:|---:|---:|---|"]
    lines += [markdown_row("**all fields**", report.fields)]
    lines += [markdown_row(escape(name), part) for name, part in report.by_field.items()]
    lines += [markdown_row(f"*{escape(name)}*", part) for name, part in report.by_slice.items()]
    if compared := describe_comparison(summary):
        lines += ["", compared[0].upper() + compared[1:] + "."]
    lines += ["", f"What these examples can see: {summary.sensitivity}."]
    if report.worst:
        lines += ["", "Wrong in something:", ""]
        lines += [f"- {escape(describe_wrong(result))}" for result in report.worst[:SHOWN]]
    return "\n".join(lines)


def markdown_row(name: str, part: Proportion) -> str:
    low, high = part.interval
    return f"| {name} | {part.hits} | {part.total} | {part.share:.1%} | {low:.1%} to {high:.1%} |"


def escape(text: str) -> str:
    """What an answer said must not become markup."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>#|!" else letter for letter in text)


def write_junit(summaries: list[Summary], nothing: str = NOTHING) -> str:
    """A suite per run, with one case for the gate, one for each slice, and one for texts that a model should have
    read: a failure of type `not-judged`, skipped where that is tolerated. Without a run a skipped case says why."""
    root = ElementTree.Element("testsuites", name="evaluations")
    for summary in summaries:
        add_suite(root, str(summary.run), str(summary.version), list_cases(summary))
    if not summaries:
        add_suite(root, "evaluations", "evaluate", [Case("changed prompts", skipped=nothing)])
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


@dataclass(frozen=True)
class Case:
    """One JUnit case: passed unless it says otherwise."""

    name: str
    failure: str = ""
    kind: str = "failed"
    skipped: str = ""


def list_cases(summary: Summary) -> Iterator[Case]:
    low = [failure for failure in summary.failures if failure.startswith("Slice ")]
    yield Case("gate", " ".join(failure for failure in summary.failures if failure not in low))
    for name in summary.report.by_slice:
        yield Case(f"slice {name}", " ".join(f for f in low if f.startswith(f"Slice {name}: ")))
    if summary.is_tolerated:
        yield Case("read by a model", skipped=summary.why_unjudged)
    else:
        yield Case("read by a model", summary.why_unjudged, "not-judged")


def add_suite(root: ElementTree.Element, name: str, version: str, cases: Iterable[Case]) -> None:
    known = list(cases)
    failures, skipped = (
        sum(bool(getattr(case, mark)) for case in known) for mark in ("failure", "skipped")
    )
    counts = {"tests": str(len(known)), "failures": str(failures), "skipped": str(skipped)}
    suite = ElementTree.SubElement(root, "testsuite", {"name": name, **counts})
    for case in known:
        element = ElementTree.SubElement(suite, "testcase", classname=version, name=case.name)
        if case.failure:
            ElementTree.SubElement(element, "failure", type=case.kind, message=case.failure)
        elif case.skipped:
            ElementTree.SubElement(element, "skipped", message=case.skipped)
