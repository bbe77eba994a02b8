"""A version asked every golden example: what is counted, what passes, what is asked again."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from registry.engines import get_engine
from registry.evaluation import reports
from registry.evaluation.datasets import import_dataset
from registry.evaluation.runner import evaluate_version
from registry.models import DatasetVersion, EvaluationRun, ExampleResult, InferenceCall, Prompt
from registry.services.versions import create_version
from tests.registry.live import BUNDLE, make_live

NAMES = ["ada", "bob", "cleo", "dora"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(prompt: Prompt, tmp_path: Path) -> Path:
    """Four guests, the last one in a slice of her own."""
    for name in NAMES:
        slice_name = "late" if name == "dora" else "early"
        guest = {
            "name": name,
            "slice": slice_name,
            "prose": f"Hello {name}, good to see you.",
        }
        (tmp_path / f"{name}.json").write_text(json.dumps(guest))
    return tmp_path


@pytest.fixture
def golden(folder: Path) -> DatasetVersion:
    return import_golden(folder)


def import_golden(folder: Path, **thresholds: Any) -> DatasetVersion:
    text = "\n".join(f"{name} = {value}" for name, value in thresholds.items())
    (folder / "thresholds.toml").write_text(text)
    return import_dataset(task_name="greet", directory=folder, name="golden").version


def evaluate(version: str = "greet@production", **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("evaluate", version, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def calls() -> int:
    return InferenceCall.objects.count()


def test_a_version_that_answers_well_passes(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    out, _ = evaluate()
    assert out.strip().endswith("\npassed")
    subjects = set(InferenceCall.objects.values_list("subject", flat=True))
    assert subjects == {f"example:{example.pk}" for example in golden.examples.all()}


def test_a_version_that_answers_badly_does_not(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt, parameters={"word": "Hi"})
    with pytest.raises(CommandError, match="50.0% of all fields are right; 95% must be") as error:
        evaluate()
    assert error.value.returncode == 1


def test_a_slice_below_its_floor_fails_what_is_good_in_all(prompt: Prompt, folder: Path) -> None:
    (folder / "dora.json").write_text('{"name": "dora", "slice": "late", "prose": "Go."}')
    import_golden(folder, accuracy=0.8, slice_floor=0.4)
    make_live(prompt)
    evaluate()
    import_golden(folder, accuracy=0.8, slice_floor=0.4, slice_floors="{ late = 0.6 }")
    with pytest.raises(CommandError, match="Slice late: 50.0% are right; 60% must be"):
        evaluate()


def test_broken_json_never_passes(prompt: Prompt, folder: Path, monkeypatch: Any) -> None:
    from tests.registry.toy import Greet

    import_golden(folder, accuracy=0.0, slice_floor=0.0)
    make_live(prompt)
    monkeypatch.setattr(Greet, "offline", lambda self, context, parameters: iter(['{"mood"']))
    with pytest.raises(CommandError, match="4 answers are not well-formed"):
        evaluate()
    result = ExampleResult.objects.all()[0]
    assert (result.error_code, result.correct, result.total) == ("invalid_json", 0, 2)


def test_a_version_that_is_not_live_is_asked_all_the_same(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    make_live(prompt)
    draft = create_version(prompt=prompt, bundle={**BUNDLE, "parameters": {"word": "Hi"}})
    run = evaluate_version(version=draft, dataset_version=golden)
    assert reports.report_run(run).by_field["prose"].hits == 0
    assert set(InferenceCall.objects.values_list("version", flat=True)) == {draft.pk}


def test_a_version_has_many_names(prompt: Prompt, golden: DatasetVersion) -> None:
    sha256 = make_live(prompt).sha256
    for name in ("greet@1", "greet", "greet@production", f"greet@{sha256[:9]}"):
        assert "greet v1 on golden 1" in evaluate(name)[0]


def test_what_is_not_there_is_told(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    for name, dataset in (("greet@9", "golden"), ("oracle@1", "golden"), ("greet@1", "silver")):
        with pytest.raises(CommandError, match="there are"):
            evaluate(name, dataset=dataset)


def test_what_was_answered_is_not_asked_again(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    evaluate()
    evaluate()
    assert calls() == 4
    evaluate(fresh=True)
    assert calls() == 8
    assert [run.results.count() for run in EvaluationRun.objects.all()] == [4, 4, 4]


def test_only_examples_that_are_new_are_asked(
    prompt: Prompt, golden: DatasetVersion, folder: Path
) -> None:
    make_live(prompt)
    evaluate()
    (folder / "eve.json").write_text('{"name": "eve", "prose": "Hello eve, good to see you."}')
    import_golden(folder)
    evaluate()
    assert calls() == 5


def test_what_a_stand_in_answered_is_asked_again(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    make_live(prompt)
    evaluate()
    default = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "default": default}
    get_engine.cache_clear()
    with pytest.raises(CommandError, match="12 answers are not of vllm"):
        evaluate()
    assert calls() == 16  # A model's answers vary: it is asked three times.


def test_the_newest_answer_is_the_one_that_is_kept(
    prompt: Prompt, golden: DatasetVersion, monkeypatch: Any
) -> None:
    from tests.registry.toy import Greet

    make_live(prompt)
    evaluate()
    mute = '{"mood": "kind", "prose": ""}'
    monkeypatch.setattr(Greet, "offline", lambda self, context, parameters: iter([mute]))
    with pytest.raises(CommandError):
        evaluate(fresh=True)
    with pytest.raises(CommandError):
        evaluate()


def test_cancelling_keeps_the_answers_and_going_on_asks_the_rest(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    version = make_live(prompt)

    def stop_at_two(result: ExampleResult) -> None:
        if result.run.results.count() == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate_version(version=version, dataset_version=golden, progress=stop_at_two)
    cancelled = EvaluationRun.objects.get()
    assert (cancelled.ending, cancelled.results.count()) == ("cancelled", 2)
    assert not reports.report_run(cancelled).passed
    evaluate()
    assert calls() == 4


def test_several_jobs_give_the_same_figures(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    one, two = (json.loads(evaluate(json=True, fresh=True, jobs=jobs)[0]) for jobs in (1, 3))
    assert one["passed"]
    assert {**one, "run": 0} == {**two, "run": 0}


def test_two_versions_are_compared_example_by_example(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    good, worse = make_live(prompt), make_live(prompt, parameters={"word": "Hi"})
    runs = [evaluate_version(version=version, dataset_version=golden) for version in (good, worse)]
    assert reports.find_rival(runs[0]) == runs[1]
    assert reports.find_rival(runs[1]) is None
    compared = reports.compare_runs(*runs)
    assert (compared.both, compared.only_this, compared.only_other) == (0, 4, 0)
    assert (compared.better, compared.worse, compared.points) == (4, 0, 50.0)
    assert compared.p_value == pytest.approx(0.125)
    assert (compared.p_worse, reports.compare_runs(*runs[::-1]).p_worse) == (1.0, 1 / 16)


def test_progress_is_told_without_a_terminal_too(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    assert evaluate()[1].splitlines()[-1] == "4/4"


def test_what_the_examples_can_see_is_told(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    out, _ = evaluate()
    assert "can see: too few examples to see any drop; one point would take 6,100 examples" in out
    told = json.loads(evaluate(json=True)[0])
    assert (told["sensitivity"]["drop"], told["scores"]) == (None, [1.0] * 4)
