"""What a machine starts with when it is tried out."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from dresscode.local import demo
from registry.models import Deployment, Prompt, PromptVersion
from wardrobe import vocabulary

pytestmark = pytest.mark.django_db(transaction=True)

FEW = ["rain.toml", "summer.toml", "thresholds.toml", "wardrobes.toml"]


@pytest.fixture
def few_scenarios(settings: Settings, tmp_path: Path) -> None:
    """The fixtures with a part of the stylist's suite."""
    base, fixtures = Path(settings.BASE_DIR), tmp_path / "fixtures"
    fixtures.mkdir()
    for path in (base / "fixtures").iterdir():
        if path.name != "golden":
            (fixtures / path.name).symlink_to(path)
    suite, whole = fixtures / "golden" / demo.STYLIST, base / "fixtures" / "golden" / demo.STYLIST
    suite.mkdir(parents=True)
    for name in FEW:
        (suite / name).symlink_to(whole / name)
    call_command("load_vocabulary", verbosity=0)
    vocabulary.forget()
    settings.BASE_DIR = tmp_path
    settings.MEDIA_ROOT = str(tmp_path / "media")


def list_moves() -> list[tuple[str, int, bool]]:
    moves = Deployment.objects.filter(prompt__name=demo.STYLIST).order_by("epoch")
    return [(move.kind, move.to_version.number, bool(move.evaluation)) for move in moves]


def test_todays_stylist_passes_its_evaluation_at_the_first_start(few_scenarios: None) -> None:
    demo.load_demo_prompts()
    assert list_moves() == [("initial", 1, False), ("promote", 2, True)]
    assert [version.number for version in PromptVersion.objects.passed_when_live()] == [1]


def test_a_second_start_moves_nothing(few_scenarios: None) -> None:
    demo.load_demo_prompts()
    demo.load_demo_prompts()
    assert len(list_moves()) == 2


def test_with_a_model_server_todays_stylist_is_the_first(
    few_scenarios: None, settings: Settings
) -> None:
    options = {"OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {
        **settings.INFERENCE_ENGINES,
        "default": {**settings.INFERENCE_ENGINES["default"], **options},
    }
    demo.load_demo_prompts()
    assert not Prompt.objects.exists()
