"""Training sets and runs: build, retrain, see what came of it."""

from tempfile import SpooledTemporaryFile

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from feedback.jobs import enqueue_training
from feedback.models import TrainingRun, TrainingSet
from feedback.training import page
from feedback.training.building import NothingToLearnError, build_set
from feedback.training.export import write_zip
from feedback.training.retraining import RunningAlreadyError, start_run
from registry.admin.base import get_operator
from registry.prompts.live_versions import NoLiveVersionError
from registry.services.archivings import explain_archived

RETRAIN = "feedback.retrain"
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of an export that wait in memory; more of them wait on the disk."""


@require_safe
@permission_required(RETRAIN, raise_exception=True)
def list_runs(request: HttpRequest) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Training runs", **page.summarize()}
    return TemplateResponse(request, "feedback/training_runs.html", context)


@require_safe
@permission_required(RETRAIN, raise_exception=True)
def show_run(request: HttpRequest, pk: int) -> HttpResponse:
    runs = TrainingRun.objects.select_related("training_set", "version__prompt", "artefact")
    run = get_object_or_404(runs, pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": str(run),
        "run": run,
        "said": page.say_what_came(run),
        "types": page.list_types(run),
        "chance": page.measure_chance(run),
        "left_out": page.list_left_out(run),
        "is_stale": page.explain_stale(run.artefact),
        "archived": explain_archived(run.version) if run.version else "",
    }
    return TemplateResponse(request, "feedback/training_run.html", context)


@require_POST
@permission_required(RETRAIN, raise_exception=True)
def make_set(request: HttpRequest) -> HttpResponse:
    try:
        made = build_set(author=get_operator(request))
    except NothingToLearnError as error:
        messages.error(request, str(error))
    else:
        count = made.rows.count()
        messages.success(request, f"{made} has {count} row{pluralize(count)}.")
    return redirect("feedback:training")


@require_POST
@permission_required(RETRAIN, raise_exception=True)
def retrain(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a run on a set; the page of the run tells how far it is."""
    training_set = get_object_or_404(TrainingSet, number=number)
    try:
        run = start_run(training_set=training_set, author=get_operator(request))
    except RunningAlreadyError as error:
        messages.error(request, str(error))
        return redirect("feedback:training")
    enqueue_training(run)
    return redirect("feedback:training-run", run.pk)


@require_safe
@permission_required(RETRAIN, raise_exception=True)
def export_set(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """Its files as a ZIP. Whoever has it has the photos: the licence in it says what for."""
    training_set = get_object_or_404(TrainingSet, number=number)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    try:
        write_zip(training_set, file)
    except NoLiveVersionError:
        messages.error(
            request, "No version of digitize_photo is live: there is no question to ask."
        )
        return redirect("feedback:training")
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{training_set}.zip")
    response["Cache-Control"] = "private, no-store"
    return response
