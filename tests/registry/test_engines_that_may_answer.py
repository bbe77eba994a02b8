"""An engine answers wearers under a version with which it has passed; evaluations ask any."""

from datetime import timedelta
from pathlib import Path

import django_rq
import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from rq import SimpleWorker

from registry import inference, jobs
from registry.canary.service import start_canary
from registry.engines import get_engine
from registry.engines.breaker import Breaker
from registry.evaluation import gate
from registry.evaluation.thresholds import Thresholds
from registry.inference import InferenceError
from registry.models import (
    DatasetVersion,
    EvaluationRun,
    InferenceCall,
    Override,
    Prompt,
    PromptVersion,
)
from registry.prompts import live_versions
from registry.services import releases
from registry.services.overrides import set_thresholds
from tests.factories import make_operator
from tests.registry.golden import evaluate, import_guests, make_draft, recall_guests, write_guests
from tests.registry.live import make_live
from tests.registry.toy import Guest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def gemma(settings: Settings) -> None:
    """A model is there and comes first: one that answers as the built-in engine does."""
    settings.INFERENCE_ENGINES = {
        "builtin": settings.INFERENCE_ENGINES["builtin"],
        "vllm": settings.INFERENCE_ENGINES["builtin"],
        "default": {
            **settings.INFERENCE_ENGINES["default"],
            "OPTIONS": {"engines": ["vllm", "builtin"]},
        },
    }
    get_engine.cache_clear()


def go_live(prompt: Prompt, **changes: object) -> PromptVersion:
    """As a prompt file does: the first version, that nobody has judged."""
    version = make_draft(prompt, **changes)
    releases.promote_version(version=version, actor=None, reason="first")
    return version


def ask() -> str:
    """Who answers a wearer."""
    return inference.run("greet", Guest(), subject="guest:1").engine


def test_under_a_first_version_the_built_in_engine_answers_alone(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    version = go_live(prompt)
    assert ask() == "builtin"
    evaluate(version, golden, engine="vllm")
    assert ask() == "vllm"


def test_an_engine_that_failed_does_not_answer(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    version = go_live(prompt)
    evaluate(version, golden, engine="builtin")
    finished = inference.run("greet", Guest(), subject="guest:1")
    assert (finished.engine, finished.fell_back) == ("builtin", False)
    evaluate(version, golden, engine="vllm")
    operator = make_operator()
    assert ask() == "vllm"
    set_thresholds(
        prompt=prompt, thresholds=Thresholds(accuracy=1.0), actor=operator, reason="stricter"
    )
    assert ask() == "vllm"


def test_where_nobody_may_answer_the_call_fails_and_says_so(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    go_live(prompt, engine="vllm")
    with pytest.raises(InferenceError, match="vllm has not passed") as error:
        ask()
    assert (error.value.code, error.value.permanent) == ("engine_unavailable", False)
    assert InferenceCall.objects.get().outcome == InferenceCall.Outcome.FAILED


def test_under_an_open_override_all_answer_and_the_model_goes_with_it(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    version = go_live(prompt)
    override = Override.objects.create(
        version=version, reason="x", expires_at=timezone.now() + timedelta(seconds=2)
    )
    assert ask() == "vllm"
    while timezone.now() < override.expires_at:
        pass
    assert ask() == "builtin"


def test_a_pass_of_the_builtin_engine_outlasts_the_coming_of_a_model_that_is_asked_more_often(
    prompt: Prompt, golden: DatasetVersion, request: pytest.FixtureRequest
) -> None:
    version = go_live(prompt, sampling={"temperature": 0.7})
    evaluate(version, golden)
    request.getfixturevalue("gemma")
    gate.judge_again(version)
    assert [(v.engine, v.failures) for v in version.verdicts.all()] == [("builtin", [])]
    assert ask() == "builtin"


def test_raised_thresholds_stop_an_engine(prompt: Prompt, tmp_path: Path, gemma: None) -> None:
    lax = import_guests(write_guests(tmp_path), accuracy=0.5, slice_floor=0.5)
    version = go_live(prompt, parameters={"word": "Hi"})
    evaluate(version, lax, engine="vllm")
    assert ask() == "vllm"
    set_thresholds(prompt=prompt, thresholds=Thresholds(), actor=make_operator(), reason="x")
    assert ask() == "builtin"


def test_new_examples_silence_nobody_before_they_were_asked(
    prompt: Prompt, golden: DatasetVersion, tmp_path: Path, gemma: None
) -> None:
    version = go_live(prompt)
    evaluate(version, golden, engine="vllm")
    import_guests(write_guests(tmp_path, ["eve"]))
    assert ask() == "vllm"


def test_a_process_hears_of_a_verdict_without_a_move(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    version = go_live(prompt)
    before = live_versions.resolve("greet")
    evaluate(version, golden, engine="vllm")
    after = live_versions.resolve("greet")
    assert (before.engines, after.engines) == ({"builtin"}, {"vllm"})
    assert before.epoch == after.epoch


def test_a_lost_message_about_a_verdict_is_made_good_by_the_check(
    prompt: Prompt, golden: DatasetVersion, gemma: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = go_live(prompt)
    live_versions.resolve("greet")
    monkeypatch.setattr(live_versions, "publish_move", lambda *_: None)
    evaluate(version, golden, engine="vllm")
    assert live_versions.resolve("greet", certain=True).engines == {"vllm"}


def work() -> None:
    queue = django_rq.get_queue(jobs.QUEUE)
    SimpleWorker([queue], connection=queue.connection, serializer=queue.serializer).work(burst=True)


def test_what_is_live_is_evaluated_by_itself_with_every_engine_once(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    version = go_live(prompt)
    assert len(jobs.evaluate_live_job()) == 2
    assert jobs.evaluate_live_job() == []
    work()
    assert {v.engine: v.passed for v in version.verdicts.all()} == {"vllm": True, "builtin": True}
    assert jobs.evaluate_live_job() == []
    assert ask() == "vllm"


def test_a_model_that_appears_is_tried_before_it_answers(
    prompt: Prompt, golden: DatasetVersion, request: pytest.FixtureRequest
) -> None:
    version = go_live(prompt)
    evaluate(version, golden)
    request.getfixturevalue("gemma")
    assert ask() == "builtin"
    [run] = jobs.evaluate_live_job()
    work()
    assert EvaluationRun.objects.filter(engine="vllm", ending="completed").count() == 1
    assert ask() == "vllm"


def test_a_canary_is_tried_with_a_model_that_appears(
    prompt: Prompt, golden: DatasetVersion, request: pytest.FixtureRequest
) -> None:
    evaluate(go_live(prompt), golden)
    candidate = make_draft(prompt)
    evaluate(candidate, golden)
    start_canary(version=candidate, share=0.1, actor=None, reason="see")
    request.getfixturevalue("gemma")
    assert len(jobs.evaluate_live_job()) == 2
    work()
    assert candidate.verdicts.filter(engine="vllm", passed=True).exists()


def test_a_model_that_is_away_is_not_asked_meanwhile(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    go_live(prompt)
    Breaker("vllm").open("out of memory")
    jobs.evaluate_live_job()
    assert set(EvaluationRun.objects.values_list("engine", flat=True)) == {"builtin"}


def test_a_model_that_went_away_is_asked_again_later(
    prompt: Prompt,
    golden: DatasetVersion,
    gemma: None,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = go_live(prompt)
    evaluate(version, golden, engine="builtin")
    settings.INFERENCE_ENGINES = {
        **settings.INFERENCE_ENGINES,
        "vllm": {"ENGINE": "tests.registry.test_engines_that_may_answer.AwayEngine"},
    }
    get_engine.cache_clear()
    run = evaluate(version, golden, engine="vllm")
    assert not run.verdicts.get().passed
    assert jobs.evaluate_live_job() == []
    monkeypatch.setattr(jobs, "AWAY_RESTS", timedelta())
    assert len(jobs.evaluate_live_job()) == 1


class AwayEngine:
    def __init__(self, name: str) -> None:
        self.name = name

    async def stream(self, request: object):  # type: ignore[no-untyped-def]
        from registry.engines.base import EngineUnavailableError

        raise EngineUnavailableError("no connection")
        yield


def test_what_an_operator_cancelled_stays_so_for_a_while(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    from registry.services import sweeps

    go_live(prompt)
    assert len(jobs.evaluate_live_job()) == 1
    sweeps.cancel_evaluation(EvaluationRun.objects.get(), actor=None)
    assert jobs.evaluate_live_job() == []


def test_evaluations_and_the_playground_ask_any_engine(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    go_live(prompt)
    draft = make_draft(prompt)
    assert live_versions.hold(draft).engines is None
    run = evaluate(draft, golden, engine="vllm")
    assert set(run.results.values_list("call__engine", flat=True)) == {"vllm"}


def test_a_canary_is_answered_by_the_engines_it_has_passed_with(
    prompt: Prompt, golden: DatasetVersion, gemma: None
) -> None:
    from registry.canary.service import start_canary

    make_live(prompt)
    draft = make_draft(prompt)
    evaluate(draft, golden, engine="builtin")
    start_canary(version=draft, share=0.5, actor=None, reason="x")
    canary = live_versions.resolve("greet").canary
    assert canary is not None
    assert canary.candidate.engines == {"builtin"}
    assert live_versions.resolve("greet").engines == {"vllm", "builtin"}
