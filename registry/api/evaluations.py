"""Evaluations: begin one, see how far it is, and what came of it."""

from typing import Any

from registry import jobs
from registry.api import schemas
from registry.api.auth import BearerToken, TokenRequest
from registry.api.description import refuses
from registry.api.finders import find_prompt, find_version
from registry.api.problems import NO_DATASET, NOT_FOUND, ProblemError
from registry.api.routing import Router
from registry.api.schemas import PromptName, VersionNumber
from registry.models import EvaluationRun

READ = BearerToken("registry.view_evaluationrun")
EVALUATE = BearerToken("registry.evaluate_prompt")
VERSION = "prompts/{slug:name}/versions/{int:number}"

router = Router()


@router.post(f"{VERSION}/evaluations", auth=EVALUATE, response={202: schemas.EvaluationList})
@refuses(NO_DATASET)
def evaluate_version(
    request: TokenRequest, name: PromptName, number: VersionNumber
) -> dict[str, Any]:
    """Ask a version every golden example, in the background: one run a dataset.

    A run of it that is under way is given back in place of a second one.
    """
    version = find_version(find_prompt(name), number)
    runs = jobs.enqueue_evaluations(version, actor=request.auth.owner)
    if not runs:
        raise ProblemError(NO_DATASET, f"{name} has no golden dataset: nothing to ask")
    return {"evaluations": runs}


@router.get("evaluations/{int:pk}", auth=READ, response=schemas.Evaluation)
def get_evaluation(request: TokenRequest, pk: int) -> EvaluationRun:
    """One run, its figures as they are now, and whether it lets its version pass."""
    runs = EvaluationRun.objects.select_related(
        "version__prompt", "dataset_version__dataset", "actor"
    )
    run = runs.filter(pk=pk).first()
    if run is None:
        raise ProblemError(NOT_FOUND, f"There is no evaluation {pk}")
    return run
