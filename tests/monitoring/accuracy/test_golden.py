"""What wearers kept beside what the newest evaluation had right."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry.models import DatasetVersion, EvaluationRun, ExampleResult, PromptVersion
from tests.factories import make_version, promote
from tests.monitoring.accuracy.test_page import PAGE, correct, describe
from tests.monitoring.calls import build_figures
from tests.monitoring.test_drift_report import add_golden

pytestmark = pytest.mark.django_db


@pytest.fixture
def live() -> PromptVersion:
    version = make_version("digitize_photo")
    promote(version)
    return version


def evaluate(version: PromptVersion, right: list[bool]) -> None:
    """A completed run, and whether the pattern of each example was right."""
    add_golden(["shirt"] * len(right))
    golden = DatasetVersion.objects.get()
    run = EvaluationRun.objects.create(version=version, dataset_version=golden, engine="builtin")
    for example, is_right in zip(golden.examples.all(), right, strict=True):
        field = {"name": "pattern", "subject": "1", "expected": "solid", "correct": is_right}
        ExampleResult.objects.create(
            run=run,
            example=example,
            output={},
            fields=[{**field, "found": "solid" if is_right else "dotted"}],
            correct=int(is_right),
            total=1,
        )
    EvaluationRun.objects.filter(pk=run.pk).update(ending="completed", ended_at=timezone.now())


def test_a_corrected_field_stands_beside_its_golden_share(
    operator: Client, live: PromptVersion
) -> None:
    evaluate(live, [True, True, True, False])
    correct(describe(live))
    describe(live)
    build_figures()
    page = operator.get(reverse(PAGE))
    [row] = [row for one in page.context["told"] for row in one.golden]
    assert row.name == "pattern"
    assert (row.kept.hits, row.kept.total, row.golden.hits, row.golden.total) == (1, 2, 3, 4)
    assert "<span>-25.0</span>" in page.text


def test_the_results_of_a_completed_run_are_read_once_in_a_process(
    operator: Client, live: PromptVersion
) -> None:
    evaluate(live, [True])
    correct(describe(live))
    build_figures()
    operator.get(reverse(PAGE))
    with CaptureQueriesContext(connection) as queries:
        again = operator.get(reverse(PAGE))
    assert "Right on golden examples" in again.text
    assert not any("registry_exampleresult" in one["sql"] for one in queries)
