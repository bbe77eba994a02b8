"""The operator's pages of golden datasets and of what evaluations found."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from registry.admin.datasets import tell_thing
from registry.evaluation.datasets import import_dataset
from registry.evaluation.runner import evaluate_version, start_run
from registry.models import DatasetVersion, EvaluationRun, Example, ExampleResult, Prompt
from registry.services import releases, sweeps
from tests.factories import make_image, make_operator, make_user
from tests.registry.live import make_live
from tests.registry.moody import RUDE, use_moody_model

GUESTS = {
    "ada": {"name": "Ada", "slice": "short", "prose": "Hello Ada, good to see you."},
    "bob": {"name": "Bob", "slice": "rude", "prose": "Go away."},
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    """Two guests: one is greeted as expected, the other cannot be."""
    for key, guest in GUESTS.items():
        (tmp_path / f"{key}.json").write_text(json.dumps(guest))
    return import_dataset(task_name="greet", directory=tmp_path, name="golden").version


@pytest.fixture
def run(golden: DatasetVersion, prompt: Prompt) -> EvaluationRun:
    return evaluate_version(version=make_live(prompt), dataset_version=golden)


@pytest.fixture
def operator_client(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def read(client: Client, name: str, *args: int, **query: object) -> str:
    response = client.get(reverse(f"admin:registry_{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_dataset_shows_its_examples_and_what_is_right(
    operator_client: Client, golden: DatasetVersion
) -> None:
    page = read(operator_client, "dataset_change", golden.dataset_id)
    assert golden.sha256[:7] in page
    assert "prose: Hello Ada, good to see you." in page


def test_a_label_within_labels_is_told_in_words() -> None:
    rules = {"rain_rule": {"needs": ["rain_boots", "coat"], "never": []}, "taste": {}, "why": None}
    assert tell_thing(rules) == "rain rule: (needs: rain boots, coat)"


def test_a_dataset_shows_who_changed_what_it_asks(
    operator_client: Client, golden: DatasetVersion, tmp_path: Path
) -> None:
    (tmp_path / "cleo.json").write_text(json.dumps({"name": "Cleo", "prose": "Hello Cleo."}))
    import_dataset(task_name="greet", directory=tmp_path, name="golden")
    assert "1 → 2, the system" in read(operator_client, "dataset_change", golden.dataset_id)


def test_examples_are_filtered_by_slice(operator_client: Client, golden: DatasetVersion) -> None:
    page = read(operator_client, "dataset_change", golden.dataset_id, slice="rude")
    assert "Go away." in page
    assert "Hello Ada" not in page


def test_a_run_that_has_asked_nothing_says_no_share(
    operator_client: Client, golden: DatasetVersion, prompt: Prompt
) -> None:
    run = EvaluationRun.objects.create(
        version=make_live(prompt), dataset_version=golden, engine="builtin"
    )
    page = read(operator_client, "evaluationrun_change", run.pk)
    assert "0/0" in page and "nothing asked yet" in page and "100.0 %" not in page


def test_a_run_shows_what_was_expected_and_what_was_answered(
    operator_client: Client, run: EvaluationRun
) -> None:
    page = read(operator_client, "evaluationrun_change", run.pk)
    assert "Not passed" in page
    assert "Go away." in page
    assert "Hello Bob, good to see you." in page
    assert "Hello Ada" not in page


def test_faults_are_told_in_words(
    operator_client: Client, golden: DatasetVersion, prompt: Prompt
) -> None:
    run = EvaluationRun.objects.create(
        version=make_live(prompt), dataset_version=golden, engine="builtin"
    )
    first, second = golden.examples.all()[:2]
    counts = {"run": run, "total": 1}
    repaired = [{"code": "repaired_json", "message": ""}]
    ExampleResult.objects.create(**counts, example=first, correct=1, output={}, violations=repaired)
    wrong = {"name": "prose", "subject": "", "expected": "Hi", "found": "", "correct": False}
    ExampleResult.objects.create(
        **counts, example=second, correct=0, error_code="engine_timeout", fields=[wrong]
    )
    page = read(operator_client, "evaluationrun_change", run.pk)
    assert "<dd>Broken JSON, repaired</dd>" in page
    assert "<dd>No answer in time, no answer</dd>" in page
    assert '<span class="state state--bad">No answer in time</span>' in page
    assert "repaired_json" not in page and "engine_timeout" not in page


@pytest.mark.parametrize("query", [{"slice": "short"}, {"field": "mood"}])
def test_the_wrong_examples_are_narrowed(
    operator_client: Client, run: EvaluationRun, query: dict[str, str]
) -> None:
    page = read(operator_client, "evaluationrun_change", run.pk, **query)
    assert "Hello Bob, good to see you." not in page


def test_a_run_stands_beside_the_live_version(
    operator_client: Client, run: EvaluationRun, prompt: Prompt
) -> None:
    other = make_live(prompt, parameters={"word": "Hi"})
    assert prompt.production() != other
    rival = evaluate_version(version=other, dataset_version=run.dataset_version)
    page = read(operator_client, "evaluationrun_change", run.pk)
    assert "more is right here in 1, less in 0" in page
    assert "all is right here alone in 1, there alone in 0" in page
    assert f"/{rival.pk}/" in page


def test_a_run_says_what_its_examples_can_see(operator_client: Client, run: EvaluationRun) -> None:
    page = read(operator_client, "evaluationrun_change", run.pk)
    assert "What these examples can see: too few examples to see any drop; one point" in page


def test_a_list_counts_fields_that_were_right_every_time(
    operator_client: Client, golden: DatasetVersion, prompt: Prompt, settings: Any
) -> None:
    use_moody_model(settings, {(2, "Ada"): RUDE})
    run = evaluate_version(version=make_live(prompt), dataset_version=golden)
    assert "50.0% of 4" in read(operator_client, "evaluationrun_changelist")
    assert "each asked 3 times" in read(operator_client, "evaluationrun_change", run.pk)


def test_the_prompts_page_names_its_latest_evaluation(
    operator_client: Client, run: EvaluationRun, prompt: Prompt
) -> None:
    page = read(operator_client, "prompt_change", prompt.pk)
    assert "Latest evaluation" in page
    assert "75.0 % of fields right" in page


@pytest.mark.parametrize("model", ["dataset", "evaluationrun"])
def test_rows_are_listed_and_read_only(
    operator_client: Client, run: EvaluationRun, model: str
) -> None:
    assert "golden" in read(operator_client, f"{model}_changelist")
    assert operator_client.get(reverse(f"admin:registry_{model}_add")).status_code == 403


def make_pictured(version: DatasetVersion) -> Example:
    picture = make_image(size=(600, 800), format="WEBP")
    name = default_storage.save("datasets/one", ContentFile(picture))
    return Example.objects.create(
        dataset_version=version, ordinal=9, key="pictured", input={}, expected={}, file=name
    )


def picture_status(client: Client, example: Example) -> int:
    url = reverse("admin:registry_example_picture", args=[example.pk])
    return client.get(url).status_code


def test_a_picture_is_served_to_staff_alone(client: Client, golden: DatasetVersion) -> None:
    example = make_pictured(golden)
    client.force_login(make_user("alice@example.org"))
    assert picture_status(client, example) == 302
    staff = make_user("staff@example.org", is_staff=True)
    client.force_login(staff)
    assert picture_status(client, example) == 403
    staff.user_permissions.add(Permission.objects.get(codename="view_dataset"))
    assert picture_status(client, example) == 200


def test_an_example_without_a_picture_has_none_to_show(
    operator_client: Client, golden: DatasetVersion
) -> None:
    assert picture_status(operator_client, golden.examples.all()[0]) == 404


def test_a_picture_is_small_in_lists(operator_client: Client, golden: DatasetVersion) -> None:
    url = reverse("admin:registry_example_picture", args=[make_pictured(golden).pk])
    small = operator_client.get(url, {"small": ""}).content
    assert Image.open(BytesIO(small)).size == (360, 480)


@pytest.fixture
def rival(run: EvaluationRun, prompt: Prompt) -> EvaluationRun:
    """Another version went live since; it greets both wrongly."""
    live = make_live(prompt, parameters={"word": "Hi"})
    return evaluate_version(version=live, dataset_version=run.dataset_version)


def test_the_live_versions_answer_stands_beside_each_wrong_one(
    operator_client: Client, run: EvaluationRun, rival: EvaluationRun
) -> None:
    page = read(operator_client, "evaluationrun_change", run.pk)
    assert f"Live v{rival.version.number}" in page
    assert "Hi Bob, good to see you." in page


def test_what_the_live_version_had_right_is_one_filter_away(
    operator_client: Client, run: EvaluationRun, rival: EvaluationRun, prompt: Prompt
) -> None:
    assert "Nothing here is wrong" in read(operator_client, "evaluationrun_change", run.pk, lost=1)
    releases.roll_back(
        prompt=prompt, to_version=run.version, actor=None, reason="x", expected_epoch=2
    )
    page = read(operator_client, "evaluationrun_change", rival.pk, lost=1)
    assert "Hi Ada, good to see you." in page
    assert "Hi Bob, good to see you." not in page


def test_an_unasked_live_version_can_be_asked(
    operator_client: Client, run: EvaluationRun, prompt: Prompt
) -> None:
    live = make_live(prompt, parameters={"word": "Hi"})
    page = read(operator_client, "evaluationrun_change", run.pk)
    assert f"Evaluate the live v{live.number}" in page


def test_a_cancelled_run_can_be_gone_on_with(
    operator_client: Client, golden: DatasetVersion, prompt: Prompt
) -> None:
    cancelled = start_run(version=make_live(prompt), dataset_version=golden)
    sweeps.cancel_evaluation(cancelled, actor=None)
    page = read(operator_client, "evaluationrun_change", cancelled.pk)
    assert "Go on with it" in page
    start = reverse("admin:registry_evaluationrun_start", args=[cancelled.version_id])
    assert f'action="{start}"' in page
