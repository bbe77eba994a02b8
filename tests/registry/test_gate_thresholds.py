"""What a version must reach: set per prompt by superusers, in rows that stay, read by service and database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from registry.evaluation import gate
from registry.evaluation.datasets import AsksLessError, import_dataset
from registry.evaluation.thresholds import Thresholds, find_thresholds
from registry.models import (
    Alias,
    Dataset,
    DatasetChange,
    DatasetVersion,
    GateThresholds,
    Override,
    Prompt,
)
from registry.services.overrides import NotSuperuserError, ReasonRequiredError, set_thresholds
from tests.factories import make_operator, make_user
from tests.registry.golden import import_guests, make_draft, recall_guests, write_guests
from tests.registry.live import make_live
from tests.registry.test_gate_in_the_database import app_role, be_the_app, run_sql, save_results

__all__ = ["app_role"]

pytestmark = pytest.mark.django_db(transaction=True)

LAX = Thresholds(accuracy=0.5, validity=0.5, slice_floor=0.5)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


def set_for(prompt: Prompt, thresholds: Thresholds, **fields: Any) -> GateThresholds:
    fields.setdefault("reason", "a test")
    if "actor" not in fields:
        fields["actor"] = make_operator()
    return set_thresholds(prompt=prompt, thresholds=thresholds, **fields)


@pytest.mark.parametrize(
    ("thresholds", "correct", "output", "passes"),
    [
        (LAX, [6, 6, 6, 6], {}, True),
        (LAX, [6, 6, 6, 4], {}, False),
        (replace(LAX, slice_floors={"late": 0.4}), [6, 6, 6, 4], {}, True),
        (LAX, [10, 10, 10, 10], None, False),
        (replace(LAX, validity=0.0), [10, 10, 10, 10], None, True),
        (Thresholds(accuracy=1.0), [10, 10, 10, 9], {}, False),
    ],
)
def test_runs_are_judged_by_what_was_set(
    prompt: Prompt,
    golden: DatasetVersion,
    thresholds: Thresholds,
    correct: list[int],
    output: Any,
    passes: bool,
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    run = save_results(draft, golden, correct, output=output)
    set_for(prompt, thresholds)
    gate.record_verdict(run)
    assert gate.has_passed(draft) is passes
    if passes:
        assert Alias.objects.update(version=draft) == 1
    else:
        with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
            Alias.objects.update(version=draft)


def test_raised_thresholds_take_a_pass_away_and_lowered_ones_give_it_back(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    make_live(prompt)
    draft, operator = make_draft(prompt), make_operator()
    gate.record_verdict(save_results(draft, golden, [10, 10, 10, 9]))
    assert gate.has_passed(draft)
    set_for(prompt, Thresholds(accuracy=1.0), actor=operator)
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        Alias.objects.update(version=draft)
    set_for(prompt, Thresholds(accuracy=0.95), actor=operator)
    assert [v.passed for v in draft.verdicts.order_by("pk")] == [True, False, True]


def test_the_newest_row_counts_whatever_the_dataset_came_with(
    prompt: Prompt, tmp_path: Path
) -> None:
    golden = import_guests(write_guests(tmp_path), accuracy=0.9)
    assert find_thresholds(golden) == Thresholds(accuracy=0.9)
    operator = make_operator()
    for accuracy in (0.97, 0.96):
        set_for(prompt, Thresholds(accuracy=accuracy), actor=operator)
    assert find_thresholds(golden) == Thresholds(accuracy=0.96)


def test_only_a_superuser_with_a_reason_sets_thresholds(prompt: Prompt) -> None:
    staff = make_user("releaser@example.org", is_staff=True)
    with pytest.raises(NotSuperuserError):
        set_for(prompt, LAX, actor=staff)
    with pytest.raises(ReasonRequiredError):
        set_for(prompt, LAX, reason=" ")
    with pytest.raises(IntegrityError, match="active superuser"), transaction.atomic():
        GateThresholds.objects.create(prompt=prompt, actor=staff, reason="x", **vars(LAX))
    assert not GateThresholds.objects.exists()


def test_the_database_dates_the_rows(prompt: Prompt) -> None:
    operator, tomorrow = make_operator(), timezone.now() + timedelta(1)
    row = GateThresholds.objects.create(
        prompt=prompt, actor=operator, reason="x", created_at=tomorrow, **vars(LAX)
    )
    row.refresh_from_db()
    assert row.created_at < tomorrow


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_set_and_logged_stays(prompt: Prompt, golden: DatasetVersion, change: str) -> None:
    set_for(prompt, LAX)
    for table in ("registry_gatethresholds", "registry_datasetchange"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            run_sql(change.format(table))


def override(prompt: Prompt, actor: Any, days: float = 1) -> Override:
    return Override.objects.create(
        version=make_draft(prompt), actor=actor, reason="x", expires_at=Now() + timedelta(days)
    )


@pytest.mark.parametrize("fields", [{}, {"is_staff": True}])
def test_an_override_takes_an_active_superuser(prompt: Prompt, fields: dict[str, bool]) -> None:
    somebody = make_user("alice@example.org", **fields)
    with pytest.raises(IntegrityError, match="active superuser"), transaction.atomic():
        override(prompt, somebody)
    gone = make_operator(is_active=False)
    with pytest.raises(IntegrityError, match="active superuser"), transaction.atomic():
        override(prompt, gone)


def test_an_override_ends_within_thirty_days(prompt: Prompt) -> None:
    operator = make_operator()
    assert override(prompt, operator, days=29)
    with pytest.raises(IntegrityError, match="30 days"), transaction.atomic():
        override(prompt, operator, days=31)


@pytest.fixture
def as_the_app(app_role: None) -> Iterator[None]:
    with transaction.atomic():
        be_the_app()
        yield
        transaction.set_rollback(True)


def test_the_app_role_writes_no_override_of_nobodys(prompt: Prompt, as_the_app: None) -> None:
    with pytest.raises(IntegrityError, match="active superuser"), transaction.atomic():
        override(prompt, None)


def test_the_app_role_sets_no_thresholds_of_nobodys(prompt: Prompt, as_the_app: None) -> None:
    with pytest.raises(IntegrityError, match="active superuser"), transaction.atomic():
        GateThresholds.objects.create(prompt=prompt, actor=None, reason="x", **vars(LAX))


def test_the_app_role_changes_no_row_that_opens_the_gate(as_the_app: None) -> None:
    for table in ("gatethresholds", "datasetchange", "override"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run_sql(f"DELETE FROM registry_{table}")  # noqa: S608


def test_a_dataset_only_changes_along_its_log(
    prompt: Prompt, golden: DatasetVersion, tmp_path: Path
) -> None:
    other = import_guests(write_guests(tmp_path, ["eve"]))
    changes = DatasetChange.objects.order_by("pk")
    assert [change.to_version for change in changes] == [golden, other]
    for current in (golden, None):
        with pytest.raises(IntegrityError, match="along its log"), transaction.atomic():
            Dataset.objects.update(current=current)
    with pytest.raises(IntegrityError, match="with its prompt"), transaction.atomic():
        Dataset.objects.update(prompt=Prompt.objects.create(name="farewell"))


def test_a_change_is_not_logged_for_what_is_not_current(
    golden: DatasetVersion, tmp_path: Path
) -> None:
    import_guests(write_guests(tmp_path, ["eve"]))
    with pytest.raises(IntegrityError, match="from the current version"), transaction.atomic():
        DatasetChange.objects.create(dataset=golden.dataset, from_version=golden, to_version=golden)


@pytest.fixture
def smaller(golden: DatasetVersion, tmp_path: Path) -> Path:
    """The guests without the last one."""
    (tmp_path / "dora.json").unlink()
    return tmp_path


def test_the_app_role_takes_no_example_away(
    golden: DatasetVersion, smaller: Path, as_the_app: None
) -> None:
    with pytest.raises(AsksLessError), transaction.atomic():
        import_dataset(task_name="greet", directory=smaller, name="golden")
    superuser = make_operator()
    imported = import_dataset(task_name="greet", directory=smaller, name="golden", author=superuser)
    assert imported.version.examples.count() == 3


def test_the_app_role_does_not_change_how_often_each_is_asked(
    golden: DatasetVersion, tmp_path: Path, as_the_app: None
) -> None:
    with pytest.raises(AsksLessError, match="other thresholds"), transaction.atomic():
        import_guests(tmp_path, repeats=1)
    golden.dataset.refresh_from_db()
    assert golden.dataset.current == golden


def test_the_app_role_adds_examples(
    golden: DatasetVersion, tmp_path: Path, as_the_app: None
) -> None:
    write_guests(tmp_path, ["eve"])
    imported = import_dataset(task_name="greet", directory=tmp_path, name="golden")
    assert imported.version.examples.count() == 5
