"""Answers that vary are asked more than once, and count only when every one of them is right."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError

from registry.evaluation import reports
from registry.evaluation.attempts import find_repeats
from registry.evaluation.runner import SEED, start_run
from registry.models import DatasetVersion, EvaluationRun, InferenceCall, Prompt
from tests.registry.golden import (
    NAMES,
    evaluate,
    import_guests,
    make_draft,
    recall_guests,
    write_guests,
)
from tests.registry.live import make_live
from tests.registry.moody import RUDE, use_moody_model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.mark.parametrize(
    ("repeats", "temperature", "engine", "expected"),
    [
        (0, 0.7, "vllm", 3),
        (0, 0.0, "vllm", 1),
        (5, 0.0, "vllm", 5),
        (1, 0.7, "vllm", 1),
        (5, 0.7, "builtin", 1),
        (0, 0.7, "default", 1),
    ],
)
def test_an_example_is_asked_as_often_as_answers_vary(
    prompt: Prompt, repeats: int, temperature: float, engine: str, expected: int
) -> None:
    golden = DatasetVersion(thresholds={"repeats": repeats} if repeats else {})
    draft = make_draft(prompt, sampling={"temperature": temperature})
    assert find_repeats(draft, engine, golden) == expected


def test_every_attempt_has_a_seed_of_its_own(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    use_moody_model(settings)
    run = evaluate(make_draft(prompt), golden)
    asked = list(run.results.values_list("example__key", "attempt", "call__seed"))
    assert asked == [(name, n, SEED + n - 1) for name in NAMES for n in (1, 2, 3)]


def test_one_wrong_answer_of_three_makes_the_example_wrong(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    use_moody_model(settings, {(2, "bob"): RUDE, (3, "cleo"): RUDE})
    report = reports.report_run(evaluate(make_draft(prompt), golden))
    assert (report.answered, report.fields.hits, report.fields.total) == (4, 6, 8)
    assert report.scores == [1.0, 0.5, 0.5, 1.0]
    assert (report.by_field["prose"].hits, report.by_slice["early"].hits) == (2, 4)
    assert [(r.example.key, r.attempt) for r in report.worst] == [("bob", 2), ("cleo", 3)]


def test_every_answer_must_be_well_formed(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    use_moody_model(settings, {(3, "dora"): '{"mood"'})
    report = reports.report_run(evaluate(make_draft(prompt), golden))
    assert (report.valid.hits, report.valid.total) == (11, 12)
    assert "1 answers are not well-formed." in report.failures


def test_the_least_right_answers_are_compared(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    use_moody_model(settings, {(2, "bob"): RUDE})
    live, draft = make_live(prompt), make_draft(prompt)
    steady, moody = evaluate(live, golden, engine="builtin"), evaluate(draft, golden)
    assert reports.compare_runs(moody, steady).differences.count(-0.5) == 1
    bob = golden.examples.get(key="bob").sha256
    assert reports.read_fields(moody)[bob, "", "prose"] is False
    assert reports.find_answers(moody, steady.results.all())[bob].attempt == 2


def test_an_example_is_answered_when_all_its_attempts_are(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    use_moody_model(settings)

    def stop_at_four(result: Any) -> None:
        if result.run.results.count() == 4:
            raise KeyboardInterrupt

    draft = make_draft(prompt)
    with pytest.raises(KeyboardInterrupt):
        evaluate(draft, golden, progress=stop_at_four)
    assert reports.report_run(EvaluationRun.objects.get()).answered == 1
    evaluate(draft, golden)
    assert InferenceCall.objects.count() == 12


def test_more_repeats_ask_only_what_is_new(
    prompt: Prompt, tmp_path: Path, golden: DatasetVersion, settings: Any
) -> None:
    use_moody_model(settings)
    draft = make_draft(prompt)
    evaluate(draft, golden)
    more = import_guests(write_guests(tmp_path), repeats=4)
    assert reports.report_run(evaluate(draft, more)).passed
    assert InferenceCall.objects.count() == 16


def test_a_run_that_asked_too_seldom_does_not_pass(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    use_moody_model(settings)
    run = evaluate(make_draft(prompt), golden)
    run.repeats = 2
    told = "Each example was asked 2 of 3 times: its answers vary."
    assert told in reports.report_run(run).failures


def test_an_attempt_is_answered_once(prompt: Prompt, golden: DatasetVersion) -> None:
    run = start_run(version=make_draft(prompt), dataset_version=golden)
    example = golden.examples.all()[0]
    run.results.create(example=example, correct=0, total=2)
    run.results.create(example=example, attempt=2, correct=0, total=2)
    with pytest.raises(IntegrityError, match="result_once"):
        run.results.create(example=example, attempt=2, correct=1, total=2)


@pytest.mark.parametrize(
    ("thresholds", "told"),
    [
        ({"repeats": 0}, "repeats is a number from 1 to 10, not 0"),
        ({"repeats": 11}, "repeats is a number from 1 to 10, not 11"),
        ({"accuracy": 95}, "accuracy is a share from 0 to 1, not 95"),
        ({"slice_floors": "{ late = 2 }"}, "late is a share from 0 to 1, not 2"),
        ({"acuracy": 0.9}, "not acuracy"),
    ],
)
def test_thresholds_that_are_none_are_refused(
    prompt: Prompt, tmp_path: Path, thresholds: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        import_guests(write_guests(tmp_path), **thresholds)


def test_a_terminal_hears_how_often(prompt: Prompt, golden: DatasetVersion, settings: Any) -> None:
    use_moody_model(settings, {(2, "bob"): RUDE})
    make_live(prompt)
    out = StringIO()
    with pytest.raises(CommandError, match="87.5% of all fields"):
        call_command("evaluate", "greet@production", stdout=out, stderr=StringIO())
    assert "4 of 4 examples, 3 times each" in out.getvalue()
