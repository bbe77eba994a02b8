"""What evaluations amount to, for a terminal, a machine, a pull request (Markdown) and a CI server (JUnit)."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from registry.evaluation import gate, reports
from registry.evaluation.reports import Comparison, EvaluationReport
from registry.evaluation.statistics import Proportion
from registry.models import EvaluationRun, ExampleResult, PromptVersion

SHOWN = 10


@dataclass(frozen=True)
class Summary:
    """One judged run; `rival` is the live version's on the same examples, if that is another version."""

    run: EvaluationRun
    report: EvaluationReport
    failures: list[str]
    rival: EvaluationRun | None = None
    comparison: Comparison | None = field(default=None, compare=False)

    @property
    def version(self) -> PromptVersion:
        return self.run.version

    @property
    def verdict(self) -> str:
        return "not passed" if self.failures else "passed"


def summarize_run(run: EvaluationRun) -> Summary:
    rival = reports.find_rival(run)
    return Summary(
        run=run,
        report=reports.report_run(run),
        failures=gate.judge_run(run),
        rival=rival,
        comparison=reports.compare_runs(run, rival) if rival else None,
    )


def write_text(summary: Summary) -> str:
    run, report = summary.run, summary.report
    lines = [f"{run} · {report.answered} of {report.examples} examples · engine {run.engine}", ""]
    lines += [row("all fields", report.fields)]
    lines += [row(f"  {name}", part) for name, part in report.by_field.items()]
    if report.recall.total:
        lines += [row("garment recall", report.recall), row("garment precision", report.precision)]
    lines += [row("well-formed answers", report.valid), "", "by slice"]
    lines += [row(f"  {name}", part) for name, part in report.by_slice.items()]
    lines += ["", f"violations: {report.violations or 'none'}; errors: {report.errors or 'none'}"]
    lines += [compared for compared in [describe_comparison(summary)] if compared]
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
        f"against the live {summary.rival.version}: {compared.only_this} fields right here alone, "
        f"{compared.only_other} there alone (McNemar p = {compared.p_value:.3f})"
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
        "passed": not summary.failures,
        "failures": summary.failures,
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


def write_markdown(summaries: list[Summary]) -> str:
    """A report to paste into a pull request."""
    sections = [write_section(summary) for summary in summaries]
    return "\n\n".join(["# Evaluations", *(sections or ["No prompt has changed."])]) + "\n"


def write_section(summary: Summary) -> str:
    report = summary.report
    lines = [f"## {summary.run}: {summary.verdict}", ""]
    lines += [f"- {escape(failure)}" for failure in summary.failures]
    lines += ["", "| | right | of | share | 95 % interval |", "|---|---:|---:|---:|---|"]
    lines += [markdown_row("**all fields**", report.fields)]
    lines += [markdown_row(escape(name), part) for name, part in report.by_field.items()]
    lines += [markdown_row(f"*{escape(name)}*", part) for name, part in report.by_slice.items()]
    if compared := describe_comparison(summary):
        lines += ["", compared[0].upper() + compared[1:] + "."]
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


def write_junit(summaries: list[Summary]) -> str:
    """A suite per run, with one case for the gate and one for each slice."""
    root = ElementTree.Element("testsuites", name="evaluations")
    for summary in summaries:
        add_suite(root, summary)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def add_suite(root: ElementTree.Element, summary: Summary) -> None:
    low = [failure for failure in summary.failures if failure.startswith("Slice ")]
    others = [failure for failure in summary.failures if failure not in low]
    slices = {
        name: [f for f in low if f.startswith(f"Slice {name}: ")]
        for name in summary.report.by_slice
    }
    cases = {"gate": others, **{f"slice {name}": failures for name, failures in slices.items()}}
    failed = sum(bool(failures) for failures in cases.values())
    counts = {"tests": str(len(cases)), "failures": str(failed)}
    suite = ElementTree.SubElement(root, "testsuite", {"name": str(summary.run), **counts})
    for name, failures in cases.items():
        case = ElementTree.SubElement(suite, "testcase", classname=str(summary.version), name=name)
        if failures:
            ElementTree.SubElement(case, "failure", message=" ".join(failures))
