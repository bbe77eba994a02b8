"""Evaluations over HTTP: begin one, watch it, read what came of it."""

from pathlib import Path

import django_rq
import pytest
from rq import SimpleWorker

from registry import jobs, roles
from registry.models import DatasetVersion, EvaluationRun, Prompt, PromptVersion
from registry.services import sweeps
from tests.registry.api_client import Program, make_member
from tests.registry.golden import make_draft, recall_guests
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db(transaction=True)

EVALUATIONS = "prompts/greet/versions/2/evaluations"


@pytest.fixture
def evaluator() -> Program:
    return Program(make_member(roles.EVALUATOR))


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def draft(prompt: Prompt) -> PromptVersion:
    make_live(prompt)
    return make_draft(prompt)


def work() -> None:
    queue = django_rq.get_queue(jobs.QUEUE)
    SimpleWorker([queue], connection=queue.connection, serializer=queue.serializer).work(burst=True)


def test_a_program_evaluates_a_version_in_the_background(
    evaluator: Program, golden: DatasetVersion, draft: PromptVersion
) -> None:
    status, begun = evaluator.post(EVALUATIONS)
    [run] = begun["evaluations"]
    assert (status, run["ending"], run["passed"]) == (202, None, None)
    assert (run["version"], run["dataset"], run["report"]["answered"]) == (2, "golden", 0)
    work()
    _, done = evaluator.get(f"evaluations/{run['id']}")
    assert (done["ending"], done["passed"], done["failures"]) == ("completed", True, [])
    assert done["report"]["by_slice"]["early"]["hits"] == 6
    assert evaluator.get("prompts/greet/versions/2")[1]["passed"]
    assert EvaluationRun.objects.get().actor == evaluator.owner


def test_a_run_that_fails_says_why(
    evaluator: Program, golden: DatasetVersion, prompt: Prompt
) -> None:
    make_live(prompt)
    make_draft(prompt, parameters={"word": "Go away"})
    [run] = evaluator.post(EVALUATIONS)[1]["evaluations"]
    work()
    _, done = evaluator.get(f"evaluations/{run['id']}")
    assert done["passed"] is False
    assert done["failures"][0] == "50.0% of all fields are right; 95% must be."
    assert done["report"]["by_field"]["prose"]["share"] == 0


def test_asking_twice_begins_one(
    evaluator: Program, golden: DatasetVersion, draft: PromptVersion
) -> None:
    first, second = (evaluator.post(EVALUATIONS)[1]["evaluations"][0]["id"] for _ in range(2))
    assert first == second
    assert django_rq.get_queue(jobs.QUEUE).count == 1


def test_a_cancelled_run_has_not_been_judged(
    evaluator: Program, golden: DatasetVersion, draft: PromptVersion
) -> None:
    [run] = evaluator.post(EVALUATIONS)[1]["evaluations"]
    sweeps.cancel_evaluation(EvaluationRun.objects.get(), actor=None)
    _, found = evaluator.get(f"evaluations/{run['id']}")
    assert (found["ending"], found["passed"]) == ("cancelled", None)


def test_there_has_to_be_something_to_ask(evaluator: Program, draft: PromptVersion) -> None:
    assert evaluator.post(EVALUATIONS)[1]["kind"] == "no-dataset"
    assert evaluator.post("prompts/greet/versions/9/evaluations")[0] == 404
    assert evaluator.get(f"evaluations/{10**30}")[0] == 404
    assert not EvaluationRun.objects.exists()


def test_an_author_evaluates_nothing(golden: DatasetVersion, draft: PromptVersion) -> None:
    assert Program(make_member(roles.AUTHOR)).post(EVALUATIONS)[0] == 403
    assert not EvaluationRun.objects.exists()
