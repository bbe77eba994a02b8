"""What a new AI job costs: a class, a line in settings, a prompt file and golden examples.

The toy greets. Nothing here but `tests/registry/toy.py` knows it.
"""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from monitoring.headline.levels import Level
from registry import inference, tasks
from registry.models import EvaluationRun, InferenceCall, Prompt
from tests.factories import make_operator
from tests.monitoring.calls import build_figures
from tests.monitoring.headline.rows import read_headline
from tests.registry.golden import NAMES, write_guests
from tests.registry.toy import Greet, Guest

pytestmark = pytest.mark.django_db(transaction=True)

FILE = (
    '+++\ndescription = "Greets guests."\n+++\n\n# System\n\nYou greet.\n\n# User\n\nGreet $name.\n'
)


@pytest.fixture
def third(settings: Settings, tmp_path: Path) -> Path:
    """The class named in settings, the file loaded: a folder with its golden examples."""
    settings.INFERENCE_TASKS = [*settings.INFERENCE_TASKS, "tests.registry.toy.Greet"]
    tasks.all_tasks.cache_clear()
    (tmp_path / "greet.md").write_text(FILE)
    call_command("load_prompts", directory=tmp_path, verbosity=0)
    (tmp_path / "golden").mkdir()
    return write_guests(tmp_path / "golden")


def greet(latency_ms: float = 0.0) -> InferenceCall:
    finished = inference.run("greet", Guest(), subject="guest:1")
    calls = InferenceCall.objects.filter(pk=finished.call_id)
    if latency_ms:
        calls.update(latency_ms=latency_ms)
    return calls.get()


def test_a_third_task_answers_under_its_live_version(third: Path) -> None:
    call = greet()
    assert call.version.prompt.name == "greet"
    assert call.output == {"mood": "kind", "prose": "Hello Ada, good to see you. "}


def test_a_third_task_is_evaluated_on_its_golden_examples(third: Path) -> None:
    call_command("import_golden", third, task="greet", dataset="golden", verbosity=0)
    call_command("evaluate", "greet@production", verbosity=0)
    run = EvaluationRun.objects.get()
    assert (run.ending, run.results.count()) == ("completed", len(NAMES))


def test_a_third_task_is_on_the_overview(third: Path, client: Client) -> None:
    greet()
    build_figures()
    client.force_login(make_operator())
    page = client.get(reverse("admin:index")).content.decode()
    assert "greet v1 is live, and there are no golden examples to judge it by." in page
    assert page.count(">greet<") > 1


def test_a_fault_that_a_third_task_must_never_show_is_bad(
    third: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Greet, "never_shown", ("wrong_name",))
    violation = {"code": "wrong_name", "message": "", "shown": True}
    InferenceCall.objects.filter(pk=greet().pk).update(violations=[violation])
    build_figures()
    told = read_headline()
    assert told.level is Level.BAD
    assert told.sentence == "greet v1 shows wrong name: 1 of 1 in the last hour."


def test_a_third_task_is_at_home_in_the_admin(third: Path, client: Client) -> None:
    client.force_login(make_operator())
    prompt = Prompt.objects.get(name="greet")
    page = client.get(reverse("admin:registry_prompt_change", args=[prompt.pk])).content.decode()
    assert "Greets guests." in page
