"""Words go out of what otherwise never changes, of wearers who are gone alone; everything else of it stays refused."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Consent, User
from registry.models import (
    CollectedExample,
    EvaluationRun,
    Example,
    ExampleResult,
    InferenceCall,
)
from registry.services.examples import (
    collect_example,
    forget_examples_of,
    offer_datasets,
    publish_examples,
)
from registry.services.forgetting import blank, blank_examples, forget_calls
from registry.tasks import ExampleSource
from tests.factories import make_call, make_user, make_version
from tests.registry.test_gate_in_the_database import app_role, be_the_app

pytestmark = pytest.mark.django_db
__all__ = ["app_role"]

ASKED = {
    "wearer": {"likes": "wool", "sensitivity": 0},
    "event": {"note": "by bike", "kind": "casual"},
}
EMPTY = {"wearer": {"likes": "", "sensitivity": 0}, "event": {"note": "", "kind": "casual"}}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def wearer() -> User:
    user = make_user()
    Consent.objects.create(user=user, text_version=1)
    return user


@pytest.fixture
def result(wearer: User) -> ExampleResult:
    """What a version answered to a published example of a wearer's question."""
    version = make_version("suggest_outfit")
    call = make_call(version)
    (dataset,) = offer_datasets(version.prompt)
    source = ExampleSource("call-1", ASKED, {"clo": [0.5, 1.0]}, ("production",))
    collect_example(
        dataset=dataset, source=source, fingerprint="0" * 16, call=call, owner=wearer, author=None
    )
    published = publish_examples(dataset=dataset, author=None)
    run = EvaluationRun.objects.create(version=version, dataset_version=published, engine="builtin")
    return ExampleResult.objects.create(
        run=run,
        example=published.examples.get(),
        output={"prose": "Wool, by bike.", "pieces": [{"garment_id": "x"}], "reasons": ["wool"]},
        violations=[{"code": "x", "message": "wool"}],
        fields=[{"name": "unsaid", "correct": True, "expected": "wool", "found": "wool"}],
        error="",
        correct=1,
        total=1,
    )


def test_strings_under_a_name_are_blanked_at_any_depth() -> None:
    told = {"note": "a", "deep": [{"note": ["b", {"more": "c"}], "kind": "d"}], "n": 1}
    blanked = {"note": "", "deep": [{"note": ["", {"more": ""}], "kind": "d"}], "n": 1}
    assert blank(told, {"note"}) == blanked
    assert blank(told, ()) == told


def test_the_words_of_a_withdrawn_example_go_and_all_that_counts_stays(
    wearer: User, result: ExampleResult
) -> None:
    forget_examples_of(wearer)
    assert blank_examples(CollectedExample.objects.all()) == 1
    result.refresh_from_db()
    example = Example.objects.get()
    assert (example.input, example.sha256) == (EMPTY, CollectedExample.objects.get().sha256)
    assert result.output == {"prose": "", "pieces": [{"garment_id": "x"}], "reasons": [""]}
    assert result.violations == [{"code": "x", "message": ""}]
    assert (result.correct, result.total, result.fields[0]["correct"]) == (1, 1, True)
    assert CollectedExample.objects.get().input == EMPTY


@pytest.mark.parametrize(
    "change",
    [
        {"input": EMPTY},
        {"input": {**EMPTY, "wearer": {"likes": "silk", "sensitivity": 0}}},
        {"input": {**EMPTY, "wearer": {"likes": ""}}},
        {"input": {**EMPTY, "more": ""}},
        {"input": {**EMPTY, "wearer": {"likes": "", "sensitivity": 1}}},
        {"expected": {"clo": [0.1, 1.0]}},
        {"expected": {}},
        {"slices": []},
        {"sha256": "0" * 64},
        {"key": ""},
    ],
)
def test_an_example_is_blanked_once_it_is_withdrawn_and_changed_never(
    wearer: User, result: ExampleResult, change: dict[str, Any]
) -> None:
    """The first change is the blanking itself, and the wearer still agrees."""
    is_blanking = change == {"input": EMPTY}
    if not is_blanking:
        forget_examples_of(wearer)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Example.objects.update(**change)
    forget_examples_of(wearer)
    if is_blanking:
        assert Example.objects.update(**change) == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Example.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    "change",
    [
        {"correct": 0},
        {"output": None},
        {"output": {"prose": "Silk.", "pieces": [{"garment_id": "x"}], "reasons": ["wool"]}},
        {"output": {"prose": "", "pieces": [], "reasons": ["wool"]}},
        {"violations": []},
        {"fields": [{"name": "unsaid", "correct": False, "expected": "", "found": ""}]},
        {"error": "made up"},
    ],
)
def test_a_result_keeps_what_counts(
    wearer: User, result: ExampleResult, change: dict[str, Any]
) -> None:
    forget_examples_of(wearer)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ExampleResult.objects.update(**change)


def test_the_role_that_owns_no_table_blanks_by_the_owners_function_alone(
    wearer: User, result: ExampleResult, app_role: None
) -> None:
    forget_examples_of(wearer)
    be_the_app()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Example.objects.update(input=EMPTY)
    assert blank_examples(CollectedExample.objects.all()) == 1
    assert Example.objects.get().input == EMPTY
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_a_call_loses_its_words_and_keeps_its_place_in_the_figures() -> None:
    call = make_call()
    told = {"outcome": "succeeded", "finished_at": timezone.now(), "latency_ms": 12.5}
    found = [{"code": "a", "message": "said", "shown": True}, {"code": "b", "message": "x", "shown": False}]  # fmt: skip
    InferenceCall.objects.update(output={"prose": "said"}, violations=found, error="said", **told)
    assert forget_calls([call.pk]) == 1
    call.refresh_from_db()
    assert (call.output, call.error) == (None, "")
    assert call.violations == [{**one, "message": ""} for one in found]
    assert (call.outcome, call.latency_ms, call.faults_shown) == ("succeeded", 12.5, ["a"])
    assert forget_calls([call.pk]) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        InferenceCall.objects.update(forgotten_at=None)
