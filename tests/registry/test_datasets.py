"""Golden datasets: imported whole or not at all, and never changed again."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from registry.evaluation.datasets import Imported, import_dataset, store_file
from registry.evaluation.runner import evaluate_version
from registry.models import Dataset, DatasetVersion, Example, Prompt
from tests.registry.live import make_live

ADA = {"name": "Ada", "slice": "short", "prose": "Hello Ada, good to see you."}
BOB = {"name": "Bob", "slice": "long", "prose": "Hello Bob, good to see you."}

pytestmark = pytest.mark.django_db


def write(folder: Path, **guests: Any) -> None:
    for key, guest in guests.items():
        text = guest if isinstance(guest, str) else json.dumps(guest)
        (folder / f"{key}.json").write_text(text)


def import_guests(folder: Path, **options: Any) -> Imported:
    return import_dataset(task_name="greet", directory=folder, name="golden", **options)


def run_import(folder: Path, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(
        "import_golden",
        str(folder),
        task="greet",
        dataset="golden",
        stdout=out,
        stderr=err,
        **options,
    )
    return out.getvalue(), err.getvalue()


def test_a_folder_becomes_a_version_with_its_examples(prompt: Prompt, tmp_path: Path) -> None:
    write(tmp_path, ada=ADA, bob=BOB)
    version = import_guests(tmp_path).version
    assert version.number == 1
    assert [(e.key, e.slices) for e in version.examples.all()] == [
        ("ada", ["short"]),
        ("bob", ["long"]),
    ]


def test_the_same_examples_are_the_same_version(prompt: Prompt, tmp_path: Path) -> None:
    write(tmp_path, ada=ADA)
    assert "imported" in run_import(tmp_path)[0]
    assert "nothing changed" in run_import(tmp_path)[0]
    assert DatasetVersion.objects.count() == 1


def test_other_examples_are_the_next_version_and_old_ones_come_back(
    prompt: Prompt, tmp_path: Path
) -> None:
    write(tmp_path, ada=ADA)
    first = import_guests(tmp_path).version
    write(tmp_path, ada={**ADA, "slice": "other"})
    assert import_guests(tmp_path).version.number == 2
    write(tmp_path, ada=ADA)
    assert import_guests(tmp_path).version == first
    assert Dataset.objects.get().current == first


def test_thresholds_are_part_of_a_version(prompt: Prompt, tmp_path: Path) -> None:
    write(tmp_path, ada=ADA)
    import_guests(tmp_path)
    (tmp_path / "thresholds.toml").write_text("accuracy = 0.5\n")
    version = import_guests(tmp_path).version
    assert (version.number, version.thresholds) == (2, {"accuracy": 0.5})


def test_nothing_is_imported_while_an_example_is_bad(prompt: Prompt, tmp_path: Path) -> None:
    write(tmp_path, ada=ADA, bob="{")
    with pytest.raises(CommandError, match="nothing was imported"):
        run_import(tmp_path)
    assert not DatasetVersion.objects.exists()


def test_bad_examples_can_be_left_out_and_are_listed_each_time(
    prompt: Prompt, tmp_path: Path
) -> None:
    write(tmp_path, ada=ADA, bob="{")
    assert "bob: " in run_import(tmp_path, skip_bad=True)[1]
    assert "bob: " in run_import(tmp_path, skip_bad=True)[1]
    assert [example.key for example in Example.objects.all()] == ["ada"]


def test_a_folder_of_nothing_is_refused(prompt: Prompt, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no usable example"):
        run_import(tmp_path)
    with pytest.raises(CommandError, match="not a folder"):
        run_import(tmp_path / "nowhere")


def test_a_file_is_kept_once(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    assert store_file(b"picture") == store_file(b"picture")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_datasetversion SET sha256 = 'other'",
        "UPDATE registry_datasetversion SET thresholds = '{}'",
        "DELETE FROM registry_datasetversion",
        "UPDATE registry_example SET expected = '{}'",
        "DELETE FROM registry_example",
        "UPDATE registry_exampleresult SET correct = total",
        "DELETE FROM registry_exampleresult",
        "UPDATE registry_evaluationrun SET ending = 'cancelled'",
        "UPDATE registry_evaluationrun SET engine = 'vllm'",
        "DELETE FROM registry_evaluationrun",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_what_was_kept(
    statement: str, prompt: Prompt, tmp_path: Path
) -> None:
    write(tmp_path, ada=ADA)
    evaluate_version(version=make_live(prompt), dataset_version=import_guests(tmp_path).version)
    for role in ("origin", "replica"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = {role}")
            cursor.execute(statement)
