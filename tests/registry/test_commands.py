from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from registry import checks, jobs
from registry.models import Alias, Deployment, InferenceCall, Prompt
from tests.factories import make_call
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db


def roll_back(version: int, prompt: str = "greet", **options: str) -> str:
    out = StringIO()
    call_command("roll_back", prompt, str(version), reason="worse", stdout=out, **options)
    return out.getvalue()


def test_an_operator_rolls_back_from_a_shell(prompt: Prompt) -> None:
    first, _ = make_live(prompt), make_live(prompt, user="Greet $name well.")
    assert "version 1, epoch 3" in roll_back(1)
    assert Alias.objects.get().version == first


def test_a_shell_says_what_becomes_of_answers_in_writing(prompt: Prompt) -> None:
    make_live(prompt), make_live(prompt, user="Greet $name well.")
    roll_back(1, in_flight="stop")
    assert Deployment.objects.get(kind="rollback").in_flight == "stop"


@pytest.mark.parametrize(("prompt_name", "version"), [("greet", 9), ("oracle", 1), ("greet", 2)])
def test_a_rollback_that_cannot_be_says_why(prompt: Prompt, prompt_name: str, version: int) -> None:
    make_live(prompt)
    make_live(prompt, user="Greet $name well.")
    with pytest.raises(CommandError):
        roll_back(version, prompt_name)


@pytest.mark.parametrize(
    "words",
    [
        ("roll_back", "greet", "1"),
        ("promote", "greet@1"),
        ("canary", "start", "greet@1", "--share", "0.1"),
    ],
)
def test_a_move_without_a_reason_is_refused_in_a_sentence(
    prompt: Prompt, words: tuple[str, ...]
) -> None:
    make_live(prompt), make_live(prompt, user="Greet $name well.")
    with pytest.raises(CommandError, match="Say why, for those who read the history"):
        call_command(*words, "--reason", " ", stdout=StringIO())
    assert Alias.objects.get().epoch == 2


def test_a_shell_says_which_versions_there_are(prompt: Prompt) -> None:
    make_live(prompt), make_live(prompt, user="Greet $name well.")
    with pytest.raises(CommandError, match="there are: 2, 1"):
        roll_back(9)


def test_prompts_can_be_loaded_without_making_them_live(tmp_path: Path) -> None:
    (tmp_path / "greet.md").write_text("+++\nnotes = 'x'\n+++\n# System\nA\n# User\nB\n")
    out = StringIO()
    call_command("load_prompts", str(tmp_path), no_promote=True, stdout=out)
    assert out.getvalue().startswith("greet v1 ")
    assert not Alias.objects.exists()


def test_a_bad_file_and_no_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "greet.md").write_text("hm")
    with pytest.raises(CommandError, match=r"greet\.md"):
        call_command("load_prompts", str(tmp_path))
    with pytest.raises(CommandError, match="no folder|not a folder"):
        call_command("load_prompts", str(tmp_path / "nowhere"))


def test_the_sweep_closes_what_no_process_holds(prompt: Prompt) -> None:
    lost = make_call(make_live(prompt))
    InferenceCall.objects.filter(pk=lost.pk).update(heartbeat_at="2026-01-01T00:00Z")
    assert jobs.close_lost_calls_job() == 1
    lost.refresh_from_db()
    assert (lost.outcome, lost.error_code) == ("failed", "process_lost")


def test_settings_that_name_nothing_are_found_at_start(settings: Settings) -> None:
    settings.INFERENCE_TASKS = ["nowhere.Task"]
    settings.INFERENCE_ENGINES = {"oracle": {"ENGINE": "registry.engines.oracle.Oracle"}}
    assert [error.id for error in checks.check_dotted_paths(None)] == ["registry.E001"] * 2


@pytest.mark.parametrize("url", ["gpu:8000", "ftp://gpu", "http://"])
def test_an_address_that_is_none_is_found_at_start(settings: Settings, url: str) -> None:
    settings.VLLM_BASE_URL = url
    settings.EMBEDDINGS = {"base_url": url}
    assert [error.id for error in checks.check_vllm_urls(None)] == ["registry.E002"] * 2
