"""Evaluations: the figures of every run, and the examples it got wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST
from unfold.decorators import display

from registry import jobs
from registry.admin.base import ReadOnlyAdmin, find_row, keep_query
from registry.admin.tables import CsvExportMixin
from registry.evaluation import gate, reports
from registry.evaluation.reports import Comparison, EvaluationReport
from registry.evaluation.statistics import Proportion
from registry.models import EvaluationRun, ExampleResult, Prompt, PromptVersion
from registry.services import sweeps

PAGE_SIZE = 24


@dataclass(frozen=True)
class Figure:
    """A share as a row of a table: per cent, and its interval as a bar of 100 units."""

    name: str
    part: Proportion

    @property
    def percent(self) -> float:
        return 100 * self.part.share

    @property
    def low(self) -> float:
        return 100 * self.part.interval[0]

    @property
    def high(self) -> float:
        return 100 * self.part.interval[1]

    @property
    def width(self) -> float:
        return self.high - self.low


@admin.register(EvaluationRun)
class EvaluationRunAdmin(CsvExportMixin, ReadOnlyAdmin):
    list_display = ["began", "version", "dataset_version", "engine", "verdict", "accuracy", "actor"]
    list_filter = ["version__prompt", "dataset_version__dataset", "engine", "ending"]
    list_select_related = ["version__prompt", "dataset_version__dataset__prompt", "actor"]
    list_per_page = 20
    date_hierarchy = "started_at"

    @admin.display(description="Began", ordering="started_at")
    def began(self, run: EvaluationRun) -> str:
        return date_format(localtime(run.started_at), "j M Y H:i:s")

    @display(
        description="Verdict",
        label={
            "passed": "success",
            "failed": "danger",
            "running": "info",
            "cancelled": "warning",
            "lost": "warning",
        },
    )
    def verdict(self, run: EvaluationRun) -> tuple[str, str]:
        return read_verdict(run, reports.report_run(run))

    @admin.display(description="Fields right")
    def accuracy(self, run: EvaluationRun) -> str:
        part = reports.count_right(run)
        return f"{part.share:.1%} of {part.total}" if part.total else "–"

    def get_urls(self) -> list[URLPattern]:
        cancel = path(
            "<int:pk>/cancel/",
            self.admin_site.admin_view(self.cancel_view),
            name="registry_evaluationrun_cancel",
        )
        start = path(
            "start/<int:version_pk>/",
            self.admin_site.admin_view(self.start_view),
            name="registry_evaluationrun_start",
        )
        return [cancel, start, *super().get_urls()]

    @method_decorator(require_POST)
    def start_view(self, request: HttpRequest, version_pk: int) -> HttpResponse:
        """Ask a version the current examples of every dataset of its prompt, in the background."""
        if not may_evaluate(request):
            raise PermissionDenied
        version = get_object_or_404(PromptVersion.objects.select_related("prompt"), pk=version_pk)
        runs = jobs.enqueue_evaluations(version, actor=request.user)
        if not runs:
            messages.error(request, f"{version.prompt} has no golden dataset: nothing to ask.")
            return redirect("admin:registry_prompt_change", version.prompt_id)
        return redirect("admin:registry_evaluationrun_change", runs[0].pk)

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_evaluate(request):
            raise PermissionDenied
        run = get_object_or_404(EvaluationRun, pk=pk)
        if sweeps.cancel_evaluation(run, actor=request.user):
            messages.success(request, "Cancelled. What was answered is kept.")
        else:
            messages.error(request, "It had ended already.")
        return redirect("admin:registry_evaluationrun_change", pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One run, with the examples that went wrong."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        runs = EvaluationRun.objects.select_related(*self.list_select_related)
        run = find_row(runs, object_id)
        report = reports.report_run(run)
        state, verdict = read_verdict(run, report)
        rival = reports.find_rival(run)
        comparison = compare(run, rival)
        context = {
            **self.admin_site.each_context(request),
            "title": str(run),
            "opts": self.opts,
            "run": run,
            "report": report,
            "state": state,
            "verdict": verdict,
            "failures": list_failures(run),
            "may_evaluate": may_evaluate(request),
            "totals": list(list_totals(report)),
            "by_field": [Figure(name, part) for name, part in report.by_field.items()],
            "by_slice": [Figure(name, part) for name, part in report.by_slice.items()],
            "rival": rival,
            "unasked_live": None if rival else find_other_live(run),
            "is_live": find_other_live(run) is None and run.version.prompt.production() is not None,
            "comparison": comparison,
            "sensitivity": reports.find_sensitivity(report, comparison),
            **list_wrong(request, report, rival),
        }
        return TemplateResponse(request, "registry/evaluation_detail.html", context)


def may_evaluate(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("registry.evaluate_prompt"))


def read_verdict(run: EvaluationRun, report: EvaluationReport) -> tuple[str, str]:
    """A key for its colour, and the word to show."""
    if not run.ending:
        return "running", f"Running, {report.answered} of {report.examples}"
    if run.ending != EvaluationRun.Ending.COMPLETED:
        return run.ending, run.get_ending_display()
    verdict = run.verdicts.first()
    return ("passed", "Passed") if verdict and verdict.passed else ("failed", "Not passed")


def list_failures(run: EvaluationRun) -> list[str]:
    """What the newest verdict says; of a run that did not get to its end, what stands against it so far."""
    if not run.ending:
        return []
    verdict = run.verdicts.first()
    return list(verdict.failures) if verdict else gate.judge(run).failures


def list_totals(report: EvaluationReport) -> Iterator[Figure]:
    yield Figure("Fields right", report.fields)
    if report.recall.total:
        yield Figure("Recall", report.recall)
        yield Figure("Precision", report.precision)
    yield Figure("Valid JSON", report.valid)


def compare(run: EvaluationRun, rival: EvaluationRun | None) -> Comparison | None:
    return reports.compare_runs(run, rival) if rival else None


def find_other_live(run: EvaluationRun) -> PromptVersion | None:
    """The live version, if it is another one."""
    live = run.version.prompt.production()
    return live.version if live and live.version_id != run.version_id else None


def list_wrong(
    request: HttpRequest, report: EvaluationReport, rival: EvaluationRun | None
) -> dict[str, Any]:
    """One page of the examples that went wrong: `?slice=` and `?field=` narrow them, and `?lost=1` leaves
    those of which the live version had something right that is wrong here."""
    chosen = {name: request.GET.get(name, "") for name in ("slice", "field", "lost")}
    live = reports.read_fields(rival) if rival and chosen["lost"] else None
    wrong = [result for result in report.worst if is_chosen(result, chosen, live)]
    page = Paginator(wrong, PAGE_SIZE).get_page(request.GET.get("page"))
    answers = reports.find_answers(rival, page) if rival else {}
    return {
        "chosen": chosen,
        "wrong": page,
        "rows": [describe_wrong(result, answers.get(result.example.sha256)) for result in page],
        "query": keep_query(request),
    }


def is_chosen(
    result: ExampleResult, chosen: dict[str, str], live: dict[tuple[str, str, str], bool] | None
) -> bool:
    if chosen["slice"] and chosen["slice"] not in result.example.slices:
        return False
    wrong = [
        field
        for field in result.fields
        if not field["correct"] and chosen["field"] in {"", field["name"]}
    ]
    sha256 = result.example.sha256
    return any(live is None or live.get((sha256, f["subject"], f["name"])) for f in wrong)


def describe_wrong(result: ExampleResult, other: ExampleResult | None) -> dict[str, Any]:
    """What was expected and what was answered, here and by the live version."""
    fields = reports.pair_fields(result, other)
    return {
        "result": result,
        "other": other,
        "fields": [field for field in fields if not field.is_right_in_both],
        "right": [field for field in fields if field.is_right_in_both],
        "question": show_json(result.example.input),
        "answer": show_json(result.output),
        "other_answer": show_json(other.output) if other else "",
    }


def show_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) if value else ""


def find_latest(prompt: Prompt) -> dict[str, Any] | None:
    """The latest run of any version of a prompt, for the prompt's page."""
    runs = EvaluationRun.objects.filter(version__prompt=prompt)
    run = runs.select_related("version__prompt", "dataset_version__dataset__prompt").first()
    if run is None:
        return None
    report = reports.report_run(run)
    _, verdict = read_verdict(run, report)
    return {"run": run, "verdict": verdict, "report": report, "percent": 100 * report.fields.share}
