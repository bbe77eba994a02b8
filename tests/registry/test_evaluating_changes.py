"""What a CI run asks: which prompt files have changed, and do they pass?"""

import subprocess
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from registry.models import DatasetVersion, EvaluationRun, Prompt
from registry.services.versions import load_prompts
from tests.registry.golden import import_guests, write_guests
from tests.registry.test_versions import FILE, write_prompt

pytestmark = pytest.mark.django_db(transaction=True)

RUDE = FILE.replace('"Hello"', '"Hi"')


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    (tmp_path / "guests").mkdir()
    return import_guests(write_guests(tmp_path / "guests"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The prompt files, in a repository of their own whose only commit has the good greeting."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    write_prompt(folder)
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Greet"]):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True)
    return folder


def evaluate_changed(folder: Path, **options: Any) -> str:
    out = StringIO()
    call_command("evaluate", changed=True, prompts=folder, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_files_as_they_are_live_are_left_alone(golden: DatasetVersion, folder: Path) -> None:
    load_prompts(directory=folder)
    assert evaluate_changed(folder) == "No prompt file has changed.\n"
    assert not EvaluationRun.objects.exists()


def test_a_changed_file_is_evaluated_and_stays_a_draft(
    golden: DatasetVersion, folder: Path, prompt: Prompt
) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, FILE + "Be brief.\n")
    assert "greet 2 on golden 1" in evaluate_changed(folder)
    assert prompt.production().version.number == 1  # type: ignore[union-attr]


def test_a_changed_file_that_does_not_pass_fails_and_is_reported(
    golden: DatasetVersion, folder: Path, tmp_path: Path
) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, RUDE)
    markdown, junit = tmp_path / "report.md", tmp_path / "report.xml"
    with pytest.raises(CommandError, match="greet 2 has not passed: 50.0% of all fields"):
        evaluate_changed(folder, markdown=markdown, junit=junit)
    assert "## greet 2 on golden 1 for greet: not passed" in markdown.read_text()
    assert "| **all fields** | 4 | 8 | 50.0% |" in markdown.read_text()
    suite = ElementTree.parse(junit).getroot()[0]  # noqa: S314 ours
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert (suite.get("failures"), failed) == ("3", ["gate", "slice early", "slice late"])


def test_a_tolerated_task_fails_only_when_it_gets_worse(
    golden: DatasetVersion, folder: Path
) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, RUDE)
    assert "not passed" in evaluate_changed(folder, tolerate=["greet"])
    with pytest.raises(CommandError, match="greet 2 has not passed"):
        evaluate_changed(folder, tolerate=["farewell"])


def test_a_tolerated_task_that_got_worse_fails(
    prompt: Prompt, folder: Path, tmp_path: Path
) -> None:
    names = [f"guest{number}" for number in range(12)]
    (tmp_path / "guests").mkdir()
    import_guests(write_guests(tmp_path / "guests", names))
    load_prompts(directory=folder)
    write_prompt(folder, RUDE)
    with pytest.raises(CommandError, match="has not passed: It is worse than the live greet 1"):
        evaluate_changed(folder, tolerate=["greet"])


def test_in_an_empty_database_a_change_is_compared_with_the_base(
    golden: DatasetVersion, folder: Path, prompt: Prompt
) -> None:
    write_prompt(folder, RUDE)
    with pytest.raises(CommandError, match="greet 2 has not passed"):
        evaluate_changed(folder, base="HEAD")
    runs = EvaluationRun.objects.order_by("pk")
    assert [run.version.number for run in runs] == [1, 2]
    assert prompt.production().version.number == 1  # type: ignore[union-attr]


def test_what_did_not_change_since_the_base_is_not_asked(
    golden: DatasetVersion, folder: Path
) -> None:
    assert evaluate_changed(folder, base="HEAD") == "No prompt file has changed.\n"


@pytest.mark.parametrize("base", ["nowhere", "--help"])
def test_a_base_that_is_not_there_is_said(folder: Path, base: str) -> None:
    with pytest.raises(CommandError, match="Git says"):
        evaluate_changed(folder, base=base)


def test_a_new_file_has_no_base(golden: DatasetVersion, folder: Path) -> None:
    (folder / "greet.md").rename(folder / "old.txt")
    subprocess.run(["git", "-C", str(folder), "rm", "-q", "--cached", "greet.md"], check=True)
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, "commit", "-qm", "Leave"], check=True)
    write_prompt(folder)
    assert "greet 1 on golden 1" in evaluate_changed(folder, base="HEAD")


def test_one_version_or_the_changed_ones() -> None:
    for arguments in ({}, {"version": "greet@1", "changed": True}):
        with pytest.raises(CommandError, match="or say --changed"):
            call_command("evaluate", **arguments)


def test_what_an_answer_says_does_not_become_markup() -> None:
    from registry.evaluation.export import escape

    assert escape("[x](y) <b> | `c`") == r"\[x\](y) \<b\> \| \`c\`"
