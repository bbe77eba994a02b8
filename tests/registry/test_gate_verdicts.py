"""What the gate says of a version, from rows alone: nothing is asked of an engine."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from registry.evaluation import gate
from registry.evaluation.gate import NotPassedError
from registry.models import DatasetVersion, EvaluationRun, ExampleResult, Prompt, PromptVersion
from tests.factories import make_call
from tests.registry.golden import import_guests, make_draft, write_guests
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db

NOW = timezone.now()


GUESTS = [f"guest-{number}" for number in range(12)]


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    """Twelve guests; half of their fields right is enough."""
    return import_guests(write_guests(tmp_path, GUESTS), accuracy=0.5, slice_floor=0.5)


@pytest.fixture
def live(prompt: Prompt) -> PromptVersion:
    return make_live(prompt, engine="builtin")


@pytest.fixture
def draft(prompt: Prompt, live: PromptVersion) -> PromptVersion:
    return make_draft(prompt, engine="builtin")


def save_run(version: PromptVersion, golden: DatasetVersion, **fields: Any) -> EvaluationRun:
    """A completed run without results."""
    ended = {"engine": "builtin", "ending": "completed", "started_at": NOW, "ended_at": NOW}
    return EvaluationRun.objects.create(
        version=version, dataset_version=golden, **{**ended, **fields}
    )


def save_answers(run: EvaluationRun, right: list[bool], **fields: Any) -> EvaluationRun:
    """Each example answered by the version's own engine, with these fields right or wrong, and judged if whole."""
    return save_each(run, [right] * len(GUESTS), **fields)


def save_each(run: EvaluationRun, rights: list[list[bool]], **fields: Any) -> EvaluationRun:
    """The same, with other fields right in each example."""
    for example, right in zip(run.dataset_version.examples.all(), rights, strict=True):
        scores = [{"name": f"{i}", "subject": "", "correct": told} for i, told in enumerate(right)]
        answer = {"output": {}, "call": make_call(run.version), **fields}
        counts = {"fields": scores, "correct": sum(right), "total": len(right)}
        ExampleResult.objects.create(run=run, example=example, **answer, **counts)
    if run.ending == EvaluationRun.Ending.COMPLETED:
        gate.record_verdict(run)
    return run


def judge(run: EvaluationRun) -> str:
    return " ".join(gate.judge(run).failures)


def test_a_version_whose_newest_run_is_right_has_passed(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = save_answers(save_run(draft, golden), [True])
    assert gate.require_passed(draft) == run
    assert gate.has_passed(draft)
    assert gate.explain_not_passed(draft) == []


def test_a_version_that_has_not_passed_is_told_why(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    save_answers(save_run(draft, golden), [False])
    with pytest.raises(NotPassedError, match="greet v2 has not passed: 0.0% of all fields") as told:
        gate.require_passed(draft)
    assert told.value.failures == gate.explain_not_passed(draft)
    assert not gate.has_passed(draft)


def test_without_a_dataset_nothing_passes(draft: PromptVersion) -> None:
    assert gate.explain_not_passed(draft) == ["greet has no golden dataset to pass."]


def test_without_a_run_it_is_said_on_which_dataset_one_is_missing(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    missing = "No evaluation on golden 1 has been completed with Built-in."
    assert gate.explain_not_passed(draft) == [missing]


@pytest.mark.parametrize("ending", ["cancelled", "lost"])
def test_a_newer_run_that_was_not_completed_does_not_count(
    draft: PromptVersion, golden: DatasetVersion, ending: str
) -> None:
    run = save_answers(save_run(draft, golden), [True])
    save_answers(save_run(draft, golden, started_at=NOW + timedelta(1), ending=ending), [False])
    assert gate.find_run(draft, golden) == run


def test_a_run_with_another_engine_says_nothing_of_the_own_one(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    gemma = make_call(draft, engine="vllm")
    run = save_answers(save_run(draft, golden, engine="vllm"), [True], call=gemma)
    assert gate.find_run(draft, golden) is None
    assert gate.find_run(draft, golden, "vllm") == run
    assert not gate.has_passed(draft)


def test_an_engine_that_cannot_be_asked_here_lets_nothing_pass(
    prompt: Prompt, live: PromptVersion, golden: DatasetVersion
) -> None:
    draft = make_draft(prompt, engine="default", sampling={"temperature": 0.0})
    gemma = make_call(draft, engine="vllm")
    run = save_answers(save_run(draft, golden, engine="vllm"), [True], call=gemma)
    assert run.verdicts.get().passed
    missing = "No evaluation on golden 1 has been completed with Built-in."
    with pytest.raises(NotPassedError) as told:
        gate.require_passed(draft)
    assert told.value.failures == gate.explain_not_passed(draft) == [missing]


@pytest.fixture
def both_engines(prompt: Prompt, live: PromptVersion, settings: Settings) -> PromptVersion:
    """A draft that Gemma may answer, and the built-in engine after it."""
    chain = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "default": chain}
    return make_draft(prompt, engine="default")


def test_of_two_engines_each_says_what_it_lacks(
    both_engines: PromptVersion, golden: DatasetVersion
) -> None:
    missing = "No evaluation on golden 1 has been completed with"
    told = [f"Gemma: {missing} Gemma.", f"Built-in: {missing} Built-in."]
    assert gate.explain_not_passed(both_engines) == told


def test_to_pass_with_one_of_two_engines_is_to_pass(
    both_engines: PromptVersion, golden: DatasetVersion
) -> None:
    run = save_answers(save_run(both_engines, golden), [True])
    assert gate.require_passed(both_engines) == run
    assert gate.explain_not_passed(both_engines) == []


def test_a_verdict_is_announced_to_whoever_holds_the_live_version(
    draft: PromptVersion, golden: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[tuple[str, int]] = []
    monkeypatch.setattr(gate.live_versions, "announce", lambda *move: announced.append(move))
    save_answers(save_run(draft, golden), [True])
    assert announced == [("greet", 1)]


def test_only_a_run_of_the_version_on_these_examples_counts(
    live: PromptVersion, draft: PromptVersion, golden: DatasetVersion, tmp_path: Path
) -> None:
    run = save_answers(save_run(draft, golden), [True])
    newer = import_guests(tmp_path, accuracy=0.6)
    save_answers(save_run(live, golden), [True])
    save_answers(save_run(draft, newer), [True])
    assert gate.find_run(draft, golden) == run


def test_the_newest_verdict_is_the_one_that_counts(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    save_answers(save_run(draft, golden), [True])
    last = save_answers(save_run(draft, golden), [False])
    assert gate.find_run(draft, golden) == last
    assert not gate.has_passed(draft)


def test_answers_of_an_engine_in_its_place_fail(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = save_answers(save_run(draft, golden), [True], call=make_call(draft, engine="vllm"))
    assert judge(run) == "12 answers are not of builtin, but of an engine in its place."


def test_an_empty_answer_is_not_one_of_an_engine_in_its_place(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = save_answers(save_run(draft, golden), [True], call=None, output=None)
    assert judge(run) == "12 answers are not well-formed."


def save_rivals(
    live: PromptVersion, draft: PromptVersion, golden: DatasetVersion, here: int, there: int
) -> EvaluationRun:
    """A run of each; so many examples are right in the draft's or in the live one's alone, the others in both."""
    both = [[True]] * (len(GUESTS) - here - there)
    save_each(save_run(live, golden), [[False]] * here + [[True]] * there + both)
    return save_each(save_run(draft, golden), [[True]] * here + [[False]] * there + both)


@pytest.mark.parametrize(
    ("here", "there", "p"),
    [(0, 7, "0.0078"), (0, 6, ""), (1, 10, "0.0059"), (1, 8, ""), (4, 4, ""), (8, 0, "")],
)
def test_worse_than_the_live_version_is_what_chance_makes_once_in_a_hundred(
    live: PromptVersion,
    draft: PromptVersion,
    golden: DatasetVersion,
    here: int,
    there: int,
    p: str,
) -> None:
    """Examples that differ have even odds: of seven all are worse once in 128 times."""
    told = gate.judge(save_rivals(live, draft, golden, here, there)).regression
    assert bool(told) is bool(p)
    assert told.endswith(f"(sign flips, p = {p}).") or not p
    assert f"{there} examples have less right than there, {here} have more" in told or not p


def test_a_version_worse_than_the_live_one_does_not_pass(
    live: PromptVersion, draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = save_rivals(live, draft, golden, 0, 7)
    assert "worse than the live greet v1" in judge(run)
    assert run.verdicts.get().compared_with == live


def test_without_another_live_version_a_verdict_compares_with_none(
    live: PromptVersion, golden: DatasetVersion
) -> None:
    run = save_answers(save_run(live, golden), [True])
    assert run.verdicts.get().compared_with is None


@pytest.mark.parametrize(("p", "is_worse"), [(0.01, True), (0.0101, False)])
def test_what_chance_makes_just_once_in_a_hundred_is_worse(
    live: PromptVersion, golden: DatasetVersion, p: float, is_worse: bool
) -> None:
    compared = Mock(p_worse=p, worse=7, better=0, points=-3.0)
    assert bool(gate.describe_regression(save_run(live, golden), compared)) is is_worse


def test_without_a_run_of_the_live_version_there_is_nothing_to_be_worse_than(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = save_answers(save_run(draft, golden), [False] * 8)
    assert gate.judge(run).regression == ""
