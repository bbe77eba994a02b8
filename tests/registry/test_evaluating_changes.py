"""What a CI run asks: which prompt files have changed, and do they pass?"""

import subprocess
from contextlib import nullcontext
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
from tests.registry.moody import use_moody_model
from tests.registry.test_versions import FILE, write_prompt

pytestmark = pytest.mark.django_db(transaction=True)

BUILTIN = FILE.replace("sampling =", 'engine = "builtin"\nsampling =')
BRIEF = FILE + "Be brief.\n"
POLITE = FILE.replace('word = "Hello"', 'word = "Hello"\nbows = true')
RUDE = FILE.replace('"Hello"', '"Hi"')


@pytest.fixture(autouse=True)
def no_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMPT_BASE", raising=False)


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
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Greet")
    return folder


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True)


def evaluate_changed(folder: Path, **options: Any) -> str:
    out = StringIO()
    call_command("evaluate", changed=True, prompts=folder, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_files_as_they_are_live_are_left_alone(golden: DatasetVersion, folder: Path) -> None:
    load_prompts(directory=folder)
    told = evaluate_changed(folder)
    assert told == "No prompt differs from what is live: nothing was judged.\n"
    assert not EvaluationRun.objects.exists()


def test_a_changed_file_is_evaluated_and_stays_a_draft(
    golden: DatasetVersion, folder: Path, prompt: Prompt
) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, POLITE)
    assert "greet v2 on golden 1" in evaluate_changed(folder)
    assert prompt.production().version.number == 1  # type: ignore[union-attr]


def test_a_changed_file_that_does_not_pass_fails_and_is_reported(
    golden: DatasetVersion, folder: Path, tmp_path: Path
) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, RUDE)
    markdown, junit = tmp_path / "report.md", tmp_path / "report.xml"
    with pytest.raises(CommandError, match="greet v2 has not passed: 50.0% of all fields"):
        evaluate_changed(folder, markdown=markdown, junit=junit)
    assert "## greet v2 on golden 1 for greet: not passed" in markdown.read_text()
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
    with pytest.raises(CommandError, match="greet v2 has not passed"):
        evaluate_changed(folder, tolerate=["farewell"])


def test_a_tolerated_task_that_got_worse_fails(
    prompt: Prompt, folder: Path, tmp_path: Path
) -> None:
    names = [f"guest{number}" for number in range(12)]
    (tmp_path / "guests").mkdir()
    import_guests(write_guests(tmp_path / "guests", names))
    load_prompts(directory=folder)
    write_prompt(folder, RUDE)
    with pytest.raises(CommandError, match="has not passed: It is worse than the live greet v1"):
        evaluate_changed(folder, tolerate=["greet"])


def test_in_an_empty_database_a_change_is_compared_with_the_base(
    golden: DatasetVersion, folder: Path, prompt: Prompt
) -> None:
    write_prompt(folder, RUDE)
    with pytest.raises(CommandError, match="greet v2 has not passed"):
        evaluate_changed(folder, base="HEAD")
    runs = EvaluationRun.objects.order_by("pk")
    assert [run.version.number for run in runs] == [1, 2]
    assert prompt.production().version.number == 1  # type: ignore[union-attr]


def test_what_did_not_change_since_the_base_is_not_asked(
    golden: DatasetVersion, folder: Path
) -> None:
    told = evaluate_changed(folder, base="HEAD")
    assert told == "No prompt has changed since HEAD: nothing was judged.\n"


def test_texts_that_no_model_has_read_are_not_judged(golden: DatasetVersion, folder: Path) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, BRIEF)
    with pytest.raises(CommandError, match=r"greet v2 is not judged: .*\(user\)") as error:
        evaluate_changed(folder)
    assert error.value.returncode == 3


def test_what_failed_and_was_not_judged_failed(golden: DatasetVersion, folder: Path) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, RUDE + "Be brief.\n")
    with pytest.raises(CommandError, match="(?s)has not passed.*is not judged") as error:
        evaluate_changed(folder, tolerate_unjudged=["farewell"])
    assert error.value.returncode == 1


@pytest.mark.parametrize(
    ("tolerated", "child", "word"),
    [([], "failure", "not judged"), (["greet"], "skipped", "This is tolerated")],
)
def test_reports_say_what_was_not_judged(
    golden: DatasetVersion,
    folder: Path,
    tmp_path: Path,
    tolerated: list[str],
    child: str,
    word: str,
) -> None:
    load_prompts(directory=folder)
    write_prompt(folder, BRIEF)
    markdown, junit = tmp_path / "report.md", tmp_path / "report.xml"
    with nullcontext() if tolerated else pytest.raises(CommandError):
        evaluate_changed(folder, markdown=markdown, junit=junit, tolerate_unjudged=tolerated)
    assert "## greet v2 on golden 1 for greet: not judged" in markdown.read_text()
    assert word in markdown.read_text()
    found = ElementTree.parse(junit).getroot().find(f".//testcase[@name='read by a model']/{child}")  # noqa: S314 ours
    assert found is not None
    assert found.get("type") == (None if tolerated else "not-judged")


def test_texts_that_a_model_has_read_are_judged(
    golden: DatasetVersion, folder: Path, settings: Any
) -> None:
    use_moody_model(settings)
    load_prompts(directory=folder)
    write_prompt(folder, BRIEF)
    assert evaluate_changed(folder).strip().endswith("\npassed")


def test_a_version_for_the_built_in_engine_has_no_texts_to_read(
    golden: DatasetVersion, folder: Path
) -> None:
    write_prompt(folder, BUILTIN)
    load_prompts(directory=folder)
    write_prompt(folder, BUILTIN + "Be brief.\n")
    assert "greet v2 on golden 1" in evaluate_changed(folder)


def test_the_base_comes_from_ci(
    golden: DatasetVersion, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMPT_BASE", "HEAD")
    assert "since HEAD: nothing was judged" in evaluate_changed(folder)


def test_what_others_changed_since_is_no_change_of_this_branch(
    golden: DatasetVersion, folder: Path
) -> None:
    git(folder, "branch", "-q", "mine")
    write_prompt(folder, RUDE)
    git(folder, "commit", "-qam", "Be rude")
    git(folder, "checkout", "-q", "-B", "theirs")
    git(folder, "checkout", "-q", "mine")
    assert "since theirs: nothing was judged" in evaluate_changed(folder, base="theirs")


def test_reports_of_a_run_that_judged_nothing_say_so(
    golden: DatasetVersion, folder: Path, tmp_path: Path
) -> None:
    markdown, junit = tmp_path / "report.md", tmp_path / "report.xml"
    evaluate_changed(folder, base="HEAD", markdown=markdown, junit=junit)
    told = "No prompt has changed since HEAD: nothing was judged."
    assert told in markdown.read_text()
    skipped = ElementTree.parse(junit).getroot().find(".//skipped")  # noqa: S314 ours
    assert skipped is not None
    assert skipped.get("message") == told


@pytest.mark.parametrize("base", ["nowhere", "--help"])
def test_a_base_that_is_not_there_is_said(folder: Path, base: str) -> None:
    with pytest.raises(CommandError, match="Git says"):
        evaluate_changed(folder, base=base)


def test_a_new_file_has_no_base(golden: DatasetVersion, folder: Path) -> None:
    (folder / "greet.md").rename(folder / "old.txt")
    git(folder, "rm", "-q", "--cached", "greet.md")
    git(folder, "commit", "-qm", "Leave")
    write_prompt(folder)
    with pytest.raises(CommandError, match=r"greet v1 is not judged: .*\(system, user"):
        evaluate_changed(folder, base="HEAD")


def test_one_version_or_the_changed_ones() -> None:
    for arguments in ({}, {"version": "greet@1", "changed": True}):
        with pytest.raises(CommandError, match="or say --changed"):
            call_command("evaluate", **arguments)


def test_what_an_answer_says_does_not_become_markup() -> None:
    from registry.evaluation.export import escape

    assert escape("[x](y) <b> | `c`") == r"\[x\](y) \<b\> \| \`c\`"
